import Foundation
import Testing
import TestSupport

@testable import BanditFigures

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Pictures that gnuplot draws")
struct RenderingTests {
  /// The texts of an SVG file; throws where it is not XML.
  private final class Texts: NSObject, XMLParserDelegate {
    private(set) var texts: [String] = []

    init(parsing bytes: [UInt8]) throws {
      super.init()
      let parser = XMLParser(data: Data(bytes))
      parser.delegate = self
      guard parser.parse() else { throw CocoaError(.propertyListReadCorrupt) }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
      texts[texts.count - 1] += string
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      texts.append("")
    }
  }

  @Test(
    "Every kind of picture is a whole file in each format, small, and the same bytes twice",
    arguments: Gallery.all.map(\.name), FigureFormat.allCases)
  func formats(name: String, format: FigureFormat) throws {
    let figure = try #require(Gallery.all.first { $0.name == name }).figure
    try withTemporaryDirectory { folder in
      let files = try ["a", "b"].map { try figure.write(to: "\(folder)/\($0).\(format.rawValue)") }
      #expect(files[0].first == "\(folder)/a.\(format.rawValue)")
      let bytes = try contents(of: files[0][0])
      #expect(bytes.starts(with: format.magic))
      #expect(try bytes == contents(of: files[1][0]))
      #expect(bytes.count < 200_000)
      switch format {
      case .svg:
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
          text.contains(
            "width=\"\(Int(figure.panelSize.width) * min(figure.columns, figure.panels.count))pt\""))
        #expect(try Texts(parsing: bytes).texts.count > 10)
      case .png: #expect(bytes.suffix(8) == [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])
      case .pdf: #expect(String(decoding: bytes.suffix(8), as: UTF8.self).contains("%%EOF"))
      }
    }
  }

  @Test("Curves of 50,000 steps make small pictures")
  func manySteps() throws {
    let script = GnuplotScript(Gallery.curves(.linear, count: 50_000), format: .svg).script
    let picture = try Gnuplot().draw(script, format: .svg)
    #expect(picture.count < 200_000)
    #expect(try Texts(parsing: Array(picture)).texts.count > 10)
  }

  @Test("Texts are drawn as they are: neither commands, nor escapes, nor markup")
  func hostileTexts() throws {
    try withTemporaryDirectory { folder in
      let trap = "/tmp/" + UUID().uuidString.prefix(13)
      let texts = [
        "a'b''c", "x`touch \(trap)`", "\\n\\t\"q\" %d", "{/Bold b}^2_i", "<b>&amp; ]] >", "$(touch \(trap))",
        "1/2 -3 +4%5 6*7 #8",
        "@GPVAL_VERSION", "line\nset output '\(trap)'\nEND\n\u{1}\u{ffff}",
      ]
      let panels = texts.map {
        Panel(
          title: $0, x: Axis($0, ticks: [.init(0, $0)]), y: Axis($0),
          series: [.line($0, x: [0, 1], y: [0, 1])],
          heatMap: HeatMap(x: [0, 1], y: [0, 1], values: [0, 1, 2, 3], label: $0))
      }
      let figure = Figure(
        title: texts[0], panels: panels, columns: 2, panelSize: .init(width: 900, height: 600))
      try figure.write(to: folder + "/a.svg")
      let drawn = try Texts(parsing: contents(of: folder + "/a.svg")).texts
      for text in texts.dropLast() {
        let count = drawn.count { $0.trimmingCharacters(in: .whitespacesAndNewlines) == text }
        // Title, two axes, a tick, the legend and the scale of colours.
        #expect(count >= 6, "\(text): \(count)")
      }
      #expect(drawn.contains { $0.hasPrefix("line set output '\(trap)' END") })
      #expect(!FileManager.default.fileExists(atPath: trap))
    }
  }

  @Test("Curves of all 64-bit numbers can be drawn")
  func extremes() throws {
    let values = [
      0, -1, 1, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, .greatestFiniteMagnitude, .nan, .infinity,
      -1e-300, 1e16,
    ]
    try withTemporaryDirectory { folder in
      let scales = [Axis.Scale.linear, .log, .piecewise]
      let panels = scales.flatMap { x in
        scales.map { y in
          Panel(
            x: Axis(scale: x), y: Axis(scale: y),
            series: [
              .line("line", x: values, y: values), .points("points", x: values, y: values.reversed()),
              .band("band", x: values, lower: values, upper: values.reversed()),
              .bars("bars", x: values, y: values),
            ])
        }
      }
      try Figure(panels: panels, columns: 3).write(to: folder + "/a.svg")
      #expect(try Texts(parsing: contents(of: folder + "/a.svg")).texts.count > 10)
    }
  }
}
