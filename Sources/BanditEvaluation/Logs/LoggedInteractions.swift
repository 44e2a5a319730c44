public import BanditCore
public import BanditFiles

/// A log of interactions in a file, read row by row as often as needed, in memory that does not grow with its rows.
public struct LoggedInteractions: InteractionSource {
  /// The longest line that is read, in bytes.
  private static let longestLine = 1 << 24

  /// The file.
  public let path: String
  /// Its form.
  public let form: LogForm
  /// The task that its rows are of.
  public let spec: TaskSpec
  /// Rows that can be used.
  public let count: Int
  /// Rows that cannot, by reason.
  public let skipped: [SkipReason: Int]
  /// The smallest propensity; nil where the log has none.
  public let smallestPropensity: Double?
  /// The least and the largest reward.
  public let rewards: ClosedRange<Double>
  /// Rows whose step is not after that of the row before.
  public let disorder: Int
  private let columns: TableColumns
  private let columnIndices: [String: Int32]
  private let actionIndices: [LoggedRow.Action: Int]

  /// Reads a log once, to learn its columns and actions.
  ///
  /// - `form`: the file's form; by its first line unless given.
  /// - `columns`: which columns of a table are what.
  /// - `actions`: how many actions there are at least, where not all of them were played.
  /// - Throws: `DataFileError` for a file that cannot be read, has a line that is no row, or no row that can be used.
  public init(
    scanning path: String, form: LogForm? = nil, columns: TableColumns = TableColumns(), actions: Int? = nil
  ) throws(DataFileError) {
    var scan = LogScan()
    var reader = RowReader(file: path, form: form, columns: columns)
    var row = LoggedRow()
    // A last line may have been cut off; one with others behind it may not.
    var unfinished: DataFileError?
    try DataFileLines.forEach(ofFile: path, longest: Self.longestLine) { (bytes) throws(DataFileError) in
      if let unfinished { throw unfinished }
      do throws(DataFileError) {
        if try reader.read(bytes, into: &row) { try scan.add(row, file: path, line: reader.line) }
      } catch {
        if scan.rows == 0 { throw error }
        unfinished = error
      }
    }
    if unfinished != nil { scan.skip(.cutOff) }
    let hasPropensities = scan.rowsWithPropensity > 0
    if hasPropensities, scan.rows > scan.rowsWithPropensity {
      for _ in scan.rowsWithPropensity..<scan.rows { scan.skip(.noPropensity) }
    }
    count = hasPropensities ? scan.rowsWithPropensity : scan.rows
    guard count > 0 else {
      throw DataFileError(
        file: path, reason: "has no row that can be used\(SkipReason.sentence(scan.skipped, before: ": "))")
    }
    let names = scan.settleColumns()
    let actionNames = scan.settleActions(count: actions, firstNumber: reader.form == .vw ? 1 : 0)
    guard actionNames.count >= 2 else {
      throw DataFileError(
        file: path,
        reason: "has one action alone, '\(actionNames[0])'; --actions says how many there are")
    }
    let width = max(names.count, 1)
    let active = min(scan.mostFeatures, width)
    spec = TaskSpec(
      featureCount: width, encoding: scan.isActive ? .oneHot(maximumActive: active) : .dense,
      actionNames: actionNames, featureNames: names.isEmpty ? nil : names)
    self.path = path
    self.form = reader.form ?? .csv
    self.columns = columns
    skipped = scan.skipped
    smallestPropensity = hasPropensities ? scan.smallestPropensity : nil
    rewards = scan.rewards.least...scan.rewards.most
    disorder = scan.disorder
    columnIndices = scan.columns
    actionIndices = scan.actions
  }

  /// Gives every row that can be used, in the file's order.
  ///
  /// - Throws: `DataFileError` where the file has changed since, and what the body throws.
  public func forEach(_ body: (LoggedInteraction) throws -> Void) throws {
    var reader = RowReader(file: path, form: form, columns: columns)
    var row = LoggedRow()
    var interaction = LoggedInteraction(
      index: 0, observation: Observation(spec), action: 0, propensity: nil, reward: 0)
    var problem: (any Error)?
    var isCut = false
    do {
      try DataFileLines.forEach(ofFile: path, longest: Self.longestLine) { (bytes) throws(DataFileError) in
        if isCut { throw changed }
        var isRow = false
        do throws(DataFileError) { isRow = try reader.read(bytes, into: &row) } catch {
          guard skipped[.cutOff] != nil, interaction.index > 0 else { throw error }
          isCut = true
        }
        guard isRow, row.fault == nil, !(smallestPropensity != nil && row.propensity == nil) else { return }
        guard interaction.index < count, fill(&interaction, from: row) else { throw changed }
        do { try body(interaction) } catch {
          problem = error
          throw changed
        }
        interaction.index += 1
      }
    } catch {
      throw problem ?? error
    }
    guard interaction.index == count else { throw changed }
  }

  private var changed: DataFileError {
    DataFileError(file: path, reason: "was changed while it was read; run again")
  }

  /// Puts a row into columns; false where it has some that were not there.
  private func fill(_ interaction: inout LoggedInteraction, from row: LoggedRow) -> Bool {
    guard let name = row.action, let action = actionIndices[name], let reward = row.reward else {
      return false
    }
    (interaction.action, interaction.reward, interaction.propensity) = (action, reward, row.propensity)
    if smallestPropensity == nil { interaction.propensity = nil }
    switch spec.encoding {
    case .dense:
      for column in interaction.observation.features.indices { interaction.observation.features[column] = 0 }
      for feature in row.features {
        guard let column = columnIndices[feature.name] else { return false }
        interaction.observation.features[Int(column)] = feature.number
      }
    case .oneHot:
      interaction.observation.activeIndices.removeAll(keepingCapacity: true)
      for feature in row.features {
        guard let column = columnIndices[feature.name] else { return false }
        interaction.observation.activeIndices.append(column)
      }
      Self.order(&interaction.observation.activeIndices)
    }
    return true
  }

  /// Puts the indices in order, each once.
  private static func order(_ indices: inout [Int32]) {
    let isOrdered = zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 }
    guard !isOrdered else { return }
    indices.sort()
    var kept = 1
    for place in 1..<indices.count where indices[place] != indices[kept - 1] {
      indices[kept] = indices[place]
      kept += 1
    }
    indices.removeLast(indices.count - kept)
  }
}

extension SkipReason {
  /// How many rows were passed over and why, in words; nothing for none.
  public static func sentence(_ skipped: [SkipReason: Int], before: String = "") -> String {
    let parts = allCases.compactMap { reason in skipped[reason].map { "\($0) \(reason.rawValue)" } }
    return parts.isEmpty ? "" : before + parts.joined(separator: ", ")
  }
}
