import BanditNumerics
import CBanditKernels
import Foundation

/// What this processor can do on one core, measured on the spot.
///
/// Products are held against OpenBLAS at the hot shape with the core it chooses itself, element-wise code against
/// the rates of fma and of division in registers, and both against the fastest stream through the second-level
/// cache. Loads, integer instructions and calls are taken as free, so no code can quite reach its limit.
struct Limits: Encodable {
  /// 16-lane fma a nanosecond.
  let fmaRate: Double
  /// 16-lane divisions a nanosecond.
  let divisionRate: Double
  /// OpenBLAS at 64×100×100, in GFLOP/s; nil where it is not installed.
  let openBLASGigaflops: Double?
  /// The core whose kernels OpenBLAS used.
  let openBLASCore: String?
  /// Bytes a nanosecond, read and written, of the faster of a copy and of a momentum step over 22,201 floats.
  let bytesPerNanosecond: Double

  enum CodingKeys: String, CodingKey {
    case fmaRate = "fma16_per_ns"
    case divisionRate = "division16_per_ns"
    case openBLASGigaflops = "openblas_gflop_per_s"
    case openBLASCore = "openblas_core"
    case bytesPerNanosecond = "stream_gb_per_s"
  }

  init(kernels: bandit_kernels) {
    let rounds = 20_000
    var sink: Float = 0
    fmaRate = 12 * Double(rounds) / Self.best { sink += kernels.fma_rounds(rounds) }
    divisionRate = 12 * Double(rounds) / Self.best { sink += kernels.division_rounds(rounds) }
    let count = 22_201
    var buffers = (0..<3).map { _ in FloatBuffer(count: count, repeating: sink) }
    let pointers = buffers.indices.map { buffers[$0].mutablePointer }
    defer { withExtendedLifetime(buffers) {} }  // the pointers alone do not keep them
    let (from, to, other) = (pointers[0], pointers[1], pointers[2])
    let copy = 8 * Double(count) / Self.best { memcpy(to, from, 4 * count) }
    let momentum = 20 * Double(count) / Self.best { kernels.momentum(count, 1e-4, 0.9, from, to, other) }
    bytesPerNanosecond = max(copy, momentum)
    let blas = OpenBLAS()
    openBLASCore = blas?.core
    openBLASGigaflops = blas.map { blas in
      2 * 64 * 100 * 100 / Self.best { blas.multiply(from, from + 6_400, to) }
    }
  }

  /// The least time for some work.
  func nanoseconds(_ work: Work) -> Double {
    let products = work.productFlops / (openBLASGigaflops ?? 32 * fmaRate)
    let elements = max(work.operations / fmaRate, work.divisions / divisionRate)
    return max(products + elements, work.bytes / bytesPerNanosecond)
  }

  private static func best(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    return (0..<400).reduce(Double.infinity) { best, _ in
      let start = clock.now
      body()
      return min(best, (clock.now - start) / .nanoseconds(1))
    }
  }
}

/// OpenBLAS, if it is installed, for the limit alone.
private struct OpenBLAS {
  typealias Multiply =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32, UnsafePointer<Float>,
      Int32,
      Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void
  typealias Name = @convention(c) () -> UnsafePointer<CChar>?

  let core: String
  private let function: Multiply

  /// Loads the library with the core of its own choice: a core pinned for reproducible bits is no limit.
  init?() {
    unsetenv("OPENBLAS_CORETYPE")
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    guard let library = dlopen("libopenblas.so.0", RTLD_NOW), let multiply = dlsym(library, "cblas_sgemm"),
      let name = dlsym(library, "openblas_get_corename")
    else { return nil }
    function = unsafeBitCast(multiply, to: Multiply.self)
    core = unsafeBitCast(name, to: Name.self)().map { String(cString: $0) } ?? "unknown"
  }

  /// C[64×100] = A[64×100] B[100×100], row-major.
  func multiply(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>) {
    function(101, 111, 111, 64, 100, 100, 1, a, 100, b, 100, 0, c, 100)
  }
}
