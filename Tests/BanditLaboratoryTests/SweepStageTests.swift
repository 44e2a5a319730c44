import BanditFiles
import BanditLaboratory
import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("Successive halving")
struct SweepStageTests {
  private func plan(halving: Int?) throws -> Sweep {
    let halve = halving.map { ", \"halve\": \($0)" } ?? ""
    return try sweep(
      """
      {"agents": ["linear-thompson"], "environments": ["linear", "wheel"], "seeds": 2, "steps": 90\(halve),
       "set": {"priorPrecision": [0.01, 0.1, 1, 10, 100, 1000, 10000]}}
      """)
  }

  private let player: SweepPlay.Player = { settings, folder, _, _, _ in
    do {
      _ = try Run(Simulation(settings, registry: registry), program: "test")
        .play(into: RunDirectory(creating: folder, overwrite: false, resume: true), shouldStop: { false })
      return .finished
    } catch { return .failed("\(error)") }
  }

  private func play(_ runs: [Sweep.Run], in folder: SweepFolder) {
    let outcome = SweepPlay(
      runs, in: folder, jobs: 2, player: player, shouldStop: { false }, report: { _ in }
    ).play()
    #expect(outcome.failures.isEmpty)
  }

  @Test("The better third of each environment goes on, to the logs of runs that were never halved")
  func halving() throws {
    try withTemporaryDirectory { root in
      let (whole, halved) = (SweepFolder(root + "/whole"), SweepFolder(root + "/halved"))
      for folder in [whole, halved] { try folder.prepare(with: Array("{}".utf8)) }
      let (all, sweep) = (try plan(halving: nil), try plan(halving: 3))
      let only = try SweepStage(all, in: whole)
      #expect(only.isLast && only.runs.count == 28 && only.stopped.isEmpty)
      play(only.runs, in: whole)
      var alive = Set(sweep.settings.indices)
      for (rung, steps, count) in [(0, 10, 14), (1, 30, 6), (2, 90, 2)] {
        var stage = try SweepStage(sweep, in: halved)
        #expect(stage.rungs == [10, 30, 90] && stage.rung == rung && stage.runs.count == 2 * count)
        #expect(
          stage.runs.allSatisfy { $0.settings.steps == steps } && Set(stage.runs.map(\.setting)) == alive)
        // A stop in the middle changes nothing.
        play(Array(stage.runs.prefix(3)), in: halved)
        stage = try SweepStage(sweep, in: halved)
        #expect(stage.rung == rung)
        play(stage.runs, in: halved)
        guard rung < 2 else { break }
        var means: [Int: Double] = [:]
        for run in stage.runs {
          let log = try RecordedRun(
            readingFrom: whole.folder(of: run.name), points: 1, others: [steps])
          means[run.setting, default: 0] += try #require(log.value(RecordedRun.expectedRegret, at: steps)) / 2
        }
        alive = Set(
          Set(sweep.settings.map(\.task)).flatMap { task in
            let own = alive.filter { sweep.settings[$0].task == task }
            return own.sorted { (means[$0] ?? 0, $0) < (means[$1] ?? 0, $1) }.prefix((own.count + 2) / 3)
          })
      }
      let stage = try SweepStage(sweep, in: halved)
      for run in stage.runs {
        let log = run.name + "/regret.csv.gz"
        #expect(try contents(of: "\(root)/halved/runs/\(log)") == contents(of: "\(root)/whole/runs/\(log)"))
      }
      // Without what was decided the logs decide the same.
      let kept = try text(of: root + "/halved/halving.json")
      try FileManager.default.removeItem(atPath: root + "/halved/halving.json")
      _ = try SweepStage(sweep, in: halved)
      #expect(try text(of: root + "/halved/halving.json") == kept)
      let table = try SweepTable(sweep, stage, in: halved, registry: registry)
      #expect(table.done == 28 && table.tasks.map(\.steps).sorted() == [10, 10, 30, 30, 90, 90])
      #expect(table.tasks.allSatisfy { ($0.stoppedOf == 90) == ($0.steps < 90) })
      #expect(SweepStage.share(of: sweep) < 0.4 && SweepStage.share(of: all) == 1)
    }
  }
}
