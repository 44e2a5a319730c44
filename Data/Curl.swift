import BanditFiles
import Foundation

/// Downloads, through the program `curl`.
struct Curl: Sendable {
  /// Why a download ended before its file was whole.
  enum Failure: Error {
    /// Trying again may help: what has come is kept.
    case interrupted(String)
    /// Trying again will not help.
    case refused(String)
    /// The server cannot continue from where the file ends.
    case cannotResume
    /// Something on this machine is wrong.
    case local(DataFileError)
  }

  /// The name or path of the program.
  var program = "curl"
  /// Seconds without a kilobyte a second after which a download is given up.
  var stallSeconds = 20

  /// Downloads a file, or the rest of it if a part is there.
  ///
  /// - Parameters:
  ///   - url: Its address.
  ///   - path: Where the part is, or will be; it is flushed to the disk in the end.
  ///   - limit: The number of bytes beyond which nothing is taken.
  ///   - progress: Is told how many bytes there are.
  func download(
    _ url: String, to path: String, limit: Int, progress: (Int) -> Void
  ) throws(Failure) {
    guard let curl = ChildProgram(program) else {
      throw .local(
        DataFileError(
          file: program, reason: "is not installed; install it (on Debian and Ubuntu: apt-get install curl)"))
    }
    var count = 0
    var problem: DataFileError?
    let ending: ChildProgram.Ending
    do throws(DataFileError) {
      let descriptor = try POSIXFile.openToAppend(path, size: &count)
      defer { _ = POSIXFile.release(descriptor) }
      ending = try curl.run(arguments(url, from: count, limit: limit)) { bytes in
        count += bytes.count
        guard count <= limit else { return false }
        if let number = POSIXFile.writeAll(Array(bytes), to: descriptor, with: POSIXFile.systemWrite) {
          problem = POSIXFile.failure(path, number)
          return false
        }
        progress(count)
        return true
      }
      if let number = POSIXFile.sync(descriptor), problem == nil { problem = POSIXFile.failure(path, number) }
    } catch {
      throw .local(error)
    }
    if let problem { throw .local(problem) }
    guard count <= limit else { throw .refused("sends more than the \(limit) bytes allowed") }
    try check(ending)
  }

  func arguments(_ url: String, from start: Int, limit: Int) -> [String] {
    [
      // Without the user's own settings, which could send the output elsewhere.
      "--disable", "--no-buffer", "--silent", "--show-error", "--fail", "--location", "--max-redirs", "5",
      // A user may name an http mirror; nothing else leads away from https. Brackets in an address are no pattern.
      "--proto", url.lowercased().hasPrefix("http://") ? "=http,https" : "=https", "--globoff",
      "--connect-timeout", "\(stallSeconds)",
      "--speed-limit", "1000", "--speed-time", "\(stallSeconds)", "--max-filesize", "\(limit)",
      "--write-out", "%{stderr}HTTP %{response_code}",
    ]
      + (start > 0 ? ["--continue-at", "\(start)"] : []) + ["--", url]
  }

  private func check(_ ending: ChildProgram.Ending) throws(Failure) {
    guard ending.status != 0 else { return }
    // curl's complaint, then the line that was asked for.
    let lines = ending.words.split(separator: "\n").map(String.init)
    let complaint = lines.first { $0.hasPrefix("curl:") } ?? "curl ended with status \(ending.status)"
    let answer = lines.last.flatMap { $0.hasPrefix("HTTP ") ? Int($0.dropFirst(5)) : nil } ?? 0
    switch (ending.status, answer) {
    case (33, _), (36, _), (22, 416): throw .cannotResume
    case (22, 429), (22, 500...): throw .interrupted(complaint)
    // Cut off, slow, nothing received, broken while sending or receiving, a stream's error.
    case (18, _), (28, _), (52, _), (55, _), (56, _), (92, _): throw .interrupted(complaint)
    default: throw .refused(complaint)
    }
  }
}
