import BanditCore
import Foundation
import Testing
import TestSupport

@testable import BanditSimulation

@Suite("Processors that may be used")
struct ProcessorsTests {
  private func count(_ files: [String: String], given: String? = nil) throws -> Int {
    try withTemporaryDirectory { root in
      for (path, text) in files {
        let file = URL(fileURLWithPath: root + "/" + path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      return try Processors.count(given: given, root: root)
    }
  }

  private func status(_ list: String) -> [String: String] {
    [
      "proc/self/status":
        "Name:\tbandit-sim\nCpus_allowed:\tff\nCpus_allowed_list:\t\(list)\nvoluntary_ctxt_switches:\t1\n"
    ]
  }

  @Test(
    "Those of the affinity", arguments: [("0", 1), ("0-1", 2), ("0-3,8,10-11", 7), ("0-1023", 1_024)])
  func affinity(list: String, expected: Int) throws {
    #expect(try count(status(list)) == expected)
  }

  @Test(
    "A quota gives fewer, of the own group or of one around it",
    arguments: [
      (["sys/fs/cgroup/a/b/cpu.max": "200000 100000\n"], 2),
      (["sys/fs/cgroup/a/b/cpu.max": "max 100000\n"], 8),
      (["sys/fs/cgroup/a/cpu.max": "350000 100000\n", "sys/fs/cgroup/a/b/cpu.max": "max 100000\n"], 3),
      (["sys/fs/cgroup/cpu.max": "50000 100000\n"], 1),
      (["sys/fs/cgroup/a/b/cpu.max": "9000000 100000\n"], 8),
      (["sys/fs/cgroup/a/b/cpu.max": "nonsense"], 8),
    ])
  func secondVersion(files: [String: String], expected: Int) throws {
    let whole = files.merging(status("0-7")) { $1 }.merging(["proc/self/cgroup": "0::/a/b\n"]) { $1 }
    #expect(try count(whole) == expected)
  }

  @Test(
    "A quota of the first version of control groups", arguments: [("-1", 8), ("250000", 2), ("10000", 1)])
  func firstVersion(quota: String, expected: Int) throws {
    var files = status("0-7")
    files["proc/self/cgroup"] = "7:memory:/job\n4:cpu,cpuacct:/job\n"
    files["sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us"] = quota + "\n"
    files["sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us"] = "100000\n"
    #expect(try count(files) == expected)
  }

  @Test("The environment variable decides, and is checked")
  func variable() throws {
    #expect(try count(status("0"), given: "6") == 6)
    #expect(try count(status("0-2"), given: "") == 3)
    for given in ["0", "-1", "two", "1.5"] {
      #expect(throws: ConfigurationError.self) { try count(status("0"), given: given) }
    }
  }

  @Test("Without the files of Linux there is at least one")
  func elsewhere() throws { #expect(try count([:]) >= 1) }

  @Test("This process's own count is that of the system's command nproc or less")
  func here() throws {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["nproc"]
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let processors = try #require(
      Int(String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)))
    #expect((1...processors).contains(try Processors.count(given: nil, root: "")))
  }
}
