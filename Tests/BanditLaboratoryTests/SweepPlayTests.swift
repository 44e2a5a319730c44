import BanditFiles
import BanditLaboratory
import BanditSimulation
import Foundation
import Synchronization
import Testing
import TestSupport

@Suite("Playing sweeps")
struct SweepPlayTests {
  private func runs() throws -> [Sweep.Run] {
    try sweep(#"{"agents": ["uniform"], "environments": ["linear"], "seeds": 6, "steps": 20}"#).runs
  }

  /// Plays in this process; runs of some seeds fail.
  private func player(
    failing: Set<UInt64> = [], played: PlayedSeeds = PlayedSeeds()
  ) -> SweepPlay.Player {
    { settings, folder, _, _, _ in
      played.note(settings.seed)
      if failing.contains(settings.seed) { return .failed("seed \(settings.seed) does not please") }
      do {
        _ = try Run(Simulation(settings, registry: registry), program: "test")
          .play(into: RunDirectory(creating: folder, overwrite: false, resume: true), shouldStop: { false })
        return .finished
      } catch { return .failed("\(error)") }
    }
  }

  private final class PlayedSeeds: Sendable {
    private let seeds = Mutex<[UInt64]>([])
    func note(_ seed: UInt64) { seeds.withLock { $0.append(seed) } }
    var sorted: [UInt64] { seeds.withLock { $0.sorted() } }
  }

  private func play(_ folder: SweepFolder, _ player: @escaping SweepPlay.Player) throws -> SweepPlay.Outcome {
    SweepPlay(try runs(), in: folder, jobs: 3, player: player, shouldStop: { false }, report: { _ in }).play()
  }

  @Test("What failed keeps its reason, is tried again, and the rest is not played twice")
  func failures() throws {
    try withTemporaryDirectory { root in
      let folder = SweepFolder(root)
      try folder.prepare(with: Array("{}".utf8))
      let first = try play(folder, player(failing: [2, 4]))
      #expect(first.played == 4 && first.failures.count == 2)
      let failed = try runs().filter { [2, 4].contains($0.settings.seed) }
      for run in failed {
        #expect(folder.failure(of: run.name)?.reason == "seed \(run.settings.seed) does not please")
      }
      let played = PlayedSeeds()
      let second = try play(folder, player(played: played))
      #expect(second.played == 2 && second.before == 4 && second.failures.isEmpty)
      #expect(played.sorted == [2, 4])
      #expect(failed.allSatisfy { folder.failure(of: $0.name) == nil })
      #expect(try names(in: root + "/claims").isEmpty)
    }
  }

  @Test("Two processes of one sweep play each run once")
  func together() throws {
    try withTemporaryDirectory { root in
      let folder = SweepFolder(root)
      try folder.prepare(with: Array("{}".utf8))
      let (played, all) = (PlayedSeeds(), try runs())
      let slow: SweepPlay.Player = { settings, folder, threads, stop, report in
        Thread.sleep(forTimeInterval: 0.02)
        return player(played: played)(settings, folder, threads, stop, report)
      }
      let done = Mutex(0)
      SideBySide.run(2, workers: 2) { _ in
        let outcome = SweepPlay(
          all, in: folder, jobs: 2, player: slow, shouldStop: { false }, report: { _ in }
        ).play()
        done.withLock { $0 += outcome.played }
        return outcome.played + outcome.before == all.count
      }
      #expect(played.sorted == Array(0..<6) && done.withLock { $0 } == 6)
    }
  }

  @Test("A run whose log is shorter than its summary says is not done")
  func damage() throws {
    try withTemporaryDirectory { root in
      let folder = SweepFolder(root)
      try folder.prepare(with: Array("{}".utf8))
      _ = try play(folder, player())
      let run = try runs()[1]
      let log = folder.folder(of: run.name) + "/regret.csv.gz"
      try Data(contents(of: log).dropLast()).write(to: URL(filePath: log))
      let outcome = try play(folder, player())
      #expect(outcome.before == 5 && outcome.failures.first?.reason.contains("regret.csv.gz") == true)
      try FileManager.default.removeItem(atPath: folder.folder(of: run.name))
      #expect(try play(folder, player()).played == 1)
    }
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder)
  }
}
