import BanditSim
import Foundation

/// `milestones.txt`: the expected regret after 1, 2, 5, 10, 20, 50 … steps.
struct Milestones: RequestedObserver {
  static let name = "milestones"
  static let summary = "milestones.txt: the expected regret after 1, 2, 5, 10, 20, 50 ... steps."
  static let files = ["milestones.txt"]

  private var path = ""

  mutating func begin(_ run: RunStart, from state: NoState?) { path = "\(run.folder)/\(Self.files[0])" }

  /// Writes the whole file at each milestone: a resumed run has the earlier ones in its totals, so no state is needed.
  func step(_ simulation: Simulation) throws {
    let totals = simulation.totals
    guard RunTotals.isMilestone(totals.steps) else { return }
    let lines = totals.milestones.map { "\($0.step) \($0.cumulativeExpectedRegret)\n" }
    try lines.joined().write(toFile: path, atomically: true, encoding: .utf8)
  }
}
