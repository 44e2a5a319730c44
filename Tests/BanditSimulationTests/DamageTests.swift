import BanditCore
import BanditFiles
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Run folders that were damaged")
struct DamageTests {
  @Test("A byte of the log that is altered is seen when the run is resumed or read as finished")
  func alteredLog() throws {
    try withTemporaryDirectory { folder in
      let finished = try playedRun(folder + "/finished", steps: 2_100)
      let stopped = try playedRun(folder + "/stopped", steps: 2_100, until: 2_050)
      for (run, steps) in [(finished, 2_100), (finished, 2_200), (stopped, 2_100)] {
        let path = run + "/regret.csv.gz"
        let log = try contents(of: path)
        let simulation = try Simulation(settings("uniform", steps: steps), registry: registry)
        // What a checkpoint does not know yet is written again, so damage there is mended.
        let known = steps == 2_200 || run == stopped ? try checkpointLength(of: run) : log.count
        for place in stride(from: 0, to: known, by: 1_009) {
          var damaged = log
          damaged[place] ^= 0x10
          try write(damaged, to: path)
          let reason = problem { try resume(run, steps: steps, simulation: simulation) }
          #expect(reason?.hasPrefix(path + ": ") == true, "byte \(place): \(reason ?? "taken")")
          #expect(reason?.contains("--overwrite") == true && reason?.contains("a copy of it") == true)
          #expect(try contents(of: path) == damaged)
        }
        try write(log, to: path)
      }
      #expect(try resume(finished, steps: 2_100).wasFinished)
      #expect(try resume(stopped, steps: 2_100).summary.steps == 2_100)
    }
  }

  @Test("A finished run whose log is gone, cut short or longer is not believed")
  func missingLog() throws {
    try withTemporaryDirectory { folder in
      let run = try playedRun(folder + "/x", steps: 1_100)
      let path = run + "/regret.csv.gz"
      let log = try contents(of: path)
      for other in [nil, [], Array(log.dropLast()), log + [0], log + Gzip.member(of: Array("1,2\n".utf8))] {
        try FileManager.default.removeItem(atPath: path)
        if let other { try write(other, to: path) }
        let reason = problem { try resume(run, steps: 1_100) }
        #expect(reason?.hasPrefix(path) == true && reason?.contains("--overwrite") == true)
        if other == nil { try write(log, to: path) }
      }
      try FileManager.default.removeItem(atPath: path)
      #expect(problem { try resume(run, steps: 1_200) }?.contains("is gone") == true)
    }
  }

  @Test("A summary of which anything was altered is not believed; without it, --resume writes it again")
  func alteredSummary() throws {
    try withTemporaryDirectory { folder in
      let run = try playedRun(folder + "/x", steps: 600)
      let path = run + "/summary.json"
      let whole = try text(of: path)
      let expected = try JSONDecoder().decode(RunSummary.self, from: Data(whole.utf8))
      let characters = Array(whole)
      let simulation = try Simulation(settings("uniform", steps: 600), registry: registry)
      let digits = characters.indices.filter { characters[$0].isNumber }
      for place in digits.enumerated().filter({ $0.offset % 11 == 0 }).map(\.element) {
        var altered = characters
        altered[place] = altered[place] == "7" ? "2" : "7"
        // Far behind a point another digit can be the same number.
        let number = try? JSONDecoder().decode(RunSummary.self, from: Data(String(altered).utf8))
        guard number != expected else { continue }
        try write(String(altered), to: path)
        let reason = problem { try resume(run, steps: 600, simulation: simulation) }
        #expect(reason?.hasPrefix(path) == true, "character \(place)")
      }
      try write(whole.replacing("crc32\" : ", with: "crc33\" : "), to: path)
      #expect(problem { try resume(run, steps: 600, simulation: simulation) }?.hasPrefix(path) == true)
      try FileManager.default.removeItem(atPath: path)
      #expect(try !resume(run, steps: 600).wasFinished)
      let written = try JSONDecoder().decode(RunSummary.self, from: Data(contents(of: path)))
      #expect(written.cumulativeRegret == expected.cumulativeRegret && written.files == expected.files)
      // That of another seed is whole, and still another's.
      let other = try playedRun(folder + "/y", steps: 600, seed: 1)
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: other + "/summary.json", toPath: path)
      #expect(problem { try resume(run, steps: 600) }?.contains("is of another run") == true)
    }
  }

  @Test("An observer's file is guarded as the log is")
  func observers() throws {
    try withTemporaryDirectory { folder in
      let run = try playedRun(folder + "/x", steps: 1_100, observers: [JSONLines()])
      let path = run + "/steps.jsonl.gz"
      var bytes = try contents(of: path)
      bytes[500] ^= 1
      try write(bytes, to: path)
      for steps in [1_100, 1_200] {
        let reason = problem { try resume(run, steps: steps, observers: [JSONLines()]) }
        #expect(reason?.hasPrefix(path) == true, "\(reason ?? "taken")")
      }
    }
  }

  @Test("A run of an earlier version, without checksums, is resumed unless the log cannot be read")
  func earlierVersion() throws {
    try withTemporaryDirectory { folder in
      let whole = try playedRun(folder + "/whole", steps: 2_100)
      let run = try playedRun(folder + "/x", steps: 2_100, until: 2_050)
      try forge("observer-regret-log", in: run) { state in
        var position = state["position"] as? [String: Any] ?? [:]
        #expect(position.removeValue(forKey: "crc32") != nil)
        state["position"] = position
      }
      try forge("run", in: run) { #expect($0.removeValue(forKey: "data") != nil) }
      let path = run + "/regret.csv.gz"
      let log = try contents(of: path)
      var damaged = log
      damaged[300] ^= 1
      try write(damaged, to: path)
      #expect(problem { try resume(run, steps: 2_100) }?.hasPrefix(path) == true)
      try write(log, to: path)
      #expect(try resume(run, steps: 2_100).summary.steps == 2_100)
      #expect(try contents(of: path) == contents(of: whole + "/regret.csv.gz"))

      let summary = run + "/summary.json"
      var tree = try JSONDecoder().decode([String: SettingValue].self, from: Data(contents(of: summary)))
      #expect(tree.removeValue(forKey: "files") != nil && tree.removeValue(forKey: "crc32") != nil)
      try JSONEncoder().encode(tree).write(to: URL(filePath: summary))
      #expect(try resume(run, steps: 2_100).wasFinished)
      for other in [damaged, Array(log.prefix(try checkpointLength(of: run)))] {
        try write(other, to: path)
        #expect(problem { try resume(run, steps: 2_100) }?.hasPrefix(path) == true)
      }
    }
  }

  @Test(
    "A folder that is moved while its run is played is not made again, and the run is resumed where it is")
  func moved() throws {
    try withTemporaryDirectory { folder in
      let whole = try playedRun(folder + "/whole", steps: 2_100)
      for moment in [1, 700, 1_500, 2_100] {
        let (path, place) = ("\(folder)/x\(moment)", "\(folder)/y\(moment)")
        let reason = problem {
          try playedRun(path, steps: 2_100, every: .every(300)) { step in
            if step == moment { try? FileManager.default.moveItem(atPath: path, toPath: place) }
          }
        }
        #expect(reason?.contains("removed or moved") == true, "\(reason ?? "taken")")
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(!FileManager.default.fileExists(atPath: place + "/summary.json"))
        #expect(try resume(place, steps: 2_100).summary.steps == 2_100)
        #expect(try contents(of: place + "/regret.csv.gz") == contents(of: whole + "/regret.csv.gz"))
      }
    }
  }

  @Test("A folder or a log that is removed while the run is played ends it with an error")
  func removed() throws {
    try withTemporaryDirectory { folder in
      for (name, file) in [("a", ""), ("b", "/regret.csv.gz"), ("c", "/steps.jsonl.gz")] {
        for every in [CheckpointInterval.every(50), .never] {
          let path = "\(folder)/\(name)\(every == .never)"
          let reason = problem {
            try playedRun(path, steps: 120, every: every, observers: [JSONLines()]) { step in
              if step == 70 { try? FileManager.default.removeItem(atPath: path + file) }
            }
          }
          #expect(reason?.contains("removed or moved") == true, "\(reason ?? "taken")")
          #expect(!FileManager.default.fileExists(atPath: path + "/summary.json"))
          if file.isEmpty { #expect(!FileManager.default.fileExists(atPath: path)) }
        }
      }
    }
  }

  private func checkpointLength(of run: String) throws -> Int {
    try Checkpoint(readingFrom: run + "/" + Checkpoint.file).state("observer-regret-log")
      .decoded(as: RegretLog.State.self).position.length
  }
}
