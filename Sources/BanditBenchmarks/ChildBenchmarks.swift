import BanditCore
import BanditEnvironments
import BanditNumerics
import BanditProcesses
import Foundation

/// A step of an agent that is another process: the last reward there, the next context here, an action back; and in turn
/// with it a bare echo of as many bytes.
struct ChildBenchmarks {
  let stopwatch: Stopwatch

  private static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  private static let steps = 1_000
  /// Bytes of the frames without the context: the reward, the question and the answer.
  private static let (asked, answered) = (16 + 8 + 4, 20)
  /// How long the echo reads for an answer before it sleeps, in microseconds.
  private static let patience = [0, 100]

  /// Measures the examples in C and in Python, with one-hot and with dense contexts of 117 columns.
  func run() throws -> [Measurement] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bandit-child-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = try compile("Examples/Children/round_robin.c", in: folder)
    let echo = try compile("Benchmarks/echo.c", in: folder)
    let python =
      "env PYTHONPATH=\(Self.repository)/Python/src python3 \(Self.repository)/Examples/Children/round_robin.py"
    return try [("C", program), ("Python", python)].flatMap { language, program in
      try [true, false].flatMap { try measure(language, program, beside: echo, isOneHot: $0) }
    }
  }

  private func compile(_ source: String, in folder: URL) throws -> String {
    let program = folder.appending(path: URL(filePath: source).deletingPathExtension().lastPathComponent).path
    _ = try output(of: "cc", ["-O2", "-o", program, Self.repository + "/" + source])
    return program
  }

  private func output(of program: String, _ arguments: [String]) throws -> String {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = pipe
    try process.run()
    let words = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchmarkError(description: "\(program) exited with \(process.terminationStatus)")
    }
    return String(decoding: words, as: UTF8.self)
  }

  private func measure(
    _ language: String, _ program: String, beside echo: String, isOneHot: Bool
  ) throws -> [Measurement] {
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
    let sent = Self.asked + 4 * (isOneHot ? observation.activeIndices.count : spec.featureCount)
    let form = isOneHot ? "one-hot" : "dense"
    var result = try stopwatch.measureInTurn(
      ["child in \(language), \(form)"] + Self.patience.map { "echo in C, \(form), reads for \($0) µs" }
    ) { index in
      if index > 0 {
        let words = ["\(sent)", "\(Self.answered)", "\(Self.steps)", "\(Self.patience[index - 1])"]
        guard let time = Double(try output(of: echo, words).dropLast()) else {
          throw BenchmarkError(description: "the echo gave no time")
        }
        return time
      }
      let start = ContinuousClock.now
      for _ in 0..<Self.steps {
        let decision = try agent.selectAction(for: observation)
        try agent.update(Transition(observation: observation, decision: decision, reward: 2))
      }
      return (ContinuousClock.now - start) / .nanoseconds(1) / Double(Self.steps)
    }
    try agent.conclude()
    let fastest = result.dropFirst().map(\.medianNanoseconds).min() ?? .nan
    result[0].timesOfFasterEcho = result[0].medianNanoseconds / fastest
    return result
  }
}

private struct BenchmarkError: Error, CustomStringConvertible { let description: String }
