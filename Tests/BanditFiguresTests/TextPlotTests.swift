import BanditFigures
import Foundation
import Testing

@Suite("Curves as text")
struct TextPlotTests {
  private func number(_ value: Double) -> String { String(Int(value)) }

  @Test("Two curves look as committed")
  func snapshot() {
    let x = (0...100).map { Double($0) * 500 }
    let drawing = TextPlot.drawing(
      [(x: x, y: x.map { 6_500 * (1 - exp(-$0 / 5_000)) }), (x: x, y: x.map { $0 / 10 })], width: 40,
      height: 6,
      number: number)
    #expect(
      drawing == """
        6499 ┤       ⢀⣀⠤⠤⠒⠒⠒⠒⠊⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉
             │    ⢀⠤⠚⠁                           ⣀⣀⠤⠤⠒
             │   ⡔⠉                    ⢀⣀⣀⠤⠤⠔⠒⠊⠉⠉
             │ ⢀⠔⠁             ⣀⣀⡠⠤⠔⠒⠚⠉⠉
             │ ⡎      ⣀⣀⡠⠤⠔⠒⠊⠉⠉
           0 ┤⣰⡥⠤⠔⠒⠒⠉⠉
             0                                   50000
        """)
  }

  @Test("Nothing to draw is no drawing, and a flat line lies on its axis")
  func degenerate() {
    #expect(TextPlot.drawing([], number: number) == "")
    #expect(TextPlot.drawing([(x: [1], y: [.nan])], number: number) == "")
    let flat = TextPlot.drawing([(x: [1, 2], y: [0, 0])], width: 4, height: 2, number: number)
    #expect(flat == "1 ┤\n0 ┤  ⣀⣀\n  0   2")
  }

  @Test("Values below zero move the bottom, and every line is as wide as it may be")
  func negative() {
    let lines = TextPlot.drawing([(x: [1, 50], y: [-20, 30])], width: 30, height: 5, number: number)
      .split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines[0].hasPrefix(" 30 ┤") && lines[4].hasPrefix("-20 ┤"))
    #expect(lines.allSatisfy { $0.count <= 35 })
  }
}
