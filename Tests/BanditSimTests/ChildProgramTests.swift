import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("Programs as agents, from the command line")
struct ChildProgramTests {
  private func isAlive(_ process: Int32) -> Bool {
    guard let stat = try? text(of: "/proc/\(process)/stat") else { return false }
    return stat.split(separator: ")").last?.split(separator: " ").first != "Z"
  }

  @Test("A child and what it started end with the program, also where that is killed")
  func orphans() throws {
    try withTemporaryDirectory { folder in
      try write(
        """
        #!/usr/bin/env python3
        import os, subprocess, sys, time
        sys.path.insert(0, "\(repository)/Tests/BanditProcessesTests/Hostile")
        from child import *
        greet()
        other = subprocess.Popen(["sleep", "1000"])
        with open("started", "w") as file: file.write(f"{os.getpid()} {other.pid} ")
        question()
        while True: time.sleep(1)
        """, to: folder + "/busy.py")
      chmod(folder + "/busy.py", 0o755)
      let running = try start(["--agent", "exec:./busy.py", "--child-timeout", "500"], in: folder)
      var pids: [Int32] = []
      while pids.count < 2 {
        Thread.sleep(forTimeInterval: 0.01)
        pids = ((try? text(of: folder + "/started")) ?? "").split(separator: " ").compactMap { Int32($0) }
      }
      #expect(pids.allSatisfy(isAlive))
      running.send(SIGKILL)
      _ = try running.result()
      for _ in 0..<3_000 where pids.contains(where: isAlive) { Thread.sleep(forTimeInterval: 0.01) }
      #expect(!pids.contains(where: isAlive))
    }
  }

  @Test("Several seeds play a program each; a killed run is resumed to the same bytes")
  func seeds() throws {
    try withTemporaryDirectory { folder in
      let words = ["--agent", try roundRobin(in: folder), "--set", "enough=1", "--quiet"]
      let several = try simulate(words + ["--steps", "300", "--seeds", "2", "--out", "all"], in: folder)
      #expect(several.status == 0, "\(several.errors)")
      #expect(try names(in: folder + "/all").count == 2)
      let running = try start(
        words + ["--steps", "200000", "--checkpoint-every", "500", "--out", "killed"], in: folder)
      while !FileManager.default.fileExists(atPath: folder + "/killed/checkpoint/state.safetensors") {
        Thread.sleep(forTimeInterval: 0.005)
      }
      running.send(SIGKILL)
      _ = try running.result()
      for (folderName, more) in [("killed", ["--resume"]), ("whole", [])] {
        let result = try simulate(words + ["--steps", "200000", "--out", folderName] + more, in: folder)
        #expect(result.status == 0, "\(result.errors)")
      }
      #expect(
        try contents(of: folder + "/killed/regret.csv.gz") == contents(of: folder + "/whole/regret.csv.gz"))
    }
  }

  @Test("A manifest plays a program again, and a failed seed says the program's last words")
  func manifest() throws {
    try withTemporaryDirectory { folder in
      let agent = try roundRobin(in: folder)
      try simulate(["--agent", agent, "--steps", "50", "--quiet", "--out", "one"], in: folder)
      let again = try simulate(
        ["--config", "one/manifest.json", "--quiet", "--out", "two"], in: folder)
      #expect(again.status == 0, "\(again.errors)")
      #expect(try contents(of: folder + "/one/regret.csv.gz") == contents(of: folder + "/two/regret.csv.gz"))
      let raises = "exec:python3 \(repository)/Tests/BanditProcessesTests/Hostile/raises.py"
      let failed = try simulate(
        ["--agent", raises, "--steps", "50", "--seeds", "2", "--quiet", "--out", "many"], in: folder)
      #expect(failed.status == 1 && failed.errors.contains("ValueError: my agent is broken"))
    }
  }

  @Test("check-agent finds what keeps the laws and what does not")
  func check() throws {
    try withTemporaryDirectory { folder in
      let good = try simulate(["check-agent", roundRobin(in: folder)], in: folder)
      #expect(good.status == 0 && good.output.contains("keeps the laws"), "\(good.output)\(good.errors)")
      #expect(good.output.contains("a copy is played by itself, which a process cannot"))
      let raises = "exec:python3 \(repository)/Tests/BanditProcessesTests/Hostile/raises.py"
      let bad = try simulate(["check-agent", raises], in: folder)
      #expect(bad.status == 1 && bad.output.contains("my agent is broken"), "\(bad.output)\(bad.errors)")
      #expect(try simulate(["check-agent", "linear-ucb"]).status == 0)
      #expect(try simulate(["check-agent", "exec:./none"], in: folder).status == 64)
    }
  }
}
