package import BanditCore
import BanditNumerics
package import BanditSimulation
import Foundation
import Synchronization

/// What a sweep came to: a row for each setting of which all runs, or some, are done.
package struct SweepTable: Codable, Sendable {
  /// A setting over its seeds.
  package struct Row: Codable, Sendable {
    /// Its regrets.
    package var standing: Comparison.Standing
    /// The values that set it apart from other settings, by key.
    package var settings: [String: SettingValue]
    /// The mean wall time of its runs.
    package var seconds: Double?
    /// How it compares with the reference; nil for the reference itself.
    package var difference: PairedDifference?
  }

  /// Settings that can be compared: of one environment, with one state of its data, at one step.
  package struct Task: Codable, Sendable {
    /// The environment, and what sets it apart from the others of the sweep.
    package var name: String
    /// The SHA-256 of the environment's files, by name.
    package var data: [String: String]
    /// Steps of each run.
    package var steps: Int
    /// The steps that successive halving would have gone on to, had it not stopped these settings; nil for others.
    package var stoppedOf: Int?
    /// The setting that the others are compared with.
    package var reference: String?
    /// The settings, the least expected regret first.
    package var rows: [Row]
  }

  /// The tasks.
  package var tasks: [Task]
  /// Runs that are done.
  package var done: Int
  /// Runs of the sweep.
  package var runs: Int

  /// Reads the ends of all runs that are done; no log is read.
  ///
  /// - Parameters:
  ///   - reference: the name of the setting that the others are compared with; nil takes the best contender.
  ///   - onlyBest: whether each task has the best setting of each agent alone.
  ///   - workers: how many runs are read side by side.
  /// - Throws: `ConfigurationError` for a reference that is not there, `DataFileError` for files that cannot be read.
  package init(
    _ sweep: Sweep, _ stage: SweepStage, in folder: SweepFolder, registry: Registry, reference: String? = nil,
    onlyBest: Bool = false,
    workers: Int = 1
  ) throws {
    let played = stage.runs + stage.stopped
    let ends = try Self.ends(played, folder, workers: workers)
    let stopped = Set(stage.stopped.map(\.settings.steps)).subtracting(stage.runs.map(\.settings.steps))
    var order: [Key] = []
    var groups: [Key: [Int: [RecordedRun]]] = [:]
    for (run, end) in zip(played, ends) {
      guard let end else { continue }
      try end.requireRegret()
      let key = Key(name: sweep.settings[run.setting].task, data: end.data, steps: end.lastStep)
      if groups[key] == nil { order.append(key) }
      groups[key, default: [:]][run.setting, default: []].append(end)
    }
    let tasks = order.map { key in
      RunTask(
        name: key.title(among: order), environment: key.name,
        groups: (groups[key] ?? [:]).sorted { $0.key < $1.key }.map { index, runs in
          let setting = sweep.settings[index]
          return RunGroup(
            name: setting.name, runs: runs, agent: registry.agents.first { $0.name == setting.run.agent })
        })
    }
    let comparisons = try Comparison.all(
      of: onlyBest ? tasks.map(Self.best) : tasks, at: [], reference: reference)
    let axes = Dictionary(grouping: sweep.settings, by: \.task).mapValues { settings in
      Dictionary(settings.map { ($0.name, $0.axes) }) { first, _ in first }
    }
    self.tasks = zip(order, comparisons).map { Self.task($0, $1, axes: axes[$0.name] ?? [:]) }
    for index in self.tasks.indices where stopped.contains(self.tasks[index].steps) {
      self.tasks[index].stoppedOf = stage.rungs.last
    }
    (done, runs) = (ends.count { $0 != nil }, played.count)
  }

  /// The runs that are done, each as its summary has it; nil for the others.
  private static func ends(_ runs: [Sweep.Run], _ folder: SweepFolder, workers: Int) throws -> [RecordedRun?]
  {
    let read = Mutex<[Int: Result<RecordedRun, any Error>]>([:])
    let pieces = stride(from: 0, to: runs.count, by: 64).map { $0..<min($0 + 64, runs.count) }
    SideBySide.run(pieces.count, workers: workers) { piece in
      for index in pieces[piece] {
        let run = runs[index]
        guard let summary = folder.summary(of: run.name, steps: run.settings.steps) else { continue }
        let end = Result { try RecordedRun(endOf: folder.folder(of: run.name), summary) }
        read.withLock { $0[index] = end }
      }
      return true
    }
    let found = read.withLock { $0 }
    return try runs.indices.map { try found[$0]?.get() }
  }

  /// What runs have in common that can be compared.
  private struct Key: Hashable {
    let name: String
    let data: [String: String]
    let steps: Int

    /// The environment; with the state of its data where there are several.
    func title(among all: [Key]) -> String {
      guard all.contains(where: { $0.name == name && $0.data != data }) else { return name }
      let files = data.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.prefix(8))" }
      return "\(name) data=\(files.joined(separator: ","))"
    }
  }

  /// A task with the setting of the least mean regret of each agent.
  private static func best(_ task: RunTask) -> RunTask {
    var least: [String: (regret: Double, group: RunGroup)] = [:]
    for group in task.groups {
      let values = group.runs.compactMap { $0.value(RecordedRun.expectedRegret, at: $0.lastStep) }
      guard let mean = Spread(values)?.mean else { continue }
      let agent = group.runs[0].settings.agent
      if mean < least[agent]?.regret ?? .infinity { least[agent] = (mean, group) }
    }
    let names = Set(least.values.map(\.group.name))
    return RunTask(
      name: task.name, environment: task.environment, groups: task.groups.filter { names.contains($0.name) })
  }

  private static func task(
    _ key: Key, _ comparison: Comparison, axes: [String: [String: SettingValue]]
  ) -> Task {
    var seconds: [String: [Double]] = [:]
    for run in comparison.runs { if let time = run.seconds { seconds[run.group, default: []].append(time) } }
    let table = comparison.tables[comparison.tables.count - 1]
    let differences = Dictionary(uniqueKeysWithValues: table.differences.map { ($0.group, $0) })
    let rows = table.standings.sorted { $0.expectedRegret < $1.expectedRegret }.map { standing in
      Row(
        standing: standing, settings: axes[standing.group] ?? [:],
        seconds: Spread(seconds[standing.group] ?? [])?.mean, difference: differences[standing.group])
    }
    return Task(
      name: comparison.task, data: key.data, steps: key.steps, reference: comparison.reference, rows: rows)
  }
}
