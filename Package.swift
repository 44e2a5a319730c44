// swift-tools-version: 6.2
import Foundation
import PackageDescription

// An independent reference for tests and benchmarks, where it is installed (`Scripts/setup` does); no product needs it.
let hasOpenBLAS = ["x86_64", "aarch64"].contains {
  FileManager.default.fileExists(atPath: "/usr/lib/\($0)-linux-gnu/pkgconfig/openblas.pc")
}

let package = Package(
  name: "bandit-sim",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "BanditSim", targets: ["BanditSim"]),
    .library(name: "BanditSimulation", targets: ["BanditSimulation"]),
    .library(name: "BanditTraining", targets: ["BanditTraining"]),
    .library(name: "BanditLaboratory", targets: ["BanditLaboratory"]),
    .library(name: "BanditData", targets: ["BanditData"]),
    .library(name: "BanditFiles", targets: ["BanditFiles"]),
    .library(name: "BanditAgentKit", targets: ["BanditAgentKit"]),
    .library(name: "BanditLearning", targets: ["BanditLearning"]),
    .library(name: "BanditEvaluation", targets: ["BanditEvaluation"]),
    .library(name: "BanditFigures", targets: ["BanditFigures"]),
    .library(name: "BanditTesting", targets: ["BanditTesting"]),
    .executable(name: "bandit-sim", targets: ["bandit-sim"]),
    .library(name: "bandit", type: .dynamic, targets: ["BanditC"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CBanditKernels"),
    .target(name: "CBanditProcess"),
    .target(name: "BanditNumerics", dependencies: ["CBanditKernels"]),
    .target(name: "BanditFiles", dependencies: ["BanditNumerics", "CBanditKernels", "CZlib"]),
    .target(name: "BanditCore", dependencies: ["BanditNumerics"]),
    .target(name: "BanditLearning", dependencies: ["BanditNumerics", "CBanditKernels"]),
    .target(name: "BanditFigures"),
    .target(
      name: "BanditData", dependencies: ["BanditFiles", "BanditNumerics"], path: "Data",
      exclude: ["mnist/README.md", "mushroom/README.md"],
      resources: [.embedInCode("mushroom/agaricus-lepiota.data.gz"), .embedInCode("mnist/wheel.py")]),
    .target(name: "BanditAgentKit", dependencies: ["BanditCore", "BanditLearning", "BanditNumerics"]),
    .target(
      name: "BanditAgents",
      dependencies: ["BanditAgentKit", "BanditCore", "BanditLearning", "BanditNumerics"],
      path: "Agents"),
    .target(
      name: "BanditEnvironments",
      dependencies: ["BanditCore", "BanditData", "BanditFiles", "BanditNumerics"],
      path: "Environments"),
    .target(name: "BanditProcesses", dependencies: ["BanditCore", "BanditNumerics", "CBanditProcess"]),
    .target(name: "BanditSimulation", dependencies: ["BanditCore", "BanditFiles", "BanditNumerics"]),
    .target(
      name: "BanditEvaluation",
      dependencies: ["BanditAgentKit", "BanditCore", "BanditFiles", "BanditNumerics"]),
    .target(
      name: "BanditTraining",
      dependencies: [
        "BanditCore", "BanditData", "BanditFiles", "BanditLearning", "BanditNumerics", "BanditSimulation",
      ]),
    .target(
      name: "BanditLaboratory",
      dependencies: [
        "BanditCore", "BanditFiles", "BanditFigures", "BanditLearning", "BanditNumerics", "BanditSimulation",
        "BanditTraining",
      ]),
    .target(
      name: "BanditReplications",
      dependencies: [
        "BanditAgentKit", "BanditCore", "BanditData", "BanditEvaluation", "BanditFiles", "BanditFigures",
        "BanditLaboratory", "BanditLearning", "BanditNumerics", "BanditSimulation", "BanditTraining",
      ], path: "Experiments"),
    .target(name: "BanditTesting", dependencies: ["BanditCore", "BanditNumerics"]),
    .target(
      name: "BanditSim",
      dependencies: [
        "BanditAgentKit", "BanditAgents", "BanditCore", "BanditData", "BanditEnvironments",
        "BanditEvaluation", "BanditFigures", "BanditFiles", "BanditLaboratory", "BanditNumerics",
        "BanditProcesses", "BanditReplications", "BanditSimulation", "BanditTesting",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      resources: [
        .embedInCode("Report/report.css"), .embedInCode("Report/report.js"),
        .embedInCode("Report/report-chart.js"),
      ]),
    .target(
      name: "BanditC",
      dependencies: [
        "BanditAgents", "BanditCore", "BanditEnvironments", "BanditFiles", "BanditNumerics",
        "BanditSimulation",
      ], exclude: ["bandit.h"]),
    .executableTarget(name: "bandit-sim", dependencies: ["BanditSim"]),
    .executableTarget(
      name: "BanditBenchmarks",
      dependencies: [
        "BanditAgentKit", "BanditAgents", "BanditCore", "BanditEnvironments", "BanditLearning",
        "BanditNumerics", "BanditProcesses",
        "CBanditKernels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "BanditNumericsTests", dependencies: ["BanditNumerics", "CBanditKernels"]),
    .testTarget(
      name: "BanditLearningTests", dependencies: ["BanditLearning", "BanditNumerics", "CBanditKernels"],
      exclude: [
        "reference.py", "reference_convolution.py", "reference_gradients.py", "reference_linear.py",
        "reference_models.py",
      ],
      resources: [
        .embedInCode("reference.json"), .embedInCode("reference_convolution.json"),
        .embedInCode("reference_gradients.json"), .embedInCode("reference_linear.json"),
        .embedInCode("reference_models.json"),
      ]),
    .testTarget(
      name: "BanditFilesTests", dependencies: ["BanditFiles", "BanditNumerics", "TestSupport"],
      exclude: ["python_safetensors.py", "python.safetensors"]),
    .testTarget(
      name: "BanditDataTests", dependencies: ["BanditData", "BanditFiles", "BanditNumerics", "TestSupport"],
      exclude: ["wheel_example.py"]),
    .testTarget(
      name: "BanditTestingTests",
      dependencies: [
        "BanditAgents", "BanditCore", "BanditEnvironments", "BanditNumerics", "BanditTesting", "TestSupport",
      ]),
    .target(
      name: "TestSupport", dependencies: ["BanditFiles"], path: "Tests/TestSupport",
      exclude: ["OpenML", "mirror.py"]),
    .target(
      name: "TrainingTestSupport",
      dependencies: ["BanditFiles", "BanditLearning", "BanditNumerics", "BanditTraining"],
      path: "Tests/TrainingTestSupport"),
    .testTarget(name: "BanditCoreTests", dependencies: ["BanditCore", "BanditNumerics"]),
    .testTarget(
      name: "BanditEnvironmentsTests",
      dependencies: [
        "BanditCore", "BanditData", "BanditEnvironments", "BanditFiles", "BanditNumerics", "BanditTesting",
        "TestSupport",
      ], exclude: ["uniform_regret.py"]),
    .testTarget(
      name: "BanditAgentsTests",
      dependencies: ["BanditAgentKit", "BanditAgents", "BanditCore", "BanditLearning", "BanditNumerics"],
      exclude: ["reference_linear_ucb.py"], resources: [.embedInCode("reference_linear_ucb.json")]),
    .testTarget(
      name: "BanditSimulationTests",
      dependencies: [
        "BanditAgents", "BanditCore", "BanditEnvironments", "BanditFiles", "BanditNumerics",
        "BanditSimulation",
        "TestSupport",
      ]),
    .testTarget(
      name: "BanditCTests",
      dependencies: [
        "BanditAgents", "BanditC", "BanditCore", "BanditEnvironments", "BanditSimulation", "TestSupport",
      ]),
    .testTarget(
      name: "BanditProcessesTests",
      dependencies: [
        "BanditAgents", "BanditCore", "BanditEnvironments", "BanditNumerics", "BanditProcesses",
        "BanditSimulation", "BanditTesting", "TestSupport",
      ], exclude: ["Hostile"]),
    .testTarget(
      name: "BanditTrainingTests",
      dependencies: [
        "BanditFiles", "BanditLearning", "BanditNumerics", "BanditSimulation", "BanditTraining",
        "TestSupport",
        "TrainingTestSupport",
      ]),
    .testTarget(
      name: "BanditReplicationsTests",
      dependencies: [
        "BanditAgentKit", "BanditAgents", "BanditCore", "BanditData", "BanditEnvironments", "BanditFiles",
        "BanditLaboratory",
        "BanditLearning",
        "BanditNumerics", "BanditReplications", "BanditSimulation", "BanditTraining", "TestSupport",
        "TrainingTestSupport",
      ]),
    .testTarget(
      name: "BanditLaboratoryTests",
      dependencies: [
        "BanditAgents", "BanditCore", "BanditEnvironments", "BanditFiles", "BanditLaboratory",
        "BanditSimulation",
        "TestSupport",
      ]),
    .testTarget(
      name: "BanditEvaluationTests",
      dependencies: [
        "BanditAgents", "BanditCore", "BanditEnvironments", "BanditEvaluation", "BanditFiles",
        "BanditNumerics", "BanditSimulation", "BanditTesting", "TestSupport",
      ], exclude: ["reference_digits.py", "reference_estimators.py"],
      resources: [.embedInCode("reference_estimators.json")]),
    .testTarget(name: "BanditFiguresTests", dependencies: ["BanditFigures", "TestSupport"]),
    .testTarget(
      name: "BanditSimTests",
      dependencies: [
        "BanditData", "BanditFiles", "BanditLaboratory", "BanditNumerics", "BanditSimulation",
        "BanditTraining", "TestSupport",
        "bandit-sim",
      ],
      exclude: ["Commands", "Export", "Formats", "Snapshots"]),
  ],
  swiftLanguageModes: [.v6]
)

if hasOpenBLAS {
  package.targets += [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .testTarget(
      name: "BanditOpenBLASTests",
      dependencies: ["BanditLearning", "BanditNumerics", "CBanditKernels", "COpenBLAS"]),
  ]
  for target in package.targets where target.name == "BanditBenchmarks" {
    target.dependencies.append("COpenBLAS")
    target.swiftSettings = [.define("OPENBLAS")]
  }
}

// libFuzzer brings a `main` of its own, so that this is a part of the package only where `Scripts/fuzz` builds it.
if Context.environment["BANDIT_SIM_FUZZING"] != nil {
  package.targets.append(
    .executableTarget(
      name: "BanditFuzzing",
      dependencies: [
        "BanditAgents", "BanditC", "BanditCore", "BanditEnvironments", "BanditFiles", "BanditNumerics",
        "BanditSimulation",
        "BanditTraining", "TrainingTestSupport",
      ], path: "Fuzzing", swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}

for target in package.targets where target.type != .system {
  let isC = target.name.hasPrefix("C")
  if isC {
    target.cSettings = [.treatAllWarnings(as: .error)]
  } else {
    target.swiftSettings =
      (target.swiftSettings ?? []) + [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ]
  }
}
