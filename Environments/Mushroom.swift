import BanditData
public import BanditCore
public import BanditNumerics

/// The UCI mushroom bandit: eat or reject a mushroom whose 22 attributes are shown.
///
/// Eating an edible mushroom pays +5, eating a poisonous one +5 or −35 by a fair coin, rejecting 0.
///
/// Sources: Blundell et al. 2015, §5.3; the report, §4.3.
///
/// *Deviations*: see `description`.
public struct Mushroom: RestartableEnvironment, Checkpointable {
  /// Which levels of an attribute get a column.
  public enum Encoding: String, SettingChoice {
    /// Every level: 117 columns, 22 of them 1.
    case full
    /// Every level but the first in alphabetical order: 95 columns, as in the report.
    case dropFirst = "drop-first"
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Which levels get a column.
    public var encoding = Encoding.full
    /// In which order mushrooms come.
    public var sampling = RowSampling.replacement

    /// All 117 columns.
    public init() {}
  }

  /// `mushroom`.
  public static let name = "mushroom"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "UCI mushrooms: eat (+5, or a fair coin's -35 for a poisonous one) or reject (0).",
    paper: "Blundell et al. 2015, Weight Uncertainty in Neural Networks, §5.3; data: UCI 73, CC BY 4.0",
    deviations: """
      Every level of every attribute has a column (117); the report drops the first level of each (95). A missing \
      stalk root, '?', is a level.
      """,
    settings: ["encoding": "a column for every level (117), or for all but the first of each attribute (95)"]
      .merging(RowSampling.help) { own, _ in own })

  /// The index of the action that eats.
  public static let eat = 0
  /// The index of the action that leaves the mushroom.
  public static let reject = 1

  private enum Reward {
    static let meal = 5.0
    static let poisoning = -35.0
  }

  /// 117 or 95 columns, `eat` and `reject`, and the counters.
  public let spec: TaskSpec

  private let isPoisonous: [Bool]
  /// Active columns of every mushroom, ended by −1.
  private let columns: [Int32]
  private let maximumActive: Int
  private var rows: RowSampler
  private var current = 0
  private var coinIsKind = false

  /// Creates the environment from the data in the program.
  public init(configuration: Configuration, stream: RandomStream) throws {
    let data = try MushroomData.load()
    let skipped = configuration.encoding == .dropFirst ? 1 : 0
    var firstColumns: [Int] = []
    var columnCount = 0
    for levels in data.levels {
      firstColumns.append(columnCount)
      columnCount += levels.count - skipped
    }
    let attributes = data.levels.count
    var columns = [Int32](repeating: -1, count: data.count * attributes)
    for mushroom in 0..<data.count {
      var position = mushroom * attributes
      for attribute in 0..<attributes {
        let level = data[mushroom, attribute] - skipped
        guard level >= 0 else { continue }
        columns[position] = Int32(firstColumns[attribute] + level)
        position += 1
      }
    }
    self.columns = columns
    rows = RowSampler(configuration.sampling, count: data.count, stream: stream)
    isPoisonous = data.isPoisonous
    maximumActive = attributes
    spec = TaskSpec(
      featureCount: columnCount, encoding: .oneHot(maximumActive: attributes),
      actionNames: ["eat", "reject"],
      counters: [
        AuditCounter("false_positives", .total), AuditCounter("false_negatives", .total),
        AuditCounter("eating_rate", .rate(window: 1_000)),
      ],
      featureNames: zip(data.attributeNames, data.levels).flatMap { name, levels in
        levels.dropFirst(skipped).map { "\(name)=\($0)" }
      })
  }

  /// The position in the rows and random numbers.
  public var state: RowPosition { rows.state }

  /// Takes other random numbers; everything else is drawn at each step.
  public mutating func restart(stream: RandomStream) { rows.restart(stream: stream) }

  /// Continues from the saved position.
  public mutating func restore(_ state: RowPosition) { rows.restore(state) }

  /// Draws a mushroom and its luck, whatever will be done with it.
  public mutating func observe(into observation: inout Observation) {
    current = rows.next()
    coinIsKind = rows.stream.bernoulli(0.5)
    observation.activeIndices.removeAll(keepingCapacity: true)
    for position in (current * maximumActive)..<((current + 1) * maximumActive) where columns[position] >= 0 {
      observation.activeIndices.append(columns[position])
    }
  }

  /// What eating and rejecting the mushroom pay on average.
  public func audit() -> Audit {
    let meal = isPoisonous[current] ? (Reward.meal + Reward.poisoning) / 2 : Reward.meal
    return Audit(expectedRewards: [meal, 0])
  }

  /// Eats or rejects the mushroom.
  public mutating func step(_ action: Int) -> Outcome {
    precondition(action == Self.eat || action == Self.reject, "a mushroom is eaten (0) or rejected (1)")
    let eaten = action == Self.eat
    let poisonous = isPoisonous[current]
    let reward = !eaten ? 0 : poisonous && !coinIsKind ? Reward.poisoning : Reward.meal
    return Outcome(
      reward: reward, counts: [eaten && poisonous ? 1 : 0, !eaten && !poisonous ? 1 : 0, eaten ? 1 : 0])
  }
}
