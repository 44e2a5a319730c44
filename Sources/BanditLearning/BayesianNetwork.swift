public import BanditNumerics
import CBanditKernels

/// Where the posterior starts.
public enum PosteriorInitialisation: Hashable, Sendable {
  /// Every mean from U(−meanBound, meanBound), whatever the layer's size.
  case uniform(meanBound: Double)
  /// Means from U(±1/√inputs), as PyTorch starts point networks.
  case fanIn
}

/// A network with an independent Gaussian posterior for every weight and bias, fitted by Bayes by Backprop.
///
/// The cost of minibatch i is πᵢ·KL[q ‖ P] plus the mean over weight samples of the summed negative
/// log-likelihoods, where σ = log(1 + exp ρ), w = μ + σ ε, and one w serves the whole minibatch.
///
/// Source: Blundell et al. 2015, §3; the report, §2.3.
///
/// *Deviations*: the μ-part of log q's gradient is left out because it cancels exactly, so the entropy acts on ρ
/// alone; the prior enters as log P(w) (the report's f omits the logarithm); parameters move against the gradient
/// (the report's equations 12 and 13 have the other sign). A KL weight below 2⁻²⁴ is taken as 0: it is beyond the
/// reach of single precision beside the weights before it.
public struct BayesianNetwork: Sendable {
  /// What is fixed for a network's life.
  public struct Objective: Hashable, Sendable {
    /// The prior of weights and biases.
    public var prior: WeightPrior
    /// How the KL's gradient is had.
    public var klForm: KLForm
    /// The cost of the data.
    public var likelihood: Likelihood
    /// Weight samples a step.
    public var weightSamples: Int

    /// Creates an objective; `analytic` needs a prior with a closed form.
    public init(prior: WeightPrior, klForm: KLForm, likelihood: Likelihood, weightSamples: Int) {
      precondition(weightSamples > 0, "at least one weight sample")
      precondition(
        klForm == .monteCarlo || prior.closedFormKL(mean: 0, sigma: 1) != nil, "this prior has no closed form"
      )
      self.prior = prior
      self.klForm = klForm
      self.likelihood = likelihood
      self.weightSamples = weightSamples
    }
  }

  /// What is minimised.
  public let objective: Objective
  /// The number of weights and biases.
  public let parameterCount: Int

  /// Means, then ρs from `rhoOffset` on; the gradient has the same layout.
  private var parameters: FloatBuffer
  private var gradient: FloatBuffer
  private let rhoOffset: Int
  private var sigma: FloatBuffer
  private var gate: FloatBuffer
  private var noise: FloatBuffer
  private var weights: FloatBuffer
  private var weightGradient: FloatBuffer
  private var network: DenseNetwork
  private var optimiser: Optimiser
  private var trainingNoise: NormalStream
  private var predictionNoise: NormalStream
  private let prior: bandit_prior
  private let kernels = Kernels.best

  /// Creates a posterior with random means and ρ ~ U(rhoRange) from `stream`.
  public init(
    _ architecture: NetworkArchitecture, capacity: Int, objective: Objective,
    initialisation: PosteriorInitialisation = .uniform(meanBound: 0.2),
    rhoRange: ClosedRange<Double> = -5...(-4),
    optimiser kind: OptimiserKind = .adam, momentum: Double = 0, weightDecay: Double = 0, stream: RandomStream
  ) {
    precondition(architecture.outputs == 1, "these likelihoods take one output")
    let count = architecture.parameterCount
    self.objective = objective
    prior = objective.prior.kernel
    parameterCount = count
    rhoOffset = (count + 15) / 16 * 16
    parameters = FloatBuffer(count: 2 * rhoOffset)
    gradient = FloatBuffer(count: 2 * rhoOffset)
    sigma = FloatBuffer(count: count)
    gate = FloatBuffer(count: count)
    noise = FloatBuffer(count: count)
    weights = FloatBuffer(count: count)
    weightGradient = FloatBuffer(count: count)
    network = DenseNetwork(architecture, capacity: capacity)
    optimiser = Optimiser(kind, count: 2 * rhoOffset, momentum: momentum, weightDecay: weightDecay)
    trainingNoise = NormalStream(stream.child("training noise"))
    predictionNoise = NormalStream(stream.child("prediction noise"))
    var initial = stream.child("initial parameters")
    switch initialisation {
    case .fanIn: parameters.fillByFanIn(architecture, &initial)
    case .uniform(let bound):
      for index in 0..<count { parameters[index] = Float(initial.uniform(from: -bound, to: bound)) }
    }
    for index in 0..<count {
      parameters[rhoOffset + index] = Float(
        initial.uniform(from: rhoRange.lowerBound, to: rhoRange.upperBound))
    }
    refreshSigma()
  }

  /// Optimiser steps taken.
  public var steps: Int { optimiser.steps }

  /// The posterior's means, laid out as the architecture says.
  public var means: [Float] { Array(parameters.array[..<parameterCount]) }

  /// The posterior's standard deviations.
  public var standardDeviations: [Float] { sigma.array }

  /// Takes one optimiser step and returns the mean over samples and rows of the data cost.
  public mutating func step(_ batch: borrowing Minibatch, klWeight: Double, learningRate: Double) -> Double {
    var cost: Double = 0
    network.prepareBackward(batch)
    for sample in 0..<objective.weightSamples {
      kernels.functions.pointee.sample(
        &trainingNoise.lanes, parameterCount, parameters.pointer, sigma.pointer, noise.mutablePointer,
        weights.mutablePointer)
      cost += accumulateGradient(batch, klWeight: klWeight, isFirst: sample == 0)
    }
    finishGradient(klWeight: klWeight)
    optimiser.step(parameters.mutablePointer, gradient: gradient.pointer, learningRate: learningRate)
    refreshSigma()
    return cost / Double(objective.weightSamples * batch.count)
  }

  /// Draws one set of weights from the posterior for `predict`.
  public mutating func drawWeights() {
    kernels.functions.pointee.sample(
      &predictionNoise.lanes, parameterCount, parameters.pointer, sigma.pointer, noise.mutablePointer,
      weights.mutablePointer)
  }

  /// The outputs of a minibatch under the weights drawn last, `[rows]`, valid until the network is used again.
  public mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float> {
    network.forward(batch, parameters: weights.pointer)
    return network.outputs
  }

  /// KL[posterior ‖ prior] in nats, in closed form; nil for a mixture.
  public var closedFormKL: Double? {
    var total: Double = 0
    for index in 0..<parameterCount {
      guard
        let term = objective.prior.closedFormKL(mean: Double(parameters[index]), sigma: Double(sigma[index]))
      else { return nil }
      total += term
    }
    return total
  }

  /// Adds one weight sample's part of the gradient and returns its summed data cost.
  private mutating func accumulateGradient(
    _ batch: borrowing Minibatch, klWeight: Double, isFirst: Bool
  ) -> Double {
    network.forward(batch, parameters: weights.pointer)
    let cost = objective.likelihood.cost(
      batch, outputs: network.outputs, scale: 1, deltas: network.outputDeltas)
    network.backward(batch, parameters: weights.pointer, gradient: weightGradient.mutablePointer)
    let sampled = objective.klForm == .monteCarlo ? effective(klWeight) : 0
    let sums = gradient.mutablePointer
    kernels.functions.pointee.accumulate(
      parameterCount, prior, sampled, isFirst, weightGradient.pointer, weights.pointer, noise.pointer, sums,
      sums + rhoOffset)
    return cost
  }

  /// Turns the sums over samples into the gradient by μ and ρ.
  private mutating func finishGradient(klWeight: Double) {
    let klWeight = effective(klWeight)
    let sums = gradient.mutablePointer
    kernels.functions.pointee.finish(
      parameterCount, 1 / Float(objective.weightSamples), klWeight, sigma.pointer, gate.pointer, sums,
      sums + rhoOffset)
    if objective.klForm == .analytic && klWeight > 0 {
      kernels.functions.pointee.closed_form(
        parameterCount, prior, klWeight, parameters.pointer, sigma.pointer, gate.pointer, sums,
        sums + rhoOffset)
    }
  }

  private func effective(_ klWeight: Double) -> Float { klWeight < 0x1p-24 ? 0 : Float(klWeight) }

  private mutating func refreshSigma() {
    kernels.functions.pointee.softplus(
      parameterCount, parameters.pointer + rhoOffset, sigma.mutablePointer, gate.mutablePointer)
  }
}

extension BayesianNetwork {
  /// Replaces the posterior's parameters, for tests.
  package mutating func setParameters(means: [Float], rhos: [Float]) {
    precondition(means.count == parameterCount && rhos.count == parameterCount, "a value for each parameter")
    for index in 0..<parameterCount {
      parameters[index] = means[index]
      parameters[rhoOffset + index] = rhos[index]
    }
    refreshSigma()
  }

  /// The gradient by means and ρs under given noise, a list a weight sample, and the mean data cost; for tests.
  package mutating func gradient(
    _ batch: borrowing Minibatch, klWeight: Double, noise samples: [[Float]]
  ) -> (means: [Float], rhos: [Float], cost: Double) {
    precondition(samples.count == objective.weightSamples, "noise for each weight sample")
    var cost: Double = 0
    network.prepareBackward(batch)
    for (index, values) in samples.enumerated() {
      noise = FloatBuffer(values)
      for parameter in 0..<parameterCount {
        weights[parameter] = parameters[parameter] + sigma[parameter] * values[parameter]
      }
      cost += accumulateGradient(batch, klWeight: klWeight, isFirst: index == 0)
    }
    finishGradient(klWeight: klWeight)
    let all = gradient.array
    return (
      Array(all[..<parameterCount]), Array(all[rhoOffset..<(rhoOffset + parameterCount)]),
      cost / Double(samples.count * batch.count)
    )
  }
}
