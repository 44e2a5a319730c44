import ArgumentParser
import BanditCore
import BanditLaboratory
import BanditSimulation
import Foundation

/// `bandit-sim experiment`.
struct ExperimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment", abstract: "Runs published experiments again: tables and figures.",
    subcommands: [List.self, Run.self], defaultSubcommand: List.self)

  /// `bandit-sim experiment list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Names the experiments, with about how long they take.")

    func run() throws {
      let rows = Catalogue.current.experiments.map { experiment in
        let duration = experiment.duration
        return [
          experiment.name, duration.map { Format.about($0.quick) } ?? "",
          duration.map { Format.about($0.full) } ?? "", experiment.description.summary,
        ]
      }
      try Console.result(
        Format.leftTable([["experiment", "quick", "full", ""]] + rows) + "\n\n"
          + Format.wrapped("Times are of one core under one seed; --jobs runs parts side by side."))
    }
  }

  /// The words of `ExperimentScale` on the command line.
  enum Scale: String, CaseIterable, ExpressibleByArgument {
    case quick, full
  }

  /// `bandit-sim experiment run`.
  struct Run: ParsableCommand {
    static var configuration: CommandConfiguration {
      CommandConfiguration(
        abstract: "Runs an experiment and writes its tables, figures and logs.",
        discussion: """
          Settings are shown by 'describe'. Later words win: --preset, then --scale, then --set. Tables go to stdout, progress to stderr.

          Examples:
            \(Program.name) experiment run regression --scale quick
            \(Program.name) experiment run regression-priors --seeds 3 --set mixtures1=
            \(Program.name) experiment run spiral --preset paper --seeds 5
            \(Program.name) experiment run regression --resume --figure 7
          """)
    }

    @Argument(help: "The experiment; 'experiment list' names them.", completion: Completions.experiments)
    var name: String

    @Option(help: "How much of it: 'quick' takes minutes, 'full' is the report's.")
    var scale = Scale.full

    @Option(help: "A preset of the experiment; 'list presets' names them.")
    var preset: String?

    @Option(parsing: .unconditional, help: "The first seed.")
    var seed: UInt64 = 0

    @Option(
      parsing: .unconditional, help: "How many seeds to run everything under, counted up from the first.")
    var seeds = 1

    @Option(parsing: .unconditional, help: "How many trainings or runs side by side; -1 for one a core.")
    var jobs = -1

    @OptionGroup var products: ProductOptions

    @Option(
      name: .customLong("set"), help: ArgumentHelp("A setting of the experiment.", valueName: "key=value"),
      completion: Completions.experimentSettings)
    var assignments: [String] = []

    @Option(
      help: ArgumentHelp("The folder to write. (default: experiments/<name>)", valueName: "folder"))
    var out: String?

    @Option(
      help: ArgumentHelp(
        "Draw this figure alone, by its name or number; 'describe' names them.", valueName: "name"))
    var figure: String?

    @Flag(help: "Replace the experiment that is in the folder.")
    var overwrite = false

    @Flag(
      help: """
        Resume the experiment that is in the folder, with the same settings: what was finished is read back, and \
        the rest continues from its checkpoints.
        """)
    var resume = false

    @Flag(help: "No progress on stderr.")
    var quiet = false

    @Flag(help: "Results as one JSON document.")
    var json = false

    func validate() throws {
      try SharedOptions.validate(seeds: seeds, jobs: jobs)
      try SharedOptions.validate(firstSeed: seed, seeds: seeds)
      try SharedOptions.validate(out: out)
      try SharedOptions.validate(overwrite: overwrite, resume: resume)
    }

    func run() throws {
      try reportingUsage { try run(Catalogue.current.experiment(named: name)) }
    }

    private func run<E: Experiment>(_ experiment: E.Type) throws {
      let scale: ExperimentScale = scale == .quick ? .quick : .full
      let configuration = try E.configuration(scale, preset: preset, assignments)
      let folder = out ?? "experiments/\(E.name)"
      let display = ExperimentDisplay(E.name, isQuiet: quiet)
      let jobs = try SharedOptions.count(ofJobs: jobs)
      try SharedOptions.requireFiles(forProcesses: jobs)
      let laboratory = Laboratory(
        folder: folder, seeds: (0..<UInt64(seeds)).map { seed + $0 },
        jobs: jobs, overwrite: overwrite, resume: resume,
        registry: Catalogue.current.registry, program: Program.nameAndVersion,
        figure: try figure(of: experiment), player: RunPlayer.play,
        shouldStop: { Interruption.isRequested }, report: { display.report($0) })
      Interruption.install()
      do {
        let summary = try laboratory.run(experiment, configuration, scale: scale, preset: preset)
        display.finish()
        try Console.result(json ? text(summary) : text(summary, folder: folder))
      } catch let error as ExperimentInterrupted {
        display.finish()
        Console.note("\(error): \(folder)\n")
        throw ExitCode(Interruption.exitCode)
      } catch {
        display.finish()
        throw error
      }
    }

    /// The name of the figure that is asked for.
    private func figure<E: Experiment>(of experiment: E.Type) throws -> String? {
      guard let figure, !E.figures.isEmpty else { return figure }
      guard let name = E.figures.first(where: { $0 == figure || $0 == "figure-\(figure)" }) else {
        throw ConfigurationError.unknown("--figure", figure, among: E.figures)
      }
      return name
    }

    private func text(_ summary: ExperimentSummary) throws -> String {
      String(decoding: try RunDirectory.json(summary), as: UTF8.self)
    }

    private func text(_ summary: ExperimentSummary, folder: String) -> String {
      let tables = summary.tables.map { "\($0.title)\n" + Format.table([$0.head] + $0.rows) }
      let figures = summary.figures.map { "\(folder)/\($0)" }.map {
        $0.hasSuffix(".csv") ? "figure's data: \($0) (no gnuplot to draw it)" : "figure: \($0)"
      }
      return
        (tables + [(figures + ["\(Format.time(summary.seconds)); files: \(folder)"]).joined(separator: "\n")])
        .joined(separator: "\n\n")
    }
  }
}
