/// How wide texts are about to be, so that margins and legends have room for them.
enum TextWidth {
  /// The width of a text in DejaVu Sans, in units of `size`; other scripts are taken as wide as they may be.
  static func of(_ text: String, size: Double) -> Double {
    size * text.reduce(0) { $0 + width(of: $1) }
  }

  /// A text cut off to a width, with an ellipsis where something is missing.
  static func fitted(_ text: String, size: Double, to limit: Double) -> String {
    guard of(text, size: size) > limit else { return text }
    var room = limit - of("…", size: size)
    let kept = text.prefix { character in
      room -= size * width(of: character)
      return room >= 0
    }
    return kept + "…"
  }

  /// A text in lines of a width, broken at spaces, and within a word that is wider; what four lines do not hold is cut.
  static func lines(_ text: String, size: Double, to limit: Double) -> [String] {
    guard of(text, size: size) > limit else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      var word = String(word)
      if !line.isEmpty, of(line + " " + word, size: size) <= limit {
        line += " " + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while of(word, size: size) > limit, word.count > 1 {
        var room = limit
        let part = word.prefix { character in
          room -= size * width(of: character)
          return room >= 0
        }
        let count = max(part.count, 1)
        lines.append(String(word.prefix(count)))
        word = String(word.dropFirst(count))
      }
      line = word
    }
    lines.append(line)
    guard lines.count > mostLines else { return lines }
    let rest = lines[(mostLines - 1)...].joined(separator: " ")
    return lines[..<(mostLines - 1)] + [fitted(rest, size: size, to: limit)]
  }

  private static let mostLines = 4

  private static func width(of character: Character) -> Double {
    switch character {
    case "i", "j", "l", "'", "|": 0.28
    case "I", " ", ",", ".", ":", ";", "!", "/", "-", "f", "t", "(", ")", "[", "]": 0.38
    case "r", "s", "c", "_", "\"": 0.5
    case "m", "M", "W", "%", "@", "w", "…": 0.98
    case "A"..."Z", "+", "=", "<", ">", "−", "×", "~", "^", "#": 0.8
    case _ where character.isASCII: 0.64
    case "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁻": 0.42
    default: character.unicodeScalars.allSatisfy { $0.value < 0x2e80 } ? 0.75 : 1.1
    }
  }
}
