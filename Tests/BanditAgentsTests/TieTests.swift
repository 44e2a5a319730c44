import BanditAgentKit
import BanditCore
import BanditNumerics
import Foundation
import Testing

@testable import BanditAgents

@Suite("Ties")
struct TieTests {
  @Test("Of the largest values each is as likely as another")
  func uniform() {
    var ties = RandomStream(seed: 1)
    var counts = [0, 0, 0, 0]
    for _ in 0..<9_000 { counts[greedyAction([2, 5, 5, 5], ties: &ties)] += 1 }
    #expect(counts[0] == 0)
    // Four standard errors of a third of 9,000: 179.
    #expect(counts[1...].allSatisfy { abs($0 - 3_000) < 179 })
  }

  @Test("Nothing is drawn where there is no tie")
  func undrawn() {
    var ties = RandomStream(seed: 1)
    let fresh = ties
    for (values, best) in [([1.0, 3, 2], 1), ([4], 0), ([-.infinity, -7], 1), ([.nan, 1, 0], 1)] {
      #expect(greedyAction(values, ties: &ties) == best)
    }
    #expect(greedyAction([Double.nan, .nan], ties: &ties) == 0)
    #expect(ties == fresh)
    _ = greedyAction([0.0, 0], ties: &ties)
    #expect(ties != fresh)
  }

  @Test(
    "A share is 1/k for one of the k best and 0 for the others",
    arguments: [
      ([1.0, 3, 2], [0.0, 1, 0]), ([3, 1, 3], [0.5, 0, 0.5]), ([0, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]),
    ])
  func shares(values: [Double], expected: [Double]) {
    #expect(values.indices.map { greedyShare(values, of: $0) } == expected)
  }

  /// Before anything is learned, all actions of these agents are equal: their only hidden unit is dead.
  private func tied<A: Agent>(_ type: A.Type, _ words: String...) throws -> [Decision] {
    let words = smallSettings + ["hiddenLayers=1"] + words
    // A first weight below every threshold in all contexts is a matter of the seed.
    for seed in 1...200 as ClosedRange<UInt64> {
      let agent = try make(type, words, seed: seed)
      let first = try decisions(agent, context: 0, count: 400)
      if Set(first.map(\.action)).count == 3 { return first }
    }
    return []
  }

  @Test("Epsilon-greedy's propensity counts the tied actions")
  func epsilonGreedy() throws {
    let decisions = try tied(EpsilonGreedy.self, "epsilon=0")
    #expect(decisions.count == 400)
    #expect(decisions.allSatisfy { abs(($0.propensity ?? 0) - 1.0 / 3) < 1e-12 })
  }

  @Test(
    "A member of an ensemble and their mean tell a share of the tied actions", arguments: ["member", "mean"])
  func ensemble(acting: String) throws {
    let decisions = try tied(Ensemble.self, "members=1", "acting=\(acting)")
    #expect(decisions.count == 400)
    #expect(decisions.allSatisfy { abs(($0.propensity ?? 0) - 1.0 / 3) < 1e-12 })
  }

  @Test("Linear bounds of untried actions are tied, and the agent tells")
  func bounds() throws {
    let decisions = try decisions(make(LinearUCB.self), context: 0, count: 9_000)
    #expect(decisions.allSatisfy { $0.propensity == 1.0 / 3 })
    for action in 0..<3 {
      // Four standard errors of a third of 9,000: 179.
      #expect(abs(decisions.count { $0.action == action } - 3_000) < 179)
    }
  }

  @Test("A state of a version without ties is restored, and ties start afresh")
  func earlier() throws {
    let agent = try make(LinearUCB.self)
    let earlier = try EncodedState(agent.state.regressions, name: "agent")
    let state = try earlier.decoded(as: LinearUCB.State.self)
    #expect(state.ties == nil && state.regressions.count == 3)
    var restored = try make(LinearUCB.self)
    try restored.restore(encoded: earlier)
    #expect(try decisions(restored, context: 1, count: 50) == decisions(agent, context: 1, count: 50))
  }

  @Test("The state of bbb reads fields on one level, with and without the ties'")
  func levels() throws {
    let agent = try make(BayesByBackprop.self, smallSettings)
    let encoded = try agent.encodedState(name: "agent")
    var fields = try #require(
      try JSONSerialization.jsonObject(with: Data(encoded.text.utf8)) as? [String: Any])
    #expect(Set(fields.keys).isSuperset(of: ["network", "training", "shuffling", "ties"]))
    fields["ties"] = nil
    let text = String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
    var restored = try make(BayesByBackprop.self, smallSettings)
    try restored.restore(encoded: EncodedState(text: text, tensors: encoded.tensors))
    #expect(try decisions(restored, context: 1, count: 50) == decisions(agent, context: 1, count: 50))
  }
}
