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

  @Test("A run that was stopped and resumed leaves the same lines")
  func resumed() throws {
    try withTemporaryDirectory { folder in
      let whole = try play(JSONInteractions.self, folder + "/whole")
      try play(JSONInteractions.self, folder + "/x", until: 1_100)
      #expect(try play(JSONInteractions.self, folder + "/x", resume: true) == whole)
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
