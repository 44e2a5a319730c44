import BanditSimulation
import Foundation

/// A page of runs and experiments, in one file that needs no other.
struct ReportPage {
  let title: String
  let tasks: [RunTask]
  let comparisons: [Comparison]
  let warnings: [String]
  let experiments: [ReportedExperiment]

  var html: String {
    get throws {
      let body = try zip(tasks, comparisons).enumerated().map { try section($0, $1.0, $1.1) }
      let data = String(decoding: try JSONEncoder().encode(ReportData(tasks)), as: UTF8.self)
      return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
        <title>\(HTML.escaped(title))</title>
        <style>
        \(Self.text(PackageResources.report_css))</style>
        </head>
        <body>
        <main>
        <h1>\(HTML.escaped(title))</h1>
        \(contents)\(body.joined())\(try experiments.map { try $0.html }.joined())</main>
        <footer><p>Made by \(HTML.escaped(Program.nameAndVersion)).</p></footer>
        \(HTML.json("data", data))<script>
        \(Self.text(PackageResources.report_chart_js))
        \(Self.text(PackageResources.report_js))</script>
        </body>
        </html>

        """
    }
  }

  /// Nothing is loaded, whatever the data are.
  private static let policy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// Links to the sections, where there are several, and what was noticed in the runs.
  private var contents: String {
    let names =
      tasks.enumerated().map { ("task-\($0)", $1.name) }
      + experiments.map { ("experiment-\($0.name)", "experiment \($0.name)") }
    let links = names.map { "<li><a href=\"#\($0.0)\">\(HTML.escaped($0.1))</a></li>" }.joined()
    let noticed = warnings.map { "<li>\(HTML.escaped($0))</li>" }.joined()
    return (names.count > 1 ? "<nav aria-label=\"Contents\"><ul>\(links)</ul></nav>\n" : "")
      + (warnings.isEmpty ? "" : HTML.details("Warnings: \(warnings.count)", "<ul>\(noticed)</ul>"))
  }

  private func section(_ index: Int, _ task: RunTask, _ comparison: Comparison) throws -> String {
    let tables = comparison.tables.map { CompareTable(comparison, $0) }.map { table in
      HTML.table(table.standings, caption: "\(table.title): means over seeds")
        + (comparison.reference == nil || table.differences.count < 2
          ? ""
          : HTML.table(
            table.differences,
            caption:
              "Paired differences, seed by seed; a verdict takes \(PairedDifference.leastSeeds) common seeds and "
              + "a t and a sign-flip test that agree at 5 %, corrected (Holm) for the rows of this table"))
    }
    return """
      <section aria-labelledby="task-\(index)">
      <h2 id="task-\(index)">\(HTML.escaped(task.name))</h2>
      \(freePlay(task))<div id="curves-\(index)"></div>
      <p>Thick: means over seeds, with their 95 % interval by Student's t; thin: single runs. Drag over a chart to see \
      a part of the steps, double-click for all.</p>
      \(tables.joined())\(try ReportProvenance(task).html)</section>

      """
  }

  /// What no regret counts, said before any curve.
  private func freePlay(_ task: RunTask) -> String {
    let free = task.groups.filter { $0.prefillSteps > 0 }
    guard let first = free.first else { return "" }
    if free.count == task.groups.count, free.allSatisfy({ $0.prefillSteps == first.prefillSteps }) {
      let steps = Format.grouped(first.prefillSteps)
      return "<p>Free play: \(steps) steps of random play before each run, which count in no regret.</p>\n"
    }
    let words = free.map { "\($0.name): \(Format.grouped($0.prefillSteps))" }.joined(separator: "; ")
    return "<p>Free play, steps of random play that count in no regret: \(HTML.escaped(words))."
      + (free.count < task.groups.count ? " The other groups have none." : "") + "</p>\n"
  }
}
