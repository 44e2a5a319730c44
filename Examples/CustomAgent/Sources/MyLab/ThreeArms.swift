import BanditSim

/// Three arms that pay by the direction in which a point lies, with Gaussian noise.
struct ThreeArms: Environment, Checkpointable {
  struct Configuration: ComponentConfiguration { var noise = 0.5 }

  static let name = "three-arms"
  static let description = ComponentDescription(
    summary: "Three arms that pay x, y or -x-y of a random point (x, y), with Gaussian noise.",
    settings: ["noise": "standard deviation of the rewards"])

  let spec = TaskSpec(
    featureCount: 2, encoding: .dense, actionNames: ["x", "y", "neither"],
    counters: [AuditCounter("best_arms", .total)])

  private let noise: Double
  private var points: RandomStream
  private var normals: NormalStream
  private var luck: [Float] = [0, 0, 0]
  private var expected = [0.0, 0.0, 0.0]

  init(configuration: Configuration, stream: RandomStream) throws {
    noise = configuration.noise
    try ConfigurationError.require(noise >= 0, key: "noise", given: noise, allowed: "0 or more")
    points = stream.child("points")
    normals = NormalStream(stream.child("luck"))
  }

  /// Draws the point and every arm's luck, whichever will be pulled: agents are compared on the same numbers.
  mutating func observe(into observation: inout Observation) {
    let (x, y) = (points.uniform(from: -1, to: 1), points.uniform(from: -1, to: 1))
    observation.features[0] = Float(x)
    observation.features[1] = Float(y)
    expected = [x, y, -x - y]
    normals.fill(&luck)
  }

  /// What a run is resumed from: everything else is drawn anew at each step.
  struct State: Codable {
    let points: RandomStream
    let normals: [UInt32]
  }

  var state: State { State(points: points, normals: normals.words) }

  mutating func restore(_ state: State) throws {
    guard let normals = NormalStream(words: state.normals) else {
      throw ConfigurationError(key: "state", given: "other numbers", allowed: "those of a normal stream")
    }
    (points, self.normals) = (state.points, normals)
  }

  func audit() -> Audit { Audit(expectedRewards: expected) }

  mutating func step(_ action: Int) -> Outcome {
    let isBest = expected[action] == expected.max()
    return Outcome(
      reward: expected[action] + noise * Double(luck[action]), counts: [isBest ? 1 : 0])
  }
}
