import BanditCore
import BanditData
import BanditEnvironments
import BanditNumerics
import TestSupport
import Testing

@Suite("MNIST as a bandit")
struct MNISTTests {
  private func make(_ change: (inout MNIST.Configuration) -> Void) throws -> MNIST {
    var configuration = MNIST.Configuration()
    change(&configuration)
    return try MNIST(configuration: configuration, stream: RandomStream(seed: 1))
  }

  @Test("Both sets of images are played, from the folder said")
  func splits() throws {
    try withTemporaryDirectory { folder in
      try writeTinyMNIST(to: "\(folder)/mnist")
      for (split, count) in [(MNIST.Split.training, 20), (.test, 10)] {
        var environment = try make {
          $0.folder = folder
          $0.split = split
        }
        #expect(environment.spec.featureCount == 784)
        #expect(environment.spec.actionCount == 10)
        var observation = Observation(environment.spec)
        var seen: Set<Int> = []
        for _ in 0..<500 {
          environment.observe(into: &observation)
          let image = Int((observation.features[783] * 51).rounded())
          seen.insert(image)
          #expect(observation.features.allSatisfy { $0 == Float(5 * image) / 255 })
          #expect(environment.step(image % 10).reward == 1)
          #expect(environment.step((image + 1) % 10).reward == 0)
        }
        #expect(seen == Set(0..<count))
      }
    }
  }

  @Test("Clothes have their own folder and names")
  func fashion() throws {
    try withTemporaryDirectory { folder in
      try writeTinyMNIST(to: "\(folder)/fashion-mnist")
      let environment = try make {
        $0.folder = folder
        $0.images = .fashion
      }
      #expect(environment.spec.actionNames.last == "ankle-boot")
      #expect(environment.spec.counters.map(\.name).contains("wrong_ankle_boot"))
    }
  }

  @Test(
    "The published test images have the labels published",
    .enabled(if: FullMNIST.folder != nil, "\(FullMNIST.need)"))
  func published() throws {
    var environment = try make {
      $0.folder = FullMNIST.folder ?? ""
      $0.split = .test
    }
    let images = try MNISTData.images(split: .test, folders: DataFolders(given: FullMNIST.folder ?? ""))
    let labels = Dictionary(
      (0..<images.count).map { (Array(images[$0]), Int(images.labels[$0])) },
      uniquingKeysWith: { first, _ in first })
    var observation = Observation(environment.spec)
    for _ in 0..<300 {
      environment.observe(into: &observation)
      let bytes = observation.features.map { UInt8(($0 * 255).rounded()) }
      #expect(environment.audit().bestAction == labels[bytes])
    }
  }
}
