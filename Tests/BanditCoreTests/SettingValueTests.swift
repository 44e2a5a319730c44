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
    #expect(SettingValue.list([]).description == "")
    #expect(
      SettingValue.list([.list([.integer(0), .integer(1)]), .list([.integer(5)])]).description == "0,1/5")
    #expect(SettingValue.group(["b": .integer(2), "a": .text("x")]).description == "a=x b=2")
  }

  @Test("A list that an earlier version recorded as text is the same as the list that it means")
  func same() {
    func list(_ values: SettingValue...) -> SettingValue { .list(values) }
    let matrix = list(list(.number(0), .integer(1)), list(.number(5), .integer(0)))
    for (old, new) in [
      (.text("a,b"), list(.text("a"), .text("b"))), (.text(""), list()), (.text("0,1/5,0"), matrix),
      (.text("1e-3,1"), list(.number(0.001), .number(1))), (list(.integer(1)), list(.number(1))),
      (.integer(1), .number(1)), (.text("x"), .text("x")), (.text("odor"), list(.text("odor"))),
      (.text("1,2"), list(list(.integer(1), .number(2)))),
    ] as [(SettingValue, SettingValue)] {
      #expect(old.isSame(as: new) && new.isSame(as: old), "\(old) and \(new)")
    }
    for (old, new) in [
      (.text("a,b"), list(.text("a"))), (.text(""), list(.integer(1))), (.text("0,1/5,1"), matrix),
      (.text("0,1"), matrix), (.text("a,b"), list(.text("b"), .text("a"))), (.integer(1), .number(1.5)),
      (.text("a"), .text("b")), (.boolean(true), .integer(1)), (list(.integer(1)), list()),
      (.text("a,b"), list(.text("a,b"))),
    ] as [(SettingValue, SettingValue)] {
      #expect(!old.isSame(as: new) && !new.isSame(as: old), "\(old) and \(new)")
    }
  }
}
