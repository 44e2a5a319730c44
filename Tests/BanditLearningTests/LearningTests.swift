import BanditLearning
import BanditNumerics
import Testing

@Suite("Networks learn")
struct LearningTests {
  private let inputs = (0..<64).map { Float($0) / 32 - 1 }
  private var lineBatch: Minibatch { denseBatch(inputs.map { [$0] }, targets: inputs.map { 2 * $0 - 1 }) }

  @Test("A point network fits a line, with and without hidden layers", arguments: [[], [16]])
  func pointLine(hidden: [Int]) {
    let architecture = NetworkArchitecture(input: .dense(columns: 1), hidden: hidden, outputs: 1)
    var network = PointNetwork(
      architecture, capacity: 64, likelihood: .squaredError, stream: RandomStream(seed: 1))
    let schedule = LearningRateSchedule(.cosine, total: 2000)
    var cost = 0.0
    for step in 0..<2000 { cost = network.step(lineBatch, learningRate: 0.02 * schedule.factor(at: step)) }
    // The targets' variance is 4/3; a network that ignored x would stay there.
    #expect(cost < 1e-4)
    for (output, input) in zip(network.outputs(lineBatch), inputs) {
      #expect(abs(output - (2 * input - 1)) < 0.05)
    }
  }

  @Test(
    "A Bayesian network fits a line, and its spread is that of the noise it assumes",
    arguments: [WeightPrior.gaussian(sigma: 1), .mixture(weight: 0.5, sigma1: 1, sigma2: 0.0025)])
  func bayesianLine(prior: WeightPrior) {
    let architecture = NetworkArchitecture(input: .dense(columns: 1), hidden: [16], outputs: 1)
    let objective = BayesianNetwork.Objective(
      prior: prior, klForm: .monteCarlo, likelihood: .gaussian(sigma: 0.1), weightSamples: 2)
    var network = BayesianNetwork(
      architecture, capacity: 64, objective: objective, stream: RandomStream(seed: 2))
    let schedule = LearningRateSchedule(.cosine, total: 5000)
    for step in 0..<5000 {
      _ = network.step(lineBatch, klWeight: 1, learningRate: 0.01 * schedule.factor(at: step))
    }
    var sum = [Double](repeating: 0, count: 64)
    var squares = sum
    let draws = 200
    for _ in 0..<draws {
      network.drawWeights()
      for (row, output) in network.outputs(lineBatch).enumerated() {
        sum[row] += Double(output) / Double(draws)
        squares[row] += Double(output * output) / Double(draws)
      }
    }
    for row in 0..<64 {
      // 64 observations of noise 0.1 leave a standard deviation near 0.1 √(2/64) = 0.018, more at the ends and with
      // 49 parameters; the mean follows the line within the assumed noise.
      #expect(abs(sum[row] - Double(2 * inputs[row] - 1)) < 0.1)
      let spread = max(0, squares[row] - sum[row] * sum[row]).squareRoot()
      #expect(spread > 0.002 && spread < 0.1, "standard deviation \(spread) at \(inputs[row])")
    }
  }

  @Test(
    "A linear model with a Gaussian prior and known noise finds the exact posterior mean, and the mean-field variance"
  )
  func conjugate() {
    let noise = 0.5
    let priorSigma = 0.8
    let numbers = normals(1, 32).map { Double($0) }
    let xs = (0..<32).map { Double($0) / 16 }
    let ys = xs.indices.map { 1.3 * xs[$0] - 0.4 + noise * numbers[$0] }
    let network = fitted(xs, ys, noise: noise, priorSigma: priorSigma)
    // The exact posterior's precision, for the weight and the bias, and XᵀY over the noise's variance.
    let v = noise * noise
    let pull = 1 / (priorSigma * priorSigma)
    let a = xs.reduce(0) { $0 + $1 * $1 } / v + pull
    let b = xs.reduce(0, +) / v
    let c = Double(xs.count) / v + pull
    let (p, q) = (zip(xs, ys).reduce(0) { $0 + $1.0 * $1.1 } / v, ys.reduce(0, +) / v)
    let determinant = a * c - b * b
    let means = [(c * p - b * q) / determinant, (a * q - b * p) / determinant]
    for (index, precision) in [a, c].enumerated() {
      let sigma = (1 / precision).squareRoot()
      // Inputs are not centred: marginal standard deviations are 1.9 times as large, so these are told apart. The
      // last steps' rate, below 1e-5, leaves sampling noise of a few per cent of σ.
      #expect(abs(Double(network.means[index]) - means[index]) < 0.1 * sigma)
      #expect(abs(Double(network.standardDeviations[index]) / sigma - 1) < 0.03)
    }
    #expect(a * c / determinant > 2, "the posterior is correlated")
  }

  private func fitted(_ xs: [Double], _ ys: [Double], noise: Double, priorSigma: Double) -> BayesianNetwork {
    let architecture = NetworkArchitecture(input: .dense(columns: 1), hidden: [], outputs: 1)
    let objective = BayesianNetwork.Objective(
      prior: .gaussian(sigma: priorSigma), klForm: .analytic, likelihood: .gaussian(sigma: noise),
      weightSamples: 8)
    var network = BayesianNetwork(
      architecture, capacity: xs.count, objective: objective, stream: RandomStream(seed: 3))
    let batch = denseBatch(xs.map { [Float($0)] }, targets: ys.map { Float($0) })
    let schedule = LearningRateSchedule(.cosine, total: 20_000)
    for step in 0..<20_000 {
      _ = network.step(batch, klWeight: 1, learningRate: 0.01 * schedule.factor(at: step))
    }
    return network
  }

  @Test(
    "Minibatches whose KL weights sum to one have the full batch's gradient between them",
    arguments: KLWeighting.allCases)
  func epoch(weighting: KLWeighting) {
    let architecture = NetworkArchitecture(input: .dense(columns: 1), hidden: [6], outputs: 1)
    let objective = BayesianNetwork.Objective(
      prior: .mixture(weight: 0.5, sigma1: 1, sigma2: 0.05), klForm: .monteCarlo,
      likelihood: .gaussian(sigma: 0.3),
      weightSamples: 1)
    var network = BayesianNetwork(
      architecture, capacity: 64, objective: objective, stream: RandomStream(seed: 4))
    let noise = [normals(2, network.parameterCount)]
    let whole = network.gradient(lineBatch, klWeight: 1, noise: noise)
    var sum = [Double](repeating: 0, count: 2 * network.parameterCount)
    for index in 0..<8 {
      let part = inputs[(8 * index)..<(8 * index + 8)]
      let batch = denseBatch(part.map { [$0] }, targets: part.map { 2 * $0 - 1 })
      let gradient = network.gradient(batch, klWeight: weighting.weight(index, of: 8), noise: noise)
      for (place, value) in (gradient.means + gradient.rhos).enumerated() { sum[place] += Double(value) }
    }
    // Parts are larger than their sum: what cancels between them is relative to the largest element.
    GradientTolerance(relative: 5e-5, ofLargest: 1e-5).expect(whole.means + whole.rhos, sum, "\(weighting)")
  }
}
