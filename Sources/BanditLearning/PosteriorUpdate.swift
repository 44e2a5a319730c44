import BanditNumerics
import CBanditKernels

/// One weight sample: its weights, the memory of its passes and the gradient they give.
struct WeightSample: Sendable {
  /// The data cost of the last minibatch, summed over rows.
  private(set) var cost: Double = 0
  private(set) var weights: FloatBuffer
  private(set) var gradient: FloatBuffer
  var network: DenseNetwork
  var stream: NormalStream
  let kernels = Kernels.best

  init(_ architecture: NetworkArchitecture, capacity: Int, stream: RandomStream) {
    weights = FloatBuffer(count: architecture.parameterCount)
    gradient = FloatBuffer(count: architecture.parameterCount)
    network = DenseNetwork(architecture, capacity: capacity)
    self.stream = NormalStream(stream)
  }

  /// Draws w = μ + σ ε.
  mutating func draw(mean: UnsafePointer<Float>, sigma: UnsafePointer<Float>) {
    kernels.functions.pointee.sample(
      &stream.lanes, weights.count, mean, sigma, weights.mutablePointer)
  }

  /// The outputs of a minibatch under these weights.
  mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float> {
    network.forward(batch, parameters: weights.pointer)
    return network.outputs
  }

  /// Computes the data cost of a minibatch under these weights and its gradient by them.
  mutating func differentiate(_ batch: borrowing Minibatch, likelihood: Likelihood) {
    network.forward(batch, parameters: weights.pointer)
    cost = likelihood.cost(batch, outputs: network.outputs, scale: 1, deltas: network.outputDeltas)
    network.backward(batch, parameters: weights.pointer, gradient: gradient.mutablePointer)
  }

  /// Takes given noise instead of drawing; for tests.
  mutating func setNoise(_ values: [Float], mean: UnsafePointer<Float>, sigma: UnsafePointer<Float>) {
    for index in 0..<weights.count { weights[index] = mean[index] + sigma[index] * values[index] }
  }
}

/// The step from the samples' gradients to new parameters, range by range, so that memory is touched once.
///
/// Source: Blundell et al. 2015, §3.2: Δμ = mean of (g + π p), Δρ = (mean of (g + π p) ε) s − π s/σ, where g is the
/// gradient of the data cost, p = −∂ log P/∂w, s = ∂σ/∂ρ and π the KL's weight. ε is computed again as (w − μ)/σ: the noise
/// of the weights as they were rounded, with no memory of its own.
struct PosteriorUpdate {
  let objective: BayesianNetwork.Objective
  let samples: UnsafeMutablePointer<any GradientSample>
  /// One a sample; memory that no reference counting guards.
  let gradients: UnsafeMutablePointer<SampleGradients>
  let count: Int
  let mean: UnsafeMutablePointer<Float>
  let rho: UnsafeMutablePointer<Float>
  /// Where ρ's moments start in the optimiser.
  let rhoOffset: Int
  let sigma: UnsafeMutablePointer<Float>
  /// d log σ / dρ.
  let logSlope: UnsafeMutablePointer<Float>
  /// The optimiser's step; nil where only gradients are wanted.
  let step: Optimiser.Step?
  let prior: bandit_prior
  /// π; below 2⁻²⁴ it is beyond the reach of single precision beside the epoch's other weights, and counts as 0.
  let klWeight: Float
  let kernels: Kernels

  /// Parameters taken at a time: what a step reads and writes of them fits the first-level cache.
  static let rangeLength = 1_024
  /// Floats that a member needs for the gradients of a range.
  static let scratchLength = 2 * rangeLength

  /// Moves every range whose number leaves `member` when divided by `members`, with `scratchLength` floats to use.
  func run(member: Int, of members: Int, scratch: UnsafeMutablePointer<Float>) {
    let byMean = scratch
    let byRho = scratch + Self.rangeLength
    for start in stride(from: member * Self.rangeLength, to: count, by: members * Self.rangeLength) {
      let length = min(Self.rangeLength, count - start)
      computeGradient(start, count: length, byMean: byMean, byRho: byRho)
      step?.move(start, count: length, mean + start, gradient: byMean)
      step?.move(rhoOffset + start, count: length, rho + start, gradient: byRho)
      kernels.functions.pointee.softplus(length, rho + start, sigma + start, logSlope + start)
    }
  }

  /// The weight of a KL that is estimated from drawn weights.
  var sampledWeight: Float { objective.klForm == .monteCarlo ? klWeight : 0 }

  /// The posterior as the samples see it.
  var posterior: PosteriorParameters { PosteriorParameters(mean: mean, sigma: sigma) }

  /// Takes note of where a sample's gradients are, once it has been differentiated.
  func noteGradients(_ index: Int) { gradients[index] = samples[index].gradients }

  /// Writes the gradient by the means and ρs from `start` on.
  func computeGradient(
    _ start: Int, count: Int, byMean: UnsafeMutablePointer<Float>, byRho: UnsafeMutablePointer<Float>
  ) {
    let sampled = sampledWeight
    for index in 0..<objective.weightSamples {
      add(gradients[index], start, count, klWeight: sampled, first: index == 0, byMean: byMean, byRho: byRho)
    }
    kernels.functions.pointee.finish(
      count, 1 / Float(objective.weightSamples), klWeight, logSlope + start, byMean, byRho)
    if objective.klForm == .analytic && klWeight > 0 {
      kernels.functions.pointee.closed_form(
        count, prior, klWeight, mean + start, sigma + start, logSlope + start, byMean, byRho)
    }
  }
}

extension PosteriorUpdate {
  /// Adds a sample's gradient of data cost + klWeight·(−log P(w)) by μ and by log σ; the `first` one is stored.
  private func add(
    _ sample: SampleGradients, _ start: Int, _ count: Int, klWeight: Float, first: Bool,
    byMean: UnsafeMutablePointer<Float>, byRho: UnsafeMutablePointer<Float>
  ) {
    if let byLogSigma = sample.byLogSigma {
      kernels.functions.pointee.accumulate_pair(
        count, prior, klWeight, first, sample.byMean + start, byLogSigma + start, sample.weights + start,
        mean + start, byMean, byRho)
    } else {
      kernels.functions.pointee.accumulate(
        count, prior, klWeight, first, sample.byMean + start, sample.weights + start, mean + start, byMean,
        byRho)
    }
  }
}

/// What a team's threads share during one step.
struct PosteriorJob {
  let update: PosteriorUpdate
  let batch: UnsafePointer<Minibatch>
  let members: Int
  /// `scratchLength` floats a member.
  let scratch: UnsafeMutablePointer<Float>

  /// Draws and differentiates this member's share of the samples.
  func differentiate(member: Int) {
    for index in stride(from: member, to: update.objective.weightSamples, by: members) {
      update.samples[index].draw(
        update.posterior, rows: batch.pointee.count, forKL: update.sampledWeight > 0)
      update.samples[index].differentiate(
        batch.pointee, update.posterior, likelihood: update.objective.likelihood)
      update.noteGradients(index)
    }
  }

  /// Moves this member's share of the parameters.
  func update(member: Int) {
    update.run(member: member, of: members, scratch: scratch + member * PosteriorUpdate.scratchLength)
  }
}
