public import BanditCore
import BanditNumerics

/// What TensorBoard shows of a run: curves of regret, counters and training, and distributions of weights.
///
/// About 1,000 evenly spaced steps have a point on the curves and about 50 a histogram, the first and last among them.
public struct RunEvents: RequestedObserver {
  /// `tensorboard`.
  public static let name = "tensorboard"
  /// What `list observers` says.
  public static let summary = "TensorBoard's events: curves, and histograms of the weights."
  /// The folder of the events.
  public static let files = ["tensorboard"]

  private static let points = 1_000
  private static let histograms = 50

  private var file: EventFile?

  /// Creates an observer that has not begun.
  public init() {}

  /// Begins a file of events, or one that continues those of a run that is resumed.
  public mutating func begin(_ run: RunStart, from state: NoState?) throws {
    file = try EventFile(creatingIn: "\(run.folder)/\(Self.files[0])", after: run.resumedSteps)
  }

  /// Adds the step that a simulation has just played, if it is one of those that are shown.
  public mutating func step(_ simulation: Simulation) throws {
    let step = simulation.totals.steps
    func isDue(_ count: Int) -> Bool {
      step == 1 || step == simulation.settings.steps || step % max(1, simulation.settings.steps / count) == 0
    }
    if isDue(Self.points) { try file?.append(Self.curves(simulation), step: step) }
    if isDue(Self.histograms) { try file?.append(Self.weights(simulation), step: step) }
  }

  /// Writes what is pending.
  public mutating func checkpoint() throws -> NoState {
    try file?.flush()
    return NoState()
  }

  /// Writes what is pending and closes the file.
  public mutating func end() throws {
    try file?.close()
    file = nil
  }

  private static func curves(_ simulation: Simulation) -> [SummaryValue] {
    let record = simulation.totals.record
    var values: [SummaryValue] = []
    if record.hasRegret ?? true {
      values.append(.scalar("regret/cumulative_expected", record.cumulativeExpectedRegret))
      values.append(.scalar("regret/cumulative", record.cumulativeRegret))
    }
    values.append(.scalar("regret/reward", record.reward))
    for (counter, value) in zip(simulation.totals.counters, record.counters) {
      values.append(.scalar("counters/\(counter.name)", value))
    }
    if let loss = record.diagnostics.loss { values.append(.scalar("training/data_cost", loss)) }
    if let rate = record.diagnostics.learningRate { values.append(.scalar("training/learning_rate", rate)) }
    for (name, value) in record.diagnostics.measurements.sorted(by: { $0.key < $1.key }) {
      values.append(.scalar("measurements/\(name)", value))
    }
    let costly = (simulation.agent as? any InspectableAgent)?.costlyMeasurements ?? [:]
    values += costly.sorted { $0.key < $1.key }.map { .scalar("training/\($0)", $1) }
    return values
  }

  private static func weights(_ simulation: Simulation) -> [SummaryValue] {
    ((simulation.agent as? any InspectableAgent)?.tensors ?? []).map {
      .histogram("weights/\($0.name)", $0.values)
    }
  }
}
