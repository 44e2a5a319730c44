public import BanditCore
public import BanditData

/// The shuttle's flights: name the state of the radiator from nine indicators.
///
/// Source: Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown, §5.3 and its code.
public enum Statlog: LabelledSource {
  /// `statlog`.
  public static let name = "statlog"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Space shuttle: nine numbers, seven states of the radiator, 80 % of them one; 'data fetch statlog' gets the file.",
    paper: "Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown; data: UCI 148, CC BY 4.0",
    deviations: """
      The columns are standardised over all rows, not over those that a run meets. Rows come with replacement unless \
      sampling=permutation.
      """)

  /// UCI Statlog (Shuttle), the rows to train with.
  public static let data = ShowdownData.statlog
}
