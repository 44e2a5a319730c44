/// A component being played, step by step, with everything it needs.
protocol Play<Record>: Sendable {
  /// What a step showed.
  associatedtype Record: Equatable & Sendable & CustomStringConvertible

  /// Plays a step; nil where the component did something after which play cannot continue.
  mutating func step() throws -> Record?

  /// Makes everything but the component go another way from here.
  mutating func divert()

  /// This play with a new instance of the component that has read the saved state of this one; nil where the component
  /// is not `Checkpointable`.
  func resumed() throws -> Self?
}

/// What a play showed, and the error that ended it, if one did.
struct Transcript<Record: Equatable & Sendable & CustomStringConvertible>: Sendable {
  private(set) var records: [Record] = []
  private(set) var failure: String?

  init(_ body: (inout [Record]) throws -> Void) {
    do { try body(&records) } catch { failure = "the error '\(error)'" }
  }

  /// Plays from the start.
  init<P: Play<Record>>(steps: Int, of make: () throws -> P) {
    self.init { records in
      var play = try make()
      while records.count < steps, let record = try play.step() { records.append(record) }
    }
  }

  /// The first step at which this is not what `reference` shows.
  func difference(from reference: Transcript) -> (step: Int, expected: String, found: String)? {
    for step in 0...max(records.count, reference.records.count) {
      let expected = reference.text(at: step)
      let found = text(at: step)
      // In print, because not a number is never equal to itself.
      if expected != found { return (step, expected, found) }
    }
    return nil
  }

  private func text(at step: Int) -> String {
    step < records.count ? records[step].description : failure ?? "the end"
  }
}
