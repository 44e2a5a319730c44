import BanditCore
import Foundation

/// A run thinned for a picture: some 500 steps and the last.
struct RegretCurve: Sendable {
  private(set) var steps: [Double] = []
  private(set) var regret: [Double] = []
  private(set) var expectedRegret: [Double] = []
  private(set) var falsePositives: [Double] = []
  private(set) var falseNegatives: [Double] = []
  private(set) var eatingRate: [Double] = []

  /// Keeps a row where its turn has come; the counters are the mushrooms'.
  mutating func note(_ record: borrowing StepRecord, of total: Int) {
    guard record.step % max(1, total / 500) == 0 || record.step == total else { return }
    steps.append(Double(record.step))
    regret.append(record.cumulativeRegret)
    expectedRegret.append(record.cumulativeExpectedRegret)
    falsePositives.append(record.counters[0])
    falseNegatives.append(record.counters[1])
    eatingRate.append(record.counters[2])
  }

  /// The value after the last step.
  func last(_ path: KeyPath<RegretCurve, [Double]>) -> Double { self[keyPath: path].last ?? .nan }

  /// The mean over runs of the same length.
  static func mean(_ curves: [RegretCurve], _ path: KeyPath<RegretCurve, [Double]>) -> [Double] {
    (curves.first?[keyPath: path].indices ?? 0..<0).map { index in
      curves.reduce(0) { $0 + $1[keyPath: path][index] } / Double(curves.count)
    }
  }
}

extension Laboratory {
  /// Plays runs, some of them side by side, each into a folder of its own, and gives their curves in their order.
  func play(_ runs: [(folder: String, settings: RunSettings)]) throws -> [RegretCurve] {
    let directories = try runs.map {
      try RunDirectory(creating: "\(folder)/\($0.folder)", overwrite: overwrite)
    }
    let settings = runs.map(\.settings)
    return try sideBySide(runs.map(\.folder)) { index, report in
      var curve = RegretCurve()
      let steps = settings[index].steps
      _ = try Run(settings[index], registry: registry, program: program).play(
        into: directories[index], shouldStop: shouldStop,
        report: { progress in
          curve.note(progress.record, of: steps)
          report(Double(progress.record.step) / Double(steps))
        })
      return curve
    }
  }
}
