import ArgumentParser
import BanditCore
import BanditEvaluation
import BanditNumerics
import BanditProcesses
import Foundation

/// `bandit-sim evaluate`.
struct EvaluateCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "evaluate",
      abstract: "Estimates from logged interactions what a policy would earn, without playing it.",
      discussion: """
        LOG is what --log-interactions wrote, Vowpal Wabbit's text, or a CSV table such as the Open Bandit Pipeline's. \
        The policy is an agent (exec:PROGRAM is one of yours), or file:TABLE.csv with the probabilities of all actions, a \
        row for each row of the log. An agent that learns does so from the first rows and is judged by the others; progressive and replay judge it \
        while it learns from all. Intervals hold with 95 %; bernstein and betting need --rewards.

        Examples:
          \(Program.name) evaluate runs/mine/interactions.jsonl.gz --policy fixed --set action=eat
          \(Program.name) evaluate log.csv --columns action=arm,reward=click --policy linear-ucb --rewards 0,1
          \(Program.name) evaluate log.vw --policy uniform --estimators ips,snips,replay
        """)
  }

  @Argument(help: "The log.")
  var log: String

  @Option(help: "The policy: an agent's name ('list agents'), exec:PROGRAM, or file:TABLE.csv.")
  var policy: String

  @Option(help: "A preset of the agent; 'list presets' names them.")
  var preset: String?

  @Option(name: .customLong("set"), help: ArgumentHelp("A setting of the agent.", valueName: "key=value"))
  var assignments: [String] = []

  @Option(help: "The log's form: jsonl, vw or csv. (default: by its first line)")
  var form: String?

  @Option(
    help: ArgumentHelp(
      "Columns of a table: action=NAME,reward=NAME,propensity=NAME,context=NAME;NAME*", valueName: "names"))
  var columns: String?

  @Option(help: "How many actions there are, where some were never played.")
  var actions: Int?

  @Option(
    help: ArgumentHelp(
      "Estimators: \(EvaluationPlan.estimatorNames.joined(separator: ", ")). (default: all)",
      valueName: "names"))
  var estimators: String?

  @Option(help: "What predicts rewards for dm, dr, switch-dr and dr-shrunk: linear or network.")
  var model = "linear"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The smallest and the largest reward there can be, for intervals that hold for any number of rows.",
      valueName: "low,high"))
  var rewards: String?

  @Option(parsing: .unconditional, help: "The share of rows, the first ones, that an agent learns from.")
  var learn = 0.5

  @Option(parsing: .unconditional, help: "The largest weight of clipped-ips.")
  var clip = 10.0

  @Option(
    name: .customLong("switch"), parsing: .unconditional,
    help: "The largest weight that corrects the model in switch-dr.")
  var switchWeight = 10.0

  @Option(parsing: .unconditional, help: "Lambda of dr-shrunk: 0 is dm, more is nearer to dr.")
  var shrink = 100.0

  @Option(parsing: .unconditional, help: "How often intervals are to hold the value.")
  var confidence = 0.95

  @Option(
    parsing: .unconditional,
    help: "Draws that an agent's probabilities are estimated from, where it does not tell them.")
  var draws = 100

  @Option(parsing: .unconditional, help: "The seed of all draws.")
  var seed: UInt64 = 0

  @Flag(help: "The result as one JSON document.")
  var json = false

  @Flag(help: "No warnings and no progress on stderr.")
  var quiet = false

  @OptionGroup var children: ChildOptions

  func validate() throws {
    try children.validate()
    if let actions, !(2...100_000).contains(actions) {
      throw ValidationError("--actions: '\(actions)' is not allowed; allowed: 2 to 100000.")
    }
    if !(1...1_000_000).contains(draws) {
      throw ValidationError("--draws: '\(draws)' is not allowed; allowed: 1 to 1000000.")
    }
  }

  func run() throws {
    ChildLimits.current = children.limits
    try reportingUsage {
      let plan = try plan().validated()
      let form = try form.map { try choice("--form", $0, as: LogForm.self) }
      let columns = try columns.map { try TableColumns(parsing: $0) } ?? TableColumns()
      let judged = try judged()
      let progress = EvaluationProgress(isQuiet: quiet)
      let log = try LoggedInteractions(scanning: log, form: form, columns: columns, actions: actions)
      try requireRewards(of: log, within: plan)
      let evaluation = try Evaluation(of: WatchedInteractions(log: log, progress: progress), plan: plan) {
        try makePolicy(judged, log)
      }
      progress.finish()
      let report = EvaluationReport(log: log, policy: policy, evaluation: evaluation, plan: plan)
      try Console.result(json ? report.json : report.text)
      if !quiet { Console.note(evaluation.warnings.map { "Warning: \($0)\n" }.joined()) }
    }
  }

  /// What `--policy` names.
  private enum Judged {
    case table(String)
    case agent(String, [String: SettingValue])
  }

  /// The policy, with an agent's settings after its preset's; names are checked before the log is read.
  private func judged() throws -> Judged {
    let file = "file:"
    if policy.hasPrefix(file) { return .table(String(policy.dropFirst(file.count))) }
    let registry = Catalogue.current.registry
    let (type, _) = try registry.agent(policy, given: [:])
    let words = (try preset.map { try type.presets.named($0, of: type.name).settings } ?? []) + assignments
    let pairs = try words.map { try Settings.assignment($0) }.map { ($0.key, $0.value) }
    let (_, settings) = try registry.agent(policy, given: Dictionary(pairs) { _, last in last })
    return .agent(type.name, settings)
  }

  private func requireRewards(
    of log: LoggedInteractions, within plan: EvaluationPlan
  ) throws(ConfigurationError) {
    guard let rewards, let bounds = plan.rewards else { return }
    let found = log.rewards
    guard found.lowerBound < bounds.lowerBound || found.upperBound > bounds.upperBound else { return }
    throw ConfigurationError(
      key: "--rewards", given: rewards,
      allowed: "bounds that hold the log's rewards, which are from \(found.lowerBound) to \(found.upperBound)"
    )
  }

  private func makePolicy(_ judged: Judged, _ log: LoggedInteractions) throws -> any LoggedPolicy {
    let stream = RandomStream(seed: seed).child("policy")
    switch judged {
    case .table(let table):
      return try TablePolicy(
        reading: table, actionCount: log.spec.actionCount, rows: log.count, stream: stream)
    case .agent(let name, let settings):
      return try AgentPolicy(
        named: name, settings: settings, spec: log.spec, stream: stream,
        registry: Catalogue.current.registry, draws: draws)
    }
  }

  private func plan() throws(ConfigurationError) -> EvaluationPlan {
    var plan = EvaluationPlan()
    if let estimators { plan.estimators = estimators.split(separator: ",").map(String.init) }
    plan.model = try choice("--model", model, as: EvaluationPlan.Model.self)
    (plan.learningShare, plan.clip, plan.switchWeight, plan.shrinkage) = (learn, clip, switchWeight, shrink)
    (plan.probability, plan.seed) = (confidence, seed)
    guard let rewards else { return plan }
    let ends = rewards.split(separator: ",").compactMap { Double($0) }.filter(\.isFinite)
    guard ends.count == 2, ends[0] < ends[1] else {
      throw ConfigurationError(
        key: "--rewards", given: rewards, allowed: "two numbers, the smaller first, such as 0,1")
    }
    plan.rewards = ends[0]...ends[1]
    return plan
  }
}

/// The choice of that name.
private func choice<Choice: RawRepresentable & CaseIterable>(
  _ option: String, _ given: String, as type: Choice.Type
) throws(ConfigurationError) -> Choice where Choice.RawValue == String {
  if let choice = Choice(rawValue: given) { return choice }
  throw ConfigurationError(
    key: option, given: given, allowed: Choice.allCases.map(\.rawValue).joined(separator: ", "))
}
