/// Watches that no line of a text that comes in pieces is longer than allowed.
struct LineLimit {
  private let longest: Int
  /// The bytes of the line that is not ended yet.
  private var open = 0

  init(_ longest: Int) { self.longest = longest }

  /// Whether the lines are short enough with this piece.
  mutating func accepts(_ piece: some Collection<UInt8>) -> Bool {
    guard longest < .max else { return true }
    for byte in piece {
      open = byte == UInt8(ascii: "\n") ? 0 : open + 1
      if open > longest { return false }
    }
    return true
  }

  /// The error about a file in which a line is too long.
  func error(file: String) -> DataFileError {
    DataFileError(file: file, reason: "has a line of more than the \(longest) bytes allowed; is it a table?")
  }
}
