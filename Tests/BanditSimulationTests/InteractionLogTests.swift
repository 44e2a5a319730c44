import BanditCore
import BanditFiles
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Logged interactions")
struct InteractionLogTests {
  @discardableResult
  private func play<Form: InteractionForm>(
    _ form: Form.Type, _ folder: String, agent: String = "uniform", words: [String] = [],
    environment: String = "mushroom", resume: Bool = false, until last: Int = .max
  ) throws -> [String] {
    let settings = try settings(agent, words, environment: environment, steps: 1_200)
    let directory = try RunDirectory(
      creating: folder, overwrite: false, resume: resume, others: [Form.file])
    var steps = 0
    _ = try Run(
      Simulation(settings, registry: registry), program: "tests",
      observers: [InteractionLog<Form>(), ProgressObserver { steps = $0.record.step }]
    ).play(into: directory, shouldStop: { steps >= last })
    return try logText("\(folder)/\(Form.file)").split(separator: "\n").map(String.init)
  }

  private func object(_ line: String) throws -> [String: SettingValue] {
    try JSONDecoder().decode([String: SettingValue].self, from: Data(line.utf8))
  }

  @Test("Every step is an object with the context by names, the action, its propensity and the reward")
  func names() throws {
    try withTemporaryDirectory { folder in
      let lines = try play(JSONInteractions.self, folder)
      #expect(lines.count == 1_200)
      let rows = try logText(folder + "/regret.csv.gz").split(separator: "\n").dropFirst()
      for (line, row) in zip(lines, rows) {
        let object = try object(line)
        let fields = row.split(separator: ",", omittingEmptySubsequences: false)
        #expect(object["step"]?.description == String(fields[0]))
        #expect(object["action"]?.description == String(fields[1]))
        #expect(object["action_name"]?.description == (fields[1] == "0" ? "eat" : "reject"))
        #expect(object["reward"]?.description == String(fields[3]))
        #expect(object["propensity"] == .number(0.5) && object["probabilities"] == nil)
        guard case .list(let context)? = object["active"] else {
          Issue.record("no context in \(line)")
          return
        }
        #expect(context.count == 22 && context.allSatisfy { $0.description.contains("=") })
      }
    }
  }

  @Test("Numbers without names are a list, and all probabilities are there on demand")
  func numbers() throws {
    try withTemporaryDirectory { folder in
      let lines = try play(FullJSONInteractions.self, folder, agent: "linear-ucb", environment: "linear")
      let object = try object(try #require(lines.last))
      guard case .list(let context)? = object["context"], case .list(let shares)? = object["probabilities"],
        case .integer(let action)? = object["action"]
      else {
        Issue.record("no lists in \(lines.last ?? "")")
        return
      }
      #expect(context.count == 10 && shares.count == 8)
      #expect(shares[action].description == object["propensity"]?.description)
    }
  }

  @Test("An agent that does not know its propensity says so, and has no line in a format that needs it")
  func unknown() throws {
    try withTemporaryDirectory { folder in
      let lines = try play(FullJSONInteractions.self, folder + "/a", agent: "linear-thompson")
      #expect(lines.last?.contains("\"propensity\":null") == true)
      #expect(lines.last?.hasSuffix("\"probabilities\":null}") == true)
      let error = #expect(throws: ConfigurationError.self) {
        try play(VWInteractions.self, folder + "/b", agent: "linear-thompson")
      }
      #expect(error?.description.contains("propensityDraws") == true)
    }
  }

  @Test("Vowpal Wabbit's text has actions from 1, costs, and names without its own characters")
  func vowpalWabbit() throws {
    try withTemporaryDirectory { folder in
      let lines = try play(VWInteractions.self, folder)
      let form = /[12]:-?\d+:0\.5 \|( [^ :|]+){22}/
      #expect(lines.count == 1_200 && lines.allSatisfy { $0.wholeMatch(of: form) != nil })
      let costs = Set(lines.compactMap { $0.split(separator: ":").dropFirst().first })
      #expect(costs == ["-5", "35", "0"])
      let dense = try play(VWInteractions.self, folder + "/dense", environment: "linear")
      #expect(dense.allSatisfy { $0.wholeMatch(of: /\d:-?[\d.e-]+:0\.125 \|( \d:-?[\d.e-]+)+/) != nil })
    }
  }

  private func line(_ form: some InteractionForm, _ interaction: Interaction) throws -> String {
    var (form, line) = (form, Array("before ".utf8))
    // Texts of numbers are kept, so that the second line is the one to look at.
    try form.append(interaction, to: &line)
    line = Array("before ".utf8)
    try form.append(interaction, to: &line)
    return String(decoding: line, as: UTF8.self)
  }

  @Test("Lines have exactly these bytes, and each number the shortest text that reads back as itself")
  func exactLines() throws {
    let names = ["a \"b\"", "c:d|e", "f/g"]
    let dense = TaskSpec(
      featureCount: 3, encoding: .dense, actionNames: ["x", "y\u{e9}"], featureNames: names)
    let plain = TaskSpec(featureCount: 3, encoding: .dense, actionNames: ["x", "y"])
    var observation = Observation(dense)
    observation.features = [0.1, 0, -1e-9]
    var interaction = Interaction(
      step: 12_345_678_901, observation: observation, decision: Decision(action: 1, propensity: 1.0 / 3),
      reward: -0.0, probabilities: [0.5, 1e-300])
    var expected = #"""
      before {"step":12345678901,"context":{"a \"b\"":0.1,"c:d|e":0,"f/g":-1e-09},"action":1,"action_name":"y\#u{e9}",\#
      "propensity":0.3333333333333333,"reward":0}
      """#
    #expect(try line(JSONInteractions(dense), interaction) == expected)
    expected = #"before 2:0:0.3333333333333333 | a_"b":0.1 f/g:-1e-09"#
    #expect(try line(VWInteractions(dense), interaction) == expected)
    interaction.observation.features = [16_777_216, -9_999_999, .infinity]
    (interaction.reward, interaction.decision) = (1e20, Decision(action: 0, propensity: nil))
    expected = #"""
      before {"step":12345678901,"context":[16777216.0,-9999999,null],"action":0,"action_name":"x","propensity":null,\#
      "reward":1e+20,"probabilities":[0.5,1e-300]}
      """#
    #expect(try line(FullJSONInteractions(plain), interaction) == expected)
    let active = TaskSpec(featureCount: 300, encoding: .oneHot(maximumActive: 3), actionNames: ["x", "y"])
    interaction.observation = Observation(active)
    interaction.observation.activeIndices = [0, 10, 299]
    (interaction.reward, interaction.probabilities) = (Double(Int.min), nil)
    expected = #"""
      before {"step":12345678901,"active":[0,10,299],"action":0,"action_name":"x","propensity":null,\#
      "reward":-9223372036854775808,"probabilities":null}
      """#
    #expect(try line(FullJSONInteractions(active), interaction) == expected)
    interaction.observation.activeIndices = []
    interaction.decision.propensity = 1
    #expect(try line(VWInteractions(active), interaction) == "before 1:9.223372036854776e+18:1 |")
  }

  @Test("Numbers that come again have the text that they had, whatever came between")
  func repeatedNumbers() throws {
    let form = FullJSONInteractions(TaskSpec(featureCount: 1, encoding: .dense, actionNames: ["x", "y"]))
    let values = (0..<500).map { index -> Double in
      let number = index.isMultiple(of: 7) ? index % 3 : index % 97
      return Double(number) / 64
    }
    let text = try line(
      form,
      Interaction(
        step: 1,
        observation: Observation(TaskSpec(featureCount: 1, encoding: .dense, actionNames: ["x", "y"])),
        decision: Decision(action: 0, propensity: 1), reward: 1, probabilities: values))
    let list = text.split(separator: "[").last?.dropLast(2) ?? ""
    #expect(list.split(separator: ",").compactMap { Double($0) } == values)
  }

  @Test("A run that was stopped and resumed leaves the same lines")
  func resumed() throws {
    try withTemporaryDirectory { folder in
      let whole = try play(JSONInteractions.self, folder + "/whole")
      try play(JSONInteractions.self, folder + "/x", until: 1_100)
      #expect(try play(JSONInteractions.self, folder + "/x", resume: true) == whole)
    }
  }

  @Test("A run without a log takes the place of one that has a log, which two observers may have written")
  func replaced() throws {
    try withTemporaryDirectory { folder in
      try play(JSONInteractions.self, folder)
      let directory = try RunDirectory(
        creating: folder, overwrite: true, others: [JSONInteractions.file, FullJSONInteractions.file])
      try directory.removeEarlierRun()
      for path in [directory.logPath, folder + "/" + JSONInteractions.file] {
        #expect(!FileManager.default.fileExists(atPath: path))
      }
    }
  }

  @Test("A damaged file is not continued")
  func damaged() throws {
    try withTemporaryDirectory { folder in
      try play(JSONInteractions.self, folder, until: 1_100)
      let path = "\(folder)/\(JSONInteractions.file)"
      var bytes = try contents(of: path)
      bytes[bytes.count / 2] ^= 1
      try Data(bytes).write(to: URL(filePath: path))
      let error = #expect(throws: DataFileError.self) {
        try play(JSONInteractions.self, folder, resume: true)
      }
      #expect(error?.file == path)
    }
  }

  @Test("Asking for all probabilities changes no number of a run", arguments: ["epsilon-greedy", "squarecb"])
  func asking(agent: String) throws {
    try withTemporaryDirectory { folder in
      try play(JSONInteractions.self, folder + "/a", agent: agent, words: smallSettings)
      let full = try play(FullJSONInteractions.self, folder + "/b", agent: agent, words: smallSettings)
      #expect(
        try contents(of: folder + "/a/regret.csv.gz") == contents(of: folder + "/b/regret.csv.gz"))
      #expect(full.allSatisfy { $0.contains("\"probabilities\":[") })
    }
  }
}
