import BanditSimulation
public import BanditTraining
public import BanditCore
import BanditFigures
import BanditLearning
import Foundation
import Synchronization

/// Where an experiment works: its folder, its seeds, its cores, and what is called with its progress.
public struct Laboratory: Sendable {
  /// How far an experiment is.
  public struct Progress: Sendable {
    /// What reached a new state, such as `bnn-gaussian-seed0`.
    public var part: String
    /// Whether that part is done.
    public var isPartDone: Bool
    /// Parts done.
    public var done: Int
    /// Parts in all.
    public var parts: Int
    /// The share of all work that is done, 0 to 1.
    public var share: Double
    /// The share of it that was done before, about.
    public var found: Double
    /// Time since the parts were started.
    public var elapsed: Duration

    /// About how long the rest takes, in seconds; nil before anything was done.
    public var secondsLeft: Double? {
      share > found ? elapsed.inSeconds * (1 - share) / (share - found) : nil
    }
  }

  /// One of several parts that are worked on side by side.
  public struct Part: Sendable {
    fileprivate let index: Int
    /// How many threads the part may use; no number depends on it.
    public let threads: Int
    fileprivate let tally: PartTally

    /// Reports the share of the part that is done.
    public func report(_ share: Double) { tally.note(index, share: share) }
  }

  /// The experiment's folder.
  public let folder: String
  /// The seeds to run everything under.
  public let seeds: [UInt64]
  /// How many parts work side by side; no number depends on it.
  public let jobs: Int
  /// Whether files of an earlier experiment may be replaced.
  public let overwrite: Bool
  /// Whether an earlier experiment is resumed: what it finished is read back.
  public let resume: Bool
  /// The agents and environments there are.
  public let registry: Registry
  /// The program and its version.
  public let program: String
  /// The one figure that is drawn; all unless given.
  public let figure: String?
  /// The images that trainings share.
  public let images: ImageLibrary
  /// Plays runs; nil where they are played in this process.
  public let player: Player?
  /// Whether the user asks to stop.
  public let shouldStop: @Sendable () -> Bool
  /// Is called with the progress, from several threads.
  public let report: @Sendable (Progress) -> Void

  /// Creates a laboratory.
  public init(
    folder: String, seeds: [UInt64], jobs: Int, overwrite: Bool, resume: Bool = false, registry: Registry,
    program: String, figure: String? = nil, images: ImageLibrary = ImageLibrary(), player: Player? = nil,
    shouldStop: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    precondition(!seeds.isEmpty && jobs > 0, "there is a seed and a core")
    self.folder = folder
    self.seeds = seeds
    self.jobs = jobs
    self.overwrite = overwrite
    self.resume = resume
    self.registry = registry
    self.program = program
    self.figure = figure
    self.images = images
    self.player = player
    self.shouldStop = shouldStop
    self.report = report
  }

  /// Runs an experiment and writes its tables and figures; settings and what it reads are checked before anything is
  /// written.
  ///
  /// The folder gets `manifest.json`, `results.md`, `summary.json`, `figures/` and a folder for each training or run.
  ///
  /// - `scale`: what the configuration is called on the page of results.
  /// - `preset`: the preset that it came from, for that page too.
  public func run<E: Experiment>(
    _ type: E.Type, _ configuration: E.Configuration, scale: ExperimentScale = .full, preset: String? = nil
  ) throws -> ExperimentSummary {
    let experiment = try E(configuration)
    try experiment.check(in: self)
    let directory = try RunDirectory(
      creating: folder, overwrite: overwrite, resume: resume, log: "results.md", others: E.files)
    let lock = try directory.lock()
    defer { lock.release() }
    let settings = ExperimentManifestSettings(
      name: E.name, seeds: seeds, settings: try Settings.values(configuration))
    let isResumed = try resume && directory.hasManifest("experiment", of: settings, program: program)
    try directory.removeEarlierRun()
    try directory.write(
      Manifest("experiment", settings, program: program), to: directory.manifestPath)
    let clock = ContinuousClock()
    let start = clock.now
    let result = try experiment.run(in: self)
    let drawn = result.figures.map(\.name)
    if let figure, !drawn.contains(figure) {
      throw ConfigurationError.unknown("--figure", figure, among: drawn)
    }
    var summary = ExperimentSummary(
      experiment: E.name, tables: result.tables, figures: [], seconds: (clock.now - start).inSeconds)
    for named in result.figures { try write(named).map { summary.figures.append($0) } }
    for name in E.files {
      try directory.write(bytes: Array((result.files[name] ?? "").utf8), to: "\(folder)/\(name)")
    }
    let page = ResultPage(
      name: E.name, about: E.description.summary, scale: scale, preset: preset, seeds: seeds,
      settings: try Settings.list(configuration), program: program, commandLine: CommandLine.arguments,
      jobs: jobs, seconds: summary.seconds, isResumed: isResumed, tables: result.tables,
      figures: summary.figures)
    try directory.write(bytes: Array(page.markdown.utf8), to: directory.logPath)
    try directory.write(summary, to: directory.summaryPath)
    return summary
  }

  /// Trains models, some of them side by side, each into a folder of its own, and gives them in their order.
  ///
  /// - `observe`: gives what looks at a model at every evaluation, where something is to be kept of it.
  /// - `prepare`: changes each new model, for training that its settings alone do not describe.
  public func train(
    _ fits: [FitSettings], observe: (@Sendable (FitSettings) -> Fit.Observer?)? = nil,
    prepare: Fit.Preparation? = nil
  ) throws -> [TrainedModel] {
    // All folders are made before the first step, so that a conflict shows at once.
    let directories = try fits.map {
      try Fit.directory("\(folder)/\($0.folder)", overwrite: overwrite, resume: resume)
    }
    let names = fits.map(\.folder)
    return try sideBySide(names, work: fits.map(\.work)) { index, part in
      let trained = try Fit(
        fits[index], program: program, images: images, threads: part.threads, prepare: prepare
      ).run(
        into: directories[index], shouldStop: shouldStop, observe: observe?(fits[index]),
        report: { part.report(Double($0.epoch) / Double(fits[index].training.epochs)) })
      if trained.end == .interrupted { throw ExperimentInterrupted() }
      return trained
    }
  }

  /// Calls `work` for every part, up to `jobs` at a time, and gives the results in their order.
  ///
  /// - Parameters:
  ///   - names: what the parts are called.
  ///   - work: how much of the work each is, in any unit; the same unless given.
  ///   - body: does the part with that index.
  /// - Throws: the first error in the order of parts; `ExperimentInterrupted` where the user stopped.
  public func sideBySide<Result: Sendable>(
    _ names: [String], work: [Double]? = nil,
    _ body: @escaping @Sendable (_ index: Int, _ part: Part) throws -> Result
  ) throws -> [Result] {
    let tally = PartTally(names, work: work ?? names.map { _ in 1 }, resumes: resume, report: report)
    let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    let workers = min(jobs, max(1, names.count))
    SideBySide.run(names.count, workers: workers) { index in
      if shouldStop() { return false }
      let result = Swift.Result<Result, any Error> {
        try body(index, Part(index: index, threads: jobs / workers, tally: tally))
      }
      results.withLock { $0[index] = result }
      guard case .success = result else { return false }
      tally.finish(index)
      return true
    }
    let finished = results.withLock { $0 }
    for index in names.indices {
      if case .failure(let error)? = finished[index], !(error is ExperimentInterrupted) { throw error }
    }
    if shouldStop() || finished.count < names.count { throw ExperimentInterrupted() }
    return try names.indices.compactMap { try finished[$0]?.get() }
  }

  /// Draws a figure, if it is asked for, and gives the path of its picture, or of its data where there is no gnuplot to
  /// draw it; of one that is not, the path of the picture that is there.
  private func write(_ named: ExperimentResult.NamedFigure) throws -> String? {
    let picture = "figures/\(named.name).svg"
    let path = "\(folder)/\(picture)"
    guard figure == nil || figure == named.name else {
      return FileManager.default.fileExists(atPath: path) ? picture : nil
    }
    try FileManager.default.createDirectory(atPath: folder + "/figures", withIntermediateDirectories: true)
    do {
      _ = try named.figure.write(to: path)
      return picture
    } catch {
      guard case .gnuplotMissing(let data) = error, let table = data.first else { throw error }
      return "figures/" + URL(filePath: table).lastPathComponent
    }
  }
}

/// What decides an experiment's numbers.
private struct ExperimentManifestSettings: Encodable {
  let name: String
  let seeds: [UInt64]
  let settings: [String: SettingValue]
}
