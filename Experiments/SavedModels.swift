import BanditTraining
public import BanditCore
import BanditData
import Foundation

/// What the analyses of trained networks share: where those are, and how often they predict.
public struct SavedModelSettings: SettingGroup {
  /// Folders of the experiment `mnist`.
  public var models = ["experiments/mnist"]
  /// Draws of the weights for predictions.
  public var draws = 50

  /// The default folder of the experiment `mnist`; the report's draws.
  public init() {}

  static let modelsHelp = "folders that the experiment mnist filled"
  static let help = [
    "models": modelsHelp,
    "draws": "draws of the weights for predictions",
  ]

  func validated() throws(ConfigurationError) -> SavedModelSettings {
    try ConfigurationError.require(
      (1...10_000).contains(draws), key: "draws", given: draws, allowed: "1 to 10000")
    return self
  }
}

/// Which images trained networks are measured on.
public enum MeasuredImages: String, SettingChoice {
  /// The test images, for results.
  case test
  /// The images that validated, for choices.
  case validation
}

/// A network that the experiment `mnist` trained.
struct SavedModel: Sendable {
  let settings: FitSettings
  let kind: MNISTModel
  let task: MNISTTask
  let model: any SupervisedModel

  /// Units of each hidden layer.
  var units: Int { settings.network.hiddenLayers.first ?? 0 }

  /// What tables and legends call it.
  var title: String { "\(kind.title), \(units)" }

  /// The title, with the seed where it is not the first one.
  var name: String { settings.seed == 0 ? title : "\(title), seed \(settings.seed)" }

  /// Reads all networks of some folders under some seeds; kinds in the order of `MNISTModel`, small ones first.
  ///
  /// - Throws: `ConfigurationError` where there are none, `DataFileError` for a file that is no model's.
  static func read(_ folders: [String], seeds: [UInt64]) throws -> [SavedModel] {
    var found: [SavedModel] = []
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names.sorted() {
        let path = "\(folder)/\(name)/\(ModelFile.name)"
        guard FileManager.default.fileExists(atPath: path) else { continue }
        let (settings, model) = try ModelFile.read(path)
        guard case .mnist(let task) = settings.data, seeds.contains(settings.seed),
          let kind = MNISTModel.allCases.first(where: { settings.name.hasPrefix($0.rawValue + "-") })
        else { continue }
        found.append(SavedModel(settings: settings, kind: kind, task: task, model: model))
      }
    }
    guard !found.isEmpty else {
      throw ConfigurationError(
        key: "models", given: folders.joined(separator: ","),
        allowed: """
          folders with networks trained under the seed \(seeds.map(String.init).joined(separator: ", ")); \
          'experiment run mnist --out FOLDER' trains some
          """)
    }
    for (index, model) in found.enumerated() {
      let rank = model.rank
      if let twin = found[..<index].first(where: { $0.rank == rank }) {
        throw ConfigurationError(
          key: "models", given: folders.joined(separator: ","),
          allowed: "one network of a kind, size and seed; '\(twin.title)' of seed \(rank.2) is there twice")
      }
    }
    return found.sorted { $0.rank < $1.rank }
  }

  private var rank: (Int, Int, UInt64) {
    (MNISTModel.allCases.firstIndex(of: kind) ?? 0, units, settings.seed)
  }

  /// The images to measure it on, as it takes them.
  func images(_ images: MeasuredImages, in library: ImageLibrary) throws -> Examples {
    switch images {
    case .test: return try library.test(.digits, task.pixelScale)
    case .validation:
      guard let examples = try library.examples(task).validation else {
        throw ConfigurationError(
          key: "images", given: images.rawValue, allowed: "test: '\(name)' kept no images for validation")
      }
      return examples
    }
  }

  /// The predictions of examples, `draws` of them where there is a posterior.
  func predictions(_ examples: Examples, draws: Int) -> ClassPredictions {
    var model = model
    var batch = settings.minibatch
    var predictions = ClassPredictions(points: examples.count, classes: MNISTData.classCount)
    model.predict(examples, draws: settings.network.draws(draws), batch: &batch, into: &predictions)
    return predictions
  }
}

extension [SavedModel] {
  /// The networks that differ in their seed alone, in the order of the first ones.
  var cases: [[SavedModel]] {
    var result: [[SavedModel]] = []
    for model in self {
      if let index = result.firstIndex(where: { $0[0].title == model.title }) {
        result[index].append(model)
      } else {
        result.append([model])
      }
    }
    return result
  }

  /// Where the networks of a case are among all, which are sorted by their cases.
  func outcomes(of index: Int) -> Range<Int> {
    let start = cases[..<index].reduce(0) { $0 + $1.count }
    return start..<(start + cases[index].count)
  }
}
