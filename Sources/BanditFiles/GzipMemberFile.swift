/// Writes a text log as a sequence of whole gzip members, each by one append and synced to the disk.
///
/// Whatever stops the program, the file's finished members stay readable by `zcat` and by `Gzip.decompress`.
public final class GzipMemberFile {
  /// The file's path.
  public let path: String
  /// The number of bytes in the file, all in whole members.
  public private(set) var length = 0
  /// The CRC-32 of these bytes.
  private var checksum: UInt32 = 0

  private var descriptor: Int32?
  private let write: POSIXFile.Write
  private let pace: Pace
  /// Whether bytes of an unfinished member may follow the last whole one.
  private var hasTail = false
  /// The first bytes that a sync has brought to the disk, and when it did.
  private var synced: (length: Int, time: ContinuousClock.Instant) = (0, .now)

  /// What is spent on members.
  public enum Pace: Sendable {
    /// Zlib's usual effort, and a sync for each member.
    case thorough
    /// `Gzip.quickMember`, and a sync once a second: for many lines in little time. The system has every member as soon as
    /// it is appended, so that only a power cut can take one back.
    case quick
  }

  /// Creates the file; its directory must exist, and the file must not.
  public convenience init(creating path: String, pace: Pace = .thorough) throws(DataFileError) {
    try self.init(creating: path, pace: pace, write: POSIXFile.systemWrite)
  }

  init(
    creating path: String, pace: Pace = .thorough, write: @escaping POSIXFile.Write
  ) throws(DataFileError) {
    self.path = path
    self.pace = pace
    self.write = write
    let descriptor = try POSIXFile.create(path)
    self.descriptor = descriptor
    _ = POSIXFile.lock(descriptor)
  }

  /// Opens a file that is there, to continue behind its first bytes, which are whole members; what follows them is cut
  /// off when something is appended or the file is closed.
  ///
  /// - Throws: `DataFileError` for a file that is missing, shorter, of other bytes, or being written by another process.
  public init(continuing path: String, from seal: FileSeal, pace: Pace = .thorough) throws(DataFileError) {
    precondition(seal.bytes >= 0, "a file's length is never negative")
    self.path = path
    self.pace = pace
    length = seal.bytes
    synced.length = length
    write = POSIXFile.systemWrite
    let (descriptor, found) = try FileSeal.reopen(path)
    self.descriptor = descriptor
    guard POSIXFile.lock(descriptor) else { throw Self.inUse(path) }
    checksum = try seal.check(path, descriptor, length: found)
    hasTail = found > length
  }

  /// What the file holds so far.
  public var seal: FileSeal { FileSeal(bytes: length, crc32: checksum) }

  /// Throws where the file's name does not lead to it any more.
  public func requireInPlace() throws(DataFileError) {
    guard let descriptor, !POSIXFile.isAt(path, descriptor) else { return }
    throw DataFileError(
      file: path,
      reason: "is not there any more: the file or its folder was removed or moved while it was written; "
        + "--resume continues a run that was moved where it is now")
  }

  /// Throws where another process is writing the file.
  public static func requireUnused(_ path: String) throws(DataFileError) {
    let (descriptor, _) = try POSIXFile.reopen(path)
    defer { _ = POSIXFile.release(descriptor) }
    guard POSIXFile.lock(descriptor) else { throw inUse(path) }
  }

  private static func inUse(_ path: String) -> DataFileError {
    DataFileError(file: path, reason: "is being written by another process; wait for its end or stop it")
  }

  deinit {
    if let descriptor { _ = POSIXFile.release(descriptor) }
  }

  /// Appends the text as one gzip member, and returns once it is on the disk, or at a quick pace once the system has it;
  /// no text is no member.
  ///
  /// After an error the file is as before the call, and the same text may be appended again.
  public func append(_ text: [UInt8]) throws(DataFileError) {
    guard let descriptor else { preconditionFailure("append to a log that is closed") }
    guard !text.isEmpty else { return }
    if hasTail { cutTail(descriptor) }
    guard !hasTail else {
      throw DataFileError(file: path, reason: "cannot be cut back to its last whole member; \(kept)")
    }
    let member = pace == .quick ? Gzip.quickMember(of: text) : Gzip.member(of: text)
    hasTail = true
    var stopped = POSIXFile.writeAll(member, to: descriptor, with: write)
    let isDue = pace == .thorough || .now - synced.time >= .seconds(1)
    if stopped == nil, isDue { stopped = POSIXFile.sync(descriptor) }
    if let stopped {
      cutTail(descriptor)
      throw DataFileError(file: path, reason: "\(POSIXFile.explanation(of: stopped)); \(kept)")
    }
    hasTail = false
    length += member.count
    checksum = Gzip.crc32(of: member, continuing: checksum)
    if isDue { synced = (length, .now) }
  }

  /// Returns once all members are on the disk.
  public func sync() throws(DataFileError) {
    guard let descriptor, synced.length < length else { return }
    if let number = POSIXFile.sync(descriptor) {
      throw DataFileError(
        file: path,
        reason:
          "\(POSIXFile.explanation(of: number)); only its first \(synced.length) bytes are surely on the disk"
      )
    }
    synced = (length, .now)
  }

  /// Closes the file; closing it again does nothing.
  public func close() throws(DataFileError) {
    guard let descriptor else { return }
    if hasTail { cutTail(descriptor) }
    var failure: DataFileError?
    do throws(DataFileError) { try sync() } catch { failure = error }
    self.descriptor = nil
    if let number = POSIXFile.release(descriptor) { failure = failure ?? POSIXFile.failure(path, number) }
    if let failure { throw failure }
  }

  private func cutTail(_ descriptor: Int32) {
    hasTail = !POSIXFile.truncate(descriptor, to: length)
  }

  private var kept: String {
    hasTail
      ? "only the first \(length) bytes of the log are whole"
      : "the log holds its first \(length) bytes, all whole"
  }
}
