import BanditAgentKit
public import BanditCore

extension BayesByBackprop {
  /// The report to the letter, and its neighbours.
  ///
  /// `tuned` is fixed by searches on seeds 1000 to 1005 (Docs/Tuned.md).
  public static let presets = [
    Preset(
      name: "paper",
      summary: "the report to the letter: two draws of the weights for each action, averaged; 95 columns",
      settings: ["thompson=independent", "actionSamples=2"], environmentSettings: ["encoding=drop-first"]),
    Preset(
      name: "tuned",
      summary: "mushrooms without free play: learned noise, a KL counted once, a start that hopes",
      settings: [
        "prefill=0", "bufferSize=0", "minibatches=4", "weightSamples=1", "likelihood=gaussian-head",
        "prior=gaussian", "priorScale=0.3", "kl=analytic", "klExamples=1000", "klScale=0.25", "optimism=5",
        "actionCoding=blocks", "learningRate=0.0003", "scheduleEvery=10000",
      ]),
    StandardSettings.preset(["learningRate=0.003", "noiseSigma=0.1", "initialisation=fan-in"]),
  ]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Bayes by Backprop: a network with a Gaussian posterior over its weights, under Thompson sampling.",
    paper:
      "Blundell, Cornebise, Kavukcuoglu, Wierstra 2015, Weight Uncertainty in Neural Networks, §3, §4 and §5.3",
    deviations: """
      One draw of the weights serves all actions of a step (thompson=independent is the report's code, with \
      actionSamples=2: a mean of draws is no Thompson sampling). The buffer \
      starts with 4,096 steps of random play, as in the report; Blundell et al. mention none (prefill=0). All 117 \
      context columns are used (the report drops the first level of each attribute: --env-set \
      encoding=drop-first). KL weights below 2^-24 count as 0. The likelihood's noise of 1 is far below the \
      reward's own of 20 for a poisonous mushroom eaten; noiseSigma changes it.
      """,
    settings: [
      "actionSamples": "weight samples averaged to act; 1 is Thompson sampling",
      "thompson": "one draw of the weights for all actions, or one for each",
    ]
    .merging(PropensitySettings.help) { own, _ in own }
    .merging(PosteriorLearnerSettings.help) { own, _ in own }
  )
}
