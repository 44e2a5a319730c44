import BanditLearning
import Foundation
import Testing

@Suite("Weights and rates that change with the steps")
struct ScheduleTests {
  @Test("KL weights of an epoch sum to one", arguments: KLWeighting.allCases, [1, 2, 8, 64, 468, 5000])
  func sum(weighting: KLWeighting, count: Int) {
    let weights = (0..<count).map { weighting.weight($0, of: count) }
    // 5,000 roundings of 1e-16.
    #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
    #expect(weights.allSatisfy { $0.isFinite && $0 >= 0 })
  }

  @Test("KL weights follow their formulas where 2^M is representable", arguments: [1, 2, 8, 64, 468, 1000])
  func formulas(count: Int) {
    let all = exp2(Double(count)) - 1
    for index in 0..<count {
      let pairs = [
        (KLWeighting.uniform, 1 / Double(count)), (.blundell, exp2(Double(count - index - 1)) / all),
        (.inverse, exp2(Double(index)) / all),
      ]
      for (weighting, expected) in pairs {
        #expect(
          abs(weighting.weight(index, of: count) - expected) <= 1e-14 * expected, "\(weighting) \(index)")
      }
    }
  }

  @Test("The first of Blundell's weights stay halves where 2^M overflows, and inverse mirrors them")
  func overflow() {
    #expect(KLWeighting.blundell.weight(0, of: 5000) == 0.5)
    #expect(KLWeighting.blundell.weight(9, of: 5000) == 0x1p-10)
    for index in [0, 1, 10, 2500, 4999] {
      #expect(
        KLWeighting.inverse.weight(4999 - index, of: 5000) == KLWeighting.blundell.weight(index, of: 5000))
    }
  }

  @Test("A step schedule keeps its rate until the step is full")
  func step() {
    let schedule = LearningRateSchedule(.step, every: 5000, factor: 0.5)
    #expect([0, 4999, 5000, 9999, 10_000].map(schedule.factor) == [1, 1, 0.5, 0.5, 0.25])
    #expect(LearningRateSchedule(.constant).factor(at: 1_000_000) == 1)
  }

  @Test("Cosine and linear schedules end at 0 and stay there")
  func ends() {
    for shape in [LearningRateSchedule.Shape.cosine, .linear] {
      let schedule = LearningRateSchedule(shape, total: 40)
      #expect(schedule.factor(at: 0) == 1 && abs(schedule.factor(at: 20) - 0.5) < 1e-15)
      #expect(schedule.factor(at: 40) == 0 && schedule.factor(at: 41) == 0 && schedule.factor(at: 4000) == 0)
    }
  }

  @Test(
    "A warm-up rises linearly to 1, before a shape begins", arguments: LearningRateSchedule.Shape.allCases)
  func warmup(shape: LearningRateSchedule.Shape) {
    let warm = LearningRateSchedule(shape, every: 3, factor: 0.9, total: 54, warmup: 4)
    let plain = LearningRateSchedule(shape, every: 3, factor: 0.9, total: 50)
    #expect((0..<5).map { warm.factor(at: $0) } == [0.2, 0.4, 0.6, 0.8, 1])
    for step in 4..<70 { #expect(warm.factor(at: step) == plain.factor(at: step - 4)) }
  }

  @Test("Half a cosine of 150 steps with 20 of warm-up reaches 1, and 0 at its end")
  func warmCosine() {
    let schedule = LearningRateSchedule(.cosine, total: 150, warmup: 20)
    let factors = (0...150).map { schedule.factor(at: $0) }
    #expect(factors.max() == 1 && factors[20] == 1 && factors[150] == 0)
    #expect(abs(factors[85] - 0.5) < 1e-15)
    let short = LearningRateSchedule(.linear, total: 3, warmup: 5)
    #expect([4, 5, 6].map { short.factor(at: $0) } == [5.0 / 6, 1, 0])
  }
}
