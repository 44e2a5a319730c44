import Foundation
import Testing
import TestSupport

@testable import BanditFigures

@Suite("A gnuplot that is missing or fails")
struct GnuplotTests {
  private let figure = Figure(panels: [Panel(series: [.line("a", x: [0, 1], y: [2, 3])])])
  private let data = "panel,series,x,y,lower,upper\n1,a,0,2,,\n1,a,1,3,,\n"

  /// Draws with a shell script in gnuplot's place over an earlier picture, and gives the reason of the failure.
  private func failure(_ script: String, timeLimit: Int = 60) throws -> String {
    try withTemporaryDirectory { folder in
      let program = folder + "/gnuplot"
      try write("#!/bin/sh\n\(script)\n", to: program)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
      try write("earlier", to: folder + "/a.svg")
      let gnuplot = Gnuplot(searchPath: "/nowhere:\(folder)", timeLimit: timeLimit)
      let error = #expect(throws: FigureError.self) { try figure.write(to: folder + "/a.svg", with: gnuplot) }
      #expect(try text(of: folder + "/a.csv") == data)
      #expect(try text(of: folder + "/a.svg") == "earlier")
      guard case .gnuplotFailed(let reason, let files) = error else { return "\(error as Any)" }
      #expect(files == [folder + "/a.csv"])
      return reason
    }
  }

  @Test(
    "Without gnuplot the data are written, and the error says what to install", arguments: ["", "/nowhere"])
  func missing(searchPath: String) throws {
    try withTemporaryDirectory { folder in
      let error = #expect(throws: FigureError.self) {
        try figure.write(to: folder + "/a.png", with: Gnuplot(searchPath: searchPath))
      }
      #expect(error == .gnuplotMissing(data: [folder + "/a.csv"]))
      #expect(error?.description.contains("apt-get install gnuplot-nox") == true)
      let written = try text(of: folder + "/a.csv")
      #expect(written == data)
      #expect(!FileManager.default.fileExists(atPath: folder + "/a.png"))
    }
  }

  @Test("A failure tells gnuplot's last words, however many there are")
  func failing() throws {
    #expect(try failure("echo 'line 3: bad' >&2; exit 2") == "it ended with status 2: line 3: bad")
    let long = try failure("yes complaint 2>/dev/null | head -c 3000000 >&2; exit 1")
    #expect(long.hasSuffix("complaint; complaint; complaint"))
    #expect(try failure("kill -9 $$").hasPrefix("it was stopped by signal 9"))
  }

  @Test("A picture that is not whole or not a picture does not come to its place")
  func noPicture() throws {
    #expect(try failure("exit 0") != "")
    #expect(try failure("echo text > picture") == "it left no svg")
  }

  @Test("A gnuplot that does not end is stopped")
  func endless() throws {
    #expect(try failure("exec sleep 600", timeLimit: 1) == "it did not end within 1 seconds")
  }

  @Test("A name without a format and a folder that is not there are clear errors")
  func names() throws {
    for name in ["a", "a.jpg", "svg", "a.svg.gz"] {
      #expect(throws: FigureError.unknownFormat(path: name)) { try figure.write(to: name) }
    }
    let error = #expect(throws: FigureError.self) { try figure.write(to: "/nowhere/a.svg") }
    #expect(
      error?.description
        == "/nowhere/a.csv: cannot be written: the folder '/nowhere' does not exist; create it first")
  }
}
