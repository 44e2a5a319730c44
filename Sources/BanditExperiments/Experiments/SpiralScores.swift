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

  /// On the training points, of ensembles of 1, 2, 3 … members.
  let training: [ClassScore]
  /// On the test points.
  let test: [ClassScore]
  /// Total, data and knowledge uncertainty by ensemble size, means over the test points.
  let testUncertainty: [ClassUncertainty]
  /// Of single members on the training points.
  let membersTraining: [ClassScore]
  /// Of single members on the test points.
  let membersTest: [ClassScore]
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
    let (training, test) = (task.training(seed: seed), task.test(seed: seed))
    let axis = Self.axis(mapSize)
    let places = Examples(
      columns: 2, features: axis.flatMap { y in axis.flatMap { [Float($0), Float(y)] } },
      targets: Array(repeating: 0, count: mapSize * mapSize))
    var onTraining = ClassPredictions(points: training.count, classes: Spiral.arms)
    var onTest = ClassPredictions(points: test.count, classes: Spiral.arms)
    var map = ClassPredictions(points: places.count, classes: Spiral.arms)
    var scores: ([ClassScore], [ClassScore], [ClassScore], [ClassScore]) = ([], [], [], [])
    var uncertainty: [ClassUncertainty] = []
    var memberSure = [Double](repeating: 0, count: places.count)
    for (index, member) in members.enumerated() {
      var model = member.model
      var batch = member.settings.minibatch
      func single(_ examples: Examples) -> ClassPredictions {
        var own = ClassPredictions(points: examples.count, classes: Spiral.arms)
        model.predict(examples, draws: 1, batch: &batch, into: &own)
        return own
      }
      scores.2.append(ClassScore(single(training), labels: training.targets))
      scores.3.append(ClassScore(single(test), labels: test.targets))
      model.predict(training, draws: 1, batch: &batch, into: &onTraining)
      model.predict(test, draws: 1, batch: &batch, into: &onTest)
      scores.0.append(ClassScore(onTraining, labels: training.targets))
      scores.1.append(ClassScore(onTest, labels: test.targets))
      uncertainty.append(Self.mean(onTest))
      guard index < mapped else { continue }
      let own = single(places)
      for place in 0..<places.count where own.isSure(place) { memberSure[place] += 1 / Double(mapped) }
      model.predict(places, draws: 1, batch: &batch, into: &map)
    }
    (self.training, self.test, membersTraining, membersTest) = scores
    testUncertainty = uncertainty
    regions = Self.regions(map, axis, memberSure: memberSure)
    self.map = map
  }

  private static func mean(_ predictions: ClassPredictions) -> ClassUncertainty {
    let all = (0..<predictions.points).map(predictions.uncertainty)
    let count = Double(all.count)
    return ClassUncertainty(
      total: all.reduce(0) { $0 + $1.total } / count, data: all.reduce(0) { $0 + $1.data } / count)
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

  /// The score of the true probabilities at the test points of a seed: what no training can better.
  static func best(_ task: SpiralTask, seed: UInt64) -> ClassScore {
    let test = task.test(seed: seed)
    var predictions = ClassPredictions(points: test.count, classes: Spiral.arms)
    for point in 0..<test.count {
      let (x, y) = (Double(test.features[2 * point]), Double(test.features[2 * point + 1]))
      predictions.append(probabilities: Spiral.posterior(x: x, y: y).map { Float($0) }, rows: 1)
    }
    return ClassScore(predictions, labels: test.targets)
  }
}

extension ClassPredictions {
  /// Whether a class has more than 95 %.
  fileprivate func isSure(_ point: Int) -> Bool { probability(point, of: predictedClass(point)) > 0.95 }
}
