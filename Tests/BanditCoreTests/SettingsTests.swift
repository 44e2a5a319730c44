import BanditCore
import Foundation
import Testing

@Suite("Settings")
struct SettingsTests {
  private static let keys = [
    "flag", "count", "depth", "rate", "colour", "sizes", "label", "rates", "names", "colours", "flags",
    "matrix",
    "words",
  ]

  private func applying(_ words: String...) throws -> SampleConfiguration {
    try Settings.applying(words.map { try Settings.assignment($0) }, to: SampleConfiguration())
  }

  @Test("The list has the fields in order, those of a group on the same level")
  func list() throws {
    let settings = try Settings.list(SampleConfiguration())
    #expect(settings.map(\.key) == Self.keys)
    #expect(
      settings.map(\.kind) == [
        .boolean, .integer, .integer, .number, .choice(["red", "dark-blue"]), .list(of: .integer), .text,
        .list(of: .number), .list(of: .text), .list(of: .choice(["red", "dark-blue"])), .list(of: .boolean),
        .list(of: .list(of: .number)), .list(of: .list(of: .text)),
      ])
    #expect(
      settings.map(\.value) == [
        .boolean(false), .integer(3), .integer(2), .number(0.5), .text("red"),
        .list([.integer(4), .integer(5)]),
        .text("x"), .list([.number(0.5)]), .list([.text("a")]), .list([.text("dark-blue")]),
        .list([.boolean(true)]),
        .list([.list([.number(0), .number(1)]), .list([.number(5), .number(0)])]),
        .list([.list([.text("a")])]),
      ])
    #expect(try Settings.list(NoSettings()).isEmpty)
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
    #expect(try applying("rates=1,2.5,-1e-3").rates == [1, 2.5, -1e-3])
    #expect(try applying("rates=").rates == [])
    #expect(try applying("names=a b,,c").names == ["a b", "", "c"])
    #expect(try applying("names=").names == [])
    #expect(try applying("colours=red,dark-blue").colours == [.red, .darkBlue])
    #expect(try applying("flags=true,false").flags == [true, false])
    #expect(try applying("matrix=0,1/5,-0.5/3").matrix == [[0, 1], [5, -0.5], [3]])
    #expect(try applying("matrix=1,2").matrix == [[1, 2]])
    #expect(try applying("matrix=").matrix == [])
    #expect(try applying("matrix=1/").matrix == [[1], []])
    #expect(try applying("words=a,b/c").words == [["a", "b"], ["c"]])
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
          key: "setting", given: "dpeth", allowed: Self.keys.joined(separator: ", "),
          suggestion: "depth"))
    #expect(configurationError { _ = try applying("group=1") }?.key == "setting")
    #expect(configurationError { _ = try applying("colouring-book=1") }?.suggestion == nil)
    let none = configurationError { _ = try Settings.applying(["a": .integer(1)], to: NoSettings()) }
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
      ("rates", "1,x", "numbers with commas between them"),
      ("rates", "nan", "numbers with commas between them"),
      ("rates", "1/2", "numbers with commas between them"),
      ("colours", "red,blue", "words with commas between them, out of red, dark-blue"),
      ("flags", "true,1", "words with commas between them, out of true or false"),
      ("matrix", "1,2/x", "numbers with commas between them, and / between rows"),
      ("matrix", "1,,2", "numbers with commas between them, and / between rows"),
    ])
  func badValue(key: String, given: String, allowed: String) {
    let error = configurationError {
      _ = try Settings.applying([(key: key, value: .text(given))], to: SampleConfiguration())
    }
    #expect(error?.key == key)
    #expect(error?.given == given)
    #expect(error?.allowed == allowed)
  }

  @Test("A mistyped choice comes with the nearest one, a far one with none")
  func choices() {
    #expect(configurationError { _ = try applying("colour=dark-bleu") }?.suggestion == "dark-blue")
    #expect(configurationError { _ = try applying("colour=turquoise") }?.suggestion == nil)
    #expect(configurationError { _ = try applying("colours=red,dark-bleu") }?.suggestion == "dark-blue")
  }

  @Test("An assignment is split at the first equals sign")
  func assignment() throws {
    let (key, value) = try Settings.assignment("a=b=c")
    #expect(key == "a" && value == .text("b=c"))
    #expect(try Settings.assignment("a=").value == .text(""))
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
    configuration.rates = [rate, 1]
    configuration.names = ["a,b", "", "c/d"]
    configuration.colours = []
    configuration.matrix = [[rate], [], [1, 2]]
    configuration.words = [[], ["a/b,c"]]
    let values = try Settings.values(configuration)
    let file = try JSONDecoder().decode([String: SettingValue].self, from: JSONEncoder().encode(values))
    #expect(try Settings.applying(file, to: SampleConfiguration()) == configuration)
  }

  @Test("A value's spelling on the command line gives the value back, for every kind")
  func spelling() throws {
    var configuration = SampleConfiguration()
    configuration.rates = [0.1, 1, 1e-300]
    configuration.names = ["a", "", "b c"]
    configuration.colours = [.red, .darkBlue]
    configuration.flags = [false, true]
    configuration.matrix = [[0, 1], [], [5]]
    configuration.words = [["a", "b"], ["", "c"]]
    for configuration in [configuration, SampleConfiguration()] {
      let spelled = try Settings.list(configuration).map { ($0.key, SettingValue.text($0.value.description)) }
      #expect(try Settings.applying(spelled, to: SampleConfiguration()) == configuration)
      let again = try Settings.applying(spelled, to: configuration)
      #expect(again == configuration)
    }
  }

  @Test(
    "JSON of another kind than the setting's is refused, an integer is a number, and text is read as on the command line"
  )
  func json() throws {
    func read(_ key: String, _ json: String) throws -> SampleConfiguration {
      let value = try JSONDecoder().decode(SettingValue.self, from: Data(json.utf8))
      return try Settings.applying([key: value], to: SampleConfiguration())
    }
    #expect(try read("rate", "2").group.rate == 2)
    #expect(try read("rates", "[1,0.5]").rates == [1, 0.5])
    #expect(try read("rates", "\"1,0.5\"").rates == [1, 0.5])
    #expect(try read("rates", "\"\"").rates == [])
    #expect(try read("names", "[\"a,b\",\"\"]").names == ["a,b", ""])
    #expect(try read("names", "\"a,b\"").names == ["a", "b"])
    #expect(try read("matrix", "[[0,1],[5,0.5]]").matrix == [[0, 1], [5, 0.5]])
    #expect(try read("matrix", "\"0,1/5,0\"").matrix == [[0, 1], [5, 0]])
    for (key, json) in [
      ("rate", "true"), ("rate", "[1]"), ("rate", "{}"), ("flag", "1"), ("count", "0.5"),
      ("label", "[\"a\"]"),
      ("rates", "[true]"), ("rates", "[[1]]"), ("rates", "{\"a\":1}"), ("matrix", "[[1,true]]"),
      ("matrix", "[{}]"), ("names", "[[\"a\"]]"),
    ] {
      #expect(configurationError { _ = try read(key, json) }?.key == key, "\(key) \(json)")
    }
  }

  /// A configuration with a field that no setting can be.
  private struct Wrapped<Field: Codable & Hashable & Sendable & Initialised>: ComponentConfiguration {
    var good = 1
    var odd = Field()
  }

  @Test("A field of a type that settings do not have is an error with its name and type")
  func unsupported() {
    func expect<C: ComponentConfiguration>(_ type: String, _ configuration: C) {
      for error in [
        configurationError { _ = try Settings.list(configuration) },
        configurationError { _ = try Settings.values(configuration) },
        configurationError { _ = try Settings.applying(["good": .integer(2)], to: configuration) },
      ] {
        #expect(error?.key == "odd" && error?.given == "a field of type \(type)")
        #expect(error?.allowed.contains("Int, Double, String") == true)
      }
    }
    expect("Set<Int>", Wrapped<Set<Int>>())
    expect("Array<Array<Array<Int>>>", Wrapped<[[[Int]]]>())
    expect("Array<Float>", Wrapped<[Float]>())
    expect("Dictionary<String, Int>", Wrapped<[String: Int]>())
  }

  @Test("A name that two fields share is an error, not a value lost")
  func twins() {
    struct Twins: ComponentConfiguration {
      var depth = 1
      var group = SampleConfiguration.Group()
    }
    #expect(configurationError { _ = try Settings.values(Twins()) }?.key == "depth")
  }
}

/// A type with a value to begin with.
private protocol Initialised { init() }

extension Set: Initialised {}
extension Array: Initialised {}
extension Dictionary: Initialised {}
