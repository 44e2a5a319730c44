import Foundation

extension NoUTurnSampler {
  /// The share of points that steps are made so long for as to accept.
  private static var acceptance: Double { 0.8 }

  /// Moves the chain while it learns its step's length and the density's variances; the points are not of the density.
  ///
  /// Variances are those of the second quarter's points, then of the next half's; the last quarter's steps learn the
  /// length alone.
  ///
  /// Source: Hoffman & Gelman 2014, §3.2 and algorithm 5 (dual averaging), with its constants; Stan's schedule in outline.
  ///
  /// - `check`: is called before every transition.
  public mutating func warmUp(_ transitions: Int, check: (Int) throws -> Void) rethrows {
    var averaging = DualAveraging(from: firstStepSize())
    var moments = RunningVariances(count: position.count)
    for index in 0..<transitions {
      try check(index)
      let transition = advance()
      averaging.add(Self.acceptance - transition.acceptance)
      stepSize = averaging.current
      let share = Double(index + 1) / Double(transitions)
      if share > 0.15, share <= 0.9 { moments.add(position) }
      let isEnd =
        index + 1 == transitions / 4 || index + 1 == transitions / 2 || index + 1 == transitions * 9 / 10
      if isEnd, moments.count > 10 {
        variances = moments.regularised
        moments = RunningVariances(count: position.count)
        averaging = DualAveraging(from: stepSize)
      }
    }
    stepSize = averaging.average
  }

  /// A length at which a step's probability to be accepted is about a half, by doubling or halving.
  ///
  /// Source: Hoffman & Gelman 2014, algorithm 4.
  private func firstStepSize() -> Double {
    var size = stepSize
    func accepts(_ size: Double) -> Bool {
      var chain = self
      chain.stepSize = size
      return chain.singleAcceptance() > 0.5
    }
    let grows = accepts(size)
    for _ in 0..<50 where accepts(size) == grows { size *= grows ? 2 : 0.5 }
    return size
  }
}

/// A step's length, moved until points are accepted as often as wanted.
private struct DualAveraging {
  private let center: Double
  private var count = 0.0
  private var errors = 0.0
  private var logAverage = 0.0
  private(set) var current: Double

  init(from size: Double) {
    center = log(10 * size)
    current = size
  }

  /// The length to keep.
  var average: Double { count > 0 ? exp(logAverage) : current }

  /// Takes in how much too seldom points were accepted.
  mutating func add(_ error: Double) {
    count += 1
    let weight = 1 / (count + 10)
    errors = (1 - weight) * errors + weight * error
    let size = center - count.squareRoot() / 0.05 * errors
    let share = pow(count, -0.75)
    logAverage = share * size + (1 - share) * logAverage
    current = exp(size)
  }
}

/// Variances of points, one a coordinate.
private struct RunningVariances {
  private(set) var count = 0
  private var means: [Double]
  private var squares: [Double]

  init(count: Int) {
    means = Array(repeating: 0, count: count)
    squares = means
  }

  mutating func add(_ point: [Double]) {
    count += 1
    for index in point.indices {
      let distance = point[index] - means[index]
      means[index] += distance / Double(count)
      squares[index] += distance * (point[index] - means[index])
    }
  }

  /// Drawn a little to 0.001, as Stan does, for those of few points.
  var regularised: [Double] {
    let count = Double(count)
    return squares.map { count / (count + 5) * $0 / (count - 1) + 1e-3 * 5 / (count + 5) }
  }
}
