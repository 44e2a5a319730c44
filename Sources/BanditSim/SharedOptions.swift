import ArgumentParser
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

  /// How many jobs `--jobs` means: −1 is one a core.
  static func count(ofJobs jobs: Int) -> Int {
    jobs == -1 ? ProcessInfo.processInfo.activeProcessorCount : jobs
  }
}
