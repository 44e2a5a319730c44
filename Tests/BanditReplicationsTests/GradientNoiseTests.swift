import BanditLearning
import Testing
import TrainingTestSupport
import TestSupport

@testable import BanditLaboratory
@testable import BanditReplications
@testable import BanditTraining

@Suite("Noise of gradients")
struct GradientNoiseTests {
  @Test("At the same parameters local reparameterisation and flipout vary less than weight sampling")
  func variance() throws {
    try withTemporaryDirectory { folder in
      var fit = smallFit("noise", gaussianWeights)
      fit.training.epochs = 20
      let trained = try Fit(fit, program: "tests").run(
        into: Fit.directory(folder + "/x", overwrite: false), shouldStop: { false }, report: { _ in })
      let laboratory = Laboratory(
        folder: folder, seeds: [7], jobs: 1, overwrite: false, registry: registry, program: "tests")
      let noise = try GradientNoise.measure([trained], draws: 400, in: laboratory)[0]
      #expect(noise.count == 3)
      #expect(noise.allSatisfy { $0.byMean > 0 && $0.byRho > 0 })
      #expect(noise[1].byMean < 0.7 * noise[0].byMean && noise[1].byRho < 0.7 * noise[0].byRho)
      #expect(noise[2].byMean < noise[0].byMean)
    }
  }

  @Test("The variance of differences is of consecutive epochs, from the wanted share of training on")
  func differences() {
    let records = [5.0, 1, 2, 4, 3, 3].enumerated().map { index, cost -> EpochRecord in
      var record = EpochRecord()
      record.epoch = index + 1
      record.dataCost = cost
      record.complexityCost = 0
      return record
    }
    let trained = TrainedModel(
      settings: smallFit(), model: CountingModel(), records: records, seconds: Training.Seconds(), steps: 0,
      end: .finished)
    // Differences −4, 1, 2, −1, 0 with mean −0.4; the last half's are −1 and 0.
    #expect(abs(trained.differenceVariance(from: 0, \.negativeELBO) - 5.3) < 1e-12)
    #expect(abs(trained.differenceVariance(from: 0.5, \.negativeELBO) - 0.5) < 1e-12)
    #expect(trained.meanOfLastEpochs(\.dataCost) == 3)
  }
}
