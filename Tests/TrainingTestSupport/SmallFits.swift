package import BanditFiles
package import BanditLearning
package import BanditNumerics

package import BanditTraining

/// A model whose every answer is known: its cost is the sum of its targets, its prediction the number of its steps.
package struct CountingModel: SupervisedModel {
  package var steps = 0
  package var weights: [Double] = []
  package var rows: [[Float]] = []
  package var rates: [Double] = []
  package var complexity: Double? = 10
  package var cost = 2.0
  private var output = FloatBuffer(count: 64)

  package init() {}

  package mutating func step(_ batch: borrowing Minibatch, klWeight: Double, learningRate: Double) -> Double {
    steps += 1
    weights.append(klWeight)
    rates.append(learningRate)
    rows.append(Array(batch.targets.prefix(batch.count)))
    return cost
  }

  package mutating func draw() {}

  package mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float> {
    output.fill(Float(steps))
    return output.pointer
  }

  package mutating func reseed(_ stream: RandomStream) {}

  package mutating func marginGradient(
    _ batch: borrowing Minibatch, draws: Int, into gradient: UnsafeMutablePointer<Float>
  ) {
    gradient.update(repeating: 0, count: batch.count * batch.encoding.columns)
  }

  package mutating func complexityCost() -> Double? { complexity }

  package var tensors: [NamedTensor] { [] }

  package var state: NetworkState {
    NetworkState(tensors: [], training: TrainingState(steps: steps, moments: [], generators: []))
  }

  package mutating func restore(_ state: NetworkState) { steps = state.training.steps }

  package mutating func restore(_ contents: Safetensors, file: String) {}
}

/// A small training of the toy regression.
package func smallFit(_ name: String = "case", _ weights: NetworkDescription.Weights? = nil) -> FitSettings {
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
package func smallTask(trainingPoints: Int = 64) -> RegressionTask {
  var task = RegressionTask()
  task.trainingPoints = trainingPoints
  task.testPoints = 30
  task.evaluationDraws = 3
  return task
}

/// A posterior under a Gaussian prior.
package let gaussianWeights = NetworkDescription.Weights.bayesian(
  prior: .gaussian(sigma: 1), kl: .monteCarlo, samples: 2, estimator: .weightSampling)
