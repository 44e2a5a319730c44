public import BanditCore
import BanditLearning

/// The kinds of fully connected networks that the experiments on MNIST train.
public enum MNISTModel: String, SettingChoice {
  /// A Bayesian network with a Gaussian prior.
  case gaussian = "bnn-gaussian"
  /// A Bayesian network with a mixture of two Gaussians as its prior.
  case mixture = "bnn-mixture"
  /// A Bayesian network with a Laplace prior.
  case laplace = "bnn-laplace"
  /// A network with fixed weights.
  case network = "dnn"
  /// A network with fixed weights, trained with dropout.
  case dropout = "dropout"

  /// What tables and legends call it.
  var title: String {
    switch self {
    case .gaussian: "BNN, Gaussian prior"
    case .mixture: "BNN, mixture prior"
    case .laplace: "BNN, Laplace prior"
    case .network: "DNN"
    case .dropout: "DNN, dropout"
    }
  }

  /// The published test errors in percent at a number of units a layer: the report's and Blundell's, of table 3.
  ///
  /// The report prints Blundell's 2.04 as 2.02, and its own dropout networks of 400 and 1,200 units the wrong way
  /// round; both are as printed.
  func published(units: Int) -> (report: Double, blundell: Double)? {
    let rows: [MNISTModel: [Int: (Double, Double)]] = [
      .gaussian: [400: (1.31, 1.82), 800: (1.19, 1.99), 1_200: (1.35, 2.02)],
      .mixture: [400: (1.42, 1.36), 800: (1.42, 1.34), 1_200: (1.45, 1.32)],
      .network: [400: (1.95, 1.83), 800: (1.68, 1.84), 1_200: (1.83, 1.88)],
      .dropout: [400: (1.27, 1.51), 800: (1.41, 1.33), 1_200: (1.37, 1.36)],
    ]
    return rows[self]?[units]
  }
}

/// Settings whose choices are those of another module's type.
enum ChoiceText {
  /// The value that a text names.
  static func read<T: CaseIterable & RawRepresentable<String>>(
    _ text: String, key: String
  ) throws(ConfigurationError) -> T {
    guard let value = T(rawValue: text) else {
      throw .unknown(key, text, among: T.allCases.map(\.rawValue))
    }
    return value
  }
}
