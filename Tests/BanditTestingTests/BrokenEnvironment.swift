import BanditCore
import BanditNumerics

/// Two actions, a context of four columns, uniform noise, and one defect.
struct BrokenEnvironment: RestartableEnvironment, Checkpointable {
  struct Configuration: ComponentConfiguration {
    var defect = EnvironmentDefect.none
  }

  static let name = "broken"
  private static let globalCount = SharedCount()
  private static let resetCount = SharedCount()
  private static let home = HomeThread()

  private(set) var spec: TaskSpec
  private let defect: EnvironmentDefect
  private var contexts: RandomStream
  private var lucks: RandomStream
  private var steps = 0
  private var luck = 0.0
  private var extra = 0.0
  private var actionsTaken: Set<Int> = []
  private let storage = SharedCount()

  init(configuration: Configuration, stream: RandomStream) throws {
    defect = configuration.defect
    contexts = stream.child("contexts")
    lucks = stream.child("lucks")
    var seeded = stream
    spec = Self.spec(defect, seed: seeded.next())
    if defect == .resetsGlobalCount { Self.resetCount.reset() }
    if defect == .failsAtOnce { throw Breakdown() }
  }

  mutating func observe(into observation: inout Observation) throws {
    steps += 1
    if defect == .failsLater && isLate { throw Breakdown() }
    if defect == .failsMuchLater && steps > 100 { throw Breakdown() }
    if defect == .failsAfterOneAction && isLate && actionsTaken.count == 1 { throw Breakdown() }
    if defect == .driftingSpec && isLate { spec = Self.spec(.repeatedAction, seed: 0) }
    if defect == .otherEncoding && isLate { observation = Observation(Self.spec(.tooManyColumns, seed: 0)) }
    luck = lucks.uniform(from: -1, to: 1)
    extra = Double(wrongCount % 7)
    switch observation.encoding {
    case .dense: fill(&observation)
    case .oneHot: activate(&observation)
    }
  }

  func audit() -> Audit {
    var expected = expectedRewards
    switch defect {
    case .auditFollowsActions: if actionsTaken.contains(1) { expected[0] = 0 }
    case .auditTooShort: expected.removeLast()
    case .auditInfinite: expected[1] = -.infinity
    case .lateShortAudit: if steps > 100 { expected.removeLast() }
    case .auditTooHigh: expected[0] += 0.2
    case .auditOfOtherAction: expected.reverse()
    default: break
    }
    return Audit(expectedRewards: expected)
  }

  mutating func step(_ action: Int) -> Outcome {
    actionsTaken.insert(action)
    if defect == .contextFollowsActions && action == 1 { _ = contexts.next() }
    if defect == .luckFollowsActions && action == 1 { _ = lucks.next() }
    let counts = spec.counters.map { _ in Double(action) } + (defect == .countsTooLong ? [0] : [])
    return Outcome(
      reward: defect == .rewardNotANumber && isLate ? .nan : expectedRewards[action] + luck, counts: counts)
  }

  mutating func restart(stream: RandomStream) {
    if defect != .keepsItsContexts { contexts = stream.child("contexts") }
    lucks = stream.child("lucks")
    (steps, actionsTaken) = (0, [])
    storage.reset(to: 0)
    if defect == .resetsGlobalCount { Self.resetCount.reset() }
  }

  struct State: Codable {
    let contexts: RandomStream
    let lucks: RandomStream
    let steps: Int
    let actionsTaken: Set<Int>
    let stored: Int
  }

  var state: State {
    State(contexts: contexts, lucks: lucks, steps: steps, actionsTaken: actionsTaken, stored: storage.value)
  }

  mutating func restore(_ state: State) throws {
    if defect == .refusesItsState && state.steps > 0 { throw Breakdown() }
    if defect != .forgetsItsNumbers { contexts = state.contexts }
    (lucks, steps, actionsTaken) = (state.lucks, state.steps, state.actionsTaken)
    storage.reset(to: state.stored)
  }

  /// Defects show late, so that a look at the first step is not enough.
  private var isLate: Bool { steps > 10 }

  private static func spec(_ defect: EnvironmentDefect, seed: UInt64) -> TaskSpec {
    var actions = ["stay", "go"]
    var counters = ["moves"]
    switch defect {
    case .seededSpec: actions[1] = "go \(seed)"
    case .repeatedAction: actions[1] = "stay"
    case .repeatedCounter: counters = ["moves", "moves"]
    case .spacedCounter: counters = ["moves, made"]
    case .ownColumn: counters = ["reward"]
    default: break
    }
    return TaskSpec(
      featureCount: 4, encoding: defect.isOneHot ? .oneHot(maximumActive: 2) : .dense, actionNames: actions,
      counters: counters.map { AuditCounter($0, .total) })
  }

  private mutating func fill(_ observation: inout Observation) {
    for index in observation.features.indices {
      let value = Float(contexts.integer(below: 3) - 1)
      if defect != .leavesOldFeatures || value != 0 { observation.features[index] = value }
    }
    guard isLate else { return }
    switch defect {
    case .lateShortRow: if steps > 100 { observation.features.removeLast() }
    case .shortRow: observation.features.removeLast()
    case .columnsInDense: observation.activeIndices = [1]
    case .featureNotANumber: observation.features[0] = .nan
    default: break
    }
  }

  private mutating func activate(_ observation: inout Observation) {
    let first = Int32(contexts.integer(below: 3))
    if steps % 5 == 0 {
      if defect != .leavesOldColumns { observation.activeIndices = [] }
      return
    }
    observation.activeIndices = [first, first + 1]
    guard isLate else { return }
    switch defect {
    case .descendingColumns: observation.activeIndices = [first + 1, first]
    case .repeatedColumns: observation.activeIndices = [first, first]
    case .columnTooLarge: observation.activeIndices = [first, 4]
    case .columnBelowZero: observation.activeIndices = [-1, first]
    case .tooManyColumns: observation.activeIndices = [0, 1, 2]
    case .featuresInOneHot: observation.features = [0, 1, 0, 0]
    default: break
    }
  }

  private var expectedRewards: [Double] { [0.5, -0.5 + extra] }

  /// What gets into rewards from outside.
  private var wrongCount: Int {
    switch defect {
    case .drawsFromTheSystem: Int.random(in: 0..<7)
    case .countsGlobally: Self.globalCount.next()
    case .resetsGlobalCount: Self.resetCount.next()
    case .readsThread: Self.home.isHere ? 0 : 1
    case .sharesStorage: storage.next()
    default: 0
    }
  }
}
