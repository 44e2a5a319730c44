import BanditAgents
import BanditCore
import BanditFiles
import BanditEnvironments
import BanditSimulation
import BanditNumerics
import Foundation
import TestSupport

/// Three contexts in turn, three actions; luck adds 10 to every second step's reward.
struct Script: Environment {
  static let name = "script"
  static let expected: [[Double]] = [[1, 3, 2], [0, -4, 0], [5, 5, -10]]

  let spec = TaskSpec(
    featureCount: 3, encoding: .oneHot(maximumActive: 1), actionNames: ["a", "b", "c"],
    counters: [AuditCounter("thirds", .total), AuditCounter("third_rate", .rate(window: 4))])
  private var steps = 0

  init(configuration: NoSettings, stream: RandomStream) {}

  mutating func observe(into observation: inout Observation) {
    observation.activeIndices = [Int32(steps % 3)]
  }

  func audit() -> Audit { Audit(expectedRewards: Self.expected[steps % 3]) }

  mutating func step(_ action: Int) -> Outcome {
    defer { steps += 1 }
    let isThird = action == 2
    return Outcome(
      reward: Self.expected[steps % 3][action] + (steps % 2 == 1 ? 10 : 0),
      counts: isThird ? [1, 1] : [0, 0])
  }
}

/// Takes the actions of its setting in turn.
struct Reader: Agent {
  struct Configuration: ComponentConfiguration {
    var actions = [0]
  }

  static let name = "reader"
  static let presets = [Preset(name: "middle", summary: "the second action", settings: ["actions=1"])]

  private let actions: [Int]
  private var step = 0

  init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) { actions = configuration.actions }

  mutating func selectAction(for observation: Observation) -> Decision {
    defer { step += 1 }
    return Decision(action: actions[step % actions.count])
  }

  mutating func update(_ transition: Transition) {}
}

/// Counts how often it acted, and is saved whole.
struct Tally: Agent, Checkpointable, Codable {
  static let name = "tally"
  private var steps = 0

  init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) {}

  mutating func selectAction(for observation: Observation) -> Decision {
    steps += 1
    return Decision(action: steps / 3 % 2)
  }

  mutating func update(_ transition: Transition) {}
}

let registry = Registry(
  agents: BuiltInAgents.all + [Reader.self, Tally.self], environments: BuiltInEnvironments.all + [Script.self]
)

/// The settings of a run from words as the command line has them.
func settings(
  _ agent: String, _ words: [String] = [], environment: String = "mushroom", steps: Int, seed: UInt64 = 0
) throws -> RunSettings {
  var request = RunRequest()
  request.agent = agent
  request.environment = environment
  request.steps = steps
  request.seed = seed
  let pairs = try words.map { try Settings.assignment($0) }
  request.agentSettings = Dictionary(pairs.map { ($0.key, $0.value) }) { _, last in last }
  return try request.resolved(in: registry)
}

/// Settings of learning agents that a test has time for.
let smallSettings = ["hiddenLayers=8", "minibatches=2", "batchSize=8", "prefill=50", "learningRate=0.001"]

/// Plays a run without files and gives its rows and totals.
func play(_ settings: RunSettings) throws -> (rows: [StepRecord], totals: RunTotals) {
  var simulation = try Simulation(settings, registry: registry)
  var rows: [StepRecord] = []
  let totals = try simulation.run(record: { rows.append(copy $0) })
  return (rows, totals)
}

/// Plays a run into a folder.
@discardableResult
func play(_ settings: RunSettings, into path: String) throws -> RunSummary {
  let directory = try RunDirectory(creating: path, overwrite: false)
  return try Run(Simulation(settings, registry: registry), program: "tests").play(
    into: directory, shouldStop: { false }
  ).summary
}

/// Rewrites a run's manifest as earlier versions wrote it, which had text for lists.
func writeListsAsText(inManifestOf folder: String) throws {
  func spelled(_ value: SettingValue) -> SettingValue {
    switch value {
    case .list: .text(value.description)
    case .group(let fields): .group(fields.mapValues(spelled))
    default: value
    }
  }
  let path = folder + "/manifest.json"
  var manifest = try JSONDecoder().decode([String: SettingValue].self, from: Data(contents(of: path)))
  manifest["run"] = manifest["run"].map(spelled)
  try JSONEncoder().encode(manifest).write(to: URL(filePath: path))
}

/// Rewrites a finished run as earlier versions left it: a log without the last two columns, and no words on task and
/// agent in manifest and summary.
func writeEarlierVersion(of folder: String) throws {
  let log = "\(folder)/regret.csv.gz"
  let lines = try logText(log).split(separator: "\n").map { line in
    line.split(separator: ",", omittingEmptySubsequences: false).dropLast(2).joined(separator: ",") + "\n"
  }
  try Data(Gzip.member(of: Array(lines.joined().utf8))).write(to: URL(filePath: log))
  let later = [
    "about", "prefill_steps", "prefill_expected_regret", "uniform_expected_regret",
    "constant_expected_regret",
  ]
  for file in ["manifest.json", "summary.json"] {
    let path = URL(filePath: "\(folder)/\(file)")
    var tree = try JSONDecoder().decode([String: SettingValue].self, from: Data(contentsOf: path))
    for key in later { tree[key] = nil }
    try JSONEncoder().encode(tree).write(to: path)
  }
}
