import BanditCore
import BanditSimulation
import Foundation

/// Folders of runs that a user has named.
enum RunFolders {
  /// Points of a curve: more than a printed column can show.
  private static let points = 250

  /// Reads the runs in folders, which hold a run each, runs, or folders of runs; a run named twice is read once.
  ///
  /// - Parameters:
  ///   - steps: to read beside those of a curve.
  ///   - points: about how many steps to read of each of so many runs.
  ///   - needsLogs: whether a run that has ended may not be without its log.
  /// - Throws: `ConfigurationError` for a folder without runs, `DataFileError` for runs that cannot be read.
  static func runs(
    in folders: [String], at steps: [Int] = [], points: (Int) -> Int = { _ in points },
    needsLogs: Bool = true
  ) throws -> [RecordedRun] {
    var seen: Set<String> = []
    let found = try folders.flatMap(named).filter {
      seen.insert(URL(filePath: $0).standardizedFileURL.resolvingSymlinksInPath().path).inserted
    }
    let points = points(found.count)
    return try found.map { path in
      try (needsLogs ? nil : end(path)) ?? RecordedRun(readingFrom: path, points: points, others: steps)
    }
  }

  /// What the summary of a run says whose log is not there.
  private static func end(_ path: String) throws -> RecordedRun? {
    guard !FileManager.default.fileExists(atPath: path + "/regret.csv.gz"),
      let summary = RecordedSummary(readingFrom: path + "/summary.json")
    else { return nil }
    return try RecordedRun(endOf: path, summary)
  }

  /// The runs in folders by task, read where each task's shortest run ends too.
  static func tasks(
    in folders: [String], at steps: [Int] = [], points: (Int) -> Int = { _ in points },
    needsLogs: Bool = true
  ) throws -> (tasks: [RunTask], twins: [RunTask.Twin]) {
    let registry = Catalogue.current.registry
    let found = try runs(in: folders, at: steps, points: points, needsLogs: needsLogs)
    let read = try RunTask.tasks(of: found, registry: registry)
    var ends: [String: Int] = [:]
    for task in read.tasks {
      for run in task.groups.flatMap(\.runs) where !run.steps.contains(task.lastStep) {
        ends[run.path] = task.lastStep
      }
    }
    if ends.isEmpty { return read }
    let points = points(found.count)
    let again = try found.map { run in
      try ends[run.path].map {
        try RecordedRun(readingFrom: run.path, points: points, others: steps + [$0])
      } ?? run
    }
    return try RunTask.tasks(of: again, registry: registry)
  }

  private static func named(_ folder: String) throws -> [String] {
    let runs = runFolders(in: folder, depth: 2)
    if runs.isEmpty {
      throw ConfigurationError(
        key: "run", given: folder,
        allowed: "a run's folder, with a manifest.json, or a folder that has some in it or in its folders")
    }
    return runs
  }

  /// A run's folder, or those up to some levels below.
  private static func runFolders(in folder: String, depth: Int) -> [String] {
    if FileManager.default.fileExists(atPath: folder + "/manifest.json") { return [folder] }
    guard depth > 0 else { return [] }
    let start = folder.hasSuffix("/") ? folder : folder + "/"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
      .flatMap { runFolders(in: start + $0, depth: depth - 1) }
  }
}
