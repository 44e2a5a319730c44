import BanditLearning
import Foundation

/// An estimator's noise for one minibatch, in the order in which the networks take it.
struct EstimatorNoise {
  /// Everything, for the network.
  var all: [Float]
  /// By layer, `[rows × outputs]`.
  var outputs: [[Float]] = []
  /// By layer, `[rows × inputs]`; empty for a one-hot input.
  var inputs: [[Float]] = []
  /// Every layer's biases one after the other, where one draw serves the minibatch.
  var biases: [Float] = []
  /// The parameters'.
  var weights: [Float] = []

  /// Splits `values` for an objective; more numbers than needed may be given.
  init(
    _ values: [Float], _ architecture: NetworkArchitecture, rows: Int, objective: BayesianNetwork.Objective
  ) {
    var left = values[...]
    func take(_ count: Int, signs: Bool = false) -> [Float] {
      defer { left = left.dropFirst(count) }
      return left.prefix(count).map { signs ? ($0 < 0 ? -1 : 1) : $0 }
    }
    let count = architecture.parameterCount
    switch objective.estimator {
    case .weightSampling: weights = take(count)
    case .localReparameterisation:
      outputs = architecture.layers.map { take(rows * $0.outputs) }
      if objective.biasNoise == .shared { biases = take(architecture.layers.reduce(0) { $0 + $1.outputs }) }
      if objective.klForm == .monteCarlo { weights = take(count) }
    case .flipout:
      for (index, layer) in architecture.layers.enumerated() {
        outputs.append(take(rows * layer.outputs, signs: true))
        var isDense = true
        if index == 0, case .oneHot = architecture.input { isDense = false }
        inputs.append(isDense ? take(rows * layer.inputs, signs: true) : [])
      }
      weights = take(count)
    }
    all = []
    for index in outputs.indices {
      all += outputs[index]
      if index < inputs.count { all += inputs[index] }
    }
    all += biases + weights
  }
}

extension ScalarObjective {
  /// πᵢ KL + mean over samples of the cost under an estimator's noise, from means followed by ρs.
  func freeEnergy(
    _ parameters: [Double], objective: BayesianNetwork.Objective, klWeight: Double, noise: [EstimatorNoise]
  ) -> Double {
    let count = architecture.parameterCount
    let means = Array(parameters[..<count])
    let sigmas = parameters[count...].map { max($0, 0) + log1p(exp(-abs($0))) }
    var data = 0.0
    for sample in noise {
      for row in rows.indices {
        let outputs = outputs(row, means, sigmas, sample, objective)
        data += exampleWeights[row] * likelihood.scalarCost(outputs, target: targets[row])
      }
    }
    // The complexity alone: the same as under weight sampling with no rows.
    var empty = self
    empty.rows = []
    empty.targets = []
    let complexity = empty.freeEnergy(
      parameters, prior: objective.prior, form: objective.klForm, klWeight: klWeight,
      noise: noise.map { $0.weights.isEmpty ? Array(repeating: 0, count: count) : $0.weights })
    return data / Double(noise.count) + complexity
  }

  /// The outputs of one row.
  private func outputs(
    _ row: Int, _ means: [Double], _ sigmas: [Double], _ noise: EstimatorNoise,
    _ objective: BayesianNetwork.Objective
  ) -> [Double] {
    var values = rows[row]
    var biasStart = 0
    for (index, layer) in architecture.layers.enumerated() {
      values = (0..<layer.outputs).map { unit in
        let z = Double(noise.outputs[index][row * layer.outputs + unit])
        let bias = layer.biases + unit
        var sum = means[bias]
        var second = 0.0
        for input in 0..<layer.inputs {
          let position = layer.weights + input * layer.outputs + unit
          sum += values[input] * means[position]
          if objective.estimator == .flipout {
            let signs = noise.inputs[index]
            let sign = signs.isEmpty ? 1 : Double(signs[row * layer.inputs + input])
            second += values[input] * sign * sigmas[position] * Double(noise.weights[position])
          } else {
            second += values[input] * values[input] * sigmas[position] * sigmas[position]
          }
        }
        if objective.estimator == .flipout {
          sum += z * (second + sigmas[bias] * Double(noise.weights[bias]))
        } else if objective.biasNoise == .folded {
          sum += z * (second + sigmas[bias] * sigmas[bias] + 1e-12).squareRoot()
        } else {
          sum += z * (second + 1e-32).squareRoot() + sigmas[bias] * Double(noise.biases[biasStart + unit])
        }
        return layer.isHidden ? max(0, sum) : sum
      }
      biasStart += layer.outputs
    }
    return values
  }
}
