import BanditSim

/// A canteen with five dishes that are new each day, of which some are sold out, and a guest who likes it hot or mild.
struct Canteen: Environment, Checkpointable {
  struct Configuration: ComponentConfiguration { var soldOut = 0.3 }

  static let name = "canteen"
  static let description = ComponentDescription(
    summary: "Five new dishes a day, hot or mild, dear or cheap, some sold out: pick one for the guest.",
    settings: ["soldOut": "chance that a dish is sold out"])

  /// A guest has one number, a dish has two, and dishes may be missing.
  let spec = TaskSpec(
    featureCount: 1, encoding: .dense, actionNames: (1...5).map { "dish \($0)" },
    actionFeatureCount: 2, limitsActions: true)

  private let soldOut: Double
  private var stream: RandomStream
  private var available: [Bool] = []
  private var pleasures: [Double] = []
  private var luck = 0.0

  init(configuration: Configuration, stream: RandomStream) throws {
    soldOut = configuration.soldOut
    try ConfigurationError.require(
      (0...1).contains(soldOut), key: "soldOut", given: soldOut, allowed: "0 to 1")
    self.stream = stream
  }

  /// Draws the guest, the dishes, what is sold out and the luck of the day; one dish is always there.
  mutating func observe(into observation: inout Observation) {
    let taste = stream.uniform(from: -1, to: 1)
    let dishes = (0..<5).map { _ in
      (heat: stream.uniform(from: -1, to: 1), price: stream.uniform(from: 0, to: 1))
    }
    let kept = stream.integer(below: 5)
    available = (0..<5).map { dish in
      let isGone = stream.bernoulli(soldOut)
      return dish == kept || !isGone
    }
    luck = 0.1 * stream.normal()
    pleasures = dishes.map { taste * $0.heat - 0.5 * $0.price }
    observation.features[0] = Float(taste)
    observation.actionFeatures = dishes.flatMap { [Float($0.heat), Float($0.price)] }
    observation.availableActions = available
  }

  func audit() -> Audit { Audit(expectedRewards: pleasures, available: available) }

  func step(_ action: Int) -> Outcome { Outcome(reward: pleasures[action] + luck) }

  /// Everything else is drawn anew at each step.
  var state: RandomStream { stream }

  mutating func restore(_ state: RandomStream) { stream = state }
}
