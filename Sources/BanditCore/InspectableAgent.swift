public import BanditNumerics

/// An agent that can be looked into between two steps, for observers that show more than the log has.
///
/// These values may be costly, so observers ask for them at some steps only; asking changes no later decision.
public protocol InspectableAgent: Agent {
  /// What the agent has learnt, as named arrays: weights, for example.
  var tensors: [NamedTensor] { get }

  /// Numbers that are too costly to compute at each step, by name; none by default.
  var costlyMeasurements: [String: Double] { get }
}

extension InspectableAgent {
  /// None.
  public var costlyMeasurements: [String: Double] { [:] }
}
