import ArgumentParser
import BanditSimulation
import Foundation

/// What commands that play or train under several seeds ask of their options.
enum SharedOptions {
  /// Throws a usage error for a number of seeds or of jobs that no command takes.
  static func validate(seeds: Int, jobs: Int) throws {
    if !(1...10_000).contains(seeds) {
      throw ValidationError("--seeds: '\(seeds)' is not allowed; allowed: 1 to 10000.")
    }
    if jobs < 1 && jobs != -1 {
      throw ValidationError("--jobs: '\(jobs)' is not allowed; allowed: 1 or more, or -1 for one a core.")
    }
  }

  /// Throws a usage error for a folder without a name.
  static func validate(out: String?) throws {
    if out == "" { throw ValidationError("--out: '' is not allowed; allowed: the path of a folder.") }
  }

  /// Throws a usage error where an earlier run is to be both replaced and resumed.
  static func validate(overwrite: Bool, resume: Bool) throws {
    if overwrite && resume {
      throw ValidationError(
        "--overwrite and --resume do not go together: one replaces what the other continues.")
    }
  }

  /// Throws a usage error where the seeds, counted up from the first, go beyond the largest.
  static func validate(firstSeed: UInt64, seeds: Int) throws {
    if firstSeed.addingReportingOverflow(UInt64(seeds - 1)).overflow {
      throw ValidationError("--seed \(firstSeed) with --seeds \(seeds) goes beyond the largest seed.")
    }
  }

  /// Throws a usage error where so many processes would need more open files than the system allows, after asking it for
  /// as many as this process may have.
  static func requireFiles(forProcesses count: Int) throws {
    var limit = rlimit()
    guard getrlimit(openFiles, &limit) == 0 else { return }
    let needed = rlim_t(filesOfItsOwn + filesOfProcess * count)
    guard needed > limit.rlim_cur else { return }
    limit.rlim_cur = min(needed, limit.rlim_max)
    _ = setrlimit(openFiles, &limit)
    guard needed > limit.rlim_cur else { return }
    let most = max(1, (Int(limit.rlim_cur) - filesOfItsOwn) / filesOfProcess)
    throw ValidationError(
      "--jobs: '\(count)' is not allowed; allowed: 1 to \(most) with \(limit.rlim_cur) open files (ulimit -n)"
    )
  }

  /// Pipes and what starting a process needs for a moment; files that the program has anyway.
  private static let (filesOfProcess, filesOfItsOwn) = (10, 24)
  #if os(Linux)
    private static let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let openFiles = RLIMIT_NOFILE
  #endif

  /// How many jobs `--jobs` means: −1 is one for each processor that the process may use.
  static func count(ofJobs jobs: Int) throws -> Int { jobs == -1 ? try Processors.count() : jobs }

  /// How many threads each of so many jobs gets: those asked for, or an equal share of the processors.
  static func threads(_ given: Int?, jobs: Int) throws -> Int {
    try given ?? max(1, Processors.count() / jobs)
  }
}
