/// Pieces of a page; what comes from files is always escaped.
enum HTML {
  /// A text as it stands in an element or in a quoted attribute.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  /// A table whose first row is its head; `words` are the columns of running text.
  static func table(_ rows: [[String]], caption: String? = nil, words: Set<Int> = []) -> String {
    guard let head = rows.first else { return "" }
    func row(_ cells: [String], _ tag: String, _ scope: String) -> String {
      let padded = cells + Array(repeating: "", count: max(0, head.count - cells.count))
      return "<tr>"
        + padded.enumerated().map { index, cell in
          "<\(tag)\(scope)\(words.contains(index) ? " class=\"words\"" : "")>\(escaped(cell))</\(tag)>"
        }.joined() + "</tr>"
    }
    let title = caption.map { "<caption>\(escaped($0))</caption>" } ?? ""
    let body = rows.dropFirst().map { row($0, "td", "") }.joined(separator: "\n")
    return
      "<div class=\"wide\" tabindex=\"0\"><table>\(title)<thead>\(row(head, "th", " scope=\"col\""))</thead>\n"
      + "<tbody>\(body)</tbody></table></div>\n"
  }

  /// What is folded away until it is asked for.
  static func details(_ summary: String, _ body: String) -> String {
    "<details><summary>\(escaped(summary))</summary>\n\(body)</details>\n"
  }

  /// A JSON document in a script element, which ends at the first `</`.
  static func json(_ id: String, _ text: String) -> String {
    "<script type=\"application/json\" id=\"\(id)\">\(text.replacing("<", with: "\\u003c"))</script>\n"
  }
}
