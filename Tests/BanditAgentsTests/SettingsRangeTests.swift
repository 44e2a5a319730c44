import BanditAgents
import BanditCore
import BanditNumerics
import Foundation
import Testing

@Suite("Ranges of the agents' settings")
struct SettingsRangeTests {
  private static let shared = [
    "learningRate=0", "learningRate=-1e-4", "momentum=1", "momentum=-0.1", "weightDecay=-1",
    "scheduleEvery=0", "scheduleFactor=0", "scheduleFactor=1.5", "scheduleSteps=0", "warmupSteps=-1",
    "warmupSteps=9223372036854775807", "bufferSize=-1", "prefill=-1", "trainEvery=0", "minibatches=0",
    "prefill=10000001", "minibatches=100001", "minibatches=9223372036854775807",
    "batchSize=0", "batchSize=-5", "batchSize=65537", "batchSize=9223372036854775807", "hiddenLayers=0",
    "hiddenLayers=10,-1", "hiddenLayers=10,0,10", "hiddenLayers=9223372036854775807",
    "hiddenLayers=100000,1000000", "noiseSigma=0", "noiseSigma=-1", "rewardScale=0", "rewardScale=-2",
    "rewardScale=inf", "rewardScale=mean", "rewardScale=",
  ]
  private static let point = ["l1=-1", "l2=-0.5"]
  private static let own: [(String, [String])] = [
    (
      "bbb",
      shared + [
        "priorWeight=0", "priorWeight=1", "priorSigma1=0", "priorSigma2=-1", "priorScale=0",
        "weightSamples=0", "weightSamples=1001", "weightSamples=9223372036854775807",
        "actionSamples=100001", "actionSamples=100000000000",
        "actionSamples=0", "meanBound=-1", "rhoLow=0", "likelihood=squared-error", "kl=analytic",
        "klScale=-0.1", "klExamples=-1", "klScale=inf", "optimism=inf", "actionCoding=rows",
      ]
    ),
    // noiseSigma is checked with every likelihood, used or not.
    (
      "epsilon-greedy",
      shared + point + [
        "epsilon=-0.1", "epsilon=1.1", "epsilonFinal=2", "epsilonFinal=-1", "epsilonSteps=-1",
      ]
    ),
    (
      "ensemble",
      shared + point + [
        "members=0", "members=65", "bootstrap=0", "bootstrap=1.5", "acting=mixture", "priorScale=-1",
      ]
    ),
    (
      "bootstrap",
      shared + point + ["members=0", "members=65", "maskProbability=0", "maskProbability=1.5"]
    ),
    (
      "prior-ensemble",
      shared + point + ["members=0", "members=65", "maskProbability=0", "priorScale=-1"]
    ),
    ("neural-ucb", shared + point + ["exploration=-1", "priorPrecision=0", "priorPrecision=-1"]),
    ("neural-thompson", shared + point + ["exploration=-1", "priorPrecision=0", "propensityDraws=-1"]),
    ("boltzmann", shared + point + ["temperature=0", "temperature=-1"]),
    ("dropout", shared + point + ["dropoutRate=1", "dropoutRate=-0.1"]),
    (
      "neural-linear",
      shared + point + [
        "refitEvery=0", "priorPrecision=0", "noiseShape=0.5", "noiseScale=0", "hiddenLayers=20000",
      ]
    ),
  ]

  @Test(
    "A setting out of range is refused with its key and what was given",
    arguments: own.flatMap { name, words in words.map { (name, $0) } })
  func refused(name: String, word: String) throws {
    let (key, given) = try Settings.assignment(word)
    let value = given.description
    let error = #expect(throws: ConfigurationError.self) { try learner(name, ["noiseSigma=1", word]) }
    #expect(error?.key == key)
    #expect(error?.allowed.isEmpty == false)
    #expect(error?.given == value || error?.given == Double(value)?.description)
  }

  @Test(
    "A setting at the edge of its range is taken",
    arguments: [
      ("bbb", "prior=gaussian kl=analytic"), ("bbb", "prior=laplace kl=analytic"), ("bbb", "hiddenLayers="),
      ("bbb", "rhoLow=-4 rhoHigh=-4"), ("bbb", "meanBound=0"), ("bbb", "likelihood=laplace"),
      ("bbb", "likelihood=gaussian-head klExamples=1 rewardScale=auto"),
      ("bbb", "klScale=0 optimism=-1e6 actionCoding=blocks"),
      ("bbb", "initialisation=fan-in optimiser=sgd momentum=0.9"), ("epsilon-greedy", "epsilon=0"),
      ("epsilon-greedy", "epsilon=1 epsilonFinal=1 epsilonSteps=1"), ("epsilon-greedy", "bufferSize=0"),
      ("epsilon-greedy", "bufferSize=1 batchSize=1 minibatches=1"), ("epsilon-greedy", "l1=0.1 l2=0.1"),
      ("epsilon-greedy", "likelihood=gaussian sampling=replacement"), ("ensemble", "members=1"),
      ("ensemble", "members=64 bootstrap=0.5"), ("ensemble", "bootstrap=1 acting=optimistic beta=-1"),
      ("ensemble", "acting=mixture likelihood=laplace"), ("ensemble", "acting=knowledge members=2"),
      ("ensemble", "acting=mixture likelihood=gaussian-head bootstrap=0.5"),
      ("epsilon-greedy", "likelihood=laplace-head l2=0.1"),
      ("ensemble", "optimiser=adamw weightDecay=0.1 warmupSteps=5 schedule=cosine"),
      ("neural-linear", "likelihood=gaussian-head"), ("dropout", "likelihood=laplace-head"),
      ("prior-ensemble", "members=1 maskProbability=1 priorScale=0 hiddenLayers="),
      ("prior-ensemble", "likelihood=gaussian-head priorScale=10 rewardScale=none"),
      ("neural-ucb", "exploration=0 hiddenLayers="), ("neural-thompson", "likelihood=laplace-head"),
      ("neural-thompson", "priorPrecision=1e-10 exploration=100 rewardScale=3"),
      ("bbb", "rewardScale=auto"), ("neural-linear", "rewardScale=auto"), ("dropout", "rewardScale=0.5"),
      ("bootstrap", "members=1 maskProbability=1"), ("boltzmann", "temperature=1e-300"),
      ("boltzmann", "temperature=1e300 hiddenLayers="), ("dropout", "dropoutRate=0 hiddenLayers="),
      ("dropout", "dropoutRate=0.99"), ("neural-linear", "hiddenLayers=1 refitEvery=1 noiseShape=1"),
      ("neural-linear", "bufferSize=1 batchSize=1 minibatches=1 priorPrecision=1e-9"),
    ])
  func taken(name: String, words: String) throws {
    var agent = try learner(name, words.split(separator: " ").map(String.init))
    var task = TableTask(seed: 1)
    try play(&agent, &task, steps: 3)
    #expect(agent.diagnostics.optimiserSteps > 0)
    #expect(agent.diagnostics.loss?.isFinite == true)
  }

  @Test("Every setting of every agent is described, and nothing else", arguments: BuiltInAgents.all.indices)
  func described(index: Int) throws {
    func keys<A: Agent>(_ type: A.Type) throws -> [String] { try Settings.list(A.Configuration()).map(\.key) }
    let agent = BuiltInAgents.all[index]
    #expect(try keys(agent).sorted() == agent.description.settings.keys.sorted())
    #expect(!agent.description.summary.isEmpty)
  }
}
