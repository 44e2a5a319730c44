import BanditNumerics
import CBanditKernels
import Foundation
import Testing

extension ElementwiseKernel {
  /// The kernels of estimators that perturb activations.
  static let perturbation: [ElementwiseKernel] =
    [multiplyElements, subtractElements, joinBackward]
    + [false, true].flatMap { [addProducts(relu: $0), addNoise(relu: $0)] }
    + PriorCase.all.flatMap { [accumulatePair($0, first: true), accumulatePair($0, first: false)] }

  static let multiplyElements = ElementwiseKernel(
    testDescription: "multiply_elements", inputs: [-3...3, -3...3, 0...0], written: [2], ulps: 0.5,
    run: { $0.multiply_elements($1, $2[0], $2[1], $2[2]) }, definition: { [Expected($0[0] * $0[1])] })

  static let subtractElements = ElementwiseKernel(
    testDescription: "subtract_elements", inputs: [-3...3, -3...3, 0...0], written: [2], ulps: 0.5,
    run: { $0.subtract_elements($1, $2[0], $2[1], $2[2]) }, definition: { [Expected($0[0] - $0[1])] })

  static func addProducts(relu: Bool) -> ElementwiseKernel {
    ElementwiseKernel(
      testDescription: "add_products, relu \(relu)", inputs: [-3...3, -3...3, -3...3], written: [2],
      ulps: 0.5,
      run: { $0.add_products($1, relu, $2[0], $2[1], $2[2]) },
      definition: {
        let sum = $0[2] + $0[0] * $0[1]
        return [Expected(relu ? max(0, sum) : sum, scale: abs($0[2]) + abs($0[0] * $0[1]))]
      })
  }

  /// The arrays are noise, variance and activation.
  ///
  /// A sum, a root and a quotient have half a rounding each.
  static func addNoise(relu: Bool) -> ElementwiseKernel {
    ElementwiseKernel(
      testDescription: "add_noise, relu \(relu)", inputs: [-3...3, 0...2, -3...3], written: [1, 2], ulps: 2,
      run: { $0.add_noise($1, relu, 0.125, $2[0], $2[1], $2[2]) },
      definition: {
        let deviation = ($0[1] + 0.125).squareRoot()
        let sum = $0[2] + deviation * $0[0]
        return [
          Expected($0[0] / deviation),
          Expected(relu ? max(0, sum) : sum, scale: abs($0[2]) + deviation * abs($0[0])),
        ]
      })
  }

  static let joinBackward = ElementwiseKernel(
    testDescription: "join_backward", inputs: [-1...1, -3...3, -3...3, -3...3], written: [3], ulps: 0.5,
    run: { $0.join_backward($1, $2[0], $2[1], $2[2], $2[3]) },
    definition: {
      [Expected($0[0] > 0 ? $0[3] + $0[1] * $0[2] : 0, scale: abs($0[3]) + abs($0[1] * $0[2]))]
    })

  /// The arrays are the gradients by mean and by log sigma, weights, mean and the two sums.
  static func accumulatePair(_ prior: PriorCase, first: Bool) -> ElementwiseKernel {
    ElementwiseKernel(
      testDescription: "accumulate_pair, \(prior.testDescription), \(first ? "first" : "later") sample",
      inputs: [-3...3, -3...3, -3...3, -3...3, -3...3, -3...3], written: [4, 5], ulps: prior.ulps + 4,
      run: {
        $0.accumulate_pair($1, prior.kernel, 0.25, first, $2[0], $2[1], $2[2], $2[3], $2[4], $2[5])
      },
      definition: {
        let slope = prior.slope($0[2])
        let (pull, scale) = (0.25 * slope.value, 0.25 * slope.scale)
        let (mean, rho) = first ? (0, 0) : ($0[4], $0[5])
        let difference = $0[2] - $0[3]
        return [
          Expected(mean + $0[0] + pull, scale: abs(mean) + abs($0[0]) + scale),
          Expected(
            rho + $0[1] + pull * difference, scale: abs(rho) + abs($0[1]) + scale * abs(difference)),
        ]
      })
  }
}

@Suite("Random signs and dropout masks")
struct PerturbationKernelTests {
  @Test("Signs are ±1, as many of each, and neighbours are independent", arguments: Kernels.available)
  func signs(kernels: Kernels) {
    let values = draw(kernels, seed: 1, count: 200_000) { $0.signs($1, $2, $3) }
    #expect(values.allSatisfy { $0.magnitude == 1 })
    // Means of 200,000 values of variance 1 lie within 4.5 standard errors.
    let bound = 4.5 / 200_000.0.squareRoot()
    #expect(abs(values.reduce(0) { $0 + Double($1) }) / 200_000 < bound)
    for lag in [1, 15, 16, 17, 32, 512] {
      #expect(abs(meanProduct(values, values.dropFirst(lag))) < bound, "lag \(lag)")
    }
  }

  @Test(
    "Masks drop units at their rate and keep the mean at 1", arguments: Kernels.available, [0.1, 0.5, 0.875])
  func masks(kernels: Kernels, rate: Double) {
    let values = draw(kernels, seed: 2, count: 200_000) { $0.dropout_mask($1, $2, Float(rate), $3) }
    let kept = Float(1) / (1 - Float(rate))
    #expect(values.allSatisfy { $0 == 0 || $0 == kept })
    let spread = (rate * (1 - rate) / 200_000).squareRoot()
    let dropped = Double(values.filter { $0 == 0 }.count) / 200_000
    #expect(abs(dropped - rate) < 4.5 * spread)
    // Neighbours are dropped together as often as chance has it.
    let centred = values.map { ($0 == 0 ? 1 : 0) - Float(rate) }
    for lag in [1, 16, 17] {
      let correlation = meanProduct(centred, centred.dropFirst(lag)) / (rate * (1 - rate))
      #expect(abs(correlation) < 4.5 / 200_000.0.squareRoot(), "lag \(lag)")
    }
  }

  @Test("All instruction sets draw the same signs and masks at every length, and write nothing else")
  func sameBits() throws {
    let reference = try #require(Kernels.available.last)
    for count in [1, 15, 16, 17, 100, 511, 512, 513, 1_030] {
      for kernels in Kernels.available {
        for rate in [0, 0.3, 0.5] as [Float] {
          let masks = draw(kernels, seed: 3, count: count) { $0.dropout_mask($1, $2, rate, $3) }
          #expect(masks == draw(reference, seed: 3, count: count) { $0.dropout_mask($1, $2, rate, $3) })
          #expect(rate > 0 || masks.allSatisfy { $0 == 1 })
        }
        let signs = draw(kernels, seed: 3, count: count) { $0.signs($1, $2, $3) }
        #expect(signs == draw(reference, seed: 3, count: count) { $0.signs($1, $2, $3) })
      }
    }
  }

  /// Fills guarded memory twice and gives the second filling: the first must move the generators.
  private func draw(
    _ kernels: Kernels, seed: UInt64, count: Int,
    _ body: (bandit_kernels, UnsafeMutablePointer<bandit_random_lanes>, Int, UnsafeMutablePointer<Float>) ->
      Void
  ) -> [Float] {
    var lanes = NormalStream(RandomStream(seed: seed)).lanes
    return withGuardedMemory { memory in
      let out = memory.place(Array(repeating: 0, count: count), offset: 1)
      body(kernels.functions.pointee, &lanes, count, out)
      let first = memory.values(0)
      body(kernels.functions.pointee, &lanes, count, out)
      #expect(count < 100 || memory.values(0) != first || first.allSatisfy { $0 == 1 })
      return memory.values(0)
    }
  }
}
