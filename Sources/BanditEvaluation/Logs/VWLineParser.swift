import Foundation

/// Reads Vowpal Wabbit's text for contextual bandits, `action:cost:probability | feature feature:number`: actions are
/// from 1, the reward is the cost's negative.
///
/// Labels of several actions, as `--cb` allows, are taken by the one that has a probability; names of namespaces stand
/// before the names of their features.
struct VWLineParser {
  typealias Failure = JSONLineParser.Failure

  /// Parses a line into a row.
  func parse(_ line: UnsafeBufferPointer<UInt8>, into row: inout LoggedRow) throws(Failure) {
    let parts = line.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
    guard parts.count > 1 else { throw Failure(reason: "has no '|' before its features") }
    try label(Self.text(parts[0]), into: &row)
    row.isActive = true
    for part in parts.dropFirst() {
      var space = ""
      let words = part.split(separator: 32)
      // What stands at the bar without a space is a namespace, perhaps with a weight.
      let hasSpace = part.first.map { $0 != 32 } ?? false
      if hasSpace, let first = words.first {
        space = Self.text(first).split(separator: ":").first.map { $0 + "^" } ?? ""
      }
      for word in words.dropFirst(hasSpace ? 1 : 0) {
        let pieces = Self.text(word).split(separator: ":", omittingEmptySubsequences: false)
        let number = pieces.count > 1 ? Float(pieces[1]) ?? .nan : 1
        if number != 1 { row.isActive = false }
        row.features.append(LoggedRow.Feature(name: space + pieces[0], number: number))
      }
    }
  }

  private func label(_ text: String, into row: inout LoggedRow) throws(Failure) {
    let labels = text.split(separator: " ").map { $0.split(separator: ":", omittingEmptySubsequences: false) }
    guard let label = labels.first(where: { $0.count >= 3 }) ?? labels.first(where: { $0.count == 2 }) else {
      throw Failure(reason: "has no label action:cost:probability")
    }
    guard let action = Int(label[0]), action >= 1 else {
      throw Failure(reason: "has an action '\(label[0])'; actions are 1 or more")
    }
    row.action = .index(action - 1)
    row.reward = Double(label[1]).map { $0 == 0 ? 0 : -$0 }
    row.propensity = label.count > 2 ? Double(label[2]) ?? .nan : nil
  }

  private static func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
