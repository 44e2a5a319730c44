import ArgumentParser
import BanditCore
import BanditSimulation
import BanditFigures
import Foundation

/// `bandit-sim figure`.
struct FigureCommand: ParsableCommand {
  /// `Axis.Scale` by its words.
  enum AxisScale: String, CaseIterable, ExpressibleByArgument {
    case linear, log, piecewise

    var scale: Axis.Scale {
      switch self {
      case .linear: .linear
      case .log: .log
      case .piecewise: .piecewise
      }
    }
  }

  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "figure",
      abstract: "Draws the curves of runs, as a picture with its data beside it.",
      discussion: """
        Runs that differ in nothing but the seed are one curve: their mean, with a 95 % interval, and the single runs \
        as thin lines. Each environment, or setting of one, has panels of its own. The data of FILE.svg are in FILE.csv. Pictures are drawn by gnuplot; without it the data are \
        written all the same.

        Examples:
          \(Program.name) figure runs
          \(Program.name) figure runs/*-seed? -o regret.pdf --quantity regret --axis log
          \(Program.name) figure runs/mine -o mine.png --quantity eating-rate --open
        """)
  }

  @Argument(
    help: "Folders of runs, or folders that have some in them or in their folders.", completion: .directory)
  var runs: [String]

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The picture: a file's name in .svg, .png or .pdf.", valueName: "file"))
  var output = "figure.svg"

  @Option(
    help: ArgumentHelp(
      "What to draw; may be repeated: expected-regret, regret, or a counter of the environment such as eating-rate. "
        + "(default: expected-regret and all counters)"))
  var quantity: [String] = []

  @Option(help: "The axis of regrets; piecewise gives 0 to 1,000, to 10,000 and to 100,000 the same length.")
  var axis = AxisScale.linear

  @Flag(help: "Show the picture, where there is a desktop.")
  var open = false

  func run() throws {
    try reportingUsage {
      try Figure.requireFormat(of: output)
      let (tasks, twins) = try RunTask.tasks(
        of: RunFolders.runs(in: runs), registry: Catalogue.current.registry)
      Console.note(twins.map { "Warning: \($0.warning)\n" }.joined())
      let quantities = try RunQuantity.chosen(quantity, among: tasks.flatMap(\.groups))
      let files = try RunFigure(tasks, quantities: quantities, scale: axis.scale).figure.write(to: output)
      try Console.result(
        (["picture: \(files[0])"] + files.dropFirst().map { "data: \($0)" }).joined(separator: "\n"))
      if open { Desktop.open(files[0]) }
    }
  }
}
