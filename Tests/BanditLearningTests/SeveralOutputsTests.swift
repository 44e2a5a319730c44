import BanditLearning
import BanditNumerics
import Foundation
import Testing

@Suite("Networks with several outputs")
struct SeveralOutputsTests {
  @Test("Costs and slopes of the heads equal PyTorch's, with scales and example weights")
  func heads() throws {
    for expected in try ModelReference.shared.heads {
      let likelihood = try expected.likelihood.likelihood()
      for (weight, scale) in [(1, 1), (0, 1), (0.5, 0.25)] as [(Float, Float)] {
        let weights = expected.targets.map { _ in weight }
        let batch = denseBatch(expected.targets.map { _ in [0] }, targets: expected.targets, weights: weights)
        var deltas = expected.outputs
        let total = likelihood.cost(batch, outputs: expected.outputs, scale: scale, deltas: &deltas)
        #expect(abs(total - Double(weight) * expected.total) <= 1e-6 * abs(expected.total), "\(likelihood)")
        for (delta, slope) in zip(deltas, expected.slopes) {
          // Probabilities are rounded relative to 1, quotients by widths relative to themselves.
          let allowed = 2e-6 * abs(slope) + 1e-7
          #expect(abs(Double(delta) - slope * Double(weight * scale)) <= allowed, "\(likelihood)")
        }
      }
    }
  }

  @Test("Bayesian gradients equal PyTorch's: softmax, mean and variance, mean and scale")
  func bayesian() throws {
    let reference = try ModelReference.shared
    for expected in reference.bayesian { try expected.check(reference.networks[expected.network]) }
    #expect(reference.bayesian.count == 18)
  }

  @Test("Point gradients equal PyTorch's: softmax, mean and variance, mean and scale")
  func point() throws {
    let reference = try ModelReference.shared
    for expected in reference.point { try expected.check(reference.networks[expected.network]) }
    #expect(reference.point.count == 6)
  }

  @Test("A softmax network learns to tell three points apart, and its probabilities say so")
  func classification() {
    let likelihood = Likelihood.softmaxCrossEntropy(classes: 3)
    let batch = denseBatch([[0, 1], [1, 0], [-1, -1]], targets: [0, 1, 2])
    let architecture = NetworkArchitecture(input: .dense(columns: 2), hidden: [8], outputs: 3)
    var network = PointNetwork(
      architecture, capacity: 3, likelihood: likelihood, stream: RandomStream(seed: 1))
    var cost = 0.0
    for _ in 0..<500 { cost = network.step(batch, learningRate: 0.02) }
    #expect(cost < 0.01)
    var probabilities = network.outputs(batch)
    likelihood.probabilities(probabilities, rows: 3, into: &probabilities)
    for row in 0..<3 {
      #expect(probabilities[3 * row + row] > 0.98)
      #expect(abs(probabilities[(3 * row)..<(3 * row + 3)].reduce(0, +) - 1) < 1e-6)
    }
  }

  @Test(
    "A network of mean and width learns the noise that each input has",
    arguments: [Likelihood.gaussianMeanVariance, .laplaceMeanScale])
  func heteroscedastic(likelihood: Likelihood) {
    // At −1 the targets are ±0.5, at 1 they are 3 ± 2: the best Gaussian has variances ¼ and 4, the best Laplace
    // scales ½ and 2, hence variances ½ and 8.
    let batch = denseBatch([[-1], [-1], [1], [1]], targets: [-0.5, 0.5, 1, 5])
    let architecture = NetworkArchitecture(input: .dense(columns: 1), hidden: [8], outputs: 2)
    var network = PointNetwork(
      architecture, capacity: 4, likelihood: likelihood, stream: RandomStream(seed: 2))
    let schedule = LearningRateSchedule(.cosine, total: 3000)
    for step in 0..<3000 { _ = network.step(batch, learningRate: 0.02 * schedule.factor(at: step)) }
    var means = [Float](repeating: 0, count: 4)
    var variances = means
    likelihood.moments(network.outputs(batch), rows: 4, means: &means, variances: &variances)
    let expected: [Float] = likelihood == .laplaceMeanScale ? [0.5, 8] : [0.25, 4]
    #expect(abs(variances[0] - expected[0]) < 0.01 * expected[0])
    #expect(abs(variances[2] - expected[1]) < 0.01 * expected[1])
    // Any mean between the two targets is as good for a Laplace distribution.
    #expect(likelihood == .laplaceMeanScale || abs(means[0]) < 0.01 && abs(means[2] - 3) < 0.01)
    #expect(means[0].magnitude <= 0.5 && means[2] >= 1 && means[2] <= 5)
  }

  @Test("Likelihoods of one output have the noise's variance")
  func oneOutput() {
    for (likelihood, variance) in [
      (.gaussian(sigma: 3), 9), (.laplace(scale: 2), 8), (.squaredError, 0.5), (.absoluteError, 2),
    ] as [(Likelihood, Float)] {
      var means: [Float] = [0, 0]
      var variances = means
      likelihood.moments([1, -2], rows: 2, means: &means, variances: &variances)
      #expect(means == [1, -2] && variances == [variance, variance] && likelihood.outputs == 1)
    }
  }
}
