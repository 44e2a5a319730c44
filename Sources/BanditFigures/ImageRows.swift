/// A grid of values as gnuplot reads an image: x, y and value of every cell.
struct ImageRows {
  private(set) var rows: [String] = []

  /// A heat map in the places of its panel, its values held within the range of its colours.
  init(_ map: HeatMap, place: Layout.Place) {
    let range = map.colorRange
    let columns = Self.halves(map.x).map { (place: place.x.place($0.middle), index: $0.index) }
    for row in Self.halves(map.y) {
      let y = GnuplotScript.number(place.y.place(row.middle))
      for column in columns {
        let value = map.values[row.index * map.x.count + column.index]
        let shown = value.isFinite ? "\(min(max(value, range.lowerBound), range.upperBound))" : "NaN"
        rows.append("\(GnuplotScript.number(column.place)) \(y) \(shown)")
      }
    }
  }

  /// The middles of cells, of which gnuplot wants two at least: a lone one becomes two halves.
  private static func halves(_ middles: [Double]) -> [(middle: Double, index: Int)] {
    guard middles.count == 1 else { return middles.enumerated().map { ($0.element, $0.offset) } }
    return [(middles[0] - 0.25, 0), (middles[0] + 0.25, 0)]
  }
}

extension ColorBar {
  /// The bar as an image.
  var rows: [String] {
    (0..<Self.steps).flatMap { step in
      let share = (Double(step) + 0.5) / Double(Self.steps)
      let value = range.lowerBound + share * (range.upperBound - range.lowerBound)
      return ["0.25 \(GnuplotScript.number(share)) \(value)", "0.75 \(GnuplotScript.number(share)) \(value)"]
    }
  }
}
