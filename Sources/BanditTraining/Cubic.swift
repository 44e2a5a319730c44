public import BanditNumerics
import Foundation

/// A cubic seen through noise on [−4, 4].
///
/// y = x³ + 3 ε with ε ~ N(0, 1) and x uniform.
///
/// Sources: Hernández-Lobato & Adams 2015, §5.1; Lakshminarayanan, Pritzel & Blundell 2017, §3.1 (20 points); the
/// practical on deep ensembles, "Regression on toy dataset" (40 points).
///
/// *Deviations*: points and noise come from our random streams.
public enum Cubic {
  /// Where the training points are.
  public static let interval = -4.0...4.0
  /// The standard deviation of the noise.
  public static let noise = 3.0

  /// The curve without noise.
  public static func value(at x: Double) -> Double { x * x * x }

  /// Points at random places.
  public static func examples(_ count: Int, stream: RandomStream) -> Examples {
    var places = stream.child("places")
    var normals = [Float](repeating: 0, count: count)
    var noises = NormalStream(stream.child("noise"))
    noises.fill(&normals)
    let x = (0..<count).map { _ in places.uniform(from: interval.lowerBound, to: interval.upperBound) }
    let y = zip(x, normals).map { value(at: $0) + noise * Double($1) }
    return Examples(columns: 1, features: x.map(Float.init), targets: y.map(Float.init))
  }

  /// Evenly spaced places without targets.
  package static func grid(_ count: Int, on interval: ClosedRange<Double>) -> Examples {
    let x = ToyRegression.places(count, on: interval)
    return Examples(columns: 1, features: x.map(Float.init), targets: x.map { Float(value(at: $0)) })
  }
}

/// The cubic's points under one seed.
public struct CubicTask: Codable, Hashable, Sendable {
  /// Training points.
  public var trainingPoints = 40
  /// Test points, at random places of the same interval.
  public var testPoints = 1_000

  /// The practical's 40 points.
  public init() {}

  /// The training points of a seed.
  public func training(seed: UInt64) -> Examples {
    Cubic.examples(trainingPoints, stream: RandomStream(seed: seed).child("cubic").child("training"))
  }

  /// The test points of a seed.
  public func test(seed: UInt64) -> Examples {
    Cubic.examples(testPoints, stream: RandomStream(seed: seed).child("cubic").child("test"))
  }
}
