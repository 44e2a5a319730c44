/// The data of a training and what models are measured by on it: one case for each set of data.
///
/// In JSON it is an object with one key, the data's name, such as `{"regression": {…}}`.
public enum SupervisedTask: Hashable, Sendable {
  /// The report's toy regression.
  case regression(RegressionTask)

  /// What a model is trained on under a seed.
  ///
  /// - Throws: what reading files of data throws.
  public func training(seed: UInt64) throws -> Examples {
    switch self {
    case .regression(let task): task.training(seed: seed)
    }
  }

  /// What a model is measured by while it trains.
  ///
  /// - Throws: what reading files of data throws.
  func evaluation(seed: UInt64) throws -> Evaluation {
    switch self {
    case .regression(let task): task.evaluation(seed: seed)
    }
  }
}

extension SupervisedTask: Codable {
  private enum CodingKeys: String, CodingKey { case regression }

  /// Reads the one key and its settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self = .regression(try container.decode(RegressionTask.self, forKey: .regression))
  }

  /// Writes the one key and its settings.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .regression(let task): try container.encode(task, forKey: .regression)
    }
  }
}
