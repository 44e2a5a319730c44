import BanditFiles
import BanditTraining
import BanditLearning

/// The scores of an ensemble by epoch: its members are trained apart, so what each predicts is kept while it learns.
struct EnsembleCurves {
  /// The points that are predicted.
  let examples: Examples
  /// The classes of the points.
  let classes: Int

  /// Keeps a member's logits of all points, `[points × classes]`.
  var observer: Fit.Observer {
    { model, batch in
      var logits: [Float] = []
      logits.reserveCapacity(examples.count * classes)
      model.forEachBlock(examples, draws: 1, batch: &batch) { outputs, rows in
        for index in 0..<(rows * classes) { logits.append(outputs[index]) }
      }
      return logits
    }
  }

  /// The ensemble's score at every evaluation of its members.
  ///
  /// - Throws: `DataFileError` where a checkpoint brought predictions of other points.
  func scores(_ members: [TrainedModel]) throws -> [ClassScore] {
    for member in members
    where !member.observations.allSatisfy({ $0.count == examples.count * classes }) {
      throw DataFileError(
        file: member.settings.folder,
        reason: "its checkpoint has predictions of other points; remove the folder to train it anew")
    }
    let evaluations = members.map(\.observations.count).min() ?? 0
    return (0..<evaluations).map { evaluation in
      var predictions = ClassPredictions(points: examples.count, classes: classes)
      for member in members {
        predictions.append(logits: member.observations[evaluation], rows: examples.count)
      }
      return ClassScore(predictions, labels: examples.targets)
    }
  }
}
