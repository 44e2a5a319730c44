/// Curves as text, in dots of Braille characters, each of which has 2 by 4.
public enum TextPlot {
  /// Draws curves over the same axes, from 0 to the greatest x and from the least, or 0, to the greatest y.
  ///
  /// - Parameters:
  ///   - curves: with x growing; values that are not finite are left out.
  ///   - width: characters between the axes.
  ///   - height: lines between the axes.
  ///   - number: the words for a value at an axis.
  /// - Returns: `height` lines and one of labels for x; nothing where there is nothing to draw.
  public static func drawing(
    _ curves: [(x: [Double], y: [Double])], width: Int = 60, height: Int = 10, number: (Double) -> String
  ) -> String {
    precondition(width > 0 && height > 0, "a plot has room")
    let points = curves.map { curve in zip(curve.x, curve.y).filter { $0.0.isFinite && $0.1.isFinite } }
    let xs = points.joined().map(\.0)
    let ys = points.joined().map(\.1)
    guard let right = xs.max(), right > 0, let greatest = ys.max(), let least = ys.min() else { return "" }
    let bottom = min(0, least)
    let top = greatest > bottom ? greatest : bottom + 1
    var grid = Grid(columns: 2 * width, rows: 4 * height)
    for curve in points {
      let places = curve.map { x, y in
        (
          column: Int((max(x, 0) / right * Double(grid.columns - 1)).rounded()),
          row: Int(((y - bottom) / (top - bottom) * Double(grid.rows - 1)).rounded())
        )
      }
      if let first = places.first { grid.line(from: first, to: first) }
      for (start, end) in zip(places, places.dropFirst()) { grid.line(from: start, to: end) }
    }
    let labels = [number(top), number(bottom)]
    let margin = labels.map(\.count).max() ?? 0
    var lines = grid.lines.enumerated().map { index, line in
      let label = index == 0 ? labels[0] : index == height - 1 ? labels[1] : ""
      return pad(label, margin) + (label.isEmpty ? " │" : " ┤") + line
    }
    lines.append(pad("", margin) + " 0" + pad(number(right), width))
    return lines.joined(separator: "\n")
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Dots, the bottom row first.
  private struct Grid {
    let columns: Int
    let rows: Int
    private var dots: Set<Int> = []

    init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }

    /// Sets the dots from one place to another, by as many steps as the longer side has.
    mutating func line(from start: (column: Int, row: Int), to end: (column: Int, row: Int)) {
      let steps = max(abs(end.column - start.column), abs(end.row - start.row), 1)
      for step in 0...steps {
        let share = Double(step) / Double(steps)
        let column = Double(start.column) + share * Double(end.column - start.column)
        let row = Double(start.row) + share * Double(end.row - start.row)
        dots.insert(Int(row.rounded()) * columns + Int(column.rounded()))
      }
    }

    /// The characters, the top line first, without spaces at the ends.
    var lines: [String] {
      // The bits of a Braille character's dots, by row from the top and column.
      let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
      return (0..<rows / 4).map { line in
        let characters = (0..<columns / 2).map { cell -> Character in
          var code: UInt32 = 0
          for (row, pair) in bits.enumerated() {
            for (column, bit) in pair.enumerated()
            where dots.contains((rows - 1 - 4 * line - row) * columns + 2 * cell + column) {
              code |= bit
            }
          }
          return code == 0 ? " " : Unicode.Scalar(0x2800 + code).map(Character.init) ?? " "
        }
        return String(characters.reversed().drop { $0 == " " }.reversed())
      }
    }
  }
}
