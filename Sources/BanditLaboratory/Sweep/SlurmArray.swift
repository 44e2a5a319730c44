import BanditCore
import BanditFiles
import Foundation

/// Runs of a sweep that were handed to Slurm as one array of tasks: a folder in the sweep's `slurm`.
///
/// It has `runs.txt`, a run a line; `job.sh`, the script; `job`, the array's number; and for each task its output and,
/// when it has ended by itself, its exit code.
package struct SlurmArray: Sendable {
  /// What a user asks of Slurm.
  package struct Wishes: Sendable {
    /// The time of a task, as Slurm spells it.
    package var time: String
    /// Cores of a task.
    package var cores: Int
    /// Tasks that run at once.
    package var limit: Int
    /// The partition; nil for the cluster's own choice.
    package var partition: String?

    /// Creates wishes.
    package init(time: String, cores: Int, limit: Int, partition: String?) {
      (self.time, self.cores, self.limit, self.partition) = (time, cores, limit, partition)
    }
  }

  /// The array's folder.
  package let path: String
  /// The number of the array among the sweep's.
  package let number: Int

  /// Where the script is.
  package var scriptPath: String { path + "/job.sh" }
  private var runsPath: String { path + "/runs.txt" }
  private var jobPath: String { path + "/job" }
  private func exitPath(_ task: Int) -> String { "\(path)/task-\(task).exit" }

  /// An array that was made before.
  package init(_ number: Int, in folder: SweepFolder) {
    (self.number, path) = (number, "\(folder.path)/slurm/\(number)")
  }

  /// Makes the next array of a sweep, with the runs of its tasks and a script that can be read.
  ///
  /// - Parameters:
  ///   - chunk: runs of each task.
  ///   - program: the program's path, as every node has it.
  package init(
    of runs: [String], chunk: Int, in folder: SweepFolder, program: String, wishes: Wishes
  ) throws {
    try POSIXFile.createFolder(folder.path + "/slurm")
    var number = (Self.all(in: folder).last?.number ?? 0) + 1
    // Who makes the folder has the number.
    while mkdir("\(folder.path)/slurm/\(number)", 0o777) != 0 {
      guard errno == EEXIST else { throw POSIXFile.failure("\(folder.path)/slurm/\(number)", errno) }
      number += 1
    }
    self.init(number, in: folder)
    let lines = stride(from: 0, to: runs.count, by: chunk).map {
      runs[$0..<min($0 + chunk, runs.count)].joined(separator: " ")
    }
    try replaceFile(atPath: runsPath, with: Array((lines.joined(separator: "\n") + "\n").utf8))
    let script = script(tasks: lines.count, folder: folder.path, program: program, wishes: wishes)
    try replaceFile(atPath: scriptPath, with: Array(script.utf8))
  }

  /// All arrays of a sweep, the oldest first.
  package static func all(in folder: SweepFolder) -> [SlurmArray] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/slurm")) ?? []
    return names.compactMap { Int($0) }.sorted().map { SlurmArray($0, in: folder) }
  }

  /// The runs of each task.
  package func tasks() throws -> [[String]] {
    let text = String(decoding: try readDataFile(atPath: runsPath, limit: 1 << 30), as: UTF8.self)
    return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
  }

  /// The number that Slurm gave the array; nil where it was not submitted.
  package var job: String? {
    guard POSIXFile.size(jobPath) != nil, let bytes = try? readDataFile(atPath: jobPath, limit: 4_096) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Keeps the number that Slurm gave the array.
  package func note(job: String) throws { try replaceFile(atPath: jobPath, with: Array("\(job)\n".utf8)) }

  /// Keeps what a task exited with.
  package func note(exit code: Int32, of task: Int) {
    try? replaceFile(atPath: exitPath(task), with: Array("\(code)\n".utf8))
  }

  /// Forgets what a task exited with, as it runs again.
  package func forgetExit(of task: Int) { POSIXFile.remove(exitPath(task)) }

  /// What a task exited with; nil where it runs, or was ended by something that it could not note.
  package func exit(of task: Int) -> Int? {
    guard POSIXFile.size(exitPath(task)) != nil,
      let bytes = try? readDataFile(atPath: exitPath(task), limit: 64)
    else { return nil }
    return Int(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
  }

  private func script(tasks: Int, folder: String, program: String, wishes: Wishes) -> String {
    """
    #!/bin/sh
    # Plays runs of a sweep: \(tasks) tasks, whose runs are the lines of runs.txt beside this script.
    #SBATCH --job-name=sweep
    #SBATCH --array=0-\(tasks - 1)%\(wishes.limit)
    #SBATCH --time=\(wishes.time)
    #SBATCH --nodes=1
    #SBATCH --ntasks=1
    #SBATCH --cpus-per-task=\(wishes.cores)
    \(wishes.partition.map { "#SBATCH --partition=\($0)\n" } ?? "")\
    # A minute before the time is over the program is told to stop; it leaves a checkpoint.
    #SBATCH --signal=B:TERM@60
    # A task whose node fails is started again, and resumes; its output goes on.
    #SBATCH --requeue
    #SBATCH --open-mode=append
    #SBATCH --output=\(path)/task-%a.out
    # The program is the task's first process, so that signals reach it.
    exec \(program.shellWord) sweep run \(folder.shellWord) --slurm-array \(number) --quiet

    """
  }
}
