import Columns
import Diagnostics
import Planning
import Scheduling
import Synchronization

/// The common join: one pair of equal keys of one type, whose right side can be indexed by the key. The left side's
/// segments are looked up in parallel, and their columns stay where they are when each row matches once.
struct IndexJoin {
  /// The joined rows, each segment looked up when it is read.
  let rows: SegmentStream
  /// What looking up takes, until the last segment is read.
  let working: [Reservation]
}

extension Executor {
  /// The joined rows; nil where a general join has to do it.
  ///
  /// The notes tell of what has been read: whoever reads, reads all segments.
  func indexJoin(
    _ node: Plan.Join, _ keys: JoinKeys, _ left: Table, _ right: Table
  ) throws -> IndexJoin? {
    guard node.kind == .inner || node.kind == .left, node.residual == nil,
      Executor.indexedSide(node, left, right) == .right
    else { return nil }
    let report = context.report("join", node.origin)
    let keyRows = left.rowCount + right.rowCount
    let working = try reserve(
      Executor.keyBytes(1, rows: right.rowCount).saturating(plus: left.rowCount.saturating(times: 16))
        .saturating(plus: Executor.dictionaryBytes(keys.right, count: 1)),
      for: "the keys of \(counted(keyRows, "row"))", node.origin)
    let lookedUp = keys.left.map { $0[0] }
    guard let index = KeyIndex(keys.whole(\.right)[0], for: lookedUp) else {
      working.release()
      return nil
    }
    let keepsUnmatched = node.kind == .left
    let width = left.columnCount
    let rightColumns = try context.workers.map(node.output.count) { position -> Column? in
      let index = node.output[position]
      return index >= width ? right.column(index - width) : nil
    }
    let found = JoinedSegments(lookedUp.count, index)
    let (leftRows, rightRows) = (left.rowCount, right.rowCount)
    let withoutKey = (left: keys.withoutKey(\.left), right: keys.withoutKey(\.right))
    context.note {
      var outcome = found.outcome
      (outcome.leftWithoutKey, outcome.rightWithoutKey) = withoutKey
      report.did(.joined(outcome.counts(leftRows, rightRows)))
      return Executor.notes(node, outcome, 0, leftRows, rightRows)
    }
    let segments = left.segments
    let rows = SegmentStream(schema: node.schema, count: lookedUp.count) { number in
      let matches = index.matches(lookedUp[number], keepsUnmatched: keepsUnmatched)
      let segment = segments[number]
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
      found.add(matches)
      report.add(rowsIn: segment.count, rowsOut: matches.right.count)
      return Segment(columns: columns, count: matches.right.count)
    }
    return IndexJoin(rows: rows, working: [working, keys.memory])
  }
}

/// What became of the rows of the segments that were joined so far, from any thread. The notes ask for it at the end
/// of the query: the index is let go with the last segment.
private final class JoinedSegments: Sendable {
  private struct State {
    var outcome = JoinOutcome()
    /// Segments to come.
    var rest: Int
    var index: KeyIndex?
    /// The keys that were met, segment by segment.
    var seen: [Bitmap] = []

    mutating func finish() {
      outcome.unmatchedRight = index?.unmatched(seen: seen) ?? 0
      (index, seen) = (nil, [])
    }
  }

  private let state: Mutex<State>

  /// - Parameter segments: how many will be joined.
  init(_ segments: Int, _ index: KeyIndex) {
    var first = State(rest: segments, index: index)
    if segments == 0 { first.finish() }
    state = Mutex(first)
  }

  var outcome: JoinOutcome { state.withLock { $0.outcome } }

  func add(_ matches: KeyIndex.Matches) {
    state.withLock {
      $0.outcome.unmatchedLeft += matches.unmatched
      $0.outcome.multiplied += matches.multiplied
      $0.outcome.extra += matches.extra
      $0.seen.append(matches.seen)
      $0.rest -= 1
      if $0.rest == 0 { $0.finish() }
    }
  }
}
