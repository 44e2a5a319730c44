import BanditCore
import BanditFiles
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

/// Plays a run into a new folder and gives that folder.
@discardableResult
func playedRun(
  _ folder: String, agent: String = "uniform", words: [String] = [], steps: Int, seed: UInt64 = 0,
  until last: Int = .max, every: CheckpointInterval = .automatic, observers: [any RunObserver] = [],
  report: @escaping (Int) -> Void = { _ in }
) throws -> String {
  var step = 0
  let progress = ProgressObserver {
    step = $0.record.step
    report(step)
  }
  _ = try Run(
    Simulation(settings(agent, words, steps: steps, seed: seed), registry: registry), program: "tests",
    checkpoints: every, observers: observers + [progress]
  ).play(into: RunDirectory(creating: folder, overwrite: false), shouldStop: { step >= last })
  return folder
}

/// Resumes a run.
@discardableResult
func resume(
  _ folder: String, steps: Int, simulation: Simulation? = nil, observers: [any RunObserver] = []
) throws -> Run.Outcome {
  try Run(
    simulation ?? Simulation(settings("uniform", steps: steps), registry: registry), program: "tests",
    observers: observers
  ).play(into: RunDirectory(creating: folder, overwrite: false, resume: true), shouldStop: { false })
}

/// Changes the JSON of a state of a run's checkpoint, which gets the right checksum.
func forge(_ state: String, in run: String, _ change: (inout [String: Any]) -> Void) throws {
  let path = run + "/" + Checkpoint.file
  var contents = try Safetensors(sealedBytes: contents(of: path), file: path)
  let json = Data(try #require(contents.metadata[state]).utf8)
  var tree = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
  change(&tree)
  contents.metadata[state] = String(
    decoding: try JSONSerialization.data(withJSONObject: tree), as: UTF8.self)
  try write(contents.sealedBytes, to: path)
}

/// What is wrong, if something is.
func problem(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}
