// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "bandit-sim",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "BanditSim", targets: ["BanditSim"]),
    .library(name: "BanditTesting", targets: ["BanditTesting"]),
    .executable(name: "bandit-sim", targets: ["bandit-sim"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CBanditKernels"),
    .target(name: "BanditNumerics", dependencies: ["CBanditKernels"]),
    .target(name: "BanditCore", dependencies: ["BanditNumerics"]),
    .target(name: "BanditLearning", dependencies: ["BanditNumerics", "CBanditKernels"]),
    .target(
      name: "BanditAgents", dependencies: ["BanditCore", "BanditLearning", "BanditNumerics"], path: "Agents"),
    .target(
      name: "BanditData", dependencies: ["BanditNumerics", "CZlib"], path: "Data",
      exclude: ["mnist/README.md", "mushroom/README.md"],
      resources: [.embedInCode("mushroom/agaricus-lepiota.data.gz"), .embedInCode("mnist/wheel.py")]),
    .target(
      name: "BanditEnvironments", dependencies: ["BanditCore", "BanditData", "BanditNumerics"],
      path: "Environments"),
    .target(
      name: "BanditExperiments",
      dependencies: ["BanditCore", "BanditData", "BanditFigures", "BanditLearning", "BanditNumerics"]),
    .target(name: "BanditFigures"),
    .target(name: "BanditTesting", dependencies: ["BanditCore", "BanditNumerics"]),
    .target(
      name: "BanditSim",
      dependencies: [
        "BanditAgents", "BanditCore", "BanditData", "BanditEnvironments", "BanditExperiments",
        "BanditFigures", "BanditNumerics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "bandit-sim", dependencies: ["BanditSim"]),
    .executableTarget(
      name: "BanditBenchmarks",
      dependencies: [
        "BanditAgents", "BanditCore", "BanditEnvironments", "BanditLearning", "BanditNumerics",
        "CBanditKernels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "BanditNumericsTests", dependencies: ["BanditNumerics", "CBanditKernels"]),
    .testTarget(
      name: "BanditLearningTests", dependencies: ["BanditLearning", "BanditNumerics", "CBanditKernels"],
      exclude: [
        "reference.py", "reference_convolution.py", "reference_linear.py", "reference_models.py",
      ],
      resources: [
        .embedInCode("reference.json"), .embedInCode("reference_convolution.json"),
        .embedInCode("reference_linear.json"),
        .embedInCode("reference_models.json"),
      ]),
    .testTarget(
      name: "BanditDataTests", dependencies: ["BanditData", "BanditNumerics", "TestSupport"],
      exclude: ["python_safetensors.py", "python.safetensors", "wheel_example.py"]),
    .testTarget(
      name: "BanditTestingTests",
      dependencies: [
        "BanditAgents", "BanditCore", "BanditEnvironments", "BanditNumerics", "BanditTesting", "TestSupport",
      ]),
    .target(name: "TestSupport", path: "Tests/TestSupport", exclude: ["mirror.py"]),
    .testTarget(name: "BanditCoreTests", dependencies: ["BanditCore", "BanditNumerics"]),
    .testTarget(
      name: "BanditEnvironmentsTests",
      dependencies: ["BanditCore", "BanditData", "BanditEnvironments", "BanditNumerics", "TestSupport"]),
    .testTarget(
      name: "BanditAgentsTests",
      dependencies: ["BanditAgents", "BanditCore", "BanditLearning", "BanditNumerics"],
      exclude: ["reference_linear_ucb.py"], resources: [.embedInCode("reference_linear_ucb.json")]),
    .testTarget(
      name: "BanditExperimentsTests",
      dependencies: [
        "BanditAgents", "BanditCore", "BanditData", "BanditEnvironments", "BanditExperiments",
        "BanditLearning", "BanditNumerics", "TestSupport",
      ]),
    .testTarget(name: "BanditFiguresTests", dependencies: ["BanditFigures", "TestSupport"]),
    .testTarget(
      name: "BanditSimTests",
      dependencies: ["BanditData", "BanditExperiments", "BanditNumerics", "TestSupport", "bandit-sim"],
      exclude: ["Export", "Snapshots"]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  let isC = target.name.hasPrefix("C")
  if isC {
    target.cSettings = [.treatAllWarnings(as: .error)]
  } else {
    target.swiftSettings = [
      .treatAllWarnings(as: .error),
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
    ]
  }
}
