import BanditTraining
import BanditLearning
import BanditNumerics

/// The derivatives that attacks on a network follow: those of its margin by the brightness of pixels.
///
/// The margin is the largest logit of a wrong class less that of the right one; of a Bayesian network, its mean over
/// draws of the weights that are new each time. Brightness is from 0 to 1, whatever the scale of a network's inputs;
/// derivatives by the inputs themselves have the same signs.
struct MarginDerivatives {
  private var model: any SupervisedModel
  private let scale: PixelScale
  private let draws: Int
  private var batch: Minibatch
  private var gradient: FloatBuffer

  /// Takes a network and a stream for its draws, for at most `capacity` images of `columns` pixels at a time.
  init(
    of model: any SupervisedModel, columns: Int = MNISTTask.inputs, scale: PixelScale, draws: Int,
    capacity: Int, stream: RandomStream
  ) {
    self.model = model
    self.model.reseed(stream)
    self.scale = scale
    self.draws = draws
    batch = Minibatch(encoding: .dense(columns: columns), capacity: capacity)
    gradient = FloatBuffer(count: capacity * columns)
  }

  /// The most images at a time.
  var capacity: Int { batch.capacity }

  /// Their signs, −1, 0 or 1, for images of some brightness with their labels.
  mutating func signs(_ brightness: [Float], labels: [Float]) -> [Int8] {
    fill(brightness, labels)
    model.marginGradient(batch, draws: draws, into: gradient.mutablePointer)
    return brightness.indices.map { index in
      let derivative = gradient.pointer[index]
      return derivative > 0 ? 1 : derivative < 0 ? -1 : 0
    }
  }

  /// The mean margins of images, under new draws.
  mutating func margins(_ brightness: [Float], labels: [Float]) -> [Float] {
    fill(brightness, labels)
    var sums = [Float](repeating: 0, count: labels.count)
    for _ in 0..<draws {
      model.draw()
      let logits = model.predict(batch)
      for (row, label) in labels.enumerated() {
        let start = row * MNISTTask.likelihood.outputs
        sums[row] += MNISTTask.likelihood.margin(logits + start, right: Int(label)).value / Float(draws)
      }
    }
    return sums
  }

  private mutating func fill(_ brightness: [Float], _ labels: [Float]) {
    Examples(columns: batch.encoding.columns, features: brightness, targets: labels).scaled(scale)
      .fill(&batch, Array(labels.indices))
  }
}

extension Examples {
  /// Images with brightnesses for features, as the inputs of a network.
  func scaled(_ scale: PixelScale) -> Examples {
    Examples(columns: columns, features: features.map(scale.input), targets: targets)
  }
}
