import BanditFiles
import Foundation

/// Keeps other processes out of a folder until it is released or the process ends, however it ends.
///
/// The folder itself is locked: there is no file that somebody would have to remove. Where a file system cannot lock
/// folders, the lock of the log is left.
package final class RunLock {
  private var descriptor: Int32?

  /// Locks a folder.
  ///
  /// - Throws: `FolderInUseError` where another process has it.
  package init(_ folder: String) throws {
    let descriptor = try POSIXFile.openFolder(folder)
    self.descriptor = descriptor
    // Another process may have it for an instant, to see whether it is free.
    var attempts = 0
    while !POSIXFile.lock(descriptor) {
      attempts += 1
      guard attempts < 10 else { throw FolderInUseError(path: folder) }
      Thread.sleep(forTimeInterval: 0.01)
    }
  }

  /// Throws where another process has a folder.
  package static func requireFree(_ folder: String) throws { try RunLock(folder).release() }

  /// Lets others in.
  package func release() {
    if let descriptor { _ = POSIXFile.release(descriptor) }
    descriptor = nil
  }

  deinit { release() }
}

/// A folder that another process has.
public struct FolderInUseError: Error, Hashable, Sendable, CustomStringConvertible {
  let path: String

  /// The sentence a user reads.
  public var description: String {
    "\(path): another process works in this folder; wait for its end or stop it"
  }
}
