import BanditTraining

/// How often predictions of classes are right, by the probability they are made with.
///
/// Sources: DeGroot & Fienberg 1983 (reliability curves); Guo et al. 2017, equation 3 (expected calibration error); the
/// report, figure 19, for probabilities of all classes in ten bins.
///
/// *Deviations*: the report leaves out the predictions of probability 1 (`isSaturationKept` false); here they are in
/// the last bin.
struct Reliability {
  /// The predictions within an interval of probabilities.
  struct Bin {
    var count = 0
    var right = 0
    var probability = 0.0

    /// The mean probability; nil where there are none.
    var confidence: Double? { count > 0 ? probability / Double(count) : nil }
    /// The share that is right; nil where there are none.
    var accuracy: Double? { count > 0 ? Double(right) / Double(count) : nil }

    fileprivate mutating func add(_ value: Double, isRight: Bool) {
      count += 1
      right += isRight ? 1 : 0
      probability += value
    }
  }

  /// Intervals of the same length from 0 to 1, each with its upper end.
  private(set) var bins: [Bin]
  /// Predictions whose probability is 1 in single precision.
  private(set) var saturated = 0

  /// The probabilities of the predicted classes alone.
  static func topLabel(_ predictions: ClassPredictions, labels: [Float], bins: Int = 15) -> Reliability {
    var result = Reliability(bins: Array(repeating: Bin(), count: bins))
    for (point, label) in labels.enumerated() {
      let predicted = predictions.predictedClass(point)
      result.add(predictions.probability(point, of: predicted), isRight: predicted == Int(label))
    }
    return result
  }

  /// The probabilities of all classes, of each of which the prediction is that it is the right one.
  static func classWise(
    _ predictions: ClassPredictions, labels: [Float], bins: Int = 10, isSaturationKept: Bool = true
  ) -> Reliability {
    var result = Reliability(bins: Array(repeating: Bin(), count: bins))
    for (point, label) in labels.enumerated() {
      for index in 0..<predictions.classes {
        let probability = predictions.probability(point, of: index)
        guard isSaturationKept || Float(probability) < 1 else { continue }
        result.add(probability, isRight: index == Int(label))
      }
    }
    return result
  }

  private mutating func add(_ probability: Double, isRight: Bool) {
    let count = Double(bins.count)
    let place = min(bins.count - 1, max(0, Int((probability * count).rounded(.up)) - 1))
    bins[place].add(probability, isRight: isRight)
    if Float(probability) >= 1 { saturated += 1 }
  }

  /// The mean distance of confidence from accuracy, weighted by the bins' counts.
  var expectedError: Double {
    let total = Double(bins.reduce(0) { $0 + $1.count })
    return bins.reduce(0) { sum, bin in
      guard let confidence = bin.confidence, let accuracy = bin.accuracy else { return sum }
      return sum + Double(bin.count) / total * abs(confidence - accuracy)
    }
  }

  /// The mean confidence of all predictions.
  var meanConfidence: Double {
    bins.reduce(0) { $0 + $1.probability } / Double(bins.reduce(0) { $0 + $1.count })
  }
}
