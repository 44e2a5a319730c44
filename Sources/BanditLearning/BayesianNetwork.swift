public import BanditNumerics
import CBanditKernels
import Foundation

/// Where the posterior starts.
public enum PosteriorInitialisation: Hashable, Sendable {
  /// Every mean from U(−meanBound, meanBound), whatever the layer's size.
  case uniform(meanBound: Double)
  /// Means from U(±1/√inputs), as PyTorch starts point networks.
  case fanIn
  /// Means at the weights of a point network, such as a maximum a posteriori estimate, and σ = delta·|weight| (MOPED);
  /// delta is 0.1 in the paper's experiments.
  ///
  /// Source: Krishnan, Subedar & Tickoo 2020, equation 6.
  ///
  /// *Deviations*: the prior stays centred at zero, and 10⁻²⁰ is added to expm1(delta·|weight|), for weights of zero.
  case moped(weights: [Float], delta: Double)
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
/// reach of single precision beside the epoch's other weights.
public struct BayesianNetwork: Sendable {
  /// What is fixed as long as a network exists.
  public struct Objective: Hashable, Sendable {
    /// The prior of weights and biases.
    public var prior: WeightPrior
    /// How the KL's gradient is computed.
    public var klForm: KLForm
    /// The cost of the data.
    public var likelihood: Likelihood
    /// Weight samples a step; under the other estimators, passes with fresh noise.
    public var weightSamples: Int
    /// How the gradient of the data cost is estimated.
    public var estimator: GradientEstimator
    /// How `localReparameterisation` treats biases; of no effect under the other estimators.
    public var biasNoise: BiasNoise

    /// Creates an objective; `analytic` needs a prior with a closed form.
    public init(
      prior: WeightPrior, klForm: KLForm, likelihood: Likelihood, weightSamples: Int,
      estimator: GradientEstimator = .weightSampling, biasNoise: BiasNoise = .folded
    ) {
      precondition(weightSamples > 0, "at least one weight sample")
      precondition(
        klForm == .monteCarlo || prior.closedFormKL(mean: 0, sigma: 1) != nil, "this prior has no closed form"
      )
      self.prior = prior
      self.klForm = klForm
      self.likelihood = likelihood
      self.weightSamples = weightSamples
      self.estimator = estimator
      self.biasNoise = biasNoise
    }
  }

  /// What is minimised.
  public let objective: Objective
  /// The number of weights and biases.
  public let parameterCount: Int

  /// Means, then ρs from `rhoOffset` on.
  var parameters: FloatBuffer
  let rhoOffset: Int
  var sigma: FloatBuffer
  /// d log σ / dρ.
  private var logSlope: FloatBuffer
  var optimiser: Optimiser
  var samples: [any GradientSample]
  var drawn: WeightSample
  private var team: ThreadTeam
  private var scratch: FloatBuffer
  private let kernels = Kernels.best

  /// Creates a posterior with random means and, but for `moped`, ρ ~ U(rhoRange) from `stream`.
  ///
  /// - `threads`: how many threads a step may use; no number depends on it.
  public init(
    _ architecture: NetworkArchitecture, capacity: Int, objective: Objective,
    initialisation: PosteriorInitialisation = .uniform(meanBound: 0.2),
    rhoRange: ClosedRange<Double> = -5...(-4),
    optimiser kind: OptimiserKind = .adam, momentum: Double = 0, weightDecay: Double = 0,
    threads: Int = 1, stream: RandomStream
  ) {
    objective.likelihood.checkOutputs(architecture)
    let count = architecture.parameterCount
    self.objective = objective
    parameterCount = count
    rhoOffset = (count + 15) / 16 * 16
    parameters = FloatBuffer(count: 2 * rhoOffset)
    sigma = FloatBuffer(count: count)
    logSlope = FloatBuffer(count: count)
    optimiser = Optimiser(kind, count: 2 * rhoOffset, momentum: momentum, weightDecay: weightDecay)
    samples = (0..<objective.weightSamples).map { index in
      objective.makeSample(
        architecture, capacity: capacity, stream: stream.child("training noise", index))
    }
    drawn = WeightSample(architecture, capacity: capacity, stream: stream.child("prediction noise"))
    team = ThreadTeam(members: 1)
    scratch = FloatBuffer(count: PosteriorUpdate.scratchLength)
    var initial = stream.child("initial parameters")
    switch initialisation {
    case .fanIn: parameters.fillByFanIn(architecture, &initial)
    case .uniform(let bound):
      for index in 0..<count { parameters[index] = Float(initial.uniform(from: -bound, to: bound)) }
    case .moped(let weights, _):
      precondition(weights.count == count, "\(weights.count) weights for \(count) parameters")
      for index in 0..<count { parameters[index] = weights[index] }
    }
    for index in 0..<count {
      parameters[rhoOffset + index] = Float(
        initial.uniform(from: rhoRange.lowerBound, to: rhoRange.upperBound))
    }
    if case .moped(let weights, let delta) = initialisation {
      precondition(delta > 0, "a delta of \(delta) leaves no spread")
      for index in 0..<count {
        parameters[rhoOffset + index] = Float(log(expm1(delta * Double(weights[index].magnitude)) + 1e-20))
      }
    }
    refreshSigma()
    setThreads(threads)
  }

  /// Sets the posterior means of the outputs' biases: what an untrained network's outputs are around.
  public mutating func startOutputs(at value: Double) {
    guard let last = architecture.layers.last else { return }
    for index in last.biases..<(last.biases + last.outputs) { parameters[index] = Float(value) }
  }

  /// The sizes.
  public var architecture: NetworkArchitecture { drawn.network.architecture }

  /// Optimiser steps taken.
  public var steps: Int { optimiser.steps }

  /// The posterior's means, laid out as the architecture says.
  public var means: [Float] { Array(parameters.array[..<parameterCount]) }

  /// The posterior's standard deviations.
  public var standardDeviations: [Float] { sigma.array }

  /// The weights and biases drawn last, laid out as the architecture says.
  public var drawnWeights: [Float] { drawn.weights.array }

  /// The posterior's ρs, laid out as the means.
  public var rhos: [Float] { Array(parameters.array[rhoOffset..<(rhoOffset + parameterCount)]) }

  /// Sets how many threads a step may use; no number depends on it.
  public mutating func setThreads(_ count: Int) {
    team = ThreadTeam(members: min(count, objective.weightSamples))
    scratch = FloatBuffer(count: team.members * PosteriorUpdate.scratchLength)
  }

  /// Takes one optimiser step and returns the mean over samples and rows of the data cost.
  public mutating func step(_ batch: borrowing Minibatch, klWeight: Double, learningRate: Double) -> Double {
    precondition(batch.count > 0, "a step on an empty minibatch")
    let step = optimiser.beginStep(learningRate: learningRate)
    run(batch, klWeight: klWeight, step: step)
    return samples.reduce(0) { $0 + $1.cost } / Double(objective.weightSamples * batch.count)
  }

  /// The noise of the weights that `drawWeights` draws next; exchange it to draw aside and leave later draws alone.
  public var predictionNoise: NormalStream {
    get { drawn.stream }
    set { drawn.stream = newValue }
  }

  /// Draws one set of weights from the posterior for `predict`.
  public mutating func drawWeights() {
    drawn.draw(mean: parameters.pointer, sigma: sigma.pointer)
  }

  /// The outputs of a minibatch under the weights drawn last, `[rows × outputs]`, valid until the network is used again.
  public mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float> {
    drawn.predict(batch)
  }

  /// Two rounds side by side: every sample's gradient, then the parameters' ranges.
  private mutating func run(_ batch: borrowing Minibatch, klWeight: Double, step: Optimiser.Step) {
    let team = team
    let scratch = scratch.mutablePointer
    withUnsafePointer(to: batch) { batch in
      withUpdate(klWeight: klWeight, step: step) { update in
        var job = PosteriorJob(update: update, batch: batch, members: team.members, scratch: scratch)
        withUnsafeMutablePointer(to: &job) { job in
          team.run(job) { context, member in
            context?.assumingMemoryBound(to: PosteriorJob.self).pointee.differentiate(member: Int(member))
          }
          team.run(job) { context, member in
            context?.assumingMemoryBound(to: PosteriorJob.self).pointee.update(member: Int(member))
          }
        }
      }
    }
  }

  /// Lends the memory of the parameters and samples as one update.
  mutating func withUpdate(
    klWeight: Double, step: Optimiser.Step?, _ body: (PosteriorUpdate) -> Void
  ) {
    let mean = parameters.mutablePointer
    let sigma = sigma.mutablePointer
    let logSlope = logSlope.mutablePointer
    samples.withUnsafeMutableBufferPointer { samples in
      withUnsafeTemporaryAllocation(of: SampleGradients.self, capacity: samples.count) { gradients in
        guard let first = samples.baseAddress, let firstGradients = gradients.baseAddress else { return }
        body(
          PosteriorUpdate(
            objective: objective, samples: first, gradients: firstGradients, count: parameterCount,
            mean: mean, rho: mean + rhoOffset,
            rhoOffset: rhoOffset, sigma: sigma, logSlope: logSlope, step: step, prior: objective.prior.kernel,
            klWeight: klWeight < 0x1p-24 ? 0 : Float(klWeight), kernels: kernels))
      }
    }
  }

  mutating func refreshSigma() {
    kernels.functions.pointee.softplus(
      parameterCount, parameters.pointer + rhoOffset, sigma.mutablePointer, logSlope.mutablePointer)
  }
}
