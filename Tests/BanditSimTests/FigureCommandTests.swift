import BanditFiles
import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("The figure command")
struct FigureCommandTests {
  /// Plays runs of 600 steps: two seeds of `uniform`, one of `fixed`.
  private func play(in folder: String) throws {
    let length = ["--steps", "600", "--quiet"]
    try simulate(["--agent", "uniform", "--seeds", "2"] + length, in: folder)
    try simulate(["--agent", "fixed"] + length, in: folder)
  }

  @Test("A folder of runs becomes a picture and a table of means, intervals and single runs")
  func whole() throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let result = try simulate(["figure", "runs"], in: folder)
      #expect(result.status == 0 && result.errors == "")
      #expect(result.output == "picture: figure.svg\ndata: figure.csv\n")
      #expect(try text(of: folder + "/figure.svg").contains("cumulative expected regret"))
      let lines = try text(of: folder + "/figure.csv").split(separator: "\n")
      #expect(lines[0] == "panel,series,x,y,lower,upper")
      var curves: [String] = []
      for line in lines.dropFirst() {
        let end = try #require(line.range(of: #",\d+,"#, options: .regularExpression)).lowerBound
        if curves.last != String(line[..<end]) { curves.append(String(line[..<end])) }
      }
      let series = [
        "\"uniform, 95 % interval\"", "\"uniform, seed 0\"", "\"uniform, seed 1\"", "\"fixed, seed 0\"",
      ]
      let panels = ["cumulative expected regret", "false positives", "false negatives", "eating rate"]
      let expected = panels.flatMap { panel in
        (series[..<3] + ["\"uniform, 2 seeds\"", series[3]]).map { "\(panel),\($0)" }
      }
      #expect(Set(curves) == Set(expected))
      let mean = lines.last { $0.hasPrefix("cumulative expected regret,\"uniform, 2 seeds\",600,") }
      let regrets = try (0..<2).map {
        try summary(of: folder + "/runs/mushroom-uniform-seed\($0)").cumulativeExpectedRegret
      }
      #expect(mean?.split(separator: ",").last.flatMap { Double($0) } == (regrets[0] + regrets[1]) / 2)
      let interval = lines.last { $0.hasPrefix("cumulative expected regret,\"uniform, 95 % interval\",600,") }
      let ends = interval?.split(separator: ",").suffix(2).compactMap { Double($0) } ?? []
      // The t of one degree of freedom times half of the difference.
      #expect(abs((ends[1] - ends[0]) - 12.706204736174694 * abs(regrets[0] - regrets[1])) < 1e-6)
    }
  }

  @Test(
    "Axes and quantities can be chosen, in every format",
    arguments: zip(["linear", "log", "piecewise"], ["svg", "png", "pdf"]))
  func choices(axis: String, format: String) throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let words = ["figure", "runs/mushroom-uniform-seed0/", "runs/mushroom-fixed-seed0", "--axis", axis]
      let result = try simulate(
        words + ["--quantity", "regret", "--quantity", "eating-rate", "-o", "a.\(format)"], in: folder)
      #expect(result.status == 0)
      #expect(try names(in: folder) == ["a.csv", "a.\(format)", "runs"].sorted())
      let panels = try text(of: folder + "/a.csv").split(separator: "\n").dropFirst().map {
        $0.prefix { $0 != "," }
      }
      #expect(Set(panels) == ["cumulative regret", "eating rate"])
    }
  }

  @Test("Groups of one agent are told apart by the settings that differ, a lone one by those of its own")
  func labels() throws {
    try withTemporaryDirectory { folder in
      for action in ["eat", "reject"] {
        let words = ["--agent", "fixed", "--set", "action=\(action)", "--steps", "20", "--quiet"]
        try simulate(words + ["--out", "runs/\(action)"], in: folder)
      }
      #expect(try simulate(["figure", "runs", "--quantity", "regret"], in: folder).status == 0)
      let table = try text(of: folder + "/figure.csv")
      #expect(
        table.contains("\"fixed action=eat, seed 0\"") && table.contains("\"fixed action=reject, seed 0\""))
      #expect(try simulate(["figure", "runs/reject", "--quantity", "regret"], in: folder).status == 0)
      #expect(try text(of: folder + "/figure.csv").contains("\"fixed action=reject, seed 0\""))
    }
  }

  @Test("Each task has panels of its own, from folders up to two levels deep, and there are at most 20")
  func tasks() throws {
    try withTemporaryDirectory { folder in
      for steps in ["200", "300"] {
        for agent in ["uniform", "fixed"] {
          let words = ["--agent", agent, "--steps", steps, "--quiet", "--seeds", "2"]
          try simulate(words + ["--out", "results/\(agent)\(steps)"], in: folder)
        }
      }
      try simulate(
        ["--agent", "uniform", "--environment", "curve", "--steps", "100", "--quiet"]
          + ["--out", "results/curve/seed0"], in: folder)
      let result = try simulate(["figure", "results", "--quantity", "expected-regret"], in: folder)
      #expect(result.status == 0 && result.errors == "")
      let lines = try text(of: folder + "/figure.csv").split(separator: "\n").dropFirst()
      let panels = Set(lines.map { $0.prefix { $0 != "," } })
      #expect(panels == ["mushroom", "curve"])
      #expect(lines.contains { $0.hasPrefix("curve,\"uniform, seed 0\",100,") })
      #expect(lines.contains { $0.hasPrefix("mushroom,\"uniform steps=300, seed 1\",300,") })
      let all = try simulate(["figure", "results"], in: folder)
      #expect(all.status == 0)
      let table = try text(of: folder + "/figure.csv")
      #expect(table.contains("mushroom: eating rate,") && !table.contains("curve: eating rate,"))
      for noise in 1...8 {
        try simulate(
          ["--agent", "uniform", "--environment", "curve", "--env-set", "noise=\(noise)", "--steps", "20"]
            + ["--quiet", "--out", "results/noise\(noise)/seed0"], in: folder)
      }
      let many = try simulate(["figure", "results"], in: folder)
      #expect(many.status == 64)
      #expect(many.errors.contains("up to 20 panels; name single quantities, or fewer folders"))
    }
  }

  @Test("An unfinished run is drawn as far as it goes, and a broken one is an error with its file")
  func unfinished() throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let run = folder + "/runs/mushroom-uniform-seed1"
      try FileManager.default.removeItem(atPath: run + "/summary.json")
      #expect(try simulate(["figure", "runs"], in: folder).status == 0)
      let log = run + "/regret.csv.gz"
      try Data(contents(of: log).dropLast(50)).write(to: URL(filePath: log))
      try FileManager.default.removeItem(atPath: folder + "/figure.csv")
      let result = try simulate(["figure", "runs"], in: folder)
      #expect(result.status == 1)
      #expect(result.errors.hasPrefix("Error: runs/mushroom-uniform-seed1/regret.csv.gz: is cut short"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/figure.csv"))
    }
  }

  @Test("A run named twice is read once, a copy of it is left out, and a quantity that no run has is refused")
  func usage() throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let uniform = "runs/mushroom-uniform-seed0"
      let twice = try simulate(
        ["figure", "runs", uniform, "./\(uniform)/", "--quantity", "regret"], in: folder)
      #expect(twice.status == 0)
      try FileManager.default.copyItem(atPath: "\(folder)/\(uniform)", toPath: "\(folder)/copy")
      let copy = try simulate(["figure", "runs", "copy"], in: folder)
      #expect(copy.status == 0)
      #expect(copy.errors == "Warning: copy is left out: \(uniform) has the same settings and seed\n")
      let quantity = try simulate(["figure", "runs", "--quantity", "eating-rat"], in: folder)
      #expect(quantity.status == 64)
      #expect(quantity.errors.contains("did you mean 'eating-rate'?"))
      #expect(
        quantity.errors.contains("expected-regret, regret, false-positives, false-negatives, eating-rate"))
    }
  }

  @Test("A log that is far larger than the memory allowed is drawn and compared, thinned while it is read")
  func longLogs() throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let played = folder + "/runs/mushroom-fixed-seed0"
      let rows = 400_000
      var log = try Array(logText(played + "/regret.csv.gz").prefix { $0 != "\n" }.utf8)
      // step, action and best action, reward, regrets, their sums, counters, loss, learning rate, chances
      let row = Array(",0,1,-5,15,15,123456,123456,12345,12345,0.512,0.123456789,0.0005,1,-7.5".utf8)
      #expect(row.count { $0 == UInt8(ascii: ",") } == log.count { $0 == UInt8(ascii: ",") })
      for step in 1...rows {
        log.append(UInt8(ascii: "\n"))
        log += String(step).utf8
        log += row
      }
      try Data(Gzip.member(of: log)).write(to: URL(filePath: played + "/regret.csv.gz"))
      let manifest = played + "/manifest.json"
      let longer = try text(of: manifest).replacing("\"steps\" : 600", with: "\"steps\" : \(rows)")
      try write(longer, to: manifest)
      try FileManager.default.removeItem(atPath: played + "/summary.json")
      // The text alone has 35 MB, and its fields took four times that.
      for words in ["figure \(played) -o long.svg --quantity regret", "compare \(played) --csv"] {
        let result = try run(
          ["sh", "-c", "ulimit -d 100000; exec \(program()) \(words)"], in: folder)
        #expect(result.status == 0, "\(result.errors)")
      }
      #expect(try text(of: folder + "/long.csv").contains(",\(rows),123456,,"))
    }
  }

  @Test("Without gnuplot the data are written, and the error says what to install")
  func withoutGnuplot() throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let result = try run(["PATH=/nowhere", program(), "figure", "runs"], in: folder)
      #expect(result.status == 1)
      #expect(result.errors.contains("apt-get install gnuplot-nox"))
      #expect(result.errors.contains("figure.csv"))
      #expect(try names(in: folder) == ["figure.csv", "runs"])
    }
  }

  @Test("--open shows the picture where there is a desktop, and says so where there is none")
  func open() throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let words = ["figure", "runs/mushroom-fixed-seed0", "--quantity", "regret", "--open"]
      let none = try simulate(words, in: folder)
      #expect(none.status == 0 && none.errors.hasPrefix("--open: there is no desktop here"))
      let viewer = folder + "/xdg-open"
      try write("#!/bin/sh\necho \"$1\" > \(folder)/shown\n", to: viewer)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: viewer)
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
      let some = try run(["DISPLAY=:0", "PATH=\(folder):\(path)", program()] + words, in: folder)
      #expect(some.status == 0 && some.errors == "")
      #expect(try text(of: folder + "/shown").hasSuffix("/figure.svg\n"))
    }
  }

  @Test("A run ends with its curve in a terminal, and nowhere else")
  func terminal() throws {
    let hasScript = hasProgram("script")
    if !hasScript { skip("no 'script' to make a terminal with") }
    try withTemporaryDirectory { folder in
      let words = "--agent uniform --steps 50 --overwrite --out x"
      #expect(try !simulate(words.split(separator: " ").map(String.init), in: folder).output.contains("┤"))
      guard hasScript else { return }
      for (more, hasCurve) in [("", true), (" --quiet", false), (" --json", false)] {
        let command = "\(try program()) \(words)\(more)"
        let output = try run(["TERM=xterm", "script", "-qec", command, "/dev/null"], in: folder).output
        #expect(output.contains("┤") == hasCurve, "\(more)")
      }
    }
  }
}
