import BanditFigures
import Testing

@Suite("Series")
struct SeriesTests {
  @Test("A histogram's area is the share of values within its range")
  func histogram() {
    func area(_ series: Series) -> Double {
      zip(series.x.indices.dropLast(), series.y).reduce(0) {
        $0 + $1.1 * (series.x[$1.0 + 1] - series.x[$1.0])
      }
    }
    let values = [-1, 0, 0.5, 1, 1.5, 2, 3, .nan]
    #expect(abs(area(.histogram("all", values: values, bins: 4)) - 1) < 1e-12)
    let part = Series.histogram("part", values: values, bins: 4, range: 0...2)
    #expect(part.x == [0, 0, 0.5, 1, 1.5, 2])
    #expect(part.y.first == 0 && part.y.last == 0)
    #expect(abs(area(part) - 5.0 / 7) < 1e-12)
    #expect(Series.histogram("none", values: [], bins: 2).y == [0, 0, 0, 0])
  }

  @Test("Colours come round again without the grey of the background")
  func colors() {
    let colors = (0..<14).map { SeriesColor.number($0) }
    #expect(colors[0] == .blue && colors[..<7] == colors[7...])
    #expect(Set(colors).count == 7 && !colors.contains(.gray))
  }
}
