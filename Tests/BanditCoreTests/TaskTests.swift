import BanditCore
import Testing

@Suite("Audits, observations and specifications")
struct TaskTests {
  @Test("The best action is the first of the largest expected rewards")
  func best() {
    let audit = Audit(expectedRewards: [-1, 4, 4, 0])
    #expect(audit.bestAction == 1)
    #expect(audit.bestExpectedReward == 4)
    #expect(audit.uniformExpectedReward == 1.75)
    let losses = Audit(expectedRewards: [-15, -3])
    #expect(losses.bestAction == 1)
    #expect(losses.bestExpectedReward == -3)
    #expect(losses.uniformExpectedReward == -9)
  }

  @Test("An observation starts empty in the encoding of its task")
  func observations() {
    let dense = Observation(TaskSpec(featureCount: 3, encoding: .dense, actionNames: ["a", "b"]))
    #expect(dense.features == [0, 0, 0] && dense.activeIndices.isEmpty)
    let oneHot = Observation(
      TaskSpec(featureCount: 3, encoding: .oneHot(maximumActive: 2), actionNames: ["a", "b"]))
    #expect(oneHot.features.isEmpty && oneHot.activeIndices.isEmpty)
    #expect(oneHot.encoding == .oneHot(maximumActive: 2))
  }

  @Test("A specification counts its actions")
  func actions() {
    let spec = TaskSpec(featureCount: 1, encoding: .dense, actionNames: ["a", "b", "c"])
    #expect(spec.actionCount == 3)
    #expect(spec.counters.isEmpty)
  }

  @Test("A task with one action, or with more active columns than columns, is a programmer's mistake")
  func mistakes() async {
    await #expect(processExitsWith: .failure) {
      _ = TaskSpec(featureCount: 1, encoding: .dense, actionNames: ["a"])
    }
    await #expect(processExitsWith: .failure) {
      _ = TaskSpec(featureCount: 1, encoding: .oneHot(maximumActive: 2), actionNames: ["a", "b"])
    }
  }

  /// A configuration whose field is encoded under another name than the one it has.
  struct Renamed: ComponentConfiguration {
    enum CodingKeys: String, CodingKey { case learningRate = "learning_rate" }
    var learningRate = 0.1
  }

  @Test("A field that is encoded under another name is refused, not an assignment lost")
  func renamed() {
    let error = configurationError {
      _ = try Settings.applying([(key: "learningRate", value: .text("1"))], to: Renamed())
    }
    #expect(error?.key == "learningRate")
  }
}
