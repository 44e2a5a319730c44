#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import Synchronization

/// A file by which one of several processes, on one machine or on several that share a folder, takes a piece of work.
///
/// A claim appears whole or not at all, by `link(2)`, which network file systems do in one instant too; no lock of a file
/// is relied on. Its owner touches it while it works. A claim is stale when its process, on this machine, has ended; on
/// another machine when it has not been touched for five minutes by the clock of the file system. A stale claim is never
/// removed to be taken: the next one is numbered one higher, and only one process can make that.
package final class ClaimFile: Sendable {
  /// Seconds without a touch after which a claim of another machine is stale.
  package static let patience = 300
  /// Seconds between the touches of an owner; well below `patience`, as file systems show them late.
  package static let beat = 15

  private static let counter = Atomic(0)

  private let path: String
  private let number: Int
  private let text: String

  private init(path: String, number: Int, text: String) {
    (self.path, self.number, self.text) = (path, number, text)
  }

  /// Takes the claim of a path, if no living process has it.
  ///
  /// - Parameters:
  ///   - path: of the claim, to which a number is added; its folder exists.
  ///   - owner: is written into the file, for people.
  /// - Returns: the claim; nil where another process has it.
  /// - Throws: `DataFileError` where the folder cannot be written or has no hard links.
  package static func take(_ path: String, owner: String) throws(DataFileError) -> ClaimFile? {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let unique = "\(getpid())-\(counter.add(1, ordering: .relaxed).newValue)"
    let text = ClaimOwner.current.text + "\(unique)\n\(owner)\n"
    let draft = "\(folder)/.\(ClaimOwner.current.machine)-\(unique)"
    let descriptor = try POSIXFile.createAnew(draft)
    defer { POSIXFile.remove(draft) }
    let stopped = POSIXFile.writeAll(Array(text.utf8), to: descriptor, with: POSIXFile.systemWrite)
    _ = POSIXFile.release(descriptor)
    if let stopped { throw POSIXFile.failure(draft, stopped) }
    var number = 1
    var stale: String?
    while let other = read("\(path).\(number)") {
      guard other.isStale(now: modified(draft) ?? 0) else { return nil }
      (stale, number) = (other.text, number + 1)
    }
    let own = "\(path).\(number)"
    let isLinked = link(draft, own) == 0
    let reason = errno
    // A server's answer may be lost: whether there is a second name tells.
    guard isLinked || linkCount(draft) == 2 else {
      if reason == EEXIST { return nil }
      throw POSIXFile.failure(own, reason)
    }
    let claim = ClaimFile(path: path, number: number, text: text)
    // Others may have come and gone since the one before was read.
    let isNext = number == 1 || read("\(path).\(number - 1)")?.text == stale
    guard isNext, read("\(path).\(number + 1)") == nil else {
      POSIXFile.remove(own)
      return nil
    }
    return claim
  }

  /// Who has the claim of a path; nil where no living process has.
  package static func owner(of path: String, now: Int) -> String? {
    var number = 1
    var last: Claim?
    while let claim = read("\(path).\(number)") { (last, number) = (claim, number + 1) }
    guard let last, !last.isStale(now: now) else { return nil }
    return last.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(4).joined(
      separator: " ")
  }

  /// Shows others that the owner lives, and tells whether the claim is still its own.
  package func touch() -> Bool {
    let own = "\(path).\(number)"
    guard Self.read(own)?.text == text, Self.read("\(path).\(number + 1)") == nil else { return false }
    utimensat(AT_FDCWD, own, nil, 0)
    return true
  }

  /// Gives the claim back, and removes the stale ones that it followed.
  package func release() {
    guard Self.read("\(path).\(number)")?.text == text else { return }
    // One's own goes last: until then nobody can take the others' numbers.
    for number in 1...number { POSIXFile.remove("\(path).\(number)") }
  }

  private struct Claim {
    let text: String
    let modified: Int

    func isStale(now: Int) -> Bool {
      ClaimOwner(text: text).isAlive.map { !$0 } ?? (now - modified > ClaimFile.patience)
    }
  }

  private static func read(_ path: String) -> Claim? {
    guard let modified = modified(path), let bytes = try? readRawFile(atPath: path, limit: 4_096) else {
      return nil
    }
    return Claim(text: String(decoding: bytes, as: UTF8.self), modified: modified)
  }

  /// When a file was last changed, in seconds by the clock of the file system.
  package static func modified(_ path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      return status.st_mtimespec.tv_sec
    #else
      return status.st_mtim.tv_sec
    #endif
  }

  private static func linkCount(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_nlink) : 0
  }
}

/// Which process has a claim: its machine, its number there and when it was started, a line each.
private struct ClaimOwner {
  let machine: String
  let process: Int32
  let started: String

  /// This process.
  static let current = ClaimOwner(
    machine: ownMachine, process: getpid(), started: started(of: getpid()) ?? "unknown")

  init(machine: String, process: Int32, started: String) {
    (self.machine, self.process, self.started) = (machine, process, started)
  }

  init(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    machine = lines.first ?? ""
    process = lines.count > 1 ? Int32(lines[1]) ?? 0 : 0
    started = lines.count > 2 ? lines[2] : ""
  }

  var text: String { "\(machine)\n\(process)\n\(started)\n" }

  /// Whether the process lives; nil where it is of another machine.
  var isAlive: Bool? {
    guard machine == Self.current.machine, machine != "unknown" else { return nil }
    return Self.started(of: process) == started
  }

  /// The start of the system and the processes' name space: two containers of one machine are two machines.
  private static let ownMachine: String = {
    guard let boot = firstLine("/proc/sys/kernel/random/boot_id") else { return "unknown" }
    var target = [CChar](repeating: 0, count: 64)
    let length = readlink("/proc/self/ns/pid", &target, target.count)
    let space = target.prefix(max(0, length)).map { Character(Unicode.Scalar(UInt8(bitPattern: $0))) }
    return boot + "-" + String(space.filter(\.isNumber))
  }()

  /// When a process was started, in the system's ticks; nil where there is none.
  private static func started(of process: Int32) -> String? {
    guard let line = firstLine("/proc/\(process)/stat"), let end = line.lastIndex(of: ")") else { return nil }
    // The name, in parentheses, may have spaces; the state is the third field, the start the 22nd.
    let fields = line[line.index(after: end)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return String(fields[19])
  }

  /// The first line of a file whose size the system does not tell.
  private static func firstLine(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").first.map(String.init)
  }
}
