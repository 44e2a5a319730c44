import BanditAgents
import BanditCore
import BanditData
import BanditEnvironments
import BanditEvaluation
import BanditLaboratory
import BanditProcesses
import BanditReplications
import BanditSimulation

/// Everything that the running program knows by name.
struct Catalogue: Sendable {
  /// Agents and environments.
  let registry: Registry
  /// Published experiments.
  let experiments: [any Experiment.Type]
  /// Data sets.
  let dataSets: [DataSet]
  /// Observers that `--observe` takes.
  let observers: [any RequestedObserver.Type]

  /// What the running program knows; nothing until its main function says.
  @TaskLocal static var current = Catalogue(
    registry: Registry(), experiments: [], dataSets: [], observers: [])

  /// What comes with the program.
  static let builtIn = Catalogue(
    registry: Registry(
      agents: BuiltInAgents.all + [ChildAgent.self],
      environments: BuiltInEnvironments.all + [ChildEnvironment.self, LoggedReplay.self]),
    experiments: BuiltInExperiments.all, dataSets: DataCatalogue.all, observers: BuiltInObservers.all)

  /// This catalogue with more of everything.
  ///
  /// - Throws: `ConfigurationError` where a name is taken, because what is under a name must stay comparable.
  func adding(_ other: Catalogue) throws(ConfigurationError) -> Catalogue {
    let joined = Catalogue(
      registry: try registry.adding(agents: other.registry.agents, environments: other.registry.environments),
      experiments: experiments + other.experiments, dataSets: dataSets + other.dataSets,
      observers: observers + other.observers)
    try ConfigurationError.requireDifferent("experiment", joined.experiments.map { $0.name })
    try ConfigurationError.requireDifferent("data set", joined.dataSets.map(\.name))
    try ConfigurationError.requireDifferent("observer", joined.observers.map { $0.name })
    return joined
  }

  /// The experiment of that name.
  func experiment(named name: String) throws(ConfigurationError) -> any Experiment.Type {
    guard let experiment = experiments.first(where: { $0.name == name }) else {
      throw .unknown("experiment", name, among: experiments.map { $0.name })
    }
    return experiment
  }

  /// The observer of that name.
  func observer(named name: String) throws(ConfigurationError) -> any RequestedObserver.Type {
    guard let observer = observers.first(where: { $0.name == name }) else {
      throw .unknown("--observe", name, among: observers.map { $0.name })
    }
    return observer
  }

  /// What any run may have in its folder beside manifest, log, summary and checkpoint.
  var runFiles: [String] { observers.flatMap { $0.files } }
}
