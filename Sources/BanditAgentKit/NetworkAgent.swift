public import BanditCore
public import BanditNumerics

/// An agent whose decisions come from networks that can be written for other programs: `bandit-sim export`.
public protocol NetworkAgent: InspectableAgent {
  /// The parameters of its networks, and what they mean.
  var exportedNetwork: ExportedNetwork { get }

  /// The outputs of every network in a context, action by action, `[networks][actions × outputs]`; of a posterior,
  /// under its means.
  mutating func networkOutputs(for observation: Observation) throws -> [[Double]]
}

extension NetworkAgent {
  /// The networks' parameters.
  public var tensors: [NamedTensor] { exportedNetwork.tensors }
}

/// Fully connected networks of one architecture, with ReLU between their layers.
///
/// Their inputs are a context and an action, as `actionCoding` says.
public struct ExportedNetwork: Hashable, Sendable {
  /// What the names of each network's tensors begin with: nothing where there is one.
  public var prefixes: [String]
  /// The units of the layers, inputs first and outputs last.
  public var sizes: [Int]
  /// How the inputs tell the action.
  public var actionCoding: ActionCoding
  /// Whether every parameter has a mean and a ρ with σ = log(1 + exp ρ), instead of one value.
  public var isPosterior: Bool
  /// The distribution of a reward around the output; a `-head` has its own spread as a second output ρ, which is
  /// log(1 + exp ρ) + 10⁻⁶: a Gaussian's variance, a Laplace distribution's scale.
  public var likelihood: String
  /// Its standard deviation (gaussian) or scale (laplace); nil where it has none.
  public var noise: Double?
  /// The units of outputs and noise.
  public var rewardScale: RewardScale
  /// How the agent acts by the outputs, as a sentence.
  public var acting: String
  /// The parameters: the prefix and `layers.0.weight`, `layers.0.bias` and so on, in a posterior with `.mean` or `.rho`.
  public var tensors: [NamedTensor]

  /// Creates a description of networks.
  public init(
    prefixes: [String] = [""], sizes: [Int], actionCoding: ActionCoding = .columns,
    isPosterior: Bool = false, likelihood: String, noise: Double?, rewardScale: RewardScale = .none,
    acting: String, tensors: [NamedTensor]
  ) {
    self.prefixes = prefixes
    self.sizes = sizes
    self.actionCoding = actionCoding
    self.isPosterior = isPosterior
    self.likelihood = likelihood
    self.noise = noise
    self.rewardScale = rewardScale
    self.acting = acting
    self.tensors = tensors
  }
}
