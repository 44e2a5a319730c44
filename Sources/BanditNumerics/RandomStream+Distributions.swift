extension RandomStream {
  /// A standard normal number, in double precision.
  ///
  /// The same bits on every machine: arithmetic, square roots and `portableLogarithm` alone.
  ///
  /// Source: Marsaglia & Bray 1964, the polar method.
  ///
  /// *Deviations*: the second number of each pair is dropped, so that a stream has no state but its words.
  public mutating func normal() -> Double {
    while true {
      let x = uniform(from: -1, to: 1)
      let y = uniform(from: -1, to: 1)
      let square = x * x + y * y
      if square > 0 && square < 1 { return x * (-2 * portableLogarithm(square) / square).squareRoot() }
    }
  }

  /// A number of the gamma distribution of `shape`, at least 1, and scale 1.
  ///
  /// Source: Marsaglia & Tsang 2000, A Simple Method for Generating Gamma Variables.
  public mutating func gamma(shape: Double) -> Double {
    precondition(shape >= 1 && shape.isFinite, "a gamma distribution's shape is at least 1")
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let u = uniform()
      let square = x * x
      if u < 1 - 0.0331 * square * square { return d * v }
      if u > 0 && portableLogarithm(u) < 0.5 * square + d * (1 - v + portableLogarithm(v)) { return d * v }
    }
  }
}

/// The natural logarithm of a positive number, with a relative error below 10⁻¹⁵, the same bits on every machine.
///
/// C libraries round theirs differently. With x = m·2ᵉ, √½ ≤ m < √2 and s = (m − 1)/(m + 1) it is
/// e ln 2 + 2 artanh s, by eleven terms of the series.
func portableLogarithm(_ x: Double) -> Double {
  precondition(x > 0 && x.isFinite, "the logarithm of a number that is not positive and finite")
  var m = x.significand
  var exponent = Double(x.exponent)
  if m > 2.0.squareRoot() {
    m /= 2
    exponent += 1
  }
  let s = (m - 1) / (m + 1)
  let square = s * s
  var series = 0.0
  for denominator in stride(from: 21.0, through: 1, by: -2) { series = series * square + 1 / denominator }
  return exponent * 0.693147180559945309417232121458 + 2 * s * series
}
