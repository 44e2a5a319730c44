import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("Folders that several want")
struct FolderTests {
  private let words = ["--agent", "uniform", "--steps", "3000", "--quiet"]

  @Test(
    "Of several starts at once on one folder one plays, the others are refused with an exit code of their own",
    arguments: [[], ["--resume"], ["--overwrite"]])
  func simultaneous(option: [String]) throws {
    try withTemporaryDirectory { folder in
      #expect(try simulate(words + ["--out", "whole"], in: folder).status == 0)
      let log = try contents(of: folder + "/whole/regret.csv.gz")
      for round in 0..<8 {
        let place = "deep/\(round)"
        let started = try (0..<4).map { _ in try start(words + option + ["--out", place], in: folder) }
        let results = try started.map { try $0.result() }
        // One that comes later may find the run finished.
        let late: Int32 = option.isEmpty ? 1 : 0
        #expect(results.contains { $0.status == 0 })
        for result in results where result.status != 0 && result.status != late {
          #expect(result.status == 75)
          #expect(result.errors.contains("\(place): another process works in this folder; wait for its end"))
        }
        #expect(try contents(of: "\(folder)/\(place)/regret.csv.gz") == log)
        #expect(try summary(of: "\(folder)/\(place)").steps == 3_000)
        #expect(
          try names(in: "\(folder)/\(place)") == [
            "checkpoint", "manifest.json", "regret.csv.gz", "summary.json",
          ])
      }
    }
  }

  @Test("A folder in use is refused with 75 by every way to start, and left alone")
  func inUse() throws {
    try withTemporaryDirectory { folder in
      let long = ["--agent", "uniform", "--steps", "1000000000", "--quiet"]
      let name = "all/mushroom-uniform-seed0"
      let running = try start(long + ["--out", name], in: folder)
      for _ in 0..<12_000 where size("\(folder)/\(name)/regret.csv.gz") < 20_000 {
        Thread.sleep(forTimeInterval: 0.005)
      }
      for option in [[], ["--resume"], ["--overwrite"]] {
        #expect(try simulate(long + option + ["--out", name], in: folder).status == 75)
      }
      let words = ["--agent", "uniform", "--steps", "5", "--quiet", "--resume"]
      let seeds = try simulate(words + ["--seeds", "2", "--out", "all"], in: folder)
      #expect(seeds.status == 75 && seeds.errors.contains("another process works in this folder"))
      #expect(try summary(of: folder + "/all/mushroom-uniform-seed1").steps == 5)
      running.send(SIGTERM)
      #expect(try running.result().status == 128 + SIGTERM)
      #expect(try summary(of: folder + "/" + name).interrupted)
    }
  }

  private func size(_ path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
  }

  @Test("Data that changed under a run are refused by --resume and --config, with the file and both sums")
  func changedData() throws {
    try withTemporaryDirectory { folder in
      let rows = (0..<40).map { "\($0 % 7),\($0 % 5),\($0 % 2 == 0 ? "even" : "odd")\n" }
      let (before, after) = ("a,b,class\n" + rows.joined(), "a,b,class\n" + rows.reversed().joined())
      let path = folder + "/data.csv"
      try write(before, to: path)
      let words = ["--agent", "uniform", "--environment", "classification", "--quiet", "--steps", "50"]
      let file = ["--env-set", "file=data.csv"]
      #expect(try simulate(words + file + ["--out", "x"], in: folder).status == 0)
      let sums = try [before, after].map { text in
        try write(text, to: path)
        return try run(["sha256sum", path]).output.prefix(64)
      }
      #expect(try text(of: folder + "/x/manifest.json").contains("\"data.csv\" : \"\(sums[0])\""))
      let sentence = "data file data.csv had the SHA-256 \(sums[0]), now \(sums[1])"
      for more in ["50", "60"] {
        let resumed = try simulate(words + file + ["--out", "x", "--resume", "--steps", more], in: folder)
        #expect(resumed.status == 1 && resumed.errors.contains(sentence), "\(resumed.errors)")
      }
      let config = ["--config", "x/manifest.json"]
      let again = try simulate(config + ["--out", "y"], in: folder)
      #expect(again.status == 64 && again.errors.contains(sentence), "\(again.errors)")
      // Other data are another run, and a manifest of an earlier version knows no sums.
      try write(before, to: folder + "/other.csv")
      #expect(
        try simulate(config + ["--env-set", "file=other.csv", "--out", "y"], in: folder).status == 0)
      let manifest = URL(filePath: folder + "/x/manifest.json")
      var tree = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: manifest)) as? [String: Any])
      #expect(tree.removeValue(forKey: "data") != nil)
      try JSONSerialization.data(withJSONObject: tree).write(to: manifest)
      #expect(try simulate(config + ["--out", "z"], in: folder).status == 0)
      // The checkpoint knows them too.
      #expect(try simulate(words + file + ["--out", "x", "--resume"], in: folder).errors.contains(sentence))
      try write(before, to: path)
      #expect(try simulate(words + file + ["--out", "x", "--resume"], in: folder).status == 0)
    }
  }
}
