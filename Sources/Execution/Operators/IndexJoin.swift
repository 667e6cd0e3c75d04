import Columns
import Diagnostics
import Planning
import Scheduling

/// The common join: one pair of equal keys of one type, whose right side can be indexed by the key. The left side's
/// segments are looked up in parallel, and their columns stay where they are when each row matches once.
extension Executor {
  /// The joined table; nil where a general join has to do it.
  ///
  /// The joined rows go into a temporary file where memory does not hold them.
  func indexJoin(
    _ node: Plan.Join, _ keys: JoinKeys, _ left: Table, _ right: Table
  ) throws -> HeldTable? {
    guard node.kind == .inner || node.kind == .left, node.residual == nil,
      Executor.indexedSide(node, left, right) == .right
    else { return nil }
    let report = context.report("join", node.origin)
    let keyRows = left.rowCount + right.rowCount
    let working = try reserve(
      Executor.keyBytes(1, rows: right.rowCount).saturating(plus: left.rowCount.saturating(times: 16)),
      for: "the keys of \(counted(keyRows, "row"))", node.origin)
    defer { working.release() }
    let lookedUp = keys.left.map { $0[0] }
    guard let index = KeyIndex(keys.whole(\.right)[0], for: lookedUp) else { return nil }
    let keepsUnmatched = node.kind == .left
    let width = left.columnCount
    let rightColumns = try context.workers.map(node.output.count) { position -> Column? in
      let index = node.output[position]
      return index >= width ? right.column(index - width) : nil
    }
    let store = RowStore(context)
    let parts = try context.workers.map(lookedUp.count) { number -> (KeyIndex.Matches, RowStore.Place) in
      let matches = index.matches(lookedUp[number], keepsUnmatched: keepsUnmatched)
      let segment = left.segments[number]
      let columns = node.output.enumerated().map { position, index -> Column in
        let own: Column
        if let column = rightColumns[position] {
          own = column.take(matches.right, hasMissing: keepsUnmatched && matches.unmatched > 0)
        } else {
          own =
            matches.left.map { segment.columns[index].take($0, hasMissing: false) } ?? segment.columns[index]
        }
        return own.widened(to: node.schema[position].type)
      }
      return (matches, try store.keep(Segment(columns: columns, count: matches.right.count)))
    }
    var outcome = JoinOutcome()
    for (matches, _) in parts {
      outcome.unmatchedLeft += matches.unmatched
      outcome.multiplied += matches.multiplied
      outcome.extra += matches.extra
    }
    outcome.unmatchedRight = index.unmatched(seen: parts.map { $0.0.seen })
    let rows = try store.table(node.schema, parts.map { $0.1 })
    report.add(rowsIn: left.rowCount, rowsOut: rows.table.rowCount)
    note(node, outcome, 0, left.rowCount, right.rowCount)
    return rows
  }
}
