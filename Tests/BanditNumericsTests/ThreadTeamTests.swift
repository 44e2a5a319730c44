import BanditNumerics
import Foundation
import Testing

@Suite("Teams of threads")
struct ThreadTeamTests {
  /// A number a member and a call, each its own cache line.
  private final class Tally: @unchecked Sendable {
    let counts: UnsafeMutablePointer<Int>
    let members: Int

    init(members: Int) {
      self.members = members
      counts = .allocate(capacity: 8 * members)
      counts.initialize(repeating: 0, count: 8 * members)
    }

    deinit { counts.deallocate() }

    func run(_ team: ThreadTeam) {
      team.run(UnsafeMutableRawPointer(counts)) { context, member in
        context?.assumingMemoryBound(to: Int.self)[8 * Int(member)] += 1
      }
    }

    var values: [Int] { (0..<members).map { counts[8 * $0] } }
  }

  @Test("Every member does its share of every job once", arguments: [1, 2, 3, 5])
  func shares(members: Int) {
    let team = ThreadTeam(members: members)
    #expect(team.members == members)
    let tally = Tally(members: members)
    for _ in 0..<2_000 { tally.run(team) }
    #expect(tally.values == Array(repeating: 2_000, count: members))
  }

  @Test("A team that has gone to sleep wakes up for the next job")
  func sleepers() {
    let team = ThreadTeam(members: 2)
    let tally = Tally(members: 2)
    for _ in 0..<3 {
      tally.run(team)
      Thread.sleep(forTimeInterval: 0.05)
    }
    #expect(tally.values == [3, 3])
  }

  @Test("Two callers of one team both get all their shares done")
  func callers() {
    let team = ThreadTeam(members: 2)
    let tallies = [Tally(members: 2), Tally(members: 2)]
    DispatchQueue.concurrentPerform(iterations: 2) { caller in
      for _ in 0..<2_000 { tallies[caller].run(team) }
    }
    for tally in tallies { #expect(tally.values == [2_000, 2_000]) }
  }
}
