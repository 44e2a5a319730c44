import BanditNumerics
import CBanditKernels
import Foundation

/// xoshiro128++ as its authors publish it (Blackman & Vigna 2021), one generator.
struct ScalarXoshiro128 {
  var state: [UInt32]

  mutating func next() -> UInt32 {
    func rotate(_ x: UInt32, _ k: UInt32) -> UInt32 { (x << k) | (x >> (32 - k)) }
    let result = rotate(state[0] &+ state[3], 7) &+ state[0]
    let shifted = state[1] << 9
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotate(state[3], 11)
    return result
  }
}

/// The definition of the normal kernel in double precision: 16 generators, two words each give two normals.
struct ScalarNormals {
  private var lanes: [ScalarXoshiro128]

  init(_ lanes: bandit_random_lanes) {
    let words = withUnsafeBytes(of: lanes) { Array($0.bindMemory(to: UInt32.self)) }
    self.lanes = (0..<16).map { lane in ScalarXoshiro128(state: (0..<4).map { words[$0 * 16 + lane] }) }
  }

  /// The next 32 numbers: sixteen cosines, then sixteen sines.
  mutating func next32() -> [Double] {
    var cosines: [Double] = []
    var sines: [Double] = []
    for lane in lanes.indices {
      let radiusBits = lanes[lane].next()
      let angleBits = lanes[lane].next()
      // Rounded to single precision twice, as the kernel does; up to 1, where the radius is 0.
      let uniform = Float(0x1p-32).addingProduct(Float(radiusBits >> 1), 0x1p-31)
      let radius = (-2 * log(Double(uniform))).squareRoot()
      // One bit for the sign of both, the others for an angle within a quarter turn to either side.
      let signed = angleBits >> 31 == 0 ? radius : -radius
      let angle = Double.pi / 2 * Double(Int32(bitPattern: angleBits << 1)) * 0x1p-31
      cosines.append(signed * cos(angle))
      sines.append(signed * sin(angle))
    }
    return cosines + sines
  }

  /// Numbers as `count` asks for them: whole blocks of 32, the last one cut.
  mutating func next(_ count: Int) -> [Double] {
    var numbers: [Double] = []
    while numbers.count < count { numbers += next32() }
    return Array(numbers[..<count])
  }
}
