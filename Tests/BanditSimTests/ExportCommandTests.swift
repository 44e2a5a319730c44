import BanditFiles
import BanditNumerics
import Foundation
import Testing
import TestSupport

@Suite("Exported networks")
struct ExportCommandTests {
  private struct Words: Decodable {
    struct Example: Decodable {
      let ones: [Int]
      let outputs: [[Double]]
    }

    let stepsPlayed: Int
    let contextColumns: [String]
    let networkPrefixes: [String]
    let examples: [Example]

    enum CodingKeys: String, CodingKey {
      case examples
      case stepsPlayed = "steps_played"
      case contextColumns = "context_columns"
      case networkPrefixes = "network_prefixes"
    }
  }

  @Test(
    "The tensors of an export give the outputs that it says",
    arguments: [
      "bbb", "ensemble", "epsilon-greedy", "boltzmann", "squarecb", "bootstrap", "dropout", "neural-ucb",
      "neural-thompson", "neural-linear", "prior-ensemble",
    ])
  func outputs(agent: String) throws {
    try withTemporaryDirectory { folder in
      let networks = ["ensemble": 5, "bootstrap": 10, "prior-ensemble": 20][agent] ?? 1
      let run = ["--agent", agent, "--steps", "15", "--quiet", "--out", "x"] + smallSettings
      #expect(try simulate(run, in: folder).status == 0)
      #expect(try simulate(["export", "x", "-o", "a.safetensors"], in: folder).status == 0)
      let tensors = try Safetensors(bytes: contents(of: folder + "/a.safetensors"), file: "a")
      #expect(tensors.metadata["network"].map { $0 + "\n" } == (try text(of: folder + "/a.json")))
      let words = try JSONDecoder().decode(Words.self, from: Data(contents(of: folder + "/a.json")))
      #expect(words.stepsPlayed == 15 && words.contextColumns.count == 117)
      #expect(words.contextColumns[0] == "cap-shape=b" && words.examples.count == 4)
      for example in words.examples {
        #expect(example.ones.count == 22 && example.outputs.count == networks)
        for (prefix, outputs) in zip(words.networkPrefixes, example.outputs) {
          for (action, output) in outputs.enumerated() {
            let own = try forward(
              tensors, prefix, agent == "bbb" ? ".mean" : "", ones: example.ones + [117 + action])
            #expect(abs(own - output) < 1e-5 * max(1, abs(output)), "\(prefix), action \(action)")
          }
        }
      }
    }
  }

  /// What a reader computes: matrix, bias, ReLU, matrix, bias.
  private func forward(_ file: Safetensors, _ prefix: String, _ suffix: String, ones: [Int]) throws -> Double
  {
    var values = [Double](repeating: 0, count: 119)
    for column in ones { values[column] = 1 }
    for layer in 0..<2 {
      let weight = try #require(file.tensor(named: "\(prefix)layers.\(layer).weight\(suffix)"))
      let bias = try #require(file.tensor(named: "\(prefix)layers.\(layer).bias\(suffix)"))
      #expect(weight.shape == [bias.values.count, values.count])
      values = bias.values.enumerated().map { unit, start in
        let sum = values.indices.reduce(Double(start)) {
          $0 + Double(weight.values[unit * values.count + $1]) * values[$1]
        }
        return layer == 0 ? max(0, sum) : sum
      }
    }
    return values[0]
  }

  /// `check_export.py` made the references with PyTorch from `export.safetensors`.
  @Test("PyTorch's outputs of an exported network are ours")
  func pytorch() throws {
    struct Reference: Decodable { let outputs: [[[Double]]] }
    let here = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Export").path
    let words = try JSONDecoder().decode(Words.self, from: Data(contents(of: here + "/export.json")))
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contents(of: here + "/pytorch.json")))
    let file = try Safetensors(bytes: contents(of: here + "/export.safetensors"), file: "export")
    #expect(reference.outputs.count == words.examples.count && !words.examples.isEmpty)
    for (example, outputs) in zip(words.examples, reference.outputs) {
      for (action, output) in outputs[0].enumerated() {
        #expect(abs(example.outputs[0][action] - output) < 1e-5 * max(1, abs(output)))
        #expect(abs(try forward(file, "", ".mean", ones: example.ones + [117 + action]) - output) < 1e-5)
      }
    }
  }

  @Test("A run without a network, without a checkpoint or with a damaged one is told of")
  func problems() throws {
    try withTemporaryDirectory { folder in
      #expect(
        try simulate(["--agent", "uniform", "--steps", "5", "--quiet", "--out", "u"], in: folder).status == 0)
      let uniform = try simulate(["export", "u"], in: folder)
      #expect(uniform.status == 64 && uniform.errors.contains("it cannot be exported yet: uniform"))
      #expect(
        uniform.errors.contains(
          "a run of bbb, epsilon-greedy, boltzmann, squarecb, ensemble, bootstrap, prior-ensemble, dropout, "
            + "neural-linear, neural-ucb, neural-thompson;"))
      #expect(uniform.errors.contains("Usage: bandit-sim export "))
      let words = ["--agent", "bbb", "--steps", "5", "--quiet", "--out", "b"] + smallSettings
      #expect(try simulate(words + ["--checkpoint-every", "0"], in: folder).status == 0)
      let none = try simulate(["export", "b"], in: folder)
      #expect(none.status == 1 && none.errors.contains("b/checkpoint/state.safetensors: does not exist"))
      #expect(try simulate(words + ["--overwrite"], in: folder).status == 0)
      let missing = try simulate(["export", "b", "-o", "none/a.safetensors"], in: folder)
      #expect(
        missing.status == 1 && missing.errors.contains("the folder 'none' does not exist; create it first"))
      let path = folder + "/b/checkpoint/state.safetensors"
      try Data(contents(of: path).dropLast(9)).write(to: URL(filePath: path))
      let damaged = try simulate(["export", "b"], in: folder)
      #expect(damaged.status == 1 && damaged.errors.contains("cut short"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/b/network.safetensors"))
    }
  }

  @Test("A large checkpoint is not written without a word")
  func large() throws {
    try withTemporaryDirectory { folder in
      let words =
        ["--agent", "bbb", "--steps", "2", "--out", "x"]
        + ["prefill=1", "minibatches=1", "batchSize=1", "weightSamples=1"].flatMap { ["--set", $0] }
      let small = try simulate(words, in: folder)
      #expect(small.status == 0 && !small.errors.contains(" MB"))
      let large = try simulate(words + ["--overwrite", "--set", "hiddenLayers=2600,2600"], in: folder)
      #expect(large.status == 0 && large.errors.contains("its checkpoints take "))
      #expect(large.errors.contains(" MB; --checkpoint-every 0 writes none"))
    }
  }
}
