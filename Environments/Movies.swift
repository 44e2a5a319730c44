public import BanditCore
public import BanditNumerics
import Foundation

/// A page of films that come and go: pick the one that a visitor will watch.
///
/// A visitor and a film are a few normal numbers each. The chance that the visitor watches the film is logistic in the
/// film's popularity and in how well the two suit each other, by a matrix that is drawn with the task. Every place on the
/// page has a film, which another one replaces now and then, and is empty now and then.
///
/// Source: the setting is that of Li et al. 2010, §2 and §5, where articles have features and come and go.
public struct Movies: DrawnTaskEnvironment, Checkpointable {
  /// The settings.
  public struct Configuration: ComponentConfiguration {
    /// Places on the page.
    public var places = 10
    /// Numbers of a visitor.
    public var tastes = 5
    /// Numbers of a film.
    public var traits = 5
    /// The chance that a place gets another film before a step.
    public var turnover = 0.02
    /// The chance that a place is empty at a step.
    public var empty = 0.2

    /// Ten places.
    public init() {}
  }

  /// `movies`.
  public static let name = "movies"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary: "Ten films that come and go, each with features of its own: pick one that the visitor watches.",
    paper: """
      The setting is that of Li, Chu, Langford, Schapire 2010, A Contextual-Bandit Approach to Personalized News Article \
      Recommendation; the data are synthetic
      """,
    settings: [
      "places": "films on the page, which are the actions",
      "tastes": "numbers of a visitor, each standard normal",
      "traits": "numbers of a film, each standard normal",
      "turnover": "chance that a place gets another film before a step",
      "empty": "chance that a place is empty at a step",
    ])

  /// The numbers of visitors and films, the places and the counter.
  public let spec: TaskSpec
  private let configuration: Configuration
  /// How a film's numbers make it popular, and suit a visitor's, `[traits × (1 + tastes)]`.
  private let weights: [Double]
  private var stream: RandomStream
  private var films: [Float]
  private var chances: [Double] = []
  private var available: [Bool] = []
  private var luck = 0.0

  /// Draws what makes films watched.
  public init(configuration: Configuration, stream: RandomStream) throws {
    for (key, value) in [
      ("places", configuration.places), ("tastes", configuration.tastes), ("traits", configuration.traits),
    ] {
      try ConfigurationError.require(
        ((key == "places" ? 2 : 1)...1_000).contains(value), key: key, given: value,
        allowed: "\(key == "places" ? 2 : 1) to 1000")
    }
    for (key, value) in [("turnover", configuration.turnover), ("empty", configuration.empty)] {
      try ConfigurationError.require((0...1).contains(value), key: key, given: value, allowed: "from 0 to 1")
    }
    self.configuration = configuration
    spec = TaskSpec(
      featureCount: configuration.tastes, encoding: .dense,
      actionNames: (1...configuration.places).map { "place \($0)" },
      counters: [AuditCounter("watch_rate", .rate(window: 1_000))],
      actionFeatureCount: configuration.traits, limitsActions: true)
    var drawing = stream.child("task")
    let scale = (2 / Double(configuration.traits)).squareRoot()
    let own = scale / Double(configuration.tastes).squareRoot() * 1.5
    weights = (0..<configuration.traits).flatMap { _ in
      [scale * drawing.normal()] + (0..<configuration.tastes).map { _ in own * drawing.normal() }
    }
    films = []
    self.stream = stream
    drawFilms()
  }

  /// Puts a film into every place.
  private mutating func drawFilms() {
    films = (0..<(configuration.places * configuration.traits)).map { _ in Float(stream.normal()) }
  }

  /// Draws a visitor, new films and empty places, and the luck of the step, whatever will be done.
  public mutating func observe(into observation: inout Observation) {
    let (places, traits) = (configuration.places, configuration.traits)
    for taste in 0..<configuration.tastes { observation.features[taste] = Float(stream.normal()) }
    for place in 0..<places where stream.bernoulli(configuration.turnover) {
      for trait in 0..<traits { films[place * traits + trait] = Float(stream.normal()) }
    }
    let kept = stream.integer(below: places)
    available = (0..<places).map { place in
      let isEmpty = stream.bernoulli(configuration.empty)
      return place == kept || !isEmpty
    }
    luck = stream.uniform()
    chances = (0..<places).map { available[$0] ? chance(of: $0, for: observation.features) : 0 }
    observation.actionFeatures = films
    observation.availableActions = available
  }

  private func chance(of place: Int, for visitor: [Float]) -> Double {
    let (tastes, traits) = (configuration.tastes, configuration.traits)
    var score = -1.0
    for trait in 0..<traits {
      let row = trait * (1 + tastes)
      var liking = weights[row]
      for taste in 0..<tastes { liking += weights[row + 1 + taste] * Double(visitor[taste]) }
      score += liking * Double(films[place * traits + trait])
    }
    return 1 / (1 + exp(-score))
  }

  /// The chances that the films are watched; 0 in empty places, which nobody can take.
  public func audit() -> Audit { Audit(expectedRewards: chances, available: available) }

  /// 1 where the visitor watches the film.
  public mutating func step(_ action: Int) -> Outcome {
    let reward = luck < chances[action] ? 1.0 : 0
    return Outcome(reward: reward, counts: [reward])
  }

  /// Goes on with other visitors and films; what makes films watched stays.
  public mutating func practise(stream: RandomStream) {
    self.stream = stream
    drawFilms()
  }

  /// The films on the page, and the position in the random numbers.
  public struct State: Codable, Sendable {
    let stream: RandomStream
    let films: [Float]
  }

  /// What the environment can be resumed from.
  public var state: State { State(stream: stream, films: films) }

  /// Continues with the saved films and random numbers.
  public mutating func restore(_ state: State) throws {
    guard state.films.count == films.count, state.films.allSatisfy(\.isFinite) else {
      throw ConfigurationError(
        key: "state of \(Self.name)", given: "\(state.films.count) numbers of films",
        allowed: "\(films.count) finite ones")
    }
    (stream, films) = (state.stream, state.films)
  }
}
