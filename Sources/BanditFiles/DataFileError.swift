/// What is wrong with a file from outside.
public struct DataFileError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The file, as the caller named it.
  public let file: String
  /// The line at fault, counted from 1, where one line is.
  public let line: Int?
  /// What is wrong, and what is allowed or can be done.
  public let reason: String
  /// Whether there is no such file, so that nothing can be wrong with it.
  public let isMissing: Bool

  /// Creates an error about a file, or about one line of it.
  public init(file: String, line: Int? = nil, reason: String, isMissing: Bool = false) {
    self.file = file
    self.line = line
    self.reason = reason
    self.isMissing = isMissing
  }

  /// The file, the line if there is one, and the reason.
  public var description: String {
    guard let line else { return "\(file): \(reason)" }
    return "\(file), line \(line): \(reason)"
  }
}
