import BanditCore
import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and the like: asks runs to end with a whole log and a summary.
enum Interruption {
  // A signal handler reaches nothing but globals. The number of the signal that came, 0 before.
  private static let received = Atomic<Int32>(0)

  /// Whether the user has asked to stop.
  static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  // When it was first seen that a step goes on after the user asked to stop, in nanoseconds; 0 before.
  private static let noticed = Atomic<UInt64>(0)

  /// Whether a step has gone on for a second since the user asked to stop.
  static var isOverdue: Bool {
    guard isRequested else { return false }
    let now = DispatchTime.now().uptimeNanoseconds
    let first = noticed.compareExchange(expected: 0, desired: now, ordering: .relaxed).original
    return first > 0 && now > first + 1_000_000_000
  }

  /// What the program exits with after a stop: 128 and the signal's number, as shells have it.
  static var exitCode: Int32 { 128 + received.load(ordering: .relaxed) }

  /// Takes SIGINT, SIGTERM and SIGHUP, where the program was not started to ignore them (`nohup`).
  ///
  /// A second Ctrl-C ends the program at once, as it does without this: somebody does not want to wait. SIGTERM and
  /// SIGHUP may come as often as they like, because schedulers and terminals send more than one while a run ends.
  static func install() {
    for number in [SIGINT, SIGTERM, SIGHUP] where !ignore(number) {
      signal(number) { number in
        _ = Interruption.received.compareExchange(expected: 0, desired: number, ordering: .relaxed)
        if number == SIGINT { signal(SIGINT, SIG_DFL) }
      }
    }
    // A full disk or a file-size limit is an error of the write, never the end of the program.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Ignores a signal, and tells whether that was so before.
  private static func ignore(_ number: Int32) -> Bool {
    let former = signal(number, SIG_IGN)
    return unsafeBitCast(former, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Calls `body` so that steps which take longer than a user waits are given up in their middle.
  static func withinSteps<Result>(_ body: () throws -> Result) rethrows -> Result {
    try LongWork.withAnswer({ isOverdue }, body)
  }
}
