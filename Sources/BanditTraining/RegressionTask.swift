import BanditNumerics

/// The toy regression's points under one seed, and what a model's predictions of them are measured by.
public struct RegressionTask: Codable, Hashable, Sendable {
  /// Training points, on [0, 0.5].
  public var trainingPoints = 1_024
  /// Test points.
  public var testPoints = 1_000
  /// Where the test points begin.
  public var testFrom = -0.2
  /// Where they end.
  public var testTo = 1.4
  /// Draws of the weights for an evaluation during training.
  public var evaluationDraws = 10

  /// The report's program: 1,024 training points, 1,000 test points on [−0.2, 1.4].
  public init() {}

  /// The places of the test points.
  public var places: [Double] { ToyRegression.places(testPoints, on: testFrom...testTo) }

  /// The training points of a seed.
  public func training(seed: UInt64) -> Examples {
    ToyRegression.examples(
      trainingPoints, on: ToyRegression.trainingInterval,
      stream: RandomStream(seed: seed).child("toy regression").child("training"))
  }

  /// The test points of a seed.
  public func test(seed: UInt64) -> Examples {
    ToyRegression.examples(
      testPoints, on: testFrom...testTo,
      stream: RandomStream(seed: seed).child("toy regression").child("test"))
  }

  /// `rmse` of the mean of `evaluationDraws` predictions from the noisy targets of all test points, and
  /// `rmse_in_range` of it from the curve without noise where the training points are.
  package func evaluation(seed: UInt64) -> Evaluation {
    let test = test(seed: seed)
    let targets = test.targets.map(Double.init)
    let task = self
    return Evaluation(["rmse", "rmse_in_range"]) { model, batch in
      var samples = PredictiveSamples(points: test.count)
      model.predict(test, draws: task.evaluationDraws, batch: &batch, into: &samples)
      return [samples.rootMeanSquaredError(targets), task.rmseInRange(samples)]
    }
  }

  /// The distance of the samples' mean from the curve without noise, over the test points that are where the training
  /// points are.
  package func rmseInRange(_ samples: PredictiveSamples) -> Double {
    let places = places
    return samples.rootMeanSquaredError(places.map { ToyRegression.value(at: $0) }) {
      ToyRegression.trainingInterval.contains(places[$0])
    }
  }
}
