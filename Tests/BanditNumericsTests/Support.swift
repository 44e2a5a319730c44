import BanditNumerics
import CBanditKernels
import Foundation
import Testing

/// 2⁻²⁴: half the distance between 1 and the next `Float`, the relative error of one rounding.
let halfUlp = 0x1p-24

/// Memory for one call of a kernel, with guard values around every piece, which must survive the call.
final class GuardedMemory {
  private static let before = 16
  private static let after = 32
  private static let guardValue = Float(bitPattern: 0x4b1d_c0de)
  private var pieces: [(all: UnsafeMutableBufferPointer<Float>, used: Range<Int>)] = []

  /// Places values so that they start `offset` floats after a 64-byte boundary.
  func place(_ values: [Float], offset: Int = 0) -> UnsafeMutablePointer<Float> {
    let start = Self.before + offset
    let total = start + values.count + Self.after
    let raw = UnsafeMutableRawPointer.allocate(byteCount: total * MemoryLayout<Float>.stride, alignment: 64)
    let base = raw.bindMemory(to: Float.self, capacity: total)
    base.initialize(repeating: Self.guardValue, count: total)
    for (index, value) in values.enumerated() { base[start + index] = value }
    let all = UnsafeMutableBufferPointer(start: base, count: total)
    pieces.append((all, start..<(start + values.count)))
    return base + start
  }

  /// The numbers of a piece, counted in the order of placing.
  func values(_ piece: Int) -> [Float] { Array(pieces[piece].all[pieces[piece].used]) }

  /// Whether every guard value is as it was.
  var isIntact: Bool {
    pieces.allSatisfy { piece in
      piece.all.indices.allSatisfy { index in
        piece.used.contains(index) || piece.all[index].bitPattern == Self.guardValue.bitPattern
      }
    }
  }

  deinit { for piece in pieces { piece.all.deallocate() } }
}

/// Gives `body` guarded memory and expects it intact afterwards.
func withGuardedMemory<Result>(
  _ body: (GuardedMemory) -> Result, sourceLocation: SourceLocation = #_sourceLocation
) -> Result {
  let memory = GuardedMemory()
  return withExtendedLifetime(memory) {
    let result = body(memory)
    #expect(memory.isIntact, "a kernel wrote outside its output", sourceLocation: sourceLocation)
    return result
  }
}

/// What a kernel should write and the magnitude that its rounding errors are relative to.
struct Expected {
  var value: Double
  var scale: Double

  init(_ value: Double, scale: Double? = nil) {
    self.value = value
    self.scale = max(scale ?? abs(value), abs(value))
  }

  /// Whether a number lies within `ulps` roundings of the scale; denormals count as multiples of their spacing.
  func admits(_ got: Float, ulps: Double) -> Bool {
    abs(Double(got) - value) <= ulps * 2 * halfUlp * scale + 2 * Double(Float.leastNonzeroMagnitude)
  }
}

/// A deterministic list of floats in a range, for inputs.
func uniformFloats(_ count: Int, _ range: ClosedRange<Double>, _ stream: inout RandomStream) -> [Float] {
  (0..<count).map { _ in Float(stream.uniform(from: range.lowerBound, to: range.upperBound)) }
}

/// Bit patterns, with every NaN made the same: its sign and payload are the processor's business.
func comparableBits(_ values: [Float]) -> [UInt32] {
  values.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern }
}

/// Pearson's statistic of counts against equal expectations.
func chiSquared(_ counts: [Int]) -> Double {
  let expected = Double(counts.reduce(0, +)) / Double(counts.count)
  return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
}

/// A bound that a chi-squared variable passes with probability near 3·10⁻⁵ (Wilson & Hilferty 1931, at 4 σ).
func chiSquaredBound(_ degrees: Int) -> Double {
  let spread = 2 / (9 * Double(degrees))
  return Double(degrees) * pow(1 - spread + 4 * spread.squareRoot(), 3)
}

/// The first numbers of a stream's normals.
func normals(_ stream: RandomStream, _ count: Int) -> [Float] {
  var source = NormalStream(stream)
  var numbers = [Float](repeating: 0, count: count)
  source.fill(&numbers, count: count)
  return numbers
}

/// The first normals of a seed's root stream.
func normals(_ seed: UInt64, _ count: Int) -> [Float] { normals(RandomStream(seed: seed), count) }

/// The mean of products: the correlation of two lists of mean 0 and variance 1.
func meanProduct(_ first: some Collection<Float>, _ second: some Collection<Float>) -> Double {
  zip(first, second).reduce(0) { $0 + Double($1.0) * Double($1.1) } / Double(first.count)
}

/// Rows of `width` numbers moved apart so that they start `row` numbers from one another, with a mark between them.
func spread(_ values: [Float], width: Int, row: Int) -> [Float] {
  stride(from: 0, to: values.count, by: width).flatMap { start in
    values[start..<(start + width)] + Array(repeating: rowMark, count: row - width)
  }
}

/// The rows of `width` numbers that start `row` numbers from one another; the marks between them must be there.
func gathered(_ values: [Float], width: Int, row: Int, sourceLocation: SourceLocation = #_sourceLocation)
  -> [Float]
{
  stride(from: 0, to: values.count, by: row).flatMap { start in
    #expect(
      values[(start + width)..<(start + row)].allSatisfy { $0 == rowMark }, "a kernel wrote between rows",
      sourceLocation: sourceLocation)
    return Array(values[start..<(start + width)])
  }
}

private let rowMark = Float(bitPattern: 0x4b1d_c0df)
