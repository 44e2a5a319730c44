import Foundation

/// The numbers of a figure as CSV files: one for all series, and one for each heat map.
struct FigureData {
  private let figure: Figure

  init(_ figure: Figure) { self.figure = figure }

  /// The files by path, for a picture at `picture`.
  func files(besides picture: String) -> [(path: String, text: String)] {
    let stem = (picture as NSString).deletingPathExtension
    var files: [(String, String)] = []
    if figure.panels.contains(where: { !$0.series.isEmpty }) { files.append((stem + ".csv", seriesText)) }
    let maps = figure.panels.enumerated().compactMap { index, panel in panel.heatMap.map { (index, $0) } }
    for (index, map) in maps {
      let isAlone = maps.count == 1 && files.isEmpty
      files.append((stem + (isAlone ? ".csv" : "-panel\(index + 1).csv"), text(of: map)))
    }
    return files
  }

  /// `panel,series,x,y,lower,upper`, with empty fields where a series has no such numbers.
  private var seriesText: String {
    var text = "panel,series,x,y,lower,upper\n"
    for (index, panel) in figure.panels.enumerated() {
      let name = (panel.title ?? panel.y.label ?? "\(index + 1)").csvField
      for series in panel.series {
        let start = "\(name),\(series.name.csvField),"
        for row in series.x.indices {
          text += start
          text += [[series.x[row]], series.y.at(row), series.lower.at(row), series.upper.at(row)]
            .map { $0.first.map(Self.number) ?? "" }.joined(separator: ",")
          text += "\n"
        }
      }
    }
    return text
  }

  private func text(of map: HeatMap) -> String {
    var text = "x,y,value\n"
    for (row, y) in map.y.enumerated() {
      for (column, x) in map.x.enumerated() {
        text += "\(Self.number(x)),\(Self.number(y)),\(Self.number(map.values[row * map.x.count + column]))\n"
      }
    }
    return text
  }

  /// A number as short as it can be read back exactly; one that is not finite is an empty field.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    return Int(exactly: value).map(String.init) ?? value.description
  }
}

extension String {
  /// The text as a field of CSV: RFC 4180.
  package var csvField: String {
    guard contains(where: { ",\"\n\r".contains($0) || $0 == "\r\n" }) else { return self }
    return "\"" + replacing("\"", with: "\"\"") + "\""
  }
}

extension [[String]] {
  /// The rows as lines of CSV, without an end of the last.
  package var csvText: String {
    map { $0.map(\.csvField).joined(separator: ",") }.joined(separator: "\n")
  }
}

extension [Double] {
  /// The element at an index alone, or none.
  fileprivate func at(_ index: Int) -> ArraySlice<Double> { index < count ? self[index...index] : [] }
}
