import BanditLearning
import BanditNumerics
import Testing

@Suite("Gradients and steps equal PyTorch's")
struct ReferenceTests {
  @Test("Bayesian gradients for every prior, KL form, likelihood and network")
  func bayesian() throws {
    let reference = try Reference.shared
    for expected in reference.bayesian { try expected.check(reference.networks[expected.network]) }
    #expect(reference.bayesian.count == 80)
  }

  @Test("Point gradients for every likelihood and penalty")
  func point() throws {
    let reference = try Reference.shared
    for expected in reference.point { try expected.check(reference.networks[expected.network]) }
    #expect(reference.point.count == 20)
  }

  @Test("Twenty steps of SGD, momentum, Adam and AdamW at a changing rate, for gradients from 0 to 1e3")
  func optimisers() throws {
    let cases = try Reference.shared.optimisers
    #expect(Set(cases.map(\.kind)) == Set(OptimiserKind.allCases))
    for expected in cases {
      var optimiser = Optimiser(
        expected.kind, count: expected.start.count, momentum: expected.momentum,
        weightDecay: expected.weightDecay)
      var parameters = expected.start
      for (step, gradient) in expected.gradients.enumerated() {
        optimiser.step(&parameters, gradient: gradient, learningRate: expected.rates[step])
        for (index, value) in expected.path[step].enumerated() {
          // Twenty steps of some ten roundings of 6e-8 each.
          let largest = expected.path.map { abs($0[index]) }.max() ?? 0
          #expect(
            abs(Double(parameters[index]) - value) <= 1e-5 * largest,
            "\(expected.kind), step \(step), parameter \(index): \(parameters[index]), not \(value)")
        }
      }
      #expect(optimiser.steps == 20)
    }
  }

  @Test("Learning rates of PyTorch's schedules")
  func schedules() throws {
    let cases = try Reference.shared.schedules
    #expect(Set(cases.map(\.shape)).count == 4)
    for expected in cases {
      let schedule = LearningRateSchedule(
        expected.shape, every: expected.every, factor: expected.factor, total: expected.total)
      for (step, factor) in expected.factors.enumerated() {
        // PyTorch multiplies its way along, in double precision.
        #expect(abs(schedule.factor(at: step) - factor) < 1e-12, "\(expected.shape) at \(step)")
      }
    }
  }

  @Test("Log densities of the priors, from 0 to 10")
  func logDensities() throws {
    for expected in try Reference.shared.densities.priors {
      let prior = try expected.prior.prior()
      for (point, value) in zip(expected.points, expected.values) {
        // The file has twelve digits.
        #expect(abs(prior.logDensity(point) - value) <= 1e-11 * max(1, abs(value)), "\(prior) at \(point)")
      }
    }
  }

  @Test("Closed-form KLs, against PyTorch and numerical integration")
  func closedFormKL() throws {
    for expected in try Reference.shared.densities.kls {
      let prior = try expected.prior.prior()
      let value = try #require(prior.closedFormKL(mean: expected.mean, sigma: expected.sigma))
      // The integration's own tolerance.
      #expect(abs(value - expected.value) <= 1e-8 * max(1, abs(value)), "\(prior), \(expected.mean)")
    }
    #expect(WeightPrior.mixture(weight: 0.5, sigma1: 1, sigma2: 0.1).closedFormKL(mean: 0, sigma: 1) == nil)
  }

  @Test("Costs and slopes of the likelihoods, with scales and example weights")
  func costs() throws {
    for expected in try Reference.shared.densities.costs {
      let likelihood = try expected.likelihood.likelihood()
      for (weight, scale) in [(1, 1), (0, 1), (0.5, 0.25)] as [(Float, Float)] {
        let weights = expected.targets.map { _ in weight }
        let batch = denseBatch(expected.targets.map { _ in [0] }, targets: expected.targets, weights: weights)
        var deltas = expected.targets
        let total = likelihood.cost(batch, outputs: expected.outputs, scale: scale, deltas: &deltas)
        // The error's square is taken in single precision.
        #expect(abs(total - Double(weight) * expected.total) <= 3e-7 * abs(expected.total), "\(likelihood)")
        for (delta, slope) in zip(deltas, expected.slopes) {
          #expect(abs(Double(delta) - slope * Double(weight * scale)) <= 3e-7 * abs(slope), "\(likelihood)")
        }
      }
    }
  }
}

extension Reference.BayesianCase {
  /// Expects a posterior's gradients and cost to be these.
  func check(_ network: Reference.NetworkCase) throws {
    let objective = BayesianNetwork.Objective(
      prior: try prior.prior(), klForm: klForm, likelihood: try likelihood.likelihood(),
      weightSamples: samples)
    var posterior = BayesianNetwork(
      network.architecture, capacity: network.rows.count, objective: objective, stream: RandomStream(seed: 0))
    posterior.setParameters(means: network.means, rhos: network.rhos)
    let got = posterior.gradient(network.batch, klWeight: klWeight, noise: Array(network.noise[..<samples]))
    let name = "network \(self.network), \(objective)"
    GradientTolerance().expect(got.means, means, "means of \(name)")
    GradientTolerance().expect(got.rhos, rhos, "rhos of \(name)")
    // A mean of squared errors: each output has some ten roundings, doubled by the square.
    #expect(abs(got.cost - cost) <= 1e-5 * abs(cost), "cost of \(name)")
  }
}

extension Reference.PointCase {
  /// Expects a point network's gradient and cost to be these.
  func check(_ network: Reference.NetworkCase) throws {
    var point = PointNetwork(
      network.architecture, capacity: network.rows.count, likelihood: try likelihood.likelihood(),
      l2: l2, l1: l1, stream: RandomStream(seed: 0))
    point.setParameters(network.means)
    let got = point.computeGradient(network.batch)
    let name = "network \(self.network), \(likelihood)"
    GradientTolerance().expect(point.lastGradient, gradient, name)
    #expect(abs(got - cost) <= 1e-5 * abs(cost), "cost of \(name)")
  }
}
