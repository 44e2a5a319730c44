import BanditAgents
import BanditCore
import BanditNumerics
import Testing

@Suite("Uniform, fixed and oracle")
struct CalibrationAgentTests {
  @Test("Uniform takes every action equally often and says so")
  func uniform() throws {
    let decisions = try decisions(make(Uniform.self), context: 0, count: 9_000)
    #expect(decisions.allSatisfy { $0.propensity == 1.0 / 3 })
    for action in 0..<3 {
      // Four standard errors of a share of 1/3 in 9,000: 0.02.
      let share = Double(decisions.count { $0.action == action }) / 9_000
      #expect(abs(share - 1.0 / 3) < 0.02)
    }
  }

  @Test(
    "Fixed takes the action of that name or index",
    arguments: [("left", 0), ("right", 2), ("0", 0), ("1", 1), ("2", 2)])
  func fixed(given: String, action: Int) throws {
    let decisions = try decisions(make(Fixed.self, ["action=\(given)"]), context: 4, count: 5)
    #expect(decisions == Array(repeating: Decision(action: action, propensity: 1), count: 5))
  }

  @Test("Fixed takes the first action unless told")
  func fixedDefault() throws {
    #expect(try decisions(make(Fixed.self), context: 4, count: 1) == [Decision(action: 0, propensity: 1)])
  }

  @Test("Fixed refuses an action that the task does not have", arguments: ["3", "-1", "rigth", "", "Left"])
  func fixedUnknown(given: String) {
    let error = #expect(throws: ConfigurationError.self) { try make(Fixed.self, ["action=\(given)"]) }
    #expect(error?.key == "action")
    #expect(error?.given == given)
    #expect(error?.allowed == "left, middle, right, 0, 1, 2")
    if given == "rigth" { #expect(error?.suggestion == "right") }
  }

  @Test("The oracle takes the best action of the audit it was told, the first of equals")
  func oracle() throws {
    var oracle = try make(Oracle.self)
    for (rewards, best) in [([0.0, 2, 1], 1), ([3, 3, 0], 0), ([-5, -4, -3], 2)] {
      oracle.foresee(Audit(expectedRewards: rewards))
      #expect(oracle.selectAction(for: TableTask.observation(0)) == Decision(action: best, propensity: 1))
    }
  }
}
