import BanditCore
import Foundation
import Testing

@Suite("Setting values")
struct SettingValueTests {
  @Test(
    "JSON of every kind is read as what it is",
    arguments: [
      ("true", .boolean(true)), ("false", .boolean(false)), ("0", .integer(0)), ("1", .integer(1)),
      ("-12", .integer(-12)), ("0.5", .number(0.5)), ("1e-4", .number(1e-4)), ("\"1\"", .text("1")),
      ("[]", .list([])), ("[1,\"a\"]", .list([.integer(1), .text("a")])), ("{}", .group([:])),
      ("{\"a\":{\"b\":true}}", .group(["a": .group(["b": .boolean(true)])])),
    ] as [(String, SettingValue)])
  func decoding(json: String, value: SettingValue) throws {
    #expect(try JSONDecoder().decode(SettingValue.self, from: Data(json.utf8)) == value)
    let again = try JSONDecoder().decode(SettingValue.self, from: JSONEncoder().encode(value))
    #expect(again == value)
  }

  @Test("A missing value is refused")
  func null() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([String: SettingValue].self, from: Data("{\"a\":null}".utf8))
    }
  }

  @Test("A value's text is the spelling that an assignment takes")
  func descriptions() {
    #expect(SettingValue.boolean(true).description == "true")
    #expect(SettingValue.integer(-3).description == "-3")
    #expect(SettingValue.number(1e-4).description == "0.0001")
    #expect(SettingValue.text("a b").description == "a b")
    #expect(SettingValue.list([.integer(1), .integer(2)]).description == "1,2")
    #expect(SettingValue.group(["b": .integer(2), "a": .text("x")]).description == "a=x b=2")
  }
}
