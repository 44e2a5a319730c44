/// A table of an experiment: our numbers beside the report's.
public struct ResultTable: Hashable, Sendable {
  /// What it shows.
  public var title: String
  /// The columns' names.
  public var head: [String]
  /// Cells, a row each.
  public var cells: [[ResultCell]]

  /// Creates a table; numbers of a column whose name ends in a unit, as in `error, %`, have it.
  ///
  /// - `unit`: the unit of all numbers behind `labels` columns.
  public init(
    _ title: String, head: [String], rows: [[ResultCell]], unit: String? = nil, labels: Int = 1
  ) {
    precondition(rows.allSatisfy { $0.count == head.count }, "a cell for each column")
    self.title = title
    self.head = head
    cells = rows
    for column in head.indices {
      guard let unit = Self.unit(of: head[column]) ?? (column < labels ? nil : unit) else { continue }
      for row in cells.indices where cells[row][column].number?.unit == nil {
        cells[row][column].number?.unit = unit
      }
    }
  }

  /// The cells as people read them.
  public var rows: [[String]] { cells.map { $0.map(\.text) } }

  /// The cell of one or more numbers: their mean, with their standard deviation where there are several.
  public static func cell(_ values: [Double]) -> ResultCell { BanditLaboratory.cell(values) }

  private static func unit(of head: String) -> String? {
    ["%", "ms", "s", "nats"].first { head.hasSuffix(", \($0)") }
  }

  /// As Markdown.
  public var markdown: String {
    let lines = [head, head.map { _ in "---" }] + rows
    return "**\(title)**\n\n"
      + lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
      + "\n"
  }
}

/// `title`, `head`, `rows` as texts, and `numbers` in the same shape, with null for words.
extension ResultTable: Codable {
  private enum CodingKeys: String, CodingKey { case title, head, rows, numbers }

  /// Reads a table; one that an earlier version wrote has texts alone.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    title = try container.decode(String.self, forKey: .title)
    head = try container.decode([String].self, forKey: .head)
    let texts = try container.decode([[String]].self, forKey: .rows)
    let numbers = try container.decodeIfPresent([[ResultCell.Number?]].self, forKey: .numbers)
    cells = texts.enumerated().map { row, texts in
      texts.enumerated().map { column, text in
        var cell = ResultCell.text(text)
        // The file may be anybody's.
        if let own = numbers, own.indices.contains(row), own[row].indices.contains(column) {
          cell.number = own[row][column]
        }
        return cell
      }
    }
  }

  /// Writes the table.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(title, forKey: .title)
    try container.encode(head, forKey: .head)
    try container.encode(rows, forKey: .rows)
    try container.encode(cells.map { $0.map(\.number) }, forKey: .numbers)
  }
}
