import BanditLearning
import Foundation
import Testing
import TrainingTestSupport

@testable import BanditTraining

@Suite("Predictions of classes, their scores and uncertainties")
struct ClassPredictionsTests {
  /// Predictions of as many points as a sample has rows.
  private func predictions(_ samples: [[[Float]]]) -> ClassPredictions {
    var result = ClassPredictions(points: samples[0].count, classes: samples[0][0].count)
    for sample in samples { result.append(probabilities: sample.flatMap { $0 }, rows: sample.count) }
    return result
  }

  @Test("Probabilities are averaged, not logits")
  func averages() {
    let logits: [[Float]] = [[0, 4], [0, -1]]
    var result = ClassPredictions(points: 1, classes: 2)
    for row in logits { result.append(logits: row, rows: 1) }
    let expected = 0.5 * (1 / (1 + exp(-4.0)) + 1 / (1 + exp(1.0)))
    #expect(result.samples == 2)
    #expect(abs(result.probability(0, of: 1) - expected) < 1e-6)
    #expect(abs(result.probability(0, of: 0) - (1 - expected)) < 1e-6)
  }

  @Test(
    "Samples that agree have data uncertainty alone, certain ones that differ knowledge uncertainty alone")
  func uncertaintyOfExtremes() {
    let agreeing = predictions([[[0.5, 0.5]], [[0.5, 0.5]], [[0.5, 0.5]]]).uncertainty(0)
    #expect(abs(agreeing.total - log(2)) < 1e-12 && abs(agreeing.data - log(2)) < 1e-12)
    #expect(agreeing.knowledge < 1e-12)
    let differing = predictions([[[1, 0]], [[0, 1]]]).uncertainty(0)
    #expect(abs(differing.total - log(2)) < 1e-12 && differing.data == 0)
    #expect(abs(differing.knowledge - log(2)) < 1e-12)
    let certain = predictions([[[1, 0, 0]]]).uncertainty(0)
    #expect(certain.total == 0 && certain.data == 0 && certain.knowledge == 0)
  }

  @Test(
    "Knowledge uncertainty is the mean divergence of samples from their mean, and adds up with data to total")
  func decomposition() {
    let samples: [[Float]] = [[0.7, 0.2, 0.1], [0.25, 0.25, 0.5], [0.05, 0.9, 0.05]]
    let uncertainty = predictions(samples.map { [$0] }).uncertainty(0)
    let mean = (0..<3).map { index in samples.reduce(0) { $0 + Double($1[index]) } / 3 }
    let divergence = samples.reduce(0.0) { sum, sample in
      sum + (0..<3).reduce(0.0) { $0 + Double(sample[$1]) * log(Double(sample[$1]) / mean[$1]) } / 3
    }
    #expect(abs(uncertainty.knowledge - divergence) < 1e-12)
    #expect(abs(uncertainty.total - uncertainty.data - uncertainty.knowledge) < 1e-12)
  }

  @Test("Knowledge uncertainty is never negative, for probabilities of any size")
  func tinyProbabilities() {
    for exponent in stride(from: -40, through: -2, by: 0.5) {
      let tiny = Float(pow(10, exponent))
      let uncertainty = predictions([[[tiny, 1 - tiny]], [[2 * tiny, 1 - 2 * tiny]]]).uncertainty(0)
      #expect(uncertainty.total - uncertainty.data > -1e-12)
      #expect(abs(uncertainty.total - uncertainty.data - uncertainty.knowledge) < 1e-12)
    }
  }

  @Test("Accuracy, negative log-likelihood and Brier score of known probabilities")
  func scores() {
    let score = ClassScore(
      predictions([[[0.8, 0.1, 0.1], [0.5, 0.25, 0.25]], [[0.6, 0.3, 0.1], [0.3, 0.45, 0.25]]]),
      labels: [0, 1])
    #expect(score.accuracy == 0.5)
    #expect(abs(score.negativeLogLikelihood + 0.5 * (log(0.7) + log(0.35))) < 1e-6)
    let brier = (0.09 + 0.04 + 0.01) / 3 + (0.16 + 0.65 * 0.65 + 0.0625) / 3
    #expect(abs(score.brierScore - brier / 2) < 1e-6)
  }

  @Test("A uniform prediction of K classes scores ln K, and (1 − 1/K)/K by Brier")
  func uniform() {
    let score = ClassScore(
      predictions([[[Float]](repeating: [0.25, 0.25, 0.25, 0.25], count: 4)]), labels: [0, 1, 2, 3])
    #expect(abs(score.negativeLogLikelihood - log(4)) < 1e-12)
    #expect(abs(score.brierScore - 0.75 / 4) < 1e-12)
    #expect(score.accuracy == 0.25)  // of equals the first class
  }

  @Test("A class ruled out gives a finite score")
  func ruledOut() {
    let score = ClassScore(predictions([[[1, 0]]]), labels: [1])
    #expect(abs(score.negativeLogLikelihood - 38 * log(10)) < 1e-9)
    #expect(score.brierScore == 1 && score.accuracy == 0)
  }

  @Test("Rows added in blocks of any size give the same numbers")
  func blocks() {
    let logits = (0..<60).map { Float(($0 * 37) % 11) - 5 }
    func result(_ size: Int) -> ClassPredictions {
      var result = ClassPredictions(points: 10, classes: 3)
      for _ in 0..<2 {
        for start in stride(from: 0, to: 10, by: size) {
          let count = min(size, 10 - start)
          result.append(logits: Array(logits[(3 * start)..<(3 * (start + count))]), rows: count)
        }
      }
      return result
    }
    let whole = result(10)
    for size in [1, 3, 7] {
      let parts = result(size)
      #expect(parts.samples == 2)
      for point in 0..<10 {
        #expect(parts.uncertainty(point) == whole.uncertainty(point))
        #expect((0..<3).allSatisfy { parts.probability(point, of: $0) == whole.probability(point, of: $0) })
      }
    }
  }

  @Test("A model predicts all examples, in minibatches that do not divide them")
  func model() {
    var model = CountingModel()
    model.steps = 3
    let examples = Examples(columns: 1, features: [1, 2, 3, 4, 5], targets: [0, 1, 0, 1, 0])
    var batch = Minibatch(encoding: .dense(columns: 1), capacity: 2)
    var predictions = ClassPredictions(points: 5, classes: 2)
    model.predict(examples, draws: 4, batch: &batch, into: &predictions)
    #expect(predictions.samples == 4)
    #expect(abs(ClassScore(predictions, labels: examples.targets).negativeLogLikelihood - log(2)) < 1e-7)
  }
}
