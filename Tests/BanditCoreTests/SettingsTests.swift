import BanditCore
import Foundation
import Testing

@Suite("Settings")
struct SettingsTests {
  private func applying(_ words: String...) throws -> SampleConfiguration {
    try Settings.applying(words.map { try Settings.assignment($0) }, to: SampleConfiguration())
  }

  @Test("The list has the fields in order, those of a group on the same level")
  func list() {
    let settings = Settings.list(SampleConfiguration())
    #expect(settings.map(\.key) == ["flag", "count", "depth", "rate", "colour", "sizes", "label"])
    #expect(
      settings.map(\.kind) == [
        .boolean, .integer, .integer, .number, .choice(["red", "dark-blue"]), .integers, .text,
      ])
    #expect(
      settings.map(\.value) == [
        .boolean(false), .integer(3), .integer(2), .number(0.5), .text("red"),
        .list([.integer(4), .integer(5)]),
        .text("x"),
      ])
    #expect(Settings.list(NoSettings()).isEmpty)
  }

  @Test("Every kind of setting can be assigned, and the others stay")
  func applyingEveryKind() throws {
    #expect(try applying("flag=true").flag)
    #expect(try applying("count=-7").count == -7)
    #expect(try applying("depth=9").group == SampleConfiguration.Group(depth: 9, rate: 0.5))
    #expect(try applying("rate=1e-4").group.rate == 1e-4)
    #expect(try applying("rate=3").group.rate == 3)
    #expect(try applying("colour=dark-blue").colour == .darkBlue)
    #expect(try applying("sizes=1,2,3").sizes == [1, 2, 3])
    #expect(try applying("sizes=").sizes == [])
    #expect(try applying("label=a=b, c").label == "a=b, c")
    #expect(try applying("label=").label == "")
    var expected = SampleConfiguration()
    expected.count = 8
    #expect(try applying("count=8") == expected)
    #expect(try applying() == SampleConfiguration())
  }

  @Test("Of two assignments to a key the later wins")
  func later() throws {
    #expect(try applying("count=1", "count=2").count == 2)
  }

  @Test("A key that does not exist is refused with the keys there are and the nearest spelling")
  func unknownKey() {
    let error = configurationError { _ = try applying("dpeth=1") }
    #expect(
      error
        == ConfigurationError(
          key: "setting", given: "dpeth", allowed: "flag, count, depth, rate, colour, sizes, label",
          suggestion: "depth"))
    #expect(configurationError { _ = try applying("group=1") }?.key == "setting")
    #expect(configurationError { _ = try applying("colouring-book=1") }?.suggestion == nil)
    let none = configurationError { _ = try Settings.applying([(key: "a", value: "1")], to: NoSettings()) }
    #expect(none?.allowed == "none")
  }

  @Test(
    "A bad value is refused with the key and what is allowed",
    arguments: [
      ("flag", "yes", "true or false"), ("flag", "1", "true or false"), ("flag", "", "true or false"),
      ("count", "1.5", "a whole number"), ("count", "ten", "a whole number"), ("count", "", "a whole number"),
      ("count", "9223372036854775808", "a whole number"), ("depth", " 1", "a whole number"),
      ("rate", "fast", "a number"), ("rate", "nan", "a number"), ("rate", "inf", "a number"),
      ("rate", "-infinity", "a number"), ("rate", "1e999", "a number"), ("rate", "1,5", "a number"),
      ("colour", "green", "red, dark-blue"), ("colour", "Red", "red, dark-blue"),
      ("sizes", "1,,2", "whole numbers with commas between them"),
      ("sizes", "1,2,", "whole numbers with commas between them"),
      ("sizes", "1.5", "whole numbers with commas between them"),
    ])
  func badValue(key: String, given: String, allowed: String) {
    let error = configurationError {
      _ = try Settings.applying([(key: key, value: given)], to: SampleConfiguration())
    }
    #expect(error?.key == key)
    #expect(error?.given == given)
    #expect(error?.allowed == allowed)
  }

  @Test("A mistyped choice comes with the nearest one, a far one with none")
  func choices() {
    #expect(configurationError { _ = try applying("colour=dark-bleu") }?.suggestion == "dark-blue")
    #expect(configurationError { _ = try applying("colour=turquoise") }?.suggestion == nil)
  }

  @Test("An assignment is split at the first equals sign")
  func assignment() throws {
    let (key, value) = try Settings.assignment("a=b=c")
    #expect(key == "a" && value == "b=c")
    #expect(try Settings.assignment("a=").value == "")
    for wrong in ["a", "", "=b"] {
      #expect(
        configurationError { _ = try Settings.assignment(wrong) }
          == ConfigurationError(key: "setting", given: wrong, allowed: "key=value"))
    }
  }

  @Test(
    "Values that are read back give the same configuration",
    arguments: [0.1, 1e-300, 1.7976931348623157e308, -1.0 / 3, 4e15, 0] as [Double])
  func roundTrip(rate: Double) throws {
    var configuration = SampleConfiguration()
    configuration.flag = true
    configuration.count = .min
    configuration.group.rate = rate
    configuration.colour = .darkBlue
    configuration.sizes = []
    configuration.label = "ä,=\"\n"
    let values = Settings.values(configuration)
    let file = try JSONDecoder().decode([String: SettingValue].self, from: JSONEncoder().encode(values))
    let assignments = file.map { (key: $0.key, value: $0.value.description) }
    #expect(try Settings.applying(assignments, to: SampleConfiguration()) == configuration)
  }
}
