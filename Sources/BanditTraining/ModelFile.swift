import BanditFiles
import BanditLearning
import BanditNumerics
import Foundation

/// `model.safetensors`: a trained model that Python opens, with the settings to make it again.
public enum ModelFile {
  /// The file's name in a folder.
  public static let name = "model.safetensors"
  /// The largest file that is read, in bytes.
  package static let limit = 1 << 30

  package static func bytes(_ trained: TrainedModel) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let settings = String(decoding: try encoder.encode(trained.settings), as: UTF8.self)
    return Safetensors(trained.model.tensors, metadata: ["fit": settings]).bytes
  }

  /// Reads a trained model, ready to predict or to be trained further (with a new optimiser).
  ///
  /// What it draws has a random stream of its own: training's evaluations saw none of it.
  ///
  /// - Throws: `DataFileError` for a file that is no such model's.
  public static func read(_ path: String) throws -> (settings: FitSettings, model: any SupervisedModel) {
    let contents = try Safetensors(bytes: readDataFile(atPath: path, limit: limit), file: path)
    guard let text = contents.metadata["fit"],
      let settings = try? JSONDecoder().decode(FitSettings.self, from: Data(text.utf8))
    else {
      throw DataFileError(file: path, reason: "does not say how its model was trained (metadata 'fit')")
    }
    try settings.check(against: contents, file: path)
    var model = settings.makeModel()
    try model.restore(contents, file: path)
    model.reseed(settings.stream.child("saved model"))
    return (settings, model)
  }
}

extension FitSettings {
  /// Checks settings from a file before memory is taken for them.
  fileprivate func check(against contents: Safetensors, file: String) throws(DataFileError) {
    func refuse(_ reason: String) -> DataFileError {
      DataFileError(file: file, reason: "says of its model (metadata 'fit') that \(reason)")
    }
    guard (1...65_536).contains(training.batchSize) else {
      throw refuse("a minibatch has \(training.batchSize) rows")
    }
    var copies = 1
    switch network.weights {
    case .point(let l2, let dropout):
      if let fault = network.pointTraining?.fault(inputs: network.inputs) { throw refuse(fault) }
      guard l2 >= 0, (0..<1).contains(dropout) else { throw refuse("l2 is \(l2) and dropout \(dropout)") }
    case .bayesian(let prior, let kl, let samples, _):
      copies = 2
      guard (1...1_000).contains(samples) else { throw refuse("a step draws \(samples) samples") }
      guard kl == .monteCarlo || prior.closedFormKL(mean: 0, sigma: 1) != nil else {
        throw refuse("its prior has a closed form")
      }
    }
    if let convolutions = network.convolutions {
      let stored = contents.tensors.reduce(0) { $0 + $1.elements.count }
      guard convolutions.isPossible, stored == convolutions.parameterCount, copies == 1,
        convolutions.input == .dense(columns: network.inputs),
        convolutions.outputs == network.likelihood.outputs
      else {
        throw refuse("its convolutions are \(convolutions), which need other tensors than it has")
      }
      return
    }
    let sizes = [network.inputs] + network.hiddenLayers + [network.likelihood.outputs]
    let stored = contents.tensors.reduce(0.0) { $0 + Double($1.elements.count) }
    let needed = zip(sizes, sizes.dropFirst()).reduce(0.0) { $0 + (Double($1.0) + 1) * Double($1.1) }
    guard sizes.allSatisfy({ $0 > 0 }), stored == Double(copies) * needed else {
      throw refuse("its layers are \(sizes), which need other tensors than it has")
    }
  }
}
