import BanditCore
import BanditLearning
import BanditNumerics
import Foundation
import TestSupport
import Testing
import TrainingTestSupport

@testable import BanditReplications
@testable import BanditTraining

@Suite("The practical's quirks")
struct PracticalQuirksTests {
  private var quirks: PracticalQuirks {
    var quirks = PracticalQuirks()
    quirks.normPenalty = 0.2
    quirks.freezesCorrection = true
    return quirks
  }

  private func network(initialScale: Double? = nil) -> PointNetwork {
    PointNetwork(
      NetworkArchitecture(input: .dense(columns: 2), hidden: [5], outputs: 1), capacity: 4,
      likelihood: .squaredError, l2: 0.5, initialScale: initialScale, stream: RandomStream(seed: 3))
  }

  @Test("A training with quirks that was stopped is resumed to the bytes of one that was not")
  func resumed() throws {
    try withTemporaryDirectory { folder in
      var fit = smallFit()
      fit.network.pointTraining = PointTraining()
      fit.network.pointTraining?.quirks = quirks
      func run(_ name: String, stopAfter: Int = .max) throws -> TrainedModel {
        var epochs = 0
        return try Fit(fit, program: "tests", prepare: PracticalQuirks.prepare).run(
          into: Fit.directory("\(folder)/\(name)", overwrite: false, resume: true),
          shouldStop: { epochs >= stopAfter }, report: { _ in epochs += 1 })
      }
      let whole = try run("whole")
      #expect(try run("x", stopAfter: 2).end == .interrupted)
      #expect(try run("x").records == whole.records)
      for file in ["metrics.csv.gz", "model.safetensors"] {
        #expect(try contents(of: "\(folder)/whole/\(file)") == contents(of: "\(folder)/x/\(file)"), "\(file)")
      }
    }
  }

  @Test("The norm's penalty adds to the network's own, at the norm of the moment")
  func normPenalty() {
    var network = network()
    for norm in [network.norm, network.norm] {
      quirks.apply(to: &network, l2: 0.5)
      #expect(network.l2 == 0.5 + 0.2 / norm)
    }
    var still = self.network(initialScale: 0)
    #expect(still.norm == 0)
    quirks.apply(to: &still, l2: 0.5)
    #expect(still.l2 == 0.5)
  }

  @Test(
    "Settings in files of earlier versions keep their names and values",
    arguments: [
      #"{"freezesCorrection":true,"initialScale":0.1,"normPenalty":0.003}"#,
      #"{"adversary":{"method":"fgsm","radii":[0.02,0.5]},"freezesCorrection":false,"normPenalty":0}"#,
    ])
  func earlierFiles(text: String) throws {
    let training = try JSONDecoder().decode(PointTraining.self, from: Data(text.utf8))
    #expect(training.quirks.freezesCorrection == (training.initialScale != nil))
    #expect(training.quirks.normPenalty == (training.initialScale == nil ? 0 : 0.003))
    #expect(training.adversary?.radii == (training.initialScale == nil ? [0.02, 0.5] : nil))
    var same = PointTraining()
    (same.initialScale, same.adversary) = (training.initialScale, training.adversary)
    same.quirks = training.quirks
    #expect(same == training)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(training), as: UTF8.self) == text)
  }
}
