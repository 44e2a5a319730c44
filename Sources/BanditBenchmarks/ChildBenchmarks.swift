import BanditCore
import BanditEnvironments
import BanditNumerics
import BanditProcesses
import Foundation

/// A step of an agent that is another process: the last reward there, the next context here, an action back.
struct ChildBenchmarks {
  let stopwatch: Stopwatch

  private static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  private static let steps = 1_000

  /// Measures the examples in C and in Python, with one-hot and with dense contexts of 117 columns.
  func run() throws -> [Measurement] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bandit-child-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    let program = folder.appending(path: "round_robin").path
    compiler.arguments = ["cc", "-O2", "-o", program, Self.repository + "/Examples/Children/round_robin.c"]
    try compiler.run()
    compiler.waitUntilExit()
    let python =
      "env PYTHONPATH=\(Self.repository)/Python/src python3 \(Self.repository)/Examples/Children/round_robin.py"
    return try [("C", program), ("Python", python)].flatMap { language, program in
      try [true, false].map { try measure(language, program, isOneHot: $0) }
    }
  }

  private func measure(_ language: String, _ program: String, isOneHot: Bool) throws -> Measurement {
    var environment = try Mushroom(configuration: .init(), stream: RandomStream(seed: 6))
    var observation = Observation(environment.spec)
    environment.observe(into: &observation)
    var spec = environment.spec
    if !isOneHot {
      spec = TaskSpec(featureCount: spec.featureCount, encoding: .dense, actionNames: spec.actionNames)
      let active = observation.activeIndices
      observation = Observation(spec)
      for index in active { observation.features[Int(index)] = 1 }
    }
    var configuration = ChildAgent.Configuration()
    configuration.program = program
    var agent = try ChildAgent(configuration: configuration, spec: spec, stream: RandomStream(seed: 7))
    let name = "child in \(language), \(isOneHot ? "one-hot" : "dense")"
    let result = try stopwatch.measure(name, calls: Self.steps) {
      for _ in 0..<Self.steps {
        let decision = try agent.selectAction(for: observation)
        try agent.update(Transition(observation: observation, decision: decision, reward: 2))
      }
    }
    try agent.conclude()
    return result
  }
}
