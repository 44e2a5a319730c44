import BanditCore
import BanditNumerics

/// An environment under one seed.
struct EnvironmentTrial<E: Environment> {
  typealias Record = EnvironmentPlay<E>.Record

  let configuration: E.Configuration
  let seed: UInt64
  let plan: LawPlan

  var scene: Scene { Scene(component: E.name, place: "seed \(seed)") }
  var random: EnvironmentPlay<E>.Acting { .random(RandomStream(seed: seed).child("actions")) }

  /// What one play shows comes first: with a wrong context or outcome, comparing plays tells nothing more.
  func violations() -> [LawViolation] {
    let make: @Sendable (UInt64) throws -> EnvironmentPlay<E> = { [configuration] seed in
      try EnvironmentPlay(
        configuration, seed: seed, acting: .random(RandomStream(seed: seed).child("actions")))
    }
    let reference = Transcript(steps: plan.steps) { try make(seed) }
    if let failure = reference.failure {
      return [
        scene.violation(.working, at: reference.records.count, expected: "an outcome", found: failure)
      ]
    }
    let visible = visible(in: reference.records)
    guard visible.isEmpty, let spec = reference.records.first?.spec else { return visible }
    let shared = SharedLaws(scene: scene, plan: plan, seed: seed, reference: reference, make: make)
    let compared = shared.violations()
    guard !compared.contains(where: { $0.law == .repeatability }) else { return compared }
    let others = [
      overwriting(reference), restarting(reference),
      independence(of: reference, actionCount: spec.actionCount),
    ]
    return (compared + others + (0..<spec.actionCount).map(expectedReward)).compactMap { $0 }
  }

  /// What single steps show.
  private func visible(in records: [Record]) -> [LawViolation] {
    guard let spec = records.first?.spec else { return [] }
    var violations = spec.nameFaults.map { scene.violation(.specNames, expected: $0, found: $1) }
    if let step = records.firstIndex(where: { $0.spec != spec }) {
      violations.append(
        scene.violation(.constantSpec, at: step, expected: "\(spec)", found: "\(records[step].spec)"))
    }
    return violations + [contexts(records), outcomes(records)].compactMap { $0 }
  }

  /// The first context that agents could not read.
  func contexts(_ records: [Record]) -> LawViolation? {
    for (step, record) in records.enumerated() {
      guard let (expected, found) = record.observation.fault(under: record.spec) else { continue }
      return scene.violation(.observation, at: step, expected: expected, found: found)
    }
    return nil
  }

  /// The first outcome that the log or the audit's reader could not use.
  func outcomes(_ records: [Record]) -> LawViolation? {
    for (step, record) in records.enumerated() {
      guard let (expected, found) = record.fault else { continue }
      return scene.violation(.outcome, at: step, expected: expected, found: found)
    }
    return nil
  }

  /// Plays from the start.
  func transcript(
    _ acting: EnvironmentPlay<E>.Acting, steps: Int, soils: Bool = false
  ) -> Transcript<Record> {
    Transcript(steps: steps) { try EnvironmentPlay(configuration, seed: seed, acting: acting, soils: soils) }
  }

  private func restarting(_ reference: Transcript<Record>) -> LawViolation? {
    let restarted = Transcript(steps: plan.steps) {
      try EnvironmentPlay<E>(configuration, seed: seed, acting: random, restarts: true)
    }
    guard let (step, expected, found) = restarted.difference(from: reference) else { return nil }
    return scene.violation(.restarting, at: step, when: "started anew", expected: expected, found: found)
  }

  private func overwriting(_ reference: Transcript<Record>) -> LawViolation? {
    let soiled = transcript(random, steps: plan.steps, soils: true)
    guard let (step, expected, found) = soiled.difference(from: reference) else { return nil }
    return scene.violation(
      .overwriting, at: step, when: "into an observation in use", expected: expected, found: found)
  }
}
