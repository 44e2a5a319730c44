import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("Disks and streams that do not take it")
struct StreamTests {
  /// Runs the program by a shell, with redirections and limits.
  private func shell(_ script: String, in folder: String) throws -> ProgramResult {
    try run(["bash", "-c", script, "bash", program()], in: folder)
  }

  private func expectFullDisk(_ result: ProgramResult, log: String, reason: String) throws {
    #expect(result.exited && result.status == 1)
    #expect(result.errors.contains(reason) && result.errors.contains("run again"))
    #expect(result.errors.contains("all whole"))
    let rows = try expectWholeRows(logText(log))
    #expect(rows > 0 && rows % 1_000 == 0 && rows < 100_000)
  }

  @Test("A limit of a file's size ends the run with what to do and a whole log")
  func sizeLimit() throws {
    try withTemporaryDirectory { folder in
      let result = try shell(
        "ulimit -f 20; exec \"$1\" --agent uniform --steps 100000 --checkpoint-every 0 --quiet --out x",
        in: folder)
      try expectFullDisk(
        result, log: folder + "/x/regret.csv.gz",
        reason: "larger than the system lets a file be; raise the limit")
    }
  }

  @Test("A full disk ends the run with what to do and a whole log")
  func fullDisk() throws {
    try withTemporaryDirectory { folder in
      guard try run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).status == 0 else {
        return skip("mounting a small disk is not permitted here")
      }
      defer { _ = try? run(["umount", folder]) }
      let result = try simulate(
        [
          "--agent", "uniform", "--steps", "100000", "--checkpoint-every", "0", "--quiet", "--out",
          folder + "/x",
        ])
      try expectFullDisk(
        result, log: folder + "/x/regret.csv.gz", reason: "no space left on device; free some space")
    }
  }

  @Test(
    "A disk that is full at a checkpoint leaves the one before, from which the run is resumed when there is room"
  )
  func fullDiskAtCheckpoint() throws {
    try withTemporaryDirectory { folder in
      guard try run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).status == 0 else {
        return skip("mounting a small disk is not permitted here")
      }
      defer { _ = try? run(["umount", folder]) }
      // The state grows with the memory of steps, and for an instant there are two of it.
      let words =
        ["--agent", "epsilon-greedy", "--steps", "500", "--quiet", "--checkpoint-every", "5"]
        + ["hiddenLayers=1", "minibatches=1", "batchSize=1", "prefill=0", "bufferSize=0"].flatMap {
          ["--set", $0]
        }
      let failed = try simulate(words + ["--out", folder + "/x"])
      #expect(failed.status == 1)
      #expect(
        failed.errors.contains("x/checkpoint/state.safetensors: no space left on device; free some space"))
      #expect(failed.errors.contains("--resume continues from the checkpoint before"))
      #expect(try names(in: folder + "/x/checkpoint") == ["state.safetensors"])
      #expect(try run(["mount", "-o", "remount,size=4m", folder]).status == 0)
      #expect(try simulate(words + ["--out", folder + "/x", "--resume"]).status == 0)
      #expect(try simulate(words + ["--out", folder + "/y"]).status == 0)
      #expect(try contents(of: folder + "/x/regret.csv.gz") == contents(of: folder + "/y/regret.csv.gz"))
    }
  }

  @Test("A stderr that is closed, full or abandoned neither stops a run nor gets into its log")
  func standardError() throws {
    try withTemporaryDirectory { folder in
      let command = "\"$1\" --agent uniform --steps 3000 --out"
      for (name, script) in [
        ("closed", "exec \(command) closed 2>&-"), ("full", "exec \(command) full 2>/dev/full"),
        ("input-closed", "exec \(command) input-closed <&- 2>&-"),
        ("abandoned", "\(command) abandoned 2>&1 >out | true; exit ${PIPESTATUS[0]}"),
      ] {
        let result = try shell(script, in: folder)
        #expect(result.status == 0, "\(name)")
        #expect(try expectWholeRows(logText("\(folder)/\(name)/regret.csv.gz")) == 3_000, "\(name)")
        #expect(try summary(of: "\(folder)/\(name)").steps == 3_000)
      }
    }
  }

  @Test("Results that stdout does not take are a failure")
  func standardOutput() throws {
    try withTemporaryDirectory { folder in
      let run = "--agent uniform --steps 5 --quiet --overwrite --out x"
      for words in ["list", "describe bbb", "data", "--help", "--version", run] {
        for place in [">/dev/full", ">&-"] {
          let result = try shell("exec \"$1\" \(words) \(place)", in: folder)
          #expect(result.exited && result.status == 1, "\(words) \(place)")
          #expect(
            result.errors
              == "Error: stdout: the results cannot be written; check the file or pipe it leads to\n")
        }
        let abandoned = try shell(
          "(sleep 0.2; \"$1\" \(words); echo $? >status) | true; cat status", in: folder)
        #expect(abandoned.output == "1\n", "\(words) into a closed pipe")
      }
      #expect(try summary(of: folder + "/x").steps == 5)
      let log = try shell("\"$1\" \(run) <&- >&- 2>&-; echo $?", in: folder)
      #expect(log.output == "1\n")
      #expect(try expectWholeRows(logText(folder + "/x/regret.csv.gz")) == 5)
    }
  }
}
