import BanditFiles
import Foundation
import Synchronization
import Testing
import TestSupport

@Suite("Claims")
struct ClaimFileTests {
  private func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test("One of many has a claim, until it is given back")
  func exclusive() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/a"
      for _ in 0..<50 {
        let taken = Mutex<[ClaimFile]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { index in
          if let claim = try? ClaimFile.take(path, owner: "thread \(index)") {
            taken.withLock { $0.append(claim) }
          }
        }
        let claims = taken.withLock { $0 }
        #expect(claims.count == 1)
        let late = try ClaimFile.take(path, owner: "late")
        #expect(late == nil)
        #expect(
          claims.first?.touch() == true && ClaimFile.owner(of: path, now: 0)?.hasPrefix("thread") == true)
        claims.first?.release()
        #expect(try files(folder).isEmpty)
      }
    }
  }

  /// A claim as a process on another machine, or one that has ended here, would leave it.
  private func plant(_ path: String, machine: String? = nil, age: Double) throws {
    let claim = try #require(try ClaimFile.take(path, owner: "me"))
    var lines = try text(of: path + ".1").split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    claim.release()
    if let machine { lines[0] = machine } else { lines[2] = "1" }
    try write(lines.joined(separator: "\n"), to: path + ".1")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path + ".1")
  }

  @Test("A claim of a process that has ended here is taken by one of many")
  func stale() throws {
    try withTemporaryDirectory { folder in
      for index in 0..<30 {
        let path = "\(folder)/\(index)"
        try plant(path, age: 0)
        #expect(ClaimFile.owner(of: path, now: Int(Date().timeIntervalSince1970)) == nil)
        let taken = Mutex<[ClaimFile]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
          if let claim = try? ClaimFile.take(path, owner: "") { taken.withLock { $0.append(claim) } }
        }
        #expect(taken.withLock { $0.count } == 1)
        taken.withLock { $0.first?.release() }
      }
      #expect(try files(folder).isEmpty)
    }
  }

  @Test("A claim of another machine holds while it is touched, and not for ever after")
  func elsewhere() throws {
    try withTemporaryDirectory { folder in
      try plant(folder + "/young", machine: "elsewhere", age: Double(ClaimFile.patience) / 2)
      #expect(try ClaimFile.take(folder + "/young", owner: "") == nil)
      try plant(folder + "/old", machine: "elsewhere", age: Double(ClaimFile.patience) + 60)
      let claim = try #require(try ClaimFile.take(folder + "/old", owner: "next"))
      #expect(claim.touch() && ClaimFile.owner(of: folder + "/old", now: .max) == "next ")
      // The owner that was given up comes back, and finds that it is.
      #expect(try text(of: folder + "/old.2").contains("next"))
      claim.release()
      #expect(try files(folder) == ["young.1"])
    }
  }

  @Test("An owner whose claim was taken over notices it")
  func lost() throws {
    try withTemporaryDirectory { folder in
      let claim = try #require(try ClaimFile.take(folder + "/a", owner: "first"))
      try write("elsewhere\n1\n1\nx\nother\n", to: folder + "/a.2")
      #expect(!claim.touch())
      claim.release()
      #expect(try files(folder) == ["a.2"])
    }
  }
}
