import BanditTraining
import BanditFigures
import BanditLearning

/// What an ensemble says of the spiral's points under a seed.
struct SpiralScores: Sendable {
  /// A place of the map.
  enum Region: String, CaseIterable, Sendable {
    case arm = "on an arm"
    case between = "between arms"
    case away = "away from the data"

    /// By the true probabilities p(class | place), from 0.1 and to 0.5 nats of entropy, and beyond radius 1.3.
    init?(x: Double, y: Double) {
      let radius = (x * x + y * y).squareRoot()
      if radius > 1.3 {
        self = .away
        return
      }
      guard radius <= 1 else { return nil }
      let entropy = SpiralScores.trueEntropy(x: x, y: y)
      guard entropy < 0.1 || entropy > 0.5 else { return nil }
      self = entropy < 0.1 ? .arm : .between
    }
  }

  /// Means over the places of a region.
  struct RegionScore: Sendable {
    var total = 0.0
    var data = 0.0
    var knowledge = 0.0
    /// The entropy of the true probabilities.
    var truth = 0.0
    /// The share of places where a class has more than 95 %.
    var sure = 0.0
    /// The same of single members, on average.
    var memberSure = 0.0
  }

  /// Scores of an ensemble that grows member by member.
  struct Growth: Sendable {
    /// Of ensembles of 1, 2, 3 … members.
    private(set) var ensembles: [ClassScore] = []
    /// Their uncertainty, means over the points.
    private(set) var uncertainty: [ClassUncertainty] = []
    /// Of each member alone.
    private(set) var members: [ClassScore] = []

    init(_ trained: [TrainedModel], _ examples: Examples) {
      var together = ClassPredictions(points: examples.count, classes: Spiral.arms)
      for member in trained {
        var alone = ClassPredictions(points: examples.count, classes: Spiral.arms)
        member.predict(examples, into: &alone)
        member.predict(examples, into: &together)
        members.append(ClassScore(alone, labels: examples.targets))
        ensembles.append(ClassScore(together, labels: examples.targets))
        uncertainty.append(together.meanUncertainty)
      }
    }
  }

  /// On the training points.
  let training: Growth
  /// On the test points.
  let test: Growth
  /// By region, in their order.
  let regions: [RegionScore]
  /// Predictions of the map's places.
  let map: ClassPredictions

  /// The map's places along one axis.
  static func axis(_ size: Int) -> [Double] { ToyRegression.places(size, on: -2...2) }

  /// The entropy of the true probabilities, in nats.
  static func trueEntropy(x: Double, y: Double) -> Double {
    entropy(Spiral.posterior(x: x, y: y))
  }

  private static func entropy(_ probabilities: [Double]) -> Double {
    var predictions = ClassPredictions(points: 1, classes: probabilities.count)
    predictions.append(probabilities: probabilities.map { Float($0) }, rows: 1)
    return predictions.uncertainty(0).total
  }

  /// Predicts with members in their order; the map with the first `mapped` of them.
  init(_ members: [TrainedModel], task: SpiralTask, mapSize: Int, mapped: Int) {
    let seed = members[0].settings.seed
    training = Growth(members, task.training(seed: seed))
    test = Growth(members, task.test(seed: seed))
    let axis = Self.axis(mapSize)
    let places = Examples(
      columns: 2, features: axis.flatMap { y in axis.flatMap { [Float($0), Float(y)] } },
      targets: Array(repeating: 0, count: mapSize * mapSize))
    var map = ClassPredictions(points: places.count, classes: Spiral.arms)
    var memberSure = [Double](repeating: 0, count: places.count)
    for member in members.prefix(mapped) {
      var alone = ClassPredictions(points: places.count, classes: Spiral.arms)
      member.predict(places, into: &alone)
      member.predict(places, into: &map)
      for place in memberSure.indices where alone.isSure(place) { memberSure[place] += 1 / Double(mapped) }
    }
    regions = Self.regions(map, axis, memberSure: memberSure)
    self.map = map
  }

  private static func regions(
    _ map: ClassPredictions, _ axis: [Double], memberSure: [Double]
  ) -> [RegionScore] {
    var sums = [Region: (score: RegionScore, count: Double)]()
    for place in 0..<map.points {
      let (x, y) = (axis[place % axis.count], axis[place / axis.count])
      guard let region = Region(x: x, y: y) else { continue }
      let uncertainty = map.uncertainty(place)
      var (score, count) = sums[region] ?? (RegionScore(), 0)
      score.total += uncertainty.total
      score.data += uncertainty.data
      score.knowledge += uncertainty.knowledge
      score.truth += trueEntropy(x: x, y: y)
      score.sure += map.isSure(place) ? 1 : 0
      score.memberSure += memberSure[place]
      count += 1
      sums[region] = (score, count)
    }
    return Region.allCases.map { region in
      guard let (score, count) = sums[region] else { return RegionScore() }
      return RegionScore(
        total: score.total / count, data: score.data / count, knowledge: score.knowledge / count,
        truth: score.truth / count, sure: score.sure / count, memberSure: score.memberSure / count)
    }
  }

  /// The score of the true probabilities at some points; on points that no training saw, none has a better
  /// expectation.
  static func best(_ examples: Examples) -> ClassScore {
    var predictions = ClassPredictions(points: examples.count, classes: Spiral.arms)
    for point in 0..<examples.count {
      let (x, y) = (Double(examples.features[2 * point]), Double(examples.features[2 * point + 1]))
      predictions.append(probabilities: Spiral.posterior(x: x, y: y).map { Float($0) }, rows: 1)
    }
    return ClassScore(predictions, labels: examples.targets)
  }
}

extension TrainedModel {
  /// Adds what the model says of examples.
  fileprivate func predict(_ examples: Examples, into predictions: inout ClassPredictions) {
    var model = model
    var batch = settings.minibatch
    model.predict(examples, draws: 1, batch: &batch, into: &predictions)
  }
}

extension ClassPredictions {
  /// Whether a class has more than 95 %.
  fileprivate func isSure(_ point: Int) -> Bool { probability(point, of: predictedClass(point)) > 0.95 }

  /// The uncertainty of all points on average.
  fileprivate var meanUncertainty: ClassUncertainty {
    let all = (0..<points).map(uncertainty)
    let count = Double(points)
    return ClassUncertainty(
      total: all.reduce(0) { $0 + $1.total } / count, data: all.reduce(0) { $0 + $1.data } / count)
  }
}
