public import BanditCore
import BanditNumerics

/// The laws of `Agent`, for tests of your own agents.
///
/// ```swift
/// #expect(AgentLaws.violations(of: RoundRobin.self) == [])
/// ```
///
/// A trap in an agent, such as an index out of range, ends the test process; the backtrace then names the agent's
/// line. Two laws are out of reach: that a propensity is right, and that results are the same in another process.
public enum AgentLaws {
  /// The laws that an agent breaks: for each task, what the first seed under which there is something shows.
  ///
  /// - Parameters:
  ///   - agent: the agent's type.
  ///   - configuration: the settings to play with; small ones for an agent that is slow.
  ///   - plan: how thoroughly to check.
  /// - Returns: nothing for an agent that keeps the laws.
  public static func violations<A: Agent>(
    of agent: A.Type, configuration: A.Configuration = A.Configuration(), plan: LawPlan = LawPlan()
  ) -> [LawViolation] {
    // Agents that cannot take features of actions are refused such tasks.
    let tasks = plan.tasks.filter { !$0.spec.isShaped || agent is any ActionFeatureAgent.Type }
    let component = ComponentLaws<A>(configuration: configuration, plan: plan) { preset in
      // A preset is meant for some task, not for each.
      tasks.contains { task in
        (try? A(configuration: preset, spec: task.spec, stream: RandomStream(seed: 0))) != nil
      }
    }
    let played = tasks.flatMap { task in
      plan.seeds.lazy
        .map { play(agent, configuration, task: task, seed: $0, plan: plan) }
        .first { !$0.isEmpty } ?? []
    }
    return component.violations() + played
  }

  private static func play<A: Agent>(
    _ agent: A.Type, _ configuration: A.Configuration, task: SyntheticTask, seed: UInt64, plan: LawPlan
  ) -> [LawViolation] {
    let scene = Scene(component: A.name, place: "task '\(task.rawValue)', seed \(seed)")
    let make: @Sendable (UInt64) throws -> AgentPlay<A> = { seed in
      try AgentPlay(configuration, task: task, seed: seed)
    }
    let reference = Transcript(steps: plan.steps) { try make(seed) }
    let visible = violations(in: reference, scene: scene, spec: task.spec)
    guard visible.isEmpty else { return visible }
    let shared = SharedLaws(scene: scene, plan: plan, seed: seed, reference: reference, make: make)
      .violations()
    guard shared.isEmpty, agent is any ParallelAgent.Type else { return shared }
    let threaded = Transcript(steps: plan.steps) {
      try AgentPlay<A>(configuration, task: task, seed: seed, threads: 3)
    }
    guard let (step, expected, found) = threaded.difference(from: reference) else { return [] }
    return [
      scene.violation(.threads, at: step, when: "on three threads", expected: expected, found: found)
    ]
  }

  /// What a single play shows.
  private static func violations<A: Agent>(
    in transcript: Transcript<AgentPlay<A>.Record>, scene: Scene, spec: TaskSpec
  ) -> [LawViolation] {
    var violations: [LawViolation] = []
    if let failure = transcript.failure {
      violations.append(
        scene.violation(.working, at: transcript.records.count, expected: "a decision", found: failure))
    }
    let decisions = transcript.records.map(\.decision)
    let actions = 0..<spec.actionCount
    if let step = decisions.firstIndex(where: { !actions.contains($0.action) }) {
      violations.append(
        scene.violation(
          .actionRange, at: step, expected: "an action in \(actions)",
          found: "action \(decisions[step].action)"))
    }
    if let step = transcript.records.firstIndex(where: { $0.isMissing }) {
      violations.append(
        scene.violation(
          .actionRange, at: step, expected: "an action that is available",
          found: "action \(decisions[step].action)"))
    }
    if let step = decisions.firstIndex(where: { $0.propensity.map { !($0 > 0 && $0 <= 1) } ?? false }) {
      violations.append(
        scene.violation(
          .propensity, at: step, expected: "a probability above 0",
          found: "\(decisions[step].propensity ?? 0)"))
    }
    return violations + probabilities(transcript, scene) + measurements(transcript, scene)
  }

  /// Probabilities of all actions that are none, or not those of the decision.
  private static func probabilities<A: Agent>(
    _ transcript: Transcript<AgentPlay<A>.Record>, _ scene: Scene
  ) -> [LawViolation] {
    for (step, record) in transcript.records.enumerated() {
      let (decision, propensity) = (record.decision, record.decision.propensity)
      // Actions and propensities that are none at all break laws of their own.
      guard let probabilities = record.probabilities, probabilities.indices.contains(decision.action),
        propensity.map({ $0 > 0 && $0 <= 1 }) ?? true
      else { continue }
      let isRight =
        probabilities.allSatisfy { $0 >= 0 } && abs(probabilities.reduce(-1, +)) < 1e-9
        && propensity.map { abs(probabilities[decision.action] - $0) < 1e-9 } ?? false
      guard !isRight else { continue }
      return [
        scene.violation(
          .probabilities, at: step, expected: "propensity \(propensity.map(\.description) ?? "unknown")",
          found: "\(probabilities) for action \(record.decision.action)")
      ]
    }
    return []
  }

  /// What an agent measures and did not declare, or declared under a name that the log cannot take.
  private static func measurements<A: Agent>(
    _ transcript: Transcript<AgentPlay<A>.Record>, _ scene: Scene
  ) -> [LawViolation] {
    for (step, record) in transcript.records.enumerated() {
      let names = record.measurementNames
      let odd = names.first {
        $0.wholeMatch(of: /[a-z][a-z0-9_]*/) == nil || TaskSpec.ownColumns.contains($0)
      }
      let found =
        odd ?? record.diagnostics.measurements.keys.sorted().first { !names.contains($0) }
        ?? record.diagnostics.measurements.sorted { $0.key < $1.key }.first { !$0.value.isFinite }?.key
      guard let found else { continue }
      return [
        scene.violation(
          .measurements, at: step, expected: "measurements that are declared columns, and finite",
          found: "'\(found)'")
      ]
    }
    return []
  }
}
