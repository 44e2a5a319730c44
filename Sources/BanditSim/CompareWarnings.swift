import BanditSimulation

/// What a reader should know before trusting a comparison.
struct CompareWarnings {
  private let comparison: Comparison
  private let place: String

  /// The warnings of a task, whose name they begin with where there are several.
  static func all(_ comparisons: [Comparison], twins: [RunTask.Twin]) -> [String] {
    twins.map(\.warning)
      + comparisons.flatMap { CompareWarnings($0, isAlone: comparisons.count == 1).warnings }
  }

  /// Says of how many runs the summary alone was there.
  static func logs(_ tasks: [RunTask]) -> [String] {
    let bare = tasks.flatMap(\.groups).flatMap(\.runs).filter { !$0.hasLog }
    guard !bare.isEmpty else { return [] }
    return ["\(bare.count) runs have no log: what their summaries say of their last step is compared"]
  }

  private init(_ comparison: Comparison, isAlone: Bool) {
    self.comparison = comparison
    place = isAlone ? "" : "\(comparison.task): "
  }

  private var warnings: [String] { runs + lengths + freePlay }

  private var runs: [String] {
    comparison.runs.flatMap { run in
      var warnings: [String] = []
      if run.steps < run.plannedSteps {
        warnings.append(
          "\(run.path) has \(Format.grouped(run.steps)) of its \(Format.grouped(run.plannedSteps)) steps")
      }
      if let action = run.stuckAction {
        warnings.append(
          "\(run.path) is stuck: '\(action)' at all of its last steps, though it was not always the best")
      }
      return warnings
    }
  }

  private var lengths: [String] {
    let last = comparison.tables.last?.step ?? 0
    guard comparison.runs.contains(where: { $0.steps > last }) else { return [] }
    return ["\(place)compared at \(Format.grouped(last)) steps, where the shortest run ends"]
  }

  /// Groups that were shown different numbers of free steps are no equals.
  private var freePlay: [String] {
    guard let standings = comparison.tables.last?.standings,
      Set(standings.map(\.prefillSteps)).count > 1
    else { return [] }
    let groups = standings.map { "\($0.group): \(Self.freePlay($0))" }.joined(separator: "; ")
    let refused = comparison.tables.contains { $0.differences.contains { $0.verdict == .freePlayDiffers } }
    return [
      "\(place)free play differs, steps of random play that no regret counts (\(groups))"
        + (refused ? "; there is no verdict across it without --across-free-play" : "")
    ]
  }

  /// How many free steps a group had, and what they would have cost.
  private static func freePlay(_ standing: Comparison.Standing) -> String {
    guard standing.prefillSteps > 0 else { return "none" }
    let cost = standing.prefillExpectedRegret.map { ", worth \(Format.grouped($0))" } ?? ", worth unknown"
    return "\(Format.grouped(standing.prefillSteps)) steps\(cost)"
  }
}

extension RunTask.Twin {
  /// What a user is told.
  var warning: String { "\(path) is left out: \(other) has the same settings and seed" }
}
