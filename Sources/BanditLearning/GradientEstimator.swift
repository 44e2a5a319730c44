import BanditNumerics
import CBanditKernels

/// How a Bayesian network estimates the gradient of its data cost by the posterior's parameters.
///
/// All three are unbiased for the same objective and the same Gaussian posterior; they differ in noise and time.
/// Predictions are always made with weights drawn from the posterior, one set for all rows.
public enum GradientEstimator: String, CaseIterable, Codable, Hashable, Sendable {
  /// One set of weights for the whole minibatch (Blundell et al. 2015).
  case weightSampling
  /// Noise on the pre-activations, for every example by itself (Kingma et al. 2015).
  case localReparameterisation
  /// One perturbation of the weights, with random signs for every example (Wen et al. 2018).
  case flipout
}

/// How `localReparameterisation` treats the noise of biases.
public enum BiasNoise: String, CaseIterable, Codable, Hashable, Sendable {
  /// The biases' variance is part of every example's own noise.
  case folded
  /// One draw of the biases serves the whole minibatch, as in the report's code.
  case shared
}

/// The posterior's means and standard deviations, valid while a step runs.
struct PosteriorParameters {
  let mean: UnsafePointer<Float>
  let sigma: UnsafePointer<Float>
}

/// The memory of one sample's weights and gradients, valid until the sample is used again.
struct SampleGradients {
  /// The drawn weights; not read where the KL is not estimated from them.
  let weights: UnsafePointer<Float>
  /// The data cost's gradient by the means μ.
  let byMean: UnsafePointer<Float>
  /// Its gradient by log σ; nil where that is byMean·(w − μ).
  let byLogSigma: UnsafePointer<Float>?
}

/// One sample of an estimator: its noise, the memory of its passes and the gradient they give.
protocol GradientSample: Sendable {
  /// The data cost of the last minibatch, summed over rows.
  var cost: Double { get }
  /// Draws noise for a minibatch of `rows`; and weights, if the KL is to be estimated from them.
  mutating func draw(_ posterior: PosteriorParameters, rows: Int, forKL: Bool)
  /// Takes given noise, in the order that the type states, instead of drawing; for tests.
  mutating func setNoise(_ values: [Float], _ posterior: PosteriorParameters, rows: Int)
  /// Computes the data cost of a minibatch under the noise and its gradient.
  mutating func differentiate(
    _ batch: borrowing Minibatch, _ posterior: PosteriorParameters, likelihood: Likelihood)
  /// What the last `differentiate` gave.
  var gradients: SampleGradients { get }
  /// The generators of its noise, always as many.
  var generators: [NormalStream] { get set }
}

extension WeightSample: GradientSample {
  var generators: [NormalStream] {
    get { [stream] }
    set { stream = newValue[0] }
  }

  mutating func draw(_ posterior: PosteriorParameters, rows: Int, forKL: Bool) {
    draw(mean: posterior.mean, sigma: posterior.sigma)
  }

  /// The noise of every parameter.
  mutating func setNoise(_ values: [Float], _ posterior: PosteriorParameters, rows: Int) {
    setNoise(values, mean: posterior.mean, sigma: posterior.sigma)
  }

  mutating func differentiate(
    _ batch: borrowing Minibatch, _ posterior: PosteriorParameters, likelihood: Likelihood
  ) {
    differentiate(batch, likelihood: likelihood)
  }

  var gradients: SampleGradients {
    SampleGradients(weights: weights.pointer, byMean: gradient.pointer, byLogSigma: nil)
  }
}

extension BayesianNetwork.Objective {
  /// One sample of the estimator; `stream` is its own.
  func makeSample(_ architecture: NetworkArchitecture, capacity: Int, stream: RandomStream)
    -> any GradientSample
  {
    switch estimator {
    case .weightSampling: WeightSample(architecture, capacity: capacity, stream: stream)
    case .localReparameterisation:
      LocalReparameterisation(architecture, capacity: capacity, objective: self, stream: stream)
    case .flipout: Flipout(architecture, capacity: capacity, stream: stream)
    }
  }
}
