import BanditCore
import BanditFiles
import BanditSimulation
import Foundation

/// Where the runs of a task come from: settings, programs, commands, data.
struct ReportProvenance {
  private let task: RunTask

  init(_ task: RunTask) { self.task = task }

  var html: String {
    get throws {
      HTML.details("Settings", settings)
        + HTML.details("Runs: programs, commands, data", HTML.table(try runs, words: [9, 10]))
    }
  }

  /// A column of settings for each group: those that differ, and below them what all have in common.
  private var settings: String {
    let groups = task.groups.map { group in (name: group.name, settings: Self.settings(of: group)) }
    let keys = groups.flatMap(\.settings.keys).distinct.sorted()
    func cells(_ key: String) -> [String] { groups.map { $0.settings[key] ?? "" } }
    let different = keys.filter { Set(cells($0)).count > 1 }
    let common = keys.filter { Set(cells($0)).count == 1 }
    let head = [[groups.count > 1 ? "setting" : ""] + groups.map(\.name)]
    let differing =
      different.isEmpty
      ? ""
      : HTML.table(head + different.map { [$0] + cells($0) }, caption: "Settings that differ between groups")
    let same = HTML.table(
      [["setting", "all groups"]] + common.map { [$0, cells($0)[0]] }, caption: "Settings of all groups")
    return differing + same
  }

  /// The settings of a group by name; those of the environment have its name before them.
  private static func settings(of group: RunGroup) -> [String: String] {
    let settings = group.runs[0].settings
    let own = settings.agentSettings.map { ($0.key, $0.value.description) }
    let environment = settings.environmentSettings.map {
      ("\(settings.environment): \($0.key)", $0.value.description)
    }
    let whole = [
      ("agent", settings.agent), ("steps", String(settings.steps)),
      ("free steps", String(group.prefillSteps)),
    ]
    return Dictionary(own + environment + whole) { first, _ in first }
  }

  private var runs: [[String]] {
    get throws {
      let head = [
        "group", "seed", "steps", "seconds", "regret", "program", "kernels", "started", "folder", "command",
        "data, SHA-256",
      ]
      return try [head] + task.groups.flatMap { group in try group.runs.map { try row(group, $0) } }
    }
  }

  private func row(_ group: RunGroup, _ run: RecordedRun) throws -> [String] {
    let origin = try readJSONFile(ProcessOrigin.self, atPath: run.path + "/manifest.json")
    let end = run.lastStep == run.settings.steps ? "" : " of \(Format.grouped(run.settings.steps))"
    let regret = run.value(RecordedRun.expectedRegret, at: run.lastStep)
    return [
      group.name, String(run.settings.seed), Format.grouped(run.lastStep) + end,
      run.summary?.seconds.map { String(format: "%.1f", $0) } ?? "", regret.map { "\($0)" } ?? "",
      origin.program,
      origin.kernels, origin.startedAt, run.path, origin.commandLine.joined(separator: " "),
      run.data.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "; "),
    ]
  }
}
