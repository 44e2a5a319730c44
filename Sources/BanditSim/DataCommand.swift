import ArgumentParser
import BanditData

/// `bandit-sim data`.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Lists and checks the data sets.",
    subcommands: [List.self, Verify.self], defaultSubcommand: List.self)

  /// `bandit-sim data list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Names the data sets, their sources and licences.")

    func run() throws {
      for set in DataCatalogue.all {
        try Console.result(
          "\(set.name): \(set.summary)\n  rows: \(set.rows)\n  source: \(set.source)\n  licence: \(set.licence)"
        )
      }
    }
  }

  /// `bandit-sim data verify`.
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks size, checksum, rows, classes and levels of data sets.")

    @Argument(help: "The data set; all if left out.")
    var name: String?

    func run() throws {
      try reportingUsage {
        let sets = try name.map { [try DataCatalogue.named($0)] } ?? DataCatalogue.all
        for set in sets { try Console.result(try set.verify()) }
      }
    }
  }
}
