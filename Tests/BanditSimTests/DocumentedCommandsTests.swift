import BanditFiles
import Foundation
import Testing
import TestSupport

@Suite("Commands in the pages")
struct DocumentedCommandsTests {
  private static let commands = repository + "/Tests/BanditSimTests/Commands"
  /// What pages make themselves, in place of what is prepared.
  private static let own = [
    "Docs/Tour.md": ["runs"], "Docs/Environments/Drift.md": ["runs"],
    "Docs/TensorBoard.md": ["runs"],
    "Docs/Results.md": ["runs", "results"],
    "Docs/MNIST.md": ["experiments/mnist"], "Docs/Experiments/MNIST.md": ["experiments/mnist"],
  ]

  private static let articles = "Sources/BanditSim/BanditSim.docc/"

  /// README, all pages and articles that have commands, and the commands of the tutorial on decisions.
  private static let pages: [String] = {
    let pages = ["Docs/", articles].flatMap { folder in
      let names = FileManager.default.enumerator(atPath: repository + "/" + folder)
      return (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }.map { folder + $0 }
    }
    let commands = ["play", "fresh"].map { articles + "Resources/decision-\($0).sh" }
    return (["README.md"] + pages.sorted()).filter { (try? !script(of: $0).isEmpty) ?? true } + commands
  }()

  /// A folder with what pages presuppose, made once.
  private static let prepared = Result { try prepare() }

  @Test("Every command of README and of the pages runs, in the order they stand", arguments: pages)
  func runs(page: String) throws {
    let prepared = try Self.prepared.get()
    try withTemporaryDirectory { folder in
      let work = folder + "/work"
      try FileManager.default.copyItem(atPath: prepared, toPath: work)
      for folder in Self.own[page] ?? [] { try FileManager.default.removeItem(atPath: work + "/" + folder) }
      let result = try Self.bash(Self.script(of: page), in: work)
      #expect(result.status == 0, "\(page): \(result.errors.suffix(1_500))")
    }
  }

  @Test("There are pages with commands")
  func found() { #expect(Self.pages.count > 10) }

  /// The lines of all blocks of shell commands in a page; all lines of a script.
  private static func script(of page: String) throws -> String {
    guard page.hasSuffix(".md") else { return try text(of: repository + "/" + page) }
    var isInside = false
    var lines: [Substring] = []
    for line in try text(of: repository + "/" + page).split(separator: "\n") {
      if line.hasPrefix("```") {
        isInside = line == "```sh"
      } else if isInside {
        lines.append(line)
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func prepare() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bandit-pages-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let flowers = (0..<60).map {
      "\(4 + $0 % 3).\($0 % 10),\($0 % 7),\(["setosa", "versicolor", "virginica"][$0 % 3])"
    }
    try write("length,width,species\n" + flowers.joined(separator: "\n") + "\n", to: folder + "/iris.csv")
    for data in ["mnist", "fashion-mnist"] { try BarMNIST.write(into: folder + "/data", name: data) }
    try RecordedOpenML.install(61, target: "class", in: folder + "/data")
    try TinyShowdown.write(to: folder + "/data")
    let networks = """
      bandit-sim experiment run mnist
      bandit-sim experiment run mnist --out experiments/mnist-priors

      """
    let result = try bash(try text(of: commands + "/prepare") + networks, in: folder)
    try #require(result.status == 0, "\(result.errors.suffix(1_500))")
    return folder
  }

  /// Runs a script with the shortened program on the search path.
  private static func bash(_ script: String, in folder: String) throws -> ProgramResult {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let words = [
      "env", "PATH=\(commands):\(path)", "PROGRAM=\(try program())", "STEPS=100",
      "REPOSITORY=\(repository)",
      "EXPERIMENT_SETTINGS=\(commands)/experiments.txt", "BANDIT_SIM_DATA=\(folder)/data",
      "bash", "-c", "set -euo pipefail; trap 'echo \"failed: $BASH_COMMAND\" >&2' ERR\n" + script,
    ]
    return try run(words, in: folder)
  }
}
