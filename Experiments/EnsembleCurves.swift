import BanditTraining
import BanditFigures
import BanditLearning
import Synchronization

/// The scores of growing ensembles by epoch: members are trained apart, so what each predicts is kept while it learns.
final class EnsembleCurves: Sendable {
  /// Probabilities at the training points, by evaluation, of each member; members by the folder of their training.
  private let kept = Mutex<[String: [[Float]]]>([:])
  private let examples: Examples
  private let classes: Int

  init(_ examples: Examples, classes: Int) {
    self.examples = examples
    self.classes = classes
  }

  /// Keeps what a member predicts now.
  func note(_ fit: FitSettings, _ model: inout any SupervisedModel, _ batch: inout Minibatch) {
    var logits: [Float] = []
    logits.reserveCapacity(examples.count * classes)
    model.forEachBlock(examples, draws: 1, batch: &batch) { outputs, rows in
      for index in 0..<(rows * classes) { logits.append(outputs[index]) }
    }
    kept.withLock { $0[fit.folder, default: []].append(logits) }
  }

  /// The ensemble's score at every evaluation.
  func scores(_ members: [FitSettings]) -> [ClassScore] {
    let logits = kept.withLock { kept in members.compactMap { kept[$0.folder] } }
    guard let first = logits.first, logits.count == members.count else { return [] }
    return first.indices.map { evaluation in
      var predictions = ClassPredictions(points: examples.count, classes: classes)
      for member in logits { predictions.append(logits: member[evaluation], rows: examples.count) }
      return ClassScore(predictions, labels: examples.targets)
    }
  }
}
