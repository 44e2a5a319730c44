import BanditData
import BanditFiles
import BanditLearning
import BanditNumerics
import Foundation
import Synchronization
import Testing
import TrainingTestSupport
import TestSupport

@testable import BanditLaboratory
@testable import BanditReplications
@testable import BanditTraining

@Suite("Ensembles in experiments")
struct EnsembleTests {
  private func settings(_ change: (inout EnsembleSettings) -> Void = { _ in }) -> EnsembleSettings {
    var settings = EnsembleSettings(members: 3, hiddenLayers: [6], epochs: 6, learningRate: 0.05)
    change(&settings)
    return settings
  }

  private var task: SpiralTask {
    var task = SpiralTask()
    task.pointsPerArm = 30
    return task
  }

  private func fits(_ settings: EnsembleSettings, adversarial: Bool = true) -> [FitSettings] {
    (0..<settings.members).map {
      settings.fit(
        "tests", "case", seed: 1, member: $0, likelihood: .softmaxCrossEntropy(classes: 3),
        data: .spiral(task),
        examples: task.training(seed: 1), isAdversarial: adversarial, evaluateEvery: 2)
    }
  }

  private func laboratory(_ folder: String, jobs: Int = 2) -> Laboratory {
    Laboratory(
      folder: folder, seeds: [1], jobs: jobs, overwrite: false, registry: registry, program: "tests")
  }

  @Test("Inputs move by a share of their columns' ranges, or by a length")
  func radii() {
    let examples = Examples(columns: 2, features: [0, 10, 1, 30, 0.5, 20], targets: [0, 0, 0])
    let relative = settings { $0.epsilon = 0.1 }
    #expect(zip(relative.radii(examples), [0.1, 2]).allSatisfy { abs(Double($0) - $1) < 1e-6 })
    let absolute = settings {
      $0.epsilon = 0.1
      $0.epsilonUnit = .absolute
    }
    #expect(absolute.radii(examples) == [0.1, 0.1])
  }

  @Test("The curve of an ensemble ends with the score of its trained members")
  func curves() throws {
    try withTemporaryDirectory { folder in
      let fits = fits(settings())
      let training = task.training(seed: 1)
      let curves = EnsembleCurves(examples: training, classes: 3)
      let trained = try laboratory(folder).train(fits, observe: { _ in curves.observer })
      let scores = try curves.scores(trained)
      #expect(scores.count == 3)  // after epochs 2, 4 and 6
      var predictions = ClassPredictions(points: training.count, classes: 3)
      for member in trained {
        var model = member.model
        var batch = member.settings.minibatch
        model.predict(training, draws: 1, batch: &batch, into: &predictions)
      }
      #expect(scores.last == ClassScore(predictions, labels: training.targets))
      #expect(try curves.scores([]).isEmpty)
      let other = EnsembleCurves(examples: task.training(seed: 2), classes: 4)
      #expect(throws: DataFileError.self) { try other.scores(trained) }
    }
  }

  @Test(
    "Members start and learn differently; moved inputs change a training, and so do scale, decay and Adam")
  func differ() throws {
    try withTemporaryDirectory { folder in
      func tensors(_ name: String, _ change: (inout FitSettings) -> Void) throws -> [[Float]] {
        var fits = fits(settings(), adversarial: false)
        for index in fits.indices { change(&fits[index]) }
        return try laboratory("\(folder)/\(name)").train(fits, prepare: PracticalQuirks.prepare)
          .map { $0.model.tensors.flatMap(\.values) }
      }
      let plain = try tensors("plain") { _ in }
      #expect(Set(plain).count == 3)
      #expect(try tensors("same") { _ in } == plain)
      let others: [(name: String, change: (inout PointTraining) -> Void)] = [
        ("fgsm", { $0.adversary = .init(.fastGradientSign, radii: [0.1, 0.1]) }),
        ("virtual", { $0.adversary = .init(.virtual, radii: [0.1, 0.1]) }),
        ("scale", { $0.initialScale = 0.1 }), ("decay", { $0.quirks.normPenalty = 0.1 }),
        ("adam", { $0.quirks.freezesCorrection = true }),
      ]
      var seen = [("plain", plain)]
      for (name, change) in others {
        let changed = try tensors(name) { fit in
          var training = PointTraining()
          change(&training)
          fit.network.pointTraining = training
        }
        for (other, tensors) in seen { #expect(changed != tensors, "\(name) is as \(other)") }
        seen.append((name, changed))
      }
    }
  }

  @Test("Neither the number of jobs nor of threads changes a byte of a training against moved inputs")
  func jobs() throws {
    try withTemporaryDirectory { folder in
      let fits = fits(settings())
      for jobs in [1, 3] { _ = try laboratory("\(folder)/\(jobs)", jobs: jobs).train(fits) }
      for fit in fits {
        for file in ["metrics.csv.gz", "model.safetensors"] {
          #expect(
            try contents(of: "\(folder)/1/\(fit.folder)/\(file)")
              == contents(of: "\(folder)/3/\(fit.folder)/\(file)"))
        }
      }
    }
  }

  @Test("A member's file opens again; one whose moved inputs make no sense is refused")
  func files() throws {
    try withTemporaryDirectory { folder in
      let fit = fits(settings())[0]
      let trained = try laboratory(folder).train([fit])[0]
      let path = "\(folder)/\(fit.folder)/\(ModelFile.name)"
      let read = try ModelFile.read(path)
      #expect(read.settings == fit)
      #expect(read.model.tensors.map(\.values) == trained.model.tensors.map(\.values))
      for radii in [[0.1], [0.1, -1], [0.1, .infinity]] as [[Float]] {
        var wrong = fit
        wrong.network.pointTraining?.adversary?.radii = radii
        #expect(wrong.network.pointTraining?.fault(inputs: 2) != nil)
      }
      var odd = PointTraining()
      #expect(odd.fault(inputs: 2) == nil)
      odd.initialScale = -1
      #expect(odd.fault(inputs: 2) != nil)
    }
  }

  @Test("Settings of models from before there was point training are read as without any")
  func olderFiles() throws {
    let encoder = JSONEncoder()
    let text = String(decoding: try encoder.encode(smallFit()), as: UTF8.self)
    #expect(!text.contains("pointTraining"))
    #expect(try JSONDecoder().decode(FitSettings.self, from: Data(text.utf8)) == smallFit())
    let fit = fits(settings())[0]
    #expect(try JSONDecoder().decode(FitSettings.self, from: encoder.encode(fit)) == fit)
  }

  @Test("Regions of the spiral's map are where they should be")
  func regions() {
    typealias Region = SpiralScores.Region
    #expect(Region(x: 1.5, y: 1) == .away && Region(x: 0, y: 1.31) == .away)
    #expect(Region(x: 0, y: 1.1) == nil)
    let axis = SpiralScores.axis(101)
    let regions = axis.flatMap { x in axis.map { (x, $0, Region(x: x, y: $0)) } }
    #expect(regions.contains { $0.2 == .arm } && regions.contains { $0.2 == .between })
    for (x, y, region) in regions where region == .arm || region == .between {
      let entropy = SpiralScores.trueEntropy(x: x, y: y)
      #expect(region == .arm ? entropy < 0.1 : entropy > 0.5)
    }
  }
}
