import BanditFiles
import BanditNumerics
import BanditTraining
import Foundation
import TestSupport
import Testing

@Suite("Markov chains compared")
struct ChainDiagnosticsTests {
  private static func chain(_ seed: UInt64, correlation: Double = 0, mean: Double = 0) -> [Double] {
    var stream = RandomStream(seed: seed)
    var value = stream.normal()
    return (0..<5_000).map { _ in
      value = correlation * value + (1 - correlation * correlation).squareRoot() * stream.normal()
      return mean + value
    }
  }

  @Test("Independent draws of one distribution count in full")
  func independent() {
    let diagnostics = ChainDiagnostics((0..<4).map { Self.chain($0) })
    #expect(abs(diagnostics.rHat - 1) < 2e-3)
    #expect((16_000...20_000).contains(diagnostics.effectiveDraws))
  }

  @Test("Correlated draws count (1 - r)/(1 + r) each", arguments: [0.5, 0.9])
  func correlated(correlation: Double) {
    let draws = ChainDiagnostics((0..<4).map { Self.chain(10 + $0, correlation: correlation) }).effectiveDraws
    let expected = 20_000 * (1 - correlation) / (1 + correlation)
    #expect(abs(draws / expected - 1) < 0.15, "\(draws) for \(expected)")
  }

  @Test("Chains in different places, and one that drifts, are found")
  func apart() {
    // Between-chain variance 1/4 of means -1/2 and 1/2, and within variance 1: the root of 1 + 1/3.
    let apart = ChainDiagnostics([Self.chain(1, mean: -0.5), Self.chain(2, mean: 0.5)])
    #expect(abs(apart.rHat - (1.0 + 1.0 / 3).squareRoot()) < 0.02)
    #expect(apart.effectiveDraws < 20)
    let drifting = Self.chain(3).enumerated().map { Double($0) / 2_500 + $1 }
    #expect(ChainDiagnostics([drifting]).rHat > 1.1)
    #expect(ChainDiagnostics([[1, 1, 1, 1], [1, 1, 1, 1]]).rHat == 1)
    #expect(ChainDiagnostics([[1, 1, 1, 1], [2, 2, 2, 2]]).rHat == .infinity)
  }

  @Test("The divergence of two normals has its closed form; a mixture has none from itself")
  func divergence() {
    let far = MixtureDivergence.kl([1], [1.7], sigma: 0.3)
    #expect(abs(far - 0.7 * 0.7 / (2 * 0.09)) < 1e-9)
    #expect(abs(MixtureDivergence.kl([0, 1, 5], [5, 0, 1], sigma: 0.1)) < 1e-12)
    // Where p's two normals are far apart, either costs the logarithm of two.
    #expect(abs(MixtureDivergence.kl([0], [0, 100], sigma: 1) - log(2)) < 1e-9)
    #expect(MixtureDivergence.kl([0, 100], [0], sigma: 1) > 2_000)
  }

  @Test("A chain's file is read back; one that is cut off, or of another chain, is refused")
  func file() throws {
    try withTemporaryDirectory { folder in
      let posterior = NetworkPosterior(
        ToyRegression.examples(16, on: 0...0.5, stream: RandomStream(seed: 2)), hiddenLayers: [3],
        priorSigma: 1,
        noiseSigma: 0.1)
      let chain = NetworkChain.run(
        posterior, warmUp: 20, draws: 5, places: [0, 0.5], stream: RandomStream(seed: 1), progress: { _ in })
      #expect(chain.draws(at: 1).count == 5 && chain.steps >= 5)
      let path = folder + "/chain.safetensors"
      try Data(chain.bytes).write(to: URL(filePath: path))
      #expect(try NetworkChain(reading: path, draws: 5, places: 2) == chain)
      #expect(throws: DataFileError.self) { try NetworkChain(reading: path, draws: 4, places: 2) }
      for count in [0, 7, 40, chain.bytes.count - 1] {
        try Data(chain.bytes.prefix(count)).write(to: URL(filePath: path))
        #expect(throws: DataFileError.self) { try NetworkChain(reading: path, draws: 5, places: 2) }
      }
    }
  }
}
