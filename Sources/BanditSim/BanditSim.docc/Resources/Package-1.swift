// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "my-lab",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "my-lab", targets: ["MyLab"])],
  dependencies: [.package(name: "bandit-sim", path: "../..")],
  targets: [
    .executableTarget(name: "MyLab", dependencies: [.product(name: "BanditSim", package: "bandit-sim")]),
    .testTarget(
      name: "MyLabTests",
      dependencies: ["MyLab", .product(name: "BanditTesting", package: "bandit-sim")]),
  ],
  swiftLanguageModes: [.v6]
)
