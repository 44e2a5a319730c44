public import BanditCore

/// Which columns of a table are what; the Open Bandit Pipeline's names unless told.
public struct TableColumns: Hashable, Sendable {
  /// The action's column.
  public var action: String?
  /// The reward's column.
  public var reward: String?
  /// The propensity's column.
  public var propensity: String?
  /// The step's column.
  public var step: String?
  /// The context's columns, where a name that ends with an asterisk is all that begin so; nil for all that are left.
  public var context: [String]?

  /// Names that are looked for, in turn.
  static let known = (
    action: ["action", "item_id", "arm"], reward: ["reward", "click"],
    propensity: ["propensity", "pscore", "propensity_score", "probability"], step: ["step"],
    // What says nothing of a context, or of what will come.
    none: ["", "timestamp", "action_name", "index", "round"]
  )

  /// Known names alone.
  public init() {}

  /// Reads `action=item_id,reward=click,propensity=propensity_score,context=user_*;position`.
  ///
  /// - Throws: `ConfigurationError` for other words.
  public init(parsing text: String) throws(ConfigurationError) {
    let allowed = "action=NAME,reward=NAME,propensity=NAME,step=NAME,context=NAME;NAME;…"
    for part in text.split(separator: ",") {
      let words = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard words.count == 2 else {
        throw ConfigurationError(key: "--columns", given: String(part), allowed: allowed)
      }
      switch words[0] {
      case "action": action = words[1]
      case "reward": reward = words[1]
      case "propensity": propensity = words[1]
      case "step": step = words[1]
      case "context": context = words[1].split(separator: ";").map(String.init)
      default: throw ConfigurationError(key: "--columns", given: words[0], allowed: allowed)
      }
    }
  }
}
