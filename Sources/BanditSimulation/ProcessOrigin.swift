import BanditNumerics
import Foundation

/// What every `manifest.json` says of the program that wrote it, beside the settings.
public struct ProcessOrigin: Codable, Hashable, Sendable {
  /// The version of the file's form.
  public var schemaVersion = 1
  /// The program and its version.
  public var program: String
  /// The words it was started with.
  public var commandLine: [String]
  /// When, in ISO 8601.
  public var startedAt: String
  /// The instruction set of the kernels.
  public var kernels: String

  package enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case program
    case commandLine = "command_line"
    case startedAt = "started_at"
    case kernels
  }

  /// How a program, and whose matrix products it takes, differ from those that began something; a phrase each.
  ///
  /// What one version began, another resumes; what was begun with other products goes on with those.
  package static func differences(of program: String, from begun: String, kernels: String?) -> [String] {
    func name(_ program: String) -> Substring {
      program.lastIndex(of: " ").map { program[..<$0] } ?? program[...]
    }
    func products(_ kernels: String) -> String { kernels.hasSuffix("+openblas") ? "openblas" : "own" }
    let (before, now) = (products(kernels ?? ""), products(Kernels.best.description))
    return (name(program) == name(begun) ? [] : ["program \(begun), now \(program)"])
      + (before == now ? [] : ["--products \(before), now \(now)"])
  }

  /// This process, now; `commandLine` has the words that a user gave, where those of the process are others.
  package init(program: String, commandLine: [String]? = nil) {
    self.program = program
    self.commandLine = commandLine ?? CommandLine.arguments
    // ISO8601DateFormatter traps where the zones' files cannot be opened.
    startedAt = Date().formatted(.iso8601)
    kernels = Kernels.best.description
  }
}

/// `manifest.json` of something with settings: where it comes from, and under a key of their own the settings.
package struct Manifest: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  private let origin: ProcessOrigin
  private let key: Key
  private let settings: any Encodable

  package init(_ key: String, _ settings: any Encodable, program: String) {
    origin = ProcessOrigin(program: program)
    self.key = Key(key)
    self.settings = settings
  }

  package func encode(to encoder: any Encoder) throws {
    try origin.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(settings, forKey: key)
  }
}
