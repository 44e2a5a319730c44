import BanditLearning

/// A minibatch for the networks and the same in double precision.
struct Problem {
  var name: String
  var batch: Minibatch
  var scalar: ScalarObjective

  private static func targets(_ likelihood: Likelihood) -> [Float] {
    if case .softmaxCrossEntropy = likelihood { [0, 2, 1, 2] } else { [0.5, -1, 2, 0.25] }
  }
  private static let weights: [Float] = [1, 0, 1, 0.5]

  static func all(_ likelihood: Likelihood) -> [Problem] {
    let active: [[Int32]] = [[0, 4, 8], [2], [], [8, 3]]
    let targets = targets(likelihood)
    let oneHot = oneHotBatch(active, columns: 9, maximumActive: 3, targets: targets, weights: weights)
    let values = normals(9, 12)
    // The third row is x = 0.
    let dense = (0..<4).map { row in (0..<3).map { row == 2 ? 0 : values[3 * row + $0] } }
    let denseRows = denseBatch(dense, targets: targets, weights: weights)
    return [
      make("one-hot", oneHot, expanded(active, columns: 9), [6, 5], likelihood),
      make("dense", denseRows, dense, [6, 5], likelihood),
      make("dense without hidden layers", denseRows, dense, [], likelihood),
    ]
  }

  private static func make(
    _ name: String, _ batch: Minibatch, _ rows: [[Float]], _ hidden: [Int], _ likelihood: Likelihood
  ) -> Problem {
    let scalar = ScalarObjective(
      architecture: NetworkArchitecture(input: batch.encoding, hidden: hidden, outputs: likelihood.outputs),
      rows: rows.map { $0.map { Double($0) } }, targets: targets(likelihood).map { Double($0) },
      exampleWeights: weights.map { Double($0) }, likelihood: likelihood)
    return Problem(name: name, batch: batch, scalar: scalar)
  }
}
