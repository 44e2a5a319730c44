import BanditData
public import BanditNumerics

/// The regression problem of Bayes by Backprop: a curve that is seen on a short interval alone.
///
/// y = x + 0.3 sin 2π(x + ε) + 0.3 sin 4π(x + ε) + ε with one ε ~ N(0, 0.02²) a point, in both sines and outside.
///
/// Source: Blundell et al. 2015, §5.2; the report, equation 22 and §4.1 (1,024 points on [0, 0.5] in 8 minibatches).
///
/// *Deviations*: the report says that it tests on [−0.5, 1.5], its program on [−0.2, 1.4], which is the default here.
public enum ToyRegression {
  /// Where the training points are.
  public static let trainingInterval = 0.0...0.5
  /// The standard deviation of ε.
  public static let noise = ToyCurve.noise

  /// The curve at x for one value of ε; with 0, the curve without noise.
  public static func value(at x: Double, noise: Double = 0) -> Double {
    ToyCurve.value(at: x, noise: noise)
  }

  /// `count` evenly spaced points from one end of an interval to the other, with noise of their own each.
  public static func examples(
    _ count: Int, on interval: ClosedRange<Double>, stream: RandomStream
  ) -> Examples {
    let x = places(count, on: interval)
    var normals = [Float](repeating: 0, count: count)
    var stream = NormalStream(stream)
    stream.fill(&normals)
    let y = zip(x, normals).map { value(at: $0, noise: noise * Double($1)) }
    return Examples(columns: 1, features: x.map(Float.init), targets: y.map(Float.init))
  }

  /// `count` evenly spaced places from one end of an interval to the other.
  public static func places(_ count: Int, on interval: ClosedRange<Double>) -> [Double] {
    precondition(count > 1, "an interval has two ends")
    let step = (interval.upperBound - interval.lowerBound) / Double(count - 1)
    return (0..<count).map { interval.lowerBound + step * Double($0) }
  }
}
