import BanditCore

extension EnvironmentTrial {
  /// Plays that differ in their actions alone are compared, step by step.
  func independence(of reference: Transcript<Record>, actionCount: Int) -> LawViolation? {
    let constant = (0..<actionCount).map { transcript(.always($0), steps: plan.steps) }
    for (step, record) in reference.records.enumerated() {
      var twins: [Record] = []
      for transcript in constant {
        guard let twin = transcript.record(at: step) else { return ended(transcript, at: step) }
        twins.append(twin)
      }
      for record in twins + [record] {
        let difference = record.difference(fromContextOf: twins[0], outcomeOf: twins[record.action])
        guard let (expected, found) = difference else { continue }
        return scene.violation(
          .independence, at: step, when: "after other actions", expected: expected, found: found)
      }
    }
    return nil
  }

  /// The mean of reward less expected reward is 0 within six standard errors.
  func expectedReward(of action: Int) -> LawViolation? {
    // A log does not know the truth.
    if E.self is any LoggedEnvironment.Type { return nil }
    let played = transcript(.always(action), steps: plan.rewardSteps)
    guard played.failure == nil else { return ended(played, at: played.records.count) }
    let records = played.records
    if let violation = contexts(records) ?? outcomes(records) { return violation }
    let errors = records.map { $0.outcome.reward - $0.audit.expectedRewards[$0.action] }
    let count = Double(errors.count)
    let mean = errors.reduce(0, +) / count
    let variance = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let bound = 6 * (variance / count).squareRoot()
    // Room for the rounding of rewards that have no luck in them.
    let size = records.reduce(1) { max($0, abs($1.outcome.reward)) }
    guard abs(mean) > bound + 1e-9 * size else { return nil }
    return scene.violation(
      .expectedRewards, when: "action \(action) over \(errors.count) steps",
      expected: "a mean of reward less expected reward within \(bound) of 0", found: "\(mean)")
  }

  private func ended(_ transcript: Transcript<Record>, at step: Int) -> LawViolation {
    scene.violation(
      .working, at: step, when: "after other actions", expected: "an outcome",
      found: transcript.failure ?? "none")
  }
}

extension EnvironmentPlay.Record {
  /// What is not the same though only the actions differ.
  fileprivate func difference(fromContextOf first: Self, outcomeOf twin: Self) -> Fault? {
    if contextText != first.contextText { return (first.contextText, contextText) }
    if audit != first.audit {
      return ("expected rewards \(first.audit.expectedRewards)", "\(audit.expectedRewards)")
    }
    if delay != first.delay { return ("the delay \(first.delay ?? 0)", "\(delay ?? 0)") }
    if outcome != twin.outcome { return (twin.description, description) }
    return nil
  }
}

extension Transcript {
  /// The record of a step, if the play got there.
  fileprivate func record(at step: Int) -> Record? { step < records.count ? records[step] : nil }
}
