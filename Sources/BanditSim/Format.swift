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

  /// Bytes as "11.6 MB".
  static func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }

  /// Text in lines of at most 100 characters, broken at spaces.
  static func wrapped(_ text: String) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if !last.isEmpty && last.count + word.count >= 100 {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = last.isEmpty ? String(word) : "\(last) \(word)"
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Rows of cells in columns, the first left- and the others right-aligned.
  static func table(_ rows: [[String]]) -> String { aligned(rows) { $0 > 0 } }

  /// Rows of cells in left-aligned columns.
  static func leftTable(_ rows: [[String]]) -> String { aligned(rows) { _ in false } }

  private static func aligned(_ rows: [[String]], isRight: (Int) -> Bool) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return isRight(column) ? space + cell : cell + space
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
