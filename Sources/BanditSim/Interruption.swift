import Foundation
import Synchronization

/// Ctrl-C and the like: asks runs to end with a whole log and a summary.
enum Interruption {
  // A signal handler reaches nothing but globals.
  private static let requests = Atomic(0)

  /// Whether the user has asked to stop.
  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// Takes SIGINT and SIGTERM; a second one of either ends the program at once, as it
  /// does without this.
  static func install() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        Interruption.requests.add(1, ordering: .relaxed)
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
      }
    }
    // A full disk or a file-size limit is an error of the write, never the end of the program.
    signal(SIGXFSZ, SIG_IGN)
  }
}
