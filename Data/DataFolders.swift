import Foundation

/// Where data files that are not in the program are looked for.
public struct DataFolders: Hashable, Sendable {
  /// The variable that names a folder of files that are there already.
  public static let variable = "BANDIT_SIM_DATA"

  /// The folder that `BANDIT_SIM_DATA` names.
  public let given: String?
  /// The folder that `bandit-sim data fetch` fills: `bandit-sim` in the user's cache directory.
  public let cache: String

  /// The folders of this process.
  public init() { self.init(environment: ProcessInfo.processInfo.environment) }

  /// The folders of this process, with another one in place of the one that `BANDIT_SIM_DATA` names.
  public init(given: String) {
    self.init(
      environment: ProcessInfo.processInfo.environment.merging([Self.variable: given]) { _, own in own })
  }

  /// The folders of this process, with the one that a setting names, unless it is empty, to look in first.
  public init(setting folder: String) { self = folder.isEmpty ? DataFolders() : DataFolders(given: folder) }

  /// The folders by the variables `BANDIT_SIM_DATA`, `XDG_CACHE_HOME` and `HOME`.
  public init(environment: [String: String]) {
    let set = environment.filter { !$0.value.isEmpty }
    given = set[Self.variable]
    // The XDG base directory specification has relative paths passed over.
    let base = set["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    cache = (base ?? (set["HOME"] ?? NSHomeDirectory()) + "/.cache") + "/bandit-sim"
  }

  /// Where the files of a data set may be, in the order of the search.
  ///
  /// - Parameters:
  ///   - name: The data set's name, which is its folder's.
  ///   - ownsRoot: Whether its files may be in the folder given itself.
  ///   - package: The folder where a system's package puts them.
  func candidates(_ name: String, ownsRoot: Bool, package: String?) -> [String] {
    let given = given.map { ["\($0)/\(name)"] + (ownsRoot ? [$0] : []) } ?? []
    return given + ["\(cache)/\(name)"] + (package.map { [$0] } ?? [])
  }
}
