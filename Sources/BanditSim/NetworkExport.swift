import BanditAgentKit
import BanditSimulation
public import BanditCore
import BanditFiles
import BanditNumerics
import Foundation

/// The trained network of a run for other programs: parameters in safetensors, and what they mean in JSON.
public struct NetworkExport: Sendable {
  /// The bytes of the safetensors file.
  public let tensors: [UInt8]
  /// The JSON beside it, which is in the file's metadata too.
  public let description: [UInt8]

  /// Contexts whose outputs are given, so that a reader can check what it loaded.
  private static let exampleCount = 4

  /// Reads the last checkpoint of a run.
  ///
  /// - Throws: `DataFileError` and `CheckpointError` for a folder without a run's checkpoint, and
  ///   `ConfigurationError` where the agent has no network.
  public init(readingFrom folder: String, registry: Registry) throws {
    let manifest = folder + "/manifest.json"
    guard let recorded = try RecordedManifest(readingFrom: manifest) else {
      throw DataFileError(file: manifest, reason: "does not exist; give the folder of a run")
    }
    var simulation = try Simulation(recorded.run, registry: registry)
    guard simulation.exportedNetwork != nil else {
      let names = registry.agents.filter { $0 is any NetworkAgent.Type }.map { $0.name }
      throw ConfigurationError(
        key: "run", given: folder,
        allowed: "a run of \(names.joined(separator: ", ")); it cannot be exported yet: \(recorded.run.agent)"
      )
    }
    guard !simulation.spec.isShaped else {
      throw ConfigurationError(
        key: "run", given: folder, allowed: "a run of a task without features of actions, whose actions stay")
    }
    try simulation.restore(from: Checkpoint(readingFrom: folder + "/" + Checkpoint.file))
    guard let network = simulation.exportedNetwork else {
      preconditionFailure("a network that was there is gone")
    }
    let text = try RunDirectory.json(
      NetworkWords(
        network, run: recorded.run, steps: simulation.totals.steps, spec: simulation.spec,
        examples: try simulation.networkExamples(Self.exampleCount)))
    description = Array(text) + [UInt8(ascii: "\n")]
    tensors = Safetensors(network.tensors, metadata: ["network": String(decoding: text, as: UTF8.self)]).bytes
  }
}

extension Simulation {
  /// The trained network of an agent that has one.
  fileprivate var exportedNetwork: ExportedNetwork? { (agent as? any NetworkAgent)?.exportedNetwork }

  /// Contexts of a stream of their own, and what the agent's networks say of them.
  fileprivate mutating func networkExamples(_ count: Int) throws -> [NetworkWords.Example] {
    guard var agent = agent as? any NetworkAgent else { return [] }
    var environment = try makeEnvironment(stream: RandomStream(seed: settings.seed).child("export"))
    var observation = Observation(spec)
    return try (0..<count).map { _ in
      try environment.observe(into: &observation)
      return NetworkWords.Example(observation, outputs: try agent.networkOutputs(for: observation))
    }
  }
}

/// What the JSON of an export says.
private struct NetworkWords: Encodable {
  struct Layer: Encodable {
    let weight: String
    let bias: String
    let inputs: Int
    let outputs: Int
    let activation: String
  }

  struct Posterior: Encodable {
    let form = "independent Gaussians"
    let mean = "the tensors that end with .mean"
    let sigma = "log(1 + exp(rho)) of the tensors that end with .rho"
  }

  struct Likelihood: Encodable {
    let distribution: String
    let scale: Double?
  }

  struct Example: Encodable {
    /// The context's columns that are 1; the others are 0.
    let ones: [Int32]?
    /// The context's columns.
    let values: [Float]?
    /// `[networks × actions]`.
    let outputs: [[Double]]

    init(_ observation: Observation, outputs: [[Double]]) {
      self.outputs = outputs
      switch observation.encoding {
      case .dense: (ones, values) = (nil, observation.features)
      case .oneHot: (ones, values) = (observation.activeIndices, nil)
      }
    }
  }

  let form = "bandit-sim network 1"
  let run: RunSettings
  let stepsPlayed: Int
  let contextColumns: [String]
  let actions: [String]
  let inputs: String
  let output: String
  /// The reward's mean and deviation that outputs are in units of; nil where they are rewards.
  let rewardCentre, rewardDeviation: Double?
  let networkPrefixes: [String]
  let layers: [Layer]
  let posterior: Posterior?
  let likelihood: Likelihood
  let acting: String
  let examplesAre: String
  let examples: [Example]

  enum CodingKeys: String, CodingKey {
    case form, run, actions, inputs, output, layers, posterior, likelihood, acting, examples
    case stepsPlayed = "steps_played"
    case contextColumns = "context_columns"
    case networkPrefixes = "network_prefixes"
    case rewardCentre = "reward_centre"
    case rewardDeviation = "reward_deviation"
    case examplesAre = "examples_are"
  }

  init(_ network: ExportedNetwork, run: RunSettings, steps: Int, spec: TaskSpec, examples: [Example]) {
    self.run = run
    self.examples = examples
    stepsPlayed = steps
    contextColumns = spec.featureNames ?? (0..<spec.featureCount).map { "column \($0)" }
    actions = spec.actionNames
    networkPrefixes = network.prefixes
    let last = network.sizes.count - 2
    layers = zip(network.sizes, network.sizes.dropFirst()).enumerated().map { index, size in
      Layer(
        weight: "layers.\(index).weight", bias: "layers.\(index).bias", inputs: size.0, outputs: size.1,
        activation: index < last ? "relu" : "none")
    }
    posterior = network.isPosterior ? Posterior() : nil
    inputs = network.actionCoding.inputs
    likelihood = Likelihood(distribution: network.likelihood, scale: network.noise)
    acting = network.acting
    let isScaled = network.rewardScale != .none
    output =
      "the expected reward of the action in the context"
      + (isScaled ? ", less reward_centre and divided by reward_deviation" : "")
    rewardCentre = isScaled ? network.rewardScale.centre : nil
    rewardDeviation = isScaled ? network.rewardScale.deviation : nil
    examplesAre =
      "outputs of each network for each action in a context"
      + (network.isPosterior ? ", under the posterior's means" : "")
  }
}
