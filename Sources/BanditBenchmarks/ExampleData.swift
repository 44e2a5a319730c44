import BanditLearning
import BanditNumerics

/// A network's sizes and made-up minibatches for it.
struct ExampleData {
  let input: InputEncoding
  let hidden: [Int]
  /// The number of classes, or 1 for a number as the target.
  let classes: Int
  /// Rows of a minibatch.
  let rows: Int
  /// Minibatches that take turns.
  let count: Int

  /// The mushroom bandit's: 119 columns of which 23 are active, one output.
  static func mushroom(hidden: Int = 100, rows: Int = 64) -> ExampleData {
    ExampleData(
      input: .oneHot(columns: 119, maximumActive: 23), hidden: [hidden, hidden], classes: 1, rows: rows,
      count: hidden > 200 ? 8 : 64)
  }

  /// MNIST's: 784 pixels of which a fifth is not 0, ten classes, minibatches of 128.
  static func mnist(_ hidden: Int) -> ExampleData {
    ExampleData(input: .dense(columns: 784), hidden: [hidden, hidden], classes: 10, rows: 128, count: 8)
  }

  var architecture: NetworkArchitecture {
    NetworkArchitecture(input: input, hidden: hidden, outputs: classes)
  }

  func minibatches(seed: UInt64 = 3) -> [Minibatch] {
    var random = RandomStream(seed: seed)
    return (0..<count).map { _ in
      var batch = Minibatch(encoding: input, capacity: rows)
      for _ in 0..<rows { append(to: &batch, &random) }
      batch.sortByColumn()
      return batch
    }
  }

  private func append(to batch: inout Minibatch, _ random: inout RandomStream) {
    let target =
      classes > 1 ? Float(random.integer(below: classes)) : Float(random.uniform(from: -1, to: 1))
    switch input {
    case .oneHot(let columns, let active):
      let block = columns / active
      let row = (0..<active).map { Int32(block * $0 + random.integer(below: block)) }
      batch.append(activeIndices: row, target: target)
    case .dense(let columns):
      let row = (0..<columns).map { _ in random.bernoulli(0.2) ? Float(random.uniform()) : 0 }
      batch.append(features: row, target: target)
    }
  }
}
