public import BanditCore
import BanditNumerics

/// Groups of runs beside one another and beside policies that learn nothing, at one step or several.
public struct Comparison: Codable, Hashable, Sendable {
  /// A group at a step; means are over its seeds.
  public struct Standing: Codable, Hashable, Sendable {
    /// The agent, and what sets the group apart from the others.
    public var group: String
    /// The seeds.
    public var seeds: [UInt64]
    /// The mean cumulative expected regret.
    public var expectedRegret: Double
    /// Its sample standard deviation; nil for one seed, like the interval.
    public var standardDeviation: Double?
    /// Where the mean's 95 % interval by Student's t begins; not below 0, as no expected regret is.
    public var lower: Double?
    /// Where it ends.
    public var upper: Double?
    /// The mean of the regrets in per cent of a uniformly random policy's over the same contexts.
    public var percentOfUniform: Double?
    /// Free steps: random play that the agents were shown before their first own step, which is in no regret.
    public var prefillSteps: Int
    /// The mean expected regret that these steps would have had; nil where a run of an earlier version does not say.
    public var prefillExpectedRegret: Double?
    /// The mean cumulative regret by the rewards that were received.
    public var regret: Double
    /// The means of the environment's counters.
    public var counters: [String: Double]
    /// The means of what the agent measured, of runs that have it at the step.
    public var measurements: [String: Double]

    enum CodingKeys: String, CodingKey {
      case group, seeds, lower, upper, regret, counters, measurements
      case expectedRegret = "expected_regret"
      case standardDeviation = "standard_deviation"
      case percentOfUniform = "percent_of_uniform"
      case prefillSteps = "prefill_steps"
      case prefillExpectedRegret = "prefill_expected_regret"
    }
  }

  /// A policy that learns nothing, over the seeds of all groups.
  public struct Line: Codable, Hashable, Sendable {
    /// The policy.
    public var name: String
    /// Its mean cumulative expected regret.
    public var expectedRegret: Double

    enum CodingKeys: String, CodingKey {
      case name
      case expectedRegret = "expected_regret"
    }
  }

  /// Everything at one step.
  public struct Table: Codable, Hashable, Sendable {
    /// The step.
    public var step: Int
    /// A row for each group.
    public var standings: [Standing]
    /// Policies that learn nothing, as far as logs and summaries have them at this step.
    public var calibration: [Line]
    /// Every other group against the reference.
    public var differences: [PairedDifference]
  }

  /// A run that took part.
  public struct Member: Codable, Hashable, Sendable {
    /// Its folder.
    public var path: String
    /// Its group.
    public var group: String
    /// Its seed.
    public var seed: UInt64
    /// Steps in its log.
    public var steps: Int
    /// Steps it was to play.
    public var plannedSteps: Int
    /// Its wall time; nil unless it has ended.
    public var seconds: Double?
    /// The action that it took at all of its last steps although others were better at times.
    public var stuckAction: String?

    enum CodingKeys: String, CodingKey {
      case path, group, seed, steps, seconds
      case plannedSteps = "planned_steps"
      case stuckAction = "stuck_action"
    }
  }

  enum CodingKeys: String, CodingKey {
    case task, environment, reference, tables, runs
    case counterNames = "counter_names"
    case measurementNames = "measurement_names"
  }

  /// The environment, with what sets it apart from other tasks.
  public var task: String
  /// The environment.
  public var environment: String
  /// The environment's counters, in the log's order.
  public var counterNames: [String]
  /// What agents measured, in the order of the groups.
  public var measurementNames: [String]
  /// The group that the others are compared with; nil where all are of agents that are told the truth.
  public var reference: String?
  /// A table for each step, ascending.
  public var tables: [Table]
  /// The runs.
  public var runs: [Member]

  /// Compares the groups of each task among themselves.
  ///
  /// - `steps`: where to compare, and at the last step that all runs of a task have played too; all were read there.
  /// - `reference`: the name of the group that the others are compared with, in the tasks that have it; nil takes the
  ///   contender with the least mean expected regret at the last step, of those with several seeds. An agent that is
  ///   told the truth never is.
  /// - `acrossFreePlay`: whether groups with different numbers of free steps get a verdict.
  /// - Throws: `ConfigurationError` for a reference or a step that is not there or not allowed.
  public static func all(
    of tasks: [RunTask], at steps: [Int], reference: String?, acrossFreePlay: Bool = false
  ) throws(ConfigurationError) -> [Comparison] {
    let names = tasks.flatMap(\.groups).filter { $0.role != .calibration }.map(\.name)
    if let reference, !tasks.contains(where: { $0.groups.contains { $0.name == reference } }) {
      throw .unknown("--against", reference, among: names.distinct)
    }
    return try tasks.map { task throws(ConfigurationError) in
      let own = reference.flatMap { name in task.groups.first { $0.name == name }?.name }
      return try Comparison(task, at: steps, reference: own, acrossFreePlay: acrossFreePlay)
    }
  }

  /// Compares the groups of a task; see `all`.
  package init(
    _ task: RunTask, at steps: [Int], reference: String?, acrossFreePlay: Bool = false
  ) throws(ConfigurationError) {
    let groups = task.groups
    let runs = groups.flatMap(\.runs)
    self.task = task.name
    environment = task.environment
    counterNames = runs[0].counterNames
    measurementNames = runs.flatMap(\.measurementNames).distinct
    let last = task.lastStep
    if let shortest = runs.first(where: { $0.lastStep == last }), last == 0 {
      throw ConfigurationError(key: "run", given: shortest.path, allowed: "runs that have logged a step")
    }
    for step in steps {
      try ConfigurationError.require(
        (1...last).contains(step), key: "--at", given: step,
        allowed: "1 to \(last), the last step that all runs of \(task.name) have played")
    }
    let chosen = Set(steps + [last]).sorted()
    let standings = chosen.map { step in groups.map { Self.standing(of: $0, at: step) } }
    let rival = try Self.reference(reference, among: groups, standings: standings.last ?? [])
    self.reference = rival?.name
    tables = zip(chosen, standings).map { step, standings in
      let differences = groups.filter { $0.name != rival?.name }.compactMap { group in
        rival.map { group.difference(from: $0, at: step, acrossFreePlay: acrossFreePlay) }
      }
      return Table(
        step: step, standings: standings, calibration: Self.lines(groups, at: step),
        differences: PairedDifference.judged(differences))
    }
    self.runs = groups.flatMap { group in group.runs.map { Self.member($0, of: group) } }
  }
}

extension Comparison {
  /// The group of a name, or the one to compare with where there is none named.
  private static func reference(
    _ name: String?, among groups: [RunGroup], standings: [Standing]
  ) throws(ConfigurationError) -> RunGroup? {
    let allowed = groups.filter { $0.role != .calibration }
    if let name {
      if let group = allowed.first(where: { $0.name == name }) { return group }
      let others = allowed.isEmpty ? "" : ": \(allowed.map(\.name).joined(separator: ", "))"
      throw ConfigurationError(
        key: "--against", given: name,
        allowed: "an agent that is not told the truth, which none can be expected to match\(others)")
    }
    // A single run is a poor reference, and so is an agent that learns nothing.
    let contenders = allowed.filter { $0.role == .contender }
    let names = Set((contenders.isEmpty ? allowed : contenders).map(\.name))
    let candidates = standings.filter { names.contains($0.group) }
    let several = candidates.filter { $0.seeds.count > 1 }
    let best = (several.isEmpty ? candidates : several).min { $0.expectedRegret < $1.expectedRegret }
    return best.flatMap { best in groups.first { $0.name == best.group } }
  }

  private static func standing(of group: RunGroup, at step: Int) -> Standing {
    let values = group.runs.compactMap { $0.value(RecordedRun.expectedRegret, at: step) }
    let spread = Spread(values)
    let interval = StudentT.interval(of: values)
    let shares = group.runs.compactMap { run -> Double? in
      guard let uniform = run.uniform(at: step), uniform > 0 else { return nil }
      return run.value(RecordedRun.expectedRegret, at: step).map { 100 * $0 / uniform }
    }
    func mean(_ column: String) -> Double? {
      Spread(group.runs.compactMap { $0.value(column, at: step) })?.mean
    }
    let counters = group.runs[0].counterNames.compactMap { name in mean(name).map { (name, $0) } }
    let measurements = group.runs[0].measurementNames.compactMap { name in mean(name).map { (name, $0) } }
    return Standing(
      group: group.name, seeds: group.runs.map(\.settings.seed), expectedRegret: interval.mean,
      standardDeviation: spread?.deviation,
      lower: values.count > 1 ? max(0, interval.mean - interval.halfWidth) : nil,
      upper: values.count > 1 ? interval.mean + interval.halfWidth : nil,
      percentOfUniform: shares.count == values.count ? Spread(shares)?.mean : nil,
      prefillSteps: group.prefillSteps, prefillExpectedRegret: group.prefillExpectedRegret,
      regret: mean(RecordedRun.regret) ?? .nan, counters: Dictionary(uniqueKeysWithValues: counters),
      measurements: Dictionary(uniqueKeysWithValues: measurements))
  }

  private static func lines(_ groups: [RunGroup], at step: Int) -> [Line] {
    // Runs under one seed meet the same contexts, so one of them is enough.
    var seen: [UInt64: RecordedRun] = [:]
    for run in groups.flatMap(\.runs) where run.uniform(at: step) != nil {
      if seen[run.settings.seed]?.summary == nil { seen[run.settings.seed] = run }
    }
    let runs = seen.sorted { $0.key < $1.key }.map(\.value)
    guard let uniform = Spread(runs.compactMap { $0.uniform(at: step) })?.mean else { return [] }
    let references = Set(groups.flatMap(\.referenceLines))
      .sorted { ($0.shareOfUniform, $0.name) < ($1.shareOfUniform, $1.name) }
    return [Line(name: "oracle", expectedRegret: 0)]
      + references.map { Line(name: $0.name, expectedRegret: $0.shareOfUniform * uniform) }
      + [Line(name: "uniform", expectedRegret: uniform)] + constants(runs, at: step)
  }

  /// Policies that always take the same action, where the summaries of all runs are of this step.
  private static func constants(_ runs: [RecordedRun], at step: Int) -> [Line] {
    guard runs.allSatisfy({ $0.summary?.steps == step }), let actions = runs.first?.about?.actions else {
      return []
    }
    return actions.compactMap { action in
      let values = runs.compactMap { $0.summary?.constantExpectedRegret?[action] }
      guard values.count == runs.count, let mean = Spread(values)?.mean else { return nil }
      return Line(name: "always \(action)", expectedRegret: mean)
    }
  }

  private static func member(_ run: RecordedRun, of group: RunGroup) -> Member {
    let names = run.about?.actions ?? []
    // An agent that learns nothing is meant to stay with an action.
    let stuck = group.role == .contender ? run.stuckAction : nil
    return Member(
      path: run.path, group: group.name, seed: run.settings.seed, steps: run.lastStep,
      plannedSteps: run.settings.steps, seconds: run.summary?.seconds,
      stuckAction: stuck.map { names.indices.contains($0) ? names[$0] : "action \($0)" })
  }
}
