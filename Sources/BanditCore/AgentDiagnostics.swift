/// What a learning agent reports of itself after a step.
public struct AgentDiagnostics: Codable, Hashable, Sendable {
  /// The mean over the last training round's examples and weight samples of the data cost: the squared error, or
  /// the negative log-likelihood in nats.
  public var loss: Double?
  /// The learning rate in use.
  public var learningRate: Double?
  /// Optimiser steps since the start, all networks together.
  public var optimiserSteps: Int
  /// Further numbers, by the names that the agent declares; one without a value at this step is left out.
  public var measurements: [String: Double]

  /// Creates diagnostics.
  public init(
    loss: Double? = nil, learningRate: Double? = nil, optimiserSteps: Int = 0,
    measurements: [String: Double] = [:]
  ) {
    self.loss = loss
    self.learningRate = learningRate
    self.optimiserSteps = optimiserSteps
    self.measurements = measurements
  }

  /// Reads diagnostics; those of earlier versions had no measurements.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    loss = try container.decodeIfPresent(Double.self, forKey: .loss)
    learningRate = try container.decodeIfPresent(Double.self, forKey: .learningRate)
    optimiserSteps = try container.decode(Int.self, forKey: .optimiserSteps)
    measurements = try container.decodeIfPresent([String: Double].self, forKey: .measurements) ?? [:]
  }
}
