import BanditCore
import BanditNumerics

/// An agent whose decisions are in order, so that only its name, settings, presets or help can be wrong.
protocol Mislabelled: Agent {
  init()
}

extension Mislabelled {
  static var name: String { "mislabelled" }

  static var description: ComponentDescription { ComponentDescription(summary: "Takes the first action.") }

  init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) throws { self.init() }

  mutating func selectAction(for observation: Observation) -> Decision { Decision(action: 0, propensity: 1) }

  mutating func update(_ transition: Transition) {}
}

struct ThreeWords: Mislabelled { static let name = "Three Words" }

struct OddPresetName: Mislabelled { static let presets = [Preset(name: "A_1", summary: "")] }

struct TwinPresets: Mislabelled {
  static let presets = [Preset(name: "twin", summary: ""), Preset(name: "twin", summary: "")]
}

/// `--set rate` reaches nothing, because the field is called otherwise in JSON.
struct RenamedKey: Mislabelled {
  struct Configuration: ComponentConfiguration {
    var rate = 0.1

    enum CodingKeys: String, CodingKey { case rate = "learning_rate" }
  }

  static let description = ComponentDescription(summary: "Renames.", settings: ["rate": "a rate"])
}

/// A field that is written and read back as another value: only 0.7 is not itself again.
struct Forgetful: Mislabelled {
  struct Configuration: ComponentConfiguration {
    var rate = 0.1

    init(rate: Double) { self.rate = rate }

    init() {}

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      let rate = try values.decode(Double.self, forKey: .rate)
      self.rate = rate == 0.7 ? 0.8 : rate
    }
  }
}

/// Two groups with a field of the same name.
struct TwinKeys: Mislabelled {
  struct Group: SettingGroup { var size = 1 }

  struct Configuration: ComponentConfiguration {
    var first = Group()
    var second = Group()
  }
}

/// A field of a type that `--set` cannot spell.
struct UnsupportedField: Mislabelled {
  struct Configuration: ComponentConfiguration { var sizes: Set<Int> = [] }
}

/// Lists of all kinds, of which only the texts have a comma.
struct Lists: Mislabelled {
  enum Word: String, SettingChoice { case short, long }

  struct Configuration: ComponentConfiguration {
    var sizes = [1]
    var rates = [0.5]
    var names = ["a,b"]
    var choices = [Word.long]
    var flags: [Bool] = []
    var matrix = [[0.5], []]
    var empty: [[Int]] = []
  }
}

/// A field that is not in JSON at all.
struct LossyField: Mislabelled {
  struct Configuration: ComponentConfiguration {
    var kept = 1
    var lost = 2

    enum CodingKeys: String, CodingKey { case kept }
  }
}

/// A field that moves another.
struct CoupledFields: Mislabelled {
  struct Configuration: ComponentConfiguration {
    var width = 1 { didSet { height = width } }
    var height = 1

    init() {}

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      width = try values.decode(Int.self, forKey: .width)
      height = width
    }
  }
}

struct InfiniteDefault: Mislabelled {
  struct Configuration: ComponentConfiguration { var bound = Double.infinity }
}

struct UnknownKeyPreset: Mislabelled {
  static let presets = [Preset(name: "typo", summary: "", settings: ["rat=1"])]
}

/// A configuration with one setting, and a line on it.
struct OneSetting: ComponentConfiguration { var count = 1 }

struct BadValuePreset: Mislabelled {
  static let presets = [Preset(name: "bad", summary: "", settings: ["count=many"])]
  static let description = ComponentDescription(summary: "Counts.", settings: ["count": "a number"])
  typealias Configuration = OneSetting
}

/// A preset that the agent itself refuses.
struct RefusedPreset: Mislabelled {
  typealias Configuration = OneSetting

  static let presets = [Preset(name: "refused", summary: "", settings: ["count=0"])]
  static let description = ComponentDescription(summary: "Counts.", settings: ["count": "a number"])

  init() {}

  init(configuration: OneSetting, spec: TaskSpec, stream: RandomStream) throws {
    try ConfigurationError.require(
      configuration.count > 0, key: "count", given: configuration.count, allowed: "1 or more")
  }
}

struct LooseEnvironmentPreset: Mislabelled {
  static let presets = [Preset(name: "loose", summary: "", environmentSettings: ["encoding"])]
}

struct NoSummary: Mislabelled { static let description = ComponentDescription(summary: "") }

struct MissingLine: Mislabelled { typealias Configuration = OneSetting }

struct IdleLine: Mislabelled {
  static let description = ComponentDescription(summary: "Idle.", settings: ["count": "of nothing"])
}

/// An environment whose name and settings are wrong.
struct ShoutingPlace: Environment {
  struct Configuration: ComponentConfiguration { var bound = Double.infinity }

  static let name = "PLACE"

  let spec = TaskSpec(featureCount: 1, encoding: .dense, actionNames: ["stay", "go"])

  init(configuration: Configuration, stream: RandomStream) {}

  mutating func observe(into observation: inout Observation) { observation.features[0] = 1 }

  func audit() -> Audit { Audit(expectedRewards: [0, 0]) }

  mutating func step(_ action: Int) -> Outcome {
    Outcome(reward: 0)
  }
}
