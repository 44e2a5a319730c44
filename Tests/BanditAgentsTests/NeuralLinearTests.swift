import BanditAgents
import BanditCore
import BanditNumerics
import Testing

@Suite("Neural linear")
struct NeuralLinearTests {
  @Test(
    "While the features stay, refits change nothing: the steps between them are as good",
    arguments: [true, false])
  func refits(hasRandomPlay: Bool) throws {
    func actions(_ refitEvery: Int) throws -> [Int] {
      var agent = try make(
        NeuralLinear.self,
        smallSettings + ["learningRate=1e-30", "bufferSize=0", "noiseScale=0.1", "refitEvery=\(refitEvery)"])
      var task = TableTask(seed: 1)
      if hasRandomPlay { for _ in 0..<100 { try agent.prefill(task.randomTransition()) } }
      return try play(&agent, &task, steps: 150).map(\.decision.action)
    }
    let everyStep = try actions(1)
    #expect(try everyStep == actions(1_000))
    #expect(try everyStep == actions(7))
    #expect(Set(everyStep).count == 3)
  }

  @Test("On random features alone the exact regressions learn the table")
  func randomFeatures() throws {
    var agent = try make(
      NeuralLinear.self, smallSettings + ["learningRate=1e-30", "hiddenLayers=64", "noiseScale=0.01"])
    var task = TableTask(seed: 2)
    #expect(try play(&agent, &task, steps: 600).suffix(200).count { $0.isBest } > 180)
  }

  @Test("Features follow the network at a refit")
  func follows() throws {
    func actions(_ refitEvery: Int) throws -> [Int] {
      var agent = try make(NeuralLinear.self, smallSettings + ["refitEvery=\(refitEvery)"])
      var task = TableTask(seed: 3)
      return try play(&agent, &task, steps: 60).map(\.decision.action)
    }
    let (often, never) = try (actions(10), actions(1_000))
    #expect(often.prefix(10) == never.prefix(10))
    #expect(often != never)
  }

  @Test("A network without hidden layers is refused")
  func noLayers() throws {
    let error = #expect(throws: ConfigurationError.self) { try make(NeuralLinear.self, ["hiddenLayers="]) }
    #expect(error?.description == "hiddenLayers: 'none' is not allowed; allowed: at least one layer.")
  }
}
