public import BanditCore

/// Settings that serve environments of all kinds: the presets `standard`.
public enum StandardSettings {
  /// What all agents with a network share, as `--set` takes it.
  public static let shared = [
    "rewardScale=auto", "learningRate=0.001", "schedule=constant", "minibatches=8", "prefill=0",
  ]

  /// The Showdown's network and training rounds, with Adam in place of RMSProp at a falling rate of 0.1.
  public static let showdown = [
    "hiddenLayers=50", "learningRate=0.01", "schedule=constant", "bufferSize=0", "sampling=replacement",
    "batchSize=512", "trainEvery=50", "minibatches=100", "prefill=0",
  ]

  /// The preset of an agent, with settings of its own on top.
  public static func preset(_ own: [String] = []) -> Preset {
    func key(_ word: String) -> Substring { word.prefix { $0 != "=" } }
    let others = shared.filter { word in !own.contains { key($0) == key(word) } }
    return Preset(
      name: "standard",
      summary: "for environments of all kinds: rewards in units of their deviation, no free play",
      settings: others + own)
  }
}
