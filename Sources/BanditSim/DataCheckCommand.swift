import ArgumentParser
import BanditCore
import BanditEnvironments
import BanditFiles

/// `bandit-sim data check`.
struct DataCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Shows what the environment 'classification' takes a labelled file for.",
    discussion: """
      Columns with their kinds and missing fields, the label with its classes, and the number of features. Nothing is \
      played.

      Examples:
        \(Program.name) data check iris.csv
        \(Program.name) data check wine.csv --env-set separator=semicolon --env-set labelColumn=quality
      """)

  @Argument(help: "The file.")
  var file: String

  @Option(
    name: .customLong("env-set"),
    help: ArgumentHelp(
      "A setting of 'classification'; 'describe classification' names them.", valueName: "key=value"))
  var assignments: [String] = []

  func run() throws {
    try reportingUsage {
      let values = try assignments.map { try Settings.assignment($0) }
      var configuration = try Settings.applying(values, to: Classification.Configuration())
      configuration.file = file
      let read = try ClassificationFile(configuration)
      try Console.result(SchemaReport(file: file, schema: read.schema, sums: read.sums).text)
    }
  }
}

/// A table's schema for people.
private struct SchemaReport {
  let file: String
  let schema: TableSchema
  let sums: [String: String]

  /// The most columns and classes that are shown one by one.
  private static let most = 200

  var text: String {
    let features = "\(Format.grouped(schema.features)) features, \(schema.isOneHot ? "one-hot" : "numbers")"
    let summary = "\(file): \(Format.grouped(schema.rows)) rows, \(schema.classes.count) classes, \(features)"
    return
      ([summary, sums[file].map { "SHA-256: \($0)" }, "", columns, "", classes].compactMap(\.self)
      + (schema.notes.isEmpty ? [] : [""]) + schema.notes.map { "note: \($0)" }).joined(separator: "\n")
  }

  private var columns: String {
    let rows = schema.columns.prefix(Self.most).map { column in
      [
        column.name, column.kind == .categories ? "categories" : "numbers",
        column.missing == 0 ? "" : "\(Format.grouped(column.missing)) empty",
        column.features == 1 ? "1 feature" : "\(Format.grouped(column.features)) features",
      ]
    }
    return Format.leftTable([["column", "kind", "missing", "shown as"]] + rows)
      + more(schema.columns.count, "columns")
  }

  private var classes: String {
    let rows = schema.classes.prefix(Self.most).map { [$0.name, Format.grouped($0.rows)] }
    return Format.leftTable([["label \(schema.labelName)", "rows"]] + rows)
      + more(schema.classes.count, "classes")
  }

  private func more(_ count: Int, _ what: String) -> String {
    count > Self.most ? "\nand \(Format.grouped(count - Self.most)) more \(what)" : ""
  }
}
