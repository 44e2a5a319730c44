public import BanditSimulation

extension Laboratory {
  /// Plays a run to its end.
  ///
  /// It is given the run's settings and folder, how many threads it may use, and what is to be called with the share of
  /// the steps that are played. It throws `ExperimentInterrupted` where the user stopped the run.
  public typealias Player =
    @Sendable (
      _ settings: RunSettings, _ directory: RunDirectory, _ threads: Int, _ report: (Double) -> Void
    ) throws -> Void

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
    return try sideBySide(runs.map(\.folder), work: settings.map { Double($0.steps) }) { index, part in
      let play = player ?? playHere
      try play(settings[index], directories[index], part.threads) { part.report($0) }
      return try RecordedRun(readingFrom: directories[index].path, points: points)
    }
  }

  /// Plays a run in this process.
  private func playHere(
    _ settings: RunSettings, _ directory: RunDirectory, _ threads: Int, _ report: (Double) -> Void
  ) throws {
    try withoutActuallyEscaping(report) { report in
      let progress = ProgressObserver { report(Double($0.record.step) / Double($0.steps)) }
      let outcome = try Run(
        Simulation(settings, registry: registry, threads: threads), program: program, observers: [progress]
      ).play(into: directory, shouldStop: shouldStop)
      if outcome.summary.interrupted { throw ExperimentInterrupted() }
    }
  }
}
