public import BanditCore
import Foundation

/// A JSON object a step: `{"step":1,"context":[…],"action":0,"action_name":"eat","propensity":0.5,"reward":5}`.
///
/// `Docs/Interactions.md` has the schema.
public struct JSONInteractions: InteractionForm {
  /// `interactions`.
  public static let name = "interactions"
  /// What `list observers` says.
  public static let summary = "interactions.jsonl.gz: context, action, propensity and reward of every step."
  /// The file.
  public static let file = "interactions.jsonl.gz"
  /// They are left out.
  public static let hasProbabilities = false

  private let objects: JSONObjects

  /// Prepares the names of a task.
  public init(_ spec: TaskSpec) { objects = JSONObjects(spec) }

  /// Appends the object.
  public func append(_ interaction: Interaction, to line: inout [UInt8]) {
    objects.append(interaction, to: &line)
    line.append(text: "}")
  }
}

/// The same with the probabilities of all actions at the end of each object: `"probabilities":[0.5,0.5]`.
public struct FullJSONInteractions: InteractionForm {
  /// `interactions-full`.
  public static let name = "interactions-full"
  /// What `list observers` says.
  public static let summary = "interactions.jsonl.gz with the probabilities of all actions, where known."
  /// The same file: a run has one of the two.
  public static let file = JSONInteractions.file
  /// They are there.
  public static let hasProbabilities = true

  private let objects: JSONObjects

  /// Prepares the names of a task.
  public init(_ spec: TaskSpec) { objects = JSONObjects(spec) }

  /// Appends the object.
  public func append(_ interaction: Interaction, to line: inout [UInt8]) {
    objects.append(interaction, to: &line)
    line.append(text: ",\"probabilities\":")
    if let probabilities = interaction.probabilities {
      line.append(UInt8(ascii: "["))
      for (action, probability) in probabilities.enumerated() {
        if action > 0 { line.append(UInt8(ascii: ",")) }
        line.append(number: probability)
      }
      line.append(UInt8(ascii: "]"))
    } else {
      line.append(text: "null")
    }
    line.append(text: "}")
  }
}

/// What the objects of both forms have in common.
private struct JSONObjects {
  /// The names of actions and of context columns as JSON strings.
  private let actions: [[UInt8]]
  private let features: [[UInt8]]?

  init(_ spec: TaskSpec) {
    actions = spec.actionNames.map(Self.quoted)
    features = spec.featureNames.map { $0.map(Self.quoted) }
  }

  /// Appends the object without its end.
  func append(_ interaction: Interaction, to line: inout [UInt8]) {
    line.append(text: "{\"step\":\(interaction.step),")
    append(interaction.observation, to: &line)
    let decision = interaction.decision
    line.append(text: ",\"action\":\(decision.action),\"action_name\":")
    line += actions[decision.action]
    line.append(text: ",\"propensity\":")
    line.append(number: decision.propensity ?? .nan)
    line.append(text: ",\"reward\":")
    line.append(number: interaction.reward)
  }

  /// Numbers are a list, or an object where they have names; columns that are 1 are `active`, by indices or names.
  private func append(_ observation: Observation, to line: inout [UInt8]) {
    switch observation.encoding {
    case .dense:
      line.append(text: features == nil ? "\"context\":[" : "\"context\":{")
      for (column, value) in observation.features.enumerated() {
        if column > 0 { line.append(UInt8(ascii: ",")) }
        if let features {
          line += features[column]
          line.append(UInt8(ascii: ":"))
        }
        line.append(number: value)
      }
      line.append(UInt8(ascii: features == nil ? "]" : "}"))
    case .oneHot:
      line.append(text: "\"active\":[")
      for (place, column) in observation.activeIndices.enumerated() {
        if place > 0 { line.append(UInt8(ascii: ",")) }
        if let features { line += features[Int(column)] } else { line.append(text: String(column)) }
      }
      line.append(UInt8(ascii: "]"))
    }
  }

  private static func quoted(_ name: String) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(name)).map { [UInt8]($0) } ?? Array("\"\"".utf8)
  }
}
