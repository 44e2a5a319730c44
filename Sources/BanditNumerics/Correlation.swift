/// How far two quantities go together.
public enum Correlation {
  /// Pearson's coefficient, from −1 to 1; nil for fewer than three pairs, and where one quantity does not vary.
  public static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "a pair is of two values")
    guard x.count > 2, let meanX = Spread(x)?.mean, let meanY = Spread(y)?.mean else { return nil }
    var (squaresX, squaresY, products) = (0.0, 0.0, 0.0)
    for (x, y) in zip(x, y) {
      squaresX += (x - meanX) * (x - meanX)
      squaresY += (y - meanY) * (y - meanY)
      products += (x - meanX) * (y - meanY)
    }
    guard squaresX > 0 && squaresY > 0 else { return nil }
    return min(1, max(-1, products / (squaresX.squareRoot() * squaresY.squareRoot())))
  }
}
