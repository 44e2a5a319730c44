import ArgumentParser
import BanditCore
import BanditLaboratory
import BanditSimulation
import Foundation

/// `bandit-sim sweep run`.
struct SweepRunCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "run", abstract: "Plays what is missing of a sweep, each run in a process of its own.",
      discussion: """
        Given the file and a folder to write, or the folder of a sweep that was begun. Whatever stops it, the same words \
        play the rest, and every log comes out as if nothing had happened. Runs that failed are tried again; a file \
        with more seeds, settings or steps plays what they add.

        The same command may be started on several machines that share the folder: each takes the next run that \
        nobody has.

        With --halve 3 all settings are played to a part of the steps, the third with the least mean regret of each \
        environment to three times as many, and so on; the table says which were stopped.

        Exit codes: 0 all is played; 1 some runs failed; 64 wrong words; 129, 130, 143 stopped.

        Examples:
          \(Program.name) sweep run sweep.json --out results --jobs -1
          \(Program.name) sweep run results
        """)
  }

  @Argument(help: ArgumentHelp("The sweep's file, or the folder of a sweep.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("The folder to write, where a file is given.", valueName: "folder"))
  var out: String?

  @Option(parsing: .unconditional, help: "How many runs to play side by side; -1 for one a core.")
  var jobs = 1

  /// The array of `sweep submit` that this process is a task of.
  @Option(help: .hidden)
  var slurmArray: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Successive halving: play all settings for a part of the steps, the better of every so many on.",
      valueName: "factor"))
  var halve: Int?

  @Flag(help: "No progress on stderr.")
  var quiet = false

  func validate() throws {
    try SharedOptions.validate(seeds: 1, jobs: jobs)
    try SharedOptions.validate(out: out)
    if let halve, !(2...100).contains(halve) {
      throw ValidationError("--halve: '\(halve)' is not allowed; allowed: 2 to 100.")
    }
  }

  func run() throws {
    try reportingUsage {
      Interruption.install()
      let opened = try open()
      if let slurmArray { return try run(opened, taskOf: SlurmArray(slurmArray, in: opened.folder)) }
      let jobs = try SharedOptions.count(ofJobs: jobs)
      var stage = try opened.stage()
      var outcome = try play(stage.runs, of: opened, jobs: jobs)
      while !stage.isLast, outcome.failures.isEmpty, !Interruption.isRequested {
        stage = try opened.stage()
        outcome = try play(stage.runs, of: opened, jobs: jobs)
      }
      try SweepOutcome(outcome, opened.folder, runs: stage.runs.count).report()
    }
  }

  private func play(
    _ runs: [Sweep.Run], of opened: OpenedSweep, jobs: Int
  ) throws -> SweepPlay.Outcome {
    try SharedOptions.requireFiles(forProcesses: jobs)
    let display = ExperimentDisplay("sweep", parts: "runs", isQuiet: quiet)
    let outcome = SweepPlay(
      runs, in: opened.folder, jobs: jobs, player: RunPlayer.play,
      shouldStop: { Interruption.isRequested }, report: { display.report($0) }
    ).play()
    display.finish()
    return outcome
  }

  /// Plays the runs of one task of Slurm, and leaves the exit code beside the task's output.
  private func run(_ opened: OpenedSweep, taskOf array: SlurmArray) throws {
    let task = try SlurmTask()
    let tasks = try array.tasks()
    guard tasks.indices.contains(task.index) else {
      throw ConfigurationError(
        key: "SLURM_ARRAY_TASK_ID", given: "\(task.index)", allowed: "0 to \(tasks.count - 1)")
    }
    array.forgetExit(of: task.index)
    let names = Set(tasks[task.index])
    do {
      let runs = try opened.stage().runs.filter { names.contains($0.name) }
      let outcome = try play(runs, of: opened, jobs: task.cores)
      try SweepOutcome(outcome, opened.folder, runs: runs.count).report()
      array.note(exit: 0, of: task.index)
    } catch {
      array.note(exit: (error as? ExitCode)?.rawValue ?? 1, of: task.index)
      throw error
    }
  }

  /// The sweep that is meant; a file's is checked before its folder is made.
  private func open() throws -> OpenedSweep {
    if OpenedSweep.isFolder(file) {
      guard out == nil else {
        throw ValidationError("--out goes with a sweep's file; '\(file)' is a folder already.")
      }
      if let halve {
        let folder = SweepFolder(file)
        try folder.prepare(with: OpenedSweep.halving(folder.file(), by: halve, file: folder.filePath))
      }
      return try OpenedSweep(in: file)
    }
    guard let out else {
      throw ValidationError(
        "--out is missing: the folder to write, or give a sweep's folder in place of its file.")
    }
    var bytes = try OpenedSweep.bytes(of: file)
    if let halve { bytes = try OpenedSweep.halving(bytes, by: halve, file: file) }
    try OpenedSweep.sweep(bytes, file: file).check(in: Catalogue.current.registry)
    if try SweepFolder(out).prepare(with: bytes), !quiet {
      Console.note("\(out) had another sweep.json; runs that the new one lacks stay, and are in no table\n")
    }
    return try OpenedSweep(in: out)
  }
}

/// What a user is told when a sweep ends, and the exit code.
struct SweepOutcome {
  private let outcome: SweepPlay.Outcome
  private let folder: SweepFolder
  private let runs: Int

  /// - Parameter runs: how many were to be played.
  init(_ outcome: SweepPlay.Outcome, _ folder: SweepFolder, runs: Int) {
    (self.outcome, self.folder, self.runs) = (outcome, folder, runs)
  }

  /// Prints the numbers, and throws the exit code of a sweep that is not whole.
  func report() throws {
    for failure in outcome.failures.prefix(10) {
      Console.note("Error: \(folder.folder(of: failure.run)): \(failure.reason)\n")
    }
    if outcome.failures.count > 10 {
      Console.note(
        "and \(outcome.failures.count - 10) more; 'sweep status \(folder.path)' has them all\n")
    }
    let done = outcome.played + outcome.before
    try Console.result(
      "\(Format.grouped(done)) of \(Format.grouped(runs)) runs are done, "
        + "\(Format.grouped(outcome.played)) of them played now; \(Format.grouped(outcome.failures.count)) failed: "
        + folder.path)
    if Interruption.isRequested { throw ExitCode(Interruption.exitCode) }
    if !outcome.failures.isEmpty { throw ExitCode.failure }
  }
}
