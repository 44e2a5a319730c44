import Foundation

/// A confidence sequence for the mean of numbers in a range, by betting: a mean is ruled out once a gambler who bets
/// against it has grown rich.
///
/// It holds at all steps at once, so a log may be looked at as often as one likes.
///
/// For every candidate mean of a grid there are two gamblers, one who bets that the true mean is higher and one that it is
/// lower; their stakes come from the numbers before (the predictable plug-in), and half of each one's capital is the
/// hedged capital. The grid is dense near 0, where weighted rewards have their mean; the interval ends at the grid's next
/// points outside those that are left.
///
/// Source: Waudby-Smith & Ramdas 2024, Estimating Means of Bounded Random Variables by Betting, §4 (hedged capital,
/// theorem 3), with equation 26's stakes, of at most half of what would risk all.
public struct BettingSequence: Sendable {
  private static let gridSize = 2_000

  /// What the numbers are between.
  public let range: ClosedRange<Double>
  private let threshold: Double
  private let doubledLogarithm: Double
  /// Of the candidates that are not ruled out: their numbers, and the capitals of those who bet on more and on less.
  private var alive: Range<Int>
  private var more: [Double]
  private var less: [Double]
  private var count = 0.0
  /// Of the numbers in units of the range: their sum, and that of the squares around the means as they were.
  private var sum = 0.0
  private var squares = 0.0

  /// Creates a sequence that holds with a probability for numbers in a range.
  public init(probability: Double, range: ClosedRange<Double>) {
    precondition(probability > 0 && probability < 1, "a probability is between 0 and 1")
    self.range = range
    threshold = 1 / (1 - probability)
    doubledLogarithm = 2 * log(2 / (1 - probability))
    alive = 0..<(Self.gridSize + 1)
    more = Array(repeating: 1, count: Self.gridSize + 1)
    less = more
  }

  /// A candidate mean in units of the range.
  private static func candidate(_ index: Int) -> Double {
    let share = Double(index) / Double(gridSize)
    return share * share * share
  }

  /// Adds a number; beyond the range it counts as the range's end.
  public mutating func add(_ number: Double) {
    let width = range.upperBound - range.lowerBound
    guard width > 0 else { return }
    let value = min(max((number - range.lowerBound) / width, 0), 1)
    // The stake is decided before the number is seen.
    let variance = (0.25 + squares) / (count + 1)
    let stake = (doubledLogarithm / (variance * (count + 1) * log(count + 2))).squareRoot()
    bet(stake, on: value)
    count += 1
    sum += value
    let mean = (0.5 + sum) / (count + 1)
    squares += (value - mean) * (value - mean)
  }

  private mutating func bet(_ stake: Double, on value: Double) {
    for index in alive {
      let mean = Self.candidate(index)
      more[index] *= 1 + min(stake, 0.5 / max(mean, 1e-300)) * (value - mean)
      less[index] *= 1 - min(stake, 0.5 / max(1 - mean, 1e-300)) * (value - mean)
    }
    // What is ruled out stays so; the candidates left are kept in one piece.
    while alive.count > 1, isRuledOut(alive.lowerBound) { alive.removeFirst() }
    while alive.count > 1, isRuledOut(alive.upperBound - 1) { alive.removeLast() }
  }

  private func isRuledOut(_ index: Int) -> Bool { max(more[index], less[index]) / 2 >= threshold }

  /// The means that are left.
  public var interval: ClosedRange<Double> {
    let width = range.upperBound - range.lowerBound
    func value(_ index: Int) -> Double { range.lowerBound + width * Self.candidate(index) }
    return value(max(alive.lowerBound - 1, 0))...value(min(alive.upperBound, Self.gridSize))
  }
}
