public import BanditNumerics

/// An agent that can be looked into between two steps, for observers that show more than the log has.
///
/// What is asked for here may be costly, so observers ask at some steps only; asking changes no later decision.
public protocol InspectableAgent: Agent {
  /// What the agent has learnt, as named arrays: weights, for example.
  var tensors: [NamedTensor] { get }

  /// Numbers that are too costly to tell at each step, by name; none by default.
  var costlyMeasurements: [String: Double] { get }
}

extension InspectableAgent {
  /// None.
  public var costlyMeasurements: [String: Double] { [:] }
}
