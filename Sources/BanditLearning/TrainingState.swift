public import BanditNumerics

/// What, beside its parameters, a network's further training depends on.
///
/// A network of the same settings that loads the tensors and restores the state continues bit for bit. Weights drawn
/// for predictions are not part of it: they are drawn anew.
public struct TrainingState: Codable, Hashable, Sendable {
  /// Optimiser steps taken.
  public var steps: Int
  /// The optimiser's moments, named as the parameters with `optimiser.first.` or `optimiser.second.` before it.
  public var moments: [NamedTensor]
  /// The generators of noise, 64 words each, in an order of the network's own.
  public var generators: [[UInt32]]

  /// Creates a state, from a file.
  public init(steps: Int, moments: [NamedTensor], generators: [[UInt32]]) {
    self.steps = steps
    self.moments = moments
    self.generators = generators
  }
}

/// Everything that a network's further training depends on: its parameters and the state of its training.
public struct NetworkState: Codable, Hashable, Sendable {
  /// The parameters.
  public var tensors: [NamedTensor]
  /// What training is resumed from.
  public var training: TrainingState

  /// Creates a state.
  public init(tensors: [NamedTensor], training: TrainingState) {
    self.tensors = tensors
    self.training = training
  }
}

/// A network whose parameters and training can be taken out and put into another of the same settings.
public protocol RestorableNetwork {
  /// The parameters, by name.
  var tensors: [NamedTensor] { get }
  /// What training is resumed from, beside `tensors`.
  var trainingState: TrainingState { get }
  /// Replaces the parameters; nothing changes if they do not fit.
  mutating func load(_ tensors: [NamedTensor]) throws(TensorError)
  /// Replaces the optimiser's moments and the generators; nothing changes if the state does not fit.
  mutating func restore(_ state: TrainingState) throws(TensorError)
}

extension RestorableNetwork {
  /// Everything that the network's further training depends on.
  public var state: NetworkState { NetworkState(tensors: tensors, training: trainingState) }

  /// Resumes from a state of a network of the same settings.
  public mutating func restore(_ state: NetworkState) throws(TensorError) {
    try load(state.tensors)
    try restore(state.training)
  }
}

extension BayesianNetwork: RestorableNetwork {
  private var layout: TensorLayout {
    TensorLayout(
      architecture: architecture, parts: [.init(suffix: ".mean"), .init(suffix: ".rho", offset: rhoOffset)])
  }

  /// The posterior's means and ρs: `layers.0.weight.mean`, `layers.0.weight.rho`, `layers.0.bias.mean` and so on.
  public var tensors: [NamedTensor] { layout.tensors(parameters) }

  /// Replaces the posterior by tensors as `tensors` gives them; nothing changes if they do not fit.
  public mutating func load(_ tensors: [NamedTensor]) throws(TensorError) {
    parameters = try layout.buffer(tensors, count: parameters.count)
    refreshSigma()
  }

  /// What training is resumed from, beside `tensors`.
  public var trainingState: TrainingState {
    optimiser.state(layout, generators: samples.flatMap(\.generators) + [drawn.stream])
  }

  /// Replaces the optimiser's moments and the generators; nothing changes if the state does not fit.
  public mutating func restore(_ state: TrainingState) throws(TensorError) {
    var streams = try state.streams(count: samples.reduce(1) { $0 + $1.generators.count })[...]
    try optimiser.restore(state, layout)
    for index in samples.indices {
      let count = samples[index].generators.count
      samples[index].generators = Array(streams.prefix(count))
      streams = streams.dropFirst(count)
    }
    for stream in streams { drawn.stream = stream }
  }
}

extension PointNetwork: RestorableNetwork {
  private var layout: TensorLayout { TensorLayout(architecture: architecture, parts: [.init()]) }

  /// The weights and biases: `layers.0.weight`, `layers.0.bias` and so on.
  public var tensors: [NamedTensor] { layout.tensors(parameters) }

  /// Replaces the parameters by tensors as `tensors` gives them; nothing changes if they do not fit.
  public mutating func load(_ tensors: [NamedTensor]) throws(TensorError) {
    parameters = try layout.buffer(tensors, count: parameters.count)
  }

  /// What training is resumed from, beside `tensors`.
  public var trainingState: TrainingState {
    optimiser.state(layout, generators: [trainingMasks, predictionMasks])
  }

  /// Replaces the optimiser's moments and the generators; nothing changes if the state does not fit.
  public mutating func restore(_ state: TrainingState) throws(TensorError) {
    let streams = try state.streams(count: 2)
    try optimiser.restore(state, layout)
    trainingMasks = streams[0]
    predictionMasks = streams[1]
  }
}

extension ConvolutionalNetwork: RestorableNetwork {
  private var layout: TensorLayout {
    var position = 0
    let entries = architecture.tensorShapes.map { name, shape in
      defer { position += shape.reduce(1, *) }
      return TensorLayout.Entry(name: name, shape: shape, position: position, isTransposed: false)
    }
    return TensorLayout(entries: entries, parts: [.init()])
  }

  /// The weights and biases: `convolutions.0.weight` `[kernel, kernel, channels, filters]`, `convolutions.0.bias` and so
  /// on, and `linear.weight` `[inputs, outputs]`, whose inputs are rows, columns, channels, and `linear.bias`.
  public var tensors: [NamedTensor] { layout.tensors(parameters) }

  /// Replaces the parameters by tensors as `tensors` gives them; nothing changes if they do not fit.
  public mutating func load(_ tensors: [NamedTensor]) throws(TensorError) {
    parameters = try layout.buffer(tensors, count: parameters.count)
  }

  /// What training is resumed from, beside `tensors`.
  public var trainingState: TrainingState { optimiser.state(layout, generators: []) }

  /// Replaces the optimiser's moments; nothing changes if the state does not fit.
  public mutating func restore(_ state: TrainingState) throws(TensorError) {
    _ = try state.streams(count: 0)
    try optimiser.restore(state, layout)
  }
}

extension TrainingState {
  fileprivate func streams(count: Int) throws(TensorError) -> [NormalStream] {
    let streams = generators.compactMap(NormalStream.init(words:))
    guard streams.count == generators.count, streams.count == count else {
      throw .wrongState(
        "\(generators.count) generators, of which \(streams.count) are whole; \(count) are needed")
    }
    return streams
  }
}

extension TensorLayout {
  /// The same parts under names with `prefix` before them.
  fileprivate func named(_ prefix: String) -> TensorLayout {
    TensorLayout(
      entries: entries,
      parts: parts.map { .init(prefix: prefix, suffix: $0.suffix, offset: $0.offset) })
  }
}

extension Optimiser {
  private static let first = "optimiser.first."
  private static let second = "optimiser.second."

  fileprivate func state(_ layout: TensorLayout, generators: [NormalStream]) -> TrainingState {
    var moments = layout.named(Self.first).tensors(firstMoment)
    if kind != .sgd { moments += layout.named(Self.second).tensors(secondMoment) }
    return TrainingState(steps: steps, moments: moments, generators: generators.map(\.words))
  }

  fileprivate mutating func restore(_ state: TrainingState, _ layout: TensorLayout) throws(TensorError) {
    try TensorError.requireCount(state.steps, "steps of the optimiser")
    let second = state.moments.filter { $0.name.hasPrefix(Self.second) && kind != .sgd }
    let others = state.moments.filter { !$0.name.hasPrefix(Self.second) || kind == .sgd }
    guard second.allSatisfy({ $0.values.allSatisfy { $0 >= 0 } }) else {
      throw .wrongState("a second moment of the optimiser is below 0")
    }
    let newFirst = try layout.named(Self.first).buffer(others, count: firstMoment.count)
    if kind != .sgd {
      secondMoment = try layout.named(Self.second).buffer(second, count: secondMoment.count)
    }
    firstMoment = newFirst
    setSteps(state.steps)
  }
}
