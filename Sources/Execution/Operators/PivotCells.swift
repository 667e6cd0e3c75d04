import Columns
import Diagnostics
import Planning
import Scheduling

/// The cells of a pivot that no row belongs to: they are missing by the question itself.
struct PivotCells {
  private let origin: StageOrigin
  /// The groups without a row, for each column.
  private var empty: TallyCounts

  init(_ node: Plan.Aggregate) {
    origin = node.origin
    empty = TallyCounts(node, of: 0) { $0.tally == .rows && $0.pivotColumn != nil }
  }

  /// Counts and tells of a whole table of groups.
  static func tell(of table: Table, _ node: Plan.Aggregate, _ report: OperatorReport, _ context: QueryContext)
  {
    var cells = PivotCells(node)
    cells.add(table)
    cells.tell(report, context)
  }

  /// Counts the cells of some groups.
  mutating func add(_ table: Table) { empty.add(table) }

  /// Tells of them once, and keeps for stages further on where they are.
  func tell(_ report: OperatorReport, _ context: QueryContext) {
    let counts = empty.counts
    if counts.isEmpty { return }
    var lacking: [String: Int] = [:]
    for (call, count) in counts { lacking[call.pivotColumn ?? "", default: 0] += count }
    report.did(.lacking(lacking))
    let count = lacking.values.reduce(0, +)
    if count == 0 { return }
    let all = empty.groups.saturating(times: counts.count)
    let note = Note(
      .structural,
      "pivot: \(grouped(count)) of \(counted(all, "cell")) \(count == 1 ? "has no row, and is" : "have no row, and are") missing",
      count: count, total: all, at: origin.range)
    context.note { [note] }
  }
}
