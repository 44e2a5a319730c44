import BanditNumerics
import CBanditKernels
import Foundation
import Testing

@Suite("Streams of normal numbers")
struct NormalStreamTests {
  @Test("The scalar xoshiro128++ of these tests gives the published numbers")
  func published() {
    var generator = ScalarXoshiro128(state: [1, 2, 3, 4])
    let numbers = (0..<5).map { _ in generator.next() }
    #expect(numbers == [641, 1_573_767, 3_222_811_527, 3_517_856_514, 836_907_274])
  }

  @Test(
    "Numbers are Box-Muller on sixteen xoshiro128++ generators, at every length", arguments: Kernels.available
  )
  func definition(kernels: Kernels) {
    var lanes = NormalStream(RandomStream(seed: 0).child("definition")).lanes
    var reference = ScalarNormals(lanes)
    for count in Array(0...130) + [20_000] {
      let expected = reference.next(count)
      let numbers = draw(kernels, &lanes, count)
      // 4 ulp of the largest number possible, 6.7, and 4 of the number itself.
      for (got, value) in zip(numbers, expected) {
        #expect(abs(Double(got) - value) < 4 * 4.8e-7 + 8 * halfUlp * abs(value), "\(got), not \(value)")
      }
    }
  }

  @Test("Every instruction set gives the same bits and leaves the same state", arguments: Kernels.available)
  func sameBits(kernels: Kernels) throws {
    let baseline = try #require(Kernels.available.last)
    var lanes = NormalStream(RandomStream(seed: 1)).lanes
    var otherLanes = lanes
    for count in Array(0...130) + [100_000] {
      #expect(
        draw(kernels, &lanes, count).map(\.bitPattern) == draw(baseline, &otherLanes, count).map(\.bitPattern)
      )
    }
    withUnsafeBytes(of: lanes) { bytes in
      withUnsafeBytes(of: otherLanes) { #expect(bytes.elementsEqual($0)) }
    }
  }

  @Test("Sampling weights draws the same normals and shifts and scales them", arguments: Kernels.available)
  func sample(kernels: Kernels) {
    var stream = RandomStream(seed: 2)
    var lanes = NormalStream(stream).lanes
    var otherLanes = lanes
    for count in 1...130 {
      let means = uniformFloats(count, -2...2, &stream)
      let sigmas = uniformFloats(count, 0...2, &stream)
      let normals = draw(kernels, &otherLanes, count)
      let weights: [Float] = withGuardedMemory { memory in
        let output = memory.place(means, offset: count % 4)
        kernels.functions.pointee.sample(
          &lanes, count, memory.place(means, offset: 2), memory.place(sigmas, offset: 3), output)
        return memory.values(0)
      }
      #expect(weights == (0..<count).map { means[$0].addingProduct(sigmas[$0], normals[$0]) })
    }
  }

  @Test("A request drops the rest of its last block of 32")
  func requestLengths() {
    let whole = normals(5, 96)
    var stream = NormalStream(RandomStream(seed: 5))
    var parts: [[Float]] = []
    for count in [1, 33, 0] {
      var values = [Float](repeating: 0, count: max(count, 1))
      stream.fill(&values, count: count)
      parts.append(values)
    }
    #expect(parts[0] == [whole[0]])
    #expect(parts[1] == Array(whole[32..<65]))
    #expect(parts[2] == [0], "a request for nothing writes nothing")
    var rest: Float = 0
    stream.fill(&rest, count: 1)
    #expect(rest == normals(5, 97)[96], "and draws nothing")
  }

  @Test("Seed 0 gives these numbers for ever")
  func golden() {
    // The bits pin the bytes of every result; the decimals come from a separate program in double precision.
    let numbers = normals(0, 32)
    let decimals = [0.6208750085024035, -0.7952324909461868, -0.3545754111036677, 0.4113139114256396]
    for (got, expected) in zip(numbers, decimals) { #expect(abs(Double(got) - expected) < 1e-6) }
    for (got, expected) in zip(numbers[16...], [0.45769661306443227, 0.15729323807334428]) {
      #expect(abs(Double(got) - expected) < 1e-6)
    }
    #expect(numbers[..<4].map(\.bitPattern) == [0x3f1ef1ab, 0xbf4b945c, 0xbeb58ae9, 0x3ed297bd])
  }

  @Test("Children's numbers are uncorrelated with their parent's and with each other's, in value and in sign")
  func crossStreams() {
    let parent = RandomStream(seed: 6)
    let names = ["0", "1", "2", "training noise", "prediction noise", "agent", "environment"]
    let streams = [parent] + names.map { parent.child($0) } + [RandomStream(seed: 7)]
    let count = 1 << 19
    let runs = streams.map { normals($0, count) }
    for first in runs.indices {
      for second in runs.indices where second > first {
        #expect(abs(meanProduct(runs[first], runs[second])) * Double(count).squareRoot() < 5)
        var signs = [0, 0, 0, 0]
        for (x, y) in zip(runs[first], runs[second]) { signs[(x < 0 ? 1 : 0) + (y < 0 ? 2 : 0)] += 1 }
        #expect(chiSquared(signs) < chiSquaredBound(3))
      }
    }
  }

  private func draw(_ kernels: Kernels, _ lanes: inout bandit_random_lanes, _ count: Int) -> [Float] {
    withGuardedMemory { memory in
      let out = memory.place([Float](repeating: 0, count: count), offset: count % 4)
      kernels.functions.pointee.normals(&lanes, count, out)
      return memory.values(0)
    }
  }
}
