import BanditCore
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("TensorBoard's view of a run")
struct RunEventsTests {
  @discardableResult
  private func play(
    _ agent: String, in folder: String, tensorBoard: Bool = true, until last: Int = .max, resume: Bool = false
  ) throws -> RunDirectory {
    let directory = try RunDirectory(creating: folder, overwrite: false, resume: resume)
    var steps = resume ? 40 : 0
    let simulation = try Simulation(settings(agent, smallSettings, steps: 100), registry: registry)
    _ = try Run(simulation, program: "tests", observers: tensorBoard ? [RunEvents()] : []).play(
      into: directory,
      shouldStop: {
        steps += 1
        return steps > last
      })
    return directory
  }

  @Test("Looking at an agent changes no decision", arguments: ["bbb", "ensemble", "dropout"])
  func harmless(agent: String) throws {
    try withTemporaryDirectory { folder in
      let seen = try play(agent, in: folder + "/seen")
      let unseen = try play(agent, in: folder + "/unseen", tensorBoard: false)
      #expect(try logText(seen.logPath) == logText(unseen.logPath))
      #expect(
        try !FileManager.default.contentsOfDirectory(atPath: unseen.path).contains("tensorboard"))
    }
  }

  @Test("TensorBoard's own reader finds curves and histograms, also of a run that was stopped and resumed")
  func reader() throws {
    guard hasProgram("python3", arguments: ["-c", "import tensorboard"]) else {
      return skip("no TensorBoard to read events with")
    }
    try withTemporaryDirectory { folder in
      let whole = try play("bbb", in: folder + "/whole")
      try play("bbb", in: folder + "/parts", until: 40)
      let parts = try play("bbb", in: folder + "/parts", resume: true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: parts.path + "/tensorboard").count == 2)
      let texts = try [whole, parts].map { directory -> String in
        let result = try run(["python3", "-c", Self.script, directory.path + "/tensorboard"])
        #expect(result.status == 0)
        return result.output
      }
      #expect(texts[0] == texts[1])
      let last = try logText(whole.logPath).split(separator: "\n").last?.split(separator: ",")
      let regret = try #require(last.flatMap { Double($0[7]) })
      #expect(texts[0].contains("regret/cumulative_expected 100 100 \(regret)"))
      #expect(texts[0].contains("counters/eating_rate 100 100 "))
      #expect(texts[0].contains("training/complexity_cost 100 100 "))
      #expect(texts[0].contains("weights/layers.0.weight.rho 51 100 \(Double(119 * 8))"))
    }
  }

  private static let script = """
    import sys
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    log = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "histograms": 0})
    log.Reload()
    for tag in sorted(log.Tags()["scalars"]):
      events = log.Scalars(tag)
      print(tag, len(events), events[-1].step, events[-1].value)
    for tag in sorted(log.Tags()["histograms"]):
      events = log.Histograms(tag)
      print(tag, len(events), events[-1].step, events[-1].histogram_value.num)
    """
}
