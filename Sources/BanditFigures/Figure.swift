/// A picture: panels in a grid, in one print-ready style.
///
/// `write(to:)` draws it and leaves its data beside it as CSV.
public struct Figure: Hashable, Sendable {
  /// A size in points, 72 to the inch.
  public struct Size: Hashable, Sendable {
    /// From left to right.
    public var width: Double
    /// From top to bottom.
    public var height: Double

    /// Creates a size.
    public init(width: Double, height: Double) {
      self.width = width
      self.height = height
    }
  }

  /// Printed above the panels, where there is one.
  public var title: String?
  /// The panels, row by row.
  public var panels: [Panel]
  /// Panels in a row.
  public var columns: Int
  /// The size of one panel with its title, axes and labels; the picture grows with the grid, its title and its legend.
  public var panelSize: Size

  /// Creates a figure.
  ///
  /// - `columns`: panels in a row, 1 or more.
  /// - `panelSize`: in points; as it is, one panel fills a column of a two-column page (3.5 inches).
  public init(
    title: String? = nil, panels: [Panel], columns: Int = 1, panelSize: Size = Size(width: 252, height: 180)
  ) {
    precondition(!panels.isEmpty, "a figure has at least one panel")
    precondition(columns > 0, "a row of a figure has at least one panel")
    precondition(
      panelSize.width >= 40 && panelSize.height >= 40, "a panel is at least 40 points wide and high")
    self.title = title
    self.panels = panels
    self.columns = columns
    self.panelSize = panelSize
  }
}
