import BanditCore
import BanditFiles
import BanditNumerics

/// What a log says a policy earns.
public struct Evaluation: Codable, Hashable, Sendable {
  /// The mean reward of the rows judged by: what the logging policy earned.
  public let logged: Estimate
  /// The policy's estimates.
  public let estimates: [Estimate]
  /// Rows that the policy learned from before.
  public let learnedRows: Int
  /// Whether weights can be trusted; nil for a log without propensities.
  public let diagnostics: Diagnostics?
  /// What a reader should know, a sentence each.
  public let warnings: [String]
}

extension Evaluation {
  /// Judges a policy by a log.
  ///
  /// Estimators of a fixed policy take the rows that it has not learned from. Their model of rewards learns from every
  /// second one of these and predicts the others, and the other way round, so that no row is predicted by a model that has
  /// seen it. `progressive` and `replay` take all rows, with policies that begin anew.
  ///
  /// - `make`: makes the policy as it is before it has learned anything.
  /// - Throws: `ConfigurationError` for a plan that is not allowed, or that needs propensities which the log has not;
  ///   `DataFileError` where the log cannot be read, and what policy and model throw.
  public init(
    of log: any InteractionSource, plan: EvaluationPlan, policy make: () throws -> any LoggedPolicy
  ) throws {
    let plan = try plan.validated()
    try Self.requirePropensities(log, plan)
    var estimates: [Estimate] = []
    let judged = try FixedPolicyEvaluation(log, plan, policy: make())
    estimates += judged.estimates
    if plan.isProgressive { estimates.append(try Self.progressive(log, plan, policy: make())) }
    if plan.replays { estimates.append(try Self.replay(log, plan, policy: make())) }
    (logged, self.estimates, learnedRows) = (judged.logged, estimates, judged.learnedRows)
    diagnostics = judged.diagnostics
    warnings = Self.warnings(log, plan, estimates, judged)
  }

  private static func requirePropensities(_ log: any InteractionSource, _ plan: EvaluationPlan) throws {
    let needing =
      plan.fixedEstimators.filter(\.needsWeights).map(\.name)
      + (plan.isProgressive ? ["progressive"] : []) + (plan.replays ? ["replay"] : [])
    guard log.smallestPropensity == nil, !needing.isEmpty else { return }
    throw ConfigurationError(
      key: "--estimators", given: needing.joined(separator: ","),
      allowed: "dm alone: \(log.path) has no propensities. Agents that act by draws log them with "
        + "--set propensityDraws=100; a table's column is named by --columns propensity=NAME")
  }

  private static func warnings(
    _ log: any InteractionSource, _ plan: EvaluationPlan, _ estimates: [Estimate],
    _ judged: FixedPolicyEvaluation
  ) -> [String] {
    var warnings: [String] = []
    if !log.skipped.isEmpty {
      warnings.append(SkipReason.sentence(log.skipped, before: "Rows passed over: ") + ".")
    }
    if log.disorder > 0, judged.learnedRows > 0 || plan.isProgressive || plan.replays {
      warnings.append(
        "\(log.disorder) rows are not in the order of their steps: what learns from them learns in another order."
      )
    }
    warnings += judged.diagnostics?.warnings(rows: judged.logged.rows) ?? []
    if estimates.contains(where: { $0.estimator == "dm" }) {
      warnings.append("The intervals of dm leave out what the model has wrong.")
    }
    if let replay = estimates.first(where: { $0.estimator == "replay" }), replay.rows < 100 {
      warnings.append("Replay matched \(replay.rows) rows: too few to trust.")
    }
    return warnings
  }

  /// Every row by the policy as it is before it learns from it.
  private static func progressive(
    _ log: any InteractionSource, _ plan: EvaluationPlan, policy: any LoggedPolicy
  ) throws -> Estimate {
    var policy = policy
    var sums = EstimateSums(ProgressiveValidation(), plan: plan, weights: log.largestWeight)
    try log.forEach { interaction in
      let probability = try policy.probabilities(at: interaction)[interaction.action]
      guard let propensity = interaction.propensity else { return }
      sums.add(WeighedStep(weight: probability / propensity, reward: interaction.reward))
      if policy.learns { try policy.learn(interaction) }
    }
    return sums.estimate(plan)
  }

  /// The rows at which the policy, which learns from them alone, takes the logged action.
  private static func replay(
    _ log: any InteractionSource, _ plan: EvaluationPlan, policy: any LoggedPolicy
  ) throws -> Estimate {
    var policy = policy
    var matching = ReplayMatching(
      smallestPropensity: log.smallestPropensity ?? 1,
      stream: RandomStream(seed: plan.seed).child("replay"))
    var sums = EstimateSums("replay", range: plan.rewards, probability: plan.probability) {
      Contribution(numerator: $0.reward)
    }
    try log.forEach { interaction in
      let action = try policy.action(at: interaction)
      guard let propensity = interaction.propensity,
        matching.isPlayed(action, logged: interaction.action, propensity: propensity)
      else { return }
      sums.add(WeighedStep(weight: 1, reward: interaction.reward))
      if policy.learns { try policy.learn(interaction) }
    }
    return sums.estimate(plan)
  }
}

extension InteractionSource {
  /// The largest weight that any policy can have.
  var largestWeight: Double? { smallestPropensity.map { 1 / $0 } }
}
