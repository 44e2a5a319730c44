/// `summary.json` of a training.
public struct FitSummary: Codable, Hashable, Sendable {
  /// The version of this file's form.
  public var schemaVersion = 1
  /// The case.
  public var name: String
  /// The seed.
  public var seed: UInt64
  /// Which network of the case.
  public var member: Int
  /// Epochs trained.
  public var epochs: Int
  /// Why training ended.
  public var end: Training.End
  /// Minus the evidence lower bound over the last epoch; nil without a posterior.
  public var negativeELBO: Double?
  /// The data cost over the last epoch.
  public var dataCost: Double?
  /// The complexity cost after the last epoch; nil without a posterior.
  public var complexityCost: Double?
  /// The last evaluation.
  public var metrics: [String: Double]
  /// Optimiser steps taken.
  public var optimiserSteps: Int
  /// Where the time went.
  public var seconds: Training.Seconds

  enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case name, seed, member, epochs, end
    case negativeELBO = "negative_elbo"
    case dataCost = "data_cost"
    case complexityCost = "complexity_cost"
    case metrics
    case optimiserSteps = "optimiser_steps"
    case seconds
  }

  init(_ trained: TrainedModel, metrics names: [String]) {
    name = trained.settings.name
    seed = trained.settings.seed
    member = trained.settings.member
    epochs = trained.records.count
    end = trained.end
    negativeELBO = trained.records.last?.negativeELBO
    dataCost = trained.records.last?.dataCost
    complexityCost = trained.records.last?.complexityCost
    let last = trained.records.last { !$0.metrics.isEmpty }?.metrics ?? []
    metrics = Dictionary(uniqueKeysWithValues: zip(names, last))
    optimiserSteps = trained.steps
    seconds = trained.seconds
  }
}
