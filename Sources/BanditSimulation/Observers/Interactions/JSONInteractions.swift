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

  private var objects: JSONObjects

  /// Prepares the names of a task.
  public init(_ spec: TaskSpec) { objects = JSONObjects(spec) }

  /// Appends the object.
  public mutating func append(_ interaction: Interaction, to line: inout [UInt8]) {
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

  private var objects: JSONObjects

  /// Prepares the names of a task.
  public init(_ spec: TaskSpec) { objects = JSONObjects(spec) }

  /// Appends the object.
  public mutating func append(_ interaction: Interaction, to line: inout [UInt8]) {
    objects.append(interaction, to: &line)
    guard let probabilities = interaction.probabilities else {
      return line.append(text: ",\"probabilities\":null}")
    }
    line.append(text: ",\"probabilities\":[")
    for (action, probability) in probabilities.enumerated() {
      if action > 0 { line.append(UInt8(ascii: ",")) }
      objects.numbers.append(probability, to: &line)
    }
    line.append(text: "]}")
  }
}

/// What the objects of both forms have in common.
private struct JSONObjects {
  /// The text from an action's number to the propensity, with the action's name.
  private let actions: TextTable
  /// The names of context columns as JSON strings, with what stands before their numbers or between them.
  private let features: TextTable?
  var numbers = NumberTexts()

  init(_ spec: TaskSpec) {
    actions = TextTable(
      spec.actionNames.enumerated().map { action, name in
        Array(",\"action\":\(action),\"action_name\":".utf8) + Self.quoted(name)
          + Array(",\"propensity\":".utf8)
      })
    let separator = UInt8(ascii: spec.encoding == .dense ? ":" : ",")
    features = spec.featureNames.map { TextTable($0.map { Self.quoted($0) + [separator] }) }
  }

  /// Appends the object without its end.
  mutating func append(_ interaction: Interaction, to line: inout [UInt8]) {
    line.append(text: "{\"step\":")
    line.append(integer: interaction.step)
    append(interaction.observation, to: &line)
    let decision = interaction.decision
    actions.append(decision.action, to: &line)
    numbers.append(decision.propensity ?? .nan, to: &line)
    line.append(text: ",\"reward\":")
    numbers.append(interaction.reward, to: &line)
  }

  /// Numbers are a list, or an object where they have names; columns that are 1 are `active`, by indices or names.
  private func append(_ observation: Observation, to line: inout [UInt8]) {
    switch observation.encoding {
    case .dense:
      line.append(text: features == nil ? ",\"context\":[" : ",\"context\":{")
      for (column, value) in observation.features.enumerated() {
        features?.append(column, to: &line)
        line.append(number: value)
        line.append(UInt8(ascii: ","))
      }
      if !observation.features.isEmpty { line.removeLast() }
      line.append(UInt8(ascii: features == nil ? "]" : "}"))
    case .oneHot:
      line.append(text: ",\"active\":[")
      for column in observation.activeIndices {
        if let features {
          features.append(Int(column), to: &line)
        } else {
          line.append(integer: Int(column))
          line.append(UInt8(ascii: ","))
        }
      }
      if !observation.activeIndices.isEmpty { line.removeLast() }
      line.append(UInt8(ascii: "]"))
    }
  }

  private static func quoted(_ name: String) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(name)).map { [UInt8]($0) } ?? Array("\"\"".utf8)
  }
}
