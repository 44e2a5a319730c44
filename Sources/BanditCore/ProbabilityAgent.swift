/// An agent that can tell how likely every action is, not its decision's alone.
///
/// Laws: the probabilities are those of the `selectAction` that follows: 0 or more, with sum 1, and of the action then
/// decided on the decision's propensity. (`AgentLaws` checks it.)
public protocol ProbabilityAgent: Agent {
  /// The probability of each action in a context, for the agent as it is now; the runner asks a copy.
  mutating func probabilities(for observation: Observation) throws -> [Double]
}
