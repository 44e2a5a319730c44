import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("Names, limits and terminals")
struct MannersTests {
  @Test(
    "Two settings of one agent do not meet in one folder; runs are found under the names of earlier versions")
  func folders() throws {
    try withTemporaryDirectory { folder in
      let words = ["--agent", "epsilon-greedy", "--steps", "20", "--quiet"] + smallSettings
      for epsilon in ["0.01", "0.05"] {
        #expect(
          try simulate(words + ["--set", "epsilon=\(epsilon)", "--seeds", "2"], in: folder).status == 0)
      }
      let found = try names(in: folder + "/runs")
      #expect(
        found.count == 4 && found[0].hasPrefix("mushroom-epsilon-greedy-") && found[0].hasSuffix("-seed0"))
      #expect(found.count { $0.contains("-epsilon=0.01-") } == 2)
      // What an earlier version left is continued where it is.
      let (new, old) = ("\(folder)/runs/\(found[0])", folder + "/runs/mushroom-epsilon-greedy-seed0")
      try FileManager.default.moveItem(atPath: new, toPath: old)
      let longer = words + ["--steps", "30", "--resume"]
      #expect(try simulate(longer + ["--set", "epsilon=0.01"], in: folder).status == 0)
      #expect(try summary(of: old).steps == 30 && !FileManager.default.fileExists(atPath: new))
      // One of other settings is none of its business.
      #expect(try simulate(longer + ["--set", "epsilon=0.02"], in: folder).status == 0)
      #expect(try names(in: folder + "/runs").count == 5)
      #expect(try simulate(["--agent", "uniform", "--steps", "5", "--quiet"], in: folder).status == 0)
      #expect(FileManager.default.fileExists(atPath: folder + "/runs/mushroom-uniform-seed0"))
    }
  }

  @Test("Errors end with the usage of their own command")
  func usages() throws {
    try withTemporaryDirectory { folder in
      for (words, command) in [
        (["--agent", "bb"], "run"), (["run", "--agent", "bb"], "run"), (["compare", "none"], "compare"),
        (["figure", "none"], "figure"), (["describe", "bb"], "describe"),
        (["data", "fetch", "minst"], "data fetch"),
        (["experiment", "run", "spiral", "--set", "members=0"], "experiment run"),
      ] {
        let result = try simulate(words, in: folder)
        #expect(result.status == 64)
        #expect(result.errors.contains("\nUsage: bandit-sim \(command) "), "\(words)")
        #expect(
          result.errors.hasSuffix("  See 'bandit-sim \(command) --help' for more information.\n"), "\(words)")
      }
    }
  }

  @Test("A folder that cannot be, and JSON that is no object, are told of in own words")
  func ownWords() throws {
    try withTemporaryDirectory { folder in
      try write("[1, 2]", to: folder + "/list.json")
      let list = try simulate(["--config", "list.json"], in: folder)
      #expect(
        list.status == 64
          && list.errors.contains("list.json: 'a list' is not allowed; allowed: a JSON object"))
      for out in ["/dev/null", "/dev/null/x", "/proc/none/x"] {
        let result = try simulate(["--agent", "uniform", "--steps", "5", "--out", out], in: folder)
        #expect(result.status == 1 && result.errors.contains("cannot be written: "), "\(result.errors)")
        expectOwnWords(result.errors)
      }
      #expect(
        try simulate(["--agent", "uniform", "--steps", "5", "--quiet", "--out", "x"], in: folder).status == 0)
      for words in [["figure", "x", "-o", "none/a.svg"], ["compare", "x", "-o", "none/a.svg"]] {
        let result = try simulate(words, in: folder)
        #expect(
          result.status == 1 && result.errors.contains("the folder 'none' does not exist; create it first"))
      }
    }
  }

  @Test("Too many processes for the files that may be open are refused with what to do")
  func descriptors() throws {
    try withTemporaryDirectory { folder in
      let words = "--agent uniform --steps 5 --seeds 40 --jobs 40 --quiet"
      let result = try run(["bash", "-c", "ulimit -n 64; exec \(program()) \(words)"], in: folder)
      #expect(result.status == 64)
      #expect(
        result.errors.contains("--jobs: '40' is not allowed; allowed: 1 to ")
          && result.errors.contains("ulimit -n"))
      expectOwnWords(result.errors)
      let fewer = "--agent uniform --steps 5 --seeds 8 --jobs 3 --quiet"
      let right = try run(["bash", "-c", "ulimit -n 64; exec \(program()) \(fewer)"], in: folder)
      #expect(right.status == 0, "\(right.errors)")
    }
  }

  private func expectOwnWords(_ text: String) {
    for word in ["Cocoa", "NSError", "Domain=", "Bad file descriptor", "couldn’t", "operation could not"] {
      #expect(!text.contains(word))
    }
  }

  @Test("An instruction set that nobody knows is an error, not the best one")
  func kernels() throws {
    let path = try program()
    let wrong = try run(["env", "BANDIT_SIM_KERNELS=avx3", path, "list", "agents"])
    #expect(wrong.status == 1 && wrong.output == "")
    #expect(
      wrong.errors.contains("BANDIT_SIM_KERNELS: 'avx3' is not allowed") && wrong.errors.contains("baseline"))
    #expect(try run(["env", "BANDIT_SIM_KERNELS=baseline", path, "list", "agents"]).status == 0)
    let products = try run(["env", "BANDIT_SIM_PRODUCTS=mkl", path, "list", "agents"])
    #expect(products.status == 1 && products.errors.contains("'mkl' is not allowed; allowed: own, openblas"))
  }

  @Test(
    "What goes to a terminal fits its columns",
    .enabled(if: hasProgram("script"), "needs script, of util-linux"),
    arguments: [50, 80, 120])
  func widths(columns: Int) throws {
    try withTemporaryDirectory { folder in
      #expect(
        try simulate(["--agent", "uniform", "--steps", "5", "--quiet", "--out", "x"], in: folder).status == 0)
      for words in [
        "list", "list agents", "describe bbb", "describe spiral", "describe uniform", "experiment list",
        "compare x",
        "--agent uniform --steps 20000 --out y --overwrite",
        "--agent uniform --steps 2000 --seeds 2 --out z --overwrite",
      ] {
        let command = "stty cols \(columns) rows 24; TERM=dumb \(try program()) \(words)"
        let result = try run(["script", "-qec", command, "/dev/null"], in: folder)
        #expect(result.status == 0)
        let lines = result.output.split { $0.isNewline || $0 == "\r" }
        #expect(!lines.isEmpty)
        let isLong = { (line: Substring) in
          line.count > columns && line.contains(" ") && !line.hasPrefix("log: ")
        }
        #expect(lines.filter(isLong) == [], "\(words)")
      }
    }
  }
}
