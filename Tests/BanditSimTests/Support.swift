import BanditFiles
import BanditSimulation
import Foundation
import Testing
import TestSupport

/// The built program, which is beside the tests.
func program() throws -> String {
  let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  let folder = URL(filePath: runner).deletingLastPathComponent()
  let path = folder.appending(path: "bandit-sim").path
  try #require(FileManager.default.isExecutableFile(atPath: path), "no bandit-sim in \(folder.path)")
  return path
}

/// Runs the program to its end.
@discardableResult
func simulate(_ words: [String], in directory: String = "/") throws -> ProgramResult {
  try run([program()] + words, in: directory)
}

/// Starts the program.
func start(_ words: [String], in directory: String) throws -> RunningProgram {
  try RunningProgram([program()] + words, in: directory)
}

/// The package's folder.
let repository = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

/// Builds the example of an agent in C, and gives its name for a program that is started there.
func roundRobin(in folder: String) throws -> String {
  let result = try run(
    ["cc", "-o", folder + "/round_robin", repository + "/Examples/Children/round_robin.c"])
  try #require(result.status == 0, "\(result.errors)")
  return "exec:./round_robin"
}

/// Settings of Bayes by Backprop that a test has time for.
let smallSettings = ["hiddenLayers=8", "minibatches=2", "batchSize=8", "prefill=50"].flatMap {
  ["--set", $0]
}

/// The uncompressed text of a log.
func logText(_ path: String) throws -> String {
  String(decoding: try Gzip.decompress(contents(of: path), file: path, limit: 1 << 28), as: UTF8.self)
}

/// A run's summary.
func summary(of folder: String) throws -> RunSummary {
  try JSONDecoder().decode(RunSummary.self, from: Data(contents(of: folder + "/summary.json")))
}

/// The names in a folder, sorted.
func names(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// Expects rows 1, 2, 3, … after the header, each with as many fields, and gives their number.
@discardableResult
func expectWholeRows(_ text: String) -> Int {
  guard !text.isEmpty else { return 0 }
  #expect(text.hasSuffix("\n"))
  let lines = text.split(separator: "\n")
  let fields = lines[0].split(separator: ",").count
  #expect(lines[0].hasPrefix("step,action,"))
  let wrong = lines.dropFirst().enumerated().first { index, line in
    !line.hasPrefix("\(index + 1),")
      || line.split(separator: ",", omittingEmptySubsequences: false).count != fields
  }
  #expect(wrong == nil)
  return lines.count - 1
}
