import BanditCore
import BanditNumerics

/// A score of each action that is linear in the context, with coefficients drawn once for a task.
struct LinearScores: Sendable {
  /// The coefficients of each action, of unit length.
  let coefficients: [[Double]]
  /// The scores in the context seen last, by action.
  private(set) var values: [Double]

  /// Draws coefficients uniformly from −1 to 1, and brings those of each action to unit length.
  ///
  /// - Parameter nonZero: how many of each action's are not 0, in random places; all unless given.
  init(features: Int, actions: Int, nonZero: Int? = nil, stream: RandomStream) {
    var stream = stream.child("task")
    coefficients = (0..<actions).map { _ in
      Self.direction(features, nonZero: nonZero ?? features, &stream)
    }
    values = [Double](repeating: 0, count: actions)
  }

  private static func direction(_ features: Int, nonZero: Int, _ stream: inout RandomStream) -> [Double] {
    var places = (0..<Int32(features)).map { $0 }
    if nonZero < features {
      places.withUnsafeMutableBufferPointer { places in
        if let start = places.baseAddress { stream.shuffle(start, count: places.count) }
      }
    }
    var direction = [Double](repeating: 0, count: features)
    while true {
      for place in places.prefix(nonZero) { direction[Int(place)] = stream.uniform(from: -1, to: 1) }
      let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      // Zeros alone have no direction; they come once in 2⁵³ draws of a single one.
      if length > 0 { return direction.map { $0 / length } }
    }
  }

  /// Scores the actions in a context.
  mutating func score(_ features: [Float]) {
    for action in values.indices {
      var sum = 0.0
      for (coefficient, feature) in zip(coefficients[action], features) {
        sum += coefficient * Double(feature)
      }
      values[action] = sum
    }
  }
}

extension Observation {
  /// Fills the features with independent standard normal numbers.
  mutating func drawNormals(from stream: inout RandomStream) {
    for index in features.indices { features[index] = Float(stream.normal()) }
  }
}

extension TaskSpec {
  /// A task of numbers and numbered arms, with the rate of best choices as its counter.
  static func arms(_ actions: Int, features: Int) -> TaskSpec {
    TaskSpec(
      featureCount: features, encoding: .dense, actionNames: (1...actions).map { "arm \($0)" },
      counters: [AuditCounter("optimal_rate", .rate(window: 1_000))])
  }
}
