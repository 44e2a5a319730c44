import Foundation

/// Where tests that need the full data set find it.
///
/// Its folder is in `BANDIT_SIM_DATA`, or in `shared/data` beside the repository. Tests without it are skipped and
/// say so.
package enum FullMNIST {
  /// What a skipped test says.
  package static let need = "needs the full MNIST: set BANDIT_SIM_DATA, or put it into ../shared/data/mnist"

  /// The folder, if it is there.
  package static let folder: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let given = ProcessInfo.processInfo.environment["BANDIT_SIM_DATA"]
    let folders: [String?] = [given, root.deletingLastPathComponent().appending(path: "shared/data").path]
    return folders.compactMap(\.self).first { folder in
      FileManager.default.fileExists(atPath: "\(folder)/mnist/train-images-idx3-ubyte.gz")
    }
  }()
}
