import BanditSimulation

/// Comparisons for people and for programs: one for each task.
struct CompareReport {
  private let comparisons: [Comparison]

  init(_ comparisons: [Comparison]) { self.comparisons = comparisons }

  /// One document, or a list of them where there are several tasks.
  var json: String {
    get throws {
      let data =
        comparisons.count == 1
        ? try RunDirectory.json(comparisons[0]) : try RunDirectory.json(comparisons)
      return String(decoding: data, as: UTF8.self)
    }
  }

  var text: String {
    comparisons.flatMap { comparison in comparison.tables.map { CompareTable(comparison, $0).text } }
      .joined(separator: "\n\n")
  }
}
