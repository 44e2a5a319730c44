public import BanditFigures
import BanditNumerics
import Foundation

/// A table of an experiment: our numbers beside the report's.
public struct ResultTable: Codable, Hashable, Sendable {
  /// What it shows.
  public var title: String
  /// The columns' names.
  public var head: [String]
  /// Cells, a row each.
  public var rows: [[String]]

  /// Creates a table.
  public init(_ title: String, head: [String], rows: [[String]]) {
    precondition(rows.allSatisfy { $0.count == head.count }, "a cell for each column")
    self.title = title
    self.head = head
    self.rows = rows
  }

  /// The cell of one or more numbers: their mean, with their standard deviation where there are several.
  public static func cell(_ values: [Double]) -> String { BanditLaboratory.cell(values) }

  /// As Markdown.
  public var markdown: String {
    let lines = [head, head.map { _ in "---" }] + rows
    return "**\(title)**\n\n"
      + lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
      + "\n"
  }
}

/// What an experiment reports.
public struct ExperimentResult: Sendable {
  /// A figure with the name of its file.
  public struct NamedFigure: Sendable {
    /// In lower case with hyphens, without an ending.
    public let name: String
    /// The picture.
    public let figure: Figure

    /// Creates a named figure.
    public init(_ name: String, _ figure: Figure) {
      self.name = name
      self.figure = figure
    }
  }

  /// The tables.
  public var tables: [ResultTable]
  /// The figures.
  public var figures: [NamedFigure]
  /// The texts of the experiment's `files`, by name.
  public var files: [String: String]

  /// Creates a result.
  public init(
    tables: [ResultTable] = [], figures: [NamedFigure] = [], files: [String: String] = [:]
  ) {
    self.tables = tables
    self.figures = figures
    self.files = files
  }
}

/// `summary.json` of an experiment.
public struct ExperimentSummary: Codable, Hashable, Sendable {
  /// The version of this file's form.
  public var schemaVersion = 1
  /// The experiment's name.
  public var experiment: String
  /// The tables.
  public var tables: [ResultTable]
  /// The figures' files, in the experiment's folder.
  public var figures: [String]
  /// Wall time, in seconds.
  public var seconds: Double

  package enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case experiment, tables, figures, seconds
  }
}

/// A number for a table: four significant digits, and no exponent where it can be done without.
package func cell(_ value: Double?) -> String {
  guard let value else { return "" }
  guard value.isFinite else { return "\(value)" }
  let magnitude = value.magnitude
  if magnitude < 1e15, value == value.rounded() { return String(Int(value)) }
  if magnitude >= 1_000 { return String(Int(value.rounded())) }
  if magnitude < 1e-3 { return String(format: "%.3g", value) }
  let digits = magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : magnitude >= 0.1 ? 3 : 4
  return String(format: "%.\(digits)f", value)
}

/// The mean of one or more values, with their standard deviation where there are several.
package func cell(_ values: [Double]) -> String {
  guard let spread = Spread(values) else { return "" }
  return cell(spread.mean) + (spread.deviation.map { " ± \(cell($0))" } ?? "")
}

/// A cell for each of several numbers of the values: their means, with standard deviations where there are several.
package func cells<Value>(_ values: [Value], _ paths: [KeyPath<Value, Double>]) -> [String] {
  paths.map { path in cell(values.map { $0[keyPath: path] }) }
}
