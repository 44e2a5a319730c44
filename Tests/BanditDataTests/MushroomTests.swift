import TestSupport
import Testing

@testable import BanditData
@testable import BanditFiles

@Suite("Mushroom data")
struct MushroomTests {
  private func reason(_ text: String) -> String? {
    dataFileError { () throws(DataFileError) in
      _ = try MushroomData(parsing: text.bytes, file: "m.data")
    }?.description
  }

  private let row = "p" + String(repeating: ",x", count: 22) + "\n"

  @Test("The embedded records have the published counts")
  func counts() throws {
    let data = try MushroomData.load()
    #expect(data.count == 8124)
    #expect(data.isPoisonous.count { $0 } == 3916)
    #expect(data.attributeNames.count == 22)
    #expect(Set(data.attributeNames).count == 22)
    #expect(data.codes.count == 8124 * 22)
    #expect(
      data.levels.map(\.count) == [6, 4, 10, 2, 9, 2, 2, 2, 12, 2, 5, 4, 4, 9, 9, 1, 4, 3, 5, 9, 6, 7])
    #expect(data.levels.joined().count == 117)
    #expect(data.levels.allSatisfy { $0 == $0.sorted() })
  }

  @Test("A missing stalk root is a level of its own, the first")
  func missing() throws {
    let data = try MushroomData.load()
    let root = try #require(data.attributeNames.firstIndex(of: "stalk-root"))
    #expect(data.levels[root] == ["?", "b", "c", "e", "r"])
    #expect((0..<data.count).count { data[$0, root] == 0 } == 2480)
  }

  @Test("Every code is the one that another program gives")
  func codes() throws {
    let data = try MushroomData.load()
    #expect(data.codes[..<22] == [5, 2, 4, 1, 6, 1, 0, 1, 4, 0, 3, 2, 2, 7, 7, 0, 2, 1, 4, 2, 3, 5])
    // From Python's zlib.crc32 over the codes, and over the classes as bytes.
    #expect(Gzip.crc32(of: data.codes) == 0x3242_3021)
    #expect(Gzip.crc32(of: data.isPoisonous.map { $0 ? 1 : 0 }) == 0xa31c_eabe)
  }

  @Test("The codes and levels spell the original text")
  func original() throws {
    let data = try MushroomData.load()
    var text: [UInt8] = []
    for mushroom in 0..<data.count {
      text += data.isPoisonous[mushroom] ? "p".utf8 : "e".utf8
      for (attribute, levels) in data.levels.enumerated() {
        text += ",\(levels[data[mushroom, attribute]])".utf8
      }
      text += "\n".utf8
    }
    #expect(try text == MushroomData.embeddedText())
  }

  @Test("A copy that is not mushroom records is refused with the line and the reason")
  func refused() {
    #expect(reason(row) == nil)
    #expect(reason("p,x\n") == "m.data, line 1: has 2 fields; a mushroom has 23")
    #expect(reason(row + row.dropLast(3) + "\n") == "m.data, line 2: has 22 fields, the first row has 23")
    #expect(
      reason(row + "u" + row.dropFirst())
        == "m.data, line 2: has the class \"u\"; it must be e or p, and a header is not allowed")
    for habitat in ["xy", "é", ""] {
      #expect(
        reason(row + row.dropLast(2) + habitat + "\n")
          == "m.data, line 2: has \"\(habitat)\" as habitat; it must be one letter, or ?")
    }
  }
}

@Suite("Data catalogue")
struct DataCatalogueTests {
  @Test("Every data set verifies, and its report says what was found")
  func verify() throws {
    #expect(
      try DataCatalogue.all.named("mushroom").verify() == """
        mushroom: 8124 rows (4208 edible, 3916 poisonous), 22 attributes, 117 levels, 373704 bytes, \
        SHA-256 as expected
        """)
  }

  @Test("A name the catalogue does not have is refused with those it has")
  func unknown() {
    let error = #expect(throws: UnknownDataSet.self) { try DataCatalogue.all.named("mushrooms") }
    let names = "mushroom, mnist, fashion-mnist, statlog, adult, covertype, census, jester, financial"
    #expect(error?.description == "there is no data set \"mushrooms\"; there is: \(names)")
  }

  @Test("A changed data set fails to verify, and the error names what differs")
  func changed() throws {
    let right = try MushroomData.embeddedText()
    func reason(_ change: @Sendable @escaping (inout [UInt8]) -> Void) throws -> String? {
      let set = try DataCatalogue.all.named("mushroom")
      guard case .embedded(let original) = set.contents else { return "not in the program" }
      let changed = EmbeddedData(
        sha256: original.sha256, byteCount: original.byteCount, counts: original.counts,
        contents: { () throws(DataFileError) in
          var text = right
          change(&text)
          return text
        }, count: original.count)
      return dataFileError { () throws(DataFileError) in _ = try changed.verify("mushroom") }?.description
    }
    #expect(try reason { _ in } == nil)
    #expect(try reason { $0.removeLast(46) } == "mushroom: has 373658 bytes instead of 373704")
    #expect(try reason { $0[0] = UInt8(ascii: "e") } == "mushroom: has 4209 edible rows instead of 4208")
    #expect(try reason { $0[2] = UInt8(ascii: "z") } == "mushroom: has 7 levels of attribute 1 instead of 6")
    #expect(
      try reason { $0[2] = UInt8(ascii: "b") }?.hasPrefix("mushroom: its SHA-256 is not e65d0820") == true)
  }
}
