import ArgumentParser
import BanditCore
import BanditSimulation
import BanditFigures

/// `bandit-sim compare`.
struct CompareCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "compare",
      abstract: "Compares runs: final regrets, paired differences with intervals, a verdict.",
      discussion: """
        Runs that differ in nothing but the seed are one group; runs of other environments, or settings of them, are \
        compared in tables of their own. Differences are taken seed by seed, because runs under \
        one seed meet the same contexts; 'better' and 'worse' take five common seeds, and the t test and a sign-flip \
        test that agree at 5 %, corrected for the number of differences in the table.

        Examples:
          \(Program.name) compare runs
          \(Program.name) compare runs/*-seed? --at 1000 --at 10000
          \(Program.name) compare runs/bbb runs/greedy --against bbb --figure comparison.svg
        """)
  }

  @Argument(
    help: "Folders of runs, or folders that have some in them or in their folders.", completion: .directory)
  var runs: [String]

  @Option(
    help: ArgumentHelp(
      "A step to compare at, beside the last that all runs have played; may be repeated.", valueName: "step"))
  var at: [Int] = []

  @Option(
    help: ArgumentHelp(
      "The group to compare the others with, by its name in the table. (default: the one with the least regret, of those with several seeds)",
      valueName: "group"))
  var against: String?

  @Flag(
    help: """
      Give verdicts also between groups of which one was shown more steps of random play before its own; they count in \
      no regret.
      """)
  var acrossFreePlay = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Also draw a picture: a file's name in .svg, .png or .pdf.", valueName: "file"))
  var figure: String?

  @Flag(help: "The comparison as one JSON document.")
  var json = false

  @Flag(help: "The comparison as CSV: a row for each group and step.")
  var csv = false

  func validate() throws {
    if json && csv {
      throw ValidationError("--json and --csv are two forms of one result; give one of them.")
    }
  }

  func run() throws {
    try reportingUsage {
      if let figure { try Figure.requireFormat(of: figure) }
      let (tasks, twins) = try RunFolders.tasks(
        in: runs, at: at, needsLogs: figure != nil || !at.isEmpty)
      let comparisons = try Comparison.all(
        of: tasks, at: at, reference: against, acrossFreePlay: acrossFreePlay)
      let report = CompareReport(comparisons)
      try Console.result(json ? report.json : csv ? CompareCSV(comparisons).text : report.text)
      let warnings = CompareWarnings.logs(tasks) + CompareWarnings.all(comparisons, twins: twins)
      Console.note(warnings.map { "Warning: \($0)\n" }.joined())
      guard let figure else { return }
      let files = try CompareFigure(tasks, comparisons).figure.write(to: figure)
      Console.note(files.map { "written: \($0)\n" }.joined())
    }
  }
}
