import BanditCore
import Foundation
import Synchronization

/// The laws that agents and environments have in common, checked against a play alone.
struct SharedLaws<P: Play> {
  let scene: Scene
  let plan: LawPlan
  let seed: UInt64
  /// What the play under `seed` shows when nothing else is there.
  let reference: Transcript<P.Record>
  let make: @Sendable (UInt64) throws -> P

  /// One violation at most of each way to break a law; without repeatability the others cannot be told.
  func violations() -> [LawViolation] {
    let again = Transcript(steps: plan.steps) { try make(seed) }
    if let violation = compare(again, .repeatability, "in a second play") { return [violation] }
    func unlessLeftOut(_ law: Law, _ violation: () -> LawViolation?) -> LawViolation? {
      plan.leftOut.contains(law) ? nil : violation()
    }
    return [
      unlessLeftOut(.isolation) { compare(besideAnother(), .isolation, "beside another instance") },
      unlessLeftOut(.isolation) { onThreads() },
      unlessLeftOut(.valueSemantics) { compare(besideACopy(), .valueSemantics, "beside a copy") },
      unlessLeftOut(.resumption) { compare(resumed(), .resumption, "resumed after every tenth step") },
    ]
    .compactMap { $0 }
  }

  private func compare(
    _ transcript: Transcript<P.Record>, _ law: Law, _ circumstance: String
  ) -> LawViolation? {
    guard let (step, expected, found) = transcript.difference(from: reference) else { return nil }
    return scene.violation(law, at: step, when: circumstance, expected: expected, found: found)
  }

  private func besideAnother() -> Transcript<P.Record> {
    Transcript { records in
      var play = try make(seed)
      var other = try make(seed &+ 1)
      while records.count < plan.steps {
        _ = try other.step()
        guard let record = try play.step() else { return }
        records.append(record)
      }
    }
  }

  /// Every second thread plays under another seed, so that what is shared does not agree by chance.
  private func onThreads() -> LawViolation? {
    let found = TranscriptBox<P.Record>()
    let group = DispatchGroup()
    for index in 0..<plan.threads {
      let own = index.isMultiple(of: 2)
      let seed = own ? seed : seed &+ UInt64(index)
      // Threads of its own: a pool may play everything on the thread that asks.
      let thread = Thread { [make, steps = plan.steps] in
        let transcript = Transcript(steps: steps) { try make(seed) }
        if own { found.transcripts.withLock { $0.append(transcript) } }
        group.leave()
      }
      group.enter()
      thread.start()
    }
    group.wait()
    let transcripts = found.transcripts.withLock { $0 }
    return transcripts.lazy.compactMap { compare($0, .isolation, "on several threads") }.first
  }

  /// Every tenth step, a new instance takes over.
  private func resumed() -> Transcript<P.Record> {
    Transcript { records in
      var play = try make(seed)
      while records.count < plan.steps {
        if records.count % 10 == 0, let other = try play.resumed() { play = other }
        guard let record = try play.step() else { return }
        records.append(record)
      }
    }
  }

  /// From half way on, a copy and the original take turns; a burst could bring a shared count round to the same.
  private func besideACopy() -> Transcript<P.Record> {
    Transcript { records in
      var play = try make(seed)
      var copy: P?
      while records.count < plan.steps {
        if records.count == plan.steps / 2 {
          copy = play
          copy?.divert()
        }
        _ = try copy?.step()
        guard let record = try play.step() else { return }
        records.append(record)
      }
    }
  }
}

/// What threads bring back.
private final class TranscriptBox<Record: Equatable & Sendable & CustomStringConvertible>: Sendable {
  let transcripts = Mutex<[Transcript<Record>]>([])
}
