public import CBanditKernels

import Foundation

/// The element-wise kernels compiled for one instruction set.
///
/// All instruction sets give the same bits; they differ in speed alone. Fields are called as functions:
/// `Kernels.best.functions.pointee.adam(…)`. Lengths and alignments are free; shapes are not checked here.
public struct Kernels: @unchecked Sendable, CustomStringConvertible {
  /// The C functions, a constant of the program.
  public let functions: UnsafePointer<bandit_kernels>

  /// Every instruction set that this processor runs, best first.
  public static let available: [Kernels] = {
    var count = 0
    let list = bandit_kernels_available(&count)
    return (0..<count).compactMap { list?[$0].map { Kernels(functions: $0) } }
  }()

  /// The environment variable that names the instruction set to use.
  public static let variable = "BANDIT_SIM_KERNELS"

  /// Every instruction set that there are kernels for on any processor of this kind.
  public static let known = ["avx512", "avx2", "baseline"]

  /// The environment variable that says whose matrix products to use.
  public static let productsVariable = "BANDIT_SIM_PRODUCTS"

  /// Whose matrix products there are: these kernels' own, which are the same bits everywhere, and OpenBLAS's.
  public static let knownProducts = ["own", "openblas"]

  /// The kernels in use: the best of this processor, or the ones that the environment variable
  /// `BANDIT_SIM_KERNELS` names (`avx512`, `avx2`, `baseline`) where the processor runs them; matrix products by OpenBLAS
  /// where `BANDIT_SIM_PRODUCTS` is `openblas`.
  public static let best: Kernels = {
    // Other products in silence would be other results; the command line asks for `productsProblem` before it plays.
    switch chosen {
    case .success(let kernels): return kernels
    case .failure(let error): fatalError("\(productsVariable)=openblas: \(error.reason)")
    }
  }()

  /// Why OpenBLAS's products, which the environment asks for, cannot be used; nil where they can be or are not asked for.
  public static var productsProblem: String? {
    guard case .failure(let error) = chosen else { return nil }
    return error.reason
  }

  private struct NotLoaded: Error {
    let reason: String
  }

  private static let chosen: Result<Kernels, NotLoaded> = {
    let wanted = ProcessInfo.processInfo.environment
    let own = available.first { $0.description == wanted[variable] } ?? available[0]
    guard wanted[productsVariable] == "openblas" else { return .success(own) }
    var problem: UnsafePointer<CChar>?
    guard let functions = bandit_kernels_with_openblas(own.functions, &problem) else {
      return .failure(
        NotLoaded(reason: problem.map { String(cString: $0) } ?? "the library has no cblas_sgemm"))
    }
    return .success(Kernels(functions: functions))
  }()

  /// The instruction set's name, with `+openblas` behind it where products are OpenBLAS's.
  public var description: String { String(cString: functions.pointee.name) }
}
