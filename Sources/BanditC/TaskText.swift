import BanditCore
import BanditFiles
import Foundation

/// A task in JSON, with the words of the greeting in Docs/Protocol.md.
struct TaskText: Codable {
  var features: Int
  var encoding: String
  var maximumActive: Int?
  var actions: [String]

  enum CodingKeys: String, CodingKey {
    case features, encoding, actions
    case maximumActive = "maximum_active"
  }

  init(_ spec: TaskSpec) {
    (features, actions) = (spec.featureCount, spec.actionNames)
    switch spec.encoding {
    case .dense: (encoding, maximumActive) = ("dense", nil)
    case .oneHot(let active): (encoding, maximumActive) = ("one-hot", active)
    }
  }

  /// The task, checked.
  var spec: TaskSpec {
    get throws(CallError) {
      func require(_ condition: Bool, _ sentence: String) throws(CallError) {
        guard condition else { throw CallError(.setting, "task: \(sentence)") }
      }
      try require((1...1_000_000).contains(features), "features: \(features); allowed: 1 to 1000000")
      try require(
        (2...100_000).contains(actions.count), "actions: \(actions.count); allowed: 2 to 100000 names")
      try require(Set(actions).count == actions.count, "actions: a name twice; allowed: different names")
      try require(
        ["dense", "one-hot"].contains(encoding), "encoding: '\(encoding)'; allowed: dense, one-hot")
      let active = maximumActive ?? features
      try require(
        (0...features).contains(active), "maximum_active: \(active); allowed: 0 to \(features)")
      return TaskSpec(
        featureCount: features, encoding: encoding == "dense" ? .dense : .oneHot(maximumActive: active),
        actionNames: actions)
    }
  }

  /// Reads JSON.
  static func read(_ text: String) throws(CallError) -> TaskText {
    do {
      try checkDepth(ofJSON: text.utf8, file: "task")
      return try JSONDecoder().decode(TaskText.self, from: Data(text.utf8))
    } catch {
      throw CallError(
        .setting, #"task: is no JSON such as {"features": 10, "encoding": "dense", "actions": ["a", "b"]}"#)
    }
  }

  /// JSON.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}

/// Settings in JSON; none for NULL.
func settings(_ pointer: UnsafePointer<CChar>?) throws(CallError) -> [String: SettingValue] {
  guard let text = text(pointer) else { return [:] }
  do {
    try checkDepth(ofJSON: text.utf8, file: "settings")
    return try JSONDecoder().decode([String: SettingValue].self, from: Data(text.utf8))
  } catch {
    throw CallError(.setting, #"settings: are no JSON object such as {"alpha": 2}"#)
  }
}
