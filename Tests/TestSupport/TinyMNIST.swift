import Foundation

/// The bytes of an IDX file of unsigned bytes.
package func idx(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
  let lengths = shape.flatMap { length in [24, 16, 8, 0].map { UInt8(length >> $0 & 255) } }
  return [0, 0, 8, UInt8(shape.count)] + lengths + bytes
}

/// Writes the four files of a data set like MNIST, with 20 images to train with and 10 to test with, of every class
/// alike; all pixels of image k are 5k.
package func writeTinyMNIST(to folder: String) throws {
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  for (name, count) in [("train", 20), ("t10k", 10)] {
    let pixels = (0..<count).flatMap { [UInt8](repeating: UInt8(5 * $0), count: 784) }
    let labels = (0..<count).map { UInt8($0 % 10) }
    for (kind, bytes) in [
      ("images-idx3", idx([count, 28, 28], pixels)), ("labels-idx1", idx([count], labels)),
    ] {
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)-\(kind)-ubyte"))
    }
  }
}
