import Foundation
import Testing
import TestSupport

@Suite("Completions")
struct CompletionTests {
  /// What a shell is offered for the last of the words, as its generated script asks.
  private func offered(_ argument: String, _ command: [String], _ words: [String]) throws -> [String] {
    let result = try simulate(["---completion"] + command + ["--", argument] + words)
    #expect(result.status == 0, "\(result.errors)")
    return result.output.split(separator: "\n").map(String.init)
  }

  @Test("Shells are offered the names that the program knows")
  func names() throws {
    let run = ["bandit-sim", "run", "--agent"]
    #expect(try offered("--agent", ["run"], ["3", "0"] + run).contains("bbb"))
    #expect(try offered("--environment", ["run"], ["3", "0"] + run).contains("wheel"))
  }

  @Test("Settings and presets are those of the agent and the environment in the words")
  func settings() throws {
    let words = ["7", "0", "bandit-sim", "run", "--agent", "linear-ucb", "--environment", "wheel", "--set"]
    let settings = try offered("--set", ["run"], words)
    #expect(settings.contains { $0.hasSuffix("=") } && !settings.contains("hiddenLayers="))
    #expect(try offered("--env-set", ["run"], words).contains("delta="))
    let presets = ["4", "0", "bandit-sim", "run", "--agent", "bbb", "--preset"]
    #expect(try offered("--preset", ["run"], presets).contains("paper"))
  }

  @Test("There is a script for each shell", arguments: ["bash", "zsh", "fish"])
  func scripts(shell: String) throws {
    let result = try simulate(["--generate-completion-script", shell])
    #expect(
      result.status == 0 && result.output.contains("bandit-sim") && result.output.contains("---completion"))
  }
}
