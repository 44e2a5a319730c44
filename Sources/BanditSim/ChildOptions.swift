import ArgumentParser
import BanditProcesses

/// What commands that may start programs of the user's ask for.
struct ChildOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seconds that a program of 'exec:' may take for an answer. (default: 30)", valueName: "seconds"))
  var childTimeout: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Megabytes of address space that a program of 'exec:' may have. (default: no limit)",
      valueName: "megabytes"))
  var childMemory: Int?

  func validate() throws {
    if let childTimeout, !(childTimeout > 0 && childTimeout <= 1e9) {
      throw ValidationError("--child-timeout: '\(childTimeout)' is not allowed; allowed: above 0, up to 1e9.")
    }
    if let childMemory, !(1...1_000_000_000).contains(childMemory) {
      throw ValidationError("--child-memory: '\(childMemory)' is not allowed; allowed: 1 to 1000000000.")
    }
  }

  var limits: ChildLimits {
    var limits = ChildLimits()
    limits.seconds = childTimeout ?? limits.seconds
    limits.megabytes = childMemory
    return limits
  }
}
