import Foundation
import Synchronization

/// Ctrl-C and the like: asks runs to end with a whole log and a summary.
enum Interruption {
  // A signal handler reaches nothing but globals. The number of the signal that came, 0 before.
  private static let received = Atomic<Int32>(0)

  /// Whether the user has asked to stop.
  static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// What the program exits with after a stop: 128 and the signal's number, as shells have it.
  static var exitCode: Int32 { 128 + received.load(ordering: .relaxed) }

  /// Takes SIGINT and SIGTERM; a second one of either ends the program at once, as it
  /// does without this.
  static func install() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.received.store(number, ordering: .relaxed)
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
      }
    }
    // A full disk or a file-size limit is an error of the write, never the end of the program.
    signal(SIGXFSZ, SIG_IGN)
  }
}
