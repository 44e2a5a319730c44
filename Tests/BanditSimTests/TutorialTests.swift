import Foundation
import Testing

@Suite("Tutorials")
struct TutorialTests {
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test(
    "A tutorial ends with what stands in the example package",
    arguments: [
      ("Package-1", "Package"), ("RoundRobin-3", "Sources/MyLab/RoundRobin"),
      ("Turns-4", "Sources/MyLab/Turns"),
    ])
  func ends(step: String, file: String) throws {
    #expect(
      try text("Sources/BanditSim/BanditSim.docc/Resources/\(step).swift")
        == text("Examples/CustomAgent/\(file).swift"))
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.repository.appending(path: path), encoding: .utf8)
  }
}
