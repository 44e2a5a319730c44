import BanditCore
import BanditEnvironments
import BanditNumerics
import Synchronization

/// An environment that C has a handle of; calls wait for one another.
final class EnvironmentBox: Sendable {
  private struct State {
    var environment: any Environment
    var observation: Observation
    /// Whether an action can be played.
    var isShown = false
  }

  let spec: TaskSpec
  private let state: Mutex<State>

  init(name: String, settings: [String: SettingValue], seed: UInt64) throws {
    let environment = try Registry(environments: BuiltInEnvironments.all).makeEnvironment(
      named: name, settings: settings, stream: RandomStream(seed: seed).child("environment"))
    guard !(environment is any DelayedEnvironment) else {
      throw CallError(.setting, "environment: '\(name)' delays rewards, which only a run does")
    }
    spec = environment.spec
    state = Mutex(State(environment: environment, observation: Observation(environment.spec)))
  }

  /// Shows the next context as columns, and gives the expected rewards.
  func observe(into features: UnsafeMutablePointer<Float>, count: Int) throws -> [Double] {
    guard count == spec.featureCount else {
      throw CallError(.argument, "count is \(count); this task has \(spec.featureCount) features")
    }
    return try state.withLock { state in
      state.isShown = false
      try state.environment.observe(into: &state.observation)
      switch spec.encoding {
      case .dense: for index in 0..<count { features[index] = state.observation.features[index] }
      case .oneHot:
        for index in 0..<count { features[index] = 0 }
        for index in state.observation.activeIndices { features[Int(index)] = 1 }
      }
      let rewards = try state.environment.audit().expectedRewards
      state.isShown = true
      return rewards
    }
  }

  /// Plays an action in the context shown last.
  func step(_ action: Int32) throws -> Double {
    guard (0..<spec.actionCount).contains(Int(action)) else {
      throw CallError(.argument, "action is \(action); allowed: 0 to \(spec.actionCount - 1)")
    }
    return try state.withLock { state in
      guard state.isShown else {
        throw CallError(.argument, "no context is shown: observe comes before each step")
      }
      state.isShown = false
      return try state.environment.step(Int(action)).reward
    }
  }
}
