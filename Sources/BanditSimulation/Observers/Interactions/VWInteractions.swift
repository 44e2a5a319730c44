public import BanditCore

/// Vowpal Wabbit's text for contextual bandits: `action:cost:probability | features`, with actions from 1 and the
/// reward's negative as cost.
///
/// Features have their names, without the characters that the format takes for its own, or their numbers; those that are
/// 0 are left out, which is the same to that program.
public struct VWInteractions: InteractionForm {
  /// `interactions-vw`.
  public static let name = "interactions-vw"
  /// What `list observers` says.
  public static let summary = "interactions.vw.gz: every step as Vowpal Wabbit's --cb reads it."
  /// The file.
  public static let file = "interactions.vw.gz"
  /// The format has the action's alone.
  public static let hasProbabilities = false

  private let names: TextTable
  private var numbers = NumberTexts()

  /// Prepares the names of a task.
  public init(_ spec: TaskSpec) {
    names = TextTable(
      (0..<spec.featureCount).map { column in
        let name = spec.featureNames?[column] ?? String(column)
        let text = name.utf8.map { [9, 10, 13, 32, 58, 124].contains($0) ? UInt8(ascii: "_") : $0 }
        return [UInt8(ascii: " ")] + text + (spec.encoding == .dense ? [UInt8(ascii: ":")] : [])
      })
  }

  /// Appends the line.
  public mutating func append(_ interaction: Interaction, to line: inout [UInt8]) throws {
    let decision = interaction.decision
    guard let propensity = decision.propensity else {
      throw ConfigurationError(
        key: "--format", given: "vw",
        allowed: "an agent that knows its propensities, as this one does not at step \(interaction.step); "
          + "agents that act by draws estimate them with --set propensityDraws=100")
    }
    line.append(integer: decision.action + 1)
    line.append(UInt8(ascii: ":"))
    numbers.append(-interaction.reward, or: "nan", to: &line)
    line.append(UInt8(ascii: ":"))
    numbers.append(propensity, or: "nan", to: &line)
    line.append(text: " |")
    switch interaction.observation.encoding {
    case .dense:
      for (column, value) in interaction.observation.features.enumerated() where value != 0 {
        names.append(column, to: &line)
        line.append(number: value, or: "nan")
      }
    case .oneHot:
      for column in interaction.observation.activeIndices { names.append(Int(column), to: &line) }
    }
  }
}
