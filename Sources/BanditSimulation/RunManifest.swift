/// `manifest.json`: what a run was started with.
public struct RunManifest: Codable, Hashable, Sendable {
  /// The program; its fields are on the same level as `run`.
  public var origin: ProcessOrigin
  /// What decides the numbers.
  public var run: RunSettings
  /// What the task and the agent are; nil in manifests of earlier versions.
  public var about: RunDescription?
  /// The SHA-256 of the files that the environment read, by name; nil in manifests of earlier versions.
  public var data: [String: String]?
  /// The files and folders that observers leave, which `--overwrite` removes; nil in manifests of earlier versions.
  public var files: [String]?
  /// Versions of the program that resumed a run which another one began; nil where there were none.
  public var resumedBy: [String]?

  private enum CodingKeys: String, CodingKey {
    case run, about, data, files
    case resumedBy = "resumed_by"
  }

  /// The manifest of a simulation that starts now, in this process.
  public init(_ simulation: Simulation, program: String, commandLine: [String]? = nil, files: [String]? = nil)
  {
    origin = ProcessOrigin(program: program, commandLine: commandLine)
    run = simulation.settings
    about = simulation.description
    data = simulation.dataFiles
    self.files = files
  }

  /// Reads a manifest.
  public init(from decoder: any Decoder) throws {
    origin = try ProcessOrigin(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    run = try container.decode(RunSettings.self, forKey: .run)
    about = try container.decodeIfPresent(RunDescription.self, forKey: .about)
    data = try container.decodeIfPresent([String: String].self, forKey: .data)
    files = try container.decodeIfPresent([String].self, forKey: .files)
    resumedBy = try container.decodeIfPresent([String].self, forKey: .resumedBy)
  }

  /// Writes all fields on one level.
  public func encode(to encoder: any Encoder) throws {
    try origin.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(run, forKey: .run)
    try container.encodeIfPresent(about, forKey: .about)
    try container.encodeIfPresent(data, forKey: .data)
    try container.encodeIfPresent(files, forKey: .files)
    try container.encodeIfPresent(resumedBy, forKey: .resumedBy)
  }
}
