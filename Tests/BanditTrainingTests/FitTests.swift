import BanditFiles
import BanditLearning
import BanditNumerics
import Foundation
import Testing
import TrainingTestSupport
import TestSupport

@testable import BanditSimulation
@testable import BanditTraining

@Suite("A training's files")
struct FitTests {
  @discardableResult
  private func run(
    _ fit: FitSettings, into path: String, stopAfter: Int = .max, resume: Bool = false
  ) throws -> TrainedModel {
    var epochs = 0
    return try Fit(fit, program: "tests").run(
      into: Fit.directory(path, overwrite: false, resume: resume), shouldStop: { epochs >= stopAfter },
      report: { _ in epochs += 1 })
  }

  @Test(
    "A training leaves manifest, metrics, summary and model, and they agree",
    arguments: [nil, gaussianWeights])
  func files(weights: NetworkDescription.Weights?) throws {
    try withTemporaryDirectory { folder in
      let fit = smallFit("files", weights)
      let trained = try run(fit, into: folder + "/x")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder + "/x").sorted()
          == ["checkpoint", "manifest.json", "metrics.csv.gz", "model.safetensors", "summary.json"])
      let lines = try logText(folder + "/x/metrics.csv.gz").split(separator: "\n")
      #expect(
        lines[0]
          == "epoch,negative_elbo,data_cost,complexity_cost,last_minibatch_cost,learning_rate,rmse,rmse_in_range"
      )
      #expect(lines.count == 7)
      let last = lines[6].split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      #expect(last[0] == 6 && last[5] == 0.01)
      let elbo = weights == nil ? nil : (last[2] ?? .nan) + (last[3] ?? .nan)
      #expect(last[1] == elbo)
      #expect((last[4] == nil) == (weights == nil))
      let summary = try JSONDecoder().decode(
        FitSummary.self, from: Data(contents(of: folder + "/x/summary.json")))
      #expect(summary.epochs == 6 && summary.end == .finished && summary.optimiserSteps == 18)
      #expect(summary.negativeELBO == last[1] && summary.dataCost == last[2])
      #expect(summary.metrics == ["rmse": last[6], "rmse_in_range": last[7]])
      #expect(trained.records.count == 6 && trained.records[4].metrics.isEmpty)
      struct Head: Decodable {
        let schema_version: Int
        let program: String
        let fit: FitSettings
      }
      let manifest = try JSONDecoder().decode(
        Head.self, from: Data(contents(of: folder + "/x/manifest.json")))
      #expect(manifest.schema_version == 1 && manifest.program == "tests" && manifest.fit == fit)
    }
  }

  @Test("The same seed gives the same bytes, another member or seed others")
  func determinism() throws {
    try withTemporaryDirectory { folder in
      var other = smallFit("same", gaussianWeights)
      try run(other, into: folder + "/a")
      try run(other, into: folder + "/b")
      other.member = 1
      try run(other, into: folder + "/c")
      for file in ["metrics.csv.gz", "model.safetensors"] {
        let bytes = try contents(of: "\(folder)/a/\(file)")
        #expect(try bytes == contents(of: "\(folder)/b/\(file)"))
        #expect(try bytes != contents(of: "\(folder)/c/\(file)"))
      }
    }
  }

  @Test(
    "A training that is stopped, or killed between checkpoints, is resumed to the bytes of one that is not",
    arguments: [nil, gaussianWeights])
  func resumed(weights: NetworkDescription.Weights?) throws {
    try withTemporaryDirectory { folder in
      var settings = smallFit("case", weights)
      (settings.training.epochs, settings.training.evaluateEvery, settings.training.patience) = (12, 1, 4)
      let whole = try run(settings, into: folder + "/whole")
      for stop in [0, 1, 3] { _ = try run(settings, into: folder + "/x", stopAfter: stop, resume: true) }
      let path = folder + "/x/checkpoint/state.safetensors"
      let before = try contents(of: path)
      _ = try run(settings, into: folder + "/x", stopAfter: 1, resume: true)
      // What a kill leaves: the log has more than the checkpoint.
      try Data(before).write(to: URL(filePath: path))
      for _ in 0..<2 {
        let resumed = try run(settings, into: folder + "/x", resume: true)
        #expect(resumed.records == whole.records && resumed.end == whole.end && resumed.steps == whole.steps)
        for file in ["metrics.csv.gz", "model.safetensors"] {
          #expect(
            try contents(of: "\(folder)/whole/\(file)") == contents(of: "\(folder)/x/\(file)"), "\(file)")
        }
      }
      settings.training.learningRate *= 2
      let error = #expect(throws: RunDirectoryError.self) {
        try run(settings, into: folder + "/x", resume: true)
      }
      #expect(error?.description.contains("training.learningRate=") == true)
      try Data(before.dropLast()).write(to: URL(filePath: path))
      settings.training.learningRate /= 2
      #expect(throws: CheckpointError.self) { try run(settings, into: folder + "/x", resume: true) }
    }
  }

  @Test("A stopped training has a whole log and a summary that says so")
  func interrupted() throws {
    try withTemporaryDirectory { folder in
      let trained = try run(smallFit(), into: folder + "/x", stopAfter: 2)
      #expect(trained.end == .interrupted)
      #expect(try logText(folder + "/x/metrics.csv.gz").split(separator: "\n").count == 3)
      #expect(try text(of: folder + "/x/summary.json").contains("\"end\" : \"interrupted\""))
    }
  }

  @Test("A training is not written over another without leave")
  func exists() throws {
    try withTemporaryDirectory { folder in
      try run(smallFit(), into: folder + "/x")
      #expect(throws: RunDirectoryError.self) { try run(smallFit(), into: folder + "/x") }
      let again = try Fit(smallFit(), program: "tests").run(
        into: Fit.directory(folder + "/x", overwrite: true), shouldStop: { false }, report: { _ in })
      #expect(again.records.count == 6)
    }
  }
}

@Suite("A trained model's file")
struct ModelFileTests {
  /// Trains a model into a folder and gives the path of its file.
  private func train(_ fit: FitSettings, in folder: String) throws -> (trained: TrainedModel, path: String) {
    let trained = try Fit(fit, program: "tests").run(
      into: Fit.directory(folder + "/x", overwrite: false), shouldStop: { false }, report: { _ in })
    return (trained, folder + "/x/" + ModelFile.name)
  }

  /// A file with the tensors of a model and other settings.
  private func file(_ trained: TrainedModel, _ change: (inout FitSettings) -> Void) throws -> [UInt8] {
    var settings = trained.settings
    change(&settings)
    let text = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
    return Safetensors(trained.model.tensors, metadata: ["fit": text]).bytes
  }

  @Test(
    "A model that is read predicts as the one that was saved",
    arguments: [
      nil, gaussianWeights,
      .bayesian(
        prior: .mixture(weight: 0.5, sigma1: 1, sigma2: 0.01), kl: .monteCarlo, samples: 1,
        estimator: .localReparameterisation), .point(l2: 0.1, dropout: 0.5),
    ] as [NetworkDescription.Weights?])
  func roundTrip(weights: NetworkDescription.Weights?) throws {
    try withTemporaryDirectory { folder in
      let (trained, path) = try train(smallFit("model", weights), in: folder)
      let read = try ModelFile.read(path)
      #expect(read.settings == trained.settings)
      #expect(read.model.tensors == trained.model.tensors)
      var saved = trained.settings.makeModel()
      try saved.restore(Safetensors(trained.model.tensors), file: "memory")
      let asTrained = saved
      saved.reseed(trained.settings.stream.child("saved model"))
      let test = smallTask().test(seed: 7)
      let rows = [saved, read.model, asTrained].map { model -> PredictiveSamples in
        var model = model
        var batch = trained.settings.minibatch
        var samples = PredictiveSamples(points: test.count)
        model.predict(test, draws: 3, batch: &batch, into: &samples)
        return samples
      }
      #expect(rows[0].values == rows[1].values && rows[0].samples == 3)
      // A posterior's draws are none of those that training's evaluations began with.
      #expect((rows[2].values == rows[1].values) == (read.model is PointModel))
    }
  }

  @Test("Python's safetensors reads a model and computes the network's prediction from it")
  func python() throws {
    guard hasProgram("python3", arguments: ["-c", "import safetensors, numpy"]) else {
      return skip("no safetensors to read a model with")
    }
    try withTemporaryDirectory { folder in
      let (trained, path) = try train(smallFit(), in: folder)
      let result = try run(["python3", "-c", Self.forward, path])
      #expect(result.errors == "")
      var model = trained.model
      var batch = trained.settings.minibatch
      var samples = PredictiveSamples(points: 1)
      model.predict(
        Examples(columns: 1, features: [0.3], targets: [0]), draws: 1, batch: &batch, into: &samples)
      let printed = try #require(Float(result.output.trimmingCharacters(in: .whitespacesAndNewlines)))
      #expect(abs(printed - samples.values[0]) < 1e-5)
    }
  }

  private static let forward = """
    import sys, json
    from safetensors import safe_open
    with safe_open(sys.argv[1], framework="numpy") as file:
        assert json.loads(file.metadata()["fit"])["seed"] == 7
        t = {name: file.get_tensor(name) for name in file.keys()}
    x = (0.3 * t["layers.0.weight"][:, 0] + t["layers.0.bias"]).clip(min=0)
    print((t["layers.1.weight"] @ x + t["layers.1.bias"]).item())
    """

  @Test("Every file cut short is refused")
  func truncated() throws {
    try withTemporaryDirectory { folder in
      let (_, path) = try train(smallFit(), in: folder)
      let bytes = try contents(of: path)
      for count in stride(from: 0, to: bytes.count, by: 7) {
        try Data(bytes[..<count]).write(to: URL(filePath: path))
        #expect(throws: DataFileError.self) { try ModelFile.read(path) }
      }
    }
  }

  @Test("Settings that do not fit the tensors are refused before memory is taken for them")
  func foreignSettings() throws {
    try withTemporaryDirectory { folder in
      let (trained, path) = try train(smallFit("model", gaussianWeights), in: folder)
      let changes: [(inout FitSettings) -> Void] = [
        { $0.network.hiddenLayers = [17] }, { $0.network.hiddenLayers = [] },
        { $0.network.hiddenLayers = [-16] }, { $0.network.hiddenLayers = [.max, .max] },
        { $0.network.inputs = 0 }, { $0.training.batchSize = 0 }, { $0.training.batchSize = .max },
        { $0.network.weights = .point(l2: 0, dropout: 0) },
        { $0.network.weights = .point(l2: 0, dropout: 2) },
        {
          $0.network.weights = .bayesian(
            prior: .gaussian(sigma: 1), kl: .analytic, samples: .max, estimator: .flipout)
        },
        {
          $0.network.weights = .bayesian(
            prior: .mixture(weight: 0.5, sigma1: 1, sigma2: 0.1), kl: .analytic, samples: 1,
            estimator: .flipout)
        },
      ]
      for (index, change) in changes.enumerated() {
        try Data(file(trained, change)).write(to: URL(filePath: path))
        #expect(throws: DataFileError.self, "change \(index)") { try ModelFile.read(path) }
      }
      try Data(file(trained) { $0.seed = 8 }).write(to: URL(filePath: path))
      #expect(try ModelFile.read(path).settings.seed == 8)
      try Data(Safetensors(trained.model.tensors).bytes).write(to: URL(filePath: path))
      let error = #expect(throws: DataFileError.self) { try ModelFile.read(path) }
      #expect(error?.reason.contains("does not say how its model was trained") == true)
    }
  }
}
