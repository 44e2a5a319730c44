import Foundation

/// Why a figure could not be drawn, and what to do.
public enum FigureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's name ends in none of the formats.
  case unknownFormat(path: String)
  /// gnuplot is not installed; the data have been written.
  case gnuplotMissing(data: [String])
  /// gnuplot stopped or took too long; the data have been written.
  case gnuplotFailed(reason: String, data: [String])
  /// A file could not be written.
  case unwritable(path: String, reason: String)

  /// What the system says of a file or program, without the words of the libraries in between.
  static func reason(_ error: any Error) -> String {
    let error = error as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    guard cause.domain == NSPOSIXErrorDomain else {
      return "the system refused it; check the path, its permissions and the limits on open files"
    }
    return String(cString: strerror(Int32(cause.code)))
  }

  /// The sentence a user reads.
  public var description: String {
    switch self {
    case .unknownFormat(let path):
      "\(path): a picture's name ends in .svg, .png or .pdf"
    case .gnuplotMissing(let data):
      "gnuplot is not installed, so nothing was drawn; 'apt-get install gnuplot-nox' brings it. "
        + "The data are in \(data.joined(separator: ", "))"
    case .gnuplotFailed(let reason, let data):
      "gnuplot drew nothing: \(reason). The data are in \(data.joined(separator: ", "))"
    case .unwritable(let path, let reason):
      "\(path): cannot be written: \(reason)"
    }
  }
}
