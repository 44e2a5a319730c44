import BanditNumerics
import CBanditKernels
import Testing

@Suite("Kernels over flat vectors")
struct ElementwiseKernelTests {
  @Test("The best instruction set comes first and the baseline is always there")
  func instructionSets() {
    #expect(Kernels.available.last?.description == "baseline")
    #expect(Set(Kernels.available.map(\.description)).count == Kernels.available.count)
    #expect(Kernels.available.contains { $0.description == Kernels.best.description })
  }

  @Test(
    "Every kernel follows its scalar definition at every length and alignment and writes nothing else",
    arguments: Kernels.available, ElementwiseKernel.all)
  func definition(kernels: Kernels, kernel: ElementwiseKernel) {
    var stream = RandomStream(seed: 1).child(kernel.testDescription)
    for count in 1...130 {
      let inputs = kernel.inputs.map { uniformFloats(count, $0, &stream) }
      let outputs = call(kernel, kernels, inputs, shift: count)
      for index in 0..<count {
        let expected = kernel.definition(inputs.map { Double($0[index]) })
        for (piece, value) in zip(kernel.written, expected)
        where !value.admits(outputs[piece][index], ulps: kernel.ulps) {
          Issue.record("array \(piece) at \(index) of \(count): \(outputs[piece][index]), not \(value)")
        }
      }
      for piece in inputs.indices where !kernel.written.contains(piece) {
        #expect(outputs[piece] == inputs[piece], "an input changed")
      }
    }
  }

  @Test("All instruction sets give the same bits, extreme values included", arguments: ElementwiseKernel.all)
  func sameBits(kernel: ElementwiseKernel) throws {
    let reference = try #require(Kernels.available.last)
    var stream = RandomStream(seed: 2).child(kernel.testDescription)
    for count in 1...130 {
      let inputs = kernel.inputs.map { range in
        uniformFloats(count, range, &stream).map { value in
          stream.bernoulli(0.2) ? extremeFloats[stream.integer(below: extremeFloats.count)] : value
        }
      }
      let expected = call(kernel, reference, inputs, shift: 0).map(comparableBits)
      for kernels in Kernels.available {
        let bits = call(kernel, kernels, inputs, shift: count).map(comparableBits)
        #expect(bits == expected, "\(kernels) differs from \(reference) at length \(count)")
      }
    }
  }

  /// Runs a kernel on copies of the arrays, each at another alignment, and gives all arrays back.
  private func call(
    _ kernel: ElementwiseKernel, _ kernels: Kernels, _ inputs: [[Float]], shift: Int
  ) -> [[Float]] {
    withGuardedMemory { memory in
      let arrays = inputs.enumerated().map { memory.place($1, offset: ($0 + shift) % 4) }
      kernel.run(kernels.functions.pointee, inputs[0].count, arrays)
      return inputs.indices.map(memory.values)
    }
  }
}

/// Values at the edges of the format and of the kernels' ranges.
let extremeFloats: [Float] = [
  0, -0.0, .leastNonzeroMagnitude, -denormal, .leastNormalMagnitude, 1e-30, -1e-30, 10, -10, 80, -80, 88, -88,
  104, -104,
  1e30, -1e30, .greatestFiniteMagnitude, .infinity, -.infinity, .nan,
]

/// 1.4e-40 or so: nonzero, and too small for a normal exponent.
let denormal: Float = 0x1p-132
