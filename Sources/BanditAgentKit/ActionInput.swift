public import BanditCore
public import BanditLearning

/// How a network is told the action whose reward it predicts.
///
/// With `columns` a network learns an action's reward from the other actions' steps too: contexts in which one was taken move the
/// predictions of all. With `blocks` the first layer has weights of its own for each action; where actions have features, these
/// stand beside the context under either.
public enum ActionCoding: String, SettingChoice {
  /// The context's columns, then a column for each action: 1 for the action asked for.
  case columns
  /// A block of columns for each action: the action's own has the context and a 1, the others are 0.
  case blocks

  /// What the inputs are, as a sentence.
  public var inputs: String {
    switch self {
    case .columns:
      "the context's columns, then a column for each action: 1 for the action asked for, 0 for the others"
    case .blocks:
      "a block for each action, of the context's columns and a 1; all 0 but the block of the action asked for"
    }
  }
}

/// Turns contexts and actions into network inputs; an action's features stand in place of its column where actions have them.
///
/// Source: the report, §4.3, for `columns`; eat = [1, 0] and reject = [0, 1] on the mushrooms.
public struct ActionInput: Sendable {
  /// How a row of inputs is stored.
  public let encoding: InputEncoding
  private let spec: TaskSpec
  private let coding: ActionCoding
  /// One row for each action in the context encoded last.
  public private(set) var actions: Minibatch
  /// One row for the action encoded last.
  public private(set) var taken: Minibatch

  /// Creates inputs for a task; nothing is encoded yet.
  public init(_ spec: TaskSpec, coding: ActionCoding = .columns) {
    self.spec = spec
    // Features of actions have no blocks: one model takes them.
    let coding = spec.actionFeatureCount == nil ? coding : .columns
    self.coding = coding
    let columns =
      coding == .columns
      ? spec.featureCount + (spec.actionFeatureCount ?? spec.actionCount)
      : (spec.featureCount + 1) * spec.actionCount
    switch spec.encoding {
    case .dense: encoding = .dense(columns: columns)
    case .oneHot(let active): encoding = .oneHot(columns: columns, maximumActive: active + 1)
    }
    actions = Minibatch(encoding: encoding, capacity: spec.actionCount)
    taken = Minibatch(encoding: encoding, capacity: 1)
  }

  /// Fills `actions` with a context, a row for each action.
  public mutating func encode(_ observation: Observation) {
    actions.removeAll()
    for action in 0..<spec.actionCount { append(observation, action, to: &actions) }
  }

  /// Fills `taken` with a context and an action.
  public mutating func encode(_ observation: Observation, action: Int) {
    taken.removeAll()
    append(observation, action, to: &taken)
  }

  /// The number of models that an agent with one for each action needs: one where actions have features.
  public var modelCount: Int { spec.actionFeatureCount == nil ? spec.actionCount : 1 }

  /// The model of a row that `encode` made: its action's, or the one of all actions where they have features.
  public func model(_ batch: borrowing Minibatch, row: Int) -> Int {
    if spec.actionFeatureCount != nil { return 0 }
    switch encoding {
    case .dense(let columns):
      let start = row * columns
      return (0..<spec.actionCount).first { batch.features[start + marker(of: $0)] == 1 } ?? 0
    case .oneHot(_, let active):
      let end = (row + 1) * active
      let last = Int(batch.activeIndices[(end - active)..<end].last { $0 >= 0 } ?? 0)
      return coding == .columns ? max(0, last - spec.featureCount) : last / (spec.featureCount + 1)
    }
  }

  /// The column that is 1 for an action.
  private func marker(of action: Int) -> Int {
    coding == .columns ? spec.featureCount + action : (action + 1) * (spec.featureCount + 1) - 1
  }

  private func append(_ observation: Observation, _ action: Int, to batch: inout Minibatch) {
    let first = coding == .columns ? 0 : action * (spec.featureCount + 1)
    switch observation.encoding {
    case .dense:
      if let count = spec.actionFeatureCount, let features = observation.actionFeatures {
        batch.append(features: observation.features + features[(action * count)..<((action + 1) * count)])
        return
      }
      var row = [Float](repeating: 0, count: encoding.columns)
      row.replaceSubrange(first..<(first + spec.featureCount), with: observation.features)
      row[marker(of: action)] = 1
      batch.append(features: row)
    case .oneHot:
      var row = observation.activeIndices
      if first > 0 { for index in row.indices { row[index] += Int32(first) } }
      row.append(Int32(marker(of: action)))
      batch.append(activeIndices: row)
    }
  }
}
