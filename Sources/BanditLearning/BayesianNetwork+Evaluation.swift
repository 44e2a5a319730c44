import BanditNumerics
import CBanditKernels
import Foundation

/// The parts of the objective, computed without a step.
extension BayesianNetwork {
  /// The mean over rows of the data cost under the weights drawn last, in nats where the likelihood is.
  ///
  /// A full epoch's free energy, −ELBO, is the KL plus the sum over minibatches of this times their rows; average
  /// over draws of the weights.
  public mutating func cost(_ batch: borrowing Minibatch) -> Double {
    precondition(batch.count > 0, "the cost of an empty minibatch")
    return drawn.measure(batch, likelihood: objective.likelihood) / Double(batch.count)
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

  /// log q(w) − log P(w) in nats at the weights w drawn last, before the next step: an unbiased estimate of the KL
  /// for any prior.
  public var sampledKL: Double {
    var total: Double = 0
    let halfLogTwoPi = 0.5 * log(2 * .pi)
    for index in 0..<parameterCount {
      let weight = Double(drawn.weights[index])
      let deviation = (weight - Double(parameters[index])) / Double(sigma[index])
      total -= 0.5 * deviation * deviation + log(Double(sigma[index])) + halfLogTwoPi
      total -= objective.prior.logDensity(weight)
    }
    return total
  }

  /// The gradient that a step would follow, under fresh noise, and the mean data cost; nothing moves.
  ///
  /// The noise is the training's own: the next step draws on.
  public mutating func drawGradient(
    _ batch: borrowing Minibatch, klWeight: Double
  ) -> (means: [Float], rhos: [Float], cost: Double) {
    precondition(batch.count > 0, "a gradient of an empty minibatch")
    let posterior = PosteriorParameters(mean: parameters.pointer, sigma: sigma.pointer)
    let forKL = objective.klForm == .monteCarlo && klWeight >= 0x1p-24
    for index in samples.indices { samples[index].draw(posterior, rows: batch.count, forKL: forKL) }
    return collectGradient(batch, klWeight: klWeight)
  }

  /// The gradient under given noise, a list a sample in the order that the estimator states; for tests.
  package mutating func gradient(
    _ batch: borrowing Minibatch, klWeight: Double, noise: [[Float]]
  ) -> (means: [Float], rhos: [Float], cost: Double) {
    precondition(noise.count == objective.weightSamples, "noise for each weight sample")
    let posterior = PosteriorParameters(mean: parameters.pointer, sigma: sigma.pointer)
    for (index, values) in noise.enumerated() {
      samples[index].setNoise(values, posterior, rows: batch.count)
    }
    return collectGradient(batch, klWeight: klWeight)
  }

  /// Differentiates every sample under its noise and joins their gradients.
  private mutating func collectGradient(
    _ batch: borrowing Minibatch, klWeight: Double
  ) -> (means: [Float], rhos: [Float], cost: Double) {
    let posterior = PosteriorParameters(mean: parameters.pointer, sigma: sigma.pointer)
    for index in samples.indices {
      samples[index].differentiate(batch, posterior, likelihood: objective.likelihood)
    }
    let cost = samples.reduce(0) { $0 + $1.cost } / Double(samples.count * batch.count)
    let count = parameterCount
    var byMean = FloatBuffer(count: count)
    var byRho = FloatBuffer(count: count)
    withUpdate(klWeight: klWeight, step: nil) { update in
      for index in 0..<update.objective.weightSamples { update.noteGradients(index) }
      update.computeGradient(0, count: count, byMean: byMean.mutablePointer, byRho: byRho.mutablePointer)
    }
    return (byMean.array, byRho.array, cost)
  }

  /// Replaces the posterior's parameters, for tests.
  package mutating func setParameters(means: [Float], rhos: [Float]) {
    precondition(means.count == parameterCount && rhos.count == parameterCount, "a value for each parameter")
    for index in 0..<parameterCount {
      parameters[index] = means[index]
      parameters[rhoOffset + index] = rhos[index]
    }
    refreshSigma()
  }
}

extension WeightSample {
  /// The summed cost of a minibatch under these weights, without its gradient.
  mutating func measure(_ batch: borrowing Minibatch, likelihood: Likelihood) -> Double {
    network.forward(batch, parameters: weights.pointer)
    return likelihood.cost(batch, outputs: network.outputs, scale: 1, deltas: network.outputDeltas)
  }
}
