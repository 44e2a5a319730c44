/// The data of a training and what models are measured by on it: one case for each set of data.
///
/// In JSON it is an object with one key, the data's name, such as `{"regression": {…}}`.
public enum SupervisedTask: Hashable, Sendable {
  /// The report's toy regression.
  case regression(RegressionTask)
  /// Three spiral arms.
  case spiral(SpiralTask)
  /// A noisy cubic.
  case cubic(CubicTask)
  /// Handwritten digits.
  case mnist(MNISTTask)

  /// What a model is trained on under a seed.
  ///
  /// - Throws: what reading files of data throws.
  public func training(seed: UInt64, images: ImageLibrary = ImageLibrary()) throws -> Examples {
    switch self {
    case .regression(let task): task.training(seed: seed)
    case .spiral(let task): task.training(seed: seed)
    case .cubic(let task): task.training(seed: seed)
    case .mnist(let task): try images.examples(task).training
    }
  }

  /// What a model is measured by while it trains.
  ///
  /// - Throws: what reading files of data throws.
  package func evaluation(seed: UInt64, images: ImageLibrary = ImageLibrary()) throws -> Evaluation {
    switch self {
    case .regression(let task): task.evaluation(seed: seed)
    case .spiral(let task): task.evaluation(seed: seed)
    case .cubic: Evaluation([]) { _, _ in [] }  // the cost says it all
    case .mnist(let task): task.evaluation(try images.examples(task))
    }
  }
}

extension SupervisedTask: Codable {
  private enum CodingKeys: String, CodingKey { case regression, spiral, cubic, mnist }

  /// Reads the one key and its settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch container.allKeys.first {
    case .spiral: self = .spiral(try container.decode(SpiralTask.self, forKey: .spiral))
    case .cubic: self = .cubic(try container.decode(CubicTask.self, forKey: .cubic))
    case .mnist: self = .mnist(try container.decode(MNISTTask.self, forKey: .mnist))
    default: self = .regression(try container.decode(RegressionTask.self, forKey: .regression))
    }
  }

  /// Writes the one key and its settings.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .regression(let task): try container.encode(task, forKey: .regression)
    case .spiral(let task): try container.encode(task, forKey: .spiral)
    case .cubic(let task): try container.encode(task, forKey: .cubic)
    case .mnist(let task): try container.encode(task, forKey: .mnist)
    }
  }
}
