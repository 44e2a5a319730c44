import ArgumentParser
import BanditCore
import BanditFiles
import BanditProcesses
import BanditSimulation
import Foundation

/// `bandit-sim run`.
struct RunCommand: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "run",
      abstract: "Plays an agent in an environment and logs every step.",
      discussion: """
        Settings are shown by 'describe'. Later words win: defaults, then --preset, then --config, then --set. \
        Every run leaves manifest.json, regret.csv.gz, summary.json and a checkpoint; results go to stdout, progress \
        to stderr. The seeds of --seeds are processes: one that fails leaves the others alone.

        Exit codes: 0 all was played; 1 something failed; 64 wrong words; 75 another process works in the folder; \
        129, 130, 143 stopped by SIGHUP, Ctrl-C, SIGTERM, with a log and a summary of the steps played.

        Examples:
          \(Program.name) --agent bbb --steps 50000
          \(Program.name) --agent epsilon-greedy --set epsilon=0.01 --seeds 3
          \(Program.name) --agent bbb --preset paper --env-set encoding=full --out runs/mine
          \(Program.name) --config runs/mine/manifest.json --out runs/again
          \(Program.name) --agent bbb --steps 60000 --resume
          \(Program.name) --agent exec:./agent.py --set alpha=2
        """)
  }

  @Option(help: "The agent; 'list agents' names them.", completion: Completions.agents)
  var agent: String?

  @Option(
    help: "The environment; 'list environments' names them. (default: mushroom)",
    completion: Completions.environments)
  var environment: String?

  // Numbers are taken as they stand, so that -1 is a value and no option.
  @Option(parsing: .unconditional, help: "Steps to play. (default: 50000)")
  var steps: Int?

  @Option(parsing: .unconditional, help: "The first seed. (default: 0)")
  var seed: UInt64?

  @Option(parsing: .unconditional, help: "How many seeds to play, counted up from the first.")
  var seeds = 1

  @Option(parsing: .unconditional, help: "How many seeds to play side by side; -1 for one a core.")
  var jobs = 1

  @Option(
    parsing: .unconditional,
    help: """
      Threads of one run; the numbers do not depend on it. (default: the processors that the process may use, or \
      BANDIT_SIM_THREADS, shared among the jobs)
      """)
  var threads: Int?

  @Option(help: "A preset of the agent; 'list presets' names them.", completion: Completions.presets)
  var preset: String?

  @Option(
    name: .customLong("set"), help: ArgumentHelp("A setting of the agent.", valueName: "key=value"),
    completion: Completions.agentSettings)
  var assignments: [String] = []

  @Option(
    name: .customLong("env-set"), help: ArgumentHelp("A setting of the environment.", valueName: "key=value"),
    completion: Completions.environmentSettings)
  var environmentAssignments: [String] = []

  @Option(
    help: ArgumentHelp("Settings in JSON, or a run's manifest.json.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "The folder to write; with several seeds, the folder of their folders. (default: runs/…)",
      valueName: "folder"),
    completion: .directory)
  var out: String?

  @Flag(help: "Replace the run that is in the folder.")
  var overwrite = false

  @Flag(
    help: """
      Resume the run that is in the folder, with the same settings; --steps may be raised. A folder without a run \
      gets one.
      """)
  var resume = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps between checkpoints; 0 for none. (default: a second, and so many that checkpoints take 1 % of the time)",
      valueName: "steps"))
  var checkpointEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Have an observer write more files beside the log; 'list observers' names them. May be repeated.",
      valueName: "name"),
    completion: Completions.observers)
  var observe: [String] = []

  @Flag(
    name: .customLong("tensorboard"),
    help: "The same as --observe tensorboard.")
  var tensorBoard = false

  @OptionGroup var products: ProductOptions

  @OptionGroup var children: ChildOptions

  @Flag(
    help:
      "Write every step's context, action, propensity and reward: 'evaluate' judges other policies by them.")
  var logInteractions = false

  @Option(help: "How --log-interactions writes; jsonl-full has the probabilities of all actions.")
  var format: InteractionFormat?

  @Flag(help: "No progress on stderr.")
  var quiet = false

  @Flag(help: "Results as one JSON document.")
  var json = false

  /// A process that plays one seed of several; see `SeedWorker`.
  @Flag(help: .hidden)
  var worker = false

  func validate() throws {
    try SharedOptions.validate(seeds: seeds, jobs: jobs)
    if let threads, threads < 1 {
      throw ValidationError("--threads: '\(threads)' is not allowed; allowed: 1 or more.")
    }
    try SharedOptions.validate(out: out)
    try children.validate()
    try SharedOptions.validate(overwrite: overwrite, resume: resume)
    if let checkpointEvery, checkpointEvery < 0 {
      throw ValidationError(
        "--checkpoint-every: '\(checkpointEvery)' is not allowed; allowed: 1 or more, or 0 for none.")
    }
    if let format, !logInteractions {
      throw ValidationError("--format: '\(format)' is not allowed; allowed: with --log-interactions.")
    }
  }

  func run() throws {
    if worker { return try SeedWorker.run(Catalogue.current) }
    ChildLimits.current = children.limits
    if !quiet { ChildWords.send { Console.note($0 + "\n") } }
    try reportingUsage {
      let catalogue = Catalogue.current
      let request = try request()
      let first = try request.resolved(in: catalogue.registry)
      try SharedOptions.validate(firstSeed: first.seed, seeds: seeds)
      let runs = (0..<UInt64(seeds)).map { offset -> RunSettings in
        var settings = first
        settings.seed += offset
        return settings
      }
      let jobs = min(seeds, try SharedOptions.count(ofJobs: jobs))
      let threads = try SharedOptions.threads(threads, jobs: jobs)
      if seeds > 1 { try SharedOptions.requireFiles(forProcesses: jobs) }
      let observers = try requestedObservers(catalogue)
      // Data are read and settings checked before anything is written; a single run then plays what was made here.
      let simulation = try Simulation(first, registry: catalogue.registry, threads: threads)
      try simulation.requireSameData(as: request.data, of: "--config")
      // All folders are made before the first step, so that a conflict shows at once.
      let directories = try runs.map { run in
        let directory = try RunDirectory(
          creating: folder(of: run), overwrite: overwrite, resume: resume, others: catalogue.runFiles)
        if resume {
          try EarlierRun.hasRun(
            of: run, in: directory, program: Program.nameAndVersion, registry: catalogue.registry)
        }
        return directory
      }
      if !quiet {
        for note in simulation.notes { Console.note("\(simulation.settings.environment): \(note)\n") }
      }
      noteWhatCannotBeResumed(simulation)
      noteMissingPropensities(simulation)
      let display = ProgressDisplay(runs, isQuiet: quiet, resumes: resume)
      if !quiet && seeds == 1 { ChildWords.send { display.pass($0, run: 0) } }
      let session = RunSession(
        jobs: jobs, threads: threads, checkpoints: checkpoints, observers: observers)
      let results =
        seeds == 1
        ? [session.play(simulation, in: directories[0], display: display)]
        : session.play(
          zip(runs, directories).map { ($0, $1) }, data: simulation.dataFiles, display: display)
      let withCurves = !quiet && !json && Console.isTerminal
      try ResultReport(results).print(asJSON: json, withCurves: withCurves, withNotes: !quiet)
      if Interruption.isRequested { throw ExitCode(Interruption.exitCode) }
      let failed = results.filter { $0.failure != nil }
      guard failed.isEmpty else {
        throw failed.allSatisfy(\.isRefused) ? ExitCode.folderInUse : ExitCode.failure
      }
    }
  }

  private var checkpoints: CheckpointInterval {
    checkpointEvery.map { $0 == 0 ? .never : .every($0) } ?? .automatic
  }

  private func requestedObservers(
    _ catalogue: Catalogue
  ) throws(ConfigurationError) -> [any RequestedObserver.Type] {
    var names = observe + (tensorBoard ? [RunEvents.name] : [])
    if logInteractions { names.append((format ?? .jsonl).observer) }
    names = names.enumerated().filter { names.firstIndex(of: $1) == $0 }.map(\.element)
    let observers = try names.map { name throws(ConfigurationError) in try catalogue.observer(named: name) }
    for (index, observer) in observers.enumerated() {
      let earlier = observers[..<index].first { !Set($0.files).isDisjoint(with: observer.files) }
      guard let earlier else { continue }
      throw ConfigurationError(
        key: "--observe", given: observer.name,
        allowed: "one of \(earlier.name) and \(observer.name), which write the same file")
    }
    return observers
  }

  private func noteWhatCannotBeResumed(_ simulation: Simulation) {
    let components = simulation.unresumable
    guard !components.isEmpty && !quiet else { return }
    Console.note(
      "This run cannot be resumed: \(components.joined(separator: " and ")) cannot encode its state (Checkpointable).\n"
    )
  }

  private func noteMissingPropensities(_ simulation: Simulation) {
    let settings = simulation.settings
    guard logInteractions, !quiet, settings.agentSettings["propensityDraws"] == .integer(0) else { return }
    Console.note(
      "The log has no propensities, which estimates need: \(settings.agent) acts by draws; "
        + "--set propensityDraws=100 estimates them.\n")
  }

  private func request() throws -> RunRequest {
    var given = RunRequest()
    given.agent = agent
    given.environment = environment
    given.steps = steps
    given.seed = seed
    given.preset = preset
    given.agentSettings = try values(assignments)
    given.environmentSettings = try values(environmentAssignments)
    guard let config else { return given }
    let file = try RunRequest(json: readDataFile(atPath: config, limit: 1 << 20), file: config)
    return file.overridden(by: given)
  }

  private func values(_ assignments: [String]) throws -> [String: SettingValue] {
    Dictionary(try assignments.map { try Settings.assignment($0) }.map { ($0.key, $0.value) }) { _, last in
      last
    }
  }

  private func folder(of settings: RunSettings) -> String {
    if let out, seeds == 1 { return out }
    let parent = out ?? "runs"
    let registry = Catalogue.current.registry
    let name = RunDirectory.defaultName(settings, registry: registry)
    // Earlier versions left the settings out of the name.
    let short = "\(parent)/\(RunDirectory.shortName(settings))"
    let isResumed = resume && !FileManager.default.fileExists(atPath: "\(parent)/\(name)")
    return isResumed && EarlierRun.isRun(of: settings, in: short, registry: registry)
      ? short : "\(parent)/\(name)"
  }
}

/// How logged interactions are written.
enum InteractionFormat: String, CaseIterable, ExpressibleByArgument {
  case jsonl
  case jsonlFull = "jsonl-full"
  case vw

  /// The observer that writes them.
  var observer: String {
    switch self {
    case .jsonl: JSONInteractions.name
    case .jsonlFull: FullJSONInteractions.name
    case .vw: VWInteractions.name
    }
  }
}
