import BanditLaboratory
import Synchronization
import Testing

@Suite("Progress of an experiment's parts")
struct PartTallyTests {
  private func told(resumes: Bool, _ body: (PartTally) -> Void) -> [Laboratory.Progress] {
    let told = Told()
    body(PartTally(["a", "b", "c", "d"], work: [1, 1, 1, 1], resumes: resumes) { told.add($0) })
    return told.all
  }

  private final class Told: Sendable {
    private let list = Mutex<[Laboratory.Progress]>([])
    var all: [Laboratory.Progress] { list.withLock { $0 } }
    func add(_ progress: Laboratory.Progress) { list.withLock { $0.append(progress) } }
  }

  @Test("What was read back says nothing of how long the rest takes")
  func resumed() throws {
    let told = told(resumes: true) { tally in
      tally.finish(0)
      tally.finish(1)
      tally.note(2, share: 0.4)
      tally.note(2, share: 0.6)
    }
    for (progress, (share, found)) in zip(told, [(0.25, 0.25), (0.5, 0.5), (0.6, 0.6), (0.65, 0.6)]) {
      #expect(abs(progress.share - share) < 1e-12 && abs(progress.found - found) < 1e-12)
    }
    #expect(told.count == 4 && told.prefix(3).allSatisfy { $0.secondsLeft == nil })
    // 0.05 were done since, and 0.35 are left.
    let left = try #require(told[3].secondsLeft)
    #expect(abs(left / (told[3].elapsed / .seconds(1)) - 7) < 1e-9)
  }

  @Test("From the beginning, everything counts")
  func begun() throws {
    let told = told(resumes: false) { $0.note(0, share: 0.5) }
    let left = try #require(told[0].secondsLeft)
    #expect(told[0].found == 0 && abs(left / (told[0].elapsed / .seconds(1)) - 7) < 1e-9)
  }
}
