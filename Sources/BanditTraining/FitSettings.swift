package import BanditLearning
package import BanditNumerics

/// Everything that decides the numbers of one training in an experiment: what its `manifest.json` holds under `fit`.
public struct FitSettings: Codable, Hashable, Sendable {
  /// The experiment.
  public var experiment: String
  /// Which of the experiment's cases this is, in lower case with hyphens.
  public var name: String
  /// The seed of every random stream.
  public var seed: UInt64
  /// Which of several networks of the case: they differ in their start and in the order of their examples.
  public var member = 0
  /// The network.
  public var network: NetworkDescription
  /// How it is trained.
  public var training: TrainingSettings
  /// The data it is trained and tested on.
  public var data: SupervisedTask

  /// Creates settings.
  public init(
    experiment: String, name: String, seed: UInt64, member: Int = 0, network: NetworkDescription,
    training: TrainingSettings, data: SupervisedTask
  ) {
    self.experiment = experiment
    self.name = name
    self.seed = seed
    self.member = member
    self.network = network
    self.training = training
    self.data = data
  }

  /// The name of its folder.
  public var folder: String { "\(name)-seed\(seed)" + (member == 0 ? "" : "-member\(member)") }

  /// How much work the training is: epochs times parameters times the products that each needs.
  package var work: Double {
    let passes = Double(training.epochs) * Double(network.parameterCount)
    return switch network.weights {
    case .point: passes * (network.pointTraining?.adversary == nil ? 1 : 2.5)
    case .bayesian(_, _, let samples, .weightSampling): passes * Double(samples)
    case .bayesian(_, _, let samples, _): 2 * passes * Double(samples)
    }
  }

  /// The network before training.
  package func makeModel(threads: Int = 1) -> any SupervisedModel {
    network.makeModel(capacity: training.batchSize, threads: threads, stream: stream.child("network"))
  }

  /// An empty minibatch as the model takes it.
  package var minibatch: Minibatch {
    Minibatch(encoding: .dense(columns: network.inputs), capacity: training.batchSize)
  }

  /// The random numbers of this training; all cases under one seed start alike and see their examples in one order.
  package var stream: RandomStream { RandomStream(seed: seed).child("fit").child("member", member) }
}
