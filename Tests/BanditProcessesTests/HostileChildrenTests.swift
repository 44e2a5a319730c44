import BanditCore
import BanditNumerics
import BanditProcesses
import Foundation
import Testing
import TestSupport

/// Children that do what children should not; each ends in an error that says what happened.
@Suite("Hostile children", .serialized)
struct HostileChildrenTests {
  /// The file in `Hostile`, and what its error says.
  private static let table: [(child: String, words: [String])] = [
    ("hang", ["gave no answer within 2 s (--child-timeout)"]),
    ("partial", ["gave no answer within 2 s (--child-timeout)"]),
    ("silent", ["gave no answer within 2 s (--child-timeout), while greeting", "printed nothing"]),
    ("raises", ["exited with 1, while choosing an action (step 1)", "ValueError: my agent is broken"]),
    ("imports", ["exited with 1, while greeting", "No module named 'nosuchmodule'"]),
    ("segv", ["ended by signal 11"]),
    ("huge", ["announced an answer of 4294967295 bytes, where at most 12 are possible"]),
    ("range", ["chose action 5; this task's actions are 0 to 3"]),
    ("propensity", ["gave a propensity of 1.5"]),
    ("kind", ["gave an answer of kind 5, where 1 was asked for"]),
    ("grandchild", ["exited with 0"]),
    ("closedin", ["stopped reading"]),
    ("closedout", ["closed its output"]),
    ("memory", ["exited with 1", "MemoryError"]),
    ("version", ["speaks version 2 of the protocol; this program speaks 1"]),
    ("nojson", ["greeted with what is no JSON object of the protocol 'bandit-sim-child'"]),
    ("refuses", ["allowed: alpha is to be above 0"]),
  ]
  /// Those whose end is the deadline's.
  private static let late = ["hang", "partial", "silent"]

  /// Plays some steps, and tells what is thrown.
  private func failure(_ child: String) throws -> String? {
    var limits = ChildLimits()
    if Self.late.contains(child) { limits.seconds = 2 }
    if child == "memory" { limits.megabytes = 1_000 }
    var configuration = ChildAgent.Configuration()
    configuration.program = "python3 \(repository)/Tests/BanditProcessesTests/Hostile/\(child).py"
    let spec = TaskSpec(featureCount: 3, encoding: .dense, actionNames: ["a", "b", "c", "d"])
    do {
      var agent = try ChildAgent(configuration, spec, RandomStream(seed: 1), limits: limits)
      for step in 0..<5 {
        let observation = Observation(spec)
        let decision = try agent.selectAction(for: observation)
        try agent.update(Transition(observation: observation, decision: decision, reward: Double(step)))
      }
      try agent.conclude()
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("A child that fails ends in an error that says how", arguments: table.indices)
  func fails(index: Int) throws {
    let (child, words) = Self.table[index]
    let failure = try #require(try failure(child), "\(child) was taken for a good child")
    for word in words { #expect(failure.contains(word), "\(child): \(failure)") }
  }

  @Test(
    "A child that only prints much, or does not go when told, does no harm",
    arguments: ["chatty", "stubborn"])
  func harmless(child: String) throws { #expect(try failure(child) == nil) }

  @Test("A process that a child started ends with it")
  func grandchild() throws {
    _ = try failure("grandchild")
    // A process that was killed is gone a moment later.
    var glances = 0
    while try isSleeping(), glances < 1_000 {
      Thread.sleep(forTimeInterval: 0.01)
      glances += 1
    }
    #expect(try !isSleeping())
  }

  private func isSleeping() throws -> Bool {
    let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
    return processes.contains { (try? text(of: "/proc/\($0)/cmdline"))?.contains("sleep\u{0}345") ?? false }
  }

  @Test("Every hostile child is in the table")
  func complete() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: repository + "/Tests/BanditProcessesTests/Hostile")
    let names = files.filter { $0.hasSuffix(".py") }.map { String($0.dropLast(3)) }
    #expect(Set(names) == Set(Self.table.map(\.child) + ["child", "chatty", "stubborn"]))
  }
}
