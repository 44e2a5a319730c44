import BanditFiles
import Foundation

/// A file of events as TensorBoard reads them: a sequence of records, each with checksums of its own.
///
/// Source: `tensorflow/core/lib/io/record_writer.h` and `tensorflow/core/util/event.proto` of TensorFlow 2.
///
/// A reader follows the file while it grows; a record that a kill has cut short is passed over.
final class EventFile {
  /// The file's path.
  let path: String
  private let file: FileHandle
  private var pending: [UInt8] = []
  private let clock: () -> Date

  /// Bytes that are gathered before they are written.
  private static let flushSize = 1 << 16

  /// Creates a file in a folder, under a name by which TensorBoard finds it.
  ///
  /// - Parameters:
  ///   - step: the last step of earlier files of the folder that counts; what they have of later steps is forgotten.
  ///   - clock: gives the time of events.
  init(creatingIn folder: String, after step: Int, clock: @escaping () -> Date = Date.init) throws {
    let seconds = Int(clock().timeIntervalSince1970)
    self.clock = clock
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      // A run resumed within a second takes the next name: readers go by the order of names.
      path =
        (seconds...).lazy.map { "\(folder)/events.out.tfevents.\($0).bandit-sim" }
        .first { !FileManager.default.fileExists(atPath: $0) } ?? folder
      try Data().write(to: URL(filePath: path), options: .withoutOverwriting)
      file = try FileHandle(forWritingTo: URL(filePath: path))
    } catch {
      throw Self.failure(folder, error)
    }
    append(event(step: 0) { $0.text(3, "brain.Event:2") })
    if step > 0 {
      // SessionLog with status START: events of this step and later ones in earlier files do not count.
      append(event(step: step + 1) { $0.message(7) { $0.integer(1, 1) } })
    }
    try flush()
  }

  /// Adds the values of a step.
  func append(_ values: [SummaryValue], step: Int) throws {
    guard !values.isEmpty else { return }
    append(event(step: step) { $0.message(5) { summary in values.forEach { $0.encode(into: &summary) } } })
    if pending.count >= Self.flushSize { try flush() }
  }

  /// Writes what is pending.
  func flush() throws {
    do {
      try file.write(contentsOf: pending)
      pending.removeAll(keepingCapacity: true)
    } catch {
      throw Self.failure(path, error)
    }
  }

  /// Writes what is pending and closes the file.
  func close() throws {
    try flush()
    do { try file.close() } catch { throw Self.failure(path, error) }
  }

  private func event(step: Int, _ body: (inout ProtocolBuffer) -> Void) -> [UInt8] {
    var event = ProtocolBuffer()
    event.double(1, clock().timeIntervalSince1970)
    if step != 0 { event.integer(2, step) }
    body(&event)
    return event.bytes
  }

  /// Adds a record: its length, the length's checksum, the record, its checksum.
  private func append(_ record: [UInt8]) {
    let length = ProtocolBuffer.littleEndian(UInt64(record.count))
    pending += length + ProtocolBuffer.littleEndian(CRC32C.masked(length))
    pending += record + ProtocolBuffer.littleEndian(CRC32C.masked(record))
  }

  private static func failure(_ path: String, _ error: any Error) -> DataFileError {
    DataFileError(file: path, reason: "TensorBoard's events cannot be written: \(error.systemReason)")
  }
}
