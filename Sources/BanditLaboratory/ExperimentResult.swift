public import BanditFigures

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
  /// The version of this file's form: since 2 tables have numbers beside texts, and figures are relative paths.
  public var schemaVersion = 2
  /// The experiment's name.
  public var experiment: String
  /// The tables.
  public var tables: [ResultTable]
  /// The figures' files, relative to the experiment's folder.
  public var figures: [String]
  /// Wall time, in seconds.
  public var seconds: Double

  package enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case experiment, tables, figures, seconds
  }
}
