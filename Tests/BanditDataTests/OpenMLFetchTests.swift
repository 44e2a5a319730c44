import Foundation
import TestSupport
import Testing

@testable import BanditData
@testable import BanditFiles

@Suite(
  "Fetching from OpenML", .enabled(if: hasProgram("curl") && hasProgram("python3"), "needs curl and python3"))
struct OpenMLFetchTests {
  /// What fetching a set comes to.
  private struct Result {
    var error: DataFileError?
    var notes: [String] = []
    var requests: [String] = []
    /// What is in the folder of all sets, all levels.
    var left: [String] = []
    var set: OpenMLData?
  }

  private func fetch(
    _ id: Int, way: String = "good", change: (_ folder: String) throws -> Void = { _ in }
  ) throws -> Result {
    try withTemporaryDirectory { directory in
      let server = try MirrorServer(in: directory)
      defer { #expect(throws: Never.self) { try server.stop() } }
      try RecordedOpenML.serve([61, 62, 40675, 42585], from: "\(directory)/files")
      try change("\(directory)/files")
      let cache = "\(directory)/cache/openml"
      var fetch = OpenMLFetch(id: id, server: server.address(way), folder: cache)
      fetch.curl.stallSeconds = 1
      fetch.pause = 0
      var result = Result()
      do throws(DataFileError) {
        try fetch.run { event in if case .note(let note) = event { result.notes.append(note) } }
        result.set = try OpenMLData(id, folder: "\(cache)/\(id)")
      } catch {
        result.error = error
      }
      result.requests = try server.requests().map { $0.replacing("/\(way)/", with: "") }
      result.left = (FileManager.default.enumerator(atPath: cache)?.compactMap { $0 as? String } ?? [])
        .filter { $0 != ".lock" }.sorted()
      return result
    }
  }

  /// Changes a text in a file of the server.
  private func replace(_ old: String, _ new: String, in path: String) throws {
    let before = try text(of: path)
    #expect(before.contains(old))
    try write(before.replacing(old, with: new), to: path)
  }

  @Test("Description, features and data come in turn; what is kept is the table and what its columns are")
  func good() throws {
    let iris = try fetch(61)
    #expect(iris.error == nil && iris.notes == [])
    #expect(
      iris.requests == [
        "api/v1/json/data/61 whole", "api/v1/json/data/features/61 whole", "data/v1/download/61 whole",
      ])
    #expect(iris.left == ["61", "61/data.arff", "61/set.json"])
    let set = try #require(iris.set)
    #expect(set.name == "iris" && set.target == "class" && set.ignored == [])
    #expect(
      set.table.rowCount == 150 && set.sums.keys.sorted() == ["openml/61/data.arff", "openml/61/set.json"])
    #expect(try fetch(62).set?.ignored == ["animal"])
    #expect(try fetch(42585).set?.target == "species")
  }

  @Test("A download that is cut off continues, and a busy server is asked again")
  func interrupted() throws {
    let cut = try fetch(61, way: "truncates")
    #expect(cut.error == nil && cut.set?.table.rowCount == 150)
    #expect(cut.requests.count == 9 && cut.requests.contains { $0.contains("bytes=") })
    let busy = try fetch(61, way: "flaky")
    #expect(busy.error == nil && busy.requests.count == 6)
  }

  @Test(
    "A server that refuses, or sends something else, is told of, and nothing is kept",
    arguments: [
      ("refuses", "412; OpenML answers so where it has no such set, or a private one"),
      ("missing", "404"), ("broken", "500"), ("huge", "could not be downloaded"),
      ("login", "the server's answer is damaged, or not one of OpenML's"),
      ("endless", "sends more than the 16777216 bytes allowed"),
    ])
  func failing(way: String, words: String) throws {
    let result = try fetch(61, way: way)
    #expect(result.error?.file == "openml:61")
    #expect(result.error?.reason.contains(words) == true, "\(result.error?.reason ?? "")")
    #expect(result.left == [])
  }

  @Test("A deactivated set, a regression and a set without one target are no bandits; no data are asked for")
  func unsuitable() throws {
    let description = "/api/v1/json/data/61"
    let features = "/api/v1/json/data/features/61"
    let cases: [(id: Int, words: String, change: (String) throws -> Void)] = [
      (40675, "its status at OpenML is 'deactivated'; only active sets are used", { _ in }),
      (
        61, "its target sepalwidth is numeric: a regression; a bandit needs a column of classes",
        {
          try replace(
            "\"default_target_attribute\":\"class\"", "\"default_target_attribute\":\"sepalwidth\"",
            in: $0 + description)
        }
      ),
      (
        61, "has several targets: class,sepalwidth; a bandit needs one column of classes",
        {
          try replace(
            "\"default_target_attribute\":\"class\"", "\"default_target_attribute\":\"class,sepalwidth\"",
            in: $0 + description)
        }
      ),
      (
        61, "names no target; a bandit needs a column of classes",
        { try replace("\"default_target_attribute\":\"class\",", "", in: $0 + description) }
      ),
      (
        61, "has no column kind, which is named as its target",
        {
          try replace(
            "\"default_target_attribute\":\"class\"", "\"default_target_attribute\":\"kind\"",
            in: $0 + description)
        }
      ),
      (
        61, "is in the format parquet; ARFF is read",
        { try replace("\"format\":\"ARFF\"", "\"format\":\"parquet\"", in: $0 + description) }
      ),
      (
        61, "the server names no file to download",
        { try replace("\"file_id\":\"61\"", "\"file_id\":\"../61\"", in: $0 + description) }
      ),
      (
        61, "the server describes the set 62",
        { try replace("\"id\":\"61\"", "\"id\":\"62\"", in: $0 + description) }
      ),
      (
        61, "the server answers: No results",
        { try write("{\"error\":{\"code\":\"372\",\"message\":\"No results\"}}", to: $0 + features) }
      ),
      (
        61, "is nested more than",
        { try write(String(repeating: "[", count: 9_000), to: $0 + description) }
      ),
    ]
    for (id, words, change) in cases {
      let result = try fetch(id, change: change)
      #expect(result.error?.description.hasPrefix("openml:\(id): ") == true)
      #expect(result.error?.reason.contains(words) == true, "\(result.error?.reason ?? "no error"): \(words)")
      #expect(result.left == [] && !result.requests.contains { $0.contains("download") })
    }
  }

  @Test("A wrong sum, and without a sum a truncated or corrupted file, is told of, and nothing is kept")
  func damaged() throws {
    let data = "/data/v1/download/61"
    let description = "/api/v1/json/data/61"
    func unsummed(_ folder: String) throws {
      try replace(
        "\"md5_checksum\":\"ad484452702105cbf3d30f8deaba39a9\"", "\"other\":\"\"", in: folder + description)
    }
    func cut(_ folder: String, to count: Int) throws {
      try write(Array(contents(of: folder + data).prefix(count)), to: folder + data)
    }
    let cases: [(words: String, change: (String) throws -> Void)] = [
      (
        "its MD5 is not the published one, ad484452702105cbf3d30f8deaba39a9; fetch the set again",
        { try replace("5.1,3.5", "5.1,3.6", in: $0 + data) }
      ),
      ("its MD5 is not the published one", { try cut($0, to: 3_000) }),
      (
        "there are 5 attributes",
        {
          try unsummed($0)
          // In the middle of a row: the number of values tells.
          let end = try text(of: $0 + data).utf8.count - 600
          let whole = try contents(of: $0 + data).prefix(end)
          try cut($0, to: (whole.lastIndex(of: UInt8(ascii: "\n")) ?? 0) + 4)
        }
      ),
      (
        "ends before @data; is it whole, and ARFF?",
        {
          try unsummed($0)
          try cut($0, to: 1_000)
        }
      ),
      (
        "which is not among the values declared",
        {
          try unsummed($0)
          try replace("1.4,0.2,Iris-setosa", "1.4,0.2,Iris-setos\u{1}", in: $0 + data)
        }
      ),
    ]
    for (words, change) in cases {
      let result = try fetch(61, change: change)
      #expect(
        result.error?.reason.hasPrefix("what came from http://127.0.0.1:") == true
          && result.error?.reason.contains(words) == true, "\(result.error?.description ?? "no error")")
      #expect(result.left == [])
    }
    let unchecked = try fetch(61, change: unsummed)
    #expect(unchecked.error == nil && unchecked.notes == ["openml:61: OpenML knows no checksum of its file"])
  }

  @Test("A set that is there is not asked for again; a damaged one is replaced")
  func present() throws {
    try withTemporaryDirectory { directory in
      let server = try MirrorServer(in: directory)
      defer { #expect(throws: Never.self) { try server.stop() } }
      try RecordedOpenML.serve([61], from: "\(directory)/files")
      let folders = DataFolders(environment: ["XDG_CACHE_HOME": "\(directory)/cache"])
      func fetch() throws(DataFileError) -> String {
        try OpenMLData.fetch(61, folders: folders, server: server.address("good")) { _ in }
      }
      let error = dataFileError { () throws(DataFileError) in _ = try OpenMLData.load(61, folders: folders) }
      #expect(error?.reason.hasSuffix("run 'bandit-sim data fetch openml:61'") == true)
      #expect(try fetch() == "openml:61: iris, 150 rows, 4 columns, classes by class, MD5 as published")
      #expect(try fetch() == OpenMLData.verify(61, folders: folders))
      #expect(try server.requests().count == 3)
      let path = "\(folders.cache)/openml/61/data.arff"
      try write(Array(contents(of: path).dropLast(9)), to: path)
      #expect(throws: DataFileError.self) { try OpenMLData.load(61, folders: folders) }
      #expect(try fetch().hasSuffix("MD5 as published"))
      #expect(try server.requests().count == 6)
    }
  }
}
