@testable import BanditProcesses
import Testing

@Suite("Patience")
struct PatienceTests {
  /// Which of some waits read on, where answers are as told.
  private func waits(_ count: Int, _ patience: inout Patience, isWorthIt: (Int) -> Bool) -> [Int] {
    (0..<count).filter { index in
      guard patience.isWorthIt() else { return false }
      patience.note(wasWorthIt: isWorthIt(index))
      return true
    }
  }

  @Test("A quick child is always waited for awake, one late answer in five too")
  func quick() {
    var patience = Patience()
    #expect(waits(10_000, &patience) { $0 % 5 > 0 }.count == 10_000)
  }

  @Test("A slow child is soon slept for, and tried once in a thousand waits")
  func slow() {
    var patience = Patience()
    #expect(waits(5_000, &patience) { _ in false } == [0, 1, 2, 3, 1_003, 2_003, 3_003, 4_003])
  }

  @Test("A child that has become quick is waited for awake again")
  func recovery() {
    var patience = Patience()
    _ = waits(10, &patience) { _ in false }
    let awake = waits(2_000, &patience) { _ in true }
    #expect(awake == Array(awake[0]..<2_000) && awake[0] < Patience.rest)
  }
}
