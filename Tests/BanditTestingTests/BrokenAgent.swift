import BanditCore
import BanditNumerics

/// Takes actions at random, and has one defect.
struct BrokenAgent: PrefilledAgent, ProbabilityAgent, ParallelAgent, Checkpointable {
  struct Configuration: ComponentConfiguration {
    var defect = AgentDefect.none
  }

  static let name = "broken"
  private static let globalCount = SharedCount()
  private static let globalDiagnostics = SharedCount()
  private static let resetCount = SharedCount()
  private static let home = HomeThread()

  private let defect: AgentDefect
  private let actionCount: Int
  private var stream: RandomStream
  private var steps = 0
  private var prefilled = 0
  private var threads = 1
  private let storage = SharedCount()

  init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws {
    defect = configuration.defect
    actionCount = spec.actionCount
    self.stream = stream
    if defect == .resetsGlobalCount { Self.resetCount.reset() }
    if defect == .refusesOneHot && spec.encoding != .dense { throw Breakdown() }
  }

  mutating func selectAction(for observation: Observation) throws -> Decision {
    guard prefilled == prefillSteps else { throw Breakdown() }
    let random = stream.integer(below: actionCount)
    let action = isLate ? wrongAction() ?? random : random
    return Decision(action: action, propensity: isLate ? wrongPropensity : 1 / Double(actionCount))
  }

  func probabilities(for observation: Observation) -> [Double] {
    let isWrong = defect == .probabilitiesBelowOne && isLate
    return Array(repeating: (isWrong ? 0.9 : 1) / Double(actionCount), count: actionCount)
  }

  mutating func update(_ transition: Transition) throws {
    steps += 1
    if defect == .failsLater && isLate { throw Breakdown() }
  }

  mutating func setThreads(_ count: Int) { threads = count }

  /// Its own steps are refused before these were shown.
  let prefillSteps = 5

  mutating func prefill(_ transition: Transition) throws {
    prefilled += 1
    if defect == .failsInPrefill && prefilled == prefillSteps { throw Breakdown() }
  }

  var measurementNames: [String] { [defect == .measuresColumn ? "reward" : "pace"] }

  var diagnostics: AgentDiagnostics {
    AgentDiagnostics(
      loss: defect == .tellsGlobalCount ? Double(Self.globalDiagnostics.next()) : nil,
      measurements: isLate ? measurements : [:])
  }

  private var measurements: [String: Double] {
    switch defect {
    case .measuresUndeclared: ["pace": 1, "place": 2]
    case .measuresNotANumber: ["pace": .nan]
    default: ["pace": 1]
    }
  }

  struct State: Codable {
    var stream: RandomStream
    var steps: Int
    let prefilled: Int
    let stored: Int
  }

  var state: State { State(stream: stream, steps: steps, prefilled: prefilled, stored: storage.value) }

  mutating func restore(_ state: State) throws {
    if defect == .refusesItsState && state.steps > 0 { throw Breakdown() }
    if defect != .forgetsItsNumbers { stream = state.stream }
    // The wrong number of steps is late too, so that nothing else shows.
    steps = defect == .forgetsItsSteps ? 10 : state.steps
    prefilled = state.prefilled
    storage.reset(to: state.stored)
  }

  /// Defects show late, so that a look at the first step is not enough.
  private var isLate: Bool { steps >= 10 }

  private func wrongAction() -> Int? {
    switch defect {
    case .actionTooLarge: actionCount
    case .actionBelowZero: -1
    case .takesThreeActionsForGranted: steps % 3
    case .drawsFromTheSystem: Int.random(in: 0..<actionCount)
    // Seven times each, so that the count of one play is no whole number of rounds.
    case .countsGlobally: Self.globalCount.next() / 7 % actionCount
    case .resetsGlobalCount: Self.resetCount.next() % actionCount
    case .readsThread: Self.home.isHere ? 0 : 1
    case .readsThreadCount: threads > 1 ? 1 : 0
    case .sharesStorage: storage.next() % actionCount
    case .forgetsItsSteps: steps % actionCount
    default: nil
    }
  }

  private var wrongPropensity: Double {
    switch defect {
    case .propensityOfZero: 0
    case .propensityAboveOne: 1.5
    case .propensityNotANumber: .nan
    default: 1 / Double(actionCount)
    }
  }
}
