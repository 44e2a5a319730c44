import ArgumentParser
import BanditCore
import BanditFiles
import Foundation

/// `bandit-sim export`.
struct ExportCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "export",
      abstract: "Writes a run's trained network for PyTorch and others.",
      discussion: """
        The last checkpoint's parameters go to a safetensors file, what they mean to a JSON file beside it; \
        Docs/Export.md loads both in a few lines of Python.

        Example:
          \(Program.name) export runs/mushroom-bbb-seed0 -o bbb.safetensors
        """)
  }

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
  var folder: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The file to write, replacing what is there; JSON goes beside it. (default: <run>/network.safetensors)",
      valueName: "file"))
  var output: String?

  private static let ending = ".safetensors"

  func validate() throws {
    if let output,
      !output.hasSuffix(Self.ending) || output.hasSuffix("/" + Self.ending) || output == Self.ending
    {
      throw ValidationError(
        "--output: '\(output)' is not allowed; allowed: a file that ends with \(Self.ending).")
    }
  }

  func run() throws {
    try reportingUsage {
      let path = output ?? folder + "/network" + Self.ending
      let export = try NetworkExport(readingFrom: folder, registry: Catalogue.current.registry)
      try replaceFile(atPath: path, with: export.tensors)
      let words = String(path.dropLast(Self.ending.count)) + ".json"
      try replaceFile(atPath: words, with: export.description)
      try Console.result("network: \(path)\ndescription: \(words)")
    }
  }
}
