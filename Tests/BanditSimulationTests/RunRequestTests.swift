import BanditCore
import BanditEnvironments
import BanditNumerics
import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("Run requests")
struct RunRequestTests {
  private func request(_ json: String) throws -> RunRequest {
    try RunRequest(json: Array(json.utf8), file: "f.json")
  }

  private func problem(_ json: String) -> ConfigurationError? {
    do {
      _ = try request(json)
      return nil
    } catch {
      return error as? ConfigurationError
    }
  }

  @Test("Nothing but an agent gives 50,000 mushrooms under seed 0")
  func defaults() throws {
    let settings = try request("{\"agent\":\"uniform\"}").resolved(in: registry)
    #expect(settings.environment == "mushroom" && settings.steps == 50_000 && settings.seed == 0)
    #expect(settings.agentSettings == [:])
    #expect(settings.environmentSettings == ["encoding": .text("full"), "sampling": .text("replacement")])
  }

  @Test(
    "A manifest gives the run that it is of", arguments: [0, 7, 9_223_372_036_854_775_809, .max] as [UInt64])
  func manifest(seed: UInt64) throws {
    let original = try settings("bbb", ["learningRate=0.003", "hiddenLayers=4,5"], steps: 12, seed: seed)
    let json = try JSONEncoder().encode(
      RunManifest(Simulation(original, registry: registry), program: "tests"))
    let again = try RunRequest(json: json, file: "manifest.json").resolved(in: registry)
    #expect(again == original)
  }

  @Test("A manifest whose lists are texts, as earlier versions wrote them, gives the run that it is of")
  func earlierManifest() throws {
    func resolved(_ settings: String) throws -> RunSettings {
      let run = """
        "agent":"uniform","environment":"classification","steps":5,"seed":1,"settings":{},
        "environment_settings":{\(settings)}
        """
      return try request("{\"run\":{\(run)}}").resolved(in: registry)
    }
    let old = try resolved("\"columns\":\"odor,habitat\",\"categories\":\"\",\"costs\":\"0,1/5,0\"")
    let new = try resolved("\"columns\":[\"odor\",\"habitat\"],\"categories\":[],\"costs\":[[0,1],[5,0]]")
    #expect(old == new)
    #expect(new.environmentSettings["columns"] == .list([.text("odor"), .text("habitat")]))
    #expect(try resolved("\"costs\":\"\"") == resolved("\"costs\":[]"))
  }

  /// An agent that `--set` cannot reach.
  private struct Unreachable: Agent {
    struct Configuration: ComponentConfiguration { var sizes: Set<Int> = [] }

    static let name = "unreachable"

    init(configuration: Configuration, spec: TaskSpec, stream: RandomStream) {}
    mutating func selectAction(for observation: Observation) -> Decision { Decision(action: 0) }
    mutating func update(_ transition: Transition) {}
  }

  @Test("An agent with a field that no setting can be is refused with the field's name and type")
  func unsupportedField() throws {
    let own = Registry(agents: [Unreachable.self], environments: BuiltInEnvironments.all)
    let error = #expect(throws: ConfigurationError.self) {
      try request("{\"agent\":\"unreachable\"}").resolved(in: own)
    }
    #expect(error?.key == "sizes" && error?.given == "a field of type Set<Int>")
  }

  @Test("Later words win: default, preset, file, command line")
  func precedence() throws {
    func actions(_ change: (inout RunRequest, inout RunRequest) -> Void) throws -> SettingValue? {
      var file = RunRequest()
      var words = RunRequest()
      words.agent = "reader"
      words.environment = "script"
      change(&file, &words)
      return try file.overridden(by: words).resolved(in: registry).agentSettings["actions"]
    }
    #expect(try actions { _, _ in } == .list([.integer(0)]))
    #expect(try actions { _, words in words.preset = "middle" } == .list([.integer(1)]))
    #expect(
      try actions { file, words in
        words.preset = "middle"
        file.agentSettings = ["actions": .list([.integer(2), .integer(0)])]
      } == .list([.integer(2), .integer(0)]))
    #expect(
      try actions { file, words in
        file.preset = "middle"
        file.agentSettings = ["actions": .list([.integer(2)])]
        words.agentSettings = ["actions": .text("0,1")]
      } == .list([.integer(0), .integer(1)]))
  }

  @Test("Settings of a file and of words are merged key by key, everything else is replaced")
  func merging() throws {
    let file = try request(
      "{\"agent\":\"bbb\",\"steps\":5,\"seed\":3,\"settings\":{\"batchSize\":7,\"minibatches\":3}}")
    var words = RunRequest()
    words.steps = 9
    words.agentSettings = ["batchSize": .text("8")]
    let settings = try file.overridden(by: words).resolved(in: registry)
    #expect(settings.agent == "bbb" && settings.steps == 9 && settings.seed == 3)
    #expect(
      settings.agentSettings["batchSize"] == .integer(8)
        && settings.agentSettings["minibatches"] == .integer(3))
  }

  @Test(
    "A file that is no request is refused with the file's name and what is wrong",
    arguments: [
      ("", "f.json"), ("{\"agent\": \"unif", "f.json"), ("[]", "f.json"), ("3", "f.json"),
      ("{\"agent\":3}", "f.json"),
      ("{\"agent\":null,\"steps\":1}", "f.json"), ("{\"steps\":1.5}", "f.json"),
      ("{\"steps\":\"5\"}", "f.json"),
      ("{\"seed\":-1}", "f.json"), ("{\"seed\":18446744073709551616}", "f.json"),
      ("{\"settings\":[]}", "f.json"),
      ("{\"settings\":{\"a\":null}}", "f.json"), ("{\"agnt\":\"bbb\"}", "f.json: key"),
      ("{\"run\":3}", "f.json: key"),
      ("{\"run\":{\"agnt\":\"bbb\"}}", "f.json: key"),
    ])
  func refused(json: String, key: String) {
    let error = problem(json)
    #expect(error?.key == key)
    #expect(error?.given.isEmpty == false)
  }

  @Test("An unknown key comes with the nearest one, a wrong type with the place")
  func details() {
    #expect(problem("{\"agnt\":\"bbb\"}")?.suggestion == "agent")
    #expect(problem("{\"steps\":\"5\"}")?.given.hasPrefix("steps: ") == true)
    #expect(problem("{\"run\":{\"steps\":\"5\"}}")?.given.hasPrefix("run.steps: ") == true)
    let deep = String(repeating: "{\"settings\":", count: 5_000) + "1" + String(repeating: "}", count: 5_000)
    #expect(problem(deep) != nil)
  }

  @Test("Names that do not exist and values out of range are refused before anything is played")
  func resolving() {
    func key(_ json: String) -> String? {
      do {
        _ = try Simulation(request(json).resolved(in: registry), registry: registry)
        return nil
      } catch {
        return (error as? ConfigurationError)?.key
      }
    }
    #expect(key("{}") == "agent")
    #expect(key("{\"agent\":\"bb\"}") == "agent")
    #expect(key("{\"agent\":\"bbb\",\"environment\":\"mush\"}") == "environment")
    #expect(key("{\"agent\":\"bbb\",\"preset\":\"papr\"}") == "preset of bbb")
    #expect(key("{\"agent\":\"uniform\",\"steps\":0}") == "steps")
    #expect(key("{\"agent\":\"bbb\",\"settings\":{\"batchSize\":0}}") == "batchSize")
    #expect(key("{\"agent\":\"bbb\",\"settings\":{\"batchSize\":true}}") == "batchSize")
    #expect(key("{\"agent\":\"bbb\",\"settings\":{\"batch\":1}}") == "setting")
    #expect(key("{\"agent\":\"uniform\",\"environment_settings\":{\"encoding\":\"half\"}}") == "encoding")
  }
}
