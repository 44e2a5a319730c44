import BanditCore
import BanditNumerics

/// A configuration with a field of every kind.
struct SampleConfiguration: ComponentConfiguration {
  enum Colour: String, SettingChoice {
    case red
    case darkBlue = "dark-blue"
  }

  struct Group: SettingGroup {
    var depth = 2
    var rate = 0.5
  }

  var flag = false
  var count = 3
  var group = Group()
  var colour = Colour.red
  var sizes = [4, 5]
  var label = "x"
  var rates = [0.5]
  var names = ["a"]
  var colours = [Colour.darkBlue]
  var flags = [true]
  var matrix = [[0.0, 1], [5, 0]]
  var words = [["a"]]
}

/// The configuration error that a body throws; nil where it throws none.
func configurationError(_ body: () throws -> Void) -> ConfigurationError? {
  do {
    try body()
    return nil
  } catch {
    return error as? ConfigurationError
  }
}

/// An agent of that name that takes the first action.
struct FirstAction: Agent {
  static let name = "first-action"

  init(configuration: NoSettings, spec: TaskSpec, stream: RandomStream) {}
  mutating func selectAction(for observation: Observation) -> Decision { Decision(action: 0) }
  mutating func update(_ transition: Transition) {}
}

/// An environment that pays nothing.
struct Nothing: Environment {
  static let name = "nothing"

  let spec = TaskSpec(featureCount: 1, encoding: .dense, actionNames: ["a", "b"])

  init(configuration: NoSettings, stream: RandomStream) {}
  mutating func observe(into observation: inout Observation) {}
  func audit() -> Audit { Audit(expectedRewards: [0, 0]) }

  mutating func step(_ action: Int) -> Outcome {
    Outcome(reward: 0)
  }
}
