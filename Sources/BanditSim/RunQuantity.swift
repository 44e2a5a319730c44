import BanditCore
import BanditSimulation

/// A column of a run's log, as commands name it.
struct RunQuantity: Hashable {
  let column: String

  /// The word for it: expected-regret, eating-rate.
  var name: String {
    switch column {
    case RecordedRun.regret: "regret"
    case RecordedRun.expectedRegret: "expected-regret"
    default: column.replacing("_", with: "-")
    }
  }

  /// The words along its axis.
  var label: String { column.replacing("_", with: " ") }

  var isRegret: Bool { column == RecordedRun.regret || column == RecordedRun.expectedRegret }

  /// The quantities of the given names; expected regret and all counters where there are none named.
  ///
  /// - Throws: `ConfigurationError` for a name that none of the runs has.
  static func chosen(_ names: [String], among groups: [RunGroup]) throws(ConfigurationError) -> [RunQuantity]
  {
    let runs = groups.flatMap(\.runs)
    let counters = runs.flatMap(\.counterNames)
    let columns =
      [RecordedRun.expectedRegret, RecordedRun.regret] + counters + runs.flatMap(\.measurementNames)
    let all = columns.distinct.map(RunQuantity.init)
    if names.isEmpty {
      return all.filter { $0.column == RecordedRun.expectedRegret || counters.contains($0.column) }
    }
    return try names.map { name throws(ConfigurationError) in
      guard let quantity = all.first(where: { $0.name == name }) else {
        throw .unknown("--quantity", name, among: all.map(\.name))
      }
      return quantity
    }.distinct
  }
}
