public import BanditNumerics

/// Training on inputs moved a little to where the cost is higher, beside the inputs themselves.
///
/// With radii r, an input x becomes x′, which is constant in the gradient by the parameters.
///
/// - `fastGradientSign`: x′ = x + r ⊙ sign ∇ₓ cost(x, y); a step goes down ½ (cost(x, y) + cost(x′, y)).
/// - `virtual`: x′ = x + r ⊙ d, d of length 1 in the direction that moves the prediction most; a step goes down
///   cost(x, y) + KL[prediction(x) ‖ prediction(x′)], for whose second part no target is needed. d is found from a
///   random direction by one round of power iteration.
///
/// Sources: Goodfellow, Shlens & Szegedy 2015, §4 and §6; Lakshminarayanan, Pritzel & Blundell 2017, §2.3 and
/// algorithm 1; Miyato et al. 2016, §3.
///
/// *Deviations*: Lakshminarayanan et al. add both costs; their mean, as in the practical, differs by a factor that
/// Adam does not see. The finite difference of the power iteration is a tenth of the radius, wide enough for single
/// precision; lengths are measured in radii, so that columns may have different ones. Dropped units are the same for
/// x and x′.
public struct AdversarialTraining: Sendable {
  /// How inputs are moved.
  public enum Method: String, CaseIterable, Codable, Hashable, Sendable {
    /// By the sign of the cost's gradient.
    case fastGradientSign = "fgsm"
    /// In the direction that moves the prediction most.
    case virtual
  }

  /// How inputs are moved.
  public let method: Method
  /// How far, a radius for each column.
  public let radii: [Float]

  /// The moved examples.
  package fileprivate(set) var moved: Minibatch
  /// Directions `[rows × columns]`, in radii.
  fileprivate var directions: FloatBuffer
  /// Outputs at x `[rows × outputs]`.
  fileprivate var reference: FloatBuffer
  /// The part of the gradient by the parameters that comes from x.
  fileprivate var gradient: FloatBuffer
  private var normals: NormalStream

  /// How wide the finite difference of the power iteration is, in radii.
  private static let probeWidth: Float = 0.1

  /// Prepares training of networks of dense inputs; `virtual` draws its first directions from `stream`.
  public init(
    _ method: Method, radii: [Float], architecture: NetworkArchitecture, capacity: Int, stream: RandomStream
  ) {
    guard case .dense(let columns) = architecture.input else {
      preconditionFailure("one-hot inputs cannot be moved")
    }
    precondition(radii.count == columns && radii.allSatisfy { $0 >= 0 }, "a radius for each column")
    self.method = method
    self.radii = radii
    moved = Minibatch(encoding: architecture.input, capacity: capacity)
    directions = FloatBuffer(count: capacity * columns)
    reference = FloatBuffer(count: method == .virtual ? capacity * architecture.outputs : 0)
    gradient = FloatBuffer(count: architecture.parameterCount)
    normals = NormalStream(stream)
  }

  /// Moves inputs by the signs of the derivatives in `directions`.
  fileprivate mutating func moveBySigns(_ batch: borrowing Minibatch) {
    let values = directions.mutablePointer
    for index in 0..<(batch.count * radii.count) { values[index] = values[index].direction }
    move(batch, scale: 1)
  }

  /// Moves inputs a little in random directions.
  fileprivate mutating func moveAtRandom(_ batch: borrowing Minibatch) {
    normals.fill(directions.mutablePointer, count: batch.count * radii.count)
    normalise(rows: batch.count)
    move(batch, scale: Self.probeWidth)
  }

  /// Moves inputs a whole radius along the derivatives by inputs in `directions`.
  fileprivate mutating func moveAlong(_ batch: borrowing Minibatch) {
    let values = directions.mutablePointer
    for index in 0..<(batch.count * radii.count) { values[index] *= radii[index % radii.count] }
    normalise(rows: batch.count)
    move(batch, scale: 1)
  }

  private mutating func move(_ batch: borrowing Minibatch, scale: Float) {
    moved.copy(batch, movedBy: directions.pointer, radii: radii, scale: scale)
  }

  /// Scales every row to length 1; rows of zeros stay.
  private mutating func normalise(rows: Int) {
    var row = directions.mutablePointer
    for _ in 0..<rows {
      var square = 0.0
      for column in radii.indices { square += Double(row[column]) * Double(row[column]) }
      let factor = square > 0 ? 1 / square.squareRoot() : 0
      for column in radii.indices { row[column] = Float(Double(row[column]) * factor) }
      row += radii.count
    }
  }
}

extension PointNetwork {
  /// Takes one optimiser step on a minibatch and its moved examples, on one thread, and returns the objective without
  /// penalties, a mean over rows.
  public mutating func step(
    _ batch: borrowing Minibatch, against adversary: inout AdversarialTraining, learningRate: Double
  ) -> Double {
    let cost = computeGradient(batch, against: &adversary)
    optimiser.step(parameters.mutablePointer, gradient: gradient.pointer, learningRate: learningRate)
    return cost
  }

  /// Computes the gradient of the objective and returns it without penalties.
  package mutating func computeGradient(
    _ batch: borrowing Minibatch, against adversary: inout AdversarialTraining
  ) -> Double {
    precondition(batch.count > 0, "a step on an empty minibatch")
    precondition(dropout.input == 0, "inputs are moved or dropped, not both")
    masks?.draw(batch, &trainingMasks)
    let total =
      switch adversary.method {
      case .fastGradientSign: fastGradientSign(batch, &adversary)
      case .virtual: virtual(batch, &adversary)
      }
    let added = adversary.gradient.pointer
    let sum = gradient.mutablePointer
    for index in 0..<parameters.count { sum[index] += added[index] }
    addPenalties()
    return total / Double(batch.count)
  }

  private mutating func fastGradientSign(
    _ batch: borrowing Minibatch, _ adversary: inout AdversarialTraining
  ) -> Double {
    let share = 0.5 / Float(batch.count)
    let plain = backward(batch, scale: share, into: adversary.gradient.mutablePointer)
    network.inputGradient(
      rows: batch.count, parameters: parameters.pointer, into: adversary.directions.mutablePointer)
    adversary.moveBySigns(batch)
    return 0.5 * (plain + backward(adversary.moved, scale: share, into: gradient.mutablePointer))
  }

  private mutating func virtual(
    _ batch: borrowing Minibatch, _ adversary: inout AdversarialTraining
  ) -> Double {
    let share = 1 / Float(batch.count)
    let plain = backward(batch, scale: share, into: adversary.gradient.mutablePointer)
    adversary.reference.mutablePointer.update(
      from: network.outputs, count: batch.count * architecture.outputs)
    adversary.moveAtRandom(batch)
    _ = backwardDivergence(&adversary, scale: 1)
    network.inputGradient(
      rows: batch.count, parameters: parameters.pointer, into: adversary.directions.mutablePointer)
    adversary.moveAlong(batch)
    return plain + backwardDivergence(&adversary, scale: share)
  }

  /// Both passes of a minibatch; returns the summed cost.
  private mutating func backward(
    _ batch: borrowing Minibatch, scale: Float, into gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    network.forward(batch, parameters: parameters.pointer, masks: masks)
    let cost = likelihood.cost(batch, outputs: network.outputs, scale: scale, deltas: network.outputDeltas)
    network.backward(batch, parameters: parameters.pointer, gradient: gradient, masks: masks)
    return cost
  }

  /// Both passes of the moved examples under their predictions' distance from those at x, which it returns.
  private mutating func backwardDivergence(_ adversary: inout AdversarialTraining, scale: Float) -> Double {
    network.forward(adversary.moved, parameters: parameters.pointer, masks: masks)
    let divergence = likelihood.divergence(
      adversary.moved, from: adversary.reference.pointer, to: network.outputs, scale: scale,
      deltas: network.outputDeltas)
    network.backward(
      adversary.moved, parameters: parameters.pointer, gradient: gradient.mutablePointer, masks: masks)
    return divergence
  }
}
