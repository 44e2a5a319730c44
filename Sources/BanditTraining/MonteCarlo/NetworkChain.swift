import BanditFiles
public import BanditNumerics
import Foundation

/// A Markov chain over a network's weights: what it predicts, draw by draw, and how it moved.
public struct NetworkChain: Hashable, Sendable {
  /// Predictions at the places asked for, `[draws × places]`.
  public var predictions: [Double] = []
  /// Log densities, up to a constant.
  public var logDensities: [Double] = []
  /// Leapfrog steps of all draws.
  public var steps = 0
  /// The mean acceptance of trajectories' points.
  public var acceptance = 0.0
  /// Draws whose trajectories diverged.
  public var divergences = 0

  /// Draws of the chain at one place.
  public func draws(at place: Int) -> [Double] {
    let places = predictions.count / logDensities.count
    return stride(from: place, to: predictions.count, by: places).map { predictions[$0] }
  }

  /// Runs a chain from a start of its own.
  ///
  /// - `places`: where the network predicts, one input each.
  /// - `progress`: is called before every transition with the share of them that is done.
  public static func run(
    _ posterior: NetworkPosterior, warmUp: Int, draws: Int, places: [Double], stream: RandomStream,
    progress: (Double) throws -> Void
  ) rethrows -> NetworkChain {
    var sampler = NoUTurnSampler(
      posterior, at: posterior.start(stream.child("start")), stream: stream.child("chain"))
    let all = Double(warmUp + draws)
    try sampler.warmUp(warmUp) { try progress(Double($0) / all) }
    var chain = NetworkChain()
    for draw in 0..<draws {
      try progress(Double(warmUp + draw) / all)
      let transition = sampler.advance()
      chain.steps += transition.steps
      chain.acceptance += transition.acceptance / Double(draws)
      chain.divergences += transition.isDivergent ? 1 : 0
      chain.logDensities.append(sampler.logDensity)
      chain.predictions += posterior.predictions(sampler.position, at: places)
    }
    return chain
  }
}

/// A chain's file, which Python's `safetensors` reads.
extension NetworkChain {
  /// The file's bytes.
  public var bytes: [UInt8] {
    let draws = logDensities.count
    return Safetensors([
      NamedTensor(
        name: "predictions", shape: [draws, predictions.count / max(1, draws)], elements: .double(predictions)
      ),
      NamedTensor(name: "log_density", shape: [draws], elements: .double(logDensities)),
      NamedTensor(
        name: "moves", shape: [3], elements: .double([Double(steps), acceptance, Double(divergences)])),
    ]).bytes
  }

  /// Reads a file of so many draws at so many places.
  ///
  /// - Throws: `DataFileError` for one that cannot be read, or is of something else.
  public init(reading path: String, draws: Int, places: Int) throws {
    // Numbers, their header and no more.
    let bytes = try readDataFile(atPath: path, limit: 8 * draws * (places + 1) + 65_536)
    let again = "remove it, and the chain is run again"
    let file: Safetensors
    do { file = try Safetensors(bytes: bytes, file: path) } catch {
      throw DataFileError(file: path, reason: "\(error.reason); \(again)")
    }
    func numbers(_ name: String, _ shape: [Int]) throws -> [Double] {
      guard let tensor = file.tensor(named: name), tensor.shape == shape,
        case .double(let values) = tensor.elements,
        values.allSatisfy(\.isFinite)
      else {
        throw DataFileError(
          file: path,
          reason: "has no \(name) of \(shape) finite numbers; \(again)")
      }
      return values
    }
    predictions = try numbers("predictions", [draws, places])
    logDensities = try numbers("log_density", [draws])
    let moves = try numbers("moves", [3])
    guard let steps = Int(exactly: moves[0]), let divergences = Int(exactly: moves[2]), steps >= 0,
      divergences >= 0
    else { throw DataFileError(file: path, reason: "has counts that are none; \(again)") }
    (self.steps, acceptance, self.divergences) = (steps, moves[1], divergences)
  }
}
