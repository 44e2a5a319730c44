public import BanditCore
import BanditLearning
public import BanditNumerics

/// A network of point estimates that also says how little the steps so far bear on a prediction: by the gradient of its
/// output by all parameters, under the diagonal of Z = λI + Σ g gᵀ.
///
/// Sources: Zhou, Li & Gu 2020, algorithm 1; Zhang, Zhou, Li & Gu 2021, algorithm 1.
public struct GradientLearner: Sendable {
  /// Network, memory and training.
  public var learner: PointLearner
  /// gᵀZ⁻¹g of each action in the context predicted last, in the networks' units of reward.
  public private(set) var variances: [Double]
  private var precision: GradientPrecision

  /// Creates a learner for a task.
  ///
  /// - Throws: `ConfigurationError` for a setting out of range.
  public init(
    _ settings: PointLearnerSettings, priorPrecision: Double, spec: TaskSpec, stream: RandomStream
  ) throws(ConfigurationError) {
    try ConfigurationError.require(
      (1e-10...1e10).contains(priorPrecision), key: "priorPrecision", given: priorPrecision,
      allowed: "1e-10 to 1e10")
    learner = try PointLearner(settings, spec: spec, stream: stream)
    precision = GradientPrecision(
      learner.network.architecture, priorPrecision: priorPrecision, capacity: spec.actionCount)
    variances = Array(repeating: 0, count: spec.actionCount)
  }

  /// Predicts the rewards of a context's actions, in `learner.values`, and their `variances`.
  public mutating func predict(_ observation: Observation) {
    learner.predict(observation)
    precision.variances(&learner.network, predicted: learner.training.input.actions, into: &variances)
  }

  /// Adds the gradient at a step to Z, remembers the step and trains when a round is due.
  ///
  /// - Throws: `DivergenceError` where the cost is no finite number.
  public mutating func update(_ transition: Transition) throws {
    addGradient(transition)
    try learner.update(transition)
  }

  /// The same with a step of random play, which no training follows.
  public mutating func prefill(_ transition: Transition) {
    addGradient(transition)
    learner.prefill(transition)
  }

  private mutating func addGradient(_ transition: Transition) {
    learner.training.encode(transition.observation, action: transition.decision.action)
    _ = learner.network.predict(learner.training.input.taken)
    precision.add(&learner.network, predicted: learner.training.input.taken)
  }

  /// The learner and Z.
  public struct State: Codable, Sendable {
    let learner: PointLearner.State
    let precision: StoredArray<Float>
  }

  /// What the learner can be resumed from.
  public var state: State { State(learner: learner.state, precision: precision.state) }

  /// Resumes from a state of a learner of the same settings.
  ///
  /// - Throws: `TensorError` for a state that does not fit.
  public mutating func restore(_ state: State) throws {
    try learner.restore(state.learner)
    try precision.restore(state.precision)
  }
}
