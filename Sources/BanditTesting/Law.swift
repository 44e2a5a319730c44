/// A promise that the runner, the logs and other people's comparisons rely on.
public enum Law: String, CaseIterable, Sendable {
  // Of agents and environments.

  /// Names of components and presets are stable words for the command line.
  case naming = "names are lower-case words with hyphens"
  /// `--set` reaches every setting, and a run's manifest plays the same run again.
  case settings = "every setting can be set by its key and read back"
  /// `--preset` works.
  case presets = "every preset can be applied"
  /// `describe` explains every setting; checked on demand, because a plug-in may leave its description empty.
  case help = "there is a summary, a line of help for every setting and no other line"
  /// Nothing is thrown where nothing is wrong.
  case working = "it works on every task without an error"
  /// A seed means something.
  case repeatability = "the same configuration, stream and inputs give the same results"
  /// Seeds can be played side by side, in any program.
  case isolation = "nothing else that is registered or running changes the results"
  /// Runs can be saved, branched and foreseen.
  case valueSemantics = "a copy is played by itself, without touching the original"
  /// Runs can be resumed after a kill; checked of components that are `Checkpointable`.
  case resumption = "a new instance with a saved state then acts as the saved one does"

  // Of agents.

  /// The environment can play what was decided.
  case actionRange = "actions are in 0..<actionCount"
  /// `--threads` is for speed alone; checked of agents that are `ParallelAgent`.
  case threads = "the number of threads changes no decision and no diagnostics"
  /// They are columns of the log.
  case measurements =
    "measurements are declared, by names in lower case with underscores that are no column of every log, and finite"
  /// Off-policy estimates divide by it.
  case propensity = "a propensity, where given, is above 0 and at most 1"

  /// They are logged for estimates; checked of agents that are `ProbabilityAgent`.
  case probabilities =
    "probabilities of all actions are 0 or more, sum to 1 and have the decision's propensity"

  // Of environments.

  /// Practice play needs no second copy of the data; checked of environments that are `RestartableEnvironment`.
  case restarting = "an environment that starts anew is as one made with that stream"
  /// Agents and the log are built for one specification.
  case constantSpec = "the specification depends on the configuration alone and never changes"
  /// They are settings and columns of the log.
  case specNames = "actions have different names; counters have different names that suit the log"
  /// Agents size their tables and networks by it.
  case observation = "observations are in the encoding of the specification"
  /// The runner uses one observation again and again.
  case overwriting = "what an observation held before makes no difference"
  /// All agents under one seed meet the same contexts and the same luck.
  case independence = "contexts and luck do not depend on the actions taken"
  /// Regret and counters are computed from them.
  case outcome = "outcomes are finite, with an expected reward an action and a count a counter"
  /// Expected regret is measured by it.
  case expectedRewards = "rewards average to the expected rewards of the audit"
}
