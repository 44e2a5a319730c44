import Foundation

/// Images in MNIST's files that a network learns in a moment: class k is a bright bar on a ground of noise.
package enum BarMNIST {
  /// Writes the four files of a data set below a folder.
  package static func write(
    into folder: String, name: String = "mnist", training: Int = 120, test: Int = 40
  ) throws {
    let path = "\(folder)/\(name)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (prefix, count) in [("train", training), ("t10k", test)] {
      try save(idx([count, 28, 28], pixels(count)), to: "\(path)/\(prefix)-images-idx3-ubyte")
      try save(idx([count], (0..<count).map(label)), to: "\(path)/\(prefix)-labels-idx1-ubyte")
    }
  }

  private static func label(_ image: Int) -> UInt8 { UInt8(image * 7 % 10) }

  private static func pixels(_ count: Int) -> [UInt8] {
    var noise: UInt32 = 1
    return (0..<count).flatMap { image in
      (0..<784).map { pixel in
        noise = noise &* 1_664_525 &+ 1_013_904_223
        let isBar = pixel % 28 / 2 == Int(label(image)) + 2
        return UInt8(noise >> 27) + (isBar ? 200 : 0)
      }
    }
  }

  private static func save(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }
}
