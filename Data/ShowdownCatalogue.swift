extension DataCatalogue {
  /// The Showdown's data sets that come in files.
  static let showdown: [DataSet] = [
    DataSet(
      name: "statlog", summary: "Space shuttle: nine indicators of a flight, seven states of the radiator.",
      source: "UCI Machine Learning Repository, data set 148 (the part shuttle.trn)", licence: uciLicence,
      citation:
        "Statlog (Shuttle) [Dataset]. UCI Machine Learning Repository. https://doi.org/10.24432/C5WS31.",
      rows: 43_500, contents: .files(.statlog)),
    DataSet(
      name: "adult", summary: "Persons of the 1994 census: fourteen columns; the class is the occupation.",
      source: "UCI Machine Learning Repository, data set 2", licence: uciLicence,
      citation: "Becker, Kohavi (1996). Adult [Dataset]. UCI. https://doi.org/10.24432/C5XW20.",
      rows: 48_842, contents: .files(.adult)),
    DataSet(
      name: "covertype", summary: "Plots of forest in Colorado: 54 columns, seven kinds of cover.",
      source: "UCI Machine Learning Repository, data set 31", licence: uciLicence,
      citation: "Blackard (1998). Covertype [Dataset]. UCI. https://doi.org/10.24432/C50K5N.",
      rows: 581_012, contents: .files(.covertype)),
    DataSet(
      name: "census",
      summary: "Persons of the 1990 census: 67 columns of categories; the class is the occupation.",
      source: "UCI Machine Learning Repository, data set 116", licence: uciLicence,
      citation: "Meek, Thiesson, Heckerman (2001). US Census Data (1990) [Dataset]. UCI.",
      rows: 2_458_285, contents: .files(.census)),
    DataSet(
      name: "jester", summary: "Ratings of a hundred jokes by 24,983 users, from -10 to 10.",
      source: "Jester, part 1, https://eigentaste.berkeley.edu/dataset/",
      licence: "free for research with citation; it may not be passed on",
      citation: "Goldberg, Roeder, Gupta, Perkins (2001). Eigentaste. Information Retrieval 4(2), 133-151.",
      rows: 24_983, contents: .files(.jester)),
    DataSet(
      name: "financial", summary: "Daily moves of the prices of 21 stocks over fourteen years.",
      source: "https://github.com/tensorflow/models, research/deep_contextual_bandits (raw_stock_contexts)",
      licence: "none stated",
      citation: "Riquelme, Tucker, Snoek (2018). Deep Bayesian Bandits Showdown. arXiv:1802.09127.",
      rows: 3_713, contents: .files(.financial)),
  ]

  private static let uciLicence = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
}

extension DownloadedData {
  private static let repository = "https://archive.ics.uci.edu/ml/machine-learning-databases"
  /// Where the Showdown's authors put their files.
  private static let authors = "https://storage.googleapis.com/bandits_datasets"

  /// The shuttle's flights.
  static let statlog = DownloadedData(
    files: [
      DataFile(
        name: "shuttle.trn", byteCount: 1_153_518,
        sum: .contents("87b24ee9fb5137e1d417659cf905d84d0e15342bbaa60770f1ae83da1a38200a"), isPlain: true)
    ], mirrors: [authors], ownsRoot: true)

  /// Adult's two files.
  static let adult = DownloadedData(
    files: [
      DataFile(
        name: "adult.data", byteCount: 3_974_305,
        sum: .contents("5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d"), isPlain: true),
      DataFile(
        name: "adult.test", byteCount: 2_003_153,
        sum: .contents("a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05"), isPlain: true),
    ], mirrors: ["\(repository)/adult"], ownsRoot: true)

  /// The plots of forest.
  static let covertype = DownloadedData(
    files: [
      DataFile(
        name: "covtype.data", byteCount: 100_000_000,
        sum: .packed("614360d0257557dd1792834a85a1cdebfadc3c4f30b011d56afee7ffb5b15771"),
        packedByteCount: 11_240_707)
    ], mirrors: ["\(repository)/covtype"], ownsRoot: true)

  /// The census of 1990.
  static let census = DownloadedData(
    files: [
      DataFile(name: "USCensus1990.data.txt", byteCount: 361_344_227, sum: .unknown, isPlain: true)
    ], mirrors: ["\(repository)/census1990-mld", authors], ownsRoot: true)

  /// The ratings of jokes, as text.
  static let jester = {
    var data = DownloadedData(
      files: [DataFile(name: "jester-data-1.csv", byteCount: 50_000_000, sum: .unknown)], mirrors: [],
      ownsRoot: true)
    data.advice = """
      it is published as a zipped Excel sheet alone. Unzip \
      https://eigentaste.berkeley.edu/dataset/jester_dataset_1_1.zip (SHA-256 \
      cb7841756ded125b15f3d95c9f8241224065e96354c132a46ae4214deeab7615) and save the sheet from a spreadsheet program \
      as jester-data-1.csv, without a header
      """
    return data
  }()

  /// The moves of prices.
  static let financial = DownloadedData(
    files: [DataFile(name: "raw_stock_contexts", byteCount: 10_000_000, sum: .unknown, isPlain: true)],
    mirrors: [authors], ownsRoot: true)

  private init(files: [DataFile], mirrors: [String], ownsRoot: Bool) {
    self.init(files: files, mirrors: mirrors, ownsRoot: ownsRoot, systemPackage: nil, wheel: nil)
  }
}
