import Testing

@testable import BanditFigures

@Suite("What gnuplot is told")
struct GnuplotScriptTests {
  private func lines(_ figure: Figure, _ format: FigureFormat = .svg) -> [String] {
    GnuplotScript(figure, format: format).lines
  }

  @Test("Formats have the same size in points")
  func terminals() {
    let figure = Figure(panels: [Panel(), Panel()], columns: 2)
    #expect(lines(figure, .svg)[1].contains("svg standalone size 504,180 "))
    #expect(lines(figure, .png)[1].contains("pngcairo size 2100,750 "))
    #expect(lines(figure, .pdf)[1].contains("pdfcairo size 7.0in,2.5in "))
  }

  @Test("A panel is drawn from its data, from 0 to 1 between its axes, bottom first")
  func panel() throws {
    let series: [Series] = [
      .band("b", x: [0, 10], lower: [0, 0], upper: [5, 10], color: .vermilion, opacity: 0.25),
      .line("a", x: [0, 5, 10], y: [0, 10, 5], color: .green),
    ]
    let lines = lines(Figure(panels: [Panel(y: Axis(range: 0...10), series: series)]))
    let band = try #require(lines.firstIndex(of: "$panel0series0part0 << END"))
    #expect(
      lines[(band + 1)...(band + 5)] == [
        "0.00000 0.00000", "1.00000 0.00000", "1.00000 1.00000", "0.00000 0.50000", "END",
      ])
    let line = try #require(lines.firstIndex(of: "$panel0series1part0 << END"))
    #expect(
      lines[(line + 1)...(line + 4)] == ["0.00000 0.00000", "0.50000 1.00000", "1.00000 0.50000", "END"])
    let plot = try #require(lines.first { $0.hasPrefix("plot ") }).split(separator: "\n")
    #expect(plot[0].contains("filledcurves closed") && plot[0].contains("'#bfd55e00'"))
    #expect(plot[1].contains("with lines linewidth 1.2 linecolor rgb '#00009e73'"))
  }

  @Test("Texts stand on one line, with codes for all that gnuplot could look for")
  func quotes() {
    #expect(GnuplotScript.quoted("σ₁ = 0.5, 5–95") == "\"σ₁ = 0.5, 5–95\"")
    #expect(GnuplotScript.quoted("it's `x` \\ \"q\"") == #""it\0047s \140x\140 \134 \0042q\0042""#)
    #expect(GnuplotScript.quoted("a\nb\r\nc\u{0}\u{85}") == "\"a b  c  \"")
    let hostile = "\"'\nsystem 'x'\n$d << END\n`x`"
    let panel = Panel(title: hostile, x: Axis(hostile), series: [.points(hostile, x: [0], y: [0])])
    for line in lines(Figure(title: hostile, panels: [panel])) {
      #expect([0, 2].contains(line.count { $0 == "\"" }))
      #expect(!line.hasPrefix("system") && !line.hasPrefix("$d") && !line.contains("`"))
    }
  }

  @Test("Panels with the same legend share it under all of them, others have their own")
  func legends() {
    func count(_ names: [String]) -> Int {
      let panels = names.map { Panel(series: [.line($0, x: [0, 1], y: [0, 1])]) }
      return lines(Figure(panels: panels, columns: 2)).count { $0.hasPrefix("set label \"agent") }
    }
    #expect(count(["agent", "agent", "agent"]) == 1)
    #expect(count(["agent 1", "agent 2"]) == 2)
  }

  @Test("Nothing of a legend is beyond the edges, and it never covers a plot")
  func legendPlaces() {
    for length in [1, 20, 200] {
      for count in [1, 5, 12] {
        let names = (0..<count).map { String(repeating: "name ", count: length) + "\($0)" }
        let panel = Panel(x: Axis("step"), series: names.map { .line($0, x: [0, 1], y: [0, 1]) })
        let layout = Layout(Figure(panels: [panel]))
        let place = layout.places[0]
        #expect(place.legend.items.count == count)
        for item in place.legend.items {
          let widths = item.lines.map { TextWidth.of($0, size: FigureFormat.typeSize) }
          let end = Legend.textX(item) + (widths.max() ?? 0)
          #expect(item.x >= 0 && Layout.legendLeft(place.cell) + end <= layout.size.width)
          let below = Double(item.lines.count - 1) * Legend.lineHeight
          #expect(place.cell.bottom + item.y + below <= layout.size.height)
        }
        #expect(place.plot.bottom < place.cell.bottom && place.plot.height > 100)
      }
    }
  }

  @Test("Long titles, labels and names are broken into lines, whole up to four of them")
  func longTexts() {
    let words =
      "expected regret less that of epsilon-greedy minibatches=8 prefill=4096 batchSize=512 and more"
    #expect(TextWidth.lines("short", size: 8, to: 100) == ["short"])
    for limit in [60.0, 150, 200] {
      let lines = TextWidth.lines(words, size: 8, to: limit)
      #expect(lines.allSatisfy { TextWidth.of($0, size: 8) <= limit })
      #expect(lines.count > 1 && lines.count <= 4)
      #expect((lines.joined(separator: " ") == words) == (limit > 100))
    }
    #expect(TextWidth.lines("abcdefgh", size: 10, to: 20).joined() == "abcdefgh")
    let panel = Panel(title: words, y: Axis(words), series: [.line(words, x: [0, 1], y: [0, 1])])
    let drawn = lines(Figure(title: words, panels: [panel]))
      .filter { $0.hasPrefix("set label") }.joined()
    #expect(!drawn.contains("…"))
    let layout = Layout(Figure(panels: [panel]))
    let place = layout.places[0]
    #expect(place.yLabel.count > 1 && place.title.count > 1)
    // The words have room beside the numbers.
    #expect(place.plot.left - place.cell.left > Double(place.yLabel.count) * Layout.labelLine + 10)
    #expect(place.plot.top - place.cell.top > Double(place.title.count) * Layout.panelTitleLine)
  }

  @Test("Where a piecewise scale changes there is a dashed line and a mark through the axis, elsewhere none")
  func breaks() {
    func count(_ scale: Axis.Scale, _ most: Double) -> Int {
      lines(Figure(panels: [Panel(y: Axis(range: 0...most, scale: scale))]))
        .count { $0.hasPrefix("set arrow") && $0.contains("dashtype") }
    }
    #expect(count(.piecewise, 50_000) == 2 && count(.piecewise, 900) == 0 && count(.linear, 50_000) == 0)
    #expect(count(.piecewise, 100_000) == 2)
  }

  @Test("A map of classes has the colours of the series of these numbers")
  func classes() {
    let map = HeatMap(x: [0, 1], y: [0], values: [0, 2], palette: .classes)
    let lines = lines(Figure(panels: [Panel(heatMap: map)]))
    #expect(lines.contains { $0.hasPrefix("set palette defined (0 '#0072b2', 1 '#0072b2', 1 '#d55e00',") })
    #expect(lines.contains("set cbrange [-0.5:6.5]"))
  }
}
