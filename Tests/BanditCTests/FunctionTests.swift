import BanditAgents
import BanditC
import BanditCore
import BanditEnvironments
import BanditSimulation
import Foundation
import Testing
import TestSupport

private let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

@Suite("The library for C")
struct FunctionTests {
  private let task = #"{"features": 3, "encoding": "dense", "actions": ["a", "b"]}"#

  private var sentence: String { String(cString: lastError()) }

  private func made(_ name: String = "linear-ucb", settings: String? = nil) -> OpaquePointer? {
    var agent: OpaquePointer?
    #expect(createAgent(name, task, nil, settings, 1, &agent) == 0, "\(sentence)")
    return agent
  }

  @Test("The example in C gets the regret that the program gets")
  func example() throws {
    let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let library = URL(filePath: runner).deletingLastPathComponent().path
    try #require(FileManager.default.fileExists(atPath: library + "/libbandit.so"))
    try withTemporaryDirectory { folder in
      let built = try run([
        "cc", "-Wall", "-Wextra", "-Werror", "-o", folder + "/agent", repository + "/Examples/C/agent.c",
        "-I", repository + "/Sources/BanditC", "-L", library, "-lbandit", "-Wl,-rpath," + library, "-lm",
      ])
      try #require(built.status == 0, "\(built.errors)")
      let result = try run([folder + "/agent"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      var request = RunRequest()
      request.agent = "linear-thompson"
      request.environment = "wheel"
      request.environmentSettings = ["delta": .number(0.5)]
      request.agentSettings = ["prefill": .integer(0)]
      (request.steps, request.seed) = (500, 7)
      let registry = Registry(
        agents: BuiltInAgents.all, environments: BuiltInEnvironments.all)
      var simulation = try Simulation(request.resolved(in: registry), registry: registry)
      let totals = try simulation.run { _ in }
      let regret = try #require(Double(result.output.split(separator: "\n").first ?? ""))
      #expect(abs(regret - totals.record.cumulativeExpectedRegret) < 1e-5)
    }
  }

  @Test("Wrong handles and NULLs are errors, whatever is asked")
  func handles() {
    var action: Int32 = 0
    var propensity = 0.0
    let context: [Float] = [1, 2, 3]
    for handle in [nil, OpaquePointer(bitPattern: 8), OpaquePointer(bitPattern: 0x7fff_0000_1000)] {
      #expect(select(handle, context, 3, &action, &propensity) == 1)
      #expect(update(handle, context, 3, 0, .nan, 1) == 1 && save(handle, "x") == 1 && load(handle, "x") == 1)
      #expect(setThreads(handle, 1) == 1 && prefill(handle, context, 3, 0, .nan, 1) == 1)
      #expect(step(handle, 0, &propensity) == 1)
      destroyAgent(handle)
      destroyEnvironment(handle)
    }
    let agent = made()
    #expect(select(agent, nil, 3, &action, &propensity) == 1 && select(agent, context, 3, nil, nil) == 1)
    #expect(select(agent, context, 3, &action, nil) == 0)
    #expect(save(agent, nil) == 1 && createAgent(nil, nil, nil, nil, 0, nil) == 1)
    destroyAgent(agent)
    destroyAgent(agent)
    #expect(select(agent, context, 3, &action, &propensity) == 1)
    #expect(sentence == "agent is no handle, or was destroyed")
  }

  @Test("Contexts, actions, rewards and propensities out of range are errors")
  func ranges() {
    let agent = made()
    var action: Int32 = 0
    let context: [Float] = [1, 2, 3]
    #expect(select(agent, [1, .nan, 3], 3, &action, nil) == 1 && sentence.contains("feature 1 is nan"))
    #expect(select(agent, context, 2, &action, nil) == 1 && select(agent, context, -1, &action, nil) == 1)
    #expect(selectActive(agent, [0], 1, &action, nil) == 1 && sentence.contains("are features, not indices"))
    for (action, propensity, reward) in [
      (2, 0.5, 1), (-1, 0.5, 1), (0, 0, 1), (0, 1.5, 1), (0, 0.5, .infinity), (0, 0.5, .nan),
    ] as [(Int32, Double, Double)] {
      #expect(update(agent, context, 3, action, propensity, reward) == 1)
    }
    var oneHot: OpaquePointer?
    let words = #"{"features": 5, "encoding": "one-hot", "maximum_active": 2, "actions": ["a", "b", "c"]}"#
    #expect(
      createAgent("bbb", words, nil, #"{"hiddenLayers": [4], "prefill": 0}"#, 1, &oneHot) == 0, "\(sentence)")
    for indices in [[5], [-1], [1, 1], [2, 1], [0, 1, 2]] as [[Int32]] {
      #expect(selectActive(oneHot, indices, indices.count, &action, nil) == 1)
    }
    #expect(
      selectActive(oneHot, nil, 0, &action, nil) == 0 && selectActive(oneHot, [1, 4], 2, &action, nil) == 0)
  }

  @Test(
    "Agents that cannot be are refused in the words of the command line",
    arguments: [
      ("linear-usb", nil, nil, "did you mean 'linear-ucb'?"),
      ("linear-ucb", "pap", nil, "preset of linear-ucb"),
      ("linear-ucb", nil, #"{"alpha": -1}"#, "alpha: '-1.0' is not allowed; allowed: 0 or more."),
      ("linear-ucb", nil, "{", "settings: are no JSON object"), ("oracle", nil, nil, "has to be told"),
      ("linear-ucb", nil, String(repeating: "[", count: 5_000), "settings: are no JSON object"),
    ] as [(String, String?, String?, String)])
  func refused(name: String, preset: String?, settings: String?, words: String) {
    var agent: OpaquePointer?
    #expect(createAgent(name, task, preset, settings, 1, &agent) == 2)
    #expect(sentence.contains(words) && agent == nil, "\(sentence)")
  }

  @Test("A saved agent goes on elsewhere as it would have; a run's checkpoint can be loaded")
  func saved() throws {
    try withTemporaryDirectory { folder in
      let (one, other) = (made("linear-thompson"), made("linear-thompson"))
      func play(_ agent: OpaquePointer?, _ steps: Range<Int>) -> [Int32] {
        steps.map { step in
          let context: [Float] = [Float(step % 5), Float(step % 3) - 1, 1]
          var action: Int32 = -1
          #expect(select(agent, context, 3, &action, nil) == 0)
          #expect(update(agent, context, 3, action, .nan, Double(action) - Double(step % 2)) == 0)
          return action
        }
      }
      _ = play(one, 0..<30)
      #expect(save(one, folder + "/a") == 0 && load(other, folder + "/a") == 0, "\(sentence)")
      #expect(play(one, 30..<60) == play(other, 30..<60))
      #expect(load(other, folder + "/none") == 3)
      try write("no checkpoint", to: folder + "/b")
      #expect(load(other, folder + "/b") == 3 && load(made("uniform"), folder + "/a") == 3)
      #expect(save(one, folder + "/no/folder") == 3)
    }
  }

  @Test("Propensities add up, and asking for them changes nothing")
  func probabilities() {
    let context: [Float] = [1, 2, 3]
    for name in ["uniform", "linear-ucb", "linear-thompson"] {
      let (agent, twin) = (made(name), made(name))
      var values = [0.0, 0.0]
      #expect(propensities(agent, context, 3, 200, &values, 2) == 0, "\(sentence)")
      #expect(abs(values[0] + values[1] - 1) < 1e-9)
      var (action, other): (Int32, Int32) = (0, 0)
      #expect(select(agent, context, 3, &action, nil) == 0 && select(twin, context, 3, &other, nil) == 0)
      #expect(action == other)
      #expect(
        propensities(agent, context, 3, 0, &values, 2) == 1
          && propensities(agent, context, 3, 9, &values, 3) == 1)
    }
  }

  @Test("Environments show, pay and count their order")
  func world() {
    var world: OpaquePointer?
    #expect(createEnvironment("mushroom", nil, 3, &world) == 0, "\(sentence)")
    var needed = 0
    #expect(BanditC.task(world, nil, 0, &needed) == 0 && needed > 50)
    var text = [CChar](repeating: 1, count: needed)
    #expect(BanditC.task(world, &text, needed, nil) == 0)
    #expect(
      String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self).contains(
        #""features":117"#))
    #expect(BanditC.task(world, &text, 5, nil) == 0 && text[4] == 0)
    var reward = 0.0
    #expect(step(world, 0, &reward) == 1 && sentence.contains("observe comes before"))
    var (features, rewards) = ([Float](repeating: -1, count: 117), [0.0, 0.0])
    #expect(observe(world, &features, 117, &rewards, 2) == 0)
    #expect(features.reduce(0, +) == 22 && rewards[1] == 0)
    #expect(
      step(world, 2, &reward) == 1 && step(world, 1, &reward) == 0 && reward == 0
        && step(world, 1, &reward) == 1)
    #expect(observe(world, &features, 116, &rewards, 2) == 1 && observe(world, nil, 117, &rewards, 2) == 1)
    destroyEnvironment(world)
    #expect(createEnvironment("delay", nil, 3, &world) == 2 && createEnvironment("mush", nil, 3, &world) == 2)
  }

  @Test("The header declares what the library has")
  func header() throws {
    let header = try text(of: repository + "/Sources/BanditC/bandit.h")
    let source = try text(of: repository + "/Sources/BanditC/Functions.swift")
    let declared = Set(header.matches(of: /\b(bandit_[a-z_]+)\(/).map { String($0.1) })
    let defined = Set(source.matches(of: /@_cdecl\("([a-z_]+)"\)/).map { String($0.1) })
    #expect(declared.subtracting(["bandit_last_error"]) == defined.subtracting(["bandit_last_error"]))
    #expect(interface() == 1 && String(cString: version()) == "1.0.0")
  }
}
