public import BanditNumerics
import CBanditKernels

/// A network of point estimates, fitted by maximum likelihood or, with a penalty, maximum a posteriori.
///
/// The objective of a minibatch is mean cost + l2/2·‖w‖² + l1·‖w‖₁ over all weights and biases. A Gaussian prior of
/// standard deviation σ over N examples is l2 = 1/(N σ²), a Laplace prior of scale b is l1 = 1/(N b).
///
/// Source: the report, §2.1. Parameters start as PyTorch's, U(±1/√inputs) for weights and biases, unless a scale is
/// given.
public struct PointNetwork: Sendable {
  /// The weights and biases, laid out as the architecture says.
  public internal(set) var parameters: FloatBuffer
  /// The cost.
  public let likelihood: Likelihood
  /// The penalty on squares; it may change between steps.
  public var l2: Double
  /// The penalty on magnitudes.
  public let l1: Double
  /// How often units are dropped in training.
  public let dropout: Dropout

  var network: DenseNetwork
  var gradient: FloatBuffer
  var optimiser: Optimiser
  var masks: DropoutMasks?
  var trainingMasks: NormalStream
  var predictionMasks: NormalStream
  private(set) var team: ThreadTeam

  /// Creates a network with random parameters from `stream`: all N(0, `initialScale`²) where that is given.
  ///
  /// - `threads`: how many threads a step may use; no number depends on it.
  public init(
    _ architecture: NetworkArchitecture, capacity: Int, likelihood: Likelihood, l2: Double = 0,
    l1: Double = 0, dropout: Dropout = .none, initialScale: Double? = nil,
    optimiser kind: OptimiserKind = .adam, momentum: Double = 0, weightDecay: Double = 0,
    threads: Int = 1, stream: RandomStream
  ) {
    likelihood.checkOutputs(architecture)
    var stream = stream
    parameters = FloatBuffer(count: architecture.parameterCount)
    if let initialScale {
      parameters.fillNormally(sigma: initialScale, stream)
    } else {
      parameters.fillByFanIn(architecture, &stream)
    }
    gradient = FloatBuffer(count: architecture.parameterCount)
    network = DenseNetwork(architecture, capacity: capacity)
    optimiser = Optimiser(
      kind, count: architecture.parameterCount, momentum: momentum, weightDecay: weightDecay)
    self.likelihood = likelihood
    self.l2 = l2
    self.l1 = l1
    self.dropout = dropout
    team = ThreadTeam(members: 1)
    masks = DropoutMasks(dropout, architecture, capacity: capacity)
    trainingMasks = NormalStream(stream.child("dropout masks"))
    predictionMasks = NormalStream(stream.child("dropout masks of predictions"))
    setThreads(threads)
  }

  /// The sizes.
  public var architecture: NetworkArchitecture { network.architecture }

  /// ‖w‖, the root of the sum of squares of all weights and biases.
  public var norm: Double {
    UnsafeBufferPointer(start: parameters.pointer, count: parameters.count)
      .reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  }

  /// Optimiser steps taken.
  public var steps: Int { optimiser.steps }

  /// Sets how many threads a step may use; a small network uses one, and no number depends on it.
  public mutating func setThreads(_ count: Int) {
    let work = network.capacity * architecture.parameterCount
    team = ThreadTeam(members: work < PointStepJob.leastWork ? 1 : count)
  }

  /// Takes the bias out of Adam's moments as if the next step were the first.
  public mutating func restartCorrection() { optimiser.restartCorrection() }

  /// Takes one optimiser step and returns the mean cost of the minibatch, without penalties.
  public mutating func step(_ batch: borrowing Minibatch, learningRate: Double) -> Double {
    masks?.draw(batch, &trainingMasks)
    if team.members > 1 { return stepSideBySide(batch, learningRate: learningRate) }
    let cost = differentiate(batch)
    optimiser.step(parameters.mutablePointer, gradient: gradient.pointer, learningRate: learningRate)
    return cost
  }

  /// The outputs of a minibatch with all units kept, `[rows × outputs]`, valid until the network is used again.
  public mutating func predict(_ batch: borrowing Minibatch) -> UnsafePointer<Float> {
    network.forward(batch, parameters: parameters.pointer)
    return network.outputs
  }

  /// The noise of the masks that `predictSample` draws next; exchange it to draw aside and leave later draws alone.
  public var predictionNoise: NormalStream {
    get { predictionMasks }
    set { predictionMasks = newValue }
  }

  /// The outputs of a minibatch under newly drawn dropout masks, as `predict` gives them.
  ///
  /// Each example has masks of its own unless they are shared; the training's are left alone. Without dropout this is
  /// `predict`.
  ///
  /// Source: Gal & Ghahramani 2016, equation 6.
  public mutating func predictSample(
    _ batch: borrowing Minibatch, masks sharing: Dropout.Sharing = .independent
  ) -> UnsafePointer<Float> {
    masks?.draw(batch, &predictionMasks, sharing: sharing)
    network.forward(batch, parameters: parameters.pointer, masks: masks)
    return network.outputs
  }

  /// The mean cost of a minibatch with all units kept, without penalties.
  public mutating func cost(_ batch: borrowing Minibatch) -> Double {
    precondition(batch.count > 0, "the cost of an empty minibatch")
    network.forward(batch, parameters: parameters.pointer)
    return likelihood.cost(batch, outputs: network.outputs, scale: 1, deltas: network.outputDeltas)
      / Double(batch.count)
  }

  /// Computes the gradient of the objective and returns the mean cost, under new dropout masks if units are dropped.
  package mutating func computeGradient(_ batch: borrowing Minibatch) -> Double {
    masks?.draw(batch, &trainingMasks)
    return differentiate(batch)
  }

  /// The same under given masks, the hidden layers' and then the inputs'; for tests.
  package mutating func computeGradient(_ batch: borrowing Minibatch, masks values: [Float]) -> Double {
    masks?.set(values, batch)
    return differentiate(batch)
  }

  private mutating func differentiate(_ batch: borrowing Minibatch) -> Double {
    precondition(batch.count > 0, "a step on an empty minibatch")
    let share = 1 / Float(batch.count)
    network.forward(batch, parameters: parameters.pointer, masks: masks)
    let cost = likelihood.cost(batch, outputs: network.outputs, scale: share, deltas: network.outputDeltas)
    network.backward(batch, parameters: parameters.pointer, gradient: gradient.mutablePointer, masks: masks)
    addPenalties()
    return cost / Double(batch.count)
  }

  /// Adds the gradient of the penalties on all parameters.
  mutating func addPenalties() {
    Self.addPenalties(
      l2: Float(l2), l1: Float(l1), count: parameters.count, parameters: parameters.pointer,
      gradient: gradient.mutablePointer)
  }

  /// Adds the gradient of the penalties on some parameters.
  static func addPenalties(
    l2: Float, l1: Float, count: Int, parameters: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) {
    let kernels = Kernels.best.functions.pointee
    kernels.penalty(count, WeightPrior.gaussian(sigma: 1).kernel, l2, parameters, gradient)
    kernels.penalty(count, WeightPrior.laplace(scale: 1).kernel, l1, parameters, gradient)
  }

  /// The last gradient, for tests.
  package var lastGradient: [Float] { gradient.array }

  /// Replaces the parameters, for tests.
  package mutating func setParameters(_ values: [Float]) {
    precondition(
      values.count == parameters.count, "\(values.count) values for \(parameters.count) parameters")
    parameters = FloatBuffer(values)
  }
}

extension FloatBuffer {
  /// Fills a network's parameters with N(0, sigma²).
  mutating func fillNormally(sigma: Double, _ stream: RandomStream) {
    var normals = NormalStream(stream.child("parameters"))
    normals.fill(mutablePointer, count: count)
    for index in 0..<count { self[index] *= Float(sigma) }
  }

  /// Fills a network's parameters with U(±1/√inputs), layer by layer.
  mutating func fillByFanIn(_ architecture: NetworkArchitecture, _ stream: inout RandomStream) {
    for layer in architecture.layers {
      let bound = 1 / Double(layer.inputs).squareRoot()
      for index in layer.weights..<(layer.biases + layer.outputs) {
        self[index] = Float(stream.uniform(from: -bound, to: bound))
      }
    }
  }
}
