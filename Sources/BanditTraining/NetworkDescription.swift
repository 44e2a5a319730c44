public import BanditLearning
public import BanditNumerics

/// A network that a supervised experiment trains: everything that is needed to make it again.
public struct NetworkDescription: Codable, Hashable, Sendable {
  /// What is learnt of the weights.
  public enum Weights: Codable, Hashable, Sendable {
    /// One value each; `l2` is a penalty l2/2·‖w‖², `dropout` the share of hidden units left out in a step.
    case point(l2: Double, dropout: Double)
    /// A Gaussian posterior each.
    case bayesian(prior: WeightPrior, kl: KLForm, samples: Int, estimator: GradientEstimator)
  }

  /// Numbers an input.
  public var inputs = 1
  /// Units of each hidden layer.
  public var hiddenLayers = [400, 400]
  /// Convolutions in place of hidden layers, for point estimates without penalty or dropout; nil for none.
  public var convolutions: ConvolutionalArchitecture?
  /// The cost of the data.
  public var likelihood = Likelihood.squaredError
  /// What is learnt of the weights.
  public var weights = Weights.point(l2: 0, dropout: 0)
  /// What point estimates are trained with beyond that; nil for nothing.
  public var pointTraining: PointTraining?

  /// A network of point estimates for one number, without penalty.
  public init() {}

  /// How often it is asked for a prediction, where a posterior is asked `count` times: point estimates answer alike.
  package func draws(_ count: Int) -> Int { if case .bayesian = weights { count } else { 1 } }

  /// The sizes.
  package var architecture: NetworkArchitecture {
    NetworkArchitecture(
      input: .dense(columns: inputs), hidden: hiddenLayers, outputs: likelihood.outputs)
  }

  /// The number of weights and biases.
  package var parameterCount: Int { convolutions?.parameterCount ?? architecture.parameterCount }

  /// The network, newly initialised from `stream`, for minibatches of at most `capacity` rows.
  ///
  /// - `threads`: how many threads a step may use; no number depends on it.
  public func makeModel(capacity: Int, threads: Int = 1, stream: RandomStream) -> any SupervisedModel {
    if let convolutions {
      return ConvolutionalModel(
        ConvolutionalNetwork(convolutions, capacity: capacity, likelihood: likelihood, stream: stream))
    }
    switch weights {
    case .point(let l2, let dropout):
      let practice = pointTraining ?? PointTraining()
      let adversary = practice.adversary.map {
        AdversarialTraining(
          $0.method, radii: $0.radii, architecture: architecture, capacity: capacity,
          stream: stream.child("adversary"))
      }
      return PointModel(
        PointNetwork(
          architecture, capacity: capacity, likelihood: likelihood, l2: l2,
          dropout: Dropout(hidden: dropout), initialScale: practice.initialScale, threads: threads,
          stream: stream), against: adversary)
    case .bayesian(let prior, let kl, let samples, let estimator):
      let objective = BayesianNetwork.Objective(
        prior: prior, klForm: kl, likelihood: likelihood, weightSamples: samples, estimator: estimator)
      return BayesianModel(
        BayesianNetwork(
          architecture, capacity: capacity, objective: objective, threads: threads, stream: stream))
    }
  }
}
