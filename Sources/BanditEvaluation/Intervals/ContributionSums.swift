public import BanditNumerics
import Foundation

/// The sums of an estimator's contributions, in memory that does not grow with the steps: blocks of steps, which become
/// larger when there are many of them, so that steps can be drawn anew.
public struct ContributionSums: Sendable {
  /// Blocks are joined in pairs when there are so many.
  private static let mostBlocks = 20_000

  /// Steps so far.
  public private(set) var count = 0
  private var sum = Contribution(numerator: 0, denominator: 0)
  /// Sums of squares and of products, of both parts.
  private var squares = (numerator: 0.0, denominator: 0.0, product: 0.0)
  /// A block's sums; the last one may be short.
  private var blocks: [Contribution] = []
  private var blockSize = 1
  private var inLast = 0

  /// Creates empty sums.
  public init() {}

  /// Adds a step's contribution.
  public mutating func add(_ contribution: Contribution) {
    count += 1
    sum.add(contribution)
    squares.numerator += contribution.numerator * contribution.numerator
    squares.denominator += contribution.denominator * contribution.denominator
    squares.product += contribution.numerator * contribution.denominator
    if inLast == 0 { blocks.append(Contribution(numerator: 0, denominator: 0)) }
    blocks[blocks.count - 1].add(contribution)
    inLast = (inLast + 1) % blockSize
    if blocks.count == Self.mostBlocks, inLast == 0 { joinBlocks() }
  }

  /// The estimate; nil where nothing was added below, or more than numbers can hold.
  public var estimate: Double? { sum.estimate }

  /// The standard error: of a mean by the variance of its terms (with n − 1), of a ratio by the delta method.
  public var standardError: Double? {
    guard let estimate, count > 1 else { return nil }
    // The sum of squares of numerator − estimate × denominator, whose sum is 0.
    let residuals =
      squares.numerator - 2 * estimate * squares.product + estimate * estimate * squares.denominator
    let variance = max(0, residuals) / Double(count - 1)
    let error = (variance / Double(count)).squareRoot() / (sum.denominator / Double(count))
    return error.isFinite ? error : nil
  }

  /// The variance of the terms, with n − 1.
  public var variance: Double? {
    standardError.map { $0 * $0 * Double(count) }
  }

  /// Estimates of steps drawn anew with replacement, ascending; of blocks of steps where there are many.
  public func resampled(_ resamples: Int, stream: RandomStream) -> [Double] {
    var stream = stream
    return (0..<resamples).compactMap { _ -> Double? in
      var drawn = Contribution(numerator: 0, denominator: 0)
      for _ in blocks.indices { drawn.add(blocks[stream.integer(below: blocks.count)]) }
      return drawn.estimate
    }.sorted()
  }

  private mutating func joinBlocks() {
    for pair in 0..<(blocks.count / 2) {
      var joined = blocks[2 * pair]
      joined.add(blocks[2 * pair + 1])
      blocks[pair] = joined
    }
    blocks.removeLast(blocks.count / 2)
    blockSize *= 2
  }
}

extension Contribution {
  fileprivate var estimate: Double? {
    let ratio = numerator / denominator
    return denominator > 0 && ratio.isFinite ? ratio : nil
  }

  fileprivate mutating func add(_ other: Contribution) {
    numerator += other.numerator
    denominator += other.denominator
  }
}
