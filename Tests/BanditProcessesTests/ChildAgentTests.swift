import BanditCore
import BanditNumerics
import BanditProcesses
import BanditSimulation
import BanditTesting
import Foundation
import Testing
import TestSupport

@Suite("Agents as child processes")
struct ChildAgentTests {
  @Test("The example in C plays, and a resumed run goes on as if it had not been stopped")
  func resumed() throws {
    let whole = try played(settings(roundRobin, ["enough": .number(0.5)]))
    #expect(Set(whole.map { $0.prefix(1) }).count > 1)
    try withTemporaryDirectory { folder in
      let last = try settings(roundRobin, ["enough": .number(0.5)])
      var first = last
      first.steps = 77
      for (settings, resume) in [(first, false), (last, true)] {
        let directory = try RunDirectory(creating: folder + "/run", overwrite: false, resume: resume)
        let simulation = try Simulation(settings, registry: registry)
        #expect(simulation.unresumable == [])
        _ = try Run(simulation, program: "test").play(into: directory, shouldStop: { false })
      }
      let directory = try RunDirectory(creating: folder + "/whole", overwrite: false)
      _ = try Run(Simulation(last, registry: registry), program: "test").play(
        into: directory, shouldStop: { false })
      #expect(
        try contents(of: folder + "/run/regret.csv.gz") == contents(of: folder + "/whole/regret.csv.gz"))
    }
  }

  @Test("Rewards that arrive later come with their contexts and actions")
  func delayed() throws {
    try withTemporaryDirectory { folder in
      let program = try agentProgram(
        """
        class Mine(bandit_sim.Agent):
            measurements = ("matches",)
            def __init__(self, task): self.made, self.step, self.matches = {}, 0, 0
            def select_action(self, context):
                self.step += 1
                self.made[tuple(context)] = self.step % 3
                return self.step % 3
            def update(self, context, action, reward): self.matches += self.made[tuple(context)] == action
            def measure(self): return {"matches": self.matches}
        """, in: folder)
      var simulation = try Simulation(
        settings(
          program, environment: "delay", environmentSettings: ["of": .text("linear"), "steps": .integer(5)],
          steps: 40), registry: registry)
      #expect(simulation.unresumable == ["agent 'exec'"])
      var matches: [Double?] = []
      _ = try simulation.run { matches.append($0.diagnostics.measurements["matches"]) }
      // A choice is reported with what was learnt before it.
      #expect(matches == (0..<40).map { Double(max(0, $0 - 5)) })
    }
  }

  @Test("Random play comes before the first step, settings and names as they were given")
  func greeting() throws {
    try withTemporaryDirectory { folder in
      let program = try agentProgram(
        """
        class Mine(bandit_sim.Agent):
            prefill, seen = 7, 0
            def __init__(self, task):
                assert task.settings == {"a": 1, "b": 0.5, "c": True, "d": "x,y"}, task.settings
                assert len(task.actions) == 8 and task.features == 10 and task.encoding == "dense"
                assert 0 <= task.seed < 2**32
            def select_action(self, context):
                assert self.seen == 7 and len(context) == 10
                return 0, 0.25
            def update(self, context, action, reward): self.seen += action >= 0 and self.seen < 7
        """, in: folder)
      let given: [String: SettingValue] = [
        "a": .text("1"), "b": .text("0.5"), "c": .text("true"), "d": .text("x,y"),
      ]
      var simulation = try Simulation(settings(program, given, steps: 3), registry: registry)
      var propensities: [Double?] = []
      _ = try simulation.run { propensities.append($0.propensity) }
      #expect(propensities == [0.25, 0.25, 0.25] && simulation.totals.prefillSteps == 7)
    }
  }

  @Test("A copy that is left behind throws, and the one that went on goes on")
  func copies() throws {
    var configuration = ChildAgent.Configuration()
    configuration.program = roundRobin
    let spec = SyntheticTask.dense.spec
    var agent = try ChildAgent(configuration: configuration, spec: spec, stream: RandomStream(seed: 1))
    var copy = agent
    _ = try agent.selectAction(for: Observation(spec))
    #expect(throws: ChildError.self) { try copy.selectAction(for: Observation(spec)) }
    _ = try agent.selectAction(for: Observation(spec))
  }

  @Test("The laws that a process can keep are kept by the example in C, and what breaks them is found")
  func laws() throws {
    var plan = LawPlan(tasks: [.dense, .blank], seeds: [1], steps: 23, threads: 2)
    plan.leftOut = [.valueSemantics]
    var configuration = ChildAgent.Configuration()
    configuration.program = roundRobin
    #expect(AgentLaws.violations(of: ChildAgent.self, configuration: configuration, plan: plan) == [])
    try withTemporaryDirectory { folder in
      configuration.program = try agentProgram(
        """
        import os
        class Mine(bandit_sim.Agent):
            def __init__(self, task): self.count = len(task.actions)
            def select_action(self, context): return os.urandom(1)[0] % self.count
        """, in: folder)
      let found = AgentLaws.violations(of: ChildAgent.self, configuration: configuration, plan: plan)
      #expect(found.map(\.law) == [.repeatability, .repeatability])
    }
  }

  @Test("The example in C refuses another version of the protocol", arguments: [1, 2])
  func version(number: Int) throws {
    try withTemporaryDirectory { folder in
      let words = #"{"actions":["a","b"],"protocol":"bandit-sim-child","version":\#(number)}"#
      let length = withUnsafeBytes(of: UInt32(words.utf8.count).littleEndian) { Data($0) }
      try (length + Data(words.utf8)).write(to: URL(filePath: folder + "/question"))
      let result = try run(["sh", "-c", "'\(roundRobin)' 3<'\(folder)/question' 4>'\(folder)/answer'"])
      #expect(result.status == (number == 1 ? 0 : 1))
    }
  }

  @Test("LinUCB in Python plays as the built-in one")
  func linearUCB() throws {
    guard hasProgram("python3", arguments: ["-c", "import numpy"]) else { return skip("no numpy") }
    for environment in ["mushroom", "wheel"] {
      let child = try played(
        settings(python("linucb.py"), ["alpha": .integer(2)], environment: environment, steps: 400))
      var request = RunRequest()
      request.agent = "linear-ucb"
      request.environment = environment
      request.agentSettings = ["alpha": .integer(2), "prefill": .integer(64)]
      request.steps = 400
      request.seed = 3
      #expect(try child == played(request.resolved(in: registry)))
    }
  }
}

@Suite("Environments as child processes")
struct ChildEnvironmentTests {
  @Test("The example in Python is played, and resumed, and plays free steps apart")
  func plays() throws {
    let program = python("three_arms.py")
    var request = RunRequest()
    request.agent = "linear-thompson"
    request.agentSettings = ["prefill": .integer(20)]
    request.environment = "exec:" + program
    request.environmentSettings = ["noise": .text("0.1")]
    request.steps = 60
    let last = try request.resolved(in: registry)
    let whole = try played(last)
    #expect(try played(last) == whole)
    var other = last
    (other.agent, other.agentSettings) = ("uniform", [:])
    var first = try Simulation(other, registry: registry)
    _ = try first.run { _ in }
    #expect(first.spec.counters == [AuditCounter("good_choices", .total)] && first.unresumable == [])
    try withTemporaryDirectory { folder in
      var half = last
      half.steps = 31
      for (settings, resume) in [(half, false), (last, true)] {
        let directory = try RunDirectory(creating: folder + "/run", overwrite: false, resume: resume)
        _ = try Run(Simulation(settings, registry: registry), program: "test").play(
          into: directory, shouldStop: { false })
      }
      let directory = try RunDirectory(creating: folder + "/whole", overwrite: false)
      _ = try Run(Simulation(last, registry: registry), program: "test").play(
        into: directory, shouldStop: { false })
      #expect(
        try contents(of: folder + "/run/regret.csv.gz") == contents(of: folder + "/whole/regret.csv.gz"))
    }
  }

  @Test("An environment keeps the laws")
  func laws() {
    var configuration = ChildEnvironment.Configuration()
    configuration.program = python("three_arms.py")
    var plan = LawPlan(seeds: [1], steps: 23, rewardSteps: 300, threads: 2)
    plan.leftOut = [.valueSemantics]
    #expect(
      EnvironmentLaws.violations(of: ChildEnvironment.self, configuration: configuration, plan: plan) == [])
  }

  @Test(
    "A task that cannot be is refused with its reason",
    arguments: [
      ("features = 0", "0 features"), ("actions = ['a', 'a']", "2 actions"),
      ("counters = {'regret': None}", "a counter 'regret'"), ("maximum_active = 9", "9 active columns"),
      ("def observe(self): return [1.0], [0, 0]", "showed 1 features; this task has 2"),
      ("def observe(self): return [1.0, float('nan')], [0, 0]", "a feature 1 that is no number"),
      ("def observe(self): return [1.0, 2.0], [0]", "cut short"),
      ("def step(self, action): return float('inf')", "gave rewards of [inf]"),
    ])
  func refused(line: String, words: String) throws {
    try withTemporaryDirectory { folder in
      let program = try agentProgram(
        """
        class Mine(bandit_sim.Environment):
            features, actions = 2, ("a", "b")
            def __init__(self, task): pass
            def observe(self): return [0.0, 1.0], [0.0, 1.0]
            def step(self, action): return 1.0
            \(line)
        """, in: folder)
      var request = RunRequest()
      request.agent = "uniform"
      request.environment = "exec:" + program
      request.steps = 3
      let failure = #expect(throws: ChildError.self) {
        try played(request.resolved(in: registry))
      }
      #expect(failure.map { "\($0)".contains(words) } ?? false, "\(failure.map { "\($0)" } ?? "")")
    }
  }
}
