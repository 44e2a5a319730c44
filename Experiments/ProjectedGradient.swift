import BanditTraining
import BanditNumerics

/// Projected gradient descent: from a random point within ε of an image, steps by the signs of the margin's
/// derivatives, each put back to within ε; of several starts the one that ends at the greatest margin.
///
/// Source: Madry et al. 2018, §2.1.
///
/// *Deviations*: the margin takes the cost's place (`MarginDerivatives`), with new draws of a Bayesian network's
/// weights in every step.
struct ProjectedGradient: Sendable {
  /// Steps from a start.
  var steps: Int
  /// The length of a step as a share of ε.
  var step: Float
  /// Random starts of an image.
  var restarts: Int
  /// Whether images stay within brightness 0 to 1.
  var clip: Bool

  /// Moves images, with brightnesses for features.
  ///
  /// - Parameters:
  ///   - stream: draws the starts.
  ///   - report: is called with the share that is done.
  func move(
    _ images: Examples, against derivatives: inout MarginDerivatives, epsilon: Float, stream: RandomStream,
    report: (Double) throws -> Void
  ) rethrows -> Examples {
    var stream = stream
    var moved: [Float] = []
    moved.reserveCapacity(images.features.count)
    try images.forEachPart(of: derivatives.capacity, report: report) { original, labels in
      var best = original
      var margins = [Float](repeating: -.infinity, count: labels.count)
      for _ in 0..<restarts {
        let candidate = descend(original, labels, &derivatives, epsilon, &stream)
        for (row, margin) in derivatives.margins(candidate, labels: labels).enumerated()
        where margin > margins[row] {
          margins[row] = margin
          let pixels = (row * images.columns)..<((row + 1) * images.columns)
          best.replaceSubrange(pixels, with: candidate[pixels])
        }
      }
      moved += best
    }
    return Examples(columns: images.columns, features: moved, targets: images.targets)
  }

  private func descend(
    _ original: [Float], _ labels: [Float], _ derivatives: inout MarginDerivatives, _ epsilon: Float,
    _ stream: inout RandomStream
  ) -> [Float] {
    let radius = Double(epsilon)
    var moved = original.map { bound($0 + Float(stream.uniform(from: -radius, to: radius))) }
    for _ in 0..<steps {
      let signs = derivatives.signs(moved, labels: labels)
      for index in moved.indices {
        let next = moved[index] + step * epsilon * Float(signs[index])
        moved[index] = bound(min(original[index] + epsilon, max(original[index] - epsilon, next)))
      }
    }
    return moved
  }

  private func bound(_ brightness: Float) -> Float { clip ? min(1, max(0, brightness)) : brightness }
}
