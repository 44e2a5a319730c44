import BanditFiles
import BanditLaboratory
import BanditSimulation
import Foundation

/// A finished experiment as a report shows it: its tables and its pictures.
struct ReportedExperiment {
  let name: String
  private let folder: String
  private let summary: ExperimentSummary
  private let origin: ProcessOrigin

  /// Whether a folder is an experiment's.
  static func isIn(_ folder: String) -> Bool {
    struct Head: Decodable { let experiment: Name }
    struct Name: Decodable { let name: String }
    let head = try? readJSONFile(Head.self, atPath: folder + "/manifest.json")
    return head != nil
  }

  /// Reads an experiment.
  ///
  /// - Throws: `DataFileError` for one that has not ended.
  init(_ folder: String) throws {
    let path = folder + "/summary.json"
    guard FileManager.default.fileExists(atPath: path) else {
      throw DataFileError(
        file: folder, reason: "is an experiment that has not ended; 'experiment run --resume' ends it")
    }
    self.folder = folder
    summary = try readJSONFile(ExperimentSummary.self, atPath: path)
    origin = try readJSONFile(ProcessOrigin.self, atPath: folder + "/manifest.json")
    name = summary.experiment
  }

  var html: String {
    get throws {
      let tables = summary.tables.map { HTML.table([$0.head] + $0.rows, caption: $0.title) }
      let pictures = try pictures.map { name, bytes in
        let source = "data:image/svg+xml;base64," + Data(bytes).base64EncodedString()
        return "<h3>\(HTML.escaped(name))</h3><img src=\"\(source)\" alt=\"\(HTML.escaped(name))\">\n"
      }
      return """
        <section aria-labelledby="experiment-\(name)">
        <h2 id="experiment-\(name)">Experiment \(HTML.escaped(name))</h2>
        <p><code>\(HTML.escaped(origin.commandLine.joined(separator: " ")))</code><br>
        \(HTML.escaped(origin.program)), kernels \(HTML.escaped(origin.kernels)), \(HTML.escaped(origin.startedAt)), \
        \(Format.time(summary.seconds)).</p>
        \((tables + pictures).joined())</section>

        """
    }
  }

  private var pictures: [(name: String, bytes: [UInt8])] {
    get throws {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/figures")) ?? []
      return try names.filter { $0.hasSuffix(".svg") }.sorted().map { name in
        (String(name.dropLast(4)), try readDataFile(atPath: "\(folder)/figures/\(name)", limit: 1 << 24))
      }
    }
  }
}
