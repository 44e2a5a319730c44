import BanditNumerics
import CBanditKernels

#if OPENBLAS
  import COpenBLAS
#endif

/// Products at the layers' sizes, beside OpenBLAS's where the package was built with it, in turn and on one core each.
struct ProductBenchmarks {
  let kernels: bandit_kernels
  let stopwatch: Stopwatch

  private static let shapes = [(64, 100, 100), (128, 784, 1_200), (128, 1_200, 1_200)]

  /// Measures them all; a size is rows, terms and columns.
  func run() -> [Measurement] { Self.shapes.flatMap { measure($0.0, $0.1, $0.2) } }

  private func measure(_ rows: Int, _ inner: Int, _ columns: Int) -> [Measurement] {
    var stream = RandomStream(seed: 1)
    let a = (0..<(rows * inner)).map { _ in Float(stream.normal()) }
    let b = (0..<(inner * columns)).map { _ in Float(stream.normal()) }
    var c = [Float](repeating: 0, count: rows * columns)
    let calls = max(1, 20_000_000 / (rows * inner * columns))
    var names = ["ours \(rows)x\(inner)x\(columns)"]
    #if OPENBLAS
      openblas_set_num_threads(1)
      names.append("OpenBLAS \(rows)x\(inner)x\(columns)")
    #endif
    return stopwatch.measureInTurn(names) { index in
      let began = ContinuousClock.now
      for _ in 0..<calls {
        if index == 0 {
          kernels.multiply(rows, columns, inner, a, inner, 1, b, columns, nil, false, &c, columns)
        } else {
          reference(rows, inner, columns, a, b, &c)
        }
      }
      return (ContinuousClock.now - began) / .nanoseconds(1) / Double(calls)
    }
  }

  private func reference(
    _ rows: Int, _ inner: Int, _ columns: Int, _ a: [Float], _ b: [Float], _ c: inout [Float]
  ) {
    #if OPENBLAS
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, a,
        Int32(inner), b,
        Int32(columns), 0, &c, Int32(columns))
    #endif
  }
}
