import Columns
import Planning
import Scheduling

/// `join asof` with an inequality and nothing else: the right side is put in order once, and each left row looks its
/// nearest row up in it. Trying all pairs would take the product of both sides' rows.
extension Executor {
  struct Nearest {
    /// Each left row that has one with its nearest right row.
    var matches: Matches
    /// Pairs of which one value is missing.
    var unknown: Int
    /// Left rows with several equally near rows.
    var ties: Int
  }

  /// The nearest rows; nil where another way has to find them.
  func nearestByOrder(_ node: Plan.Join, _ left: Segment, _ right: Segment) throws -> Nearest? {
    guard node.kind == .asof, node.keys.isEmpty, let nearest = node.nearest, left.count > 0, right.count > 0,
      nearest.left.isColumn, nearest.right.isColumn, nearest.left.type == nearest.right.type,
      case .call(let call)? = node.residual?.kind, call.arguments.allSatisfy(\.isColumn),
      ["<", "<=", ">", ">="].contains(call.function.name)
    else { return nil }
    let type = nearest.left.type
    guard type.isNumber || type.isTime || type == .duration else { return nil }
    let ours = try Evaluator(nearest.left, context).column(left)
    let theirs = try Evaluator(nearest.right, context).column(right)
    // Missing values stand last.
    let order = try Sorter.order(
      [SortKey(column: theirs, descending: false)], rows: right.count, by: context.workers)
    let known = right.count - theirs.missingCount
    let rows = order.slice(0..<known)
    let unknown = ours.missingCount.saturating(times: right.count)
      .saturating(plus: (left.count - ours.missingCount).saturating(times: theirs.missingCount))
    // The comparison has the left value on its left.
    let sign = Function.mirroredSigns[nearest.comparison] ?? ""
    let look: @Sendable (Range<Int>) throws -> (matches: Matches, ties: Int)
    if type == .float {
      let (mine, others) = (ours.floatValues, theirs.floatValues)
      look = { Executor.nearest(mine, ours, $0, others, rows, sign) }
    } else {
      let (mine, others) = (ours.int64Values, theirs.int64Values)
      look = { Executor.nearest(mine, ours, $0, others, rows, sign) }
    }
    let blocks = (left.count + Table.segmentRows - 1) / Table.segmentRows
    let parts = try context.workers.map(blocks) { number in
      let part = number * Table.segmentRows..<min(left.count, (number + 1) * Table.segmentRows)
      return try look(part)
    }
    return Nearest(
      matches: .joined(parts.map(\.matches)), unknown: unknown, ties: parts.reduce(0) { $0 + $1.ties })
  }

  /// - Parameters:
  ///   - rows: the right rows with a value, ascending by it, equal ones in their own order.
  ///   - sign: how a right value has to stand to the left one.
  private static func nearest<Element: Comparable & BitwiseCopyable>(
    _ values: Buffer<Element>, _ column: Column, _ part: Range<Int>, _ others: Buffer<Element>,
    _ rows: Buffer<UInt32>, _ sign: String
  ) -> (matches: Matches, ties: Int) {
    var left = MutableBuffer<UInt32>(capacity: part.count)
    var right = MutableBuffer<UInt32>(capacity: part.count)
    var ties = 0
    /// How many right values are below a value, or not above it.
    func count(below value: Element, orEqual: Bool) -> Int {
      var (low, high) = (0, rows.count)
      while low < high {
        let middle = (low + high) / 2
        let other = others[Int(rows[middle])]
        if orEqual ? other <= value : other < value { low = middle + 1 } else { high = middle }
      }
      return low
    }
    for row in part where column.isKnown(row) {
      let value = values[row]
      let place =
        switch sign {
        case "<": count(below: value, orEqual: false) - 1
        case "<=": count(below: value, orEqual: true) - 1
        case ">": count(below: value, orEqual: true)
        default: count(below: value, orEqual: false)
        }
      guard place >= 0, place < rows.count else { continue }
      let found = others[Int(rows[place])]
      let (first, end) = (count(below: found, orEqual: false), count(below: found, orEqual: true))
      if end - first > 1 { ties += 1 }
      left.append(UInt32(truncatingIfNeeded: row))
      right.append(rows[end - 1])
    }
    return (Matches(left: left.freeze(), right: right.freeze()), ties)
  }
}
