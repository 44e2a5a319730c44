import Foundation

/// How the complexity cost is spread over the M minibatches of an epoch: weights πᵢ that sum to 1.
///
/// Source: Blundell et al. 2015, §3.4.
///
/// *Deviations*: `blundell` is computed as 2⁻ⁱ / (1 − 2⁻ᴹ), never through 2ᴹ, which overflows.
public enum KLWeighting: String, CaseIterable, Codable, Hashable, Sendable {
  /// πᵢ = 1/M.
  case uniform
  /// πᵢ = 2^(M−i) / (2^M − 1): the first minibatches carry nearly all of it.
  case blundell
  /// πᵢ = 2^(i−1) / (2^M − 1): the last minibatches carry nearly all of it.
  case inverse
  /// πᵢ for minibatch `index` in `0..<count` (i = index + 1, M = count).
  public func weight(_ index: Int, of count: Int) -> Double {
    precondition(count > 0 && (0..<count).contains(index), "minibatch \(index) of \(count)")
    switch self {
    case .uniform: return 1 / Double(count)
    case .blundell: return exp2(-Double(index + 1)) / (1 - exp2(-Double(count)))
    case .inverse: return exp2(Double(index) - Double(count)) / (1 - exp2(-Double(count)))
    }
  }
}

/// How the gradient of KL[posterior ‖ prior] is computed.
public enum KLForm: String, CaseIterable, Codable, Hashable, Sendable {
  /// From the drawn weights: log q(w) − log P(w). Works with every prior.
  case monteCarlo = "mc"
  /// In closed form, without sampling noise: Gaussian and Laplace priors.
  case analytic
}
