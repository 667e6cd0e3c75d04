import Columns
import Diagnostics
import Planning
import Presentation
import Sessions

/// What statements gave and said, one after the other in a session of its own.
struct Ran {
  private(set) var status = Sessions.ExitStatus.done
  private(set) var faults: [Diagnostic] = []
  /// The rows of all tables, and a row for each text.
  private(set) var rows: [[String]] = []
  /// The names of the last table's columns.
  private(set) var header: [String] = []
  private(set) var notesTold: [Note] = []

  var messages: [String] { faults.map(\.message) }
  var cells: [String] { rows.flatMap { $0 } }
  var notes: [String] { notesTold.map(\.message) }

  /// - Parameter set: what `--set` gave.
  init(_ text: String, set: [String: String] = [:]) {
    var options = Session.Options(threads: 2, now: 1_790_000_000_000_000)
    options.parameters = set
    let session = Session(options: options)
    var (rows, notes, faults): ([[String]], [Note], [Diagnostic]) = ([], [], [])
    var header: [String] = []
    session.tell = { outcome in
      switch outcome {
      case .table(let table, let said, _, _):
        notes += said.filter { !$0.isOfKept }
        header = table.schema.fields.map(\.name)
        for row in 0..<table.rowCount {
          rows.append(table.row(row).map { $0.isMissing ? "missing" : ValueText.plain($0) })
        }
      case .notes(let said): notes += said.filter { !$0.isOfKept }
      case .text(let text): rows.append([text])
      case .chart(let chart, let table):
        notes += (try? ChartRenderer.render(chart, table))?.notes ?? []
      default: break
      }
    }
    status = session.run(SourceText(text)) { faults += $0 }
    (self.rows, self.header, notesTold, self.faults) = (rows, header, notes, faults)
  }
}
