public import BanditCore

/// The agents that come with the program.
public enum BuiltInAgents {
  /// In the order that `bandit-sim list` shows.
  public static let all: [any Agent.Type] = [
    BayesByBackprop.self, EpsilonGreedy.self, Boltzmann.self, SquareCB.self, Ensemble.self, Bootstrap.self,
    PriorEnsemble.self, MonteCarloDropout.self, NeuralLinear.self, NeuralUCB.self, NeuralThompson.self,
    LinearThompson.self, LinearUCB.self, Uniform.self, Fixed.self, Oracle.self,
  ]
}
