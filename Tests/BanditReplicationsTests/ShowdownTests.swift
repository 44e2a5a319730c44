import BanditFiles
import Testing
import TestSupport

@testable import BanditLaboratory
@testable import BanditReplications

@Suite("The Showdown")
struct ShowdownTests {
  private static let agents = ["epsilon-greedy", "good", "bad"]

  /// Regrets of 10, 5 and 40 of 100, a little apart from seed to seed, on two tasks, and all the same on a third.
  private static let report: ShowdownReport = {
    var runs: [ShowdownRun] = []
    for task in ["a", "b", "c"] {
      for (agent, regret) in zip(agents, [10.0, 5, 40]) {
        for seed in 0..<3 {
          let own = task == "c" ? 10 : regret * (1 + 0.01 * Double(seed))
          runs.append(
            ShowdownRun(
              task: task, agent: agent, seed: UInt64(seed), steps: 7, expectedRegret: own, uniformRegret: 100)
          )
        }
      }
    }
    return ShowdownReport(runs, tasks: ["a", "b", "c"], agents: agents, missing: ["jester"])
  }()

  @Test("Agents are in the order of their ranks, with means and intervals in per cent of uniform")
  func means() {
    let tables = Self.report.tables
    #expect(tables[0].title.hasSuffix("over 3 seeds; not at hand: jester"))
    #expect(tables[0].rows.map { $0[0] } == ["good", "epsilon-greedy", "bad"])
    // scipy.stats.t.interval(0.95, 2, 10.1, sem): half a width of 0.2484.
    #expect(tables[0].rows[1] == ["epsilon-greedy", "3", "10.10 ± 0.248", "10.10 ± 0.248", "10 ± 0"])
    #expect(tables[1].rows[2] == ["bad", "3", "40.40", "40.40", "10"])
    #expect(tables[2].rows.map { $0[1] } == ["1.333", "2", "2.667"])
  }

  @Test("Against the reference only intervals without 0 count")
  func differences() {
    let rows = Self.report.tables[3].rows
    #expect(rows == [["good", "none", "2: a, b", "1: c"], ["bad", "2: a, b", "none", "1: c"]])
  }

  @Test("The file has a row for every run")
  func file() throws {
    let lines = Self.report.csv.split(separator: "\n")
    #expect(lines.count == 1 + 27)
    #expect(lines[1] == "a,epsilon-greedy,0,7,10.0,100.0,10.0")
  }

  @Test("Without a list every task whose data are at hand is played; a word that names none is refused")
  func tasks() throws {
    let experiment = ExperimentTests()
    try withTemporaryDirectory { folder in
      let laboratory = experiment.laboratory(folder + "/x")
      #expect {
        try experiment.run("showdown", laboratory, ["environments=mushrom"])
      } throws: {
        "\($0)".contains("mushroom")
      }
      #expect {
        try experiment.run("showdown", laboratory, ["agents=bbc"])
      } throws: {
        "\($0)".contains("bbb")
      }
      let summary = try experiment.run("showdown", laboratory, ["environments=mushroom", "deepSeeds=1"])
      #expect(summary.tables[0].head == ["agent", "seeds", "mushroom"])
      #expect(try text(of: folder + "/x/showdown.csv").hasPrefix("environment,agent,seed,steps,"))
    }
  }
}
