public import BanditNumerics
import Foundation

/// A Markov chain of Hamiltonian Monte Carlo whose trajectories end by themselves, where they turn back.
///
/// Source: Hoffman & Gelman 2014, The No-U-Turn Sampler, for the doubling trajectories; Betancourt 2017, A Conceptual
/// Introduction to Hamiltonian Monte Carlo, appendix A, for draws from a trajectory by the points' weights and for the
/// criterion by the sum of momenta.
public struct NoUTurnSampler<Density: LogDensity>: Sendable {
  /// What a transition came to.
  public struct Transition: Sendable {
    /// The mean over the trajectory's points of the probability to accept each from the first.
    public let acceptance: Double
    /// Leapfrog steps.
    public let steps: Int
    /// Whether the energy's error grew beyond all bounds: steps are too long for the density there.
    public let isDivergent: Bool
  }

  /// Doublings after which a trajectory ends anyway.
  public static var mostDoublings: Int { 10 }
  /// The energy's error beyond which a trajectory is given up.
  private static var largestError: Double { 1_000 }

  /// The length of a leapfrog step.
  public var stepSize: Double
  /// The variances that momenta are scaled by, one a coordinate: those of the density at best.
  public var variances: [Double]
  /// The chain's point.
  public var position: [Double] { current.position }
  /// The log density there.
  public var logDensity: Double { current.logDensity }

  private var density: Density
  private var current: PhasePoint
  private var stream: RandomStream

  /// Starts a chain at a point, with unit variances and a step of 0.1.
  public init(_ density: Density, at position: [Double], stream: RandomStream) {
    precondition(position.count == density.dimension, "a point of the density")
    self.density = density
    self.stream = stream
    stepSize = 0.1
    variances = Array(repeating: 1, count: position.count)
    current = PhasePoint(position)
    current.logDensity = self.density.evaluate(position, gradient: &current.gradient)
  }

  /// Moves the chain to its next point.
  public mutating func advance() -> Transition {
    drawMomentum()
    var trajectory = Trajectory(energy: energy(of: current))
    var (back, front) = (current, current)
    var whole = Tree(current, velocity: velocity(of: current), logWeight: 0)
    for depth in 0..<Self.mostDoublings {
      let isForward = stream.bernoulli(0.5)
      let grown =
        isForward
        ? tree(depth, from: &front, step: stepSize, &trajectory)
        : tree(depth, from: &back, step: -stepSize, &trajectory)
      guard let grown else { break }
      // The new half is preferred: a draw that is far from the last one.
      if log(stream.uniform()) < grown.logWeight - whole.logWeight { whole.draw = grown.draw }
      let isTurning = whole.join(grown, isForward: isForward)
      if isTurning { break }
    }
    current = whole.draw
    return Transition(
      acceptance: trajectory.acceptance / Double(max(1, trajectory.steps)), steps: trajectory.steps,
      isDivergent: trajectory.isDivergent)
  }

  /// A trajectory of 2^depth points beyond an edge, which is moved to its end; nil where it turns back or diverges.
  private mutating func tree(
    _ depth: Int, from edge: inout PhasePoint, step: Double, _ trajectory: inout Trajectory
  ) -> Tree? {
    if depth == 0 {
      leap(&edge, step)
      let error = energy(of: edge) - trajectory.energy
      trajectory.steps += 1
      trajectory.acceptance += error.isNaN ? 0 : min(1, exp(-error))
      guard error < Self.largestError else {
        trajectory.isDivergent = true
        return nil
      }
      return Tree(edge, velocity: velocity(of: edge), logWeight: -error)
    }
    guard var near = tree(depth - 1, from: &edge, step: step, &trajectory),
      let far = tree(depth - 1, from: &edge, step: step, &trajectory)
    else { return nil }
    let share = far.logWeight - Tree.sum(near.logWeight, far.logWeight)
    if log(stream.uniform()) < share { near.draw = far.draw }
    return near.join(far, isForward: step > 0) ? nil : near
  }

  /// A leapfrog step.
  private mutating func leap(_ point: inout PhasePoint, _ step: Double) {
    for index in variances.indices {
      point.momentum[index] += 0.5 * step * point.gradient[index]
      point.position[index] += step * variances[index] * point.momentum[index]
    }
    point.logDensity = density.evaluate(point.position, gradient: &point.gradient)
    for index in variances.indices { point.momentum[index] += 0.5 * step * point.gradient[index] }
  }

  private mutating func drawMomentum() {
    for index in variances.indices {
      current.momentum[index] = stream.normal() / variances[index].squareRoot()
    }
  }

  /// The probability to accept the point after one step.
  mutating func singleAcceptance() -> Double {
    drawMomentum()
    var moved = current
    leap(&moved, stepSize)
    let error = energy(of: moved) - energy(of: current)
    return error.isNaN ? 0 : min(1, exp(-error))
  }

  private func velocity(of point: PhasePoint) -> [Double] {
    zip(variances, point.momentum).map { $0 * $1 }
  }

  private func energy(of point: PhasePoint) -> Double {
    var kinetic = 0.0
    for index in variances.indices {
      kinetic += variances[index] * point.momentum[index] * point.momentum[index]
    }
    return 0.5 * kinetic - point.logDensity
  }
}

/// A point with a momentum.
private struct PhasePoint: Sendable {
  var position: [Double]
  var momentum: [Double]
  var gradient: [Double]
  var logDensity = 0.0

  init(_ position: [Double]) {
    self.position = position
    momentum = position
    gradient = position
  }
}

/// What is counted along a trajectory.
private struct Trajectory {
  /// Its first point's energy.
  let energy: Double
  var steps = 0
  var acceptance = 0.0
  var isDivergent = false
}

/// A stretch of a trajectory, its ends in the order of time.
private struct Tree {
  /// The point drawn from it.
  var draw: PhasePoint
  /// The logarithm of its points' weights, exp(-error), summed.
  var logWeight: Double
  private var momentumSum: [Double]
  private var first: (momentum: [Double], velocity: [Double])
  private var last: (momentum: [Double], velocity: [Double])

  init(_ point: PhasePoint, velocity: [Double], logWeight: Double) {
    draw = point
    self.logWeight = logWeight
    momentumSum = point.momentum
    (first, last) = ((point.momentum, velocity), (point.momentum, velocity))
  }

  /// Takes in a stretch beyond one end, and tells whether the whole, or either half with the other's next point, turns
  /// back.
  mutating func join(_ other: Tree, isForward: Bool) -> Bool {
    let (early, late) = isForward ? (self, other) : (other, self)
    logWeight = Tree.sum(logWeight, other.logWeight)
    momentumSum = Tree.sum(momentumSum, other.momentumSum)
    (first, last) = (early.first, late.last)
    return Tree.turns(momentumSum, first.velocity, last.velocity)
      || Tree.turns(
        Tree.sum(early.momentumSum, late.first.momentum), early.first.velocity, late.first.velocity)
      || Tree.turns(Tree.sum(late.momentumSum, early.last.momentum), early.last.velocity, late.last.velocity)
  }

  private static func turns(_ sum: [Double], _ first: [Double], _ last: [Double]) -> Bool {
    dot(sum, first) <= 0 || dot(sum, last) <= 0
  }

  private static func dot(_ one: [Double], _ other: [Double]) -> Double {
    var sum = 0.0
    for index in one.indices { sum += one[index] * other[index] }
    return sum
  }

  private static func sum(_ one: [Double], _ other: [Double]) -> [Double] { zip(one, other).map { $0 + $1 } }

  /// log(exp(one) + exp(other)).
  static func sum(_ one: Double, _ other: Double) -> Double {
    let most = max(one, other)
    return most + log(exp(one - most) + exp(other - most))
  }
}
