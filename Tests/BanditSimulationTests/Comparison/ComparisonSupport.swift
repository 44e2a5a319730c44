import BanditCore
import Testing

@testable import BanditSimulation

/// A comparison of groups, which are of one task.
func compare(
  _ groups: [RunGroup], at steps: [Int], reference: String?, acrossFreePlay: Bool = false
) throws -> Comparison {
  let environment = groups[0].runs[0].settings.environment
  let task = RunTask(name: environment, environment: environment, groups: groups)
  return try #require(
    Comparison.all(of: [task], at: steps, reference: reference, acrossFreePlay: acrossFreePlay).first)
}

/// Plays an agent for each seed and gives the runs, read at every tenth of their steps.
func record(
  _ agent: String, _ words: [String], environment: String = "script", steps: Int = 30,
  seeds: Range<UInt64> = 0..<3, in folder: String
) throws -> [RecordedRun] {
  try seeds.map { seed in
    let settings = try settings(agent, words, environment: environment, steps: steps, seed: seed)
    let path = "\(folder)/\(environment)-\(agent)\(words.hashValue)-\(steps)-\(seed)"
    try play(settings, into: path)
    return try RecordedRun(readingFrom: path, points: 10, others: [30])
  }
}

func groups(_ runs: [[RecordedRun]]) throws -> [RunGroup] {
  try RunTask.tasks(of: runs.flatMap { $0 }, registry: registry).tasks.flatMap(\.groups)
}
