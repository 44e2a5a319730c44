import Foundation
import Synchronization

/// State that a broken component shares with its other instances.
final class SharedCount: Sendable {
  private let count = Mutex(0)

  /// Counts on and returns how far it got.
  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }

  func reset(to value: Int = 0) { count.withLock { $0 = value } }

  /// How far it got.
  var value: Int { count.withLock { $0 } }
}

/// Remembers the thread that first asked.
final class HomeThread: Sendable {
  private let home = Mutex<ObjectIdentifier?>(nil)

  var isHere: Bool {
    let here = ObjectIdentifier(Thread.current)
    return home.withLock { home in
      if home == nil { home = here }
      return home == here
    }
  }
}

struct Breakdown: Error {}
