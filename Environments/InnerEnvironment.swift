import BanditCore
import BanditNumerics

/// The environment inside a wrapper.
struct InnerEnvironment: Sendable {
  /// It, as it is between two steps or in the middle of one.
  private(set) var environment: any Environment & Checkpointable
  private let make: @Sendable (RandomStream) throws -> any Environment

  /// Makes the environment of a name.
  ///
  /// - Parameters:
  ///   - assignments: its settings as `key=value`; a part without `=` belongs to the one before, so that lists can be set
  ///     where commas part the settings.
  ///   - wrapper: the wrapper's name, for errors.
  init(
    _ name: String, assignments: [String], registry: Registry, stream: RandomStream, wrapper: String
  ) throws {
    guard registry.environments.contains(where: { $0.name == name }) else {
      throw ConfigurationError.unknown("of", name, among: registry.environments.map { $0.name })
    }
    let values = try Self.settings(assignments)
    make = { try registry.makeEnvironment(named: name, settings: values, stream: $0) }
    let made = try make(stream)
    guard !(made is any DelayedEnvironment) else {
      throw ConfigurationError(
        key: "of", given: name,
        allowed: "any but \(name), which goes around others: 'delay' with of=\(wrapper)")
    }
    guard !(made is any LoggedEnvironment) else {
      throw ConfigurationError(
        key: "of", given: name, allowed: "any but \(name), which knows logged actions' rewards alone")
    }
    guard !made.spec.isShaped else {
      throw ConfigurationError(
        key: "of", given: name, allowed: "an environment without features of actions, whose actions stay")
    }
    guard let environment = made as? any Environment & Checkpointable, environment.canSaveState else {
      throw ConfigurationError(
        key: "of", given: name, allowed: "an environment whose state can be saved (Checkpointable)")
    }
    self.environment = environment
  }

  private static func settings(_ assignments: [String]) throws -> [String: SettingValue] {
    var joined: [String] = []
    for part in assignments {
      if part.contains("=") || joined.isEmpty {
        joined.append(part)
      } else {
        joined[joined.count - 1] += "," + part
      }
    }
    let values = try joined.map { try Settings.assignment($0) }
    return Dictionary(values.map { ($0.key, $0.value) }) { _, last in last }
  }

  /// What is done with it in a step.
  mutating func observe(into observation: inout Observation) throws {
    try environment.observe(into: &observation)
  }

  /// Plays an action.
  mutating func step(_ action: Int) throws -> Outcome { try environment.step(action) }

  /// Goes on in the same task with other random numbers.
  mutating func practise(stream: RandomStream) throws {
    guard
      let other = try environment.practising(stream: stream, making: make)
        as? any Environment & Checkpointable
    else { preconditionFailure("an environment's copy can be saved as it can") }
    environment = other
  }

  /// Its state, to be kept in the wrapper's.
  func state() throws -> EncodedState { try environment.encodedState(name: "inner") }

  /// Continues from a state.
  mutating func restore(_ state: EncodedState) throws {
    var copy = environment
    try copy.restore(encoded: state)
    environment = copy
  }
}
