public import BanditNumerics
import Foundation

/// Three arms of a spiral in the plane, a class each, whose noise makes them run into each other.
///
/// Class j has points at radii r evenly on [0, 1], at the angle t = 8 (j + r) + 0.3 (1 + r) ε with ε ~ N(0, 1):
/// x = (r sin t, r cos t).
///
/// Source: the practical on deep ensembles, "Classification on toy dataset".
///
/// *Deviations*: ε comes from our random streams; the practical's from NumPy's.
public enum Spiral {
  /// The arms, a class each.
  public static let arms = 3
  /// The noise of an angle at the centre.
  public static let noise = 0.3
  /// How far an arm winds, in radians.
  private static let turn = 8.0

  /// Points of all arms, `count` each, arm by arm.
  public static func examples(_ count: Int, stream: RandomStream) -> Examples {
    let radii = ToyRegression.places(count, on: 0...1)
    var normals = [Float](repeating: 0, count: arms * count)
    var stream = NormalStream(stream)
    stream.fill(&normals)
    var features: [Float] = []
    var targets: [Float] = []
    for arm in 0..<arms {
      for (index, radius) in radii.enumerated() {
        let angle =
          turn * (Double(arm) + radius) + noise * (1 + radius) * Double(normals[arm * count + index])
        features += [Float(radius * sin(angle)), Float(radius * cos(angle))]
        targets.append(Float(arm))
      }
    }
    return Examples(columns: 2, features: features, targets: targets)
  }

  /// The true probabilities of the classes at a place; beyond radius 1, without points, as if the arms were longer.
  public static func posterior(x: Double, y: Double) -> [Double] {
    let radius = (x * x + y * y).squareRoot()
    let sigma = noise * (1 + radius)
    let densities = (0..<arms).map { arm in
      let distance = remainder(atan2(x, y) - turn * (Double(arm) + radius), 2 * .pi)
      // Noise may lead round the circle; with a sigma below 1 the third time round adds nothing.
      return (-2...2).reduce(0.0) { sum, round in
        let deviation = (distance + 2 * .pi * Double(round)) / sigma
        return sum + exp(-0.5 * deviation * deviation)
      }
    }
    let sum = densities.reduce(0, +)
    return densities.map { $0 / sum }
  }
}

/// The spiral's points under one seed, and what a model's predictions of them are measured by.
public struct SpiralTask: Codable, Hashable, Sendable {
  /// Points of each arm, in training and again in testing.
  public var pointsPerArm = 1_000

  /// The practical's 1,000 points an arm.
  public init() {}

  /// The training points of a seed.
  public func training(seed: UInt64) -> Examples { points(seed, "training") }

  /// Other points of the same arms, for testing.
  public func test(seed: UInt64) -> Examples { points(seed, "test") }

  private func points(_ seed: UInt64, _ name: String) -> Examples {
    Spiral.examples(pointsPerArm, stream: RandomStream(seed: seed).child("spiral").child(name))
  }

  /// `nll`, `accuracy` and `brier` of one draw on the training points.
  package func evaluation(seed: UInt64) -> Evaluation {
    let training = training(seed: seed)
    return Evaluation(["nll", "accuracy", "brier"]) { model, batch in
      var predictions = ClassPredictions(points: training.count, classes: Spiral.arms)
      model.predict(training, draws: 1, batch: &batch, into: &predictions)
      let score = ClassScore(predictions, labels: training.targets)
      return [score.negativeLogLikelihood, score.accuracy, score.brierScore]
    }
  }
}
