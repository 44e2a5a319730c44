import BanditNumerics
import CBanditKernels

/// Noise on pre-activations instead of weights: γ + √δ ζ with γ = a μ, δ = a² σ² and ζ ~ N(0, 1) for every example
/// and unit.
///
/// Its gradient has the mean of weight sampling's and, where examples of a minibatch share weights, a smaller
/// variance: their noise is independent.
///
/// Source: Kingma, Salimans & Welling 2015, §2.2, equations 6 and 7; the report, §2.5.
///
/// *Deviations*: `folded` bias noise is part of δ, so that δ = a² σ_W² + σ_b² stays positive for an input of zeros;
/// 10⁻¹² is added under the root. `shared` follows the report's code, with one draw of the biases for the minibatch
/// and 10⁻³² under the root of the weights' part. A KL without a closed form is estimated from a draw of the weights
/// that is used for nothing else.
struct LocalReparameterisation: GradientSample {
  private(set) var cost: Double = 0
  private let biasNoise: BiasNoise
  private var network: PerturbedNetwork
  private var variances: FloatBuffer
  private var byMean: FloatBuffer
  private var byLogSigma: FloatBuffer
  /// Normal numbers for `shared` biases.
  private var sharedNoise: FloatBuffer
  /// Weights for the KL alone.
  private var weights: FloatBuffer
  private var stream: NormalStream
  private var weightStream: NormalStream
  private let kernels = Kernels.best

  init(
    _ architecture: NetworkArchitecture, capacity: Int, objective: BayesianNetwork.Objective,
    stream: RandomStream
  ) {
    let count = architecture.parameterCount
    biasNoise = objective.biasNoise
    network = PerturbedNetwork(
      architecture, capacity: capacity, kind: .gaussian(floor: biasNoise == .folded ? 1e-12 : 1e-32))
    variances = FloatBuffer(count: count)
    byMean = FloatBuffer(count: count)
    byLogSigma = FloatBuffer(count: count)
    sharedNoise = FloatBuffer(count: biasNoise == .shared ? network.biasCount : 0)
    weights = FloatBuffer(count: objective.klForm == .monteCarlo ? count : 0)
    self.stream = NormalStream(stream.child("activations"))
    weightStream = NormalStream(stream.child("weights"))
  }

  var generators: [NormalStream] {
    get { [stream, weightStream] }
    set { (stream, weightStream) = (newValue[0], newValue[1]) }
  }

  mutating func draw(_ posterior: PosteriorParameters, rows: Int, forKL: Bool) {
    network.drawNoise(&stream, rows: rows)
    stream.fill(sharedNoise.mutablePointer, count: sharedNoise.count)
    guard forKL else { return }
    kernels.functions.pointee.sample(
      &weightStream.lanes, weights.count, posterior.mean, posterior.sigma, weights.mutablePointer)
  }

  /// The layers' `[rows × outputs]`, the biases' if they are shared, the weights' if the KL is sampled.
  mutating func setNoise(_ values: [Float], _ posterior: PosteriorParameters, rows: Int) {
    var left = network.setNoise(values, rows: rows)
    for index in 0..<sharedNoise.count { sharedNoise[index] = left.removeFirst() }
    for index in 0..<weights.count {
      weights[index] = posterior.mean[index] + posterior.sigma[index] * left.removeFirst()
    }
    precondition(left.isEmpty, "\(left.count) numbers too many")
  }

  mutating func differentiate(
    _ batch: borrowing Minibatch, _ posterior: PosteriorParameters, likelihood: Likelihood
  ) {
    let functions = kernels.functions.pointee
    let byMean = byMean.mutablePointer
    let byLogSigma = byLogSigma.mutablePointer
    functions.multiply_elements(variances.count, posterior.sigma, posterior.sigma, variances.mutablePointer)
    network.takeBiases(posterior.mean)
    if biasNoise == .shared { shareBiases(posterior) }
    cost = network.forward(batch, mean: posterior.mean, second: variances.pointer, likelihood: likelihood)
    network.backward(
      batch, mean: posterior.mean, second: variances.pointer, byMean: byMean, bySecond: byLogSigma)
    // dσ² = 2 σ² d log σ, whose 2 the slopes hold.
    functions.multiply_elements(variances.count, byLogSigma, variances.pointer, byLogSigma)
    guard biasNoise == .shared else { return }
    let shared = sharedNoise.pointer
    network.withBiases { layer, _, start in
      let byLogSigma = byLogSigma + layer.biases
      functions.multiply_elements(layer.outputs, byMean + layer.biases, shared + start, byLogSigma)
      functions.multiply_elements(layer.outputs, byLogSigma, posterior.sigma + layer.biases, byLogSigma)
    }
  }

  /// Moves the drawn biases' noise from the variances to the biases themselves.
  private mutating func shareBiases(_ posterior: PosteriorParameters) {
    let functions = kernels.functions.pointee
    let shared = sharedNoise.pointer
    let variances = variances.mutablePointer
    network.withBiases { layer, biases, start in
      functions.add_products(layer.outputs, false, posterior.sigma + layer.biases, shared + start, biases)
      (variances + layer.biases).update(repeating: 0, count: layer.outputs)
    }
  }

  var gradients: SampleGradients {
    SampleGradients(weights: weights.pointer, byMean: byMean.pointer, byLogSigma: byLogSigma.pointer)
  }
}
