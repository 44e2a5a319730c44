import BanditCore
import Foundation

/// The laws of names, settings, presets and help texts.
struct ComponentLaws<C: Component> {
  let configuration: C.Configuration
  let plan: LawPlan
  /// Whether the component takes a configuration.
  let accepts: (C.Configuration) -> Bool

  private var scene: Scene { Scene(component: C.name, place: "") }

  func violations() -> [LawViolation] {
    var violations = naming()
    for configuration in Set([C.Configuration(), configuration]) { violations += settings(configuration) }
    guard !violations.contains(where: { $0.law == .settings }) else { return violations }
    violations += C.presets.compactMap(preset)
    return plan.checksHelp ? violations + help() : violations
  }

  private func naming() -> [LawViolation] {
    let presets = C.presets.map(\.name)
    let odd = ([C.name] + presets).filter { $0.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) == nil }
    let repeated = Set(presets.filter { name in presets.count { $0 == name } > 1 }).sorted()
    return odd.map {
      scene.violation(.naming, when: "in a name", expected: "lower-case words with hyphens", found: "'\($0)'")
    }
      + repeated.map {
        scene.violation(.naming, when: "in presets", expected: "different names", found: "'\($0)' twice")
      }
  }

  private func settings(_ configuration: C.Configuration) -> [LawViolation] {
    let settings: [Setting]
    do { settings = try Settings.list(configuration) } catch {
      return [
        scene.violation(
          .settings, when: "in settings", expected: "fields that can be settings",
          found: "the error '\(error)'")
      ]
    }
    do {
      if let key = try keyOutOfReach(settings, in: configuration) {
        return [
          scene.violation(
            .settings, when: "as JSON", expected: "a field '\(key)'", found: "none of that name")
        ]
      }
      let restored = try viaManifest(configuration)
      if restored != configuration {
        return [
          scene.violation(
            .settings, when: "through a manifest", expected: "\(configuration)", found: "\(restored)")
        ]
      }
      return try settings.compactMap { try changing($0, in: configuration) }
    } catch {
      return [
        scene.violation(
          .settings, when: "through a manifest", expected: "the same settings", found: "the error '\(error)'")
      ]
    }
  }

  /// The first field that is encoded under another name, or not at all.
  private func keyOutOfReach(_ settings: [Setting], in configuration: C.Configuration) throws -> String? {
    let json = try JSONEncoder().encode(configuration)
    let tree = try JSONDecoder().decode(SettingValue.self, from: json)
    let missing = settings.first { setting in
      setting.path.reduce(tree as SettingValue?) { tree, name in
        if case .group(let fields) = tree { fields[name] } else { nil }
      } == nil
    }
    return missing?.key
  }

  /// The way of settings from one run to the next: `manifest.json`, `--config`.
  private func viaManifest(_ configuration: C.Configuration) throws -> C.Configuration {
    let json = try JSONEncoder().encode(try Settings.values(configuration))
    let values = try JSONDecoder().decode([String: SettingValue].self, from: json)
    return try Settings.applying(values, to: C.Configuration())
  }

  /// Another value of one setting has to arrive, and to leave the others alone.
  private func changing(_ setting: Setting, in configuration: C.Configuration) throws -> LawViolation? {
    guard let other = setting.otherValue,
      // A configuration may refuse the value: the law is about those it takes.
      let changed = try? Settings.applying([(setting.key, .text(other.description))], to: configuration)
    else { return nil }
    var expected = try Settings.values(configuration)
    expected[setting.key] = other
    let found = try Settings.values(changed)
    guard let key = expected.keys.sorted().first(where: { found[$0] != expected[$0] }) else { return nil }
    func text(_ values: [String: SettingValue]) -> String {
      "\(key)=\(values[key]?.description ?? "")"
    }
    return scene.violation(
      .settings, when: "with --set \(setting.key)=\(other)", expected: text(expected), found: text(found))
  }

  private func preset(_ preset: Preset) -> LawViolation? {
    let circumstance = "with --preset \(preset.name)"
    do {
      _ = try preset.environmentSettings.map { try Settings.assignment($0) }
      let changed = try Settings.applying(
        preset.settings.map { try Settings.assignment($0) }, to: C.Configuration())
      guard !accepts(changed) else { return nil }
      return scene.violation(
        .presets, when: circumstance, expected: "a component with these settings", found: "its refusal")
    } catch {
      return scene.violation(
        .presets, when: circumstance, expected: "settings", found: "the error '\(error)'")
    }
  }

  private func help() -> [LawViolation] {
    // Fields that cannot be settings have broken another law.
    let keys = Set((try? Settings.list(C.Configuration()))?.map(\.key) ?? [])
    let lines = Set(C.description.settings.filter { !$0.value.isEmpty }.keys)
    let summary = C.description.summary.isEmpty ? [("a summary", "none")] : []
    let missing = keys.subtracting(lines).sorted().map { ("a line on '\($0)'", "none") }
    let idle = Set(C.description.settings.keys).subtracting(keys).sorted()
      .map { ("lines on settings alone", "one on '\($0)'") }
    return (summary + missing + idle).map { expected, found in
      scene.violation(.help, when: "in its description", expected: expected, found: found)
    }
  }
}

extension Setting {
  /// A value that this setting does not have; nil for a choice of one.
  fileprivate var otherValue: SettingValue? {
    switch (kind, value) {
    case (.choice(let names), .text(let name)): names.first { $0 != name }.map { .text($0) }
    case (_, .boolean(let value)): .boolean(!value)
    case (_, .integer(let value)): .integer(value == 1 ? 2 : 1)
    case (_, .number(let value)): .number(value == 0.5 ? 0.25 : 0.5)
    case (_, .text(let value)): .text(value + "x")
    case (.list(let element), .list(let values)):
      element.example.map { .list(values == [$0] ? [$0, $0] : [$0]) }
    case (_, .list), (_, .group): nil
    }
  }
}

extension Setting.Kind {
  /// A value of this kind; nil for a choice of nothing.
  fileprivate var example: SettingValue? {
    switch self {
    case .boolean: .boolean(true)
    case .integer: .integer(1)
    case .number: .number(0.5)
    case .text: .text("x")
    case .choice(let names): names.first.map { .text($0) }
    case .list(let element): element.example.map { .list([$0]) }
    }
  }
}
