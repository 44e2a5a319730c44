import BanditCore
import BanditEnvironments
import BanditNumerics
import Testing

@Suite("Sparse linear rewards")
struct SparseLinearTests {
  private func make(
    _ change: (inout SparseLinear.Configuration) -> Void = { _ in }, seed: UInt64 = 1
  ) throws -> SparseLinear {
    var configuration = SparseLinear.Configuration()
    change(&configuration)
    return try SparseLinear(configuration: configuration, stream: RandomStream(seed: seed))
  }

  @Test("Uniform's expected regret is that of another program, uniform_regret.py")
  func uniform() throws {
    let found = try uniformRegret(of: SparseLinear.self, seeds: 500, steps: 40)
    #expect(found.agrees(with: 1.31140, other: 0.00092), "\(found)")
  }

  @Test("Three numbers matter for each of seven arms, anywhere, and have unit length")
  func sparsity() throws {
    var places: [Int: Int] = [:]
    for seed in 0..<200 {
      let environment = try make(seed: UInt64(seed))
      #expect(environment.coefficients.count == 7)
      for arm in environment.coefficients {
        #expect(arm.count == 10 && arm.count { $0 != 0 } == 3)
        #expect(abs(arm.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
        for (place, value) in arm.enumerated() where value != 0 { places[place, default: 0] += 1 }
      }
    }
    // A share of 0.3 of 1,400 arms, six standard deviations: 6 √(1400 · 0.3 · 0.7) = 103.
    for place in 0..<10 { #expect(abs((places[place] ?? 0) - 420) < 103) }
  }

  @Test("Settings out of range are refused")
  func refusals() {
    let changes: [(inout SparseLinear.Configuration) -> Void] = [
      { $0.nonZero = 0 }, { $0.nonZero = 11 }, { $0.features = 2 }, { $0.noise = .nan },
    ]
    for change in changes { #expect(throws: ConfigurationError.self) { try make(change) } }
  }
}
