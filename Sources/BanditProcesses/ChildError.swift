/// A child process that did not do its part.
public struct ChildError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The program.
  let program: String
  /// What happened, as the rest of a sentence.
  let reason: String
  /// The last that it printed.
  var words = ""

  /// The sentence a user reads, and the child's last words.
  public var description: String {
    let lines = words.split(whereSeparator: \.isNewline)
    let said = lines.isEmpty ? "; it printed nothing" : "; the last it printed:"
    return "\(program): \(reason)\(said)" + lines.map { "\n  \($0)" }.joined()
  }
}
