import CBanditKernels
import Foundation
import Testing

/// One kernel over flat vectors with its definition in scalar double precision.
struct ElementwiseKernel: Sendable, CustomTestStringConvertible {
  /// What a failure names.
  let testDescription: String
  /// The range of random values of each array, in the order of the kernel's parameters.
  let inputs: [ClosedRange<Double>]
  /// Which of the arrays the kernel writes.
  let written: [Int]
  /// The error allowed, in ulp of the largest term of the definition.
  let ulps: Double
  /// Calls the kernel.
  let run: @Sendable (bandit_kernels, Int, [UnsafeMutablePointer<Float>]) -> Void
  /// The written arrays' new values at one position, from all arrays' old ones.
  let definition: @Sendable ([Double]) -> [Expected]
}

extension ElementwiseKernel {
  /// Every element-wise kernel but the random ones, in each of its forms.
  static let all: [ElementwiseKernel] =
    [softplus, reluBackward, momentum]
    + PriorCase.all.flatMap { [accumulate($0, first: true), accumulate($0, first: false), penalty($0)] }
    + PriorCase.all.filter { $0.family == .gaussian || $0.family == .laplace }.map(closedForm)
    + [finish(entropy: 0), finish(entropy: 0.3), adam(decay: 1), adam(decay: 0.999)]
    + perturbation

  // exp is within 2 ulp; log1p and the sum add one each: 5 with their roundings. The slope has those of sigma, and of
  // a sum, a product and a quotient.
  static let softplus = ElementwiseKernel(
    testDescription: "softplus", inputs: [-30...20, 0...0, 0...0], written: [1, 2], ulps: 8,
    run: { $0.softplus($1, $2[0], $2[1], $2[2]) },
    definition: { [Expected(scalarSoftplus($0[0])), Expected(scalarLogSlope($0[0]))] })

  static let reluBackward = ElementwiseKernel(
    testDescription: "relu_backward", inputs: [-1...1, -3...3], written: [1], ulps: 0,
    run: { $0.relu_backward(1, $1, $2[0], $2[1]) }, definition: { [Expected($0[0] > 0 ? $0[1] : 0)] })

  static let momentum = ElementwiseKernel(
    testDescription: "momentum", inputs: [-3...3, -1...1, -3...3], written: [1, 2], ulps: 1,
    run: { $0.momentum($1, 0.125, 0.875, $2[0], $2[1], $2[2]) },
    definition: {
      let velocity = 0.875 * $0[2] + $0[0]
      let scale = abs($0[2]) + abs($0[0])
      return [
        Expected($0[1] - 0.125 * velocity, scale: abs($0[1]) + 0.125 * scale),
        Expected(velocity, scale: scale),
      ]
    })

  /// The arrays are gradient, weights, mean and the two sums.
  ///
  /// Six operations, the prior's own error before them.
  static func accumulate(_ prior: PriorCase, first: Bool) -> ElementwiseKernel {
    ElementwiseKernel(
      testDescription: "accumulate, \(prior.testDescription), \(first ? "first" : "later") sample",
      inputs: [-3...3, -3...3, -3...3, -3...3, -3...3], written: [3, 4], ulps: prior.ulps + 4,
      run: { $0.accumulate($1, prior.kernel, 0.25, first, $2[0], $2[1], $2[2], $2[3], $2[4]) },
      definition: {
        let slope = prior.slope($0[1])
        let sum = $0[0] + 0.25 * slope.value
        let scale = abs($0[0]) + 0.25 * slope.scale
        let (mean, rho) = first ? (0, 0) : ($0[3], $0[4])
        return [
          Expected(mean + sum, scale: abs(mean) + scale),
          Expected(rho + sum * ($0[1] - $0[2]), scale: abs(rho) + scale * abs($0[1] - $0[2])),
        ]
      })
  }

  static func penalty(_ prior: PriorCase) -> ElementwiseKernel {
    ElementwiseKernel(
      testDescription: "penalty, \(prior.testDescription)", inputs: [-3...3, -3...3], written: [1],
      ulps: prior.ulps + 1, run: { $0.penalty($1, prior.kernel, 0.25, $2[0], $2[1]) },
      definition: {
        let slope = prior.slope($0[0])
        return [Expected($0[1] + 0.25 * slope.value, scale: abs($0[1]) + 0.25 * slope.scale)]
      })
  }

  /// The arrays are slope, mean_sum and rho_sum.
  static func finish(entropy: Float) -> ElementwiseKernel {
    ElementwiseKernel(
      testDescription: "finish, entropy \(entropy)", inputs: [0.001...1, -3...3, -3...3],
      written: [1, 2], ulps: 2, run: { $0.finish($1, 0.5, entropy, $2[0], $2[1], $2[2]) },
      definition: {
        let data = $0[2] * 0.5 * $0[0]
        let pull = Double(entropy) * $0[0]
        return [Expected($0[1] * 0.5), Expected(data - pull, scale: abs(data) + pull)]
      })
  }

  /// The arrays are mean, sigma, slope and the two gradients.
  ///
  /// erf is within 1e-7 absolutely, so errors are relative to 1; a² ≤ 50 has an error of 2 ulp, worth at most
  /// 1 ulp of 1 in exp(−a²).
  static func closedForm(_ prior: PriorCase) -> ElementwiseKernel {
    ElementwiseKernel(
      testDescription: "closed_form, \(prior.testDescription)",
      inputs: [-3...3, 0.3...2, 0.001...1, -3...3, -3...3], written: [3, 4], ulps: 4,
      run: { $0.closed_form($1, prior.kernel, 0.25, $2[0], $2[1], $2[2], $2[3], $2[4]) },
      definition: {
        let scale = 0.25 * Double(prior.kernel.inverse1)
        let isGaussian = prior.family == .gaussian
        let ratio = $0[0] / $0[1]
        let byMean = isGaussian ? $0[0] : erf(ratio / 2.0.squareRoot())
        let bySigma = isGaussian ? $0[1] : (2 / Double.pi).squareRoot() * exp(-0.5 * ratio * ratio)
        return [
          Expected($0[3] + scale * byMean, scale: abs($0[3]) + scale * max(1, abs(byMean))),
          Expected(
            $0[4] + scale * bySigma * $0[1] * $0[2],
            scale: abs($0[4]) + scale * $0[1] * $0[2] * max(1, bySigma)),
        ]
      })
  }

  /// The arrays are gradient, parameters and the two moments.
  static func adam(decay: Float) -> ElementwiseKernel {
    let settings = bandit_adam(
      learning_rate: 0.25, beta2: 0.999, gain1: 0.1, gain2: 0.001, second_scale: 1.5, epsilon: 1e-8,
      decay: decay)
    return ElementwiseKernel(
      testDescription: "adam, decay \(decay)", inputs: [-3...3, -1...1, -3...3, 0.01...3],
      written: [1, 2, 3],
      ulps: 4, run: { $0.adam($1, settings, $2[0], $2[1], $2[2], $2[3]) },
      definition: {
        let (one, two) = (Double(settings.gain1), Double(settings.gain2))
        let first = $0[2] + ($0[0] - $0[2]) * one
        let second = $0[3] * Double(settings.beta2) + $0[0] * $0[0] * two
        let divisor = second.squareRoot() * 1.5 + Double(settings.epsilon)
        let moment = abs($0[2]) + abs($0[0])
        return [
          Expected(
            $0[1] * Double(decay) - first * 0.25 / divisor, scale: abs($0[1]) + moment * 0.25 / divisor),
          Expected(first, scale: moment), Expected(second),
        ]
      })
  }
}

/// log(1 + eˣ) in double precision, for any x.
func scalarSoftplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

/// d log(log(1 + eˣ)) / dx in double precision, for any x.
func scalarLogSlope(_ x: Double) -> Double { 1 / (1 + exp(-x)) / scalarSoftplus(x) }
