/// What a table was taken for: `bandit-sim data check` prints it.
package struct TableSchema: Sendable {
  /// What a column became.
  package enum Kind: String, Sendable {
    /// Standardised numbers.
    case numbers
    /// Standardised numbers, and a feature that marks missing ones.
    case marked
    /// One feature a category.
    case categories
    /// Shares of the largest number, of a sparse file.
    case shares
  }

  /// One column without the label's.
  package struct Column: Sendable {
    /// Its name.
    package let name: String
    /// What it became.
    package let kind: Kind
    /// The number of fields in a column of numbers that are missing.
    package let missing: Int
    /// The number of features made of it.
    package let features: Int

    init(_ name: String, _ column: TableColumn, missing: Int) {
      self.name = name
      self.missing = missing
      features = column.width
      kind =
        switch column {
        case .numbers: .numbers
        case .marked: .marked
        case .levels: .categories
        case .shares: .shares
        }
    }
  }

  /// The number of rows.
  package let rows: Int
  /// The columns that are shown.
  package let columns: [Column]
  /// The name of the label's column.
  package let labelName: String
  /// The classes in the order of the actions, with their numbers of rows.
  package let classes: [(name: String, rows: Int)]
  /// What a user should know of how the table was read.
  package let notes: [String]

  /// Whether an observation is the list of the features that are 1.
  package let isOneHot: Bool

  /// The number of features.
  package var features: Int { columns.reduce(0) { $0 + $1.features } }
}
