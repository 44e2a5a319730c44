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
        #expect(preset.environmentSettings == (preset.name == "mushroom" ? [] : ["encoding=drop-first"]))
        #expect(!preset.summary.isEmpty)
        _ = try configuration(agent, preset.name)
      }
      #expect(Set(agent.presets.map(\.name)).count == agent.presets.count)
    }
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
