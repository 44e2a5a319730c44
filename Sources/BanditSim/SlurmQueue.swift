import BanditCore
import BanditData
import BanditFiles
import BanditLaboratory
import Foundation

/// Slurm's own programs, as far as a sweep needs them; no accounting database is.
struct SlurmQueue {
  /// A task that Slurm has in its queue, be it waiting or running.
  struct Task: Hashable {
    let job: String
    let task: Int
  }

  /// The tasks in the queue with their states, such as `PENDING`.
  let states: [Task: String]

  /// Asks `squeue` for the tasks of this user.
  ///
  /// - Throws: `DataFileError` where there is no `squeue`, or it has no answer.
  init() throws(DataFileError) {
    let text = try Self.run(
      "squeue", ["--noheader", "--array", "--user=\(NSUserName())", "--format=%i %T"])
    var states: [Task: String] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      let parts = words.first?.split(separator: "_") ?? []
      guard words.count == 2, parts.count == 2, let task = Int(parts[1]) else { continue }
      states[Task(job: String(parts[0]), task: task)] = String(words[1])
    }
    self.states = states
  }

  /// Hands a script to Slurm and gives the number of the job.
  static func submit(_ script: String, options: [String]) throws(DataFileError) -> String {
    let answer = try run("sbatch", ["--parsable"] + options + [script])
    // A cluster's name may follow the number.
    let number = answer.split(separator: "\n").last?.split(separator: ";").first.map(String.init) ?? ""
    guard !number.isEmpty, number.allSatisfy(\.isNumber) else {
      throw DataFileError(file: "sbatch", reason: "gave no number of a job: \(answer)")
    }
    return number
  }

  /// The most tasks that an array may have here.
  static var largestArray: Int {
    let text = (try? run("scontrol", ["show", "config"])) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
    // The largest index is one less; Slurm's own default is 1,001.
    return line?.split(separator: "=").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } ?? 1_001
  }

  private static func run(_ name: String, _ arguments: [String]) throws(DataFileError) -> String {
    guard let program = ChildProgram(name) else {
      throw DataFileError(file: name, reason: "is not installed here; run this where Slurm's programs are")
    }
    var output: [UInt8] = []
    let ending = try program.run(arguments) { piece in
      output += piece
      return output.count < 1 << 28
    }
    guard ending.status == 0 else {
      throw DataFileError(file: name, reason: "failed (exit code \(ending.status)): \(ending.words)")
    }
    return String(decoding: output, as: UTF8.self)
  }
}

/// The Slurm task that this process is.
struct SlurmTask {
  let index: Int
  /// Its cores.
  let cores: Int

  /// What Slurm has put into the environment.
  ///
  /// - Throws: `ConfigurationError` where this is no task of an array.
  init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws(ConfigurationError) {
    guard let text = environment["SLURM_ARRAY_TASK_ID"], let index = Int(text), index >= 0 else {
      throw ConfigurationError(
        key: "SLURM_ARRAY_TASK_ID", given: environment["SLURM_ARRAY_TASK_ID"] ?? "",
        allowed: "the number of a task, which Slurm sets; 'sweep submit' starts this")
    }
    self.index = index
    cores = max(
      1, Int(environment["SLURM_CPUS_PER_TASK"] ?? environment["SLURM_CPUS_ON_NODE"] ?? "") ?? 1)
  }
}
