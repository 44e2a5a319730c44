import BanditCore
import BanditEnvironments
import BanditTesting
import Testing

@Suite struct EnvironmentLawsTests {
  @Test("A built-in environment keeps the laws", arguments: BuiltInEnvironments.all.map { $0.name })
  func builtIn(name: String) throws {
    let environment = try Registry(environments: BuiltInEnvironments.all).environment(named: name)
    #expect(violations(of: environment) == [])
  }

  @Test("The mushrooms keep the laws without the first level of each attribute too")
  func dropFirst() {
    var configuration = Mushroom.Configuration()
    configuration.encoding = .dropFirst
    #expect(EnvironmentLaws.violations(of: Mushroom.self, configuration: configuration) == [])
  }

  @Test("The tasks that agents are tested on keep the laws", arguments: SyntheticTask.allCases)
  func synthetic(task: SyntheticTask) {
    var configuration = SyntheticEnvironment.Configuration()
    configuration.task = task
    #expect(EnvironmentLaws.violations(of: SyntheticEnvironment.self, configuration: configuration) == [])
  }

  @Test(
    "An environment with a defect breaks the defect's laws and no others",
    arguments: EnvironmentDefect.allCases)
  func defects(defect: EnvironmentDefect) {
    let found = EnvironmentLaws.violations(of: BrokenEnvironment.self, configuration: .init(defect: defect))
    #expect(Set(found.map(\.law)) == defect.laws, "\(found)")
    if let circumstance = defect.circumstance {
      #expect(found.contains { $0.circumstance.hasPrefix(circumstance) }, "\(found)")
    }
  }

  @Test("A violation says what was done, expected and found")
  func sentence() {
    let found = EnvironmentLaws.violations(
      of: BrokenEnvironment.self, configuration: .init(defect: .columnTooLarge), plan: LawPlan(seeds: [3]))
    #expect(
      found.map(\.description) == [
        "'broken' breaks the law that observations are in the encoding of the specification "
          + "(seed 3, step 10): expected active columns in 0..<4, found 4"
      ])
  }

  private func violations<E: Environment>(of environment: E.Type) -> [LawViolation] {
    EnvironmentLaws.violations(of: environment, plan: LawPlan(checksHelp: true))
  }
}
