public import BanditFiles

/// Images of one size, each with its class.
public struct LabelledImages: Hashable, Sendable {
  /// The pixels of all images, image by image and row by row: `count` × `pixelCount` bytes from 0 to 255.
  public let pixels: [UInt8]
  /// The class of each image, counted from 0.
  public let labels: [UInt8]
  /// The height and width of an image, in pixels; three lengths where there are colours.
  public let imageShape: [Int]

  /// The number of images.
  public var count: Int { labels.count }
  /// The number of bytes of an image.
  public var pixelCount: Int { imageShape.reduce(1, *) }

  /// The bytes of one image.
  public subscript(image: Int) -> ArraySlice<UInt8> {
    pixels[(image * pixelCount)..<((image + 1) * pixelCount)]
  }

  /// The SHA-256 of the two files, uncompressed.
  package var digests: (images: String, labels: String) {
    (
      IDX.sha256(shape: [count] + imageShape, bytes: pixels), IDX.sha256(shape: [count], bytes: labels)
    )
  }

  /// Reads a pair of IDX files, gzip or plain: images of two or three lengths behind their count, and their labels.
  ///
  /// - Throws: `DataFileError` for a file that is missing or no such IDX, and where the counts differ.
  public init(imagesPath: String, labelsPath: String) throws(DataFileError) {
    // The labels first: they are small, and tell how many images there have to be.
    let labels = try IDX.read(atPath: labelsPath)
    guard labels.shape.count == 1 else {
      throw DataFileError(
        file: labelsPath,
        reason: "has \(labels.shape.count) lengths; labels have one. Are the files exchanged?")
    }
    let images = try IDX.read(atPath: imagesPath)
    guard (2...4).contains(images.shape.count) else {
      throw DataFileError(
        file: imagesPath, reason: "has one length; images have two to four. Are the files exchanged?")
    }
    guard images.shape[0] == labels.shape[0] else {
      throw DataFileError(
        file: imagesPath, reason: "has \(images.shape[0]) images, \(labelsPath) \(labels.shape[0]) labels")
    }
    pixels = images.bytes
    self.labels = labels.bytes
    imageShape = Array(images.shape[1...])
  }
}
