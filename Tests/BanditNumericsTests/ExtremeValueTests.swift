import BanditNumerics
import CBanditKernels
import Foundation
import Testing

@Suite("Kernels at the edges of single precision")
struct ExtremeValueTests {
  @Test(
    "Sigma and the slope of its logarithm keep relative precision for very negative rho",
    arguments: Kernels.available)
  func relativePrecision(kernels: Kernels) {
    let rhos = stride(from: Float(-87), through: 80, by: 0.37).map { $0 }
    let (sigmas, slopes) = softplus(kernels, rhos)
    for (index, rho) in rhos.enumerated() {
      // The same 5 ulp as everywhere; no absolute allowance helps here, the smallest sigma is 1.6e-38.
      let sigma = Expected(scalarSoftplus(Double(rho)))
      #expect(sigma.admits(sigmas[index], ulps: 5), "rho \(rho): sigma \(sigmas[index])")
      #expect(Expected(scalarLogSlope(Double(rho))).admits(slopes[index], ulps: 8), "rho \(rho)")
    }
  }

  @Test(
    "Softplus has its limits at infinity, stays above 0 below -87, and is NaN for NaN",
    arguments: Kernels.available)
  func softplusLimits(kernels: Kernels) {
    let (sigmas, slopes) = softplus(kernels, [.infinity, -.infinity, .nan, -90, -103, -106, 100, -0.0])
    #expect(sigmas[0] == .infinity && slopes[0] == 0)
    #expect(sigmas[2].isNaN && slopes[2].isNaN)
    // Below -87 sigma stays at exp(-87), a normal number.
    for index in [1, 3, 4, 5] {
      #expect(abs(Double(sigmas[index]) / exp(-87) - 1) <= 1e-6 && slopes[index] == 1)
    }
    #expect(sigmas[6] == 100 && slopes[6] == 0.01)
    #expect(abs(Double(sigmas[7]) - log(2)) <= 1e-7 && abs(Double(slopes[7]) - 0.5 / log(2)) <= 1e-7)
  }

  @Test(
    "The entropy's gradient tends to minus one with rho, to where sigma is smallest",
    arguments: Kernels.available)
  func finishUnderflow(kernels: Kernels) {
    let (sigmas, slopes) = softplus(kernels, [-20, -80, -90, -100, -110, -.infinity])
    let rhoSums: [Float] = withGuardedMemory { memory in
      let slope = memory.place(slopes)
      // Weights one standard deviation from their mean.
      let sums = (memory.place(sigmas.map { _ in 1 }), memory.place(sigmas))
      kernels.functions.pointee.finish(sigmas.count, 1, 1, slope, sums.0, sums.1)
      return memory.values(2)
    }
    // The data's part is sigma · 1, below 1e-8 throughout.
    for value in rhoSums { #expect(abs(value + 1) < 1e-5) }
  }

  @Test(
    "Infinite, tiny and NaN weights give the priors' gradients their limits", arguments: Kernels.available)
  func priorLimits(kernels: Kernels) {
    let weights: [Float] = [0, -0.0, .leastNonzeroMagnitude, -1e-30, 1e15, .infinity, .nan]
    let gaussian = penalty(kernels, .gaussian, weights)
    #expect(
      gaussian[0...2] == [0, 0, .leastNonzeroMagnitude * 2.5] && gaussian[5] == .infinity && gaussian[6].isNaN
    )
    let laplace = penalty(kernels, .laplace, weights)
    #expect(Array(laplace[..<6]) == [0, 0, 2.5, -2.5, 2.5, 2.5] && laplace[6].isNaN)
    // The narrow component has 1/(1 + 1/3) of the mass near 0, none far out.
    let mixture = penalty(kernels, .mixture, weights)
    #expect(mixture[0] == 0 && mixture[1] == 0 && abs(mixture[3] / -1e-30 - 7) < 1e-5)
    #expect(mixture[4] == 1e15 && mixture[5] == .infinity && mixture[6].isNaN)
  }

  @Test("The Laplace prior's closed form has its limits at sigma 0", arguments: Kernels.available)
  func closedFormAtZeroSigma(kernels: Kernels) {
    let means: [Float] = [0, 1, -1, 1e-20, 0]
    let gradients: [[Float]] = withGuardedMemory { memory in
      let mean = memory.place(means)
      let sigma = memory.place([0, 0, 0, 0, denormal])
      let slope = memory.place([1, 1, 1, 1, 1])
      let sums = (memory.place(means.map { _ in 0 }), memory.place(means.map { _ in 0 }))
      kernels.functions.pointee.closed_form(
        means.count, PriorCase.laplace.kernel, 1, mean, sigma, slope, sums.0, sums.1)
      return [memory.values(3), memory.values(4)]
    }
    #expect(gradients[0] == [0, 2.5, -2.5, 2.5, 0])
    #expect(Array(gradients[1][..<4]) == [0, 0, 0, 0] && gradients[1][4].magnitude < .leastNormalMagnitude)
  }

  @Test(
    "ReLU keeps NaN forward, makes minus zero zero, and stops gradients at 0 and NaN",
    arguments: Kernels.available)
  func reluLimits(kernels: Kernels) {
    let values: [Float] = [.nan, -0.0, -.infinity, .infinity, denormal, -denormal]
    let (forward, backward): ([Float], [Float]) = withGuardedMemory { memory in
      let one = memory.place([1])
      let out = memory.place(values)
      kernels.functions.pointee.multiply(
        1, values.count, 1, one, 1, 1, memory.place(values), values.count, nil, true, out, values.count)
      let delta = memory.place(values.map { _ in 3 })
      kernels.functions.pointee.relu_backward(1, values.count, memory.place(values), delta)
      return (memory.values(1), memory.values(3))
    }
    #expect(forward[0].isNaN && Array(forward[1...]) == [0, 0, .infinity, denormal, 0])
    #expect(forward[1].sign == .plus)
    #expect(backward == [0, 0, 0, 3, 3, 0])
  }

  @Test(
    "Adam leaves a parameter alone whose gradients are all zero, and takes no step on an infinite second moment",
    arguments: Kernels.available)
  func adamLimits(kernels: Kernels) {
    let settings = bandit_adam(
      learning_rate: 0.1, beta2: 0.999, gain1: 0.1, gain2: 0.001, second_scale: 1, epsilon: 1e-8, decay: 1)
    let parameters: [Float] = withGuardedMemory { memory in
      let gradient = memory.place([0, 1e30, .nan])
      let parameters = memory.place([2, 2, 2])
      let moments = (memory.place([0, 0, 0]), memory.place([0, 0, 0]))
      kernels.functions.pointee.adam(3, settings, gradient, parameters, moments.0, moments.1)
      return memory.values(1)
    }
    #expect(parameters[0] == 2 && parameters[1] == 2 && parameters[2].isNaN)
  }

  private func softplus(_ kernels: Kernels, _ rhos: [Float]) -> (sigmas: [Float], slopes: [Float]) {
    withGuardedMemory { memory in
      let outputs = (memory.place(rhos), memory.place(rhos))
      kernels.functions.pointee.softplus(rhos.count, memory.place(rhos), outputs.0, outputs.1)
      return (memory.values(0), memory.values(1))
    }
  }

  private func penalty(_ kernels: Kernels, _ prior: PriorCase, _ weights: [Float]) -> [Float] {
    withGuardedMemory { memory in
      let gradient = memory.place(weights.map { _ in 0 })
      kernels.functions.pointee.penalty(weights.count, prior.kernel, 1, memory.place(weights), gradient)
      return memory.values(0)
    }
  }
}
