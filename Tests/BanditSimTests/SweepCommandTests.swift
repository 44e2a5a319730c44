import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("Sweeps by command")
struct SweepCommandTests {
  private let file = """
    {"agents": ["bbb", "epsilon-greedy", "linear-thompson"], "environments": ["linear", "wheel"],
     "set": {"learningRate": [0.001, 0.01], "hiddenLayers": "8", "minibatches": 4, "batchSize": 16, "prefill": 50},
     "seeds": 2, "steps": 400}
    """

  private func logs(_ folder: String) throws -> [String: [UInt8]] {
    let names = try names(in: folder + "/runs")
    return Dictionary(
      uniqueKeysWithValues: try names.map { ($0, try contents(of: "\(folder)/runs/\($0)/regret.csv.gz")) })
  }

  @Test("A sweep that is killed half way is continued to the logs of one that was not; tables are the same")
  func killed() throws {
    try withTemporaryDirectory { root in
      try write(file, to: root + "/sweep.json")
      let whole = try simulate(
        ["sweep", "run", "sweep.json", "--out", "whole", "--jobs", "2", "--quiet"], in: root)
      #expect(whole.status == 0, "\(whole.errors)")
      #expect(whole.output == "20 of 20 runs are done, 20 of them played now; 0 failed: whole\n")
      for _ in 0..<3 {
        let running = try start(["sweep", "run", "sweep.json", "--out", "stopped", "--quiet"], in: root)
        Thread.sleep(forTimeInterval: 0.7)
        let children = running.children
        running.send(SIGKILL)
        _ = try running.result()
        for _ in 0..<500 where children.contains(where: { kill($0, 0) == 0 }) { usleep(10_000) }
      }
      let status = try simulate(["sweep", "status", "stopped", "--json"], in: root)
      let document = try JSONSerialization.jsonObject(with: Data(status.output.utf8)) as? [String: Any]
      #expect(document?["runs"] as? Int == 20 && (document?["running"] as? [Any])?.isEmpty == true)
      let resumed = try simulate(["sweep", "run", "stopped", "--jobs", "2"], in: root)
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(try logs(root + "/stopped") == logs(root + "/whole"))
      #expect(try names(in: root + "/stopped/claims").isEmpty)
      // Wall times differ, nothing else does.
      func table(_ folder: String) throws -> [[Substring]] {
        let text = try simulate(["sweep", "table", folder], in: root).output
        return text.split(separator: "\n").map { $0.split(separator: "|").dropLast() }
      }
      #expect(try table("stopped") == table("whole") && table("whole").count == 2 * 8)
    }
  }

  @Test("Ctrl-C ends a sweep with checkpoints, and its runs are no failures")
  func interrupted() throws {
    try withTemporaryDirectory { root in
      try write(
        #"{"agents": ["uniform"], "environments": ["linear"], "steps": 1000000000}"#, to: root + "/s.json")
      let running = try start(["sweep", "run", "s.json", "--out", "out", "--quiet"], in: root)
      let run = root + "/out/runs/linear-uniform-seed0"
      for _ in 0..<1_000 where !FileManager.default.fileExists(atPath: run + "/checkpoint/state.safetensors")
      {
        usleep(10_000)
      }
      running.send(SIGINT)
      #expect(try running.result().status == 130)
      #expect(try summary(of: run).interrupted)
      #expect(
        try simulate(["sweep", "status", "out"], in: root).output.hasPrefix(
          "1 runs: 0 done, 0 running, 0 failed, 1 left"))
    }
  }

  @Test("A run that fails keeps its reason and takes no other with it; commands name what is missing")
  func failing() throws {
    try withTemporaryDirectory { root in
      try write(
        #"{"agents": ["uniform"], "environments": ["linear"], "seeds": 3, "steps": 30}"#, to: root + "/s.json"
      )
      let run = "\(root)/out/runs/linear-uniform-seed1"
      try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: run + "/regret.csv.gz", withDestinationPath: "/nowhere")
      let failed = try simulate(["sweep", "run", "s.json", "--out", "out", "--quiet"], in: root)
      #expect(failed.status == 1 && failed.output.hasPrefix("2 of 3 runs are done"))
      let status = try simulate(["sweep", "status", "out"], in: root).output
      #expect(
        status.contains("1 failed, 0 left")
          && status.contains("linear-uniform-seed1/manifest.json: is missing"))
      let commands = try simulate(["sweep", "commands", "out"], in: root).output
      #expect(
        commands.split(separator: "\n").count == 1
          && commands.hasSuffix("--out out/runs/linear-uniform-seed1\n"))
      try FileManager.default.removeItem(atPath: run + "/regret.csv.gz")
      let words = commands.split(separator: " ").dropFirst().map { $0.trimmingCharacters(in: .newlines) }
      #expect(try simulate(words, in: root).status == 0)
      #expect(try simulate(["sweep", "status", "out"], in: root).output.hasPrefix("3 runs: 3 done"))
      let again = try simulate(["sweep", "run", "out"], in: root)
      #expect(again.status == 0 && again.output.hasPrefix("3 of 3 runs are done, 0 of them played now"))
    }
  }

  @Test("A plan writes nothing; YAML means what JSON does; a longer sweep plays what it adds")
  func plan() throws {
    try withTemporaryDirectory { root in
      try write(
        "agents: [uniform]\nenvironments:\n  - environment: wheel\n    set: {delta: [0.5, 0.9]}\nseeds: 2\nsteps: 20\n",
        to: root + "/s.yaml")
      let plan = try simulate(["sweep", "plan", "s.yaml"], in: root)
      #expect(plan.status == 0 && plan.output.contains("4 runs of 20 steps, 2 settings"), "\(plan.errors)")
      #expect(try names(in: root) == ["s.yaml"])
      #expect(try simulate(["sweep", "run", "s.yaml", "--out", "out", "--quiet"], in: root).status == 0)
      let json =
        #"{"agents": ["uniform"], "environments": [{"environment": "wheel", "set": {"delta": [0.5, 0.9]}}], "seeds": 3, "steps": 40}"#
      try write(json, to: root + "/s.json")
      let longer = try simulate(["sweep", "run", "s.json", "--out", "out", "--quiet"], in: root)
      #expect(longer.output.hasPrefix("6 of 6 runs are done, 6 of them played now"))
      #expect(try simulate(["sweep", "run", "s.json", "--out", "new", "--quiet"], in: root).status == 0)
      #expect(try logs(root + "/out") == logs(root + "/new"))
      let csv = try simulate(["sweep", "table", "out", "--csv"], in: root).output.split(separator: "\n")
      #expect(
        csv.count == 3 && csv[0].hasPrefix("task,agent,delta,steps,stopped_of,seeds")
          && csv[1].hasPrefix("wheel delta=0.5,uniform,0.5,40,,3,"))
    }
  }

  @Test("A YAML file of aliases upon aliases is refused, and so is one that is nested without end")
  func hostile() throws {
    try withTemporaryDirectory { root in
      let bomb = (1..<20).map {
        "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]"
      }
      try write("a0: &a0 [1]\n" + bomb.joined(separator: "\n"), to: root + "/bomb.yaml")
      try write(String(repeating: "- ", count: 200_000) + "1", to: root + "/deep.yaml")
      for name in ["bomb", "deep"] {
        let result = try simulate(["sweep", "plan", name + ".yaml"], in: root)
        #expect(
          result.status == 64 && result.errors.hasPrefix("Error: \(name).yaml: '"),
          "\(result.errors.prefix(300))")
      }
    }
  }

  @Test("Best keeps one setting of each agent; a reference that is not there is named with those that are")
  func best() throws {
    try withTemporaryDirectory { root in
      try write(file.replacing("400", with: "60"), to: root + "/sweep.json")
      #expect(
        try simulate(["sweep", "run", "sweep.json", "--out", "out", "--jobs", "2", "--quiet"], in: root)
          .status == 0)
      let best = try simulate(["sweep", "table", "out", "--best"], in: root).output.split(separator: "\n")
      #expect(best.count == 2 * (3 + 3) && best.count { $0.hasPrefix("| bbb ") } == 2)
      let wrong = try simulate(["sweep", "table", "out", "--against", "bbb"], in: root)
      #expect(wrong.status == 64 && wrong.errors.contains("bbb learningRate=0.01"))
    }
  }

  @Test("Halving plays the better settings on, and the table says which were stopped")
  func halving() throws {
    try withTemporaryDirectory { root in
      try write(
        #"{"agents": ["linear-thompson"], "environments": ["linear"], "set": {"priorPrecision": [0.1, 1, 10, 100]}, "seeds": 2, "steps": 80}"#,
        to: root + "/s.json")
      let halved = try simulate(
        ["sweep", "run", "s.json", "--out", "out", "--halve", "2", "--quiet"], in: root)
      #expect(halved.status == 0 && halved.output.hasPrefix("2 of 2 runs are done"), "\(halved.errors)")
      let table = try simulate(["sweep", "table", "out"], in: root).output
      #expect(table.contains("**linear, stopped by successive halving after 20 of 80 steps**"))
      #expect(table.contains("**linear, after 80 steps**"))
      let status = try simulate(["sweep", "status", "out"], in: root).output
      #expect(status.contains("rung 3 of 3, to 80 steps; 6 runs were stopped before"))
      #expect(try simulate(["sweep", "commands", "out"], in: root).output.isEmpty)
      let plan = try simulate(["sweep", "plan", "out", "--no-probe"], in: root).output
      #expect(plan.contains("successive halving by 2 plays 50 % of these steps"))
    }
  }

  @Test("What is handed to Slurm is a script that can be read, with the runs of each task")
  func script() throws {
    try withTemporaryDirectory { root in
      try write(
        #"{"agents": ["uniform"], "environments": ["linear"], "seeds": 7, "steps": 20}"#, to: root + "/s.json"
      )
      let words = [
        "sweep", "submit", "out", "--slurm", "--dry-run", "--chunk", "3", "--cpus", "2", "--partition",
        "short",
      ]
      let submitted = try simulate(words + ["--file", "s.json"], in: root)
      #expect(submitted.status == 0 && submitted.output.hasPrefix("7 runs, nothing submitted: sbatch "))
      let script = try text(of: root + "/out/slurm/1/job.sh")
      for line in [
        "--array=0-2%200", "--cpus-per-task=2", "--partition=short", "--signal=B:TERM@60", "--requeue",
        "--time=2:00:00",
      ] { #expect(script.contains("#SBATCH \(line)\n")) }
      #expect(
        script.split(separator: "\n").last?.hasSuffix("sweep run \(root)/out --slurm-array 1 --quiet") == true
      )
      let tasks = try text(of: root + "/out/slurm/1/runs.txt").split(separator: "\n").map {
        $0.split(separator: " ")
      }
      #expect(tasks.map(\.count) == [3, 3, 1] && tasks[2] == ["linear-uniform-seed6"])
      // A task plays its runs alone, and leaves what it exited with.
      let shell = [
        "env", "SLURM_ARRAY_TASK_ID=1", "SLURM_CPUS_PER_TASK=2", "sh", root + "/out/slurm/1/job.sh",
      ]
      let played = try run(shell, in: root)
      #expect(
        played.status == 0 && played.output.hasPrefix("3 of 3 runs are done, 3 of them played now"),
        "\(played.errors)")
      #expect(
        try names(in: root + "/out/runs").count == 3 && text(of: root + "/out/slurm/1/task-1.exit") == "0\n")
      #expect(try simulate(words, in: root).output.hasPrefix("4 runs, "))
      #expect(try simulate(["sweep", "run", "out", "--slurm-array", "1"], in: root).status == 64)
      #expect(try simulate(["sweep", "submit", "out"], in: root).status == 64)
    }
  }
}
