import BanditCore
import Foundation

/// The processors that this process may use: those of its affinity, fewer where a control group's quota gives less.
package enum Processors {
  /// The environment variable that replaces the count.
  package static let variable = "BANDIT_SIM_THREADS"

  /// How many threads are worth starting, at least 1.
  ///
  /// Throws a `ConfigurationError` where `BANDIT_SIM_THREADS` is no whole number above 0.
  package static func count() throws -> Int {
    try count(given: ProcessInfo.processInfo.environment[variable], root: "")
  }

  /// The same for a value of the variable and a file system below `root`.
  package static func count(given: String?, root: String) throws -> Int {
    if let given, !given.isEmpty {
      guard let count = Int(given), count > 0 else {
        throw ConfigurationError(key: variable, given: given, allowed: "a whole number above 0")
      }
      return count
    }
    let allowed =
      text("\(root)/proc/self/status").flatMap(affinity(inStatus:))
      ?? ProcessInfo.processInfo.activeProcessorCount
    // A team waits for its slowest member: part of a processor is none.
    let quota = quota(root: root).map { Int($0.rounded(.down)) } ?? allowed
    return max(1, min(allowed, quota))
  }

  /// The number of processors in the line `Cpus_allowed_list: 0-3,8`.
  private static func affinity(inStatus status: String) -> Int? {
    let key = "Cpus_allowed_list:"
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    var count = 0
    for range in line.dropFirst(key.count).split(separator: ",") {
      let ends = range.split(separator: "-").map { Int($0.filter(\.isNumber)) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else { return nil }
      count += last - first + 1
    }
    return count > 0 ? count : nil
  }

  /// The least quota of the process's control groups and of the groups around them, in processors.
  private static func quota(root: String) -> Double? {
    let groups = text("\(root)/proc/self/cgroup")?.split(separator: "\n") ?? []
    return groups.compactMap { line -> Double? in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      if parts[1].isEmpty { return least(at: "\(root)/sys/fs/cgroup", path: parts[2], quotaOfVersion2) }
      guard parts[1].split(separator: ",").contains("cpu") else { return nil }
      return ["\(parts[1])", "cpu"].compactMap {
        least(at: "\(root)/sys/fs/cgroup/\($0)", path: parts[2], quotaOfVersion1)
      }.min()
    }.min()
  }

  /// The least quota of the folder at `path` and of those above it up to `mount`.
  private static func least(at mount: String, path: Substring, _ quota: (String) -> Double?) -> Double? {
    let names = path.split(separator: "/")
    return (0...names.count).compactMap {
      quota(([mount] + names.prefix($0).map(String.init)).joined(separator: "/"))
    }.min()
  }

  private static func quotaOfVersion2(_ folder: String) -> Double? {
    let numbers = text("\(folder)/cpu.max")?.split(whereSeparator: \.isWhitespace).map { Double($0) } ?? []
    guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], period > 0 else { return nil }
    return quota / period
  }

  private static func quotaOfVersion1(_ folder: String) -> Double? {
    guard let quota = number("\(folder)/cpu.cfs_quota_us"), quota > 0,
      let period = number("\(folder)/cpu.cfs_period_us"), period > 0
    else { return nil }
    return quota / period
  }

  private static func number(_ path: String) -> Double? {
    text(path).flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}
