import Foundation
import Testing
import TestSupport

@testable import BanditFigures

@Suite("A figure's data as CSV")
struct FigureDataTests {
  @Test("All series stand in one table, with empty fields where a series has no such numbers")
  func series() throws {
    let panel = Panel(
      title: "Fit, \"all\"",
      series: [
        .band("5–95 %", x: [0, 0.5], lower: [-1, -0.25], upper: [1, .nan]),
        .line("median", x: [0, 0.5], y: [0.1, 1e-9]),
      ])
    let files = FigureData(Figure(panels: [panel, Panel(series: [.points("data", x: [3], y: [4])])]))
      .files(besides: "a.b/fit.svg")
    #expect(files.map(\.path) == ["a.b/fit.csv"])
    #expect(
      files[0].text == """
        panel,series,x,y,lower,upper
        "Fit, ""all""\",5–95 %,0,,-1,1
        "Fit, ""all""\",5–95 %,0.5,,-0.25,
        "Fit, ""all""\",median,0,0.1,,
        "Fit, ""all""\",median,0.5,1e-09,,
        2,data,3,4,,

        """)
  }

  @Test("A heat map has a table of its own")
  func heatMap() throws {
    let map = HeatMap(x: [0, 1], y: [5], values: [0.5, .nan])
    let alone = FigureData(Figure(panels: [Panel(heatMap: map)])).files(besides: "map.pdf")
    #expect(alone.map(\.path) == ["map.csv"])
    #expect(alone[0].text == "x,y,value\n0,5,0.5\n1,5,\n")
    let both = Figure(panels: [Panel(series: [.line("a", x: [], y: [])]), Panel(heatMap: map)])
    #expect(FigureData(both).files(besides: "map.pdf").map(\.path) == ["map.csv", "map-panel2.csv"])
  }
}
