import BanditNumerics
import CBanditKernels
import Foundation
import Testing

/// The classes of a softmax: one lane, tails, whole blocks, and more than one block.
private let classCounts = [1, 2, 3, 10, 16, 17, 32, 100, 130]

@Suite("Kernels over outputs of several numbers a row")
struct HeadKernelTests {
  @Test(
    "Softmax probabilities, costs and derivatives follow the definition in double precision",
    arguments: Kernels.available, classCounts)
  func softmax(kernels: Kernels, classes: Int) {
    let head = SoftmaxRows(classes: classes, spread: 8)
    let (probabilities, total, deltas) = head.run(kernels, scale: 0.5)
    var expectedTotal = 0.0
    var magnitude = 0.0
    for row in 0..<head.rows {
      let logits = head.logits[(row * classes)..<((row + 1) * classes)].map { Double($0) }
      let logSum = log(logits.reduce(0) { $0 + exp($1) })
      let target = Int(head.targets[row])
      let weight = Double(head.weights[row])
      expectedTotal += weight * (logSum - logits[target])
      magnitude += weight * (abs(logSum) + abs(logits[target]))
      for index in 0..<classes {
        let probability = exp(logits[index] - logSum)
        let slope = (probability - (index == target ? 1 : 0)) * weight * 0.5
        // A difference of logits near 16 has 1 ulp of 16, which the exponential makes relative; the sum adds its own.
        let relative = 2e-6
        #expect(abs(Double(probabilities[row * classes + index]) - probability) <= relative * probability)
        // 1 − p is rounded relative to 1.
        let allowed = relative * abs(slope) + (index == target ? 2e-7 : 0)
        #expect(abs(Double(deltas[row * classes + index]) - slope) <= allowed)
      }
    }
    #expect(abs(total - expectedTotal) <= 3e-7 * magnitude)
  }

  @Test(
    "Logits of ±10⁴, all equal or far apart, give finite probabilities that sum to 1",
    arguments: Kernels.available)
  func extremeLogits(kernels: Kernels) {
    let rows: [([Float], Int, Double)] = [
      ([1e4, -1e4, 0], 0, 0), ([1e4, -1e4, 0], 1, 2e4), ([1e4, -1e4, 0], 2, 1e4),
      ([1e4, 1e4, 1e4], 1, log(3)), ([-1e4, -1e4, -1e4], 2, log(3)),
      ([-1e4, -1e4, -1e4 + 1], 2, log(1 + 2 / M_E)),
    ]
    for (logits, target, cost) in rows {
      let head = SoftmaxRows(classes: 3, logits: logits, targets: [Float(target)], weights: [1])
      let (probabilities, total, deltas) = head.run(kernels, scale: 1)
      #expect(abs(total - cost) <= 1e-6 * max(1, cost), "\(logits), class \(target)")
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-6 && probabilities.allSatisfy { $0 >= 0 && $0 <= 1 })
      #expect(deltas.allSatisfy { $0.isFinite } && abs(deltas.reduce(0, +)) < 1e-6)
    }
  }

  @Test("A NaN or an infinite logit spoils its own row and no other", arguments: Kernels.available)
  func spoiledRows(kernels: Kernels) {
    for bad in [Float.nan, .infinity] {
      let head = SoftmaxRows(
        classes: 3, logits: [0, 1, 2, 0, bad, 2, 5, 1, 0], targets: [0, 0, 0], weights: [1, 1, 1])
      let (probabilities, total, deltas) = head.run(kernels, scale: 1)
      #expect(total.isNaN)
      #expect((probabilities + deltas).filter(\.isNaN).count == 6)
      #expect(probabilities[3..<6].allSatisfy { $0.isNaN } && deltas[3..<6].allSatisfy { $0.isNaN })
    }
  }

  @Test(
    "The cost of a location and a width follows its definition at every number of rows",
    arguments: Kernels.available, [false, true])
  func heads(kernels: Kernels, laplace: Bool) {
    for rows in [1, 7, 8, 9, 16, 23, 24, 25, 64, 70] {
      let head = HeadRows(rows: rows)
      let (total, deltas, locations, widths) = head.run(kernels, laplace: laplace, scale: 0.25)
      var expectedTotal = 0.0
      var magnitude = 0.0
      for row in 0..<rows {
        let (m, rho) = (Double(head.outputs[2 * row]), Double(head.outputs[2 * row + 1]))
        let width = scalarSoftplus(rho) + 1e-6
        let error = m - Double(head.targets[row])
        let weight = Double(head.weights[row])
        let data = laplace ? abs(error) / width : error * error / (2 * width)
        let constant = laplace ? log(2 * width) : 0.5 * log(2 * .pi * width)
        expectedTotal += weight * (data + constant)
        magnitude += weight * (data + abs(constant) + 1)
        let byLocation = laplace ? (error > 0 ? 1 : -1) / width : error / width
        let byWidth = (laplace ? 1 - data : 0.5 - data) / width
        let gate = 1 / (1 + exp(-rho))
        let factor = 0.25 * weight
        let got = deltas[(2 * row)..<(2 * row + 2)].map { Double($0) }
        // Error, width, gate and quotients are each within a few ulp.
        #expect(abs(got[0] - byLocation * factor) <= 2e-6 * abs(byLocation * factor))
        #expect(abs(got[1] - byWidth * gate * factor) <= 2e-6 * (1 + data) / width * gate * factor)
        #expect(locations[row] == head.outputs[2 * row])
        #expect(abs(Double(widths[row]) - width) <= 1e-6 * width)
      }
      #expect(abs(total - expectedTotal) <= 1e-6 * magnitude)
    }
  }

  @Test("All instruction sets give the same bits, extreme values included", arguments: classCounts)
  func sameBits(size: Int) throws {
    let reference = try #require(Kernels.available.last)
    var stream = RandomStream(seed: 5).child("heads", size)
    func spoil(_ values: [Float]) -> [Float] {
      values.map { stream.bernoulli(0.05) ? extremeFloats[stream.integer(below: extremeFloats.count)] : $0 }
    }
    var softmax = SoftmaxRows(classes: size, spread: 30)
    softmax.logits = spoil(softmax.logits)
    var heads = HeadRows(rows: size)
    heads.outputs = spoil(heads.outputs)
    func bits(_ kernels: Kernels) -> [[UInt32]] {
      let (probabilities, total, deltas) = softmax.run(kernels, scale: 0.3)
      let gaussian = heads.run(kernels, laplace: false, scale: 0.3)
      let laplace = heads.run(kernels, laplace: true, scale: 0.3)
      let totals = [total, gaussian.total, laplace.total].map { Float($0) }
      return [
        probabilities, deltas, totals, gaussian.deltas, laplace.deltas, laplace.locations, laplace.widths,
      ]
      .map(comparableBits)
    }
    let expected = bits(reference)
    for kernels in Kernels.available { #expect(bits(kernels) == expected, "\(kernels)") }
  }
}

/// Rows of logits with a class each.
private struct SoftmaxRows {
  let classes: Int
  var logits: [Float]
  let targets: [Float]
  let weights: [Float]
  var rows: Int { targets.count }

  init(classes: Int, logits: [Float], targets: [Float], weights: [Float]) {
    self.classes = classes
    self.logits = logits
    self.targets = targets
    self.weights = weights
  }

  init(classes: Int, spread: Double) {
    var stream = RandomStream(seed: 4).child("softmax", classes)
    self.init(
      classes: classes, logits: uniformFloats(5 * classes, -spread...spread, &stream),
      targets: (0..<5).map { _ in Float(stream.integer(below: classes)) }, weights: [1, 0.5, 0, 1, 2])
  }

  func run(_ kernels: Kernels, scale: Float) -> (probabilities: [Float], total: Double, deltas: [Float]) {
    withGuardedMemory { memory in
      let logits = memory.place(logits, offset: 1)
      let probabilities = memory.place(self.logits, offset: 2)
      let deltas = memory.place(self.logits, offset: 3)
      let functions = kernels.functions.pointee
      functions.softmax(rows, classes, logits, probabilities)
      let total = functions.softmax_cost(rows, classes, logits, targets, weights, scale, deltas)
      return (memory.values(1), total, memory.values(2))
    }
  }
}

/// Rows of a location and a width's ρ with a target each.
private struct HeadRows {
  var outputs: [Float]
  let targets: [Float]
  let weights: [Float]

  init(rows: Int) {
    var stream = RandomStream(seed: 6).child("location and width", rows)
    outputs = uniformFloats(2 * rows, -6...6, &stream)
    targets = uniformFloats(rows, -6...6, &stream)
    weights = uniformFloats(rows, 0...2, &stream)
  }

  func run(
    _ kernels: Kernels, laplace: Bool, scale: Float
  ) -> (total: Double, deltas: [Float], locations: [Float], widths: [Float]) {
    withGuardedMemory { memory in
      let outputs = memory.place(outputs, offset: 1)
      let deltas = memory.place(self.outputs, offset: 2)
      let locations = memory.place(targets, offset: 3)
      let widths = memory.place(targets)
      let functions = kernels.functions.pointee
      let targets = memory.place(targets, offset: 1)
      let weights = memory.place(weights, offset: 2)
      let total = functions.heads_cost(self.targets.count, laplace, outputs, targets, weights, scale, deltas)
      functions.heads(self.targets.count, outputs, locations, widths)
      return (total, memory.values(1), memory.values(2), memory.values(3))
    }
  }
}
