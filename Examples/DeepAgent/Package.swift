// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "deep-lab",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "deep-lab", targets: ["DeepLab"])],
  dependencies: [.package(name: "bandit-sim", path: "../..")],
  targets: [
    .executableTarget(
      name: "DeepLab",
      dependencies: [
        .product(name: "BanditAgentKit", package: "bandit-sim"),
        .product(name: "BanditSim", package: "bandit-sim"),
      ]),
    .testTarget(
      name: "DeepLabTests",
      dependencies: ["DeepLab", .product(name: "BanditTesting", package: "bandit-sim")]),
  ],
  swiftLanguageModes: [.v6]
)
