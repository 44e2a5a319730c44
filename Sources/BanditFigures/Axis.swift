/// An axis of a panel.
public struct Axis: Hashable, Sendable {
  /// How values become positions.
  public enum Scale: Hashable, Sendable {
    /// In proportion.
    case linear
    /// By decimal logarithm; values that are not positive are not drawn.
    case log
    /// In proportion within 0 to 1,000, to 10,000, to 100,000 and so on by tens, each of which has the same length:
    /// the axis on which the replicated report plots cumulative regret.
    case piecewise
  }

  /// A mark on the axis with its words.
  public struct Tick: Hashable, Sendable {
    /// Where.
    public var value: Double
    /// What is printed there.
    public var label: String

    /// Creates a tick.
    public init(_ value: Double, _ label: String) {
      self.value = value
      self.label = label
    }
  }

  /// Printed along the axis, with the unit where there is one.
  public var label: String?
  /// What is shown; as much as the data need where it is nil.
  public var range: ClosedRange<Double>?
  /// How values become positions.
  public var scale: Scale
  /// Marks with words of their own, for categories; round numbers where it is nil.
  public var ticks: [Tick]?

  /// Creates an axis.
  public init(
    _ label: String? = nil, range: ClosedRange<Double>? = nil, scale: Scale = .linear, ticks: [Tick]? = nil
  ) {
    precondition(range.map { $0.lowerBound.isFinite && $0.upperBound.isFinite } ?? true, "a range is finite")
    precondition(
      range.map { scale != .log || $0.lowerBound > 0 } ?? true, "the range of a logarithmic axis is positive")
    self.label = label
    self.range = range
    self.scale = scale
    self.ticks = ticks
  }
}
