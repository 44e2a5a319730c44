import BanditCore
import BanditData
import BanditFiles
import BanditLearning
import BanditNumerics
import Foundation
import TestSupport
import Testing

@testable import BanditReplications
@testable import BanditSimulation
@testable import BanditTraining

extension ClassPredictions {
  /// One prediction of some examples.
  fileprivate init(_ model: any SupervisedModel, _ examples: Examples) {
    var model = model
    var batch = Minibatch(encoding: examples.encoding, capacity: 4)
    self.init(points: examples.count, classes: MNISTTask.likelihood.outputs)
    model.predict(examples, draws: 1, batch: &batch, into: &self)
  }
}

@Suite("Analyses of networks on MNIST")
struct MNISTAnalysisTests {
  private func predictions(_ rows: [[Float]], samples: Int = 1) -> ClassPredictions {
    var predictions = ClassPredictions(points: rows.count, classes: rows[0].count)
    for _ in 0..<samples { predictions.append(probabilities: rows.flatMap(\.self), rows: rows.count) }
    return predictions
  }

  @Test("Calibration of the predicted class: counts, confidences and accuracies by hand")
  func topLabel() throws {
    let calibration = Reliability.topLabel(
      predictions([[0.95, 0.05], [0.65, 0.35], [0.15, 0.85], [1, 0]]), labels: [0, 1, 1, 0], bins: 10)
    #expect(calibration.bins.map(\.count) == [0, 0, 0, 0, 0, 0, 1, 0, 1, 2])
    #expect(calibration.bins[6].accuracy == 0 && calibration.bins[9].accuracy == 1)
    #expect(abs(try #require(calibration.bins[9].confidence) - 0.975) < 1e-6)
    #expect(calibration.bins[0].accuracy == nil && calibration.bins[0].confidence == nil)
    #expect(calibration.saturated == 1)
    #expect(abs(calibration.expectedError - (0.65 + 0.15 + 2 * 0.025) / 4) < 1e-6)
    #expect(abs(calibration.meanConfidence - 3.45 / 4) < 1e-6)
  }

  @Test("Calibration of all classes counts every probability; the report's leaves out those of 1")
  func classWise() {
    let made = predictions([[1, 0, 0], [0.55, 0.45, 0]])
    let kept = Reliability.classWise(made, labels: [1, 0])
    #expect(kept.bins.map(\.count) == [3, 0, 0, 0, 1, 1, 0, 0, 0, 1])
    #expect(kept.bins[9].accuracy == 0 && kept.bins[5].accuracy == 1)
    // One of the three certain zeros was the right class.
    #expect(kept.bins[0].right == 1 && kept.bins[0].confidence == 0)
    let dropped = Reliability.classWise(made, labels: [1, 0], isSaturationKept: false)
    #expect(dropped.bins.map(\.count) == [3, 0, 0, 0, 1, 1, 0, 0, 0, 0])
    #expect(kept.saturated == 1 && dropped.saturated == 0)
  }

  @Test("A forecaster that draws its classes from its probabilities is calibrated")
  func calibrated() {
    var stream = RandomStream(seed: 8)
    var rows: [[Float]] = []
    var labels: [Float] = []
    for _ in 0..<20_000 {
      let probability = stream.uniform(from: 0, to: 1)
      rows.append([Float(probability), Float(1 - probability)])
      labels.append(stream.uniform(from: 0, to: 1) < probability ? 0 : 1)
    }
    let made = predictions(rows)
    // Some 1,300 forecasts a bin: the distances' mean is about 0.4/√1,300 · 0.8 = 0.009.
    #expect(Reliability.topLabel(made, labels: labels).expectedError < 0.02)
    #expect(Reliability.classWise(made, labels: labels).expectedError < 0.02)
  }

  private func posterior(_ means: [Float], sigmas: [Float], classes: Int = 2) -> BayesianModel {
    let architecture = NetworkArchitecture(input: .dense(columns: 2), hidden: [2], outputs: classes)
    let objective = BayesianNetwork.Objective(
      prior: .gaussian(sigma: 1), klForm: .analytic, likelihood: .softmaxCrossEntropy(classes: classes),
      weightSamples: 1)
    var model = BayesianModel(
      BayesianNetwork(architecture, capacity: 4, objective: objective, stream: RandomStream(seed: 2)))
    model.replace(means: means, rhos: sigmas.map { log(exp($0) - 1) })
    return model
  }

  @Test("Pruning takes the weights of the lowest ratios, whatever their layer, and no biases")
  func pruning() throws {
    // Weights and biases of the first layer, then of the second; ratios are those of the means to 0.5.
    let means: [Float] = [0.1, -0.8, 0.3, 0.4, 0.01, 0.02, 0.7, -0.2, 0.6, 0.5, 0.03, 0.04]
    let model = posterior(means, sigmas: Array(repeating: 0.5, count: 12))
    let pruning = WeightPruning(model)
    #expect(pruning.ratios.map(\.count) == [4, 4])
    #expect(abs(pruning.ratios[0][1] - 1.6) < 1e-5)
    let threshold = pruning.threshold(0.5)
    #expect(abs(threshold - 0.9) < 1e-5)  // between 0.4/0.5 and 0.5/0.5
    #expect(pruning.shares(below: threshold) == [0.75, 0.25])
    let pruned = pruning.pruned(below: threshold).network
    #expect(pruned.means == [0, -0.8, 0, 0, 0.01, 0.02, 0.7, 0, 0.6, 0.5, 0.03, 0.04])
    for (index, mean) in pruned.means.enumerated() {
      #expect(mean == 0 ? pruned.standardDeviations[index] < 1e-30 : pruned.standardDeviations[index] > 0.49)
    }
    #expect(pruning.shares(below: pruning.threshold(0)) == [0, 0])
    #expect(pruning.shares(below: pruning.threshold(1)) == [0.75, 1])
    #expect(pruning.pruned(below: pruning.threshold(0)).network.means == means)
  }

  @Test("A posterior without spread is attacked as the network of its means; images move by ε, within 0 to 1")
  func attack() {
    // The first unit is for class 0 and against class 1, the second the other way round; eight classes are idle.
    let idle = [Float](repeating: 0, count: 8)
    let means = [1, -1, -2, 1, 0, 0, 1, -1] + idle + [-1, 1] + idle + [0, 0] + idle
    let bayesian = posterior(means, sigmas: Array(repeating: 1e-5, count: means.count), classes: 10)
    var point = PointNetwork(
      bayesian.network.architecture, capacity: 4, likelihood: MNISTTask.likelihood,
      stream: RandomStream(seed: 1))
    point.setParameters(means)
    let images = Examples(columns: 2, features: [0.9, 0.1, 0.2, 0.95, 0.95, 0.1], targets: [0, 1, 1])
    let models: [any SupervisedModel] = [bayesian, PointModel(point)]
    let attacks = models.map { model in
      var derivatives = derivatives(model, draws: 3)
      return AdversarialImages(images, against: &derivatives) { _ in }
    }
    // Class 0 is told by x₀ > x₁: the attack darkens the first pixel and lights the second.
    #expect(attacks[0].signs == attacks[1].signs)
    #expect(attacks[1].signs == [-1, 1, 1, -1, 1, -1])
    #expect(attacks[1].unmoved == 0)
    let moved = attacks[1].examples(epsilon: 0.2, clip: true, scale: .by255).features
    #expect(zip(moved, images.features).allSatisfy { abs($0 - $1) <= 0.2001 && (0...1).contains($0) })
    #expect(abs(moved[0] - 0.7) < 1e-6 && abs(moved[1] - 0.3) < 1e-6)
    let free = attacks[1].examples(epsilon: 0.2, clip: false, scale: .by255).features
    #expect(free.contains { $0 < 0 || $0 > 1 })
    #expect(attacks[1].examples(epsilon: 0, clip: true, scale: .by255).features == images.features)
    let cost = [images, attacks[1].examples(epsilon: 0.2, clip: true, scale: .by255)].map {
      examples -> Double in
      var batch = Minibatch(encoding: examples.encoding, capacity: 3)
      examples.fill(&batch, [0, 1, 2])
      var copy = point
      return copy.cost(batch)
    }
    #expect(cost[1] > cost[0])
  }

  private func derivatives(_ model: any SupervisedModel, draws: Int = 1) -> MarginDerivatives {
    MarginDerivatives(
      of: model, columns: 2, scale: .by255, draws: draws, capacity: 2, stream: RandomStream(seed: 6))
  }

  /// Class 0 is told by x₀ > x₁, and class 1 by x₀ < x₁; `sureness` multiplies the logits.
  private func tellingPixelsApart(sureness: Float) -> PointModel {
    let architecture = NetworkArchitecture(input: .dense(columns: 2), hidden: [2], outputs: 10)
    var network = PointNetwork(
      architecture, capacity: 4, likelihood: MNISTTask.likelihood, stream: RandomStream(seed: 1))
    let idle = [Float](repeating: 0, count: 8)
    let first: [Float] = [1, -1, -1, 1, 0, 0]
    network.setParameters(
      first + [sureness, -sureness] + idle + [-sureness, sureness] + idle + [0, 0] + idle)
    return PointModel(network)
  }

  @Test("A network whose probabilities round to 1 moves its images none the less")
  func sureNetwork() {
    let images = Examples(columns: 2, features: [0.9, 0.1, 0.2, 0.95, 0.95, 0.3], targets: [0, 1, 0])
    let model = tellingPixelsApart(sureness: 1000)
    let sure = ClassPredictions(model, images)
    #expect((0..<3).allSatisfy { sure.probability($0, of: Int(images.targets[$0])) == 1 })
    var derivatives = derivatives(model)
    let attack = AdversarialImages(images, against: &derivatives) { _ in }
    #expect(attack.unmoved == 0 && attack.signs == [-1, 1, 1, -1, -1, 1])
  }

  @Test("The projected gradient stays within its distance, and goes at least as far as one step")
  func projectedGradient() throws {
    var stream = RandomStream(seed: 12)
    let pixels = (0..<40).map { _ in Float(stream.uniform()) }
    let labels = stride(from: 0, to: 40, by: 2).map { Float(pixels[$0] > pixels[$0 + 1] ? 0 : 1) }
    let images = Examples(columns: 2, features: pixels, targets: labels)
    let model = tellingPixelsApart(sureness: 100)
    var derivatives = derivatives(model)
    let fast = AdversarialImages(images, against: &derivatives, report: { _ in }).examples(
      epsilon: 0.2, clip: true, scale: .by255)
    for (restarts, clip) in [(1, true), (3, true), (1, false)] {
      let attack = ProjectedGradient(steps: 10, step: 0.25, restarts: restarts, clip: clip)
      let moved = attack.move(
        images, against: &derivatives, epsilon: 0.2, stream: RandomStream(seed: 3)
      ) { _ in }
      #expect(zip(moved.features, pixels).allSatisfy { abs($0 - $1) <= 0.2001 })
      #expect(moved.features.allSatisfy { (0...1).contains($0) } == clip)
      #expect(moved.targets == labels)
      for start in stride(from: 0, to: 20, by: 2) {
        let range = (2 * start)..<(2 * start + 4)
        let own = Array(labels[start..<(start + 2)])
        let margins = derivatives.margins(Array(moved.features[range]), labels: own)
        let single = derivatives.margins(Array(fast.features[range]), labels: own)
        for (margin, single) in zip(margins, single) { #expect(margin >= single - 1e-3) }
      }
    }
  }

  @Test("An attack draws weights of its own, new ones each time, and leaves the model's alone")
  func attackDraws() throws {
    let wide = posterior(
      Array(repeating: 0.5, count: 36), sigmas: Array(repeating: 1, count: 36), classes: 10)
    var evaluated: any SupervisedModel = wide
    var attacked = derivatives(wide)
    let image: [Float] = [0.9, 0.1]
    let margins = (0..<4).map { _ in attacked.margins(image, labels: [0])[0] }
    #expect(Set(margins).count == 4)
    var batch = Minibatch(encoding: .dense(columns: 2), capacity: 2)
    batch.append(features: image, target: 0)
    batch.sortByColumn()
    let drawn = (0..<4).map { _ -> Float in
      evaluated.draw()
      return MNISTTask.likelihood.margin(evaluated.predict(batch), right: 0).value
    }
    #expect(Set(margins).isDisjoint(with: drawn))
  }

  @Test("Saved networks predict as they did when they were trained, in the order of their kinds")
  func saved() throws {
    try withTemporaryDirectory { folder in
      try BarMNIST.write(into: folder)
      let images = BarMNIST.library(folder)
      var settings = MNISTSettings()
      settings.validation = 20
      settings.epochs = 2
      var trained: [TrainedModel] = []
      for (kind, units) in [(MNISTModel.network, 6), (.gaussian, 8), (.gaussian, 5)] {
        let fit = try settings.fit("mnist", kind, units: units, seed: 4)
        trained.append(
          try Fit(fit, program: "tests", images: images).run(
            into: Fit.directory("\(folder)/models/\(fit.folder)", overwrite: false), shouldStop: { false },
            report: { _ in }))
      }
      let read = try SavedModel.read([folder + "/models"], seeds: [3, 4])
      #expect(read.map(\.title) == ["BNN, Gaussian prior, 5", "BNN, Gaussian prior, 8", "DNN, 6"])
      for (saved, original) in zip(read, [2, 1, 0].map { trained[$0] }) {
        #expect(saved.settings == original.settings)
        #expect(saved.model.tensors == original.model.tensors)
      }
      let test = try images.test(.digits, .by255)
      var network = trained[0].model
      var batch = trained[0].settings.minibatch
      let score = network.score(test, draws: 1, batch: &batch)
      let again = ClassScore(read[2].predictions(test, draws: 5), labels: test.targets)
      #expect(again == score)
      // A saved posterior's draws are none of those that evaluations saw while it was trained.
      var before = trained[1].settings.makeModel()
      try before.restore(
        Safetensors(
          bytes: contents(of: "\(folder)/models/\(trained[1].settings.folder)/\(ModelFile.name)"), file: ""),
        file: "")
      var after = read[1].model
      #expect(before.tensors == after.tensors)
      #expect(
        before.score(test, draws: 1, batch: &batch).negativeLogLikelihood
          != after.score(test, draws: 1, batch: &batch).negativeLogLikelihood)
      let error = #expect(throws: ConfigurationError.self) {
        try SavedModel.read([folder + "/models"], seeds: [5])
      }
      #expect(error?.allowed.contains("experiment run mnist") == true)
    }
  }

  @Test("The small convolutional network learns the bars, and its file gives it back")
  func convolutional() throws {
    try withTemporaryDirectory { folder in
      try BarMNIST.write(into: folder)
      let images = BarMNIST.library(folder)
      var network = NetworkDescription()
      network.inputs = MNISTTask.inputs
      network.hiddenLayers = []
      network.likelihood = MNISTTask.likelihood
      network.convolutions = ConvolutionalArchitecture(
        height: 28, width: 28, filters: [4, 8], kernel: 5, outputs: 10)
      var training = TrainingSettings()
      training.epochs = 8
      training.batchSize = 20
      training.learningRate = 5e-3
      var task = MNISTTask()
      task.validationImages = 20
      let fit = FitSettings(
        experiment: "tests", name: "cnn", seed: 0, network: network, training: training, data: .mnist(task))
      let trained = try Fit(fit, program: "tests", images: images).run(
        into: Fit.directory(folder + "/cnn", overwrite: false), shouldStop: { false }, report: { _ in })
      #expect(try #require(trained.records.last?.metrics[2]) <= 0.1)
      let (settings, model) = try ModelFile.read("\(folder)/cnn/\(ModelFile.name)")
      #expect(settings == fit && model.tensors == trained.model.tensors)
      #expect(model.tensors.map(\.name).first == "convolutions.0.weight")
      #expect(model.tensors.map(\.shape) == [[5, 5, 1, 4], [4], [5, 5, 4, 8], [8], [392, 10], [10]])
    }
  }
}
