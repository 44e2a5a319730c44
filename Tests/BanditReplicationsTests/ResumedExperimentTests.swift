import BanditFiles
import Foundation
import Synchronization
import Testing
import TestSupport

@testable import BanditLaboratory
@testable import BanditReplications
@testable import BanditTraining

/// Every experiment comes to the same files however often it is disturbed.
@Suite("Experiments that are resumed")
struct ResumedExperimentTests {
  @Test(
    "Killed, stopped, resumed and robbed of a folder, an experiment equals one that was left alone, file by file",
    arguments: ExperimentTests.settings.keys.sorted())
  func disturbed(name: String) throws {
    try withTemporaryDirectory { folder in
      let tests = ExperimentTests()
      for data in ["mnist", "fashion-mnist"] { try BarMNIST.write(into: folder, name: data) }
      let images = BarMNIST.library(folder)
      var more: [String] = []
      if ExperimentTests.readModels.contains(name) {
        _ = try tests.run("mnist", tests.laboratory(folder + "/models", images: images))
        more = ["models=\(folder)/models"]
      }
      let (whole, path) = (folder + "/whole", folder + "/x")
      func resume(stopAfter limit: Int = .max) throws {
        let asked = Atomic(0)
        do {
          _ = try tests.run(
            name,
            tests.laboratory(
              path, jobs: 1, images: images, resume: true,
              shouldStop: { asked.add(1, ordering: .relaxed).newValue > limit }), more)
        } catch is ExperimentInterrupted {}
      }
      // The folder as it is in the middle of its work is what a kill leaves there.
      let isCopied = Atomic(false)
      let asked = Atomic(0)
      _ = try tests.run(
        name,
        tests.laboratory(
          whole, jobs: 1, images: images,
          shouldStop: {
            asked.add(1, ordering: .relaxed)
            return false
          },
          report: { progress in
            guard progress.share > 0.4, !isCopied.exchange(true, ordering: .relaxed) else { return }
            #expect(throws: Never.self) { try FileManager.default.copyItem(atPath: whole, toPath: path) }
          }), more)
      let expected = try files(whole)
      try resume(stopAfter: asked.load(ordering: .relaxed) / 4)
      try resume()
      expect(try files(path), as: expected, "killed and stopped")
      try resume()
      expect(try files(path), as: expected, "resumed when it was finished")
      let parts = Set(
        expected.keys.filter { !$0.hasPrefix("figures/") && $0.contains("/") }.map {
          $0.split(separator: "/")[0]
        })
      for part in ["figures"] + parts.sorted().prefix(1).map(String.init) {
        try? FileManager.default.removeItem(atPath: "\(path)/\(part)")
      }
      try resume()
      expect(try files(path), as: expected, "robbed of a folder")
    }
  }

  private func expect(_ files: [String: String], as expected: [String: String], _ what: String) {
    #expect(files.keys.sorted() == expected.keys.sorted(), "\(what)")
    for (name, text) in expected { #expect(files[name] == text, "\(name), \(what)") }
  }

  /// The files below a folder, without what a clock put into them.
  private func files(_ folder: String) throws -> [String: String] {
    var result: [String: String] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      let path = "\(folder)/\(name)"
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue
      else { continue }
      result[name] = try timeless(path).replacing(folder, with: "FOLDER")
    }
    return result
  }

  private func timeless(_ path: String) throws -> String {
    let bytes = try contents(of: path)
    if path.hasSuffix("state.safetensors") {
      let state = try Safetensors(sealedBytes: bytes, file: path)
      // Those of a run have times among its progress.
      let kept = state.metadata.filter { ["agent", "environment", "fit", "observations"].contains($0.key) }
      let words = kept.mapValues { $0.replacing(/"seconds":\{[^}]*\}/, with: "") }
      return "\(words.sorted { $0.key < $1.key }) \(state.tensors.hashValue)"
    }
    if path.hasSuffix(".json") {
      let object = try JSONSerialization.jsonObject(with: Data(bytes))
      let data = try JSONSerialization.data(
        withJSONObject: withoutTimes(object), options: [.sortedKeys, .withoutEscapingSlashes])
      return String(decoding: data, as: UTF8.self)
    }
    guard path.hasSuffix("results.md") else { return SHA256.hexadecimal(of: bytes) }
    let text = String(decoding: bytes, as: UTF8.self).replacing(/- (Command|Wall time): .*/, with: "")
    return text.replacing(/\*\*Processor time[^*]*\*\*\n\n(\|.*\n)*/, with: "")
  }

  /// With the checksum of a run's summary, in which the times are.
  private static let times: Set = [
    "seconds", "started_at", "command_line", "peak_memory_mebibytes", "optimiser_steps_per_second", "crc32",
  ]

  private func withoutTimes(_ value: Any) -> Any {
    if let list = value as? [Any] {
      return list.filter {
        (($0 as? [String: Any])?["title"] as? String)?.hasPrefix("Processor time") != true
      }
      .map(withoutTimes)
    }
    guard let fields = value as? [String: Any] else { return value }
    return fields.filter { !Self.times.contains($0.key) }.mapValues(withoutTimes)
  }
}
