import Foundation
import Testing
import TestSupport

@Suite("Matrix products of another library")
struct ProductTests {
  private static let isInstalled = ["x86_64", "aarch64"].contains {
    FileManager.default.fileExists(atPath: "/usr/lib/\($0)-linux-gnu/libopenblas.so.0")
  }
  private let words =
    [
      "--agent", "bbb", "--environment", "linear", "--steps", "60", "--quiet", "--threads", "1", "--out",
      "run",
    ]
    + smallSettings

  @Test("A run with OpenBLAS's products says so, and is resumed with them alone", .enabled(if: isInstalled))
  func openBLAS() throws {
    try withTemporaryDirectory { folder in
      #expect(try simulate(words + ["--products", "openblas"], in: folder).status == 0)
      #expect(try text(of: folder + "/run/manifest.json").contains("+openblas"))
      let more = words + ["--resume", "--steps", "80"]
      let own = try simulate(more, in: folder)
      #expect(own.status == 1 && own.errors.contains("--products openblas, now own"), "\(own.errors)")
      #expect(try simulate(more + ["--products", "openblas"], in: folder).status == 0)
      #expect(expectWholeRows(try logText(folder + "/run/regret.csv.gz")) == 80)
    }
  }

  @Test("Seeds in processes of their own take the same products", .enabled(if: isInstalled))
  func seeds() throws {
    try withTemporaryDirectory { folder in
      #expect(try simulate(words + ["--products", "openblas", "--seeds", "2"], in: folder).status == 0)
      for run in try names(in: folder + "/run") {
        #expect(try text(of: "\(folder)/run/\(run)/manifest.json").contains("+openblas"))
      }
    }
  }

  @Test("Where the library cannot be loaded, the error says what to install")
  func missing() throws {
    try withTemporaryDirectory { folder in
      try write("no library", to: folder + "/libopenblas.so.0")
      let path = try program()
      let option = try run(
        ["env", "LD_LIBRARY_PATH=\(folder)", path] + words + ["--products", "openblas"], in: folder)
      #expect(
        option.status == 64 && option.errors.contains("apt-get install libopenblas0"), "\(option.errors)")
      let variable = try run(
        ["env", "LD_LIBRARY_PATH=\(folder)", "BANDIT_SIM_PRODUCTS=openblas", path, "list", "agents"])
      #expect(variable.status == 1 && variable.errors.contains("apt-get install libopenblas0"))
    }
  }
}
