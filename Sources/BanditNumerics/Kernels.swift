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

  /// The kernels in use: the best of this processor, or the ones that the environment variable
  /// `BANDIT_SIM_KERNELS` names (`avx512`, `avx2`, `baseline`) where the processor runs them.
  public static let best: Kernels = {
    let wanted = ProcessInfo.processInfo.environment[variable]
    return available.first { $0.description == wanted } ?? available[0]
  }()

  /// The instruction set's name.
  public var description: String { String(cString: functions.pointee.name) }
}
