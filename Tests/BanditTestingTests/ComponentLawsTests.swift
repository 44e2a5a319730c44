import BanditAgents
import BanditCore
import BanditEnvironments
import BanditNumerics
import BanditTesting
import Testing

@Suite struct ComponentLawsTests {
  @Test(
    "A defect in names, settings, presets or help breaks that law and no other",
    arguments: [
      (ThreeWords.self, .naming), (OddPresetName.self, .naming), (TwinPresets.self, .naming),
      (RenamedKey.self, .settings), (TwinKeys.self, .settings), (LossyField.self, .settings),
      (CoupledFields.self, .settings), (UnsupportedField.self, .settings), (InfiniteDefault.self, .settings),
      (UnknownKeyPreset.self, .presets), (BadValuePreset.self, .presets), (RefusedPreset.self, .presets),
      (LooseEnvironmentPreset.self, .presets),
      (NoSummary.self, .help), (MissingLine.self, .help), (IdleLine.self, .help),
    ] as [(any Agent.Type, Law)])
  func defects(agent: any Agent.Type, law: Law) {
    let found = violations(of: agent, checksHelp: true)
    #expect(Set(found.map(\.law)) == [law], "\(found)")
  }

  @Test("Help may be missing where it is not asked for")
  func help() {
    for agent in [NoSummary.self, MissingLine.self, IdleLine.self] as [any Agent.Type] {
      #expect(violations(of: agent, checksHelp: false) == [])
    }
  }

  @Test("A field that cannot be a setting is named with its type")
  func unsupported() {
    let found = violations(of: UnsupportedField.self, checksHelp: false)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.found.contains("sizes: 'a field of type Set<Int>'") == true, "\(found)")
  }

  @Test("Lists of every kind keep the law of settings")
  func lists() {
    #expect(violations(of: Lists.self, checksHelp: false) == [])
  }

  @Test("A setting that a manifest loses breaks the law away from its default")
  func manifest() {
    let plan = LawPlan(tasks: [.dense], steps: 5)
    #expect(AgentLaws.violations(of: Forgetful.self, plan: plan) == [])
    let found = AgentLaws.violations(of: Forgetful.self, configuration: .init(rate: 0.7), plan: plan)
    #expect(found.map(\.law) == [.settings])
    #expect(found.contains { $0.circumstance == "through a manifest" }, "\(found)")
  }

  @Test("Environments answer for their names and settings too")
  func environments() {
    let found = EnvironmentLaws.violations(of: ShoutingPlace.self, plan: LawPlan(steps: 5))
    #expect(found.map(\.law) == [.naming, .settings], "\(found)")
  }

  @Test("Environment settings of built-in presets suit the mushrooms")
  func mushroomPresets() throws {
    for preset in BuiltInAgents.all.flatMap({ $0.presets }) {
      _ = try Settings.applying(
        preset.environmentSettings.map { try Settings.assignment($0) }, to: Mushroom.Configuration())
    }
  }

  private func violations<A: Agent>(of agent: A.Type, checksHelp: Bool) -> [LawViolation] {
    AgentLaws.violations(of: agent, plan: LawPlan(tasks: [.dense], steps: 5, checksHelp: checksHelp))
  }
}
