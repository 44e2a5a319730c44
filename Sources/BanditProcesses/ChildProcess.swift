import BanditCore
import CBanditProcess
import Foundation
import Synchronization

/// A running program that answers on pipes of its own; killed with all that it started where nobody holds it any more.
final class ChildProcess: Sendable {
  /// What every exchange needs and changes.
  private struct State {
    var child: bandit_child
    var words: ChildWordsBuffer
    /// What is to be sent with the next question.
    var unsent: [UInt8] = []
    /// Where answers are put; kept, as what `poll` is told, so that a step allocates neither.
    var answer: [UInt8] = []
    var pipes = [pollfd](repeating: pollfd(), count: 3)
    var patience = Patience()
    /// When it was last seen to what the child prints.
    var lastGlance = ContinuousClock.now
    var hasEnded = false
    /// Counts what was said, so that a copy of a component that is left behind is noticed.
    var version = 0
  }

  /// The program, as errors call it.
  let program: String
  private let limits: ChildLimits
  /// What an answer may take.
  private let allowance: Duration
  private let state: Mutex<State>

  /// Milliseconds after which a wait looks at whether the child still lives, and at what it prints.
  private static let glance = 50
  /// Bytes that are read at once, and that are kept for the next answer.
  private static let piece = 1 << 16
  /// How long a child whose pipe is closed may take to end by itself.
  private static let lastSeconds = 1.0

  /// Starts a program: the path of a file, or a program and its arguments with spaces between them.
  ///
  /// - Throws: `ChildError` where it cannot be started.
  init(_ program: String, limits: ChildLimits) throws {
    // A child that closes its pipe is an error of the write, never the end of the program.
    signal(SIGPIPE, SIG_IGN)
    let isFile = FileManager.default.isExecutableFile(atPath: program)
    let words = isFile ? [program] : program.split(separator: " ").map(String.init)
    var child = bandit_child()
    var pointers = words.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    let memory = limits.megabytes.map { UInt64($0) * 1_000_000 } ?? 0
    let number = words.isEmpty ? ENOENT : bandit_child_start(&pointers, memory, &child)
    guard number == 0 else {
      let reason = String(cString: strerror(number)).lowercased()
      throw ConfigurationError(
        key: "exec", given: program,
        allowed: "a program that can be started, such as ./agent.py with a #! line and chmod +x (\(reason))")
    }
    self.program = program
    self.limits = limits
    allowance = .seconds(limits.seconds)
    let name = words[0].split(separator: "/").last.map(String.init) ?? program
    state = Mutex(State(child: child, words: ChildWordsBuffer(name: name)))
  }

  deinit {
    state.withLock { state in
      if !state.hasEnded { _ = Self.end(&state) }
    }
  }

  /// Counts a word, and tells whether the caller had counted all before it.
  func advance(from version: inout Int) throws {
    try state.withLock { state in
      guard state.version == version else { throw error("was told other things by another copy", state) }
      state.version += 1
    }
    version += 1
  }

  /// Throws where somebody else has said something since.
  func require(_ version: Int) throws {
    try state.withLock { state in
      guard state.version == version else { throw error("was told other things by another copy", state) }
    }
  }

  /// Whether the child was not ended by this side.
  var isAlive: Bool { state.withLock { !$0.hasEnded } }

  /// An error of this child, which is ended.
  func failure(_ reason: String) -> ChildError {
    state.withLock { state in
      if !state.hasEnded { _ = Self.end(&state) }
      return error(reason, state)
    }
  }

  /// Sends the first words, a length before them, and gives the child's.
  func greet(_ words: [UInt8], limit: Int) throws -> [UInt8] {
    var answer: [UInt8] = []
    try exchange("greeting", first: 4) { bytes in
      bytes.add(UInt32(words.count))
      bytes += words
    } take: { bytes throws(ChildProblem) in
      guard bytes.count >= 4 else { return 4 - bytes.count }
      let count = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
      guard count <= limit else {
        throw ChildProblem("announced a greeting of \(count) bytes, where at most \(limit) are possible")
      }
      answer = Array(bytes[4...])
      return 4 + count - bytes.count
    }
    return answer
  }

  /// Keeps bytes, to be sent with the next question.
  func keep(_ write: (inout [UInt8]) -> Void) throws {
    let isMuch = state.withLock { state in
      write(&state.unsent)
      return state.unsent.count > Self.piece
    }
    if isMuch {
      try exchange("reading what it was sent", first: 0) { _ in
      } take: { _ in
        0
      }
    }
  }

  /// Sends a question and gives the answer's kind and payload to a body.
  ///
  /// - Parameters:
  ///   - doing: what the child is at, for errors.
  ///   - limit: the most bytes of the answer.
  func ask<Result>(
    _ doing: @autoclosure () -> String, limit: Int = 0, _ write: (inout [UInt8]) -> Void,
    read: (UInt32, UnsafeRawBufferPointer) throws(ChildProblem) -> Result
  ) throws -> Result {
    var result: Result?
    try exchange(doing(), first: Frame.header + min(limit, Self.piece), write) { bytes throws(ChildProblem) in
      guard bytes.count >= Frame.header else { return Frame.header - bytes.count }
      let count = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
      guard count <= limit else {
        throw ChildProblem("announced an answer of \(count) bytes, where at most \(limit) are possible")
      }
      let missing = Frame.header + count - bytes.count
      guard missing <= 0 else { return missing }
      guard missing == 0 else { throw ChildProblem("said more than its answer") }
      let kind = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
      result = try read(kind, UnsafeRawBufferPointer(rebasing: bytes[Frame.header...]))
      return 0
    }
    guard let result else { throw ChildError(program: program, reason: "gave no answer") }
    return result
  }

  /// Closes the child's pipe and waits a moment for its end.
  func close() {
    state.withLock { state in
      guard !state.hasEnded else { return }
      Glibc.close(state.child.input)
      state.child.input = -1
      _ = waitForEnd(&state)
      _ = Self.end(&state)
    }
  }

  /// Sends what is kept and `write` adds, and reads until `take` misses nothing.
  ///
  /// - Parameters:
  ///   - first: bytes to read at most before `take` is asked.
  ///   - take: is given all that was read, and tells how many more bytes it needs.
  private func exchange(
    _ doing: @autoclosure () -> String, first: Int, _ write: (inout [UInt8]) -> Void,
    take: (UnsafeRawBufferPointer) throws(ChildProblem) -> Int
  ) throws {
    try state.withLock { state in
      guard !state.hasEnded else { throw error("has ended before", state) }
      write(&state.unsent)
      do {
        try talk(&state, first: first, take: take)
        state.unsent.removeAll(keepingCapacity: state.unsent.count <= Self.piece)
        if state.answer.count > Self.piece { state.answer = [] }
      } catch let problem as ChildProblem {
        let reason = explain(problem, &state)
        throw error("\(reason), while \(doing())", state)
      }
    }
  }

  private func talk(
    _ state: inout State, first: Int, take: (UnsafeRawBufferPointer) throws(ChildProblem) -> Int
  ) throws {
    let start = ContinuousClock.now
    let deadline = start + allowance
    if start - state.lastGlance > .milliseconds(Self.glance) { drain(&state) }
    var (sent, received, missing) = (0, 0, first)
    while true {
      try send(&state, &sent)
      let isSending = sent < state.unsent.count
      if !isSending && missing == 0 { return }
      var count = isSending ? 0 : try listen(&state, received, missing)
      if count == 0 {
        try wait(&state, isSending: isSending, until: deadline)
        count = try receive(&state, received, missing)
      }
      while count > 0 {
        received += count
        missing = try state.answer.withUnsafeBytes { bytes throws(ChildProblem) in
          try take(UnsafeRawBufferPointer(rebasing: bytes[..<received]))
        }
        count = try receive(&state, received, missing)
      }
    }
  }

  /// Reads again and again for a moment, where that was worth it of late; 0 where nothing came.
  private func listen(_ state: inout State, _ received: Int, _ missing: Int) throws -> Int {
    guard state.patience.isWorthIt() else { return 0 }
    let end = ContinuousClock.now + Patience.length
    var count = 0
    repeat { count = try receive(&state, received, missing) } while count == 0 && ContinuousClock.now < end
    state.patience.note(wasWorthIt: count > 0 && ContinuousClock.now < end)
    return count
  }

  private func send(_ state: inout State, _ sent: inout Int) throws {
    while sent < state.unsent.count {
      let count = state.unsent.withUnsafeBytes { bytes in
        bytes.baseAddress.map { write(state.child.input, $0 + sent, bytes.count - sent) } ?? 0
      }
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        return
      } else if errno != EINTR {
        throw ChildProblem.broke("stopped reading")
      }
    }
  }

  /// Reads some of the missing bytes to behind those received; 0 where there are none yet.
  private func receive(_ state: inout State, _ received: Int, _ missing: Int) throws -> Int {
    guard missing > 0 else { return 0 }
    // What a child announces is taken as it comes, so that its word alone allocates nothing.
    let wanted = min(missing, Self.piece)
    let room = received + wanted - state.answer.count
    if room > 0 { state.answer.append(contentsOf: repeatElement(0, count: room)) }
    let count = state.answer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { read(state.child.output, $0 + received, wanted) } ?? 0
    }
    if count == 0 { throw ChildProblem.broke("closed its output") }
    if count < 0 && errno != EAGAIN && errno != EINTR { throw ChildProblem.broke("cannot be read from") }
    return max(0, count)
  }

  /// Waits until something can be sent or read, with an eye on what the child prints and on whether it lives.
  private func wait(_ state: inout State, isSending: Bool, until deadline: ContinuousClock.Instant) throws {
    while true {
      state.pipes[0] = pollfd(fd: state.child.output, events: Int16(POLLIN), revents: 0)
      state.pipes[1] = pollfd(fd: state.child.words, events: Int16(POLLIN), revents: 0)
      state.pipes[2] = pollfd(fd: state.child.input, events: Int16(POLLOUT), revents: 0)
      let count = poll(&state.pipes, isSending ? 3 : 2, Int32(Self.glance))
      if count > 0 && state.pipes[1].revents != 0 { drain(&state) }
      if count > 0 && (state.pipes[0].revents != 0 || state.pipes[2].revents != 0) { return }
      // A process that the child started may hold the pipes open beyond its end.
      if count == 0 && bandit_child_has_ended(&state.child) != 0 { throw ChildProblem.broke("ended") }
      guard ContinuousClock.now < deadline else {
        throw ChildProblem("gave no answer within \(limits.seconds.formatted) s (--child-timeout)")
      }
      try LongWork.check()
    }
  }

  /// Takes what the child has printed.
  private func drain(_ state: inout State) {
    state.lastGlance = .now
    guard state.child.words >= 0 else { return }
    var piece = [UInt8](repeating: 0, count: Self.piece)
    let count = piece.withUnsafeMutableBytes { read(state.child.words, $0.baseAddress, $0.count) }
    if count > 0 {
      state.words.take(piece[..<count])
    } else if count == 0 {
      // A child may close its streams; an end that is always there to be read would keep `poll` from waiting.
      Glibc.close(state.child.words)
      state.child.words = -1
    }
  }

  /// What a problem was, once it is known how the child ended, if it did.
  private func explain(_ problem: ChildProblem, _ state: inout State) -> String {
    guard problem.isBreak, waitForEnd(&state) else {
      _ = Self.end(&state)
      return problem.reason
    }
    let status = Self.end(&state)
    let signal = bandit_child_signal(status)
    return signal > 0
      ? "was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
      : "exited with \(bandit_child_exit_status(status))"
  }

  /// Waits a moment for the child to end by itself, and tells whether it did.
  private func waitForEnd(_ state: inout State) -> Bool {
    let deadline = ContinuousClock.now + .seconds(min(Self.lastSeconds, limits.seconds))
    while bandit_child_has_ended(&state.child) == 0 {
      guard ContinuousClock.now < deadline else { return false }
      var pipe = pollfd(fd: state.child.words, events: Int16(POLLIN), revents: 0)
      if poll(&pipe, 1, 5) > 0 { drain(&state) }
    }
    return true
  }

  /// Ends the child and takes the last that it printed.
  private static func end(_ state: inout State) -> Int32 {
    state.hasEnded = true
    let status = bandit_child_end(&state.child)
    if state.child.words >= 0 {
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      // At most what a pipe holds: others may still write into it.
      let count = piece.withUnsafeMutableBytes { read(state.child.words, $0.baseAddress, $0.count) }
      if count > 0 { state.words.take(piece[..<count]) }
    }
    state.words.finish()
    for descriptor in [state.child.input, state.child.output, state.child.words, state.child.leash]
    where descriptor >= 0 { Glibc.close(descriptor) }
    return status
  }

  private func error(_ reason: String, _ state: borrowing State) -> ChildError {
    ChildError(program: program, reason: reason, words: state.words.quotation)
  }
}

/// What went wrong with a child, before it is known how it ended.
struct ChildProblem: Error {
  let reason: String
  /// Whether it broke off, so that how it ended says more.
  var isBreak = false

  init(_ reason: String) { self.reason = reason }

  static func broke(_ reason: String) -> ChildProblem {
    var problem = ChildProblem(reason)
    problem.isBreak = true
    return problem
  }
}

extension Double {
  /// Without a fraction where there is none.
  fileprivate var formatted: String { Int(exactly: self).map(String.init) ?? String(self) }
}
