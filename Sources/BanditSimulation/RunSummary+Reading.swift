import BanditFiles
import Foundation

extension RunSummary {
  /// Reads the summary of a run of some settings; nil where the folder has none.
  ///
  /// - Throws: `DataFileError` for a file that is no summary, was changed since it was written, or is of another run.
  init?(of settings: RunSettings, in directory: RunDirectory) throws {
    let path = directory.summaryPath
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      self = try readJSONFile(RunSummary.self, atPath: path)
    } catch let error as DecodingError {
      throw Self.damage(path, "is no run's summary: \(error.sentence)")
    }
    // Only earlier versions wrote neither.
    if files != nil || crc32 != nil, try sealed().crc32 != crc32 {
      throw Self.damage(path, "is damaged: its checksum is not that of its contents")
    }
    guard agent == settings.agent, environment == settings.environment, seed == settings.seed else {
      throw Self.damage(path, "is of another run: \(environment), \(agent), seed \(seed)")
    }
  }

  /// Throws unless the log and the files of observers are those that the run wrote, to the last byte.
  func checkFiles(in directory: RunDirectory) throws {
    if let files {
      for (name, seal) in files.sorted(by: { $0.key < $1.key }) {
        try seal.check("\(directory.path)/\(name)")
      }
      return
    }
    // An earlier version left no checksums, but a row for every step, and those of the log's members.
    let lines = try FileSeal.lineCount(ofGzip: directory.logPath)
    guard lines == steps + 1 else {
      throw FileSeal.damage(directory.logPath, "has \(lines - 1) rows of \(steps)")
    }
  }

  private static func damage(_ path: String, _ reason: String) -> DataFileError {
    DataFileError(
      file: path, reason: "\(reason); remove it, and --resume writes it again, or start anew with --overwrite"
    )
  }
}
