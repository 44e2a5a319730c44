/// The data of a training and what models are measured by on it: one case for each set of data.
///
/// In JSON it is an object with one key, the data's name, such as `{"regression": {…}}`.
public enum SupervisedTask: Hashable, Sendable {
  /// The report's toy regression.
  case regression(RegressionTask)
  /// Handwritten digits.
  case mnist(MNISTTask)

  /// What a model is trained on under a seed.
  ///
  /// - Throws: what reading files of data throws.
  public func training(seed: UInt64, images: ImageLibrary = ImageLibrary()) throws -> Examples {
    switch self {
    case .regression(let task): task.training(seed: seed)
    case .mnist(let task): try images.examples(task).training
    }
  }

  /// What a model is measured by while it trains.
  ///
  /// - Throws: what reading files of data throws.
  func evaluation(seed: UInt64, images: ImageLibrary = ImageLibrary()) throws -> Evaluation {
    switch self {
    case .regression(let task): task.evaluation(seed: seed)
    case .mnist(let task): task.evaluation(try images.examples(task))
    }
  }
}

extension SupervisedTask: Codable {
  private enum CodingKeys: String, CodingKey { case regression, mnist }

  /// Reads the one key and its settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let task = try container.decodeIfPresent(MNISTTask.self, forKey: .mnist) {
      self = .mnist(task)
    } else {
      self = .regression(try container.decode(RegressionTask.self, forKey: .regression))
    }
  }

  /// Writes the one key and its settings.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .regression(let task): try container.encode(task, forKey: .regression)
    case .mnist(let task): try container.encode(task, forKey: .mnist)
    }
  }
}
