public import BanditSimulation

extension Laboratory {
  /// Plays runs, some of them side by side, each into a folder of its own, and gives their logs in their order.
  ///
  /// - Parameters:
  ///   - runs: the folder of each, inside the experiment's, and what decides its numbers.
  ///   - points: about how many steps of each log to give.
  /// - Throws: what runs and files throw; `ExperimentInterrupted` where the user stopped.
  public func play(
    _ runs: [(folder: String, settings: RunSettings)], points: Int = 500
  ) throws -> [RecordedRun] {
    // All folders are made before the first step, so that a conflict shows at once.
    let directories = try runs.map {
      try RunDirectory(creating: "\(folder)/\($0.folder)", overwrite: overwrite, resume: resume)
    }
    let settings = runs.map(\.settings)
    return try sideBySide(runs.map(\.folder)) { index, part in
      let progress = ProgressObserver { part.report(Double($0.record.step) / Double($0.steps)) }
      let outcome = try Run(
        Simulation(settings[index], registry: registry, threads: part.threads), program: program,
        observers: [progress]
      ).play(into: directories[index], shouldStop: shouldStop)
      if outcome.summary.interrupted { throw ExperimentInterrupted() }
      return try RecordedRun(readingFrom: directories[index].path, points: points)
    }
  }
}
