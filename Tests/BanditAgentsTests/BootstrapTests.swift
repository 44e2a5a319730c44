import BanditAgents
import BanditCore
import Testing

@Suite("Bootstrapped Thompson sampling")
struct BootstrapTests {
  @Test("It is the ensemble with masks that acts by a random member, bit for bit")
  func ensemble() throws {
    var bootstrap = try make(
      Bootstrap.self, smallSettings + ["members=4", "maskProbability=0.3", "l2=0.001"])
    var ensemble = try make(
      Ensemble.self, smallSettings + ["members=4", "bootstrap=0.3", "acting=member", "l2=0.001"])
    var (task, same) = (TableTask(seed: 1), TableTask(seed: 1))
    for _ in 0..<50 {
      let transition = task.randomTransition()
      try bootstrap.prefill(transition)
      try ensemble.prefill(transition)
      _ = same.randomTransition()
    }
    let played = try play(&bootstrap, &task, steps: 60).map(\.decision)
    #expect(try played == play(&ensemble, &same, steps: 60).map(\.decision))
    #expect(bootstrap.diagnostics == ensemble.diagnostics && bootstrap.diagnostics.loss != nil)
  }

  @Test("Ten members learn from half of the steps by default")
  func defaults() {
    let configuration = Bootstrap.Configuration()
    #expect(configuration.members == 10 && configuration.maskProbability == 0.5)
  }
}
