import BanditAgentKit
import BanditAgents
import BanditCore
import BanditLearning
import Foundation
import Testing

@Suite("Presets")
struct PresetTests {
  private func configuration<A: Agent>(_ type: A.Type, _ name: String) throws -> A.Configuration {
    let preset = try #require(A.presets.first { $0.name == name })
    return try Settings.applying(preset.settings.map { try Settings.assignment($0) }, to: A.Configuration())
  }

  @Test("The paper's Bayes by Backprop has the report's numbers")
  func paper() throws {
    let paper = try configuration(BayesByBackprop.self, "paper")
    #expect(paper.thompson == .independent)
    let posterior = paper.learner.posterior
    #expect(paper.learner.network.hiddenLayers == [100, 100])
    #expect(posterior.prior == .mixture && posterior.priorWeight == 0.5)
    #expect(posterior.priorSigma1 == 1 && posterior.priorSigma2 == exp(-6))
    #expect(posterior.kl == .monteCarlo && posterior.klWeight == .blundell)
    #expect(posterior.weightSamples == 2 && paper.actionSamples == 2)
    #expect(posterior.likelihood == .gaussian && posterior.noiseSigma == 1)
    #expect(posterior.initialisation == .uniform && posterior.meanBound == 0.2)
    #expect(posterior.rhoLow == -5 && posterior.rhoHigh == -4)
    try expectReportTraining(paper.learner.optimisation, paper.learner.replay)
    var shared = paper
    shared.thompson = .shared
    shared.actionSamples = 1
    #expect(shared == BayesByBackprop.Configuration())
  }

  @Test("The tuned Bayes by Backprop has the search's numbers, and the defaults else")
  func tuned() throws {
    var expected = BayesByBackprop.Configuration()
    (expected.learner.replay.prefill, expected.learner.replay.bufferSize) = (0, 0)
    expected.learner.replay.minibatches = 4
    expected.learner.optimisation.learningRate = 3e-4
    expected.learner.posterior.likelihood = .gaussianHead
    expected.learner.posterior.prior = .gaussian
    expected.learner.posterior.priorScale = 0.3
    expected.learner.posterior.kl = .analytic
    (expected.learner.posterior.klExamples, expected.learner.posterior.klScale) = (1_000, 0.25)
    expected.learner.optimisation.scheduleEvery = 10_000
    expected.learner.posterior.weightSamples = 1
    expected.learner.posterior.optimism = 5
    expected.learner.posterior.actionCoding = .blocks
    #expect(try configuration(BayesByBackprop.self, "tuned") == expected)
  }

  @Test(
    "The three greedy rivals have the report's numbers",
    arguments: [("greedy", 0.0), ("greedy-1", 0.01), ("greedy-5", 0.05)])
  func greedy(name: String, epsilon: Double) throws {
    let rival = try configuration(EpsilonGreedy.self, name)
    #expect(rival.epsilon == epsilon && rival.epsilonSteps == 0)
    #expect(rival.network.hiddenLayers == [100, 100])
    #expect(rival.cost.likelihood == .squaredError && rival.cost.l1 == 0 && rival.cost.l2 == 0)
    try expectReportTraining(rival.optimisation, rival.replay)
  }

  @Test("Every preset of the report takes its 95 columns, no other one does, and its settings apply")
  func allApply() throws {
    for agent in BuiltInAgents.all {
      for preset in agent.presets {
        let isReports = preset.name == "paper" || preset.name.hasPrefix("greedy")
        #expect(preset.environmentSettings == (isReports ? ["encoding=drop-first"] : []))
        #expect(!preset.summary.isEmpty)
        _ = try configuration(agent, preset.name)
      }
      #expect(Set(agent.presets.map(\.name)).count == agent.presets.count)
    }
  }

  @Test("Every agent with a network has the preset standard, which new agents' defaults are")
  func standard() throws {
    let agents = BuiltInAgents.all.filter { $0 is any NetworkAgent.Type }
    #expect(agents.count == 11)
    for agent in agents { #expect(agent.presets.contains { $0.name == "standard" }) }
    #expect(try configuration(NeuralUCB.self, "standard") == NeuralUCB.Configuration())
    #expect(try configuration(NeuralThompson.self, "standard") == NeuralThompson.Configuration())
    #expect(try configuration(PriorEnsemble.self, "standard") == PriorEnsemble.Configuration())
    #expect(try configuration(Boltzmann.self, "standard").learner == .standard)
  }

  @Test("The Showdown's agents have its numbers")
  func showdown() throws {
    let members = try configuration(Bootstrap.self, "showdown")
    #expect(members.members == 3 && members.maskProbability == 0.95)
    let linear = try configuration(NeuralLinear.self, "showdown")
    #expect(
      linear.prior.noiseShape == 6 && linear.prior.noiseScale == 6 && linear.prior.priorPrecision == 0.25)
    for learner in [members.learner, linear.learner] {
      #expect(learner.network.hiddenLayers == [50] && learner.replay.batchSize == 512)
      #expect(learner.replay.trainEvery == 50 && learner.replay.minibatches == 100)
      #expect(learner.replay.bufferSize == 0 && learner.replay.prefill == 0)
    }
    #expect(LinearThompson.Configuration().prior == linear.prior)
  }

  private func expectReportTraining(_ optimisation: OptimiserSettings, _ replay: ReplaySettings) throws {
    #expect(optimisation.optimiser == .adam && optimisation.learningRate == 1e-4)
    #expect(optimisation.schedule == .step && optimisation.warmupSteps == 0)
    #expect(optimisation.scheduleEvery == 5_000 && optimisation.scheduleFactor == 0.5)
    #expect(replay.bufferSize == 4_096 && replay.prefill == 4_096)
    #expect(replay.minibatches == 64 && replay.batchSize == 64 && replay.trainEvery == 1)
    #expect(replay.sampling == .permutation)
  }
}
