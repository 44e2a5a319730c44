import ArgumentParser
import BanditCore
import BanditNumerics
import Foundation

/// Whose matrix products commands that play or train take.
struct ProductOptions: ParsableArguments {
  /// The words of `Kernels.knownProducts` on the command line.
  enum Products: String, CaseIterable, ExpressibleByArgument {
    case own, openblas
  }

  @Option(
    help: """
      Whose matrix products: openblas, where libopenblas0 is installed, is faster on processors without fused \
      multiply-add, and has other last digits. (default: own, or BANDIT_SIM_PRODUCTS)
      """)
  var products: Products?

  /// Chooses the products, here and in the processes that this one starts; nothing has been multiplied yet.
  func validate() throws {
    guard let products else { return }
    setenv(Kernels.productsVariable, products.rawValue, 1)
    do { try requireKnownKernels() } catch { throw ValidationError("--products: \(error)") }
  }
}

/// Throws where the environment names an instruction set, or a library of products, that nobody knows or that cannot be loaded.
func requireKnownKernels() throws(ConfigurationError) {
  try requireKnown(Kernels.variable, Kernels.known, otherwise: "the best of this processor")
  try requireKnown(Kernels.productsVariable, Kernels.knownProducts, otherwise: "own")
  guard ProcessInfo.processInfo.environment[Kernels.productsVariable] == "openblas",
    let problem = Kernels.productsProblem
  else { return }
  throw ConfigurationError(
    key: Kernels.productsVariable, given: "openblas",
    allowed: "where OpenBLAS is installed ('apt-get install libopenblas0'): \(problem)")
}

/// Throws where a variable of the environment has a name that is not known: it would be taken for the default.
private func requireKnown(
  _ variable: String, _ known: [String], otherwise: String
) throws(ConfigurationError) {
  guard let name = ProcessInfo.processInfo.environment[variable], !name.isEmpty, !known.contains(name)
  else { return }
  throw ConfigurationError(
    key: variable, given: name, allowed: known.joined(separator: ", ") + "; unset, \(otherwise)")
}
