import ArgumentParser
import BanditCore
import BanditLaboratory
import BanditSimulation
import Foundation

/// `bandit-sim sweep table`.
struct SweepTableCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "table",
      abstract: "Compares the settings of a sweep: a row for each, with regret and verdict.",
      discussion: """
        There is a table for each environment and its settings; runs whose data had other checksums are in tables of \
        their own, and so are settings that successive halving stopped. Differences and verdicts are those of 'compare'. Runs that are not done are left out.

        Examples:
          \(Program.name) sweep table results
          \(Program.name) sweep table results --best --against 'bbb learningRate=0.001'
          \(Program.name) sweep table results --csv
        """)
  }

  @Argument(help: "The folder of a sweep.")
  var folder: String

  @Flag(help: "The best setting of each agent alone. Chosen by these very runs, it looks better than it is.")
  var best = false

  @Option(
    help: ArgumentHelp(
      "The setting to compare the others with, by its name in the table. (default: the one with the least regret, of those with several seeds)",
      valueName: "setting"))
  var against: String?

  @Flag(help: "The table as CSV: a row for each setting, a column for each axis.")
  var csv = false

  @Flag(help: "The table as one JSON document.")
  var json = false

  func validate() throws {
    if json && csv {
      throw ValidationError("--json and --csv are two forms of one result; give one of them.")
    }
  }

  func run() throws {
    try reportingUsage {
      let opened = try OpenedSweep(in: folder)
      let table = try SweepTable(
        opened.sweep, opened.stage(), in: opened.folder, registry: Catalogue.current.registry,
        reference: against,
        onlyBest: best,
        workers: SharedOptions.count(ofJobs: -1))
      if json {
        try Console.result(String(decoding: RunDirectory.json(table), as: UTF8.self))
      } else {
        try Console.result(csv ? SweepCSV(table).text : SweepMarkdown(table).text)
      }
      if table.done < table.runs {
        Console.note(
          "Warning: \(table.runs - table.done) of \(table.runs) runs are not done, and in no row; see 'sweep status'\n"
        )
      }
    }
  }
}
