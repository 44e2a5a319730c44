public import BanditCore
public import BanditData

/// Plots of forest: name the kind of cover from 54 columns.
///
/// Source: Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown, §5.3 and its code.
public enum Covertype: LabelledSource {
  /// `covertype`.
  public static let name = "covertype"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Plots of forest: name the cover out of seven from 54 columns; 'data fetch covertype' gets the file.",
    paper: "Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown; data: UCI 31, CC BY 4.0",
    deviations: """
      Of the 581,012 rows 150,000 evenly spaced ones are used, the same for every seed; the source draws them, and \
      loses the file's first row, which it takes for a header.
      """)

  /// UCI Covertype.
  public static let data = ShowdownData.covertype
}
