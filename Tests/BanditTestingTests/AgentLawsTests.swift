import BanditAgents
import BanditCore
import BanditNumerics
import BanditTesting
import Testing

/// Settings under which learning agents take milliseconds; each agent takes those it has.
private let small = ["hiddenLayers": "8", "minibatches": "2", "batchSize": "8", "prefill": "20"]

@Suite struct AgentLawsTests {
  @Test("A built-in agent keeps the laws", arguments: BuiltInAgents.all.map { $0.name })
  func builtIn(name: String) throws {
    let agent = try Registry(agents: BuiltInAgents.all).agent(named: name)
    #expect(try violations(of: agent) == [])
  }

  @Test(
    "Learning agents keep the laws away from their defaults too",
    arguments: [
      ("bbb", ["thompson": "independent", "kl": "analytic", "prior": "gaussian", "sampling": "replacement"]),
      ("ensemble", ["bootstrap": "0.5", "acting": "optimistic", "members": "3"]),
      ("ensemble", ["acting": "mean", "bufferSize": "16"]),
      ("linear-thompson", ["prefill": "20", "priorPrecision": "1", "noiseShape": "1"]),
      ("neural-linear", ["refitEvery": "3", "bufferSize": "16"]),
      ("bbb", ["propensityDraws": "3", "actionSamples": "2"]),
      ("dropout", ["propensityDraws": "3"]),
      ("ensemble", ["propensityDraws": "3", "acting": "knowledge"]),
      ("linear-thompson", ["propensityDraws": "3"]),
      ("neural-linear", ["propensityDraws": "3"]),
      ("epsilon-greedy", ["epsilon": "0.5", "epsilonSteps": "20", "optimiser": "sgd", "bufferSize": "0"]),
    ])
  func variants(name: String, settings: [String: String]) throws {
    let agent = try Registry(agents: BuiltInAgents.all).agent(named: name)
    #expect(try violations(of: agent, settings: settings) == [])
  }

  @Test("An agent with a defect breaks the defect's laws and no others", arguments: AgentDefect.allCases)
  func defects(defect: AgentDefect) {
    let found = AgentLaws.violations(of: BrokenAgent.self, configuration: .init(defect: defect))
    #expect(Set(found.map(\.law)) == defect.laws, "\(found)")
    if let circumstance = defect.circumstance {
      #expect(found.contains { $0.circumstance.hasPrefix(circumstance) }, "\(found)")
    }
  }

  @Test("An agent that is told the truth hears it before every step")
  func auditReader() {
    #expect(AgentLaws.violations(of: TruthSeeker.self) == [])
  }

  @Test("An agent that reads a feature too many stops the test")
  func readsTooMuch() async {
    await #expect(processExitsWith: .failure) {
      _ = AgentLaws.violations(of: FourthFeatureReader.self)
    }
  }

  @Test("An agent sized for mushrooms stops the test")
  func sizedForMushrooms() async {
    await #expect(processExitsWith: .failure) {
      _ = AgentLaws.violations(of: MushroomSized.self)
    }
  }

  @Test("An agent that counts on a full row of active columns stops the test")
  func countsOnFullRows() async {
    await #expect(processExitsWith: .failure) {
      _ = AgentLaws.violations(of: FirstColumnReader.self)
    }
  }

  @Test("Those three agents keep the laws on tasks that suit them")
  func narrowTasks() {
    let dense = LawPlan(tasks: [.dense])
    let oneHot = LawPlan(tasks: [.oneHot])
    #expect(AgentLaws.violations(of: MushroomSized.self, plan: oneHot) == [])
    #expect(AgentLaws.violations(of: FirstColumnReader.self, plan: dense) == [])
    #expect(AgentLaws.violations(of: FourthFeatureReader.self, plan: oneHot) == [])
  }

  @Test("A violation says what was done, expected and found")
  func sentence() {
    let plan = LawPlan(tasks: [.dense], seeds: [7])
    let found = AgentLaws.violations(
      of: BrokenAgent.self, configuration: .init(defect: .actionTooLarge), plan: plan)
    #expect(
      found.map(\.description) == [
        "'broken' breaks the law that actions are in 0..<actionCount (task 'dense', seed 7, step 10): "
          + "expected an action in 0..<4, found action 4"
      ])
  }

  private func violations<A: Agent>(
    of agent: A.Type, settings: [String: String] = [:]
  ) throws -> [LawViolation] {
    let keys = Set(try Settings.list(A.Configuration()).map(\.key))
    let values = small.filter { keys.contains($0.key) }.merging(settings) { _, given in given }
    let configuration = try Settings.applying(
      values.mapValues { .text($0) }, to: A.Configuration())
    return AgentLaws.violations(of: agent, configuration: configuration, plan: LawPlan(checksHelp: true))
  }
}

/// Throws where the truth was not told since the last step.
private struct TruthSeeker: AuditReader {
  static let name = "truth-seeker"
  private let actionCount: Int
  private var truth: Audit?

  init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) { actionCount = spec.actionCount }

  mutating func foresee(_ audit: Audit) { truth = audit }

  mutating func selectAction(for observation: Observation) throws -> Decision {
    guard let truth, truth.expectedRewards.count == actionCount else { throw Breakdown() }
    return Decision(action: truth.bestAction, propensity: 1)
  }

  mutating func update(_ transition: Transition) { truth = nil }
}

/// Reads a feature that small tasks do not have.
private struct FourthFeatureReader: Agent {
  static let name = "fourth-feature"

  init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) {}

  mutating func selectAction(for observation: Observation) -> Decision {
    if observation.encoding != .dense { return Decision(action: 0) }
    return Decision(action: observation.features[3] > 0 ? 1 : 0)
  }

  mutating func update(_ transition: Transition) {}
}

/// Keeps a table with a row for each column of the mushrooms.
private struct MushroomSized: Agent {
  static let name = "mushroom-sized"
  private var table = Array(repeating: 0.0, count: 117)

  init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) {}

  mutating func selectAction(for observation: Observation) -> Decision {
    let value = observation.activeIndices.reduce(0) { $0 + table[Int($1)] }
    return Decision(action: value > 0 ? 1 : 0)
  }

  mutating func update(_ transition: Transition) {
    for column in transition.observation.activeIndices { table[Int(column)] += transition.reward }
  }
}

/// Reads the first active column without asking whether there is one.
private struct FirstColumnReader: Agent {
  static let name = "first-column"

  init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) {}

  mutating func selectAction(for observation: Observation) -> Decision {
    if observation.encoding == .dense { return Decision(action: 0) }
    return Decision(action: observation.activeIndices[0].isMultiple(of: 2) ? 1 : 0)
  }

  mutating func update(_ transition: Transition) {}
}
