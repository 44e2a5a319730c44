public import BanditCore
import BanditFiles
import Foundation

extension RunDirectory {
  /// The folder's name of a run where none was given: `<environment>-<agent>-seed<seed>`, with the settings that are not
  /// the defaults behind the component that they are of, in the order of their names.
  ///
  /// Epsilon-greedy with its ε at 0.01 is in `mushroom-epsilon-greedy-epsilon=0.01-seed0`. Settings that would make a
  /// long name, or that have characters which a path cannot have, end with eight digits of their SHA-256. Runs that
  /// differ in nothing but the number of steps have one name.
  public static func defaultName(_ settings: RunSettings, registry: Registry) -> String {
    nameOfSettings(settings, registry: registry) + "-seed\(settings.seed)"
  }

  /// The part of a run's name that the runs of all seeds have in common.
  package static func nameOfSettings(_ settings: RunSettings, registry: Registry) -> String {
    var usual: (environment: [String: SettingValue], agent: [String: SettingValue]) = ([:], [:])
    if let environment = try? registry.environment(named: settings.environment) {
      usual.environment = defaults(environment)
    }
    if let agent = try? registry.agent(named: settings.agent) { usual.agent = defaults(agent) }
    return settings.environment + words(settings.environmentSettings, defaults: usual.environment)
      + "-\(settings.agent)" + words(settings.agentSettings, defaults: usual.agent)
  }

  /// The name that earlier versions gave the run, whatever its settings.
  public static func shortName(_ settings: RunSettings) -> String {
    "\(settings.environment)-\(settings.agent)-seed\(settings.seed)"
  }

  private static let longest = 80

  private static func defaults<C: Component>(_ component: C.Type) -> [String: SettingValue] {
    (try? Settings.values(C.Configuration())) ?? [:]
  }

  private static func words(_ values: [String: SettingValue], defaults: [String: SettingValue]) -> String {
    let text = values.differences(peers: [], defaults: defaults).map { "-\($0)" }.joined()
    let plain = text.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "-_=.,+".contains(character))
        ? character : "_"
    }
    if String(plain) == text && text.count <= longest { return text }
    return String(plain.prefix(longest - 9)) + "-" + SHA256.hexadecimal(of: Array(text.utf8)).prefix(8)
  }
}
