import BanditNumerics
import Foundation
import Testing

@testable import BanditEvaluation

@Suite("Laws of off-policy estimators")
struct EstimatorLawTests {
  private static let all: [any OffPolicyEstimator] = [
    InversePropensity(), SelfNormalised(), ClippedInversePropensity(bound: 2), DirectMethod(),
    DoublyRobust(), SwitchDoublyRobust(threshold: 2), ShrunkDoublyRobust(lambda: 4),
    ProgressiveValidation(),
  ]

  /// Random steps; `weight` is drawn unless given.
  private func steps(_ count: Int = 200, weight: Double? = nil, isExact: Bool = false) -> [WeighedStep] {
    var stream = RandomStream(seed: 7)
    return (0..<count).map { _ in
      let reward = stream.uniform(from: -1, to: 2)
      return WeighedStep(
        weight: weight ?? stream.uniform(from: 0, to: 5), reward: reward,
        prediction: isExact ? reward : stream.uniform(from: -1, to: 2),
        policyPrediction: stream.uniform(from: -1, to: 2))
    }
  }

  private func estimate(_ estimator: any OffPolicyEstimator, _ steps: [WeighedStep]) throws -> Double {
    var sums = ContributionSums()
    for step in steps { sums.add(estimator.contribution(of: step)) }
    return try #require(sums.estimate)
  }

  private func expect(_ found: Double, _ expected: Double, _ name: String = "") {
    #expect(abs(found - expected) < 1e-12, "\(name)")
  }

  @Test("Under the logging policy the estimate is the mean reward, where no model says otherwise")
  func sameAsLogged() throws {
    let steps = steps(weight: 1).map { WeighedStep(weight: 1, reward: $0.reward) }
    let mean = steps.reduce(0) { $0 + $1.reward } / Double(steps.count)
    for estimator in Self.all where !estimator.needsModel { expect(try estimate(estimator, steps), mean) }
    // A correction by weights of 1 takes the model out again.
    let modelled = steps.map {
      WeighedStep(weight: 1, reward: $0.reward, prediction: 0.3, policyPrediction: 0.3)
    }
    expect(try estimate(DoublyRobust(), modelled), mean)
    expect(try estimate(SwitchDoublyRobust(threshold: 1), modelled), mean)
  }

  @Test("SNIPS moves with the rewards and stays within them")
  func selfNormalised() throws {
    let steps = steps()
    let moved = steps.map { WeighedStep(weight: $0.weight, reward: $0.reward + 10) }
    let value = try estimate(SelfNormalised(), steps)
    expect(try estimate(SelfNormalised(), moved), value + 10)
    #expect(value > -1 && value < 2)
  }

  @Test("Bounds that bind nothing leave IPS and DR, those that bind all leave the model")
  func limits() throws {
    let steps = steps()
    let ips = try estimate(InversePropensity(), steps)
    let dm = try estimate(DirectMethod(), steps)
    let dr = try estimate(DoublyRobust(), steps)
    expect(try estimate(ClippedInversePropensity(bound: 5), steps), ips, "clip")
    expect(try estimate(ProgressiveValidation(), steps), ips, "progressive")
    expect(try estimate(SwitchDoublyRobust(threshold: 5), steps), dr, "switch 5")
    expect(try estimate(SwitchDoublyRobust(threshold: 0), steps), dm, "switch 0")
    expect(try estimate(ShrunkDoublyRobust(lambda: .infinity), steps), dr, "shrunk infinity")
    expect(try estimate(ShrunkDoublyRobust(lambda: 0), steps), dm, "shrunk 0")
    let blank = steps.map { WeighedStep(weight: $0.weight, reward: $0.reward) }
    expect(try estimate(DoublyRobust(), blank), ips, "blank model")
  }

  @Test("With a model that is exact, every correction is nothing")
  func exactModel() throws {
    let steps = steps(isExact: true)
    let dm = try estimate(DirectMethod(), steps)
    for estimator in Self.all where estimator.needsModel { expect(try estimate(estimator, steps), dm) }
  }

  @Test("No contribution leaves the range that is told, and some come near its ends")
  func ranges() {
    var stream = RandomStream(seed: 3)
    for estimator in Self.all {
      guard let range = estimator.range(weights: 4, rewards: -1...3) else { continue }
      var (least, most) = (Double.infinity, -Double.infinity)
      for _ in 0..<20_000 {
        // Corners are met often.
        func draw(_ low: Double, _ high: Double) -> Double {
          [low, high, stream.uniform(from: low, to: high)][stream.integer(below: 3)]
        }
        let step = WeighedStep(
          weight: draw(0, 4), reward: draw(-1, 3), prediction: draw(-1, 3), policyPrediction: draw(-1, 3))
        let number = estimator.contribution(of: step).numerator
        (least, most) = (min(least, number), max(most, number))
      }
      #expect(range.contains(least) && range.contains(most), "\(estimator.name)")
      let width = range.upperBound - range.lowerBound
      let gap = max(least - range.lowerBound, range.upperBound - most)
      #expect(gap < 0.1 * width, "\(estimator.name)")
    }
  }

  @Test("Replay keeps all actions equally often, and on a uniform log every match")
  func replay() {
    var uniform = ReplayMatching(smallestPropensity: 0.25, stream: RandomStream(seed: 1))
    let played = [2, 1].map { uniform.isPlayed($0, logged: 2, propensity: 0.25) }
    #expect(played == [true, false])
    #expect(uniform.offered == 2 && uniform.matched == 1)
    var stream = RandomStream(seed: 2)
    var matching = ReplayMatching(smallestPropensity: 0.2, stream: RandomStream(seed: 3))
    var kept = [0, 0]
    for _ in 0..<50_000 {
      let logged = stream.bernoulli(0.8) ? 0 : 1
      if matching.isPlayed(logged, logged: logged, propensity: logged == 0 ? 0.8 : 0.2) { kept[logged] += 1 }
    }
    // Each is 10,000 in the mean, with a deviation of 90.
    #expect(abs(kept[0] - 10_000) < 400 && abs(kept[1] - 10_000) < 400)
  }

  @Test("Sums of many steps keep the estimate, and resample about as single steps do")
  func blocks() throws {
    var stream = RandomStream(seed: 4)
    var sums = ContributionSums()
    var total = 0.0
    let count = 100_003
    for _ in 0..<count {
      let number = stream.uniform()
      total += number
      sums.add(Contribution(numerator: number))
    }
    expect(try #require(sums.estimate), total / Double(count))
    let normal = try #require(EstimateIntervals.normal(sums, probability: 0.95))
    let bootstrap = try #require(
      EstimateIntervals.bootstrap(sums, probability: 0.95, stream: RandomStream(seed: 5)))
    let ratio = (bootstrap.upperBound - bootstrap.lowerBound) / (normal.upperBound - normal.lowerBound)
    #expect(abs(ratio - 1) < 0.1)
  }
}
