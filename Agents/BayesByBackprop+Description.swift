import BanditAgentKit
public import BanditCore

extension BayesByBackprop {
  /// The report to the letter, and its neighbours.
  public static let presets = [
    Preset(
      name: "paper", summary: "the report to the letter: a draw of the weights for each action, 95 columns",
      settings: ["thompson=independent"], environmentSettings: ["encoding=drop-first"])
  ]

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Bayes by Backprop: a network with a Gaussian posterior over its weights, under Thompson sampling.",
    paper:
      "Blundell, Cornebise, Kavukcuoglu, Wierstra 2015, Weight Uncertainty in Neural Networks, §3 and §4.3",
    deviations: """
      One draw of the weights serves all actions of a step (thompson=independent is the report's code). The buffer \
      starts with 4,096 steps of random play, as in the report; Blundell et al. mention none (prefill=0). All 117 \
      context columns are used (the report drops the first level of each attribute: --env-set \
      encoding=drop-first). KL weights below 2^-24 count as 0. The likelihood's noise of 1 is far below the \
      reward's own of 20 for a poisonous mushroom eaten; noiseSigma changes it.
      """,
    settings: [
      "prior": "prior of every weight and bias",
      "priorWeight": "share of the mixture's first component",
      "priorSigma1": "standard deviation of the mixture's first component",
      "priorSigma2": "standard deviation of the mixture's second component",
      "priorScale": "standard deviation (gaussian) or scale (laplace) of the prior",
      "kl": "gradient of the KL from drawn weights (mc) or in closed form (analytic)",
      "klWeight": "how the KL is spread over a round's minibatches",
      "weightSamples": "weight samples an optimiser step",
      "actionSamples": "weight samples averaged to act",
      "thompson": "one draw of the weights for all actions, or one for each",
      "likelihood": "distribution of the reward around the network's output",
      "noiseSigma": "its standard deviation (gaussian) or scale (laplace)",
      "initialisation": "means from U(-meanBound, meanBound) or from U(+-1/sqrt(inputs))",
      "meanBound": "bound of the first means (uniform)",
      "rhoLow": "smallest first rho; sigma = log(1 + exp(rho))",
      "rhoHigh": "largest first rho",
    ]
    .merging(NetworkSettings.help) { own, _ in own }
    .merging(OptimiserSettings.help) { own, _ in own }
    .merging(ReplaySettings.help) { own, _ in own }
  )
}
