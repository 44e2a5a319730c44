/// How thoroughly the laws are checked.
///
/// Time grows with tasks × seeds × steps, a dozen plays each; an expensive agent is better given a small
/// configuration than a short plan.
public struct LawPlan: Sendable {
  /// The tasks that agents play.
  public var tasks: [SyntheticTask]
  /// The seeds to play under.
  public var seeds: [UInt64]
  /// Steps of every play; best a prime, because a global count of actions taken in turn comes round unseen.
  public var steps: Int
  /// Steps over which an environment's rewards are averaged, for each action.
  ///
  /// Rewards that are rare and large need more: while none has come, nothing tells chance from a wrong audit.
  public var rewardSteps: Int
  /// Plays at once, for `Law.isolation`.
  public var threads: Int
  /// Whether `Law.help` is checked.
  public var checksHelp: Bool
  /// Laws that are not checked, of those on repeated plays: a copy of what is in another process is none.
  public var leftOut: Set<Law> = []

  /// Creates a plan.
  public init(
    tasks: [SyntheticTask] = SyntheticTask.allCases, seeds: [UInt64] = [1, 2], steps: Int = 61,
    rewardSteps: Int = 2_000, threads: Int = 4, checksHelp: Bool = false
  ) {
    precondition(steps > 0 && rewardSteps > 1 && threads > 0, "a plan has steps and threads")
    precondition(!tasks.isEmpty && !seeds.isEmpty, "a plan has tasks and seeds")
    self.tasks = tasks
    self.seeds = seeds
    self.steps = steps
    self.rewardSteps = rewardSteps
    self.threads = threads
    self.checksHelp = checksHelp
  }
}
