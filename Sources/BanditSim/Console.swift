import Foundation

/// Where words go: results to stdout, everything else to stderr.
enum Console {
  /// Prints a result and ends the line; throws where it cannot be written, so that the program does not exit with 0.
  static func result(_ text: String) throws { try message(text.withoutControls) }

  /// Prints a line as it is, for a program that reads it.
  static func message(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    } catch {
      throw ConsoleError()
    }
  }

  /// Whether results go to a terminal that can show more than plain letters.
  static var isTerminal: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// The columns of the terminal that a stream goes to; nil where it goes elsewhere.
  static func width(of descriptor: Int32 = STDOUT_FILENO) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return max(20, Int(size.ws_col))
  }

  /// Shows progress or a failure; a stderr that nobody reads any more never stops a run.
  static func note(_ text: String) { write(text.withoutControls) }

  /// Goes to the start of the line and writes a text over what is there.
  static func rewriteLine(_ text: String) { write("\r" + text.withoutControls) }

  private static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Opens the null device in the place of standard streams that are closed: a file opened later, such as a log,
  /// would get their number and what is meant for them.
  static func openClosedStreams() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest free number is given, which is this one. Results that are written to it must fail, not vanish.
      _ = open("/dev/null", descriptor == STDOUT_FILENO ? O_RDONLY : O_RDWR)
    }
  }

  /// Makes the program fail at its end where help or a version, which are printed by others, did not get out.
  static func checkPrintedWords() {
    atexit {
      guard fflush(nil) != 0 else { return }
      Console.note("Error: \(ConsoleError())\n")
      _exit(1)
    }
  }
}

/// Results that could not be written to stdout.
struct ConsoleError: Error, CustomStringConvertible {
  var description: String { "stdout: the results cannot be written; check the file or pipe it leads to" }
}
