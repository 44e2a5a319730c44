import ArgumentParser
import BanditCore
import BanditData
import BanditLaboratory
import BanditSimulation

/// `bandit-sim list`.
struct ListCommand: ParsableCommand {
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case agents, environments, presets, experiments, data, observers
  }

  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Names what there is: agents, environments, presets, experiments, data sets, observers.")

  @Argument(help: "What to list; everything if left out.")
  var kind: Kind?

  func run() throws {
    let kinds = kind.map { [$0] } ?? Kind.allCases
    let sections = kinds.map { kind in
      let rows = rows(of: kind)
      let isOne = kinds.count == 1
      let body = Format.leftTable(rows, width: Console.width().map { isOne ? $0 : $0 - 2 })
      return isOne
        ? body : "\(kind.rawValue)\n" + body.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    }
    try Console.result(sections.joined(separator: "\n\n"))
  }

  private func rows(of kind: Kind) -> [[String]] {
    let (catalogue, registry) = (Catalogue.current, Catalogue.current.registry)
    return switch kind {
    case .agents: registry.agents.map { [$0.name, $0.description.summary] }
    case .environments: registry.environments.map { [$0.name, $0.description.summary] }
    case .presets:
      registry.agents.flatMap { agent in
        agent.presets.map { ["--agent \(agent.name) --preset \($0.name)", $0.summary] }
      }
        + catalogue.experiments.flatMap { experiment in
          experiment.presets.map { ["experiment run \(experiment.name) --preset \($0.name)", $0.summary] }
        }
    case .experiments: catalogue.experiments.map { [$0.name, $0.description.summary] }
    case .data: catalogue.dataSets.map { [$0.name, $0.summary] }
    case .observers: catalogue.observers.map { [$0.name, $0.summary] }
    }
  }
}
