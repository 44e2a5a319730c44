/// A row of a log as its file has it, before names have become columns.
struct LoggedRow {
  /// A context column with its number, 1 for one that is merely there.
  struct Feature: Equatable {
    var name: String
    var number: Float
  }

  /// How the file names an action.
  enum Action: Hashable {
    case index(Int)
    case name(String)
  }

  var step: Int?
  var action: Action?
  /// The action's name beside its index.
  var actionName: String?
  var reward: Double?
  var propensity: Double?
  /// The context; columns that are not there are 0.
  var features: [Feature] = []
  /// Whether features are columns of ones alone.
  var isActive = false
  var probabilities: [Double]?

  /// Empties the row, and keeps its memory.
  mutating func removeAll() {
    features.removeAll(keepingCapacity: true)
    (step, action, actionName, reward, propensity, probabilities) = (nil, nil, nil, nil, nil, nil)
    isActive = false
  }
}

/// Why a row cannot be used, though its line is in order.
public enum SkipReason: String, CaseIterable, Sendable {
  /// The reward is missing or not finite.
  case reward = "without a finite reward"
  /// A number of the context is not finite.
  case context = "with a context that is not finite"
  /// The propensity is missing, in a log that has propensities.
  case noPropensity = "without a propensity"
  /// The propensity is 0, below it, above 1 or no number.
  case propensity = "with a propensity that is not above 0 and at most 1"
  /// A last line that was cut off.
  case cutOff = "cut off at the end of the file"
}
