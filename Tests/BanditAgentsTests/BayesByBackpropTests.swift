import BanditAgents
import BanditCore
import Testing

@Suite("Bayes by Backprop")
struct BayesByBackpropTests {
  private func agent(_ words: String..., seed: UInt64 = 1) throws -> BayesByBackprop {
    try make(BayesByBackprop.self, smallSettings + words, seed: seed)
  }

  /// The share of first actions in a context.
  private func shares(_ agent: BayesByBackprop, context: Int, count: Int = 4_000) throws -> [Double] {
    let decisions = try decisions(agent, context: context, count: count)
    return (0..<3).map { action in Double(decisions.count { $0.action == action }) / Double(count) }
  }

  @Test("Of equal actions a random one is taken")
  func ties() throws {
    // No mean and no spread: every output is 0.
    let agent = try agent("meanBound=0", "rhoLow=-200", "rhoHigh=-200")
    for context in 0..<6 {
      // Four standard errors of a third in 4,000: 0.03.
      #expect(try shares(agent, context: context).allSatisfy { abs($0 - 1.0 / 3) < 0.03 })
    }
  }

  @Test("A wide posterior explores, a narrow one does not")
  func width() throws {
    let wide = try shares(agent("rhoLow=1", "rhoHigh=1", "meanBound=0"), context: 0)
    #expect(wide.allSatisfy { $0 > 0.2 })
    #expect(try shares(agent("rhoLow=-30", "rhoHigh=-30"), context: 0).contains(1))
  }

  @Test("A closed-form KL needs a prior that has one")
  func analytic() throws {
    let error = #expect(throws: ConfigurationError.self) { try agent("kl=analytic", "prior=mixture") }
    #expect(error?.key == "kl" && error?.given == "analytic")
    #expect(error?.allowed.contains("prior=mixture") == true)
    _ = try agent("kl=analytic", "prior=gaussian")
  }

  @Test("Shared and independent draws act differently from the same seed")
  func thompson() throws {
    let wide = ["rhoLow=0", "rhoHigh=0", "actionSamples=1"]
    let shared = try make(BayesByBackprop.self, smallSettings + wide + ["thompson=shared"])
    let independent = try make(BayesByBackprop.self, smallSettings + wide + ["thompson=independent"])
    #expect(try decisions(shared, context: 0, count: 200) != decisions(independent, context: 0, count: 200))
  }

  @Test("A shared draw cancels what actions have in common; independent draws compare different networks")
  func common() throws {
    // Without hidden layers an action's value is context + action + bias weights. Under a shared draw the first two
    // cancel from every comparison, so the context does not matter at all.
    let linear = ["hiddenLayers=", "rhoLow=0", "rhoHigh=0", "actionSamples=1", "meanBound=0.5"]
    func first(_ thompson: String, context: Int) throws -> [Decision] {
      try decisions(
        make(BayesByBackprop.self, smallSettings + linear + ["thompson=\(thompson)"]), context: context,
        count: 300)
    }
    #expect(try first("shared", context: 0) == first("shared", context: 5))
    #expect(try first("independent", context: 0) != first("independent", context: 5))
  }

  @Test("Averaging many draws before acting explores less")
  func actionSamples() throws {
    let words = ["rhoLow=-1", "rhoHigh=-1", "meanBound=0.5"]
    let one = try make(BayesByBackprop.self, smallSettings + words + ["actionSamples=1"])
    let many = try make(BayesByBackprop.self, smallSettings + words + ["actionSamples=50"])
    let likeliestOfOne = try shares(one, context: 1, count: 1_000).max() ?? 0
    let likeliestOfMany = try shares(many, context: 1, count: 1_000).max() ?? 0
    #expect(likeliestOfMany > likeliestOfOne + 0.1)
  }

  @Test("A tight prior around 0 keeps the network from learning, a wide one does not")
  func prior() throws {
    func best(scale: String) throws -> Int {
      var agent = try agent(
        "prior=gaussian", "priorScale=\(scale)", "kl=analytic", "klWeight=uniform", "noiseSigma=0.5")
      var task = TableTask(seed: 1)
      return try play(&agent, &task, steps: 600).suffix(200).count { $0.isBest }
    }
    #expect(try best(scale: "1") > 160)
    #expect(try best(scale: "0.001") < 120)
  }

  @Test("Decisions carry no propensity unless it is estimated")
  func propensity() throws {
    #expect(try decisions(agent(), context: 0, count: 3).allSatisfy { $0.propensity == nil })
  }
}
