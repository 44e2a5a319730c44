import BanditCore
import BanditEnvironments
import BanditNumerics
import BanditTesting
import TestSupport
import Testing

@Suite struct EnvironmentLawsTests {
  /// Those that need files, which other tests bring.
  private static let needingFiles = [
    "mnist", "openml", "statlog", "adult", "covertype", "census", "jester", "financial",
  ]

  @Test(
    "A built-in environment keeps the laws",
    arguments: BuiltInEnvironments.all.map { $0.name }.filter { !needingFiles.contains($0) })
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

  @Test("The Showdown's sets keep the laws, over small files")
  func showdown() throws {
    try withTemporaryDirectory { folder in
      try TinyShowdown.write(to: folder)
      let plan = LawPlan(seeds: [1], rewardSteps: 200, checksHelp: true)
      func check<E: Environment>(
        _ environment: E.Type, _ change: (inout E.Configuration) -> Void
      ) {
        var configuration = E.Configuration()
        change(&configuration)
        #expect(
          EnvironmentLaws.violations(of: environment, configuration: configuration, plan: plan) == [])
      }
      check(LabelledSet<Statlog>.self) { $0.folder = folder }
      check(LabelledSet<Adult>.self) { ($0.folder, $0.sampling) = (folder, .permutation) }
      check(LabelledSet<Covertype>.self) { ($0.folder, $0.rows) = (folder, 20) }
      check(LabelledSet<Census>.self) { ($0.folder, $0.sampling) = (folder, .permutation) }
      check(Jester.self) { ($0.folder, $0.sampling) = (folder, .permutation) }
      check(Financial.self) { $0.folder = folder }
    }
  }

  @Test("Drifts and delays keep the laws, whatever is inside", arguments: ["swap", "rotate", "walk"])
  func wrappers(kind: String) throws {
    var drift = Drift.Configuration()
    drift.kind = try #require(Drift.Kind(rawValue: kind))
    drift.every = 7
    for (of, settings) in [("mushroom", ["sampling=permutation"]), ("linear", ["actions=3"])] {
      (drift.of, drift.ofSet) = (of, settings)
      #expect(EnvironmentLaws.violations(of: Drift.self, configuration: drift) == [])
    }
    var delay = Delay.Configuration()
    delay.kind = .geometric
    (delay.of, delay.ofSet) = ("drift", ["of=linear", "every=5", "kind=\(kind)"])
    #expect(EnvironmentLaws.violations(of: Delay.self, configuration: delay) == [])
  }

  @Test("A delay by the action, and one below 0, break the laws", arguments: [-1, 5])
  func delays(least: Int) {
    var configuration = LateByAction.Configuration()
    configuration.least = least
    let found = EnvironmentLaws.violations(of: LateByAction.self, configuration: configuration)
    #expect(Set(found.map(\.law)) == [least < 0 ? .outcome : .independence], "\(found)")
  }

  @Test("Rows in a permutation keep the laws, of mushrooms and of a table with fewer rows than steps")
  func permutation() throws {
    var configuration = Mushroom.Configuration()
    configuration.sampling = .permutation
    #expect(EnvironmentLaws.violations(of: Mushroom.self, configuration: configuration) == [])
    try withTemporaryDirectory { folder in
      try write("x,c\n1,no\n2,yes\n3,no\n", to: "\(folder)/table.csv")
      var configuration = Classification.Configuration()
      configuration.file = "\(folder)/table.csv"
      configuration.sampling = .permutation
      #expect(EnvironmentLaws.violations(of: Classification.self, configuration: configuration) == [])
    }
  }

  @Test("MNIST's images keep the laws, with a cost matrix too")
  func images() throws {
    try withTemporaryDirectory { folder in
      try writeTinyMNIST(to: folder)
      var configuration = MNIST.Configuration()
      configuration.folder = folder
      let plan = LawPlan(seeds: [1], rewardSteps: 100, checksHelp: true)
      #expect(EnvironmentLaws.violations(of: MNIST.self, configuration: configuration, plan: plan) == [])
      configuration.rewards.costs = (0..<10).map { row in
        (0..<10).map { row == $0 ? 0 : 1 + Double($0) }
      }
      #expect(EnvironmentLaws.violations(of: MNIST.self, configuration: configuration, plan: plan) == [])
    }
  }

  @Test("A table with gaps and many categories, of whose features most are 0, keeps the laws")
  func wideTable() throws {
    try withTemporaryDirectory { folder in
      let rows = (0..<40).map { "\($0 % 3 == 0 ? "" : "\($0)"),k\($0),c\($0 % 2)" }
      try write("x,k,c\n" + rows.joined(separator: "\n") + "\n", to: "\(folder)/table.csv")
      var configuration = Classification.Configuration()
      configuration.file = "\(folder)/table.csv"
      #expect(EnvironmentLaws.violations(of: Classification.self, configuration: configuration) == [])
    }
  }

  @Test("A table of numbers and categories keeps the laws")
  func table() throws {
    try withTemporaryDirectory { folder in
      try write("x,y,z,c\n1,a,4,no\n2,b,4,yes\n-3.5,a,4,no\n1e3,c,4,perhaps\n", to: "\(folder)/table.csv")
      var configuration = Classification.Configuration()
      configuration.file = "\(folder)/table.csv"
      #expect(EnvironmentLaws.violations(of: Classification.self, configuration: configuration) == [])
    }
  }

  @Test("The curve keeps the laws where its places move and its noise is large")
  func curve() {
    var configuration = Curve.Configuration()
    configuration.places = 5
    configuration.shift = 0.5
    configuration.noise = 0.3
    #expect(EnvironmentLaws.violations(of: Curve.self, configuration: configuration) == [])
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

/// An environment whose rewards are the later the higher the action.
private struct LateByAction: DelayedEnvironment {
  struct Configuration: ComponentConfiguration {
    var least = 5
  }

  static let name = "late-by-action"
  let spec = TaskSpec(featureCount: 1, encoding: .dense, actionNames: ["a", "b"])
  private(set) var delay = 0
  private let least: Int

  init(configuration: Configuration, stream: RandomStream) { least = configuration.least }

  mutating func observe(into observation: inout Observation) { observation.features[0] = 1 }

  func audit() -> Audit { Audit(expectedRewards: [1, 2]) }

  mutating func step(_ action: Int) -> Outcome {
    delay = least + action
    return Outcome(reward: Double(action + 1))
  }
}
