import ArgumentParser
import BanditCore
import BanditLaboratory
import BanditSimulation
import Foundation

/// `bandit-sim sweep plan`.
struct SweepPlanCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "plan",
      abstract: "Tells the number of a sweep's runs, their settings and about how long they take.",
      discussion: """
        Nothing is written. The time is that of one core, from the first steps of up to 24 settings, played here; \
        agents that get slower with the steps take longer.

        Examples:
          \(Program.name) sweep plan sweep.json
          \(Program.name) sweep plan sweep.json --no-probe --json
        """)
  }

  @Argument(help: ArgumentHelp("The sweep's file, or the folder of a sweep.", valueName: "file"))
  var file: String

  @Flag(inversion: .prefixedNo, help: "Estimate the time.")
  var probe = true

  @Flag(help: "The plan as one JSON document.")
  var json = false

  private struct Document: Encodable {
    struct Setting: Encodable {
      let environment: String
      let agent: String
      let folder: String
      let settings: [String: SettingValue]
    }

    let runs: Int
    let steps: Int
    let settings: [Setting]
    let probes: [SweepProbe.Probe]?
    let seconds: Double?
    /// The share of the steps that successive halving plays.
    let share: Double
  }

  func run() throws {
    try reportingUsage {
      let registry = Catalogue.current.registry
      let sweep =
        OpenedSweep.isFolder(file)
        ? try OpenedSweep(in: file).sweep
        : try OpenedSweep.sweep(OpenedSweep.bytes(of: file), file: file)
      Interruption.install()
      try sweep.check(in: registry)
      let probes =
        probe ? try SweepProbe(sweep, registry: registry, shouldStop: { Interruption.isRequested }) : nil
      if Interruption.isRequested { throw ExitCode(Interruption.exitCode) }
      try Console.result(json ? document(sweep, probes) : text(sweep, probes))
    }
  }

  private func document(_ sweep: Sweep, _ probes: SweepProbe?) throws -> String {
    let settings = sweep.settings.map {
      Document.Setting(environment: $0.task, agent: $0.name, folder: $0.folder, settings: $0.axes)
    }
    let document = Document(
      runs: sweep.runs.count, steps: sweep.steps, settings: settings, probes: probes?.probes,
      seconds: probes.map { $0.seconds * SweepStage.share(of: sweep) }, share: SweepStage.share(of: sweep))
    return String(decoding: try RunDirectory.json(document), as: UTF8.self)
  }

  private func text(_ sweep: Sweep, _ probes: SweepProbe?) -> String {
    let counts = Dictionary(grouping: sweep.runs, by: \.setting).mapValues(\.count)
    let rows = sweep.settings.enumerated().map { index, setting in
      [setting.task, setting.name, String(counts[index] ?? 0)]
    }
    var lines = [Format.leftTable([["environment", "agent", "seeds"]] + rows), ""]
    if let probes {
      let rows = probes.probes.map {
        [
          "\($0.task), \($0.setting)", String(format: "%.3f", $0.startSeconds),
          String(format: "%.1f", 1e6 * $0.stepSeconds),
        ]
      }
      lines += [Format.table([["probed", "start (s)", "step (µs)"]] + rows), ""]
    }
    lines.append(
      "\(Format.grouped(sweep.runs.count)) runs of \(Format.grouped(sweep.steps)) steps, "
        + "\(Format.grouped(sweep.settings.count)) settings")
    let share = SweepStage.share(of: sweep)
    if let halving = sweep.halving {
      lines.append(
        "successive halving by \(halving) plays \(String(format: "%.0f", 100 * share)) % of these steps")
    }
    if let probes {
      lines.append(
        "about \(Format.time(probes.seconds * share)) on one core, beside some 0.1 s a run for its process and files"
      )
    }
    return lines.joined(separator: "\n")
  }
}
