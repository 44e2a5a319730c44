public import BanditCore

/// What naming a class pays: settings that labelled sets have in common.
public struct ClassificationRewards: SettingGroup {
  /// The reward of the right class.
  public var rightReward = 1.0
  /// The reward of a wrong class.
  public var wrongReward = 0.0
  /// What each action costs, in place of the two rewards: a row for each true class, both in the classes' order;
  /// empty for none.
  public var costs: [[Double]] = []

  /// Sums and squares of greater ones would leave what numbers can hold.
  private static let allowed = -1e9...1e9

  /// 1 for the right class, 0 for a wrong one.
  public init() {}

  /// A line on each setting.
  static let help = [
    "rightReward": "reward of the right class",
    "wrongReward": "reward of a wrong class",
    "costs": "cost of each action (the reward is its negative), a row for each true class: 0,1/5,0 for two",
  ]

  /// The reward of each action, a row for each true class.
  func matrix(_ classNames: [String]) throws(ConfigurationError) -> [[Double]] {
    let count = classNames.count
    for (key, value) in [("rightReward", rightReward), ("wrongReward", wrongReward)] {
      try ConfigurationError.require(
        Self.allowed.contains(value), key: key, given: value, allowed: "-1e9 to 1e9")
    }
    guard !costs.isEmpty else {
      return (0..<count).map { label in (0..<count).map { $0 == label ? rightReward : wrongReward } }
    }
    let shown = classNames.prefix(10).joined(separator: ", ") + (count > 10 ? ", …" : "")
    try ConfigurationError.require(
      costs.count == count
        && costs.allSatisfy { $0.count == count && $0.allSatisfy(\.isFinite) },
      key: "costs", given: costs,
      allowed:
        "\(count) rows parted by / of \(count) costs parted by commas, both in the order \(shown)"
    )
    try ConfigurationError.require(
      costs.joined().allSatisfy(Self.allowed.contains), key: "costs", given: costs,
      allowed: "-1e9 to 1e9 each")
    return costs.map { row in row.map { 0 - $0 } }
  }
}

/// Whether right and wrong answers are counted for each class: two columns of the log a class.
public enum ClassCounters: String, SettingChoice {
  /// Up to 20 classes.
  case auto
  /// Always.
  case all
  /// Never.
  case none

  private static let mostClasses = 20

  static let help = "counters right_CLASS and wrong_CLASS; auto: up to 20 classes"

  func isThere(for classCount: Int) -> Bool {
    switch self {
    case .auto: classCount <= Self.mostClasses
    case .all: true
    case .none: false
    }
  }
}
