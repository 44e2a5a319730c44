import BanditAgentKit
import Testing
import TestSupport

@testable import BanditReplications

@Suite("bbb-minibatches")
struct BBBMinibatchesTests {
  private func probes(
    _ variant: MinibatchVariant = .all[4], steps: Int = 60, prefill: Int = 40, panel: Int, draws: Int
  ) throws -> [MinibatchProbe] {
    var configuration = BBBMinibatchesExperiment.Configuration()
    (configuration.steps, configuration.prefill) = (steps, prefill)
    (configuration.panel, configuration.draws) = (panel, draws)
    var play = try MinibatchPlay(variant, configuration, seed: 3, registry)
    return try play.probes(shouldStop: { false }, report: { _ in })
  }

  @Test("Measuring moves nothing of what is measured")
  func probesAside() throws {
    let few = try probes(panel: 1, draws: 1)
    let many = try probes(panel: 30, draws: 7)
    #expect(few.map(\.step) == [1, 2, 5, 10, 20, 50, 60])
    #expect(few.map(\.regret) == many.map(\.regret))
    #expect(few.map(\.falseNegatives) == many.map(\.falseNegatives))
    #expect(many.allSatisfy { ($0.widthUnseen ?? 0) > 0 && (0...1).contains($0.exploring) })
  }

  @Test("Regret is 15 a poisonous one eaten and 5 an edible one left")
  func regret() throws {
    let last = try #require(try probes(prefill: 0, panel: 1, draws: 1).last)
    #expect(last.regret > 0)
    #expect(last.regret == Double(15 * last.falsePositives + 5 * last.falseNegatives))
  }

  @Test("Each pair has what its name says, and the rest alike")
  func variants() {
    #expect(Set(MinibatchVariant.all.map(\.folder)).count == 8)
    for variant in MinibatchVariant.all {
      var settings = variant.settings
      let plain = PosteriorLearnerSettings()
      #expect(settings.replay.minibatches == variant.minibatches)
      #expect((settings.posterior.klScale != 1) == variant.title.contains("KL"))
      #expect(
        (settings.optimisation.learningRate != plain.optimisation.learningRate)
          == variant.title.contains("rate"))
      #expect((settings.replay.bufferSize == 0) == variant.title.contains("all remembered"))
      settings.replay.minibatches = plain.replay.minibatches
      settings.replay.bufferSize = plain.replay.bufferSize
      settings.posterior.klScale = 1
      settings.optimisation.learningRate = plain.optimisation.learningRate
      #expect("\(settings)" == "\(plain)")
    }
    // A KL for 8 minibatches of 64 examples, and what 64 minibatches pay on as many.
    let paid = MinibatchVariant.all.map { $0.klScale / Double($0.minibatches) }
    let (many, few) = (0.015625, 0.125)
    #expect(paid == [many, few, many, many, few, many, few, few])
  }

  @Test("A draw explores where its best action is not that of the mean")
  func exploring() {
    #expect(MinibatchPlay.exploringShare([[1, 0], [0, 1.5], [1, 0]]) == 1.0 / 3)
    #expect(MinibatchPlay.exploringShare([[1, 0], [2, 1]]) == 0)
    #expect(MinibatchPlay.exploringShare([]) == 0)
  }

  @Test("Marks are 1, 2 and 5 times powers of ten")
  func marks() {
    #expect((1...1_000).filter(MinibatchPlay.isMark) == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000])
  }
}
