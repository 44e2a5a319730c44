import BanditCore
import BanditData
import Foundation
import Synchronization
import Testing
import TestSupport

@testable import BanditLaboratory
@testable import BanditReplications
@testable import BanditSimulation
@testable import BanditTraining

@Suite("Experiments")
struct ExperimentTests {
  private static let tiny = [
    "hiddenLayers=8", "epochs=4", "batchSize=32", "evaluateEvery=2", "evaluationDraws=2", "weightSamples=2",
    "bandDraws=20", "scoreDraws=20", "trainingPoints=64", "testPoints=40",
  ]
  static let settings = [
    "regression": tiny + ["members=2", "mixtureEpochs=3"], "regression-noise": tiny,
    "regression-priors": tiny + ["mixtures1=1", "mixtureEpochs=3"],
    "regression-lrt": tiny + ["gradientDraws=3", "timedEpochs=2", "gaussians=1"], "priors": ["points=21"],
    "regression-hmc": tiny + ["members=2", "chains=2", "warmUp=20", "chainDraws=10"],
    "mushroom": ["steps=20", "sigma1=0.75", "learningRates=1e-3"],
    "showdown": ["environments=mushroom,curve", "agents=linear-thompson", "steps=20"],
    "cubic": ["members=2", "largestEnsemble=3", "hiddenLayers=4", "epochs=4"],
    "spiral": [
      "members=2", "largestEnsemble=3", "hiddenLayers=8", "epochs=4", "pointsPerArm=20", "mapSize=9",
      "evaluateEvery=2",
    ],
    "bbb-minibatches": ["steps=20", "prefill=20", "panel=8", "draws=3"],
    "estimators": [
      "environments=linear", "exploration=0.9,0.5", "rows=60", "logs=3", "practice=50", "contexts=100",
    ],
    "mnist": [
      "models=bnn-mixture,dropout", "units=8", "epochs=2", "batchSize=32", "validation=20",
      "evaluationDraws=2",
      "testDraws=3",
    ],
    "mnist-weights": ["bins=20"], "mnist-pruning": ["draws=2"],
    "mnist-calibration": ["draws=2", "images=validation"],
    "mnist-adversarial": ["draws=2", "attackDraws=2", "cnnEpochs=1", "attackSteps=2", "attackRestarts=2"],
    "mnist-ensemble": [
      "members=2", "hiddenLayers=8", "epochs=2", "batchSize=32", "validation=20", "schedule=cosine",
    ],
  ]

  static let readModels = [
    "mnist-weights", "mnist-pruning", "mnist-calibration", "mnist-adversarial",
  ]

  func laboratory(
    _ folder: String, jobs: Int = 2, seeds: [UInt64] = [0], images: ImageLibrary = ImageLibrary(),
    figure: String? = nil, resume: Bool = false,
    shouldStop: @escaping @Sendable () -> Bool = { false },
    report: @escaping @Sendable (Laboratory.Progress) -> Void = { _ in }
  ) -> Laboratory {
    Laboratory(
      folder: folder, seeds: seeds, jobs: jobs, overwrite: false, resume: resume, registry: registry,
      program: "tests", figure: figure, images: images, shouldStop: shouldStop, report: report)
  }

  func run(_ name: String, _ laboratory: Laboratory, _ more: [String] = []) throws
    -> ExperimentSummary
  {
    func run<E: Experiment>(_ experiment: E.Type) throws -> ExperimentSummary {
      try laboratory.run(
        experiment, E.configuration(.quick, (Self.settings[name] ?? []) + more), scale: .quick)
    }
    return try run(BuiltInExperiments.named(name))
  }

  @Test(
    "Every experiment runs, and leaves its tables, its figures and its settings",
    arguments: settings.keys.sorted())
  func runs(name: String) throws {
    try withTemporaryDirectory { folder in
      for data in ["mnist", "fashion-mnist"] { try BarMNIST.write(into: folder, name: data) }
      let images = BarMNIST.library(folder)
      var more: [String] = []
      if Self.readModels.contains(name) {
        _ = try run("mnist", laboratory(folder + "/models", images: images))
        more = ["models=\(folder)/models"]
      }
      let summary = try run(name, laboratory(folder + "/x", images: images), more)
      #expect(!summary.tables.isEmpty && summary.tables.allSatisfy { !$0.rows.isEmpty })
      for table in summary.tables {
        #expect(table.rows.allSatisfy { $0.count == table.head.count && !$0[0].isEmpty })
      }
      #expect(summary.tables.flatMap(\.cells).joined().contains { $0.number?.value != nil })
      #expect(!summary.figures.isEmpty)
      #expect(summary.figures.allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/x/\($0)") })
      let named = try BuiltInExperiments.named(name).figures.map { "figures/\($0).svg" }
      #expect(Set(summary.figures).isSubset(of: named), "\(summary.figures)")
      let read = try JSONDecoder().decode(
        ExperimentSummary.self, from: Data(contents(of: folder + "/x/summary.json")))
      #expect(read == summary)
      let page = try text(of: folder + "/x/results.md")
      #expect(page.hasPrefix("# \(name)\n\n"))
      #expect(page.contains(summary.tables.map(\.markdown).joined(separator: "\n")))
      for words in ["\n- Scale: quick\n", "\n- Seeds: 0\n", "\n- Command: `", "\n- Wall time: "] {
        #expect(page.contains(words))
      }
      for setting in Self.settings[name] ?? [] {
        #expect(page.contains("`\(setting.prefix { $0 != "=" })="))
      }
      for figure in summary.figures { #expect(page.contains("](\(figure))\n")) }
      #expect(try text(of: folder + "/x/manifest.json").contains("\"name\" : \"\(name)\""))
    }
  }

  @Test("One figure is drawn where one is asked for, beside those that are there")
  func oneFigure() throws {
    try withTemporaryDirectory { folder in
      func draw(_ figure: String, resume: Bool) throws -> [String] {
        try run("priors", laboratory(folder + "/x", figure: figure, resume: resume)).figures
      }
      let first = try draw("figure-3", resume: false)
      #expect(first == ["figures/figure-3.svg"])
      #expect(try contents(of: folder + "/x/figures/figure-3.svg").count > 1_000)
      #expect(!FileManager.default.fileExists(atPath: folder + "/x/figures/figure-2.svg"))
      let both = try draw("figure-2", resume: true)
      #expect(both == ["figures/figure-2.svg", "figures/figure-3.svg"])
      #expect(throws: ConfigurationError.self) { try draw("figure-4", resume: true) }
    }
  }

  @Test(
    "An experiment that is stopped is resumed to the tables of one that is not",
    arguments: ["regression", "mushroom"])
  func resumed(name: String) throws {
    try withTemporaryDirectory { folder in
      let whole = try run(name, laboratory(folder + "/whole"))
      let asked = Mutex(0)
      let stopped = laboratory(
        folder + "/x", jobs: 1,
        shouldStop: {
          asked.withLock { count in
            count += 1
            return count > 30
          }
        })
      #expect(throws: ExperimentInterrupted.self) { try run(name, stopped) }
      #expect(try run(name, laboratory(folder + "/x", resume: true)).tables == whole.tables)
      #expect(try run(name, laboratory(folder + "/x", resume: true)).tables == whole.tables)
      let error = #expect(throws: RunDirectoryError.self) {
        try run(name, laboratory(folder + "/x", seeds: [1], resume: true))
      }
      #expect(error?.description.contains("seeds=0, now 1") == true)
    }
  }

  @Test("Names are lower-case words; every setting has a line of help; the quick scale can be applied")
  func descriptions() throws {
    for experiment in BuiltInExperiments.all {
      func check<E: Experiment>(_ experiment: E.Type) throws {
        let keys = try Settings.list(E.Configuration()).map(\.key)
        #expect(Set(keys) == Set(E.description.settings.keys), "\(E.name)")
        #expect(E.name.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil)
        #expect(E.description.paper != nil && E.description.deviations != nil)
        #expect(try E.configuration(.quick, []) != E.Configuration())
        #expect(try E.configuration(.full, []) == E.Configuration())
      }
      try check(experiment)
    }
    #expect(Set(BuiltInExperiments.all.map { $0.name }) == Set(Self.settings.keys))
  }

  @Test("Neither the number of jobs nor the company of other seeds changes a byte of a training")
  func jobs() throws {
    try withTemporaryDirectory { folder in
      _ = try run("regression", laboratory(folder + "/one", jobs: 1))
      _ = try run("regression", laboratory(folder + "/three", jobs: 3, seeds: [1, 0]))
      let parts = try FileManager.default.contentsOfDirectory(atPath: folder + "/one").filter {
        $0.contains("-seed0")
      }
      #expect(parts.count == 6)
      for part in parts {
        for file in ["metrics.csv.gz", "model.safetensors"] {
          #expect(
            try contents(of: "\(folder)/one/\(part)/\(file)")
              == contents(of: "\(folder)/three/\(part)/\(file)"))
        }
      }
    }
  }

  @Test("An unknown name or setting and a value out of range are errors that say what is allowed")
  func mistakes() throws {
    let name = #expect(throws: ConfigurationError.self) { try BuiltInExperiments.named("regresion") }
    #expect(name?.suggestion == "regression")
    try withTemporaryDirectory { folder in
      for (experiment, setting) in [
        ("regression", "epoch=3"), ("regression", "epochs=0"), ("regression", "members=0"),
        ("regression", "dropout=1"), ("regression", "klWeight=uniforn"), ("regression", "testFrom=0.2"),
        ("regression-noise", "noises=0.1,x"), ("regression-noise", "noises=0"),
        ("regression-priors", "gaussians=40"), ("regression-priors", "mixtureWeight=1"),
        ("regression-hmc", "chains=1"), ("regression-hmc", "dropout=1"), ("regression-hmc", "chainDraws=4"),
        ("regression-lrt", "gradientDraws=1"), ("regression-lrt", "gaussians="), ("priors", "points=1"),
        ("priors", "mixtures1="), ("mushroom", "steps=0"), ("mushroom", "sigma1=-1"),
        ("mnist", "models=bnn"), ("mnist", "models="), ("mnist", "units="), ("mnist", "pixelScale=254"),
        ("mnist", "schedule=cosin"),
        ("mnist-weights", "bins=1"), ("mnist-pruning", "shares=0,2"), ("mnist-pruning", "models=nowhere"),
        ("mnist-calibration", "draws=0"), ("mnist-adversarial", "epsilons=0.1,x"),
        ("mnist-adversarial", "attackStep=0"), ("mnist-adversarial", "attackRestarts=0"),
        ("mnist-adversarial", "cnnLearningRate=0"), ("mnist-ensemble", "members=0"),
        ("mnist-ensemble", "hiddenLayers="), ("mnist", "validation=60000"), ("mnist", "laplaceScale=0"),
        ("mnist", "testDraws=0"),
        ("cubic", "likelihoods=gauss"), ("cubic", "likelihoods="), ("cubic", "members=0"),
        ("cubic", "trainingPoints=1"), ("cubic", "initialScale=-1"), ("cubic", "combination=right"),
        ("spiral", "epsilon=-0.1"), ("spiral", "largestEnsemble=-1"), ("spiral", "pointsPerArm=1"),
        ("spiral", "mapSize=1"), ("spiral", "decay=-1"), ("spiral", "adversarial=fgms"),
        ("spiral", "evaluateEvery=0"), ("spiral", "hiddenLayers="),
      ] {
        let error = #expect(throws: ConfigurationError.self, "\(setting)") {
          try run(experiment, laboratory("\(folder)/\(UUID())"), [setting])
        }
        #expect(error?.allowed.isEmpty == false)
      }
    }
  }

  @Test("Presets can be applied, with the quick scale and assignments on top; an unknown one is refused")
  func presets() throws {
    let paper = try SpiralExperiment.configuration(.quick, preset: "paper", ["decay=0.5"])
    #expect(paper.decayForm == .norm && paper.averageOverClasses && paper.ensemble.frozenAdam)
    #expect(paper.ensemble.epochs == 100 && paper.decay == 0.5)
    let error = #expect(throws: ConfigurationError.self) {
      try CubicExperiment.configuration(.full, preset: "papr", [])
    }
    #expect(error?.suggestion == "paper")
    for experiment in BuiltInExperiments.all {
      func check<E: Experiment>(_ experiment: E.Type) throws {
        for preset in E.presets { _ = try E(E.configuration(.full, preset: preset.name, [])) }
        #expect(E.presets.allSatisfy { $0.environmentSettings.isEmpty })
      }
      try check(experiment)
    }
  }

  @Test("Without an adversary the cases that need one are left out")
  func plainOnly() throws {
    try withTemporaryDirectory { folder in
      for name in ["cubic", "spiral"] {
        let summary = try run(
          name, laboratory("\(folder)/\(name)"), ["adversarial=none", "largestEnsemble=0"])
        #expect(!summary.tables.flatMap(\.rows).contains { $0[0].contains("adversarial") })
      }
      let other = try run(
        "cubic", laboratory("\(folder)/errors"), ["likelihoods=squared-error,absolute-error"])
      #expect(
        other.tables[0].rows.map { $0[0] } == [
          "squared-error", "squared-error-adversarial", "absolute-error", "absolute-error-adversarial",
        ])
      _ = try run("spiral", laboratory("\(folder)/virtual"), ["adversarial=virtual"])
    }
  }

  @Test(
    "Scores say what they can be compared with: true probabilities, the other case under the same seed, errors"
  )
  func comparisons() throws {
    try withTemporaryDirectory { folder in
      let spiral = try run("spiral", laboratory(folder + "/spiral"), ["largestEnsemble=0"])
      let best = try #require(spiral.tables[0].rows.first { $0[0] == "true probabilities" })
      #expect(best[1...3].allSatisfy { Double($0) != nil } && best[1] != best[5])
      let cubic = try run("cubic", laboratory(folder + "/cubic", seeds: [0, 1]), ["largestEnsemble=0"])
      let pairs = try #require(cubic.tables.first { $0.title.contains("paired over 2 seeds") })
      #expect(pairs.rows.map { $0[0] } == ["gaussian", "laplace"])
      #expect(pairs.rows.allSatisfy { row in Double(row[3]).map { (0...1).contains($0) } == true })
      let noise = try run("regression-noise", laboratory(folder + "/noise"))
      let errors = noise.tables[0].head.indices.filter {
        noise.tables[0].head[$0].contains("Monte Carlo error")
      }
      #expect(errors.count == 2)
      for row in noise.tables[0].rows { #expect(errors.allSatisfy { (Double(row[$0]) ?? 0) > 0 }) }
    }
  }

  @Test("A stop leaves whole logs of what was trained, and no results; what it broke off is not done")
  func interrupted() throws {
    try withTemporaryDirectory { folder in
      let isStopped = Atomic(false)
      let done = Mutex<[String]>([])
      let stopping = laboratory(
        folder + "/x", jobs: 1, shouldStop: { isStopped.load(ordering: .relaxed) },
        report: { progress in
          if progress.share > 0.2 { isStopped.store(true, ordering: .relaxed) }
          if progress.isPartDone { done.withLock { $0.append(progress.part) } }
        })
      #expect(throws: ExperimentInterrupted.self) { try run("regression", stopping) }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/x")
      #expect(!names.contains("summary.json") && !names.contains("results.md"))
      let logs = names.map { "\(folder)/x/\($0)/metrics.csv.gz" }.filter {
        FileManager.default.fileExists(atPath: $0)
      }
      #expect(logs.count >= 1 && logs.count < 6)
      let finished = try names.filter {
        let summary = "\(folder)/x/\($0)/summary.json"
        return try FileManager.default.fileExists(atPath: summary)
          && JSONDecoder().decode(FitSummary.self, from: Data(contents(of: summary))).end == .finished
      }
      #expect(finished.count < logs.count && done.withLock { $0.sorted() } == finished.sorted())
      for log in logs {
        #expect(try logText(log).hasSuffix("\n"))
        #expect(FileManager.default.fileExists(atPath: log.replacing("metrics.csv.gz", with: "summary.json")))
      }
    }
  }

  @Test("Progress counts parts and never goes back")
  func progress() throws {
    try withTemporaryDirectory { folder in
      let seen = Mutex<[Laboratory.Progress]>([])
      _ = try run(
        "regression-noise",
        laboratory(folder + "/x", jobs: 1, report: { progress in seen.withLock { $0.append(progress) } }))
      let training = seen.withLock { $0 }.filter { !$0.part.hasSuffix("predictions") }
      #expect(training.map(\.share) == training.map(\.share).sorted())
      #expect(training.last?.share == 1 && training.last?.done == 3 && training.last?.parts == 3)
      #expect(training.count { $0.isPartDone } == 3)
    }
  }

  @Test("A later error does not hide behind an earlier part, and parts come back in their order")
  func sideBySide() throws {
    let three = laboratory("unused", jobs: 3)
    #expect(try three.sideBySide(["a", "b", "c", "d"]) { index, _ in index * index } == [0, 1, 4, 9])
    #expect(try three.sideBySide([String]()) { index, _ in index } == [])
    let error = #expect(throws: TrainingError.self) {
      try three.sideBySide(["a", "b"]) { index, _ in
        if index == 1 { throw TrainingError(epoch: 3, learningRate: 1) }
      }
    }
    #expect(error?.epoch == 3)
  }
}
