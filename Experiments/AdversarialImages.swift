import BanditTraining
import BanditData
import BanditLearning
import BanditNumerics

/// Images moved against a network's predictions by the fast gradient sign method: x̃ = x + ε sign ∂cost/∂x.
///
/// Brightness is from 0 to 1, whatever the scale of the inputs of a network; all scales have the same signs.
///
/// Source: Goodfellow, Shlens & Szegedy 2015, §4; the report, §2.8.
///
/// *Deviations*: moved images are clipped to brightness 0 to 1 unless told otherwise; the report does not say.
struct AdversarialImages {
  /// The signs of the cost's derivatives, −1, 0 or 1: images × pixels.
  let signs: [Int8]
  /// Images whose derivatives are all 0, in single precision: the attack does not move them.
  let unmoved: Int

  private let images: Examples

  /// Attacks a network's prediction of the right class for each image.
  ///
  /// The cost is the cross entropy of the mean over `draws` predictions, so that the derivatives of a draw count as
  /// much as its probability of the right class.
  ///
  /// - Parameters:
  ///   - images: with brightnesses for features.
  ///   - scale: what the network takes.
  ///   - report: is told the share done.
  init(
    _ images: Examples, against model: any SupervisedModel, scale: PixelScale, draws: Int, capacity: Int,
    report: (Double) -> Void = { _ in }
  ) {
    var model = model
    let columns = images.columns
    let scaled = Examples(
      columns: columns, features: images.features.map(scale.input), targets: images.targets)
    var batch = Minibatch(encoding: images.encoding, capacity: capacity)
    var sums = [Float](repeating: 0, count: images.features.count)
    var gradient = FloatBuffer(count: capacity * columns)
    var probabilities = [Float](repeating: 0, count: capacity * MNISTData.classCount)
    for draw in 1...draws {
      model.draw()
      for start in stride(from: 0, to: images.count, by: capacity) {
        let rows = Array(start..<min(start + capacity, images.count))
        scaled.fill(&batch, rows)
        MNISTTask.likelihood.probabilities(model.predict(batch), rows: rows.count, into: &probabilities)
        model.inputGradient(batch, into: gradient.mutablePointer)
        for (row, image) in rows.enumerated() {
          let label = Int(images.targets[image])
          let weight = draws == 1 ? 1 : probabilities[row * MNISTData.classCount + label]
          for column in 0..<columns {
            sums[image * columns + column] += weight * gradient.pointer[row * columns + column]
          }
        }
      }
      report(Double(draw) / Double(draws))
    }
    let signs = sums.map { Int8($0 > 0 ? 1 : $0 < 0 ? -1 : 0) }
    unmoved = (0..<images.count).count { image in
      signs[(image * columns)..<((image + 1) * columns)].allSatisfy { $0 == 0 }
    }
    self.signs = signs
    self.images = images
  }

  /// The moved images as the inputs of a network.
  func examples(epsilon: Float, clip: Bool, scale: PixelScale) -> Examples {
    let features = zip(images.features, signs).map { brightness, sign in
      let moved = brightness + epsilon * Float(sign)
      return scale.input(clip ? min(1, max(0, moved)) : moved)
    }
    return Examples(columns: images.columns, features: features, targets: images.targets)
  }
}
