import Columns
import Diagnostics
import Planning
import Scheduling

/// The cells of a pivot that no row belongs to: they are missing by the question itself.
struct PivotCells {
  private let origin: StageOrigin
  /// The columns of the pivot and where their rows are counted.
  private let tallies: [(column: String, position: Int)]
  private var lacking: [String: Int] = [:]
  private var groups = 0

  init(_ node: Plan.Aggregate) {
    origin = node.origin
    var position = node.keys.count
    var tallies: [(column: String, position: Int)] = []
    for call in node.calls {
      if call.tally == .rows, let column = call.pivotColumn { tallies.append((column, position)) }
      position += call.types.count
    }
    self.tallies = tallies
  }

  /// Counts and tells of a whole table of groups.
  static func tell(of table: Table, _ node: Plan.Aggregate, _ report: OperatorReport, _ context: QueryContext)
  {
    var cells = PivotCells(node)
    cells.add(table)
    cells.tell(report, context)
  }

  /// Counts the cells of some groups.
  mutating func add(_ table: Table) {
    if tallies.isEmpty { return }
    groups += table.rowCount
    for segment in table.segments {
      for (column, position) in tallies {
        let counts = segment.columns[position]
        lacking[column, default: 0] += (0..<segment.count).count { counts.value($0).integer == 0 }
      }
    }
  }

  /// Tells of them once, and keeps for stages further on where they are.
  func tell(_ report: OperatorReport, _ context: QueryContext) {
    if tallies.isEmpty { return }
    report.did(.lacking(lacking))
    let count = lacking.values.reduce(0, +)
    if count == 0 { return }
    let all = groups.saturating(times: tallies.count)
    let note = Note(
      .structural,
      "pivot: \(grouped(count)) of \(counted(all, "cell")) \(count == 1 ? "has no row, and is" : "have no row, and are") missing",
      count: count, total: all, at: origin.range)
    context.note { [note] }
  }
}
