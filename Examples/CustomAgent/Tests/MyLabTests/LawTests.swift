import BanditTesting
import Testing

@testable import MyLab

@Test("Round robin keeps the laws of agents")
func roundRobin() {
  #expect(AgentLaws.violations(of: RoundRobin.self) == [])
}

@Test("The canteen keeps the laws of environments, however much is sold out", arguments: [0.3, 1])
func canteen(soldOut: Double) {
  #expect(EnvironmentLaws.violations(of: Canteen.self, configuration: .init(soldOut: soldOut)) == [])
}

@Test("The three arms keep the laws of environments, with noise and without", arguments: [0.5, 0])
func threeArms(noise: Double) {
  #expect(EnvironmentLaws.violations(of: ThreeArms.self, configuration: .init(noise: noise)) == [])
}
