import BanditCore
import BanditLearning
import BanditTraining

/// What the program of the practical on deep ensembles does otherwise than it should, for `--preset paper`.
struct PracticalQuirks: Hashable, Sendable {
  /// A penalty on the parameters' norm, which the program forgets to square.
  var normPenalty = 0.0
  /// Whether Adam's correction is the first step's throughout, because the program passes step 0 every time.
  ///
  /// For a constant gradient the step is then 2 times the learning rate at step 12, 1 at 100 and 0.6 at 300.
  var freezesCorrection = false

  /// Lets a new network of point estimates train with the quirks that its settings have.
  static func prepare(_ settings: FitSettings, _ model: inout any SupervisedModel) {
    guard let quirks = settings.network.pointTraining?.quirks, var point = model as? PointModel else {
      return
    }
    let l2 = point.network.l2
    point.beforeStep = { quirks.apply(to: &$0, l2: l2) }
    model = point
  }

  /// Readies a network for its next step.
  ///
  /// The gradient of c·‖w‖ is that of l2/2·‖w‖² for an l2 of c/‖w‖ at the norm of now.
  func apply(to network: inout PointNetwork, l2: Double) {
    if normPenalty > 0 {
      let norm = network.norm
      network.l2 = l2 + (norm > 0 ? normPenalty / norm : 0)
    }
    if freezesCorrection { network.restartCorrection() }
  }
}

extension PointTraining {
  /// The quirks, which stand among the settings that experiments alone know.
  var quirks: PracticalQuirks {
    get {
      var quirks = PracticalQuirks()
      switch others["normPenalty"] {
      case .number(let value): quirks.normPenalty = value
      case .integer(let value): quirks.normPenalty = Double(value)
      default: break
      }
      quirks.freezesCorrection = others["freezesCorrection"] == .boolean(true)
      return quirks
    }
    set {
      others["normPenalty"] =
        Int(exactly: newValue.normPenalty).map(SettingValue.integer) ?? .number(newValue.normPenalty)
      others["freezesCorrection"] = .boolean(newValue.freezesCorrection)
    }
  }
}
