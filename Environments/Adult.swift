public import BanditCore
public import BanditData

/// Persons of a census: name the occupation from fourteen attributes.
///
/// Source: Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown, §5.3 and its code.
public enum Adult: LabelledSource {
  /// `adult`.
  public static let name = "adult"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Persons: name the occupation out of fourteen from 92 columns; 'data fetch adult' gets the files.",
    paper: "Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown; data: UCI 2, CC BY 4.0",
    deviations: """
      Both files are used, 45,222 rows without a question mark; their labels of income are made one (92 columns; the \
      source's 94 tell the files apart). Columns of categories are 0 and 1; the source standardises these too.
      """)

  /// UCI Adult, both files.
  public static let data = ShowdownData.adult
}
