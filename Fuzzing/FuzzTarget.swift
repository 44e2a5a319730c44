import BanditAgents
import BanditCore
import BanditEnvironments
import BanditFiles
import BanditNumerics
import BanditSimulation
import BanditTraining
import Foundation

/// What is fed with bytes that nobody vouches for: an error is an answer, a trap is a find.
struct FuzzTarget: Sendable {
  let name: String
  /// Reads the bytes as far as it can.
  let read: @Sendable ([UInt8]) throws -> Void
  /// Bytes to begin with.
  let seed: @Sendable () throws -> [UInt8]
}

extension FuzzTarget {
  /// All readers, and the state of every agent.
  static let all: [FuzzTarget] =
    [gzip, csv, arff, libsvm, idx, safetensors, model, log, manifest, summary, calls]
    + BuiltInAgents.all.map { state(of: $0.name) }

  private static let gzip = FuzzTarget(name: "gzip") { bytes in
    _ = try Gzip.decompress(bytes, file: "fuzz", limit: 1 << 22)
  } seed: {
    Gzip.member(of: Array("a text of which a part, a text of which a part".utf8))
  }

  private static let csv = table("csv") {
    "length,\"a \"\"name\"\"\",class\r\n1.5,red,yes\n,blue,no\n-2e3,\"re\nd\",yes\n"
  }

  private static let arff = table("arff") {
    """
    % a comment
    @relation 'a name'
    @attribute 'a b' REAL
    @attribute kind {'x, y',"it\\'s",z}
    @attribute free string
    @attribute class {yes,no}
    @data
    1.5,'x, y',"\\u00e9",yes
    ?,z,?,no

    """
  }

  private static let libsvm = table("libsvm") { "1 1:0.5 7:-2e3 # a comment\n-1 2:1\n1\n" }

  /// Bytes as a file of a format, played for a step.
  private static func table(_ format: String, seed: @escaping @Sendable () -> String) -> FuzzTarget {
    FuzzTarget(name: format) { bytes in
      try withScratch("table", bytes) { path in
        let settings = try Settings.applying(
          [try Settings.assignment("file=\(path)"), try Settings.assignment("format=\(format)")],
          to: Classification.Configuration())
        var environment = try Classification(configuration: settings, stream: RandomStream(seed: 1))
        var observation = Observation(environment.spec)
        environment.observe(into: &observation)
        _ = environment.audit()
        _ = environment.step(0)
      }
    } seed: {
      Array(seed().utf8)
    }
  }

  private static let idx = FuzzTarget(name: "idx") { bytes in
    _ = try IDX(parsing: bytes, file: "fuzz", limit: 1 << 22)
  } seed: {
    [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
  }

  private static let safetensors = FuzzTarget(name: "safetensors") { bytes in
    _ = try Safetensors(bytes: bytes, file: "fuzz")
  } seed: {
    Safetensors(
      [
        NamedTensor(name: "weights", shape: [2, 2], elements: .float([1, 2, 3, 4])),
        NamedTensor(name: "order", shape: [3], elements: .int32([2, 0, 1])),
      ], metadata: ["made by": "a test"]
    ).bytes
  }

  private static let model = FuzzTarget(name: "model") { bytes in
    try withScratch(ModelFile.name, bytes) { path in _ = try ModelFile.read(path) }
  } seed: {
    try FuzzRun.shared.get().model
  }

  private static let log = FuzzTarget(name: "log") { bytes in
    try FuzzRun.shared.get().read(replacing: "regret.csv.gz", with: Gzip.member(of: bytes, level: 1))
  } seed: {
    let run = try FuzzRun.shared.get()
    return try Gzip.decompress(run.contents("regret.csv.gz"), file: "log", limit: 1 << 20)
  }

  private static let manifest = FuzzTarget(name: "manifest") { bytes in
    try FuzzRun.shared.get().read(replacing: "manifest.json", with: bytes)
  } seed: {
    try FuzzRun.shared.get().contents("manifest.json")
  }

  private static let summary = FuzzTarget(name: "summary") { bytes in
    try FuzzRun.shared.get().read(replacing: "summary.json", with: bytes)
  } seed: {
    try FuzzRun.shared.get().contents("summary.json")
  }
}

extension FuzzTarget {
  fileprivate static let calls = FuzzTarget(name: "calls") { bytes in
    var calls = FuzzCalls(bytes)
    calls.run()
  } seed: {
    [
      0, 0, 0, 1, 0, 7, 1, 2, 0, 2, 1, 1, 2, 2, 4, 3, 1, 0, 2, 1, 1, 5, 2, 2, 1, 1, 5, 0, 5, 1, 1, 1, 0, 7, 1,
      3,
    ]
  }
}

/// Writes bytes to a file in memory, gives its path to a body, and removes it.
func withScratch<Result>(_ name: String, _ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result
{
  let folder = scratchFolder + "/\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try Data(bytes).write(to: URL(filePath: folder + "/" + name))
  return try body(folder + "/" + name)
}

/// A folder of this process in memory, where the system has one.
let scratchFolder: String = {
  let root = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
  return "\(root)/bandit-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
}()
