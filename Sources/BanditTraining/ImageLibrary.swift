public import BanditData
package import BanditFiles
import Synchronization

/// The images that trainings and analyses share: there is one copy of each set in a process.
public final class ImageLibrary: Sendable {
  private struct Key: Hashable {
    let name: MNISTData.Name
    let pixelScale: PixelScale
    /// Training images kept for validation; −1 for test images.
    let validationImages: Int
  }

  private struct Split {
    let training: Examples
    let validation: Examples?
  }

  private let folders: DataFolders
  private let tests = Mutex<[Key: Examples]>([:])
  private let splits = Mutex<[Key: Split]>([:])

  /// Creates a library of the files in these folders.
  public init(folders: DataFolders = DataFolders()) { self.folders = folders }

  /// The images of a task.
  ///
  /// - Throws: `DataFileError` where the files are missing or wrong, or have too few images to keep some for validation.
  package func examples(_ task: MNISTTask) throws(DataFileError) -> MNISTExamples {
    let key = Key(name: .digits, pixelScale: task.pixelScale, validationImages: task.validationImages)
    // Others wait meanwhile: reading twice would take the memory twice.
    let split = try splits.withLock { splits throws(DataFileError) in
      if let known = splits[key] { return known }
      let read = try read(key)
      splits[key] = read
      return read
    }
    return MNISTExamples(
      training: split.training, validation: split.validation, test: try test(.digits, task.pixelScale))
  }

  /// The test images of a data set.
  ///
  /// - Throws: `DataFileError` where the files are missing or wrong.
  package func test(_ name: MNISTData.Name, _ pixelScale: PixelScale) throws(DataFileError) -> Examples {
    let key = Key(name: name, pixelScale: pixelScale, validationImages: -1)
    return try tests.withLock { tests throws(DataFileError) in
      if let known = tests[key] { return known }
      let images = try MNISTData.load(name, folders: folders).test
      let read = Examples(images, 0..<images.count, pixelScale)
      tests[key] = read
      return read
    }
  }

  private func read(_ key: Key) throws(DataFileError) -> Split {
    let images = try MNISTData.load(key.name, folders: folders).training
    let left = images.count - key.validationImages
    guard left > 0 else {
      throw DataFileError(
        file: key.name.rawValue,
        reason:
          "has \(images.count) training images, of which \(key.validationImages) validate; none are left")
    }
    return Split(
      training: Examples(images, 0..<left, key.pixelScale),
      validation: key.validationImages > 0 ? Examples(images, left..<images.count, key.pixelScale) : nil)
  }
}

extension Examples {
  /// Some images as inputs, each with its class.
  package init(_ images: LabelledImages, _ range: Range<Int>, _ scale: PixelScale) {
    let inputs = (0...255).map { scale.input(Float($0) / 255) }
    let pixels = images.pixelCount
    let bytes = images.pixels[(range.lowerBound * pixels)..<(range.upperBound * pixels)]
    self.init(
      columns: pixels, features: bytes.map { inputs[Int($0)] }, targets: images.labels[range].map(Float.init))
  }
}
