import ArgumentParser
import BanditCore
import BanditFiles
import BanditLaboratory
import Foundation

/// `bandit-sim sweep submit`.
struct SweepSubmitCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "submit", abstract: "Hands what is missing of a sweep to Slurm, as an array of tasks.",
      discussion: """
        Writes a script into the sweep's folder, submits it and returns. The folder is on a file system that all nodes \
        have at the same path, as is this program. The same command again submits what has failed or was lost since; \
        what is in the queue is left to it. 'sweep status' tells how far everything is.

        Examples:
          \(Program.name) sweep submit results --slurm --time 2:00:00 --partition short
          \(Program.name) sweep submit results --slurm --cpus 4 --chunk 100 -- --account=lab --mem=4G
          \(Program.name) sweep submit results --slurm --dry-run
        """)
  }

  @Argument(help: "The folder of a sweep, which 'sweep run' or '--file' makes.")
  var folder: String

  @Flag(help: "Submit to Slurm.")
  var slurm = false

  @Option(help: ArgumentHelp("The sweep's file, where the folder is to be made.", valueName: "file"))
  var file: String?

  @Option(help: "The time of a task.")
  var time = "2:00:00"

  @Option(parsing: .unconditional, help: "Cores of a task; it plays as many runs side by side.")
  var cpus = 1

  @Option(help: "The partition. (default: the cluster's)")
  var partition: String?

  @Option(parsing: .unconditional, help: "The most tasks that run at once.")
  var arrayLimit = 200

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Runs of each task. (default: so many that there are at most four tasks for each that may run at once)",
      valueName: "runs"))
  var chunk: Int?

  @Flag(help: "Write the script, and submit nothing.")
  var dryRun = false

  @Argument(parsing: .postTerminator, help: "Options for sbatch, after --.")
  var options: [String] = []

  func validate() throws {
    guard slurm else { throw ValidationError("--slurm is missing: it is the one queue that there is.") }
    for (name, value) in [("--cpus", cpus), ("--array-limit", arrayLimit), ("--chunk", chunk ?? 1)]
    where value < 1 {
      throw ValidationError("\(name): '\(value)' is not allowed; allowed: 1 or more.")
    }
    for (name, value) in [("--time", time), ("--partition", partition ?? "p")]
    where value.wholeMatch(of: /[A-Za-z0-9_.,:+-]+/) == nil {
      throw ValidationError("\(name): '\(value)' is not allowed; allowed: a word as sbatch takes it.")
    }
  }

  func run() throws {
    try reportingUsage {
      let path = URL(filePath: folder).standardizedFileURL.path
      try ConfigurationError.require(
        !path.contains { $0.isWhitespace || $0 == "%" }, key: "folder", given: path,
        allowed: "a path without spaces and %, which sbatch reads otherwise")
      if let file {
        let bytes = try OpenedSweep.bytes(of: file)
        try OpenedSweep.sweep(bytes, file: file).check(in: Catalogue.current.registry)
        try SweepFolder(path).prepare(with: bytes)
      }
      let opened = try OpenedSweep(in: path)
      let status = try SweepStatus(opened)
      let missing = status.failed.map(\.run) + status.left
      guard !missing.isEmpty else {
        return try Console.result(
          "nothing to submit: \(status.done) runs are done, \(status.running.count) running, \(status.queued.count) in the queue"
        )
      }
      let wishes = SlurmArray.Wishes(time: time, cores: cpus, limit: arrayLimit, partition: partition)
      let array = try SlurmArray(
        of: missing, chunk: chunk ?? ownChunk(missing.count), in: opened.folder, program: Self.program,
        wishes: wishes)
      guard !dryRun else {
        return try Console.result("\(missing.count) runs, nothing submitted: sbatch \(array.scriptPath)")
      }
      let job = try SlurmQueue.submit(array.scriptPath, options: options)
      try array.note(job: job)
      try Console.result(
        "submitted \(missing.count) runs in \(try array.tasks().count) tasks as job \(job): \(array.scriptPath)"
      )
    }
  }

  /// A chunk with which no array is too large, and short runs share a task.
  private func ownChunk(_ count: Int) -> Int {
    let (limit, overflow) = arrayLimit.multipliedReportingOverflow(by: 4)
    let tasks = max(1, min(SlurmQueue.largestArray, overflow ? .max : limit))
    return max(1, (count + tasks - 1) / tasks)
  }

  /// This program's path, which the nodes have too.
  private static var program: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
  }
}
