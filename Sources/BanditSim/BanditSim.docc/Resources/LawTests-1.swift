import BanditTesting
import Testing

@testable import MyLab

@Test("Round robin keeps the laws of agents")
func roundRobin() {
  #expect(AgentLaws.violations(of: RoundRobin.self) == [])
}
