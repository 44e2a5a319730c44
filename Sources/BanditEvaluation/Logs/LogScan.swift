import BanditCore
import BanditFiles

/// What a first reading of a log finds: its task, and what estimators need to know before the second.
struct LogScan {
  /// More would be a slip of the hand.
  private static let mostNames = 100_000

  private(set) var columns: [String: Int32] = [:]
  private(set) var actions: [LoggedRow.Action: Int] = [:]
  private(set) var actionOrder: [LoggedRow.Action] = []
  private(set) var isActive = true
  private(set) var mostFeatures = 0
  private(set) var rows = 0
  private(set) var rowsWithPropensity = 0
  private(set) var skipped: [SkipReason: Int] = [:]
  private(set) var smallestPropensity = Double.infinity
  private(set) var rewards = (least: Double.infinity, most: -Double.infinity)
  /// Rows whose step is not after the one before.
  private(set) var disorder = 0
  private var lastStep = Int.min
  private var names: [Int: String] = [:]
  /// As many as rows have probabilities of.
  private var leastActions = 0

  /// Notes a row.
  mutating func add(_ row: LoggedRow, file: String, line: Int) throws(DataFileError) {
    guard let action = row.action else {
      throw DataFileError(file: file, line: line, reason: "has no action that is a name or a number from 0")
    }
    if let reason = row.fault {
      skipped[reason, default: 0] += 1
      return
    }
    try note(action, row, file: file, line: line)
    for feature in row.features where columns[feature.name] == nil {
      guard columns.count < Self.mostNames else {
        throw DataFileError(
          file: file, line: line, reason: "brings more than the \(Self.mostNames) context columns allowed")
      }
      columns[feature.name] = Int32(columns.count)
    }
    isActive = isActive && row.isActive
    mostFeatures = max(mostFeatures, row.features.count)
    rows += 1
    if let propensity = row.propensity {
      rowsWithPropensity += 1
      smallestPropensity = min(smallestPropensity, propensity)
    }
    if let reward = row.reward { rewards = (min(rewards.least, reward), max(rewards.most, reward)) }
    if let step = row.step, row.propensity != nil || rowsWithPropensity == 0 {
      if step <= lastStep { disorder += 1 }
      lastStep = step
    }
  }

  /// Notes a line that is no row.
  mutating func skip(_ reason: SkipReason) { skipped[reason, default: 0] += 1 }

  private mutating func note(
    _ action: LoggedRow.Action, _ row: LoggedRow, file: String, line: Int
  ) throws(DataFileError) {
    if case .index(let index) = action {
      guard index < Self.mostNames else {
        throw DataFileError(
          file: file, line: line, reason: "has action \(index), beyond the \(Self.mostNames) allowed")
      }
      if let name = row.actionName { names[index] = name }
    }
    leastActions = max(leastActions, min(row.probabilities?.count ?? 0, Self.mostNames))
    guard actions[action] == nil else { return }
    guard actions.count < Self.mostNames else {
      throw DataFileError(
        file: file, line: line, reason: "brings more than the \(Self.mostNames) actions allowed")
    }
    actions[action] = actionOrder.count
    actionOrder.append(action)
  }

  /// The columns' names in order: numbers by their size, others as they came.
  mutating func settleColumns() -> [String] {
    let inOrder = columns.sorted { $0.value < $1.value }.map(\.key)
    let numbers = inOrder.compactMap { Int($0) }
    guard numbers.count == inOrder.count else { return inOrder }
    let sorted = numbers.sorted().map(String.init)
    // Numbers that are spelled in two ways stay as they came.
    guard Set(sorted) == Set(inOrder) else { return inOrder }
    for (index, name) in sorted.enumerated() { columns[name] = Int32(index) }
    return sorted
  }

  /// The actions' names in order, at least as many as `count`.
  mutating func settleActions(count: Int?, firstNumber: Int) -> [String] {
    let indices = actionOrder.compactMap { if case .index(let index) = $0 { index } else { nil } }
    var result: [String]
    if indices.count == actionOrder.count {
      let last = max(indices.max() ?? 0, leastActions - 1, (count ?? 0) - 1)
      result = (0...last).map { names[$0] ?? String($0 + firstNumber) }
      if Set(result).count < result.count { result = (0...last).map { String($0 + firstNumber) } }
      for index in 0...last { actions[.index(index)] = index }
    } else {
      result = actionOrder.map {
        switch $0 {
        case .index(let index): String(index)
        case .name(let name): name
        }
      }
    }
    while result.count < (count ?? 0) { result.append("action \(result.count)") }
    return result
  }
}

extension LoggedRow {
  /// Why the row cannot be used, if it cannot; a missing propensity is for the whole log to judge.
  var fault: SkipReason? {
    guard let reward, reward.isFinite else { return .reward }
    guard features.allSatisfy({ $0.number.isFinite }) else { return .context }
    if let propensity, !(propensity > 0 && propensity <= 1) {
      return propensity.isNaN ? .noPropensity : .propensity
    }
    return nil
  }
}
