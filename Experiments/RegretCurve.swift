import BanditLaboratory
import BanditSimulation
import BanditCore
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

extension Laboratory {
  /// Plays runs, some of them side by side, each into a folder of its own, and gives their curves in their order.
  func play(_ runs: [(folder: String, settings: RunSettings)]) throws -> [RegretCurve] {
    let directories = try runs.map {
      try RunDirectory(creating: "\(folder)/\($0.folder)", overwrite: overwrite, resume: resume)
    }
    let settings = runs.map(\.settings)
    return try sideBySide(runs.map(\.folder)) { index, part in
      let progress = ProgressObserver { part.report(Double($0.record.step) / Double($0.steps)) }
      _ = try Run(
        Simulation(settings[index], registry: registry, threads: part.threads), program: program,
        observers: [progress]
      ).play(into: directories[index], shouldStop: shouldStop)
      return RegretCurve(try RecordedRun(readingFrom: directories[index].path, points: 500))
    }
  }
}
