/// The names of series with a sample of each, in rows and columns under what they explain.
struct Legend {
  /// What is sampled.
  struct Entry: Hashable {
    var name: String
    var mark: Series.Mark
    var color: SeriesColor
  }

  /// An entry with the left middle of its sample, in points from the legend's top left corner, y downwards.
  struct Item {
    var entry: Entry
    /// The name, from the sample's height downwards.
    var lines: [String]
    var x: Double
    var y: Double
  }

  private(set) var items: [Item] = []
  /// In points.
  private(set) var height = 0.0

  /// The length of a sample.
  static let sampleWidth = 14.0
  private static let gap = 4.0
  private static let rowHeight = 10.5
  /// From one line of a name to the next.
  static let lineHeight = 9.0
  /// To what is above.
  private static let space = 3.0

  /// The listed series of a panel, those of the same look and name once.
  static func entries(of panel: Panel) -> [Entry] {
    var entries: [Entry] = []
    for series in panel.series where series.inLegend && !series.x.isEmpty {
      let entry = Entry(name: series.name, mark: series.mark, color: series.color)
      if !entries.contains(entry) { entries.append(entry) }
    }
    return entries
  }

  /// Lays entries out column by column, centred in a width in points.
  init(_ entries: [Entry], width: Double) {
    guard !entries.isEmpty else { return }
    let textLimit = width - Self.sampleWidth - Self.gap
    let names = entries.map { TextWidth.lines($0.name, size: FigureFormat.typeSize, to: textLimit) }
    let widest = names.joined().map { TextWidth.of($0, size: FigureFormat.typeSize) }.max() ?? 0
    let columnWidth = Self.sampleWidth + Self.gap + widest + 3 * Self.gap
    let columns = max(1, min(entries.count, Int((width + 3 * Self.gap) / columnWidth)))
    let rows = (entries.count + columns - 1) / columns
    let usedColumns = (entries.count + rows - 1) / rows
    let left = max(0, (width - Double(usedColumns) * columnWidth + 3 * Self.gap) / 2)
    var top = Self.space
    for row in 0..<rows {
      let places = stride(from: row, to: entries.count, by: rows)
      for index in places {
        items.append(
          Item(
            entry: entries[index], lines: names[index], x: left + Double(index / rows) * columnWidth,
            y: top + 0.5 * Self.rowHeight))
      }
      top += Self.rowHeight + Double((places.map { names[$0].count }.max() ?? 1) - 1) * Self.lineHeight
    }
    height = top + 3
  }

  /// Where an item's words begin.
  static func textX(_ item: Item) -> Double { item.x + sampleWidth + gap }
}
