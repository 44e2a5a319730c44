package import BanditCore
package import BanditFiles
import BanditNumerics
import Foundation

/// `checkpoint/state.safetensors`: the states that a run or training is resumed from, in one file.
///
/// Every state is a word of the file's metadata, in JSON, and its long arrays are tensors. The file is replaced in one
/// instant, so that a whole one is there whatever happens.
package struct Checkpoint {
  /// The file's place in the folder of a run or training.
  package static let file = "checkpoint/state.safetensors"
  /// The largest file that is read, in bytes.
  private static let limit = 1 << 31
  /// The most JSON, in bytes: more would not fit the file's header.
  private static let longestText = 40_000_000
  private static let form = (key: "form", value: "bandit-sim checkpoint 1")

  private var states: [String: EncodedState] = [:]
  /// What errors call the file.
  package let path: String

  /// An empty checkpoint, to be written to a file.
  package init(for path: String) { self.path = path }

  /// About how many bytes the file takes.
  package var byteCount: Int {
    states.values.reduce(0) { bytes, state in
      state.tensors.reduce(bytes + state.text.utf8.count) { bytes, tensor in
        switch tensor.elements {
        case .float, .int32: bytes + 4 * tensor.elements.count
        case .double, .uint64: bytes + 8 * tensor.elements.count
        }
      }
    }
  }

  /// Adds a state.
  package mutating func put(_ state: EncodedState, as name: String) throws {
    guard state.text.utf8.count <= Self.longestText else {
      throw CheckpointError(
        path: path,
        reason: "the state '\(name)' has more than \(Self.longestText) bytes of JSON; "
          + "arrays as StoredArray take none")
    }
    states[name] = state
  }

  /// What the file holds, but for its checksum.
  package var contents: Safetensors {
    let words = states.mapValues(\.text).merging([Self.form.key: Self.form.value]) { state, _ in state }
    return Safetensors(states.values.flatMap(\.tensors), metadata: words)
  }

  /// Replaces the file, whose own folder is made where it is missing.
  package func write() throws {
    // The folder of the run itself is never made again: one that is missing was removed or moved.
    let folder = String(path.dropLast(1 + (path.split(separator: "/").last?.count ?? 0)))
    if let number = POSIXFile.createOneFolder(folder) { throw POSIXFile.failure(folder, number) }
    do {
      try replaceFile(atPath: path, with: contents.sealedBytes)
    } catch {
      guard FileManager.default.fileExists(atPath: path) else { throw error }
      throw DataFileError(
        file: path, reason: error.reason + "; --resume continues from the checkpoint before")
    }
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: `CheckpointError` for a file that is damaged or no checkpoint, `DataFileError` for one that cannot be read.
  package init(readingFrom path: String) throws {
    let bytes = try readDataFile(atPath: path, limit: Self.limit)
    let contents: Safetensors
    do {
      contents = try Safetensors(sealedBytes: bytes, file: path)
    } catch {
      throw CheckpointError(path: path, reason: error.reason)
    }
    try self.init(contents, path: path)
  }

  /// A checkpoint with the contents of a file whose checksum was right.
  ///
  /// - Throws: `CheckpointError` for contents of something else.
  package init(_ contents: Safetensors, path: String) throws {
    self.path = path
    guard contents.metadata[Self.form.key] == Self.form.value else {
      throw CheckpointError(path: path, reason: "is no checkpoint of this program")
    }
    for (name, text) in contents.metadata where name != Self.form.key {
      states[name] = EncodedState(
        text: text, tensors: contents.tensors.filter { $0.name.hasPrefix(name + ".") })
    }
  }

  /// Whether there is a state of that name.
  package func has(_ name: String) -> Bool { states[name] != nil }

  /// A state by its name.
  package func state(_ name: String) throws -> EncodedState {
    guard let state = states[name] else {
      throw CheckpointError(path: path, reason: "has no state '\(name)'")
    }
    return state
  }

  /// Calls `body` with a state; what it throws becomes an error of the checkpoint.
  package func restoring<Result>(_ name: String, _ body: (EncodedState) throws -> Result) throws -> Result {
    let state = try state(name)
    do {
      return try body(state)
    } catch {
      let reason = (error as? DecodingError)?.sentence ?? "\(error)"
      throw CheckpointError(path: path, reason: "the state '\(name)' does not fit: \(reason)")
    }
  }
}

/// A checkpoint that cannot be written, or from which nothing can be resumed.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  package let path: String
  package let reason: String

  /// The sentence a user reads.
  public var description: String { "\(path): \(reason); --overwrite starts anew" }
}

/// How often a checkpoint is written; no number of a run depends on it.
public enum CheckpointInterval: Codable, Hashable, Sendable {
  /// At most once a second, and so seldom that it takes 1 % of the time.
  case automatic
  /// After every so many steps, or epochs of a training.
  case every(Int)
  /// Never, not even at the end.
  case never
}

/// When the next checkpoint is due, and what they have taken so far.
package struct CheckpointClock {
  private let interval: CheckpointInterval
  private var last = ContinuousClock.now
  private var cost = Duration.zero
  /// The time that all checkpoints of this process have taken.
  package private(set) var total = Duration.zero

  package init(_ interval: CheckpointInterval) { self.interval = interval }

  /// Whether a checkpoint is due after that many steps.
  package func isDue(_ steps: Int) -> Bool {
    switch interval {
    case .never: false
    case .every(let count): steps % count == 0
    case .automatic: ContinuousClock.now - last >= max(.seconds(1), cost * 100)
    }
  }

  /// Whether checkpoints are written at all.
  package var writes: Bool { interval != .never }

  /// Notes that a checkpoint was begun then and is written now.
  package mutating func noteCheckpoint(from start: ContinuousClock.Instant) {
    last = ContinuousClock.now
    cost = last - start
    total += cost
  }
}
