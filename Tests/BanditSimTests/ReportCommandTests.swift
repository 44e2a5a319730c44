import BanditFiles
import BanditSimulation
import Foundation
import Testing
import TestSupport

@Suite("The report command")
struct ReportCommandTests {
  /// What the page's script reads.
  private struct Page: Decodable {
    struct Curve: Decodable {
      let steps: [Int]
      let mean: [Double?]
      let lower: [Double?]?
    }
    struct Run: Decodable {
      let seed: String
      let grid: Int
      let values: [String: [Double?]]
    }
    struct Group: Decodable {
      let name: String
      let curves: [String: Curve]
      let runs: [Run]
    }
    struct Task: Decodable {
      let name: String
      let grids: [[Int]]
      let groups: [Group]
    }
    let tasks: [Task]

    init(in html: String) throws {
      let start = try #require(html.range(of: "id=\"data\">")).upperBound
      let end = try #require(html.range(of: "</script>", range: start..<html.endIndex)).lowerBound
      self = try JSONDecoder().decode(Page.self, from: Data(html[start..<end].utf8))
    }

    private enum CodingKeys: String, CodingKey { case tasks }
  }

  private func play(in folder: String) throws {
    let length = ["--steps", "2500", "--quiet"]
    try simulate(["--agent", "uniform", "--seeds", "3"] + length, in: folder)
    try simulate(["--agent", "fixed", "--env-set", "sampling=permutation"] + length, in: folder)
  }

  @Test("The page's numbers are those of the logs, step by step")
  func numbers() throws {
    try withTemporaryDirectory { folder in
      try play(in: folder)
      let result = try simulate(["report", "runs", "-o", "a.html"], in: folder)
      #expect(result.status == 0 && result.errors == "")
      #expect(result.output.hasPrefix("page: a.html ("))
      let page = try Page(in: text(of: folder + "/a.html"))
      #expect(
        page.tasks.map(\.name) == ["mushroom", "mushroom sampling=permutation"] || page.tasks.count == 2)
      let task = try #require(page.tasks.first { $0.groups[0].name == "uniform" })
      #expect(task.groups[0].runs.map(\.seed) == ["0", "1", "2"])
      for run in task.groups[0].runs {
        let rows = try logText(folder + "/runs/mushroom-uniform-seed\(run.seed)/regret.csv.gz")
          .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        for (name, values) in run.values {
          let column = try #require(rows[0].firstIndex { $0 == name })
          let logged = task.grids[run.grid].map { Double(rows[$0][column]) }
          #expect(logged == values)
        }
        #expect(task.grids[run.grid].last == 2_500)
      }
      let curve = try #require(task.groups[0].curves["cumulative_expected_regret"])
      let last = try (0..<3).map {
        try summary(of: folder + "/runs/mushroom-uniform-seed\($0)").cumulativeExpectedRegret
      }
      let mean = try #require(curve.mean.last ?? nil)
      #expect(abs(mean - last.reduce(0, +) / 3) < 1e-4 && curve.lower != nil)
    }
  }

  @Test("What comes from outside cannot leave its element, and nothing is loaded")
  func hostile() throws {
    try withTemporaryDirectory { folder in
      let name = "runs/<img src=x onerror=alert(1)>&\""
      try simulate(
        ["--agent", "uniform", "--steps", "5", "--quiet", "--out", name], in: folder)
      let result = try simulate(
        ["report", "runs", "--title", "</title><script>alert(2)</script>"], in: folder)
      #expect(result.status == 0)
      let html = try text(of: folder + "/report.html")
      #expect(!html.contains("<img src=x") && html.contains("&lt;img src=x onerror=alert(1)&gt;&amp;&quot;"))
      #expect(!html.contains("<script>alert"))
      #expect(html.contains("default-src 'none'"))
      #expect(!html.contains("http://") && !html.contains("https://"))
    }
  }

  @Test("An experiment's tables and figures are in the page; one that has not ended is refused")
  func experiment() throws {
    try withTemporaryDirectory { folder in
      try simulate(["experiment", "run", "priors", "--scale", "quick", "--quiet"], in: folder)
      let result = try simulate(["report", "experiments/priors"], in: folder)
      #expect(result.status == 0)
      let html = try text(of: folder + "/report.html")
      #expect(html.contains("<h2 id=\"experiment-priors\">"))
      #expect(html.contains("data:image/svg+xml;base64,"))
      #expect(try Page(in: html).tasks.isEmpty)
      try FileManager.default.removeItem(atPath: folder + "/experiments/priors/summary.json")
      let open = try simulate(["report", "experiments/priors"], in: folder)
      #expect(open.status == 1 && open.errors.contains("is an experiment that has not ended"))
    }
  }

  @Test("A folder without runs, a place that cannot be written and an unknown group are errors")
  func mistakes() throws {
    try withTemporaryDirectory { folder in
      try simulate(["--agent", "uniform", "--steps", "5", "--quiet"], in: folder)
      #expect(try simulate(["report", "nothing"], in: folder).status == 64)
      #expect(try simulate(["report", "runs", "--against", "bbb"], in: folder).status == 64)
      #expect(try simulate(["report", "runs", "-o", ""], in: folder).status == 64)
      let result = try simulate(["report", "runs", "-o", "missing/a.html"], in: folder)
      #expect(result.status == 1 && result.errors.contains("missing/a.html"))
      #expect(try names(in: folder) == ["runs"])
    }
  }
}
