import BanditData
public import BanditCore
public import BanditNumerics

/// The toy regression's curve as a bandit: choose a place, and be paid the curve's noisy height there.
///
/// The places are evenly spaced, and the noise of a step is the same for all of them. They are shown as the context, or
/// each as the feature of its action. The curve has several hills, so an agent that settles on the first one found keeps losing.
///
/// Source: the curve is that of Blundell et al. 2015, §5.2, and of the report, equation 22.
public struct Curve: RestartableEnvironment, Checkpointable {
  /// Where places are shown.
  public enum Encoding: String, SettingChoice {
    /// All of them in the context, a feature each.
    case context
    /// Each as the feature of its action; the context is how far they have moved.
    case actions
  }

  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Where places are shown.
    public var encoding = Encoding.context
    /// The number of places.
    public var places = 33
    /// The first place.
    public var from = -0.2
    /// The last place.
    public var to = 1.4
    /// The standard deviation of the noise.
    public var noise = ToyCurve.noise
    /// The most that a step moves all places to the right; drawn for each step, and shown.
    public var shift = 0.0

    /// 33 places from −0.2 to 1.4 that stay.
    public init() {}
  }

  /// `curve`.
  public static let name = "curve"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "The toy regression's curve: choose a place, and be paid the noisy height there.",
    paper: "Blundell et al. 2015, Weight Uncertainty in Neural Networks, §5.2 (the curve alone)",
    deviations: """
      The paper fits the curve; as a bandit it is this program's. The context is the place of each action, the same \
      at each step unless shift is set; with encoding=actions the place is the action's feature.
      """,
    settings: [
      "encoding": "context: all places are the context; actions: each is a feature of its action",
      "places": "number of places to choose from",
      "from": "first place",
      "to": "last place",
      "noise": "standard deviation of the noise, in the curve's argument and beside it",
      "shift": "most that a step moves all places to the right, drawn anew for each step and shown",
    ])

  /// The place of each action, the actions, and the counter.
  public let spec: TaskSpec

  private let configuration: Configuration
  private let places: [Double]
  private var stream: RandomStream
  private var shift = 0.0
  private var luck = 0.0

  /// Creates the environment.
  public init(configuration: Configuration, stream: RandomStream) throws {
    try ConfigurationError.require(
      (2...256).contains(configuration.places), key: "places", given: configuration.places,
      allowed: "2 to 256")
    try ConfigurationError.require(
      configuration.from < configuration.to && abs(configuration.from) <= 1_000
        && abs(configuration.to) <= 1_000,
      key: "from", given: configuration.from,
      allowed: "less than to (\(configuration.to)), both from -1000 to 1000")
    for (key, value) in [("noise", configuration.noise), ("shift", configuration.shift)] {
      try ConfigurationError.require(
        (0...1_000).contains(value), key: key, given: value, allowed: "0 to 1000")
    }
    let step = (configuration.to - configuration.from) / Double(configuration.places - 1)
    self.configuration = configuration
    self.stream = stream
    places = (0..<configuration.places).map { configuration.from + step * Double($0) }
    let isActions = configuration.encoding == .actions
    spec = TaskSpec(
      featureCount: isActions ? 1 : places.count, encoding: .dense,
      actionNames: places.indices.map { "place \($0 + 1)" },
      counters: [AuditCounter("optimal_rate", .rate(window: 1_000))], actionFeatureCount: isActions ? 1 : nil)
  }

  /// Draws the step's shift and noise, whatever will be done with them, and shows the places.
  public mutating func observe(into observation: inout Observation) {
    shift = configuration.shift * stream.uniform()
    luck = configuration.noise * stream.normal()
    switch configuration.encoding {
    case .context:
      for (action, place) in places.enumerated() { observation.features[action] = Float(place + shift) }
    case .actions:
      observation.features[0] = Float(shift)
      for (action, place) in places.enumerated() {
        observation.actionFeatures?[action] = Float(place + shift)
      }
    }
  }

  /// The mean height at each place.
  public func audit() -> Audit {
    Audit(
      expectedRewards: places.map { ToyCurve.expectedValue(at: $0 + shift, noise: configuration.noise) })
  }

  /// Pays the curve's height at a place.
  public mutating func step(_ action: Int) -> Outcome {
    precondition(places.indices.contains(action), "an action is one of the \(places.count) places")
    return Outcome(
      reward: ToyCurve.value(at: places[action] + shift, noise: luck),
      counts: [audit().bestAction == action ? 1 : 0])
  }

  /// The position in the random numbers; shift and luck are drawn at each step.
  public var state: RandomStream { stream }

  /// Takes other random numbers; everything else is drawn at each step.
  public mutating func restart(stream: RandomStream) { self.stream = stream }

  /// Continues with the saved random numbers.
  public mutating func restore(_ state: RandomStream) { stream = state }
}
