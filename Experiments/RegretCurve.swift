import BanditSimulation
import Foundation

/// A run thinned for a picture: some 500 steps and the last.
struct RegretCurve: Sendable {
  let steps: [Double]
  let regret: [Double]
  let expectedRegret: [Double]
  let falsePositives: [Double]
  let falseNegatives: [Double]
  let eatingRate: [Double]
  /// Steps of random play before the first own step, and what they would have cost.
  let prefillSteps: Double
  let prefillExpectedRegret: Double

  /// The curve of a run with the mushrooms' counters.
  init(_ run: RecordedRun) {
    func column(_ name: String?) -> [Double] { name.flatMap { run[$0] } ?? [] }
    let counters = run.counterNames
    steps = run.steps.map(Double.init)
    regret = column(RecordedRun.regret)
    expectedRegret = column(RecordedRun.expectedRegret)
    falsePositives = column(counters.first)
    falseNegatives = column(counters.dropFirst().first)
    eatingRate = column(counters.dropFirst(2).first)
    prefillSteps = Double(run.prefillSteps)
    prefillExpectedRegret = run.summary?.prefillExpectedRegret ?? .nan
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
