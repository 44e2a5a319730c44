import BanditTraining

/// Images moved against a network's predictions by the fast gradient sign method: x̃ = x + ε sign ∂margin/∂x.
///
/// Source: Goodfellow, Shlens & Szegedy 2015, §4; the report, §2.8.
///
/// *Deviations*: the margin takes the cost's place (`MarginDerivatives`), whose derivatives round to 0 where a
/// network is sure; where one wrong class is far ahead of the others the two point the same way.
/// Moved images are clipped to brightness 0 to 1 unless told otherwise; the report does not say.
struct AdversarialImages {
  /// The signs of the margin's derivatives, −1, 0 or 1: images × pixels.
  let signs: [Int8]
  /// Images whose derivatives are all 0: the attack does not move them.
  let unmoved: Int

  private let images: Examples

  /// Attacks a network's prediction of the right class for each image.
  ///
  /// - Parameters:
  ///   - images: with brightnesses for features.
  ///   - report: is called with the share that is done.
  init(
    _ images: Examples, against derivatives: inout MarginDerivatives,
    report: (Double) throws -> Void
  ) rethrows {
    var signs: [Int8] = []
    signs.reserveCapacity(images.features.count)
    try images.forEachPart(of: derivatives.capacity, report: report) { brightness, labels in
      signs += derivatives.signs(brightness, labels: labels)
    }
    let columns = images.columns
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

extension Examples {
  /// Calls `body` with at most `size` examples at a time, in their order, and `report` with the share that is done.
  func forEachPart(
    of size: Int, report: (Double) throws -> Void, _ body: (_ features: [Float], _ labels: [Float]) -> Void
  ) rethrows {
    for start in stride(from: 0, to: count, by: size) {
      let end = min(start + size, count)
      body(Array(features[(start * columns)..<(end * columns)]), Array(targets[start..<end]))
      try report(Double(end) / Double(count))
    }
  }
}
