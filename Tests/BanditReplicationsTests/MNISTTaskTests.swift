import BanditData
import BanditFiles
import BanditLearning
import TestSupport
import Testing
import TrainingTestSupport

@testable import BanditReplications
@testable import BanditTraining

@Suite("MNIST as a task")
struct MNISTTaskTests {
  private func examples(_ task: MNISTTask, training: Int = 30) throws -> MNISTExamples {
    try withTemporaryDirectory { folder in
      try BarMNIST.write(into: folder, training: training, test: 20)
      return try BarMNIST.library(folder).examples(task)
    }
  }

  @Test("Black and white become the ends of each scale")
  func scales() {
    #expect(PixelScale.by255.input(0) == 0 && PixelScale.by255.input(1) == 1)
    #expect(PixelScale.by126.input(0) == 0 && abs(PixelScale.by126.input(1) - 255.0 / 126) < 1e-6)
    #expect(abs(PixelScale.standard.input(0) + 0.4242) < 1e-4)
    #expect(abs(PixelScale.standard.input(1) - 2.8215) < 1e-4)
  }

  @Test("Validation takes the last training images, and no image is lost", arguments: PixelScale.allCases)
  func split(scale: PixelScale) throws {
    var task = MNISTTask()
    task.pixelScale = scale
    task.validationImages = 10
    let data = try examples(task)
    let validation = try #require(data.validation)
    #expect(data.training.count == 20 && validation.count == 10 && data.test.count == 20)
    task.validationImages = 0
    let whole = try examples(task)
    #expect(whole.validation == nil)
    #expect(whole.training.targets == data.training.targets + validation.targets)
    #expect(whole.training.features == data.training.features + validation.features)
    #expect(Set(whole.training.targets) == Set((0..<10).map(Float.init)))
    let brightest = try #require(whole.training.features.max())
    #expect(brightest <= scale.input(231.0 / 255) && brightest > scale.input(200.0 / 255))
  }

  @Test("All trainings share one copy of the images")
  func oneCopy() throws {
    try withTemporaryDirectory { folder in
      try BarMNIST.write(into: folder)
      let library = BarMNIST.library(folder)
      var task = MNISTTask()
      task.validationImages = 20
      func address() throws -> UnsafePointer<Float>? {
        try library.examples(task).training.features.withUnsafeBufferPointer(\.baseAddress)
      }
      let first = try address()
      #expect(try address() == first)
      task.pixelScale = .standard
      #expect(try address() != first)
    }
  }

  @Test("Missing files, and more validation images than there are, are errors that say so")
  func mistakes() throws {
    var task = MNISTTask()
    task.validationImages = 30
    let error = #expect(throws: DataFileError.self) { try examples(task) }
    #expect(error?.reason.contains("30 training images, of which 30 validate") == true)
    let missing = #expect(throws: DataFileError.self) {
      try BarMNIST.library("/nonexistent").examples(MNISTTask())
    }
    #expect(missing?.reason.contains("data fetch mnist") == true)
  }

  @Test("The metrics are those of the mean prediction; without validation images the test's alone")
  func metrics() throws {
    try withTemporaryDirectory { folder in
      try BarMNIST.write(into: folder)
      let images = BarMNIST.library(folder)
      var settings = MNISTSettings()
      settings.validation = 20
      let fit = try settings.fit("tests", .network, units: 8, seed: 1)
      let evaluation = try fit.data.evaluation(seed: 1, images: images)
      #expect(evaluation.names == ["validation_error", "validation_nll", "test_error", "test_nll"])
      var model = fit.makeModel()
      var batch = fit.minibatch
      let metrics = evaluation.measure(&model, &batch)
      let test = model.score(try images.examples(settings.task).test, draws: 1, batch: &batch)
      #expect(metrics[2] == 1 - test.accuracy && metrics[3] == test.negativeLogLikelihood)
      settings.validation = 0
      let watched = try settings.fit("tests", .network, units: 8, seed: 1).data
      #expect(try watched.evaluation(seed: 1, images: images).names == ["test_error", "test_nll"])
    }
  }

  @Test("Every kind of network learns the bars, as far as its prior lets it", arguments: MNISTModel.allCases)
  func learning(model: MNISTModel) throws {
    try withTemporaryDirectory { folder in
      try BarMNIST.write(into: folder, training: 620)
      var settings = MNISTSettings()
      settings.validation = 20
      settings.epochs = 30
      settings.batchSize = 25
      settings.learningRate = 5e-3
      settings.evaluateEvery = 30
      settings.klWeight = "blundell"
      let fit = try settings.fit("tests", model, units: 16, seed: 3)
      let trained = try Fit(fit, program: "tests", images: BarMNIST.library(folder)).run(
        into: Fit.directory(folder + "/fit", overwrite: false), shouldStop: { false }, report: { _ in })
      #expect(trained.steps == 720)
      let (first, last) = (try #require(trained.records.first), try #require(trained.records.last))
      switch model {
      case .gaussian, .network, .dropout: #expect(last.metrics[2] <= 0.1)
      // 13,000 weights for 600 images: under these priors most of them had better carry nothing.
      case .mixture, .laplace: #expect(try #require(last.negativeELBO) < #require(first.negativeELBO))
      }
    }
  }

  @Test("An epoch leaves out what does not fill a minibatch where that is asked for")
  func dropLast() throws {
    for (dropLast, rows) in [(true, [24, 24]), (false, [24, 24, 16])] {
      var settings = TrainingSettings()
      settings.epochs = 1
      settings.batchSize = 24
      settings.dropLast = dropLast
      let examples = Examples(
        columns: 1, features: (0..<64).map(Float.init), targets: (0..<64).map(Float.init))
      var training = Training(
        settings, examples: examples, evaluation: Evaluation([]) { _, _ in [] },
        shuffling: smallFit().stream)
      var model: any SupervisedModel = CountingModel()
      _ = try training.run(&model, record: { _ in }, shouldStop: { false })
      #expect((model as? CountingModel)?.rows.map(\.count) == rows)
    }
  }

  @Test(
    "A point network's error on MNIST is below 10 % after one epoch",
    .enabled(if: FullMNIST.folder != nil, Comment(rawValue: FullMNIST.need)))
  func full() throws {
    let folder = try #require(FullMNIST.folder)
    var settings = MNISTSettings()
    settings.epochs = 1
    settings.learningRate = 1e-3
    try withTemporaryDirectory { output in
      let trained = try Fit(
        settings.fit("tests", .network, units: 100, seed: 0), program: "tests",
        images: ImageLibrary(folders: DataFolders(environment: ["BANDIT_SIM_DATA": folder]))
      ).run(into: Fit.directory(output + "/fit", overwrite: false), shouldStop: { false }, report: { _ in })
      #expect(trained.steps == 391)
      #expect(try #require(trained.records.last?.metrics[2]) < 0.1)
    }
  }
}
