/// `manifest.json`: what a run was started with.
public struct RunManifest: Codable, Hashable, Sendable {
  /// The program; its fields are on the same level as `run`.
  public var origin: ProcessOrigin
  /// What decides the numbers.
  public var run: RunSettings

  private enum CodingKeys: String, CodingKey {
    case run
  }

  /// The manifest of a run that starts now, in this process.
  public init(_ run: RunSettings, program: String, commandLine: [String]? = nil) {
    origin = ProcessOrigin(program: program, commandLine: commandLine)
    self.run = run
  }

  /// Reads a manifest.
  public init(from decoder: any Decoder) throws {
    origin = try ProcessOrigin(from: decoder)
    run = try decoder.container(keyedBy: CodingKeys.self).decode(RunSettings.self, forKey: .run)
  }

  /// Writes all fields on one level.
  public func encode(to encoder: any Encoder) throws {
    try origin.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(run, forKey: .run)
  }
}
