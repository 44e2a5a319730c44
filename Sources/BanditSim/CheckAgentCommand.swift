import ArgumentParser
import BanditCore
import BanditNumerics
import BanditProcesses
import BanditSimulation
import BanditTesting

/// `bandit-sim check-agent`.
struct CheckAgentCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "check-agent",
      abstract: "Checks an agent against the laws that every agent keeps.",
      discussion: """
        Six small tasks are played, dense and one-hot: twice under a seed, beside other instances, and saved and \
        resumed. Laws that are broken go to stdout with what was expected and found; the exit code is then 1.

        Examples:
          \(Program.name) check-agent exec:./agent.py --set alpha=2
          \(Program.name) check-agent linear-ucb
        """)
  }

  @Argument(help: "The agent; exec:PROGRAM is a program of yours.")
  var agent: String

  @Option(name: .customLong("set"), help: ArgumentHelp("A setting of the agent.", valueName: "key=value"))
  var assignments: [String] = []

  @OptionGroup var children: ChildOptions

  func run() throws {
    ChildLimits.current = children.limits
    try reportingUsage {
      let registry = Catalogue.current.registry
      let given = try assignments.map { try Settings.assignment($0) }
      let (type, settings) = try registry.agent(
        agent, given: Dictionary(given.map { ($0.key, $0.value) }) { _, last in last })
      let violations = try Self.violations(of: type, settings: settings)
      for violation in violations { try Console.result("\(violation)") }
      guard violations.isEmpty else { throw ExitCode.failure }
      try Console.result(Self.verdict(type))
    }
  }

  private static func violations<A: Agent>(
    of type: A.Type, settings: [String: SettingValue]
  ) throws -> [LawViolation] {
    let configuration = try Settings.applying(settings, to: A.Configuration())
    // What cannot be made at all is no law's matter, and is said once.
    _ = try A(configuration: configuration, spec: SyntheticTask.dense.spec, stream: RandomStream(seed: 0))
    var plan = LawPlan(seeds: [1], threads: 2)
    if type is any ProgramComponent.Type { plan.leftOut = [.valueSemantics] }
    return AgentLaws.violations(of: type, configuration: configuration, plan: plan)
  }

  private static func verdict(_ type: any Agent.Type) -> String {
    let unchecked =
      type is any ProgramComponent.Type
      ? "Not checked: that a copy is played by itself, which a process cannot; " : "Not checked: "
    return """
      It keeps the laws: every task is played, with actions in range, the same ones under a seed, whatever runs \
      beside it; what it saves is resumed.
      """ + "\n"
        + Format.wrapped(unchecked + "that a propensity is the right one; that it is told no secrets.")
  }
}
