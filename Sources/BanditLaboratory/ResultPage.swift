import BanditCore
import Foundation

/// `results.md`: what an experiment was run with, what it came to, and its pictures.
struct ResultPage {
  /// The experiment's name.
  let name: String
  /// What it is, in a sentence.
  let about: String
  /// How much of it was run.
  let scale: ExperimentScale
  /// The preset that its settings came from.
  let preset: String?
  /// The seeds.
  let seeds: [UInt64]
  /// All settings.
  let settings: [Setting]
  /// The program and its version.
  let program: String
  /// The words that the program was started with.
  let commandLine: [String]
  /// How many parts worked side by side.
  let jobs: Int
  /// Wall time of this process, in seconds.
  let seconds: Double
  /// Whether some of the work may have been done by an earlier process.
  let isResumed: Bool
  /// The tables.
  let tables: [ResultTable]
  /// The files of the figures, relative to the page.
  let figures: [String]

  /// The page.
  var markdown: String {
    let pictures = figures.map { path in
      let title = URL(filePath: path).deletingPathExtension().lastPathComponent
      return (path.hasSuffix(".csv") ? "" : "!") + "[\(title)](\(path))\n"
    }
    return (["# \(name)\n", about + "\n", facts] + tables.map(\.markdown) + pictures).joined(separator: "\n")
  }

  private var facts: String {
    let values = settings.map { "`\($0.key)=\($0.value)`" }.joined(separator: ", ")
    return """
      - Scale: \(scale.rawValue)\(preset.map { ", preset \($0)" } ?? "")
      - Seeds: \(seeds.map(String.init).joined(separator: ", "))
      - Settings: \(values.isEmpty ? "none" : values)
      - Command: `\(command)`
      - Wall time: \(cell(seconds)) s, \(jobs) at a time\(isResumed ? ", since it was resumed" : "")
      - Program: \(program)

      """
  }

  /// The command as a shell takes it.
  private var command: String {
    let name = commandLine.first.map { URL(filePath: $0).lastPathComponent } ?? program
    return ([name] + commandLine.dropFirst()).map(\.shellWord).joined(separator: " ")
  }
}

extension String {
  /// The text as a word for a shell.
  package var shellWord: String {
    if wholeMatch(of: /[A-Za-z0-9_.,:=+\/@%-]+/) != nil { return self }
    return "'" + replacing("'", with: "'\\''") + "'"
  }
}
