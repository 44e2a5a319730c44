import BanditAgents
import BanditEnvironments
import BanditSimulation
import BanditTraining
import Foundation
import TrainingTestSupport

/// A short run's folder, whose files are replaced one at a time.
struct FuzzRun: Sendable {
  static let shared = Result { try FuzzRun() }

  private let files: [String: [UInt8]]
  /// A trained network's file.
  let model: [UInt8]

  private init() throws {
    let folder = scratchFolder + "/run"
    var request = RunRequest()
    (request.agent, request.steps) = ("uniform", 20)
    let registry = FuzzTarget.registry
    let simulation = try Simulation(request.resolved(in: registry), registry: registry)
    _ = try Run(simulation, program: "fuzz").play(
      into: RunDirectory(creating: folder, overwrite: true), shouldStop: { false })
    var files: [String: [UInt8]] = [:]
    for name in ["manifest.json", "regret.csv.gz", "summary.json"] {
      files[name] = [UInt8](try Data(contentsOf: URL(filePath: folder + "/" + name)))
    }
    self.files = files
    let fit = try Fit(smallFit(), program: "fuzz").run(
      into: Fit.directory(scratchFolder + "/fit", overwrite: true), shouldStop: { false }, report: { _ in })
    model = try ModelFile.bytes(fit)
  }

  /// A file of the run.
  func contents(_ name: String) -> [UInt8] { files[name] ?? [] }

  /// Reads the run with a file replaced, as `compare`, `figure` and `--config` do.
  func read(replacing name: String, with bytes: [UInt8]) throws {
    try withScratch(name, bytes) { path in
      let folder = URL(filePath: path).deletingLastPathComponent().path
      for (other, contents) in files where other != name {
        try Data(contents).write(to: URL(filePath: folder + "/" + other))
      }
      _ = try RecordedRun(readingFrom: folder, points: 10)
      if name == "manifest.json" {
        _ = try? RunRequest(json: bytes, file: name).resolved(in: FuzzTarget.registry)
      }
    }
  }
}
