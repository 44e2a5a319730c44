import Foundation
import Testing
import TestSupport

@Suite("What a terminal is shown")
struct ControlCharacterTests {
  /// Clears the screen, sets a window's title, turns the writing direction.
  private let evil = "\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}1m\u{202e}"

  private func expectClean(_ result: ProgramResult, _ words: [String]) {
    let text = result.output + result.errors
    #expect(
      !text.unicodeScalars.contains {
        ($0.value < 32 && $0 != "\n") || (127..<160).contains($0.value) || $0 == "\u{202e}"
      },
      "\(words)")
    #expect(text.contains("\\u001b[2J"), "\(words)")
  }

  @Test("Control characters of manifests, words and files are shown as escapes")
  func escapes() throws {
    try withTemporaryDirectory { folder in
      #expect(
        try simulate(["--agent", "uniform", "--steps", "5", "--out", "x", "--quiet"], in: folder).status == 0)
      let path = folder + "/x/manifest.json"
      let manifest = try #require(
        JSONSerialization.jsonObject(with: Data(contents(of: path))) as? [String: Any])
      func plant(_ change: (inout [String: Any]) -> Void) throws {
        var changed = manifest
        var run = try #require(changed["run"] as? [String: Any])
        change(&run)
        changed["run"] = run
        try JSONSerialization.data(withJSONObject: changed).write(to: URL(filePath: path))
      }
      try plant { $0["agent"] = evil }
      for words in [["export", "x"], ["compare", "x"], ["--config", "x/manifest.json", "--out", "y"]] {
        expectClean(try simulate(words, in: folder), words)
      }
      for words in [
        ["--agent", evil], ["describe", evil], ["--agent", "bbb", "--set", "\(evil)=1"], ["figure", evil],
        ["--agent", "uniform", "--\(evil)"], ["--agent", "uniform", "--steps", evil],
      ] {
        expectClean(try simulate(words, in: folder), words)
      }
      try write("\(evil) {", to: folder + "/config.json")
      let named = try simulate(["--config", "config.json"], in: folder)
      #expect(!(named.output + named.errors).contains("\u{1b}"))
      let table = folder + "/\(evil).csv"
      try write("\(evil),\(evil)\n", to: table)
      let words = ["--agent", "uniform", "--environment", "classification", "--env-set", "file=\(table)"]
      expectClean(try simulate(words, in: folder), words)
    }
  }
}
