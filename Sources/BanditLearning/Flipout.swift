import BanditNumerics
import CBanditKernels

/// One perturbation of the weights for a minibatch, with random signs for every example: a layer computes
/// a μ + ((a∘s) ΔW)∘t with ΔW = σ∘ε and s, t of ±1.
///
/// An example's perturbation σ∘ε∘(s tᵀ) has the distribution of σ∘ε, and two examples' are uncorrelated.
///
/// Source: Wen, Vicol, Ba, Tran & Grosse 2018, §3.1, equation 4.
///
/// *Deviations*: the biases' perturbation is multiplied by t too. A one-hot input keeps its signs: t alone makes the
/// first layer's perturbations uncorrelated.
struct Flipout: GradientSample {
  private(set) var cost: Double = 0
  private var network: PerturbedNetwork
  private var weights: FloatBuffer
  private var perturbation: FloatBuffer
  private var byMean: FloatBuffer
  private var byLogSigma: FloatBuffer
  private var stream: NormalStream
  private var signStream: NormalStream
  private let kernels = Kernels.best

  init(_ architecture: NetworkArchitecture, capacity: Int, stream: RandomStream) {
    let empty = FloatBuffer(count: architecture.parameterCount)
    network = PerturbedNetwork(architecture, capacity: capacity, kind: .signs)
    weights = empty
    perturbation = empty
    byMean = empty
    byLogSigma = empty
    self.stream = NormalStream(stream.child("weights"))
    signStream = NormalStream(stream.child("signs"))
  }

  mutating func draw(_ posterior: PosteriorParameters, rows: Int, forKL: Bool) {
    kernels.functions.pointee.sample(
      &stream.lanes, weights.count, posterior.mean, posterior.sigma, weights.mutablePointer)
    network.drawNoise(&signStream, rows: rows)
  }

  /// The layers' signs of outputs and of dense inputs, then the noise of every parameter.
  mutating func setNoise(_ values: [Float], _ posterior: PosteriorParameters, rows: Int) {
    let left = network.setNoise(values, rows: rows)
    precondition(left.count == weights.count, "\(left.count) numbers for \(weights.count) parameters")
    for (index, value) in left.enumerated() {
      weights[index] = posterior.mean[index] + posterior.sigma[index] * value
    }
  }

  mutating func differentiate(
    _ batch: borrowing Minibatch, _ posterior: PosteriorParameters, likelihood: Likelihood
  ) {
    let functions = kernels.functions.pointee
    functions.subtract_elements(weights.count, weights.pointer, posterior.mean, perturbation.mutablePointer)
    network.takeBiases(posterior.mean)
    cost = network.forward(
      batch, mean: posterior.mean, second: perturbation.pointer, likelihood: likelihood)
    let byLogSigma = byLogSigma.mutablePointer
    network.backward(
      batch, mean: posterior.mean, second: perturbation.pointer, byMean: byMean.mutablePointer,
      bySecond: byLogSigma)
    // ΔW is proportional to σ, so d ΔW = ΔW d log σ.
    functions.multiply_elements(weights.count, byLogSigma, perturbation.pointer, byLogSigma)
  }

  var gradients: SampleGradients {
    SampleGradients(weights: weights.pointer, byMean: byMean.pointer, byLogSigma: byLogSigma.pointer)
  }
}
