import BanditLearning
import Foundation

/// The objectives of both networks written down once more, in double precision and without any kernel.
struct ScalarObjective {
  var architecture: NetworkArchitecture
  /// Dense rows, one-hot ones written out.
  var rows: [[Double]]
  var targets: [Double]
  var exampleWeights: [Double]
  var likelihood: Likelihood

  /// What hidden units are multiplied with, by layer `[rows × outputs]`; empty for no dropout.
  var masks: [[Double]] = []

  /// Every row's outputs.
  func outputs(_ parameters: [Double]) -> [[Double]] {
    rows.indices.map { row in
      architecture.layers.indices.reduce(rows[row]) { values, index in
        let layer = architecture.layers[index]
        return (0..<layer.outputs).map { unit in
          let sum = values.indices.reduce(parameters[layer.biases + unit]) {
            $0 + values[$1] * parameters[layer.weights + $1 * layer.outputs + unit]
          }
          let mask = index < masks.count ? masks[index][row * layer.outputs + unit] : 1
          return layer.isHidden ? max(0, sum) * mask : sum
        }
      }
    }
  }

  /// The summed cost of the data.
  func cost(_ parameters: [Double]) -> Double {
    zip(outputs(parameters), zip(targets, exampleWeights)).reduce(0) { total, row in
      total + row.1.1 * likelihood.scalarCost(row.0, target: row.1.0)
    }
  }

  /// Mean cost + l2/2 ‖w‖² + l1 ‖w‖₁ + normPenalty ‖w‖.
  func penalised(_ parameters: [Double], l2: Double, l1: Double, normPenalty: Double = 0) -> Double {
    cost(parameters) / Double(rows.count)
      + parameters.reduce(0) { $0 + 0.5 * l2 * $1 * $1 + l1 * abs($1) }
      + normPenalty * parameters.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// πᵢ KL + mean over samples of the cost, from means followed by ρs.
  func freeEnergy(
    _ parameters: [Double], prior: WeightPrior, form: KLForm, klWeight: Double, noise: [[Float]]
  ) -> Double {
    let count = architecture.parameterCount
    let means = parameters[..<count]
    let sigmas = parameters[count...].map { max($0, 0) + log1p(exp(-abs($0))) }
    var total: Double = 0
    for sample in noise {
      let weights = (0..<count).map { means[$0] + sigmas[$0] * Double(sample[$0]) }
      total += cost(weights)
      guard form == .monteCarlo else { continue }
      for index in 0..<count {
        let deviation = (weights[index] - means[index]) / sigmas[index]
        let posterior = -0.5 * deviation * deviation - log(sigmas[index]) - 0.5 * log(2 * .pi)
        total += klWeight * (posterior - prior.logDensity(weights[index]))
      }
    }
    total /= Double(noise.count)
    guard form == .analytic else { return total }
    return (0..<count).reduce(total) {
      $0 + klWeight * (prior.closedFormKL(mean: means[$1], sigma: sigmas[$1]) ?? .nan)
    }
  }

  /// The gradient of a function of many parameters, by five-point differences.
  func gradient(at parameters: [Double], _ function: ([Double]) -> Double) -> [Double] {
    parameters.indices.map { index in
      derivative(at: parameters[index]) { value in
        var moved = parameters
        moved[index] = value
        return function(moved)
      }
    }
  }
}

extension Likelihood {
  /// The cost of one row, written down once more.
  func scalarCost(_ outputs: [Double], target: Double) -> Double {
    let error = outputs[0] - target
    switch self {
    case .gaussian(let sigma): return 0.5 * log(2 * .pi * sigma * sigma) + error * error / (2 * sigma * sigma)
    case .laplace(let scale): return log(2 * scale) + abs(error) / scale
    case .squaredError: return error * error
    case .absoluteError: return abs(error)
    case .softmaxCrossEntropy:
      let largest = outputs.max() ?? 0
      return largest + log(outputs.reduce(0) { $0 + exp($1 - largest) }) - outputs[Int(target)]
    case .gaussianMeanVariance:
      let variance = max(outputs[1], 0) + log1p(exp(-abs(outputs[1]))) + 1e-6
      return 0.5 * log(2 * .pi * variance) + error * error / (2 * variance)
    case .laplaceMeanScale:
      let scale = max(outputs[1], 0) + log1p(exp(-abs(outputs[1]))) + 1e-6
      return log(2 * scale) + abs(error) / scale
    }
  }
}
