import BanditCore
import BanditEvaluation
import BanditNumerics
import Foundation
import Testing

@Suite("Estimators beside NumPy's")
struct EstimatorReferenceTests {
  private struct Reference: Decodable {
    struct Numbers: Decodable {
      let value: Double
      let error: Double
      let bernstein: [Double]?
      let betting: [Double]?
    }

    struct Case: Decodable {
      let contexts: [[Float]]
      let actions: [Int]
      let rewards: [Double]
      let propensities: [Double]
      let policy: [[Double]]
      let effectiveRows: Double
      let estimates: [String: Numbers]
    }

    let clip: Double
    let threshold: Double
    let lambda: Double
    let cases: [Case]
  }

  private func reference() throws -> Reference {
    try JSONDecoder().decode(Reference.self, from: Data(PackageResources.reference_estimators_json))
  }

  /// The steps of a log, with predictions of models that have not seen them.
  private func steps(_ log: Reference.Case) throws -> [WeighedStep] {
    let actionCount = log.policy[0].count
    let spec = TaskSpec(
      featureCount: log.contexts[0].count, encoding: .dense, actionNames: (0..<actionCount).map(String.init))
    var models = try (0..<2).map { _ in try LinearRewardModel(spec) }
    func observation(_ row: Int) -> Observation {
      var observation = Observation(spec)
      observation.features = log.contexts[row]
      return observation
    }
    for row in log.actions.indices {
      models[1 - row % 2].learn(
        Transition(
          observation: observation(row), decision: Decision(action: log.actions[row]),
          reward: log.rewards[row]))
    }
    return log.actions.indices.map { row in
      let predictions = models[row % 2].predictions(for: observation(row))
      return WeighedStep(
        weight: log.policy[row][log.actions[row]] / log.propensities[row], reward: log.rewards[row],
        prediction: predictions[log.actions[row]],
        policyPrediction: zip(predictions, log.policy[row]).reduce(0) { $0 + $1.0 * $1.1 })
    }
  }

  @Test("Estimates, standard errors and intervals of 20 random logs equal NumPy's")
  func estimates() throws {
    let reference = try reference()
    let estimators: [any OffPolicyEstimator] = [
      InversePropensity(), SelfNormalised(), ClippedInversePropensity(bound: reference.clip), DirectMethod(),
      DoublyRobust(), SwitchDoublyRobust(threshold: reference.threshold),
      ShrunkDoublyRobust(lambda: reference.lambda),
    ]
    #expect(reference.cases.count == 20)
    for log in reference.cases {
      let steps = try steps(log)
      let bound = 1 / (log.propensities.min() ?? 1)
      #expect(log.estimates.count == estimators.count)
      for estimator in estimators {
        let expected = try #require(log.estimates[estimator.name])
        var sums = ContributionSums()
        for step in steps { sums.add(estimator.contribution(of: step)) }
        let scale = 1 + abs(expected.value)
        #expect(abs(try #require(sums.estimate) - expected.value) <= 1e-12 * scale, "\(estimator.name)")
        #expect(abs(try #require(sums.standardError) - expected.error) <= 1e-12 * scale, "\(estimator.name)")
        guard let bernstein = expected.bernstein, let betting = expected.betting else { continue }
        let range = try #require(estimator.range(weights: bound, rewards: -4...4))
        let found = try #require(
          EstimateIntervals.empiricalBernstein(sums, probability: 0.95, range: range))
        #expect(abs(found.lowerBound - bernstein[0]) <= 1e-10)
        #expect(abs(found.upperBound - bernstein[1]) <= 1e-10)
        var sequence = BettingSequence(probability: 0.95, range: range)
        for step in steps { sequence.add(estimator.contribution(of: step).numerator) }
        #expect(abs(sequence.interval.lowerBound - betting[0]) <= 1e-10)
        #expect(abs(sequence.interval.upperBound - betting[1]) <= 1e-10)
      }
    }
  }
}
