import BanditCore
import BanditSimulation
import Foundation

/// Folders of runs that a user has named.
enum RunFolders {
  /// Points of a curve: more than a printed column can show.
  private static let points = 250

  /// Reads the runs in folders, which hold a run each or folders of runs; a run named twice is read once.
  ///
  /// - Parameter steps: to read beside those of a curve.
  /// - Throws: `ConfigurationError` for a folder without runs, `DataFileError` for runs that cannot be read.
  static func runs(in folders: [String], at steps: [Int] = []) throws -> [RecordedRun] {
    var seen: Set<String> = []
    let found = try folders.flatMap(runFolders).filter {
      seen.insert(URL(filePath: $0).standardizedFileURL.resolvingSymlinksInPath().path).inserted
    }
    return try found.map { try RecordedRun(readingFrom: $0, points: points, others: steps) }
  }

  private static func runFolders(in folder: String) throws -> [String] {
    if isRun(folder) { return [folder] }
    let start = folder.hasSuffix("/") ? folder : folder + "/"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let runs = names.sorted().map { start + $0 }.filter(isRun)
    if runs.isEmpty {
      throw ConfigurationError(
        key: "run", given: folder,
        allowed: "a run's folder, with a manifest.json, or a folder of such folders")
    }
    return runs
  }

  private static func isRun(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/manifest.json")
  }
}
