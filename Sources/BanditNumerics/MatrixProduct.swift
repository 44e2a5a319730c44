import COpenBLAS

/// Products of row-major single-precision matrices by OpenBLAS, one thread a product.
public enum MatrixProduct {
  /// The processor core that OpenBLAS chose its kernels for; `OPENBLAS_CORETYPE` in the environment pins it.
  public static let coreName: String = {
    prepare()
    return openblas_get_corename().map { String(cString: $0) } ?? "unknown"
  }()

  private static let oneThread: Void = openblas_set_num_threads(1)

  /// Sets OpenBLAS to one thread a product; called before a first product, as often as one likes.
  public static func prepare() { _ = oneThread }

  /// Writes `C[rows × columns] = A · B`, where `A` has `inner` columns after `transposeA` and `B` as many rows.
  ///
  /// All matrices are dense and row-major; a transposed one is stored as `[inner × rows]` or `[columns × inner]`.
  @inline(__always)
  public static func multiply(
    _ a: UnsafePointer<Float>, transposeA: Bool = false, _ b: UnsafePointer<Float>, transposeB: Bool = false,
    into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, inner: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(inner), 1, a, Int32(transposeA ? rows : inner), b,
      Int32(transposeB ? inner : columns), 0, c, Int32(columns))
  }
}
