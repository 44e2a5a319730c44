import BanditAgents
import BanditCore
import BanditNumerics
import Testing

@Suite("Ensemble")
struct EnsembleTests {
  private func agent(_ words: String..., seed: UInt64 = 1) throws -> Ensemble {
    try make(Ensemble.self, smallSettings + words, seed: seed)
  }

  @Test("Members differ, and a random one decides as often as its propensity says")
  func members() throws {
    var disagreements = 0
    for context in 0..<6 {
      let decisions = try decisions(agent(), context: context, count: 2_000)
      let chosen = Set(decisions)
      if chosen.count > 1 { disagreements += 1 }
      #expect(abs(chosen.reduce(0) { $0 + ($1.propensity ?? 0) } - 1) < 1e-12)
      for decision in chosen {
        let propensity = try #require(decision.propensity)
        #expect(abs(propensity * 5 - (propensity * 5).rounded()) < 1e-12)
        // Four standard errors of a share of 1/2 in 2,000: 0.045.
        let share = Double(decisions.count { $0 == decision }) / 2_000
        #expect(abs(share - propensity) < 0.045)
      }
    }
    #expect(disagreements > 0)
  }

  @Test("The mean always decides the same, and for sure")
  func mean() throws {
    for context in 0..<6 {
      let decisions = try decisions(agent("acting=mean"), context: context, count: 50)
      #expect(Set(decisions).count == 1)
      #expect(decisions[0].propensity == 1)
    }
  }

  @Test("A bound without standard deviations is the mean, with many it is another")
  func optimistic() throws {
    func actions(_ words: String...) throws -> [Int] {
      let agent = try make(Ensemble.self, smallSettings + words)
      return try (0..<6).map { try decisions(agent, context: $0, count: 1)[0].action }
    }
    let mean = try actions("acting=mean")
    #expect(try actions("acting=optimistic", "beta=0") == mean)
    #expect(try actions("acting=optimistic", "beta=1000") != mean)
    #expect(try decisions(agent("acting=optimistic"), context: 0, count: 1)[0].propensity == 1)
  }

  @Test(
    "Members with heads learn the task, and draws by their spread too",
    arguments: ["gaussian-head", "laplace-head"])
  func heads(likelihood: String) throws {
    for acting in ["member", "mixture", "knowledge"] {
      var agent = try agent("likelihood=\(likelihood)", "acting=\(acting)", "learningRate=0.003")
      var task = TableTask(seed: 5)
      try play(&agent, &task, steps: 400)
      let late = try play(&agent, &task, steps: 300)
      // Chance is 100 with a standard deviation of 8; draws keep trying what is not the best.
      #expect(late.count { $0.isBest } > (acting == "member" ? 200 : 150), "\(acting)")
      #expect(acting == "member" || late.allSatisfy { $0.decision.propensity == nil })
      #expect(agent.diagnostics.loss?.isFinite == true)
    }
  }

  @Test("Draws by knowledge follow the normal distribution of the members' means")
  func knowledge() throws {
    // One member knows no spread of means, so draws are its means.
    for context in 0..<6 {
      let drawn = try decisions(agent("members=1", "acting=knowledge"), context: context, count: 20)
      #expect(
        try drawn.map(\.action) == decisions(agent("members=1"), context: context, count: 20).map(\.action))
    }
    // Untrained Gaussian heads of one variance: a draw prefers an action by Φ of the means' distance.
    let wide = try agent("acting=mixture", "likelihood=gaussian", "noiseSigma=100")
    let actions = try decisions(wide, context: 0, count: 6_000).map(\.action)
    for action in 0..<3 {
      // Means are within 1 of each other: three equal chances, five standard errors of 0.006.
      #expect(abs(Double(actions.count { $0 == action }) / 6_000 - 1.0 / 3) < 0.03)
    }
  }

  @Test("A single member is its own mean")
  func single() throws {
    for context in 0..<6 {
      let member = try decisions(agent("members=1"), context: context, count: 20)
      #expect(try member == decisions(agent("members=1", "acting=mean"), context: context, count: 20))
    }
  }

  @Test("A bootstrap mask keeps steps from members")
  func bootstrap() throws {
    // No step is in any member's sample, so nothing is learned: the cost is 0 and the members stay.
    var untaught = try agent("bootstrap=1e-12", "acting=mean")
    let before = try (0..<6).map { try decisions(untaught, context: $0, count: 1) }
    var task = TableTask(seed: 1)
    try play(&untaught, &task, steps: 100)
    #expect(untaught.diagnostics.loss == 0)
    #expect(try (0..<6).map { try decisions(untaught, context: $0, count: 1) } == before)
    var taught = try agent("bootstrap=0.5", "acting=mean")
    try play(&taught, &task, steps: 100)
    #expect(taught.diagnostics.loss.map { $0 > 0 && $0.isFinite } == true)
  }

  @Test("Half of the steps teach half as much cost as all of them")
  func bootstrapShare() throws {
    func firstLoss(_ bootstrap: String) throws -> Double {
      // One round on the random play, before any step has moved the members far.
      var agent = try agent("bootstrap=\(bootstrap)", "learningRate=1e-9", "minibatches=16", "batchSize=64")
      var task = TableTask(seed: 2)
      for _ in 0..<1_024 { try agent.prefill(task.randomTransition()) }
      try play(&agent, &task, steps: 1)
      return try #require(agent.diagnostics.loss)
    }
    // The last member's mask of 1,024 steps: a share of 1/2 has a standard error of 0.016; four of them, and the
    // spread of the costs themselves.
    #expect(try abs(firstLoss("0.5") / firstLoss("1") - 0.5) < 0.1)
  }

  @Test("The number of threads moves no bit", arguments: [["members=5"], ["members=3", "bootstrap=0.5"]])
  func threads(words: [String]) throws {
    let runs = try [1, 2, 3, 7].map { threads in
      var agent = try make(Ensemble.self, smallSettings + words)
      agent.setThreads(threads)
      var task = TableTask(seed: 4)
      var losses: [UInt64] = []
      var decisions: [Decision] = []
      for _ in 0..<40 {
        decisions += try play(&agent, &task, steps: 1).map(\.decision)
        losses.append(try #require(agent.diagnostics.loss).bitPattern)
      }
      return (losses, decisions)
    }
    for run in runs.dropFirst() { #expect(run == runs[0]) }
  }

  @Test("A bootstrapped ensemble still learns")
  func bootstrapLearns() throws {
    var agent = try agent("bootstrap=0.7")
    var task = TableTask(seed: 3)
    #expect(try play(&agent, &task, steps: 600).suffix(200).count { $0.isBest } > 160)
  }
}
