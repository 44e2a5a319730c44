/// A named value of a step, as TensorBoard shows it.
struct SummaryValue {
  private enum Content {
    case scalar(Float)
    case histogram(Histogram)
  }

  /// The name; a slash separates the group from the rest.
  let tag: String
  private let content: Content

  /// A point of a curve.
  static func scalar(_ tag: String, _ value: Double) -> SummaryValue {
    SummaryValue(tag: tag, content: .scalar(Float(value)))
  }

  /// The distribution of many numbers; those that are not finite are left out.
  static func histogram(_ tag: String, _ values: [Float]) -> SummaryValue {
    SummaryValue(tag: tag, content: .histogram(Histogram(values)))
  }

  /// Adds the value to a `Summary`.
  func encode(into summary: inout ProtocolBuffer) {
    summary.message(1) { value in
      value.text(1, tag)
      switch content {
      case .scalar(let number): value.float(2, number)
      case .histogram(let histogram): value.message(5) { histogram.encode(into: &$0) }
      }
    }
  }
}

/// Counts of numbers in bins of one width, from the least number to the greatest.
private struct Histogram {
  private static let bins = 50

  private var least = 0.0
  private var greatest = 0.0
  private var sum = 0.0
  private var squares = 0.0
  private var limits: [Double] = [1]
  private var counts: [Double] = [0]

  init(_ values: [Float]) {
    let values = values.lazy.filter(\.isFinite).map(Double.init)
    guard let least = values.min(), let greatest = values.max() else { return }
    self.least = least
    self.greatest = greatest
    let width = (greatest - least) / Double(Self.bins)
    let bins = width > 0 ? Self.bins : 1
    limits = (1...bins).map { $0 == bins ? greatest : least + width * Double($0) }
    counts = Array(repeating: 0, count: bins)
    for value in values {
      sum += value
      squares += value * value
      counts[width > 0 ? min(bins - 1, Int((value - least) / width)) : 0] += 1
    }
  }

  /// Adds the fields of a `HistogramProto`.
  func encode(into message: inout ProtocolBuffer) {
    message.double(1, least)
    message.double(2, greatest)
    message.double(3, counts.reduce(0, +))
    message.double(4, sum)
    message.double(5, squares)
    message.doubles(6, limits)
    message.doubles(7, counts)
  }
}
