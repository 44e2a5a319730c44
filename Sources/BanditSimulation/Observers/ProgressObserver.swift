public import BanditCore

/// Reports how far a run is, after every step.
public struct ProgressObserver: RunObserver {
  /// `progress`.
  public static let name = "progress"

  private let report: (Run.Progress) -> Void
  private var start = ContinuousClock.now
  private var resumedSteps = 0

  /// Creates an observer that calls `report` after every step.
  public init(_ report: @escaping (Run.Progress) -> Void) { self.report = report }

  /// Starts the clock.
  public mutating func begin(_ run: RunStart, from state: NoState?) {
    (start, resumedSteps) = (.now, run.resumedSteps)
  }

  /// Reports the step.
  public mutating func step(_ simulation: Simulation) {
    report(
      Run.Progress(
        record: simulation.totals.record, steps: simulation.settings.steps, resumedSteps: resumedSteps,
        elapsed: .now - start))
  }
}
