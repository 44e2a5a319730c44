import BanditSim

/// Four directions as CSV: x, y and the arm of `three-arms` that pays most there.
enum Directions {
  static let text = "1,0,x\n0,1,y\n-1,0,neither\n0,-1,neither\n"

  static let dataSet = DataSet(
    name: "directions", summary: "Four directions, each with the arm of three-arms that pays most there.",
    source: "computed by hand", licence: "CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/",
    citation: "None is needed.", rows: 4,
    contents: .embedded(
      EmbeddedData(
        sha256: "b5ce3ed3299a449dbf914df3f98a0f0079fe63aeb35ca1fdf74a02c07436d85f", byteCount: 38,
        counts: EmbeddedData.Counts(rows: 4, classes: ["x": 1, "y": 1, "neither": 2], levels: [3, 3]),
        contents: { Array(text.utf8) }, count: { counts(of: $0) })))

  /// What `data verify` compares: rows, rows of each class, and the different values of each column.
  private static func counts(of bytes: [UInt8]) -> EmbeddedData.Counts {
    let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { $0.split(separator: ",") }
    return EmbeddedData.Counts(
      rows: rows.count, classes: Dictionary(grouping: rows) { String($0[2]) }.mapValues(\.count),
      levels: [0, 1].map { column in Set(rows.map { $0[column] }).count })
  }
}
