import BanditCore
public import BanditFiles
public import BanditNumerics

/// A policy given as a table: the probabilities of all actions, a row for each usable row of the log, after a header.
public struct TablePolicy: LoggedPolicy {
  private let shares: [Float]
  private let actionCount: Int
  private var drawing: RandomStream

  /// Reads the table.
  ///
  /// - Throws: `DataFileError` for rows that are not as many as the log's, or are no probabilities.
  public init(
    reading path: String, actionCount: Int, rows: Int, stream: RandomStream
  ) throws(DataFileError) {
    var shares: [Float] = []
    shares.reserveCapacity(rows * actionCount)
    var line = 0
    try DataFileLines.forEach(ofFile: path, longest: 1 << 24) { (bytes) throws(DataFileError) in
      line += 1
      guard line > 1 else { return }
      func fail(_ reason: String) -> DataFileError { DataFileError(file: path, line: line, reason: reason) }
      guard let fields = try? TableLineParser.fields(bytes) else { throw fail("is no row of CSV") }
      guard fields.count == actionCount else {
        throw fail("has \(fields.count) fields, one for each of \(actionCount) actions is needed")
      }
      guard line <= rows + 1 else { throw fail("is a row more than the \(rows) of the log") }
      let numbers = fields.map { Double($0) ?? .nan }
      guard numbers.allSatisfy({ $0 >= 0 }), abs(numbers.reduce(-1, +)) < 1e-6 else {
        throw fail("has no probabilities: numbers of 0 or more with sum 1")
      }
      shares += numbers.map(Float.init)
    }
    guard shares.count == rows * actionCount else {
      throw DataFileError(
        file: path, reason: "has \(shares.count / actionCount) rows, the log has \(rows)")
    }
    self.shares = shares
    self.actionCount = actionCount
    drawing = stream
  }

  /// A table stays as it is.
  public var learns: Bool { false }

  /// Learns nothing.
  public mutating func learn(_ interaction: LoggedInteraction) {}

  /// The row's.
  public func probabilities(at interaction: LoggedInteraction) -> [Double] {
    shares[(interaction.index * actionCount)..<((interaction.index + 1) * actionCount)].map(Double.init)
  }

  /// Drawn by the row's probabilities.
  public mutating func action(at interaction: LoggedInteraction) -> Int {
    var left = drawing.uniform()
    let probabilities = probabilities(at: interaction)
    for (action, probability) in probabilities.enumerated() {
      left -= probability
      if left < 0 { return action }
    }
    return probabilities.lastIndex { $0 > 0 } ?? 0
  }
}
