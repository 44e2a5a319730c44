/// Replaces a file by another in one instant: whatever stops the program, its name leads to the old or the new bytes.
///
/// The bytes are written to a file beside it, `<path>.partial`, synced and renamed; a partial file that a kill has left
/// is removed by the next replacement, and so is a link that somebody planted there.
public func replaceFile(atPath path: String, with bytes: [UInt8]) throws(DataFileError) {
  try replaceFile(atPath: path, with: bytes, write: POSIXFile.systemWrite)
}

package func replaceFile(
  atPath path: String, with bytes: [UInt8], write: POSIXFile.Write
) throws(DataFileError) {
  let partial = path + ".partial"
  let descriptor: Int32
  do { descriptor = try POSIXFile.createAnew(partial) } catch {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    guard POSIXFile.size(folder) == nil else { throw DataFileError(file: path, reason: error.reason) }
    throw DataFileError(
      file: path, reason: "cannot be written: the folder '\(folder)' does not exist; create it first")
  }
  var stopped = POSIXFile.writeAll(bytes, to: descriptor, with: write) ?? POSIXFile.sync(descriptor)
  let closing = POSIXFile.release(descriptor)
  stopped = stopped ?? closing ?? POSIXFile.rename(partial, to: path)
  guard let stopped else { return }
  POSIXFile.remove(partial)
  throw POSIXFile.failure(path, stopped)
}
