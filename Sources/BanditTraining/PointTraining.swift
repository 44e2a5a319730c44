public import BanditCore
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
  /// The adversary to train against; nil for none.
  public var adversary: Adversary?
  /// Settings that an experiment prepares its models by, beside the others in files; they mean nothing elsewhere.
  ///
  /// Numbers are as JSON has them: whole ones are integers.
  public var others: [String: SettingValue] = [:]

  /// Nothing.
  public init() {}

  /// What is wrong with settings from a file; nil where nothing is.
  package func fault(inputs: Int) -> String? {
    if let initialScale, !(0...1e3).contains(initialScale) {
      return "its start has the scale \(initialScale)"
    }
    if let radii = adversary?.radii {
      if radii.count != inputs { return "\(radii.count) of its inputs are moved" }
      if !radii.allSatisfy({ (0...1e6).contains($0) }) { return "its inputs are moved by \(radii)" }
    }
    return nil
  }
}

extension PointTraining {
  /// The settings without the others.
  private struct Own: Codable {
    var initialScale: Double?
    var adversary: Adversary?

    enum CodingKeys: String, CodingKey {
      case initialScale, adversary
    }
  }

  /// Reads settings; those that are not known here are the others.
  public init(from decoder: any Decoder) throws {
    let own = try Own(from: decoder)
    (initialScale, adversary) = (own.initialScale, own.adversary)
    others = try [String: SettingValue](from: decoder).filter { Own.CodingKeys(stringValue: $0.key) == nil }
  }

  /// Writes all settings on one level.
  public func encode(to encoder: any Encoder) throws {
    try others.encode(to: encoder)
    try Own(initialScale: initialScale, adversary: adversary).encode(to: encoder)
  }
}
