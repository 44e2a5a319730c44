/// The colours of Okabe and Ito (2008), told apart by colour-blind readers, without the yellow that paper swallows.
public enum SeriesColor: String, Hashable, Sendable, CaseIterable {
  /// The first colour of a picture.
  case blue = "#0072b2"
  /// The second.
  case vermilion = "#d55e00"
  /// The third.
  case green = "#009e73"
  /// The fourth.
  case purple = "#cc79a7"
  /// The fifth.
  case orange = "#e69f00"
  /// The sixth.
  case skyBlue = "#56b4e9"
  /// The seventh; for data points and reference lines too.
  case black = "#000000"
  /// For what stays in the background.
  case gray = "#808080"

  /// How many colours tell series apart.
  public static let count = allCases.count - 1

  /// The colour of the series with an index from 0; after the last the first one comes round again.
  public static func number(_ index: Int) -> SeriesColor {
    allCases.filter { $0 != .gray }[index % count]
  }
}
