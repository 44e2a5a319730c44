import Testing

@testable import BanditFigures

@Suite("Axes")
struct AxisTests {
  private func placed(_ axis: Axis, _ extent: ClosedRange<Double>?) -> PlacedAxis {
    PlacedAxis(axis, extent: extent, padding: 0, nearZero: 0)
  }

  private func labels(_ axis: Axis, length: Double = 140) -> [String] {
    Ticks(axis, placed: placed(axis, nil), length: length, extent: Ticks.lineExtent).marks.compactMap(\.label)
  }

  @Test("Linear, logarithmic and piecewise places are in proportion, by logarithm, and thirds by tens")
  func places() {
    #expect(placed(Axis(), 10...20).place(12.5) == 0.25)
    let log = placed(Axis(scale: .log), 1...10_000)
    #expect(log.place(100) == 0.5 && log.place(0).isNaN && log.place(-1).isNaN)
    let piecewise = placed(Axis(scale: .piecewise), 0...100_000)
    for (value, place) in [
      (0, 0), (500, 0.5), (1_000, 1), (5_500, 1.5), (10_000, 2), (55_000, 2.5), (100_000, 3), (1_000_000, 4),
      (-500, -0.5),
    ] as [(Double, Double)] {
      #expect(abs(piecewise.place(value) - place / 3) < 1e-12, "\(value)")
    }
    #expect(placed(Axis(), 0...1).place(.infinity).isNaN)
  }

  @Test("An axis without numbers, or with one alone, has a range")
  func degenerate() {
    for scale in [Axis.Scale.linear, .log, .piecewise] {
      for extent in [nil, 1...1, 1e-200...1e-200, 1e200...1e200] as [ClosedRange<Double>?] {
        let ends = placed(Axis(scale: scale), extent).ends
        #expect(ends.upperBound > ends.lowerBound)
      }
    }
    #expect(placed(Axis(), 0...0).ends == 0...1)
    #expect(placed(Axis(), -4 ... -4).ends == -6 ... -2)
  }

  @Test("A range that nearly begins at zero begins there; others keep a margin")
  func margins() {
    func ends(_ extent: ClosedRange<Double>) -> ClosedRange<Double> {
      PlacedAxis(Axis(), extent: extent, padding: 0.1, nearZero: 0.3).ends
    }
    #expect(ends(20...100) == 0...110)
    #expect(ends(50...100) == 45...105)
    #expect(ends(-100...0) == -110...0)
  }

  @Test("Ticks are at round numbers with grouped digits")
  func ticks() {
    #expect(labels(Axis(range: 0...50_000)) == ["0", "10,000", "20,000", "30,000", "40,000", "50,000"])
    #expect(labels(Axis(range: -0.3...0.31)) == ["−0.3", "−0.2", "−0.1", "0", "0.1", "0.2", "0.3"])
    #expect(labels(Axis(range: 0...4e8), length: 120) == ["0", "10⁸", "2×10⁸", "3×10⁸", "4×10⁸"])
    #expect(labels(Axis(range: 1...10_000, scale: .log)) == ["1", "10", "100", "1,000", "10,000"])
    #expect(
      labels(Axis(range: 1e-9...1e9, scale: .log)) == ["10⁻⁹", "10⁻⁶", "10⁻³", "1", "10³", "10⁶", "10⁹"])
    #expect(labels(Axis(range: 31...62, scale: .log)) == ["35", "40", "45", "50", "55", "60"])
    #expect(
      labels(Axis(range: 0...100_000, scale: .piecewise))
        == ["0", "500", "1,000", "5,000", "10,000", "50,000", "100,000"])
    #expect(
      labels(Axis(range: 0...1_500, scale: .piecewise)) == ["0", "200", "400", "600", "800", "1,000"])
    #expect(
      labels(Axis(range: 0...41_000, scale: .piecewise))
        == ["0", "500", "1,000", "5,000", "10,000", "40,000"])
    #expect(
      labels(Axis(range: -1...2, ticks: [.init(0, "first"), .init(9, "none"), .init(1, "x")])) == [
        "first", "x",
      ])
  }

  @Test(
    "Labels never touch", arguments: [Axis.Scale.linear, .log, .piecewise],
    [1e-7...3e-7, 1...3, 0.02...900, 5...70_000, 1...2e9])
  func distances(scale: Axis.Scale, range: ClosedRange<Double>) {
    let axis = Axis(range: range, scale: scale)
    for length in [60.0, 140, 400] {
      let ticks = Ticks(axis, placed: placed(axis, nil), length: length, extent: Ticks.wordExtent)
      let places = ticks.marks.filter { $0.label != nil }
      #expect(ticks.marks.allSatisfy { (0...1).contains($0.place) })
      for (a, b) in zip(places, places.dropFirst()) {
        let widths = [a, b].map { TextWidth.of($0.label ?? "", size: FigureFormat.typeSize) }
        #expect((b.place - a.place) * length > (widths[0] + widths[1]) / 2)
      }
    }
  }
}
