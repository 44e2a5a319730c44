public import BanditCore
public import BanditData

/// Persons of the census of 1990: name the occupation from 67 categories.
///
/// Source: Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown, §5.3 and its code.
public enum Census: LabelledSource {
  /// `census`.
  public static let name = "census"

  /// What `describe` prints.
  public static let description = ComponentDescription(
    summary:
      "Persons of the 1990 census: name the occupation out of nine; 'data fetch census' gets the file.",
    paper: "Riquelme, Tucker and Snoek 2018, Deep Bayesian Bandits Showdown; data: UCI 116, CC BY 4.0",
    deviations: """
      Of the 2,458,285 rows 150,000 evenly spaced ones are used, the same for every seed; the source draws them, and \
      standardises the columns of 0 and 1.
      """)

  /// UCI US Census Data (1990).
  public static let data = ShowdownData.census
}
