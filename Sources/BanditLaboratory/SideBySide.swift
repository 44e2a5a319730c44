import Foundation
import Synchronization

/// Parts of a job that workers take one after another, each the next that is not taken yet.
public enum SideBySide {
  /// Calls `work` for the parts 0 to `count` − 1 on `workers` threads and returns when all have ended; a worker ends
  /// early where `work` says false.
  public static func run(
    _ count: Int, workers: Int, _ work: @escaping @Sendable (_ index: Int) -> Bool
  ) {
    let next = Atomic(0)
    let working = DispatchGroup()
    for _ in 0..<workers {
      working.enter()
      // Threads of this program's own: those of a pool block the signals that a process is to be stopped by.
      let thread = Thread {
        while true {
          let index = next.add(1, ordering: .relaxed).oldValue
          guard index < count, work(index) else { break }
        }
        working.leave()
      }
      thread.start()
    }
    working.wait()
  }
}
