import BanditLaboratory
import Foundation

/// Numbers for people.
enum Format {
  /// A whole number with commas: 50,000.
  static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var groups: [Substring] = []
    var rest = digits[...]
    while rest.count > 3 {
      groups.insert(rest.suffix(3), at: 0)
      rest = rest.dropLast(3)
    }
    groups.insert(rest, at: 0)
    return (value < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// A number rounded to whole, with commas.
  static func grouped(_ value: Double) -> String {
    Int(exactly: value.rounded()).map { grouped($0) } ?? String(value)
  }

  /// A speed with about three digits.
  static func rate(_ value: Double) -> String {
    value < 100 ? String(format: "%.1f", value) : grouped(value)
  }

  /// A count without decimals, anything else with three.
  static func counter(_ value: Double) -> String {
    Int(exactly: value).map { grouped($0) } ?? String(format: "%.3f", value)
  }

  /// Seconds as "3 s", "2 min 5 s" or "1 h 4 min".
  static func time(_ seconds: Double) -> String {
    guard seconds < 1e10 else { return "centuries" }
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    if whole < 3_600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3_600) h \(whole % 3_600 / 60) min"
  }

  /// A time that is known roughly, as "4 s", "15 min" or "11 h".
  static func about(_ seconds: Double) -> String {
    if seconds < 90 { return "\(Int(seconds.rounded())) s" }
    if seconds < 5_400 { return "\(Int((seconds / 60).rounded())) min" }
    return "\(Int((seconds / 3_600).rounded())) h"
  }

  /// Bytes as "11.6 MB".
  static func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }

  /// Text in lines of at most 100 characters, or as many as the terminal has columns, broken at spaces.
  static func wrapped(_ text: String, width: Int = min(100, Console.width() ?? 100)) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if !last.isEmpty && last.count + word.count >= width {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Rows of cells in columns, the first left- and the others right-aligned; those that a terminal is too narrow for are
  /// in further tables below, each with the first column.
  static func table(_ rows: [[String]], width: Int? = Console.width()) -> String {
    let widths = widths(of: rows)
    guard let width, let first = widths.first else { return aligned(rows, widths) { $0 > 0 } }
    var parts: [[Int]] = [[]]
    var length = first
    for column in widths.indices.dropFirst() {
      if length + 2 + widths[column] > width && !parts[parts.count - 1].isEmpty {
        parts.append([])
        length = first
      }
      parts[parts.count - 1].append(column)
      length += 2 + widths[column]
    }
    return parts.map { columns in
      let kept = [0] + columns
      return aligned(
        rows.map { row in kept.filter { $0 < row.count }.map { row[$0] } }, kept.map { widths[$0] }
      ) {
        $0 > 0
      }
    }.joined(separator: "\n\n")
  }

  /// Rows of cells in left-aligned columns; on a terminal that is too narrow the cells are wrapped.
  static func leftTable(_ rows: [[String]], width: Int? = Console.width()) -> String {
    var widths = widths(of: rows)
    let gaps = 2 * (widths.count - 1)
    guard let width, widths.reduce(gaps, +) > width else { return aligned(rows, widths) { _ in false } }
    let least = widths.indices.map { column in
      rows.flatMap { column < $0.count ? $0[column].split(separator: " ").map(\.count) : [] }.max() ?? 0
    }
    while widths.reduce(gaps, +) > width,
      let widest = widths.indices.dropFirst().filter({ widths[$0] > least[$0] }).max(by: {
        widths[$0] < widths[$1]
      })
    {
      widths[widest] -= 1
    }
    if widths.reduce(gaps, +) > width {
      return rows.map { hanging($0.joined(separator: " "), width) }.joined(separator: "\n")
    }
    return rows.map { row in
      let cells = row.enumerated().map {
        wrapped($1, width: widths[$0]).split(separator: "\n").map(String.init)
      }
      let lines = (0..<(cells.map(\.count).max() ?? 0)).map { line in
        cells.map { line < $0.count ? $0[line] : "" }
      }
      return aligned(lines, widths) { _ in false }
    }.joined(separator: "\n")
  }

  /// A line as it is, or wrapped to the terminal.
  static func fitted(_ line: String) -> String { Console.width().map { wrapped(line, width: $0) } ?? line }

  /// Text wrapped with all lines but the first one indented.
  private static func hanging(_ text: String, _ width: Int) -> String {
    wrapped(text, width: width - 4).replacing("\n", with: "\n    ")
  }

  private static func widths(of rows: [[String]]) -> [Int] {
    (0..<(rows.map(\.count).max() ?? 0)).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
  }

  private static func aligned(
    _ rows: [[String]], _ widths: [Int], isRight: (Int) -> Bool
  ) -> String {
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
        return isRight(column) ? space + cell : cell + space
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
