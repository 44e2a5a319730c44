import BanditCore
import BanditSimulation
import Foundation

/// Folders of runs that a user has named.
enum RunFolders {
  /// Points of a curve: more than a printed column can show.
  private static let points = 250

  /// Reads the runs in folders, which hold a run each, runs, or folders of runs; a run named twice is read once.
  ///
  /// - Parameter steps: to read beside those of a curve.
  /// - Throws: `ConfigurationError` for a folder without runs, `DataFileError` for runs that cannot be read.
  static func runs(in folders: [String], at steps: [Int] = []) throws -> [RecordedRun] {
    var seen: Set<String> = []
    let found = try folders.flatMap(named).filter {
      seen.insert(URL(filePath: $0).standardizedFileURL.resolvingSymlinksInPath().path).inserted
    }
    return try found.map { try run(in: $0, at: steps) }
  }

  /// Reads the run in a folder.
  static func run(in folder: String, at steps: [Int]) throws -> RecordedRun {
    try RecordedRun(readingFrom: folder, points: points, others: steps)
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
