public import BanditCore
import BanditNumerics

/// The laws of `Environment`, for tests of your own environments.
///
/// ```swift
/// #expect(EnvironmentLaws.violations(of: ThreeArms.self) == [])
/// ```
public enum EnvironmentLaws {
  /// The laws that an environment breaks: what the first seed under which there is something shows.
  ///
  /// - Parameters:
  ///   - environment: the environment's type.
  ///   - configuration: the settings to play with.
  ///   - plan: how thoroughly to check.
  /// - Returns: nothing for an environment that keeps the laws.
  public static func violations<E: Environment>(
    of environment: E.Type, configuration: E.Configuration = E.Configuration(), plan: LawPlan = LawPlan()
  ) -> [LawViolation] {
    let component = ComponentLaws<E>(configuration: configuration, plan: plan) { preset in
      (try? E(configuration: preset, stream: RandomStream(seed: 0))) != nil
    }
    let scene = Scene(
      component: E.name, place: "seeds \(plan.seeds.map(String.init).joined(separator: ", "))")
    let played = plan.seeds.lazy
      .map { EnvironmentTrial<E>(configuration: configuration, seed: $0, plan: plan).violations() }
      .first { !$0.isEmpty }
    return component.violations() + constancy(environment, configuration, scene: scene, plan: plan)
      + (played ?? [])
  }

  /// A specification is read under one seed and used under another: prefilling has a stream of its own.
  private static func constancy<E: Environment>(
    _ environment: E.Type, _ configuration: E.Configuration, scene: Scene, plan: LawPlan
  ) -> [LawViolation] {
    let specs = plan.seeds.compactMap { seed in
      try? E(configuration: configuration, stream: RandomStream(seed: seed).child("environment")).spec
    }
    guard let first = specs.first, let other = specs.first(where: { $0 != first }) else { return [] }
    return [scene.violation(.constantSpec, expected: "\(first)", found: "\(other)")]
  }
}
