import Foundation

/// Small files in the forms of the Showdown's data sets.
package enum TinyShowdown {
  /// Writes a file for each data set into the folder itself.
  package static func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in files { try TestSupport.write(text, to: "\(folder)/\(name)") }
  }

  private static let files = [
    "shuttle.trn": lines(70) { row in
      (((1...8).map { "\(row * $0 % 23 - 5)" }) + ["4", "\(row % 7 + 1)"]).joined(separator: " ")
    },
    "adult.data": lines(60) { person($0, end: "") },
    "adult.test": "|1x3 Cross validator\n" + lines(20) { person($0 + 60, end: ".") } + "\n",
    "covtype.data": lines(70) { row in
      let numbers = (1...10).map { "\(row * $0 % 31)" }
      let ones = (0..<44).map { $0 == row % 4 || $0 == 4 + row % 40 ? "1" : "0" }
      return (numbers + ones + ["\(row % 7 + 1)"]).joined(separator: ",")
    },
    "USCensus1990.data.txt": "caseid,dAge,dOccup,iSex\n"
      + lines(40) { "\(10_000 + $0),\($0 % 8),\($0 % 9),\($0 % 2)" },
    "jester-data-1.csv": lines(30) { user in
      let ratings = (0..<100).map { joke in
        // Sixty jokes that some have not rated, forty that all but two users have.
        let isRated = joke % 5 < 2 ? user % 15 != 7 || joke != 0 : (user + joke) % 3 == 0
        return isRated ? "\(Double((user * 7 + joke * 13) % 41 - 20) / 2)" : "99"
      }
      return (["\(ratings.count { $0 != "99" })"] + ratings).joined(separator: ",")
    },
    "raw_stock_contexts": "stocks of a day\n"
      + lines(50) { day in
        (1...21).map { "\(Double((day * $0) % 19 - 9) / 10)e+00" }.joined(separator: " ")
      },
  ]

  private static func lines(_ count: Int, _ line: (Int) -> String) -> String {
    (0..<count).map { line($0) + "\n" }.joined()
  }

  private static func person(_ row: Int, end: String) -> String {
    let occupations = ["Sales", "Tech-support", "Craft-repair"]
    let fields = [
      "\(20 + row)", row % 10 == 9 ? "?" : ["Private", "State-gov"][row % 2], "\(1_000 * (row % 13))",
      ["HS-grad", "11th", "Masters"][row % 3], "\(row % 16)", ["Divorced", "Widowed"][row / 2 % 2],
      occupations[row % 3], ["Wife", "Husband"][row % 2], ["Black", "White"][row / 3 % 2],
      ["Male", "Female"][row % 2], "0", "0", "40", ["United-States", "Cuba"][row / 5 % 2],
      ["<=50K", ">50K"][row % 2] + end,
    ]
    return fields.joined(separator: ", ")
  }
}

/// Where tests that need the Showdown's data find them: `BANDIT_SIM_DATA`, or `shared/data/showdown` beside the repository.
package enum FullShowdown {
  /// What a skipped test says.
  package static let need =
    "needs the Showdown's data: set BANDIT_SIM_DATA, or put it into ../shared/data/showdown"

  /// The folder, if it is there.
  package static let folder: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let given = ProcessInfo.processInfo.environment["BANDIT_SIM_DATA"]
    let folders: [String?] =
      [given] + ["", "../"].map { root.appending(path: $0 + "shared/data/showdown").path }
    return folders.compactMap(\.self).first { folder in
      FileManager.default.fileExists(atPath: "\(folder)/shuttle.trn.gz")
    }
  }()
}
