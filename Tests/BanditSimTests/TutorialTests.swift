import Testing
import TestSupport

@Suite("Tutorials")
struct TutorialTests {
  @Test(
    "A tutorial ends with what stands in the example package",
    arguments: [
      ("Package-1", "Package"), ("RoundRobin-3", "Sources/MyLab/RoundRobin"),
      ("Turns-4", "Sources/MyLab/Turns"),
    ])
  func ends(step: String, file: String) throws {
    #expect(
      try text(of: repository + "/Sources/BanditSim/BanditSim.docc/Resources/\(step).swift")
        == text(of: repository + "/Examples/CustomAgent/\(file).swift"))
  }
}
