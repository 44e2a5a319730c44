import Foundation
import TestSupport
import Testing

@testable import BanditData
@testable import BanditFiles

@Suite("MNIST's files")
struct MNISTTests {
  private let fileNames = DownloadedData.mnist.files.map(\.name)

  private func images(_ count: Int, first: UInt8 = 0, side: Int = 28) -> [UInt8] {
    let pixels = (0..<(count * side * side)).map { UInt8(truncatingIfNeeded: $0) &+ first }
    return idx([count, side, side], pixels)
  }

  /// Writes four tiny files: three images to train with, two to test with.
  private func writeFiles(_ folder: String, packed: Bool = false, first: UInt8 = 0) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let files = [images(3, first: first), idx([3], [7, 0, 9]), images(2), idx([2], [1, 2])]
    for (name, bytes) in zip(fileNames, files) {
      let path = "\(folder)/\(name)" + (packed ? ".gz" : "")
      try write(packed ? Gzip.member(of: bytes) : bytes, to: path)
    }
  }

  private func folders(given: String? = nil, cache: String = "/nonexistent") -> DataFolders {
    var environment = ["XDG_CACHE_HOME": cache]
    environment[DataFolders.variable] = given
    return DataFolders(environment: environment)
  }

  private func reason(_ folders: DataFolders, _ name: MNISTData.Name = .digits) -> String? {
    dataFileError { () throws(DataFileError) in _ = try MNISTData.load(name, folders: folders) }?.reason
  }

  @Test("The four files are read, plain and packed", arguments: [false, true])
  func reading(packed: Bool) throws {
    try withTemporaryDirectory { directory in
      try writeFiles("\(directory)/mnist", packed: packed)
      let data = try MNISTData.load(folders: folders(given: directory))
      #expect(data.training.count == 3)
      #expect(data.training.labels == [7, 0, 9])
      #expect(data.training.imageShape == [28, 28])
      #expect(data.training.pixels.count == 3 * MNISTData.pixelCount)
      #expect(data.training[1].first == UInt8(784 % 256))
      #expect(data.test.count == 2)
      #expect(data.test.labels == [1, 2])
    }
  }

  @Test("The folder given comes before the cache, its subfolder before itself")
  func order() throws {
    try withTemporaryDirectory { directory in
      func first(_ folders: DataFolders) throws -> UInt8? {
        try MNISTData.load(folders: folders).training.pixels.first
      }
      let cache = "\(directory)/cache"
      let given = "\(directory)/given"
      try writeFiles("\(cache)/bandit-sim/mnist", first: 1)
      #expect(try first(folders(given: given, cache: cache)) == 1)
      try writeFiles(given, first: 2)
      #expect(try first(folders(given: given, cache: cache)) == 2)
      try writeFiles("\(given)/mnist", first: 3)
      #expect(try first(folders(given: given, cache: cache)) == 3)
    }
  }

  @Test("Digits that lie in the folder given itself are never taken for clothes")
  func fashionIsNotDigits() throws {
    try withTemporaryDirectory { directory in
      try writeFiles(directory)
      let candidates = folders(given: directory).candidates("fashion-mnist", ownsRoot: false, package: nil)
      #expect(candidates == ["\(directory)/fashion-mnist", "/nonexistent/bandit-sim/fashion-mnist"])
      try writeFiles("\(directory)/fashion-mnist", first: 9)
      let data = try MNISTData.load(.fashion, folders: folders(given: directory))
      #expect(data.training.pixels.first == 9)
    }
  }

  @Test("What is not the published data set does not verify")
  func verification() throws {
    try withTemporaryDirectory { directory in
      let set = try DataCatalogue.all.named("mnist")
      let folders = folders(given: directory)
      func reason() -> String? {
        dataFileError { () throws(DataFileError) in _ = try set.verify(folders: folders) }?.description
      }
      #expect(!set.isHere(folders: folders))
      #expect(reason()?.hasPrefix("mnist: its files were not found in \(directory)/mnist, ") == true)
      try writeFiles("\(directory)/mnist")
      #expect(set.isHere(folders: folders))
      #expect(
        reason()
          == "\(directory)/mnist/\(fileNames[0]): has 2368 bytes uncompressed instead of 47040016")
    }
  }

  @Test("The published files verify", .enabled(if: FullMNIST.folder != nil, "\(FullMNIST.need)"))
  func fullVerification() throws {
    let folder = try #require(FullMNIST.folder)
    let found = try DataCatalogue.all.named("mnist").verify(folders: folders(given: folder))
    #expect(found == "mnist: 4 files in \(folder)/mnist, sizes and SHA-256 as expected")
  }

  @Test("Missing files are named, with where they were looked for and what gets them")
  func missing() throws {
    try withTemporaryDirectory { directory in
      let advice = "run 'bandit-sim data fetch mnist', or set BANDIT_SIM_DATA to a folder that has them"
      let cache = "/nonexistent/bandit-sim/mnist"
      #expect(reason(folders()) == "its files were not found in \(cache); \(advice)")
      try writeFiles("\(directory)/mnist")
      try FileManager.default.removeItem(atPath: "\(directory)/mnist/t10k-labels-idx1-ubyte")
      #expect(
        reason(folders(given: directory)) == """
          its files were not found in \(directory)/mnist (which lacks t10k-labels-idx1-ubyte), \
          \(directory), \(cache); \(advice)
          """)
    }
  }

  @Test("Counts that differ, exchanged files, other sizes and impossible labels are refused")
  func contradictions() throws {
    try withTemporaryDirectory { (directory) throws in
      func reason(images: [UInt8], labels: [UInt8]) throws -> String? {
        try writeFiles(directory)
        try write(images, to: "\(directory)/\(fileNames[0])")
        try write(labels, to: "\(directory)/\(fileNames[1])")
        return self.reason(folders(given: directory))
      }
      #expect(
        try reason(images: images(4), labels: idx([3], [1, 2, 3]))
          == "has 4 images, \(directory)/train-labels-idx1-ubyte 3 labels")
      #expect(
        try reason(images: idx([3], [1, 2, 3]), labels: images(3))
          == "has 3 lengths; labels have one. Are the files exchanged?")
      #expect(
        try reason(images: idx([3], [1, 2, 3]), labels: idx([3], [1, 2, 3]))
          == "has one length; images have two to four. Are the files exchanged?")
      #expect(
        try reason(images: images(3, side: 20), labels: idx([3], [1, 2, 3]))
          == "has images of 20 × 20 pixels; they must be of 28 × 28")
      #expect(
        try reason(images: images(3), labels: idx([3], [1, 10, 3]))
          == "has the label 10 for image 2; labels are from 0 to 9")
    }
  }

  @Test("The cache is the user's: XDG_CACHE_HOME, or .cache in the home")
  func cache() {
    func cache(_ environment: [String: String]) -> String { DataFolders(environment: environment).cache }
    #expect(cache(["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/bandit-sim")
    #expect(cache(["XDG_CACHE_HOME": "", "HOME": "/h"]) == "/h/.cache/bandit-sim")
    #expect(cache(["XDG_CACHE_HOME": "relative", "HOME": "/h"]) == "/h/.cache/bandit-sim")
    #expect(DataFolders(environment: ["BANDIT_SIM_DATA": ""]).given == nil)
  }

  @Test("The published digits have their counts", .enabled(if: FullMNIST.folder != nil, "\(FullMNIST.need)"))
  func full() throws {
    let data = try MNISTData.load(folders: folders(given: FullMNIST.folder))
    #expect(data.training.count == 60_000)
    #expect(data.test.count == 10_000)
    #expect(Array(data.training.labels[..<5]) == [5, 0, 4, 1, 9])
    let classes = (0..<10).map { label in data.training.labels.count { $0 == label } }
    #expect(classes == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    // The mean and deviation that others standardise with: 0.1307 and 0.3081 of 255.
    let sum = data.training.pixels.reduce(0) { $0 + Int($1) }
    let squares = data.training.pixels.reduce(0) { $0 + Int($1) * Int($1) }
    let count = Double(data.training.pixels.count)
    let mean = Double(sum) / count / 255
    #expect(abs(mean - 0.1307) < 5e-5)
    #expect(abs((Double(squares) / count / 65_025 - mean * mean).squareRoot() - 0.3081) < 5e-5)
  }
}
