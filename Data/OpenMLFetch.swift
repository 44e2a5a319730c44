public import BanditFiles
import Foundation

extension OpenMLData {
  /// Where sets are downloaded from unless another server is named.
  public static let server = "https://www.openml.org"

  /// Downloads a set into the user's cache, unless it is found already, and checks it; nothing is kept of one that is
  /// wrong.
  ///
  /// - Parameters:
  ///   - id: The number of the set.
  ///   - folders: Where files are looked for and put.
  ///   - server: The address of a server with OpenML's interface.
  ///   - report: Is told what happens.
  /// - Returns: What is there now, in a sentence.
  /// - Throws: `DataFileError` for a set that is no bandit, and for what cannot be downloaded or is damaged.
  public static func fetch(
    _ id: Int, folders: DataFolders = DataFolders(), server: String = server,
    report: (FetchEvent) -> Void
  ) throws(DataFileError) -> String {
    if let found = try? verify(id, folders: folders) { return found }
    try OpenMLFetch(id: id, server: server, folder: "\(folders.cache)/openml").run(report: report)
    return try verify(id, folders: folders)
  }
}

/// Gets a set from a server into a folder of its own.
struct OpenMLFetch {
  let id: Int
  let server: String
  /// The folder of all sets.
  let folder: String
  var curl = Curl()
  /// How often the server is asked for a file; each time the download continues where it ended.
  var attempts = 4
  /// Seconds before it is asked again.
  var pause = 1.0

  private static let largestAnswer = 1 << 24

  init(id: Int, server: String, folder: String) {
    self.id = id
    self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
    self.folder = folder
  }

  func run(report: (FetchEvent) -> Void) throws(DataFileError) {
    try POSIXFile.createFolder(folder)
    let lock = try POSIXFile.lockFolder(folder)
    defer { _ = POSIXFile.release(lock) }
    let place = try POSIXFile.createPrivateFolder(in: folder)
    // After a success there is none of this name any more.
    defer { try? FileManager.default.removeItem(atPath: place) }
    let description = try answer("api/v1/json/data/\(id)", in: place, report: report)
    let features = try answer("api/v1/json/data/features/\(id)", in: place, report: report)
    let record = try OpenMLRecord(id: id, description: description, features: features)
    if record.md5 == nil { report(.note("openml:\(id): OpenML knows no checksum of its file")) }
    let path = "\(place)/\(OpenMLData.tableName)"
    try download(
      "data/v1/download/\(record.file)", to: path, limit: OpenMLData.largestFile, report: report)
    try replaceFile(atPath: "\(place)/\(OpenMLData.recordName)", with: record.saved)
    do throws(DataFileError) {
      _ = try OpenMLData(id, folder: place)
    } catch {
      // The path will not be there any more.
      throw DataFileError(
        file: "openml:\(id)", line: error.line,
        reason: "what came from \(server) is not kept: \(error.reason)")
    }
    let target = "\(folder)/\(id)"
    try? FileManager.default.removeItem(atPath: target)
    if let number = POSIXFile.rename(place, to: target) { throw POSIXFile.failure(target, number) }
  }

  /// The server's answer to a question, whole.
  private func answer(
    _ question: String, in place: String, report: (FetchEvent) -> Void
  ) throws(DataFileError) -> [UInt8] {
    let path = "\(place)/answer"
    defer { POSIXFile.remove(path) }
    try download(question, to: path, limit: Self.largestAnswer, report: report)
    return try readRawFile(atPath: path, limit: Self.largestAnswer)
  }

  private func download(
    _ name: String, to path: String, limit: Int, report: (FetchEvent) -> Void
  ) throws(DataFileError) {
    let url = "\(server)/\(name)"
    func fail(_ reason: String) -> DataFileError {
      DataFileError(file: "openml:\(id)", reason: "could not be downloaded. \(url): \(reason)")
    }
    var last = ""
    for attempt in 1...attempts {
      do throws(Curl.Failure) {
        return try curl.download(url, to: path, limit: limit) { _ in }
      } catch {
        switch error {
        case .local(let error): throw error
        case .refused(let reason):
          throw fail(
            reason.contains("412")
              ? "\(reason); OpenML answers so where it has no such set, or a private one" : reason)
        case .cannotResume:
          POSIXFile.remove(path)
          last = "it cannot continue from where a download ended"
        case .interrupted(let reason):
          last = reason
          guard attempt < attempts else { break }
          report(.note("\(url): \(reason); trying again"))
          Thread.sleep(forTimeInterval: pause)
        }
      }
    }
    throw fail("\(last). Run again later")
  }
}
