import ArgumentParser
import BanditNumerics
import CBanditKernels
import Foundation

/// Measures the speed of kernels, training steps and agents, as JSON.
@main
struct BanditBenchmarks: ParsableCommand {
  enum Suite: String, CaseIterable, ExpressibleByArgument {
    case kernels, products, steps, growth, agents, linear, children
  }

  static let configuration = CommandConfiguration(
    commandName: "BanditBenchmarks",
    abstract: "Measures the speed of kernels, training steps and agents, as JSON.",
    discussion: "Times are of this machine as it is now: close other programs, pin to a core with taskset.")

  @Argument(help: "What to measure; everything if left out.")
  var suites: [Suite] = Suite.allCases

  @Option(name: .customLong("step"), help: "A step of the suite `steps`; may be repeated. All if left out.")
  var steps: [ComparedStep] = ComparedStep.allCases

  @Option(help: "Seconds for each measurement.")
  var seconds = 1.0

  @Option(help: "Threads of a step.")
  var threads = 1

  private struct Document: Encodable {
    let kernels: String
    let threads: Int
    let limits: Limits
    let measurements: [Measurement]
  }

  func run() throws {
    let kernels = Kernels.best.functions.pointee
    let limits = Limits(kernels: kernels)
    let stopwatch = Stopwatch(seconds: seconds, limits: limits)
    let measurements = try suites.flatMap { suite in
      switch suite {
      case .kernels: KernelBenchmarks(kernels, stopwatch).run()
      case .products: ProductBenchmarks(kernels: kernels, stopwatch: stopwatch).run()
      case .steps: steps.map(StepBenchmarks(stopwatch: stopwatch, threads: threads).run)
      case .growth: try GrowthBenchmarks(stopwatch: stopwatch, threads: threads).run()
      case .agents: try AgentBenchmarks(stopwatch, threads: threads).run()
      case .linear: try LinearBenchmarks(stopwatch: stopwatch).run()
      case .children: try ChildBenchmarks(stopwatch: stopwatch).run()
      }
    }
    let document = Document(
      kernels: Kernels.best.description, threads: threads, limits: limits, measurements: measurements)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(document), as: UTF8.self))
  }
}
