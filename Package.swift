// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "bandit-sim",
  platforms: [.macOS(.v15)],
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CBanditKernels"),
    .target(name: "BanditNumerics", dependencies: ["CBanditKernels", "COpenBLAS"]),
    .target(name: "BanditCore", dependencies: ["BanditNumerics"]),
    .target(name: "BanditLearning", dependencies: ["BanditNumerics", "CBanditKernels"]),
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
