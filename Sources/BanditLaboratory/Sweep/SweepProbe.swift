package import BanditCore
import BanditSimulation
import Foundation

/// How long the runs of a sweep take, from short probes of some of its settings.
package struct SweepProbe: Sendable {
  /// A setting that was probed.
  package struct Probe: Codable, Sendable {
    /// The setting.
    package var setting: String
    /// The environment.
    package var task: String
    /// From nothing to the first step, with free play.
    package var startSeconds: Double
    /// Of each further step.
    package var stepSeconds: Double
  }

  /// The probes.
  package let probes: [Probe]
  /// The time of all runs on one core, without what a process and its files take.
  package let seconds: Double

  /// The most settings that are probed.
  private static let most = 24
  /// How long each is played.
  private static let time = Duration.milliseconds(300)

  /// Plays the first steps of up to 24 settings, those of each agent and environment in turn, in this process and on one
  /// thread; no files are written.
  ///
  /// - Throws: what components throw.
  package init(_ sweep: Sweep, registry: Registry, shouldStop: () -> Bool = { false }) throws {
    struct Kind: Hashable {
      let agent: String
      let environment: String

      init(_ run: RunSettings) { (agent, environment) = (run.agent, run.environment) }
    }
    let runs = Dictionary(grouping: sweep.runs, by: \.setting)
    let kinds = Dictionary(grouping: runs.keys.sorted()) { Kind(sweep.settings[$0].run) }
    let each = max(1, Self.most / kinds.count)
    var probes: [Int: Probe] = [:]
    for settings in kinds.sorted(by: { $0.value[0] < $1.value[0] }).map(\.value).prefix(Self.most) {
      // Evenly spaced, the first and the last among them.
      let count = min(each, settings.count)
      for place in 0..<count where !shouldStop() {
        let index = settings[count == 1 ? 0 : place * (settings.count - 1) / (count - 1)]
        probes[index] = try Self.probe(sweep.settings[index], registry)
      }
    }
    self.probes = probes.sorted { $0.key < $1.key }.map(\.value)
    let all = Self.mean(self.probes)
    seconds = kinds.values.reduce(0) { sum, settings in
      let own = settings.compactMap { probes[$0] }
      let (start, step) = own.isEmpty ? all : Self.mean(own)
      let count = settings.reduce(0) { $0 + (runs[$1]?.count ?? 0) }
      return sum + Double(count) * (start + Double(sweep.steps) * step)
    }
  }

  private static func mean(_ probes: [Probe]) -> (start: Double, step: Double) {
    let count = Double(max(1, probes.count))
    return (
      probes.reduce(0) { $0 + $1.startSeconds } / count, probes.reduce(0) { $0 + $1.stepSeconds } / count
    )
  }

  private static func probe(_ setting: Sweep.Setting, _ registry: Registry) throws -> Probe {
    let clock = ContinuousClock()
    let begun = clock.now
    var simulation = try Simulation(setting.run, registry: registry, threads: 1)
    try simulation.step()
    let started = clock.now
    var steps = 0
    while clock.now - started < time && !simulation.isFinished {
      try simulation.step()
      steps += 1
    }
    return Probe(
      setting: setting.name, task: setting.task, startSeconds: (started - begun).inSeconds,
      stepSeconds: (clock.now - started).inSeconds / Double(max(1, steps)))
  }
}

extension Sweep {
  /// Throws for values that an agent or an environment of the sweep refuses, before anything is played; the data are
  /// read, once for each environment.
  package func check(in registry: Registry) throws {
    struct Surroundings: Hashable {
      let name: String
      let settings: [String: SettingValue]
    }
    var last: (key: Surroundings, simulation: Simulation)?
    for setting in self.settings {
      let run = setting.run
      let key = Surroundings(name: run.environment, settings: run.environmentSettings)
      if let last, last.key == key {
        try last.simulation.check(agentOf: run)
      } else {
        last = (key, try Simulation(run, registry: registry))
      }
    }
  }
}
