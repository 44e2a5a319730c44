import BanditCore
import BanditData
import BanditNumerics

/// A labelled set as a bandit: one action a class.
///
/// What `classification` and its presets play.
struct ClassificationTask: Sendable {
  /// The features of all examples, example by example.
  enum Features: Sendable {
    /// Numbers.
    case dense([Float], columns: Int)
    /// The active columns, as many for each example.
    case oneHot([Int32], active: Int, columns: Int)
    /// Numbers most of which are 0.
    case sparse(SparseTable)
    /// Numbers of which all are 0 or 1, given as those that are 1.
    case sparseOnes(SparseTable)
    /// Images of bytes, shown as shares of 255.
    case images(LabelledImages)
  }

  let spec: TaskSpec
  private let hasClassCounters: Bool
  private let features: Features
  private let labels: [UInt16]
  /// The reward of each action, by the example's class.
  private let rewards: [[Double]]
  /// Draws the rows.
  var rows: RowSampler
  private var current = 0

  /// - Parameters:
  ///   - labels: each example's class.
  ///   - rewards: a row for each class, a column for each action.
  ///   - classCounters: whether right and wrong answers are counted for each class.
  init(
    features: Features, labels: [UInt16], classNames: [String], rewards: [[Double]],
    classCounters: ClassCounters = .auto, sampling: RowSampling = .replacement, stream: RandomStream
  ) {
    precondition(!labels.isEmpty, "a labelled set has examples")
    self.features = features
    self.labels = labels
    self.rewards = rewards
    rows = RowSampler(sampling, count: labels.count, stream: stream)
    let (columns, encoding): (Int, TaskSpec.Encoding) =
      switch features {
      case .dense(_, let columns): (columns, .dense)
      case .oneHot(_, let active, let columns): (columns, .oneHot(maximumActive: active))
      case .sparse(let table): (table.columns, .dense)
      case .sparseOnes(let table): (table.columns, .oneHot(maximumActive: table.largestRow))
      case .images(let images): (images.pixelCount, .dense)
      }
    hasClassCounters = classCounters.isThere(for: classNames.count)
    let columnNames = hasClassCounters ? Self.columnNames(classNames) : []
    spec = TaskSpec(
      featureCount: columns, encoding: encoding, actionNames: classNames,
      counters: [AuditCounter("accuracy", .rate(window: 1_000))]
        + columnNames.map { AuditCounter("right_\($0)", .total) }
        + columnNames.map { AuditCounter("wrong_\($0)", .total) })
  }

  /// Draws an example, whatever will be done with it.
  mutating func observe(into observation: inout Observation) {
    current = rows.next()
    switch features {
    case .dense(let values, let columns):
      for column in 0..<columns { observation.features[column] = values[current * columns + column] }
    case .oneHot(let columns, let active, _):
      observation.activeIndices.removeAll(keepingCapacity: true)
      observation.activeIndices.append(contentsOf: columns[(current * active)..<((current + 1) * active)])
    case .sparse(let table): table.copy(current, to: &observation.features)
    case .sparseOnes(let table):
      observation.activeIndices.removeAll(keepingCapacity: true)
      observation.activeIndices.append(contentsOf: table.places(ofRow: current))
    case .images(let images):
      let start = current * images.pixelCount
      for pixel in 0..<images.pixelCount {
        observation.features[pixel] = Float(images.pixels[start + pixel]) / 255
      }
    }
  }

  /// The rewards of the example's classes: there is no luck in them.
  var audit: Audit { Audit(expectedRewards: rewards[Int(labels[current])]) }

  /// Names a class.
  func step(_ action: Int) -> Outcome {
    let count = spec.actionCount
    precondition((0..<count).contains(action), "an action is one of the \(count) classes")
    let label = Int(labels[current])
    var counts = [Double](repeating: 0, count: hasClassCounters ? 1 + 2 * count : 1)
    counts[0] = action == label ? 1 : 0
    if hasClassCounters { counts[1 + label + (action == label ? 0 : count)] = 1 }
    return Outcome(reward: rewards[label][action], counts: counts)
  }

  /// The classes as parts of columns' names: letters, digits and underscores, each once.
  private static func columnNames(_ classNames: [String]) -> [String] {
    var seen: Set<String> = []
    return classNames.enumerated().map { index, name in
      let word = String(
        name.lowercased().map { character in
          character.isASCII && (character.isLetter || character.isNumber) ? character : "_"
        })
      // Two classes may differ in what a column's name cannot show; a counted name is no other's, or is counted on.
      var own = word.isEmpty ? "\(index)" : word
      while !seen.insert(own).inserted { own += "_\(index)" }
      return own
    }
  }
}
