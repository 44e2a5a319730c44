import BanditAgentKit
import BanditCore
import Testing

@testable import BanditLearning

@Suite("Inputs of contexts and actions")
struct ActionInputTests {
  private func dense(_ coding: ActionCoding) -> ActionInput {
    let spec = TaskSpec(featureCount: 2, encoding: .dense, actionNames: ["a", "b"])
    var observation = Observation(spec)
    observation.features = [0.5, -3]
    var input = ActionInput(spec, coding: coding)
    input.encode(observation)
    input.encode(observation, action: 1)
    return input
  }

  private func oneHot(_ coding: ActionCoding) -> ActionInput {
    var input = ActionInput(TableTask.spec, coding: coding)
    input.encode(TableTask.observation(4))
    input.encode(TableTask.observation(4), action: 2)
    return input
  }

  @Test("Columns: the context, then a one for the action")
  func columns() {
    #expect(dense(.columns).actions.features == [0.5, -3, 1, 0, 0.5, -3, 0, 1])
    #expect(dense(.columns).taken.features == [0.5, -3, 0, 1])
    #expect(oneHot(.columns).actions.activeIndices == [4, 6, 4, 7, 4, 8])
    #expect(oneHot(.columns).taken.activeIndices == [4, 8])
  }

  @Test("Blocks: the context and a one in the action's own columns")
  func blocks() {
    #expect(dense(.blocks).actions.features == [0.5, -3, 1, 0, 0, 0, 0, 0, 0, 0.5, -3, 1])
    #expect(dense(.blocks).taken.features == [0, 0, 0, 0.5, -3, 1])
    #expect(oneHot(.blocks).actions.activeIndices == [4, 6, 11, 13, 18, 20])
    #expect(oneHot(.blocks).taken.activeIndices == [18, 20])
    #expect(oneHot(.blocks).encoding.columns == 21)
  }

  @Test("A row tells its action", arguments: ActionCoding.allCases)
  func action(coding: ActionCoding) {
    let (dense, oneHot) = (dense(coding), oneHot(coding))
    for action in 0..<2 { #expect(dense.model(dense.actions, row: action) == action) }
    for action in 0..<3 { #expect(oneHot.model(oneHot.actions, row: action) == action) }
    #expect(dense.model(dense.taken, row: 0) == 1 && oneHot.model(oneHot.taken, row: 0) == 2)
  }
}
