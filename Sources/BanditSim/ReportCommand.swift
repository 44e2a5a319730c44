import ArgumentParser
import BanditCore
import BanditFiles
import BanditSimulation

/// `bandit-sim report`.
struct ReportCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "report",
      abstract: "Writes runs and experiments as one page for a browser.",
      discussion: """
        The page needs no other file and no network: curves whose values are read with the pointer or the arrow keys, \
        the tables of 'compare', settings that differ, where every run comes from. An experiment shows its tables and \
        figures.

        Examples:
          \(Program.name) report runs
          \(Program.name) report runs/*-seed? -o comparison.html --against bbb
          \(Program.name) report experiments/spiral -o spiral.html
        """)
  }

  @Argument(
    help: "Folders of runs, folders that have some in them or in their folders, or experiments.",
    completion: .directory)
  var folders: [String]

  @Option(name: [.short, .long], help: ArgumentHelp("The page.", valueName: "file"))
  var output = "report.html"

  @Option(help: "The heading. (default: what is in the page)")
  var title: String?

  @Option(
    help: ArgumentHelp(
      "The group to compare the others with. (default: the one with the least regret, of those with several seeds)",
      valueName: "group"))
  var against: String?

  @Flag(help: "Give verdicts also between groups of which one was shown more steps of free play.")
  var acrossFreePlay = false

  func validate() throws {
    if output.isEmpty || output.hasSuffix("/") {
      throw ValidationError("--output: '\(output)' is not allowed; allowed: the path of a file.")
    }
  }

  func run() throws {
    try reportingUsage {
      let experiments = try folders.filter(ReportedExperiment.isIn).map { try ReportedExperiment($0) }
      let others = folders.filter { !ReportedExperiment.isIn($0) }
      let (tasks, twins) = others.isEmpty ? ([], []) : try RunFolders.tasks(in: others, points: points)
      let comparisons = try Comparison.all(
        of: tasks, at: [], reference: against, acrossFreePlay: acrossFreePlay)
      let names = tasks.map(\.name) + experiments.map { "experiment \($0.name)" }
      let page = ReportPage(
        title: title ?? names.joined(separator: ", "), tasks: tasks, comparisons: comparisons,
        warnings: CompareWarnings.all(comparisons, twins: twins), experiments: experiments)
      let html = Array(try page.html.utf8)
      try replaceFile(atPath: output, with: html)
      try Console.result("page: \(output) (\(Format.megabytes(html.count)))")
    }
  }

  /// Steps of each curve: as many as a screen can show, fewer of many runs, so that the page stays a few megabytes.
  private func points(_ runs: Int) -> Int { min(1_000, max(100, 60_000 / max(runs, 1))) }
}
