import BanditAgentKit
import BanditAgents
import BanditCore
import BanditLearning
import BanditNumerics
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

  @Test("Optimism is what untrained outputs are around", arguments: ["columns", "blocks"])
  func optimism(coding: String) throws {
    let words = ["actionCoding=\(coding)", "rewardScale=2"]
    func outputs(_ more: String) throws -> [Double] {
      var agent = try make(BayesByBackprop.self, smallSettings + words + [more])
      return try agent.networkOutputs(for: TableTask.observation(2))[0]
    }
    for (neutral, hopeful) in zip(try outputs("optimism=0"), try outputs("optimism=1.5")) {
      // The bias starts at 1.5 instead of within the bound of the first means, 0.2.
      #expect(abs(hopeful - neutral - 1.5) <= 0.2 + 1e-6)
    }
  }

  @Test(
    "klScale multiplies the weight of every minibatch's KL; klExamples counts it once over what is remembered",
    arguments: [(0, 1 / 7, 0.5 / 7), (1, 0.05, 0.05), (80, 0.0125, 0.0125)] as [(Int, Double, Double)])
  func klScale(examples: Int, first: Double, second: Double) throws {
    var settings = PosteriorSettings()
    (settings.klWeight, settings.klScale, settings.klExamples) = (.blundell, 0.25, examples)
    var replay = ReplaySettings()
    (replay.minibatches, replay.batchSize) = (3, 4)
    var training = try ReplayTraining(spec: TableTask.spec, replay: replay, optimisation: .init())
    var task = TableTask(seed: 4)
    for _ in 0..<20 { training.store(task.randomTransition()) }
    var network = try settings.network(
      NetworkSettings(), training: training, stream: RandomStream(seed: 1))
    var (byHand, drawing) = (network, RandomStream(seed: 2))
    var (sameTraining, sameDrawing) = (training, drawing)
    try training.train(&network, settings, shuffling: &drawing)
    sameTraining.beginRound()
    for weight in [first, second, examples == 0 ? second / 2 : second] {
      sameTraining.nextMinibatch(&sameDrawing)
      _ = byHand.step(
        sameTraining.minibatch, klWeight: weight, learningRate: sameTraining.learningRate)
    }
    #expect(network.means == byHand.means && network.rhos == byHand.rhos)
    var cold = network
    try training.train(&network, settings, shuffling: &drawing)
    settings.klScale = 0
    try sameTraining.train(&cold, settings, shuffling: &sameDrawing)
    #expect(cold.rhos != network.rhos)
  }

  @Test("A head of mean and variance acts by the mean, and both start where optimism says")
  func head() throws {
    let words = smallSettings + ["likelihood=gaussian-head", "prefill=0"]
    func agent(_ more: String...) throws -> BayesByBackprop {
      try make(BayesByBackprop.self, words + more)
    }
    var hopeful = try agent("optimism=3", "meanBound=0", "rhoLow=-30", "rhoHigh=-30")
    let outputs = try hopeful.networkOutputs(for: TableTask.observation(2))[0]
    #expect(outputs == Array(repeating: 3, count: 2 * TableTask.spec.actionCount))
    var learning = try agent("learningRate=0.01", "klScale=0.001", "noiseSigma=1")
    var task = TableTask(seed: 5)
    for _ in 0..<300 { try learning.update(task.randomTransition()) }
    for context in 0..<TableTask.contexts {
      let outputs = try learning.networkOutputs(for: TableTask.observation(context))[0]
      let means = (0..<TableTask.actions).map { outputs[2 * $0] }
      let best = means.indices.max { means[$0] < means[$1] }
      #expect(best == context % TableTask.actions)
      let decision = try learning.selectAction(for: TableTask.observation(context))
      #expect(decision.action == best)
    }
    #expect(learning.exportedNetwork.likelihood == "gaussian-head" && learning.exportedNetwork.noise == nil)
  }

  @Test("Under blocks an action's steps move no other action's first layer")
  func blocks() throws {
    var agent = try make(
      BayesByBackprop.self, smallSettings + ["actionCoding=blocks", "hiddenLayers=", "klScale=0"])
    let before = try agent.networkOutputs(for: TableTask.observation(1))[0]
    for _ in 0..<50 {
      try agent.update(
        Transition(observation: TableTask.observation(1), decision: Decision(action: 1), reward: 3))
    }
    let after = try agent.networkOutputs(for: TableTask.observation(1))[0]
    let bias = after[0] - before[0]  // what all actions share
    #expect(abs(after[2] - before[2] - bias) < 1e-5)
    #expect(abs(after[1] - 3) < 0.5 && after[1] - before[1] > bias + 0.1)
    #expect(agent.exportedNetwork.actionCoding == .blocks)
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
