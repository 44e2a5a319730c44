public import BanditLearning
import BanditNumerics

/// What a network of point estimates is trained with beside its cost and its penalty on squares.
public struct PointTraining: Codable, Hashable, Sendable {
  /// Inputs that are moved to where the cost is higher.
  public struct Adversary: Codable, Hashable, Sendable {
    /// How they are moved.
    public var method: AdversarialTraining.Method
    /// How far, a radius for each column.
    public var radii: [Float]

    /// Creates an adversary.
    public init(_ method: AdversarialTraining.Method, radii: [Float]) {
      self.method = method
      self.radii = radii
    }
  }

  /// The standard deviation of all weights and biases at the start; nil for U(±1/√inputs).
  public var initialScale: Double?
  /// A penalty on the parameters' norm, not squared.
  public var normPenalty = 0.0
  /// Whether Adam's correction is that of the first step throughout.
  public var freezesCorrection = false
  /// Whom to train against; nil for nobody.
  public var adversary: Adversary?

  /// Nothing.
  public init() {}

  /// What is wrong with settings from a file; nil where nothing is.
  package func fault(inputs: Int) -> String? {
    if let initialScale, !(0...1e3).contains(initialScale) {
      return "its start has the scale \(initialScale)"
    }
    if !(0...1e6).contains(normPenalty) { return "its norm's penalty is \(normPenalty)" }
    if let radii = adversary?.radii {
      if radii.count != inputs { return "\(radii.count) of its inputs are moved" }
      if !radii.allSatisfy({ (0...1e6).contains($0) }) { return "its inputs are moved by \(radii)" }
    }
    return nil
  }
}
