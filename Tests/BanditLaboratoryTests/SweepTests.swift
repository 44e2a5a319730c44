import BanditAgents
import BanditCore
import BanditEnvironments
import BanditLaboratory
import BanditSimulation
import Testing

let registry = Registry(agents: BuiltInAgents.all, environments: BuiltInEnvironments.all)

func sweep(_ text: String) throws -> Sweep {
  try Sweep(SweepFile(json: Array(text.utf8), file: "sweep.json"), registry: registry)
}

@Suite("Sweeps")
struct SweepTests {
  @Test("Every agent with all its values is put into every environment, seed by seed")
  func product() throws {
    let sweep = try sweep(
      """
      {"agents": ["epsilon-greedy", {"agent": "bbb", "preset": "standard", "set": {"minibatches": [1, 2]}}, "uniform"],
       "environments": ["linear", {"environment": "wheel", "set": {"delta": [0.5, 0.9]}}],
       "set": {"learningRate": [0.001, 0.01], "hiddenLayers": [[8], [8, 8]], "epsilon": 0.1},
       "seeds": [4, 7], "steps": 30}
      """)
    // 4 of epsilon-greedy, 8 of bbb, 1 of uniform.
    #expect(sweep.settings.count == 3 * 13 && sweep.runs.count == 2 * 3 * 13 && sweep.steps == 30)
    #expect(Set(sweep.runs.map(\.name)).count == sweep.runs.count)
    #expect(sweep.runs.prefix(39).allSatisfy { $0.settings.seed == 4 })
    for run in sweep.runs {
      #expect(run.name == RunDirectory.defaultName(run.settings, registry: registry))
    }
    let names = Set(sweep.settings.map(\.name))
    #expect(names.contains("uniform") && names.contains("epsilon-greedy hiddenLayers=8,8 learningRate=0.001"))
    #expect(names.contains("bbb hiddenLayers=8 learningRate=0.01 minibatches=2"))
    #expect(Set(sweep.settings.map(\.task)) == ["linear", "wheel delta=0.5", "wheel delta=0.9"])
  }

  @Test("Values drawn from a range are in it, the same each time, and more of them begin with the same")
  func draws() throws {
    func values(_ count: Int, seed: Int = 1) throws -> [Double] {
      try sweep(
        """
        {"agents": ["bbb"], "set": {"learningRate": {"log": [0.0001, 0.1], "count": \(count), "seed": \(seed)}}}
        """
      ).settings.compactMap { $0.run.agentSettings["learningRate"].flatMap { Double($0.description) } }
    }
    let (few, many) = (try values(4), try values(40))
    #expect(few == Array(many.prefix(4)) && many.count == 40)
    #expect(many.allSatisfy { (0.0001...0.1).contains($0) } && (5...35).contains(many.count { $0 < 0.00316 }))
    #expect(try values(4, seed: 2) != few)
    let whole = try sweep(#"{"agents": ["bbb"], "set": {"minibatches": {"log": [1, 100], "count": 9}}}"#)
    #expect(
      whole.settings.allSatisfy { setting in
        if case .integer(let count)? = setting.run.agentSettings["minibatches"] {
          (1...100).contains(count)
        } else {
          false
        }
      })
  }

  @Test("Exclusions leave out what agrees with all of their words")
  func exclusions() throws {
    let sweep = try sweep(
      """
      {"agents": ["bbb", "epsilon-greedy"], "environments": ["linear", "wheel"],
       "set": {"learningRate": [0.001, 0.01]}, "seeds": 3, "steps": 10,
       "exclude": [{"agent": "bbb", "set": {"learningRate": 0.01}}, {"environment": "wheel", "seed": [0, 1]}]}
      """)
    #expect(sweep.runs.count == 24 - 6 - 4 * 2 + 2)
    #expect(
      !sweep.runs.contains {
        $0.settings.agent == "bbb" && $0.settings.agentSettings["learningRate"] == .number(0.01)
      })
  }

  @Test(
    "Mistakes are named by their key",
    arguments: [
      ("", "sweep.json"), ("[1]", "sweep.json"), ("{}", "sweep.json: agents"),
      (#"{"agents": []}"#, "sweep.json: agents"), (#"{"agents": "bbb"}"#, "sweep.json: agents"),
      (#"{"agents": ["bb"]}"#, "agent"), (#"{"agents": ["bbb"], "stepps": 3}"#, "sweep.json: key"),
      (#"{"agents": ["bbb"], "steps": 0}"#, "sweep.json: steps"),
      (#"{"agents": ["bbb"], "steps": 1e30}"#, "sweep.json: steps"),
      (#"{"agents": ["bbb"], "seeds": 0}"#, "sweep.json: seeds"),
      (#"{"agents": ["bbb"], "seeds": [1, 1]}"#, "sweep.json: seeds"),
      (#"{"agents": ["bbb"], "seeds": {"from": -1}}"#, "sweep.json: seeds.from"),
      (#"{"agents": [{"agent": "bbb", "sett": {}}]}"#, "sweep.json: agents[0]: key"),
      (#"{"agents": [{"preset": "paper"}]}"#, "sweep.json: agents[0].agent"),
      (#"{"agents": ["bbb"], "set": {"lerningRate": 1}}"#, "sweep.json: set.lerningRate"),
      (#"{"agents": ["uniform"], "set": {"learningRate": 1}}"#, "sweep.json: set.learningRate"),
      (#"{"agents": [{"agent": "uniform", "set": {"epsilon": 1}}]}"#, "sweep.json: agents[0].set.epsilon"),
      (#"{"agents": ["bbb"], "set": {"learningRate": []}}"#, "sweep.json: set.learningRate"),
      (
        #"{"agents": ["bbb"], "set": {"learningRate": {"log": [0, 1], "count": 2}}}"#,
        "sweep.json: set.learningRate.log"
      ),
      (
        #"{"agents": ["bbb"], "set": {"learningRate": {"log": [1, 2]}}}"#,
        "sweep.json: set.learningRate.count"
      ),
      (#"{"agents": ["bbb"], "set": {"learningRate": "fast"}}"#, "learningRate"),
      (#"{"agents": ["bbb"], "exclude": [{}]}"#, "sweep.json: exclude[0]"),
      (#"{"agents": ["bbb"], "exclude": [{"agent": "uniform"}]}"#, "sweep.json: exclude[0]"),
      (#"{"agents": ["bbb"], "exclude": [{"agent": "bbb"}]}"#, "exclude"),
      (#"{"agents": ["bbb"], "halve": 1}"#, "sweep.json: halve"),
      (
        #"{"agents": ["bbb"], "seeds": 10000, "set": {"learningRate": {"log": [1, 2], "count": 9999}}}"#,
        "sweep"
      ),
    ])
  func mistakes(text: String, key: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try sweep(text) }
    #expect(error?.key == key, "\(String(describing: error))")
  }
}
