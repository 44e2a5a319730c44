import Foundation

/// What a picture is written as.
enum FigureFormat: String, CaseIterable {
  case svg, png, pdf

  /// The format that a file's name ends in.
  init?(path: String) {
    self.init(rawValue: (path as NSString).pathExtension.lowercased())
  }

  /// gnuplot's command that chooses the format, with lengths and type in points on all of them.
  func terminal(_ size: Figure.Size) -> String {
    let common = "font '\(Self.font),\(Self.typeSize)' noenhanced background '#ffffff'"
    switch self {
    case .svg:
      return "set terminal svg standalone size \(Int(size.width)),\(Int(size.height)) \(common)"
    case .png:
      // 300 dots an inch, where gnuplot takes 96 for type and 72 for lines.
      let scale = 300.0 / 72
      let pixels = [size.width, size.height].map { String(Int(($0 * scale).rounded())) }
      return "set terminal pngcairo size \(pixels.joined(separator: ",")) \(common) "
        + "fontscale \(scale * 0.75) linewidth \(scale) pointscale \(scale)"
    case .pdf:
      return "set terminal pdfcairo size \(size.width / 72)in,\(size.height / 72)in \(common) "
        + "fontscale 0.75 linewidth 2 pointscale 1"
    }
  }

  /// The size of dots 2.4 points wide, in gnuplot's units.
  var dotSize: Double { self == .svg ? 0.33 : 0.24 }

  /// The family that Debian's gnuplot packages bring with them.
  static let font = "DejaVu Sans"
  /// In points.
  static let typeSize = 7.5

  /// The bytes that every file of the format begins with.
  var magic: [UInt8] {
    switch self {
    case .svg: Array("<?xml".utf8)
    case .png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    case .pdf: Array("%PDF-".utf8)
    }
  }

  /// gnuplot's picture with its size in points, smooth edges, and no time of day.
  func finished(_ picture: Data) -> Data {
    switch self {
    case .png: return picture
    case .svg:
      let text = String(decoding: picture, as: UTF8.self)
        .replacing(#/width="([0-9.]+)" height="([0-9.]+)"/#, maxReplacements: 1) {
          "width=\"\($0.1)pt\" height=\"\($0.2)pt\""
        }
        .replacing("shape-rendering='crispEdges'", with: "shape-rendering='geometricPrecision'")
        .replacing("<image ", with: "<image style='image-rendering:optimizeSpeed;image-rendering:pixelated' ")
        .replacing(
          "font-family=\"\(Self.font)\"",
          with: "font-family=\"\(Self.font), Verdana, Helvetica, Arial, sans-serif\"")
      return Data(text.utf8)
    case .pdf:
      var data = picture
      // The same number of bytes, so that the file's table of offsets stays true.
      let start = Data("/CreationDate (D:".utf8)
      if let range = data.range(of: start) {
        let digits = data[range.upperBound...].prefix { (0x30...0x39).contains($0) }
        data.replaceSubrange(digits.indices, with: Data("20000101000000".utf8).prefix(digits.count))
      }
      return data
    }
  }
}
