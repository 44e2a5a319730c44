import BanditCore
import BanditNumerics

/// The estimates of a policy that has learned what it will.
struct FixedPolicyEvaluation {
  let logged: Estimate
  let estimates: [Estimate]
  let learnedRows: Int
  let diagnostics: Diagnostics?

  init(_ log: any InteractionSource, _ plan: EvaluationPlan, policy: any LoggedPolicy) throws {
    var policy = policy
    let estimators = plan.fixedEstimators
    let learnedRows = policy.learns && !estimators.isEmpty ? Int(plan.learningShare * Double(log.count)) : 0
    var models = try estimators.contains(where: \.needsModel) ? FoldModels(log, plan) : nil
    if learnedRows > 0 || models != nil {
      try log.forEach { interaction in
        if interaction.index < learnedRows {
          try policy.learn(interaction)
        } else {
          try models?.learn(interaction)
        }
      }
    }
    let weights = log.largestWeight
    var sums = estimators.map { EstimateSums($0, plan: plan, weights: weights) }
    var mean = EstimateSums("logged", range: plan.rewards, probability: plan.probability) {
      Contribution(numerator: $0.reward)
    }
    var diagnostics = DiagnosticSums(actionNames: log.spec.actionNames)
    try log.forEach { interaction in
      guard interaction.index >= learnedRows else { return }
      var step = WeighedStep(weight: 0, reward: interaction.reward)
      if !estimators.isEmpty {
        let probabilities = try policy.probabilities(at: interaction)
        if let propensity = interaction.propensity {
          step.weight = probabilities[interaction.action] / propensity
          diagnostics.add(
            weight: step.weight, action: interaction.action, propensity: propensity,
            probabilities: probabilities)
        }
        try models?.predict(interaction, probabilities, into: &step)
      }
      for index in sums.indices { sums[index].add(step) }
      mean.add(step)
    }
    self.learnedRows = learnedRows
    logged = mean.estimate(plan)
    estimates = sums.map { $0.estimate(plan) }
    self.diagnostics = diagnostics.diagnostics
  }
}

/// Two models of rewards, each of which has not seen the rows that it predicts.
struct FoldModels {
  private var models: [any RewardModel]
  private let bounds: ClosedRange<Double>?

  init(_ log: any InteractionSource, _ plan: EvaluationPlan) throws {
    bounds = plan.rewards
    models = try (0..<2).map { fold -> any RewardModel in
      switch plan.model {
      case .linear: try LinearRewardModel(log.spec)
      case .network:
        try NetworkRewardModel(log.spec, stream: RandomStream(seed: plan.seed).child("model", fold))
      }
    }
  }

  /// Shows a row to the model that does not predict it.
  mutating func learn(_ interaction: LoggedInteraction) throws {
    try models[1 - interaction.index % 2].learn(interaction.transition)
  }

  /// Predicts a row, within the rewards' bounds where they are given.
  mutating func predict(
    _ interaction: LoggedInteraction, _ probabilities: [Double], into step: inout WeighedStep
  ) throws {
    var predictions = try models[interaction.index % 2].predictions(for: interaction.observation)
    if let bounds {
      for action in predictions.indices {
        predictions[action] = min(max(predictions[action], bounds.lowerBound), bounds.upperBound)
      }
    }
    step.prediction = predictions[interaction.action]
    step.policyPrediction = zip(predictions, probabilities).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
