import ArgumentParser
import BanditCore
import BanditFiles
import BanditLaboratory
import BanditSimulation
import Foundation

/// `bandit-sim sweep`.
struct SweepCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "sweep",
      abstract:
        "Plays many runs from one file: agents, environments, settings and seeds, and tells what came of it.",
      discussion: """
        The file, in JSON or YAML, has agents, environments, values of settings (set, env-set), seeds and steps; every combination is \
        a run in a folder of its own. Several processes, on several machines too, may play one sweep's folder at once.

        Example of a file:
          {"agents": ["bbb", "epsilon-greedy"], "set": {"learningRate": [0.0001, 0.001]}, "seeds": 5, "steps": 2000}

        Examples:
          \(Program.name) sweep plan sweep.json
          \(Program.name) sweep run sweep.json --out results --jobs -1
          \(Program.name) sweep status results
          \(Program.name) sweep table results --best
        """,
      subcommands: [
        SweepPlanCommand.self, SweepRunCommand.self, SweepStatusCommand.self, SweepTableCommand.self,
        SweepCommandsCommand.self, SweepSubmitCommand.self,
      ])
  }
}

/// A sweep with the folder that it is played in.
struct OpenedSweep {
  let sweep: Sweep
  let folder: SweepFolder

  /// What is to be played of it now.
  func stage() throws -> SweepStage { try SweepStage(sweep, in: folder) }

  /// Reads the sweep of a folder.
  ///
  /// - Throws: `ConfigurationError` where it is none.
  init(in path: String) throws {
    folder = SweepFolder(path)
    sweep = try Self.sweep(folder.file(), file: folder.filePath)
  }

  /// The sweep of a file's bytes.
  static func sweep(_ bytes: [UInt8], file: String) throws -> Sweep {
    try Sweep(SweepFile(json: bytes, file: file), registry: Catalogue.current.registry)
  }

  /// The bytes of a sweep's file, those of one in YAML as JSON.
  static func bytes(of file: String) throws -> [UInt8] {
    let bytes = try readDataFile(atPath: file, limit: 1 << 20)
    guard SweepYAML.isYAML(file) else { return bytes }
    try checkDepth(ofJSON: bytes, file: file)
    return try SweepYAML.json(of: bytes, file: file)
  }

  /// A sweep's file that asks for successive halving.
  static func halving(_ bytes: [UInt8], by factor: Int, file: String) throws -> [UInt8] {
    _ = try SweepFile(json: bytes, file: file)
    guard case .group(var fields) = try JSONDecoder().decode(SettingValue.self, from: Data(bytes)) else {
      return bytes
    }
    fields["halve"] = .integer(factor)
    return Array(try RunDirectory.json(SettingValue.group(fields)))
  }

  /// Whether a path is a folder.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
