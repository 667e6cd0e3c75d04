import Columns
import Diagnostics
import Planning
import Scheduling

/// Pairs of rows for which a join's condition holds, tried a block of pairs at a time: what a block takes is little, and
/// what is found is reserved as it is found.
extension Executor {
  /// Pairs that are tried at once.
  private static let blockPairs = 262_144

  /// Of every left row with every right one the pairs for which the condition holds.
  func crossMatches(
    _ node: Plan.Join, _ left: Segment, _ right: Segment, _ found: Reservation
  ) throws -> (Matches, unknown: Int) {
    if left.count == 0 || right.count == 0 { return (Matches.joined([]), 0) }
    if node.residual == nil { try grow(found, left.count.saturating(times: right.count), node, left, right) }
    let evaluator = node.residual.map { Evaluator($0, context) }
    // Some left rows with all right ones, or one left row with some.
    let width = min(right.count, Self.blockPairs)
    let height = max(1, Self.blockPairs / width)
    let across = (right.count + width - 1) / width
    let blocks = ((left.count + height - 1) / height).saturating(times: across)
    let parts = try context.workers.map(blocks) { number in
      let rows = number / across * height..<min(left.count, (number / across + 1) * height)
      let others = number % across * width..<min(right.count, (number % across + 1) * width)
      let pairs = Self.pairs(rows, others)
      guard let evaluator else { return (matches: pairs, unknown: 0) }
      let (matches, unknown) = try holding(pairs, evaluator, left, right)
      try grow(found, matches.left.count, node, left, right)
      return (matches: matches, unknown: unknown)
    }
    if let evaluator { context.note { evaluator.notes() } }
    return (.joined(parts.map(\.matches)), parts.reduce(0) { $0 + $1.unknown })
  }

  /// Every row of one range with every row of another.
  private static func pairs(_ rows: Range<Int>, _ others: Range<Int>) -> Matches {
    var left = MutableBuffer<UInt32>(count: rows.count * others.count)
    var right = MutableBuffer<UInt32>(count: rows.count * others.count)
    do {
      var l = left.mutableSpan
      var r = right.mutableSpan
      var position = 0
      for row in rows {
        for other in others {
          l[position] = UInt32(truncatingIfNeeded: row)
          r[position] = UInt32(truncatingIfNeeded: other)
          position += 1
        }
      }
    }
    return Matches(left: left.freeze(), right: right.freeze())
  }

  /// Every row of one side with every row of the other soon is more than a machine holds.
  func grow(
    _ found: Reservation, _ pairs: Int, _ node: Plan.Join, _ left: Segment, _ right: Segment
  ) throws {
    // Once as found and once joined in one piece.
    let bytes = pairs.saturating(times: 4 * MemoryLayout<UInt32>.size)
    try placed(node.origin) { () throws(BudgetExceeded) in
      try found.grow(
        bytes, for: "pairing each of \(counted(left.count, "row")) with each of \(grouped(right.count))")
    }
  }

  /// The pairs with equal keys for which the rest of the condition is true.
  func kept(
    _ matches: Matches, _ residual: PlanExpression, _ left: Segment, _ right: Segment
  ) throws -> (Matches, unknown: Int) {
    let evaluator = Evaluator(residual, context)
    let count = matches.left.count
    let parts = try context.workers.map((count + Self.blockPairs - 1) / Self.blockPairs) { number in
      let range = number * Self.blockPairs..<min(count, (number + 1) * Self.blockPairs)
      let block = Matches(left: matches.left.slice(range), right: matches.right.slice(range))
      return try holding(block, evaluator, left, right)
    }
    context.note { evaluator.notes() }
    return (.joined(parts.map(\.0)), parts.reduce(0) { $0 + $1.unknown })
  }

  /// The pairs for which a condition is true, and the left rows of those for which it is neither true nor false.
  func holdingOrOpen(
    _ pairs: Matches, _ evaluator: Evaluator, _ left: Segment, _ right: Segment
  ) throws -> (Matches, open: [Int]) {
    let (kept, unknown, known) = try tried(pairs, evaluator, left, right)
    let open = unknown == 0 ? [] : (known?.inverted.indices().array ?? []).map { Int(pairs.left[Int($0)]) }
    return (kept, open)
  }

  /// The pairs for which a condition is true, and for how many it is neither true nor false.
  func holding(
    _ pairs: Matches, _ evaluator: Evaluator, _ left: Segment, _ right: Segment
  ) throws -> (Matches, unknown: Int) {
    let (kept, unknown, _) = try tried(pairs, evaluator, left, right)
    return (kept, unknown)
  }

  /// The pairs for which a condition is true, for how many it is neither true nor false, and which the others are.
  private func tried(
    _ pairs: Matches, _ evaluator: Evaluator, _ left: Segment, _ right: Segment
  ) throws -> (kept: Matches, unknown: Int, known: Bitmap?) {
    let (rows, unknown, known) = try evaluator.truth(paired(pairs, evaluator.expression, left, right))
    let indices = rows.indices()
    if indices.count == pairs.left.count { return (pairs, unknown, known) }
    let kept = Matches(left: pairs.left.permuted(by: indices), right: pairs.right.permuted(by: indices))
    return (kept, unknown, known)
  }

  /// The columns that an expression needs, for pairs of rows; the others are left missing.
  private func paired(
    _ matches: Matches, _ expression: PlanExpression, _ left: Segment, _ right: Segment
  ) -> Segment {
    let needed = expression.columns
    let count = matches.left.count
    let columns = (0..<left.columns.count + right.columns.count).map { index -> Column in
      guard needed.contains(index) else { return .missing(count: count) }
      return index < left.columns.count
        ? left.columns[index].take(matches.left)
        : right.columns[index - left.columns.count].take(matches.right)
    }
    return Segment(columns: columns, count: count)
  }
}
