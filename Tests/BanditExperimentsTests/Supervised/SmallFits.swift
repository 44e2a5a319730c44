import BanditData
import BanditLearning
import BanditNumerics

@testable import BanditExperiments

/// A model whose every answer is known: its cost is the sum of its targets, its prediction the number of its steps.
struct CountingModel: SupervisedModel {
  var steps = 0
  var weights: [Double] = []
  var rows: [[Float]] = []
  var rates: [Double] = []
  var complexity: Double? = 10
  var cost = 2.0
  private var output = FloatBuffer(count: 64)

  init() {}

  mutating func step(_ batch: borrowing Minibatch, klWeight: Double, learningRate: Double) -> Double {
    steps += 1
    weights.append(klWeight)
    rates.append(learningRate)
    rows.append(Array(batch.targets.prefix(batch.count)))
    return cost
  }

  mutating func draw() {}

  mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float> {
    output.fill(Float(steps))
    return output.pointer
  }

  mutating func inputGradient(_ batch: borrowing Minibatch, into gradient: UnsafeMutablePointer<Float>) {
    gradient.update(repeating: 0, count: batch.count * batch.encoding.columns)
  }

  mutating func complexityCost() -> Double? { complexity }

  var tensors: [NamedTensor] { [] }

  var state: NetworkState {
    NetworkState(tensors: [], training: TrainingState(steps: steps, moments: [], generators: []))
  }

  mutating func restore(_ state: NetworkState) { steps = state.training.steps }

  mutating func restore(_ contents: Safetensors, file: String) {}
}

/// A small training of the toy regression.
func smallFit(_ name: String = "case", _ weights: NetworkDescription.Weights? = nil) -> FitSettings {
  var network = NetworkDescription()
  network.hiddenLayers = [16]
  if let weights {
    network.weights = weights
    if case .bayesian = weights { network.likelihood = .gaussian(sigma: 0.1) }
  }
  var training = TrainingSettings()
  training.epochs = 6
  training.batchSize = 24
  training.learningRate = 0.01
  training.evaluateEvery = 4
  return FitSettings(
    experiment: "tests", name: name, seed: 7, network: network, training: training,
    data: .regression(smallTask()))
}

/// Few points of the toy regression.
func smallTask(trainingPoints: Int = 64) -> RegressionTask {
  var task = RegressionTask()
  task.trainingPoints = trainingPoints
  task.testPoints = 30
  task.evaluationDraws = 3
  return task
}

/// A posterior under a Gaussian prior.
let gaussianWeights = NetworkDescription.Weights.bayesian(
  prior: .gaussian(sigma: 1), kl: .monteCarlo, samples: 2, estimator: .weightSampling)
