public import BanditCore

/// How the files that an environment reads differ from those of a run, a phrase each; both by name with the SHA-256.
///
/// Files that one of them does not know, as runs of earlier versions know none, are not compared.
func dataDifferences(_ now: [String: String], from begun: [String: String]) -> [String] {
  now.sorted { $0.key < $1.key }.compactMap { name, sum in
    guard let before = begun[name], before != sum else { return nil }
    return "the data file \(name) had the SHA-256 \(before), now \(sum)"
  }
}

extension Simulation {
  /// Throws where the environment reads a file that a manifest or another process knows with other contents.
  ///
  /// - Parameters:
  ///   - data: the SHA-256 of files, by name.
  ///   - source: what knows them so.
  public func requireSameData(as data: [String: String], of source: String) throws(ConfigurationError) {
    let differences = dataDifferences(dataFiles, from: data)
    guard !differences.isEmpty else { return }
    throw ConfigurationError(
      key: source, given: differences.joined(separator: "; "),
      allowed: "the data as they were, so bring the file back, or give settings in place of a manifest")
  }
}
