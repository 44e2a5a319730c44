public import BanditCore
import BanditData
package import BanditLearning

/// How a pixel's byte becomes a network's input.
public enum PixelScale: String, SettingChoice {
  /// byte/255, from 0 to 1: the replicated report's.
  case by255 = "255"
  /// byte/126, from 0 to 2.02: Blundell et al. 2015, §5.1.
  case by126 = "126"
  /// (byte/255 − 0.1307)/0.3081: mean 0 and variance 1 over the training pixels.
  case standard

  /// The input for a brightness from 0 to 1.
  public func input(_ brightness: Float) -> Float {
    switch self {
    case .by255: brightness
    case .by126: brightness * (255 / 126)
    case .standard: (brightness - 0.1307) / 0.3081
    }
  }
}

/// MNIST as a task: which images are trained on, and what models are measured by.
///
/// Source: Blundell et al. 2015, §5.1: 50,000 images to train with, 10,000 to validate, 10,000 to test.
///
/// *Deviations*: the replicated report trains on all 60,000 and watches the test images (`validationImages` 0).
public struct MNISTTask: Codable, Hashable, Sendable {
  /// How pixels become inputs.
  public var pixelScale = PixelScale.by255
  /// How many of the training images, the last ones, are kept for validation.
  public var validationImages = 10_000
  /// Draws of the weights for an evaluation during training.
  public var evaluationDraws = 10

  /// The recommended split.
  public init() {}

  /// Numbers an input.
  package static let inputs = MNISTData.pixelCount
  /// The cost of the data.
  package static let likelihood = Likelihood.softmaxCrossEntropy(classes: MNISTData.classCount)

  /// `error`, the share of wrong predictions, and `nll`, in nats an image, of the mean of `evaluationDraws`
  /// predictions: on the validation images, where there are any, and on the test images.
  package func evaluation(_ data: MNISTExamples) -> Evaluation {
    var sets = [(name: "test", examples: data.test)]
    if let validation = data.validation { sets.insert((name: "validation", examples: validation), at: 0) }
    let draws = evaluationDraws
    return Evaluation(sets.flatMap { ["\($0.name)_error", "\($0.name)_nll"] }) { [sets] model, batch in
      sets.flatMap { set in
        let score = model.score(
          set.examples, draws: model is BayesianModel ? draws : 1, batch: &batch)
        return [1 - score.accuracy, score.negativeLogLikelihood]
      }
    }
  }
}

extension SupervisedModel {
  /// The score of the mean of `draws` predictions of digits.
  package mutating func score(_ examples: Examples, draws: Int, batch: inout Minibatch) -> ClassScore {
    var predictions = ClassPredictions(points: examples.count, classes: MNISTData.classCount)
    predict(examples, draws: draws, batch: &batch, into: &predictions)
    return ClassScore(predictions, labels: examples.targets)
  }
}

/// The images of a task.
package struct MNISTExamples: Sendable {
  package let training: Examples
  /// Nil where none are kept for validation.
  package let validation: Examples?
  package let test: Examples
}
