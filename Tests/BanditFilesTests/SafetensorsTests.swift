import BanditNumerics
import Foundation
import TestSupport
import Testing

@testable import BanditFiles

@Suite("Safetensors")
struct SafetensorsTests {
  private let contents = Safetensors(
    [
      NamedTensor(name: "b", shape: [2, 3], values: [1, -2, 0.5, .infinity, .leastNonzeroMagnitude, -0.0]),
      NamedTensor(name: "a", shape: [], values: [0.1]),
      NamedTensor(name: "c/\"é", shape: [0, 7], values: []),
    ], metadata: ["kind": "test"])

  private func reason(_ bytes: [UInt8]) -> String? {
    dataFileError { () throws(DataFileError) in _ = try Safetensors(bytes: bytes, file: "x") }?.reason
  }

  /// A file with that header and that many bytes behind it.
  private func file(_ header: String, dataBytes: Int = 0) -> [UInt8] {
    let text = header.bytes
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
      + Array(repeating: 0, count: dataBytes)
  }

  @Test("What is written is read back, to the bit and by name")
  func roundTrip() throws {
    let read = try Safetensors(bytes: contents.bytes, file: "x")
    #expect(read.tensors == contents.tensors.sorted { $0.name < $1.name })
    #expect(read.metadata == contents.metadata)
    #expect(read.tensor(named: "b")?.values.map(\.bitPattern) == contents.tensors[0].values.map(\.bitPattern))
    #expect(read.tensor(named: "d") == nil)
    #expect(try Safetensors(bytes: Safetensors([]).bytes, file: "x") == Safetensors([]))
  }

  @Test("Every kind of number is read back to the bit")
  func kinds() throws {
    let tensors = [
      NamedTensor(name: "d", shape: [3], elements: .double([0.1, -0.0, .infinity])),
      NamedTensor(name: "i", shape: [2], elements: .int32([.min, 7])),
      NamedTensor(name: "u", shape: [1, 2], elements: .uint64([.max, 1])),
    ]
    let read = try Safetensors(bytes: Safetensors(tensors).bytes, file: "x")
    #expect(read.tensors == tensors)
    #expect(Double.values(read.tensors[0].elements)?[1].sign == .minus)
  }

  @Test("The same contents give the same bytes, and tensors start at a multiple of eight")
  func bytes() {
    let bytes = contents.bytes
    #expect(bytes == contents.bytes)
    #expect(bytes[0] % 8 == 0 && bytes.count == 8 + Int(bytes[0]) + 28)
  }

  @Test("A file that Python's safetensors wrote is read")
  func fromPython() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "python.safetensors").path
    let read = try Safetensors(bytes: readDataFile(atPath: path, limit: 1 << 20), file: path)
    #expect(read.metadata == ["made by": "Python", "quote": "a \"b\" \\ é"])
    #expect(
      read.tensors == [
        NamedTensor(name: "empty", shape: [0, 4], values: []),
        NamedTensor(name: "layer.bias", shape: [3], values: [1e-30, -.infinity, .greatestFiniteMagnitude]),
        NamedTensor(name: "layer.weight", shape: [2, 3], values: [-0.5, -0.25, 0, 0.25, 0.5, 0.75]),
        NamedTensor(name: "scalar", shape: [], values: [0.1]),
      ])
  }

  @Test("Every file cut short is refused")
  func truncated() {
    let bytes = contents.bytes
    for count in bytes.indices { #expect(reason(Array(bytes[..<count])) != nil, "\(count) bytes") }
    #expect(reason(bytes) == nil)
    #expect(reason([])?.contains("has 0 bytes") == true)
    #expect(reason(Array(bytes.dropLast()))?.contains("cut short") == true)
  }

  @Test("A header's length beyond the file or the format's limit takes no memory")
  func headerLength() {
    let huge = [UInt8](repeating: 0xff, count: 8)
    #expect(reason(huge)?.contains("more than the 100000000 allowed") == true)
    #expect(reason([0, 0, 0, 5, 0, 0, 0, 0] + huge)?.contains("ends within its header") == true)
  }

  @Test(
    "A header that is not a safetensors file's is refused",
    arguments: [
      "", "[]", "{", "{\"a\":1}", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", "{\"a\":{\"x\":\"words\"}}",
      "{\"__metadata__\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
      "{\"__metadata__\":{\"n\":1}}",
      String(repeating: "[", count: 100_000),
    ])
  func badHeader(header: String) {
    #expect(reason(file(header, dataBytes: 4)) == "has a header that is not the JSON of a safetensors file")
  }

  @Test(
    "A tensor with a wrong type, place or shape is refused",
    arguments: [
      ("F16", "[4]", "[0,8]", "only F32, F64, I32, U64 are read"),
      ("F32", "[1]", "[4,8]", "does not begin where"), ("F32", "[1]", "[-4,0]", "does not begin where"),
      ("F32", "[1]", "[0]", "does not begin where"), ("F32", "[3]", "[0,12]", "cut short"),
      ("F32", "[1]", "[0,-4]", "cut short"), ("F32", "[1]", "[0,8]", "where its shape needs 4"),
      ("F32", "[-1]", "[0,8]", "impossible shape"),
      ("F32", "[4611686018427387904,2]", "[0,8]", "impossible shape"),
      ("F32", "[1]", "[0,4]", "has 4 bytes behind its last tensor"),
    ])
  func badTensor(dtype: String, shape: String, offsets: String, expected: String) {
    let header = "{\"a\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
    #expect(reason(file(header, dataBytes: 8))?.contains(expected) == true)
  }

  @Test("Tensors that share bytes or leave a gap are refused")
  func overlap() {
    let entry = { (name: String, from: Int) in
      "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[\(from),\(from + 4)]}"
    }
    #expect(reason(file("{\(entry("a", 0)),\(entry("b", 0))}", dataBytes: 4)) != nil)
    #expect(reason(file("{\(entry("a", 0)),\(entry("b", 8))}", dataBytes: 12)) != nil)
    #expect(reason(file("{\(entry("b", 4)),\(entry("a", 0))}", dataBytes: 8)) == nil)
  }

  @Test("Any byte of the header changed gives the contents, other contents or an error, never a crash")
  func corrupt() {
    var generator = SeededGenerator(state: 7)
    let bytes = contents.bytes
    for index in 0..<(bytes.count - 28) {
      var changed = bytes
      changed[index] = generator.bytes(1)[0]
      _ = reason(changed)
    }
    #expect(reason(bytes) == nil)
  }

  @Test("Python's safetensors reads what is written")
  func toPython() throws {
    let script = """
      import sys
      from safetensors import safe_open
      with safe_open(sys.argv[1], framework="numpy") as file:
          print(file.metadata(), [(n, file.get_tensor(n).tolist()) for n in sorted(file.keys())])
      """
    guard try run("python3", ["-c", "import safetensors, numpy"]).status == 0 else {
      return print("skipped: no safetensors for python3")
    }
    try withTemporaryDirectory { directory in
      try write(contents.bytes, to: "\(directory)/x.safetensors")
      let result = try run("python3", ["-c", script, "\(directory)/x.safetensors"])
      let text = String(decoding: result.output, as: UTF8.self)
      #expect(result.status == 0)
      #expect(text.hasPrefix("{'kind': 'test'} [('a', 0.10000000149011612), ('b', [[1.0, -2.0, 0.5], [inf, "))
    }
  }
}
