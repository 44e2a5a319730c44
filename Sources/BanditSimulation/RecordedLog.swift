import BanditFiles
import Foundation

/// A run's log, thinned while it is read, so that a long one takes no more memory than a short one.
struct RecordedLog {
  /// The environment's counters, in the log's order.
  private(set) var counterNames: [String] = []
  /// The steps kept.
  private(set) var steps: [Int] = []
  /// The values at these steps by column; not a number where a measurement has none.
  private(set) var values: [String: [Double]] = [:]
  /// A uniformly random policy's cumulative expected regret at these steps; nil where the log does not say it.
  private(set) var uniform: [Double]?
  /// The action taken at each of the last steps although it was not always the best.
  private(set) var stuckAction: Int?

  private let file: String
  private var columns: [String] = []
  /// The columns to keep; the last ones may be empty.
  private var kept: [(name: String, index: Int, mayBeEmpty: Bool)] = []
  /// The columns that a random policy's regret is made of: regret, reward, the mean of the expected rewards.
  private var uniformColumns: [Int] = []
  private var uniformSum = 0.0
  private var actionColumns: (taken: Int, best: Int)?
  /// The actions taken, and the best ones, of the last steps, in a ring.
  private var actions: [(taken: Int?, best: Int?)] = []
  private var fieldEnds: [Int] = []
  private var rows = 0
  private var lastLine: [UInt8] = []

  /// The most bytes of a row: many more than numbers of all columns take.
  private static let longestLine = 1 << 20
  /// The rows among which a stuck run is looked for.
  private static let lastRows = 1_000

  /// Reads a log.
  ///
  /// - Parameters:
  ///   - interval: keeps the steps that are its multiples, the first and the last.
  ///   - others: further steps to keep.
  ///   - measurements: the columns to read that may have empty fields.
  /// - Throws: `DataFileError` for a file that is missing, truncated, corrupt or no run's log.
  init(
    readingFrom file: String, every interval: Int, others: Set<Int>, measurements: [String]
  ) throws(DataFileError) {
    var log = RecordedLog(file: file)
    try DataFileLines.forEach(ofFile: file, longest: Self.longestLine) { (line) throws(DataFileError) in
      if log.columns.isEmpty { return try log.begin(line, measurements) }
      try log.read(line)
      let isKept = log.rows == 1 || log.rows.isMultiple(of: interval) || others.contains(log.rows)
      if isKept { try log.keep(line) } else { log.remember(line) }
    }
    try log.end()
    self = log
  }

  private init(file: String) { self.file = file }

  /// Reads the header.
  private mutating func begin(
    _ line: UnsafeBufferPointer<UInt8>, _ measurements: [String]
  ) throws(DataFileError) {
    columns = String(decoding: line, as: UTF8.self)
      .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard columns.first == "step", columns.contains(RecordedRun.regret),
      let first = columns.firstIndex(of: RecordedRun.expectedRegret),
      let end = columns[first...].firstIndex(of: "loss")
    else { throw DataFileError(file: file, line: 1, reason: "is not the header of a run's log") }
    counterNames = Array(columns[(first + 1)..<end])
    let needed = [RecordedRun.regret, RecordedRun.expectedRegret] + counterNames
    kept = (needed + measurements).enumerated().compactMap { place, name in
      columns.firstIndex(of: name).map { (name, $0, place >= needed.count) }
    }
    for column in kept { values[column.name] = [] }
    let parts = ["regret", "reward", "uniform_expected_reward"].compactMap { columns.firstIndex(of: $0) }
    if parts.count == 3 { (uniformColumns, uniform) = (parts, []) }
    if let taken = columns.firstIndex(of: "action"), let best = columns.firstIndex(of: "optimal_action") {
      actionColumns = (taken, best)
    }
  }

  /// Reads what is needed of every row.
  private mutating func read(_ line: UnsafeBufferPointer<UInt8>) throws(DataFileError) {
    rows += 1
    guard !line.isEmpty else { throw error("is blank") }
    fieldEnds.removeAll(keepingCapacity: true)
    for (index, byte) in line.enumerated() where byte == UInt8(ascii: ",") { fieldEnds.append(index) }
    fieldEnds.append(line.count)
    guard fieldEnds.count == columns.count else {
      throw error("has \(fieldEnds.count) fields, the first row has \(columns.count)")
    }
    guard LogNumber.value(field(line, 0)) == Double(rows) else {
      throw error("has step '\(text(line, 0))' where step \(rows) belongs")
    }
    if !uniformColumns.isEmpty {
      let (regret, reward, uniform) = (
        try number(line, uniformColumns[0]), try number(line, uniformColumns[1]),
        try number(line, uniformColumns[2])
      )
      uniformSum += regret + reward - uniform
    }
    if let actionColumns {
      let pair = (taken: action(line, actionColumns.taken), best: action(line, actionColumns.best))
      if actions.count < Self.lastRows {
        actions.append(pair)
      } else {
        actions[(rows - 1) % Self.lastRows] = pair
      }
    }
  }

  /// Keeps the row that was read.
  private mutating func keep(_ line: UnsafeBufferPointer<UInt8>) throws(DataFileError) {
    lastLine.removeAll(keepingCapacity: true)
    steps.append(rows)
    for column in kept {
      let isEmpty = column.mayBeEmpty && field(line, column.index).isEmpty
      let value = isEmpty ? .nan : try number(line, column.index)
      values[column.name, default: []].append(value)
    }
    uniform?.append(uniformSum)
  }

  /// Holds a row, as it may be the last.
  private mutating func remember(_ line: UnsafeBufferPointer<UInt8>) {
    lastLine.removeAll(keepingCapacity: true)
    lastLine.append(contentsOf: line)
  }

  private mutating func end() throws(DataFileError) {
    guard !columns.isEmpty else { throw DataFileError(file: file, reason: "is empty: it has no rows") }
    guard rows > 0 else { throw DataFileError(file: file, reason: "has a header and no rows") }
    if !lastLine.isEmpty {
      let line = lastLine
      var problem: DataFileError?
      line.withUnsafeBufferPointer { line in
        do throws(DataFileError) { try keep(line) } catch { problem = error }
      }
      if let problem { throw problem }
    }
    guard rows >= 10, !actions.isEmpty else { return }
    let count = min(Self.lastRows, rows / 10)
    let last = (rows - count..<rows).map { actions[$0 % Self.lastRows] }
    guard let taken = last[0].taken, last.allSatisfy({ $0.taken == taken }),
      last.contains(where: { $0.best != taken })
    else { return }
    stuckAction = taken
  }

  private func field(_ line: UnsafeBufferPointer<UInt8>, _ column: Int) -> UnsafeBufferPointer<UInt8> {
    let start = column == 0 ? 0 : fieldEnds[column - 1] + 1
    return UnsafeBufferPointer(rebasing: line[start..<fieldEnds[column]])
  }

  private func action(_ line: UnsafeBufferPointer<UInt8>, _ column: Int) -> Int? {
    LogNumber.value(field(line, column)).flatMap { Int(exactly: $0) }
  }

  private func text(_ line: UnsafeBufferPointer<UInt8>, _ column: Int) -> String {
    String(decoding: field(line, column), as: UTF8.self)
  }

  private func number(
    _ line: UnsafeBufferPointer<UInt8>, _ column: Int
  ) throws(DataFileError) -> Double {
    guard let value = LogNumber.value(field(line, column)) else {
      throw error("has '\(text(line, column))' as \(columns[column]), which is no number")
    }
    return value
  }

  private func error(_ reason: String) -> DataFileError {
    DataFileError(file: file, line: rows + 1, reason: reason)
  }
}

/// Numbers of a log as its bytes have them.
enum LogNumber {
  /// The value of a finite number's digits; nil for anything else.
  static func value(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    if let value = shortValue(bytes) { return value }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else { return nil }
    return value
  }

  /// The value of up to 15 digits with or without a point, which a quotient of two exact numbers gives as exactly as the
  /// library does.
  private static func shortValue(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    let isNegative = bytes.first == UInt8(ascii: "-")
    let digits = isNegative ? bytes.dropFirst() : bytes[...]
    guard !digits.isEmpty, digits.count <= 16 else { return nil }
    var (whole, count, decimals) = (0, 0, -1)
    for byte in digits {
      if byte == UInt8(ascii: ".") && decimals < 0 {
        decimals = 0
      } else if byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
        whole = 10 * whole + Int(byte - UInt8(ascii: "0"))
        count += 1
        if decimals >= 0 { decimals += 1 }
      } else {
        return nil
      }
    }
    guard count > 0, count <= 15, decimals != 0 else { return nil }
    let value = Double(whole) / powers[max(decimals, 0)]
    return isNegative ? -value : value
  }

  private static let powers = (0...15).map { pow(10, Double($0)) }
}
