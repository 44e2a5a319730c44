import Foundation

extension Error {
  /// The error as a sentence for a user; one of the system's libraries says what its number means, and of which file.
  package var sentence: String {
    let error = self as NSError
    guard [NSCocoaErrorDomain, NSPOSIXErrorDomain].contains(error.domain) else { return "\(self)" }
    let file = error.userInfo[NSFilePathErrorKey] as? String ?? (error.userInfo[NSURLErrorKey] as? URL)?.path
    return (file.map { "\($0): " } ?? "") + systemReason
  }

  /// What the system says went wrong, without the file.
  package var systemReason: String {
    let error = self as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    if cause.domain == NSPOSIXErrorDomain { return POSIXFile.explanation(of: Int32(cause.code)) }
    guard error.domain == NSCocoaErrorDomain else { return "\(self)" }
    return switch error.code {
    case CocoaError.fileNoSuchFile.rawValue, CocoaError.fileReadNoSuchFile.rawValue:
      POSIXFile.explanation(of: ENOENT)
    case CocoaError.fileReadNoPermission.rawValue, CocoaError.fileWriteNoPermission.rawValue:
      POSIXFile.explanation(of: EACCES)
    case CocoaError.fileWriteFileExists.rawValue: POSIXFile.explanation(of: EEXIST)
    case CocoaError.fileWriteOutOfSpace.rawValue: POSIXFile.explanation(of: ENOSPC)
    case CocoaError.fileWriteVolumeReadOnly.rawValue: POSIXFile.explanation(of: EROFS)
    default: "the system refused it; check the path, its permissions and the limits on open files (ulimit -n)"
    }
  }
}
