import BanditFiles
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("TensorBoard's event files")
struct EventFileTests {
  @Test("Checksums are those of RFC 3720")
  func checksums() {
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(CRC32C.checksum([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    #expect(CRC32C.checksum(0..<32 as Range<UInt8>) == 0x46dd_794e)
    #expect(CRC32C.checksum("123456789".utf8) == 0xe306_9283)
  }

  @Test("Fields have the bytes of the format's description")
  func fields() {
    var message = ProtocolBuffer()
    message.integer(1, 150)
    message.text(2, "testing")
    message.message(3) { $0.integer(1, 150) }
    message.float(4, 1)
    message.double(5, -2)
    message.doubles(6, [1])
    #expect(
      message.bytes == [0x08, 0x96, 0x01, 0x12, 0x07] + Array("testing".utf8) + [
        0x1a, 0x03, 0x08, 0x96, 0x01, 0x25, 0, 0, 0x80, 0x3f, 0x29, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0x32, 8, 0, 0,
        0, 0, 0, 0, 0xf0, 0x3f,
      ])
  }

  private static let date = Date(timeIntervalSince1970: 1_700_000_000)

  private func write(in folder: String, after step: Int = 0, steps: ClosedRange<Int> = 1...3) throws -> String
  {
    let file = try EventFile(creatingIn: folder, after: step) { Self.date }
    for step in steps {
      try file.append(
        [
          .scalar("regret/expected", Double(step) / 4),
          .histogram("weights/a", [.nan, .infinity, 1, 2, 3, Float(step)]), .histogram("weights/none", []),
          .histogram("weights/one", [7, 7]),
        ], step: step)
    }
    try file.close()
    return file.path
  }

  @Test("Records have lengths and right checksums, and names go on where time stands still")
  func records() throws {
    try withTemporaryDirectory { folder in
      let paths = [try write(in: folder + "/tensorboard"), try write(in: folder + "/tensorboard", after: 2)]
      #expect(paths[0].hasSuffix("/tensorboard/events.out.tfevents.1700000000.bandit-sim"))
      #expect(paths[1].hasSuffix("1700000001.bandit-sim"))
      #expect(try expectWholeRecords(contents(of: paths[0])) == 4)
      #expect(try expectWholeRecords(contents(of: paths[1])) == 5)
    }
  }

  private func expectWholeRecords(_ bytes: [UInt8]) -> Int {
    func number<T: FixedWidthInteger>(_ type: T.Type, at start: Int) -> T {
      (0..<MemoryLayout<T>.size).reduce(0) { $0 | T(bytes[start + $1]) << ($1 * 8) }
    }
    var position = 0
    var count = 0
    while position < bytes.count {
      let length = Int(number(UInt64.self, at: position))
      #expect(number(UInt32.self, at: position + 8) == CRC32C.masked(bytes[position..<(position + 8)]))
      let record = bytes[(position + 12)..<(position + 12 + length)]
      #expect(number(UInt32.self, at: position + 12 + length) == CRC32C.masked(record))
      position += 16 + length
      count += 1
    }
    return count
  }

  @Test("TensorBoard's own reader finds the values, and forgets what came after a resumed step")
  func reader() throws {
    guard hasProgram("python3", arguments: ["-c", "import tensorboard"]) else {
      return skip("no TensorBoard to read events with")
    }
    try withTemporaryDirectory { folder in
      _ = try write(in: folder)
      _ = try write(in: folder, after: 2, steps: 3...5)
      let result = try run(["python3", "-c", Self.script, folder])
      #expect(
        result.output == """
          [(1, 0.25), (2, 0.5), (3, 0.75), (4, 1.0), (5, 1.25)]
          ['weights/a', 'weights/none', 'weights/one']
          [(1, 1.0, 3.0, 4.0, 7.0), (2, 1.0, 3.0, 4.0, 8.0), (3, 1.0, 3.0, 4.0, 9.0), \
          (4, 1.0, 4.0, 4.0, 10.0), (5, 1.0, 5.0, 4.0, 11.0)]

          """)
    }
  }

  private static let script = """
    import sys, os
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    log = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "histograms": 0, "tensors": 0})
    log.Reload()
    tags = log.Tags()
    scalars = sorted(log.Scalars("regret/expected"), key=lambda event: event.step)
    print([(event.step, event.value) for event in scalars])
    print(sorted(tags["histograms"]))
    values = [(e.step, e.histogram_value) for e in log.Histograms("weights/a")]
    print([(step, h.min, h.max, h.num, h.sum) for step, h in values])
    """

  @Test("A folder that cannot be made is an error with its path")
  func unwritable() throws {
    try withTemporaryDirectory { folder in
      try "file".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
      let error = #expect(throws: DataFileError.self) { try write(in: folder + "/file/tensorboard") }
      #expect(error?.description.contains("/file/tensorboard") == true)
    }
  }
}
