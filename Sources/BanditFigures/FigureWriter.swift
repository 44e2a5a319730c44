import Foundation

extension Figure {
  /// Checks that a name ends in one of the formats, before the work for a figure is done.
  ///
  /// - Throws: `FigureError.unknownFormat`.
  public static func requireFormat(of path: String) throws(FigureError) {
    if FigureFormat(path: path) == nil { throw .unknownFormat(path: path) }
  }

  /// Draws the figure and writes its data beside it.
  ///
  /// The data are in `NAME.csv` beside `NAME.svg` (`panel,series,x,y,lower,upper`), and those of a heat map in
  /// `NAME-panelN.csv` (`x,y,value`). They are written before gnuplot is asked for the picture, which is put in its
  /// place only when it is whole. The same figure gives the same bytes.
  ///
  /// - Parameter path: where the picture goes; the name ends in `.svg`, `.png` or `.pdf`.
  /// - Returns: the files written, the picture first.
  /// - Throws: `FigureError`.
  @discardableResult
  public func write(to path: String) throws(FigureError) -> [String] {
    try write(to: path, with: Gnuplot())
  }

  func write(to path: String, with gnuplot: Gnuplot) throws(FigureError) -> [String] {
    guard let format = FigureFormat(path: path) else { throw .unknownFormat(path: path) }
    let data = FigureData(self).files(besides: path)
    for file in data { try Self.write(Data(file.text.utf8), to: file.path) }
    let files = data.map(\.path)
    let picture: Data
    do {
      picture = try gnuplot.draw(GnuplotScript(self, format: format).script, format: format)
    } catch {
      switch error {
      case .missing: throw .gnuplotMissing(data: files)
      case .failed(let reason): throw .gnuplotFailed(reason: reason, data: files)
      }
    }
    try Self.write(format.finished(picture), to: path)
    return [path] + files
  }

  /// Writes a file beside its place and renames it there, so that it is whole or absent.
  private static func write(_ data: Data, to path: String) throws(FigureError) {
    let folder = (path as NSString).deletingLastPathComponent
    if !folder.isEmpty && !FileManager.default.fileExists(atPath: folder) {
      throw .unwritable(path: path, reason: "the folder '\(folder)' does not exist; create it first")
    }
    do {
      try data.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: FigureError.reason(error))
    }
  }
}
