import BanditNumerics
import CBanditKernels
import Foundation

/// Which rule turns gradients into steps.
public enum OptimiserKind: String, CaseIterable, Codable, Hashable, Sendable {
  /// Gradient descent with momentum.
  case sgd
  /// Adam.
  case adam
  /// Adam with decoupled weight decay.
  case adamw
}

/// Gradient descent on one flat parameter vector: SGD with momentum, Adam or AdamW.
///
/// Sources: Kingma & Ba 2015, algorithm 1 (Adam; β₁ 0.9, β₂ 0.999, ε 10⁻⁸); Loshchilov & Hutter 2019, algorithm 2
/// (AdamW); Sutskever et al. 2013 (momentum).
///
/// *Deviations*: momentum has PyTorch's form, v ← momentum·v + g, w ← w − rate·v, where the paper scales the
/// gradient by the rate before it enters v: the two differ while the rate changes. AdamW's decay is multiplied by
/// the learning rate in use, as PyTorch has it.
public struct Optimiser: Sendable {
  /// The rule.
  public let kind: OptimiserKind
  /// What the velocity keeps a step; SGD alone.
  public let momentum: Double
  /// How much of a parameter a step at rate 1 takes away; AdamW alone.
  public let weightDecay: Double
  /// Steps taken.
  public private(set) var steps = 0

  var firstMoment: FloatBuffer
  var secondMoment: FloatBuffer
  private var beta1Power = 1.0
  private var beta2Power = 1.0
  private let kernels = Kernels.best

  private static let beta1 = 0.9
  private static let beta2 = 0.999
  private static let epsilon = 1e-8

  /// Creates an optimiser for `count` parameters, its moments zero.
  public init(
    _ kind: OptimiserKind, count: Int, momentum: Double = 0, weightDecay: Double = 0
  ) {
    self.kind = kind
    self.momentum = momentum
    self.weightDecay = weightDecay
    firstMoment = FloatBuffer(count: count)
    secondMoment = FloatBuffer(count: kind == .sgd ? 0 : count)
  }

  /// Moves all parameters one step down the gradient.
  public mutating func step(
    _ parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, learningRate: Double
  ) {
    let step = beginStep(learningRate: learningRate)
    step.move(0, count: firstMoment.count, parameters, gradient: gradient)
  }

  /// Continues as after `count` steps.
  mutating func setSteps(_ count: Int) {
    steps = count
    beta1Power = Self.power(Self.beta1, count)
    beta2Power = Self.power(Self.beta2, count)
  }

  /// Takes the bias out of Adam's moments as if the next step were the first; moments and `steps` stay.
  public mutating func restartCorrection() {
    beta1Power = 1
    beta2Power = 1
  }

  /// base^count as that many steps multiply it, which rounds otherwise than `pow`; it ends at the least number.
  private static func power(_ base: Double, _ count: Int) -> Double {
    var power = 1.0
    for _ in 0..<count {
      let next = power * base
      if next == power { break }
      power = next
    }
    return power
  }

  /// Counts a step and fixes what all its parameters share; the step then moves them range by range.
  mutating func beginStep(learningRate: Double) -> Step {
    steps += 1
    beta1Power *= Self.beta1
    beta2Power *= Self.beta2
    let adam = bandit_adam(
      learning_rate: Float(learningRate / (1 - beta1Power)), beta2: Float(Self.beta2),
      gain1: Float(1 - Self.beta1),
      gain2: Float(1 - Self.beta2),
      second_scale: Float(1 / (1 - beta2Power).squareRoot()), epsilon: Float(Self.epsilon),
      decay: kind == .adamw ? Float(1 - learningRate * weightDecay) : 1)
    return Step(
      kind: kind, adam: adam, learningRate: Float(learningRate), momentum: Float(momentum),
      firstMoment: firstMoment.mutablePointer, secondMoment: secondMoment.mutablePointer, kernels: kernels)
  }

  /// One step of an optimiser; valid until the optimiser is used again.
  struct Step {
    fileprivate let kind: OptimiserKind
    fileprivate let adam: bandit_adam
    fileprivate let learningRate: Float
    fileprivate let momentum: Float
    fileprivate let firstMoment: UnsafeMutablePointer<Float>
    fileprivate let secondMoment: UnsafeMutablePointer<Float>
    fileprivate let kernels: Kernels

    /// Moves `count` parameters, whose moments start at `position`; ranges may move side by side.
    func move(
      _ position: Int, count: Int, _ parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>
    ) {
      if kind == .sgd {
        kernels.functions.pointee.momentum(
          count, learningRate, momentum, gradient, parameters, firstMoment + position)
      } else {
        kernels.functions.pointee.adam(
          count, adam, gradient, parameters, firstMoment + position, secondMoment + position)
      }
    }
  }
}
