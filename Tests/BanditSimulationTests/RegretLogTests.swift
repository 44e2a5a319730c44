import BanditCore
import BanditFiles
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Regret log")
struct RegretLogTests {
  private let header =
    "step,action,optimal_action,reward,regret,expected_regret,cumulative_regret,cumulative_expected_regret"

  /// A row to change: a record has no other way to be.
  private func template() throws -> StepRecord {
    try #require(try play(settings("reader", environment: "script", steps: 1)).rows.first)
  }

  /// A log that has begun, of a task without counters.
  private func log(in folder: String) throws -> RegretLog {
    let spec = TaskSpec(featureCount: 1, encoding: .dense, actionNames: ["a", "b"])
    var log = RegretLog()
    try log.begin(
      RunStart(
        folder: folder, settings: settings("uniform", steps: 1), spec: spec, measurementNames: [],
        resumedSteps: 0), from: nil)
    return log
  }

  /// The members of a gzip file, found by the ten bytes that this program begins every member with.
  private func members(_ bytes: [UInt8]) -> [[UInt8]] {
    let head: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]
    let starts = bytes.indices.filter { bytes[$0...].starts(with: head) }
    return zip(starts, starts.dropFirst() + [bytes.count]).map { Array(bytes[$0..<$1]) }
  }

  @Test("A run's log has the header and a row a step")
  func rows() throws {
    try withTemporaryDirectory { folder in
      try play(settings("reader", ["actions=0,1,2,2"], environment: "script", steps: 3), into: folder)
      #expect(
        try logText(folder + "/regret.csv.gz") == """
          \(header),thirds,third_rate,loss,learning_rate,propensity,uniform_expected_reward
          1,0,1,1,2,2,2,2,0,0,,,,2
          2,1,0,6,-6,4,-4,6,0,0,,,,-1.3333333333333333
          3,2,0,-10,15,15,11,21,1,0.3333333333333333,,,,0

          """)
    }
  }

  @Test("Numbers are read back exactly, and whole ones have no point")
  func numbers() throws {
    try withTemporaryDirectory { folder in
      let values: [Double] = [
        0.1, 1.0 / 3, .leastNonzeroMagnitude, 1.7976931348623157e308, 2, -35, 1e15, 123_456_789.125, 0,
      ]
      let log = try log(in: folder)
      for value in values {
        var record = try template()
        record.reward = value
        record.cumulativeRegret = -value
        record.counters = []
        record.diagnostics = AgentDiagnostics(loss: Double(Float(value)), learningRate: value)
        try log.append(record)
      }
      var closing = log
      try closing.end()
      let lines = try logText(folder + "/regret.csv.gz").split(separator: "\n").dropFirst()
      #expect(lines.count == values.count)
      for (line, value) in zip(lines, values) {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        #expect(Double(fields[3]) == value && Double(fields[6]) == -value && Double(fields[9]) == value)
        #expect(Float(fields[8]) == Float(value))
      }
      let text = lines.map { $0.split(separator: ",")[3] }
      #expect(text[4...6] == ["2", "-35", "1000000000000000"] && text[8] == "0")
    }
  }

  @Test("Every member has 1,000 whole rows, the last one the rest")
  func wholeMembers() throws {
    try withTemporaryDirectory { folder in
      try play(settings("uniform", steps: 2_345), into: folder)
      let members = try members(contents(of: folder + "/regret.csv.gz"))
      let texts = try members.map {
        String(decoding: try Gzip.decompress($0, file: "member", limit: 1 << 20), as: UTF8.self)
      }
      #expect(texts.allSatisfy { $0.hasSuffix("\n") })
      #expect(texts.map { $0.split(separator: "\n").count } == [1_001, 1_000, 345])
      #expect(texts[0].hasPrefix(header) && texts[1].hasPrefix("1001,") && texts[2].hasPrefix("2001,"))
    }
  }

  @Test("A run of a multiple of 1,000 steps has no empty member")
  func noEmptyMember() throws {
    try withTemporaryDirectory { folder in
      try play(settings("uniform", steps: 2_000), into: folder)
      #expect(try members(contents(of: folder + "/regret.csv.gz")).count == 2)
    }
  }

  @Test("zcat, and Python's gzip and csv, read what was written")
  func otherReaders() throws {
    try withTemporaryDirectory { folder in
      try play(settings("epsilon-greedy", smallSettings, steps: 1_500), into: folder)
      let path = folder + "/regret.csv.gz"
      let expected = try logText(path)
      let zcat = try run(["zcat", path])
      #expect(zcat.status == 0 && zcat.output == expected)
      guard hasProgram("python3") else { return skip("no python3 to read a log with") }
      let python = try run(["python3", "-c", Self.reader, path])
      #expect(python.errors == "")
      let last = try #require(expected.split(separator: "\n").last).split(separator: ",")
      #expect(python.output == "1500 1500 \(last[7]) \(last[12])\n")
      guard hasProgram("python3", arguments: ["-c", "import pandas"]) else {
        return skip("no pandas to read a log with")
      }
      let pandas = try run(
        ["python3", "-c", "import pandas,sys; print(len(pandas.read_csv(sys.argv[1])))", path])
      #expect(pandas.output == "1500\n")
    }
  }

  private static let reader = """
    import csv, gzip, sys
    rows = list(csv.DictReader(gzip.open(sys.argv[1], 'rt', newline='')))
    assert [int(row['step']) for row in rows] == list(range(1, len(rows) + 1))
    assert all(None not in row and None not in row.values() for row in rows)
    assert all(float(row['loss']) > 0 for row in rows)
    last = rows[-1]
    print(len(rows), last['step'], last['cumulative_expected_regret'], last['learning_rate'])
    """

  @Test("A log is never written over another file")
  func exists() throws {
    try withTemporaryDirectory { folder in
      try write("mine", to: folder + "/regret.csv.gz")
      #expect(throws: DataFileError.self) { try log(in: folder) }
      #expect(try text(of: folder + "/regret.csv.gz") == "mine")
    }
  }
}
