import Foundation

/// Where an axis has marks, and what stands beside them.
struct Ticks {
  /// A mark: from 0 to 1 along the axis, without words where it is a small one.
  struct Mark: Equatable {
    var place: Double
    var label: String?
  }

  private(set) var marks: [Mark] = []

  /// What a line of words takes of an upright axis.
  static func lineExtent(_ words: String) -> Double { 2.2 * FigureFormat.typeSize }
  /// What words take of a level axis.
  static func wordExtent(_ words: String) -> Double { TextWidth.of(words, size: FigureFormat.typeSize) + 12 }

  /// Chooses round numbers as close as their words allow.
  ///
  /// - Parameters:
  ///   - length: of the axis, in points.
  ///   - extent: how much of the axis a label takes, in points, with the space to its neighbours.
  init(_ axis: Axis, placed: PlacedAxis, length: Double, extent: (String) -> Double) {
    var isWhole = true
    func mark(_ value: Double, _ label: String?) {
      let place = placed.place(value)
      // A mark at the very end may miss it by a rounding error.
      guard place > -1e-9, place < 1 + 1e-9 else { return }
      var label = label
      if let words = label {
        let isCrowded = marks.contains { other in
          guard let neighbour = other.label else { return false }
          return abs(other.place - place) * length < (extent(words) + extent(neighbour)) / 2
        }
        if isCrowded { (label, isWhole) = (nil, false) }
      }
      marks.append(Mark(place: min(max(place, 0), 1), label: label))
    }
    if let own = axis.ticks {
      marks = own.map { Mark(place: placed.place($0.value), label: $0.label) }
        .filter { $0.place >= 0 && $0.place <= 1 }
      return
    }
    if axis.scale != .linear {
      // Within the pieces of a piecewise axis, which are even, as many words as all of them have room for.
      let choices = axis.scale == .piecewise ? [Array(2...9), [2, 4, 6, 8], [5], []] : [[5, 2]]
      for factors in choices {
        (marks, isWhole) = ([], true)
        for (value, label) in Self.byTens(placed.ends, scale: axis.scale, worded: factors) {
          mark(value, label)
        }
        if isWhole { break }
      }
      marks.sort { $0.place < $1.place }
      if axis.scale == .piecewise, let last = marks.last, last.label == nil {
        // The last piece may be a short one without a word but at its beginning.
        marks.removeLast()
        mark(placed.value(last.place).rounded(), TickLabel.text(placed.value(last.place).rounded()))
      }
    }
    // A short piece of a logarithmic axis has no two powers of ten.
    if marks.count(where: { $0.label != nil }) < 2 {
      marks = []
      for (value, label) in Self.even(placed, length: length, extent: extent) { mark(value, label) }
    }
  }

  /// Multiples of the smallest 1, 2 or 5 times a power of ten at which labels do not touch.
  private static func even(
    _ placed: PlacedAxis, length: Double, extent: (String) -> Double
  ) -> [(Double, String)] {
    let ends = placed.ends
    let range = ends.upperBound - ends.lowerBound
    var exponent = Int(log10(range / 20).rounded(.down))
    while true {
      for factor in [1.0, 2, 5] {
        let step = factor * pow(10, Double(exponent))
        let first = (ends.lowerBound / step - 1e-9).rounded(.up)
        let last = (ends.upperBound / step + 1e-9).rounded(.down)
        guard last - first < 20 else { continue }
        let ticks = stride(from: first, through: last, by: 1).map { index in
          (index * step, TickLabel.text(index * step, decimals: max(0, -exponent)))
        }
        let widest = ticks.map { extent($0.1) }.max() ?? 0
        if step / range * length >= widest || ticks.count < 2 { return ticks }
      }
      exponent += 1
    }
  }

  /// Powers of ten first, then some factors times them with words, then the rest as small marks.
  private static func byTens(
    _ ends: ClosedRange<Double>, scale: Axis.Scale, worded: [Int]
  ) -> [(Double, String?)] {
    // The report's axis is even from 0 to 1,000.
    let least = scale == .piecewise ? 1_000 : ends.lowerBound
    let lowest = Int(log10(least).rounded(.down))
    let highest = max(lowest, Int(log10(max(ends.upperBound, least)).rounded(.down)))
    let decades = (lowest...highest).map { pow(10, Double($0)) }
    var wanted: [(Double, String?)] = []
    // With many decades only some have words, at even distances; the small marks would run together.
    let interval = 1 + decades.count / 8
    if scale == .piecewise {
      wanted.append((0, "0"))
      // Regret can fall below zero for a while: lucky poisonous meals.
      let below = stride(from: -500, through: max(ends.lowerBound, -5_000), by: -500)
      wanted += below.map { ($0, TickLabel.text($0)) }
    }
    let isWide = lowest < -4 || highest > 6
    for (exponent, decade) in zip(lowest...highest, decades) {
      let label = isWide && decade != 1 ? TickLabel.scientific(decade) : TickLabel.text(decade)
      wanted.append((decade, exponent % interval == 0 ? label : nil))
    }
    guard interval == 1 else { return wanted }
    for factor in worded + (2...9).filter({ !worded.contains($0) }) {
      let starts = scale == .piecewise ? [100] + decades : decades
      for value in starts.map({ Double(factor) * $0 }) {
        let hasWords = (scale == .piecewise || decades.count < 3) && worded.contains(factor)
        wanted.append((value, hasWords ? TickLabel.text(value) : nil))
      }
    }
    return wanted
  }
}

/// Numbers beside ticks.
enum TickLabel {
  /// A number with grouped thousands, or as a power of ten where it is very small or large.
  static func text(_ value: Double, decimals: Int? = nil) -> String {
    if value == 0 { return "0" }
    let size = abs(value)
    guard size < 9_999_999, size >= 1e-4 else { return scientific(value) }
    let places = decimals ?? max(0, Int((-log10(size)).rounded(.up)))
    let digits = String(format: "%.\(places)f", size)
    let whole = digits.prefix { $0 != "." }
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0 && (whole.count - index) % 3 == 0 && whole.count > 3 { grouped += "," }
      grouped.append(digit)
    }
    return (value < 0 ? "−" : "") + grouped + digits.dropFirst(whole.count)
  }

  /// 1, 2.5×10⁷, −3×10⁻⁹.
  static func scientific(_ value: Double) -> String {
    var exponent = Int(log10(abs(value)).rounded(.down))
    var factor = value / pow(10, Double(exponent))
    if abs(factor) > 9.999 { (exponent, factor) = (exponent + 1, factor / 10) }
    let digits = String(format: "%.3g", abs(factor))
    let power = "10" + superscript(exponent)
    return (value < 0 ? "−" : "") + (digits == "1" ? power : "\(digits)×\(power)")
  }

  private static func superscript(_ value: Int) -> String {
    let signs: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
      "9": "⁹",
    ]
    return String(String(value).compactMap { signs[$0] })
  }
}
