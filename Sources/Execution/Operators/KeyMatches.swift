import Columns
import Diagnostics
import Planning
import Scheduling

/// Which rows of two tables have equal keys. One key of one type is looked up in an index of the side that the plan
/// names, or of the smaller one; all other keys are numbered together.
extension Executor {
  /// Pairs of rows, in left order, right rows ascending within.
  struct Matches: Sendable {
    var left: Buffer<UInt32>
    var right: Buffer<UInt32>
  }

  func keyMatches(_ node: Plan.Join, _ left: Table, _ right: Table) throws -> Matches {
    let ofLeft = EvaluatorList(node.keys.map { $0.left }, context)
    let ofRight = EvaluatorList(node.keys.map { $0.right }, context)
    context.note { ofLeft.notes() + ofRight.notes() }
    if let matches = try indexMatches(node, ofLeft, left, ofRight, right) { return matches }
    let rows = left.rowCount + right.rowCount
    let working = try reserve(
      Executor.keyBytes(node.keys.count, rows: rows), for: "the keys of \(counted(rows, "row"))", node.origin)
    defer { working.release() }
    let leftKeys = try columns(ofLeft, of: left)
    let rightKeys = try columns(ofRight, of: right)
    let both = zip(leftKeys, rightKeys).map { l, r in
      let type = DataType.common(l.type, r.type) ?? l.type
      return Column.concatenated([l.widened(to: type), r.widened(to: type)], type: type)
    }
    let pairing = Pairing(both, leftRows: left.rowCount, rightRows: right.rowCount)
    let block = Table.segmentRows
    let blocks = (left.rowCount + block - 1) / block
    return .joined(
      try context.workers.map(blocks) { index in
        let (left, right) = pairing.matches(of: index * block..<min(left.rowCount, (index + 1) * block))
        return Matches(left: left, right: right)
      })
  }

  /// The side of a join that is indexed by its key; nil where no index serves its keys.
  static func indexedSide(_ node: Plan.Join, _ left: Table, _ right: Table) -> Plan.Join.Side? {
    guard node.keys.count == 1, let key = node.keys.first, key.left.type == key.right.type,
      left.rowCount > 0, right.rowCount > 0
    else { return nil }
    return node.indexed ?? .of(leftRows: left.rowCount, rightRows: right.rowCount)
  }

  private func indexMatches(
    _ node: Plan.Join, _ ofLeft: EvaluatorList, _ left: Table, _ ofRight: EvaluatorList, _ right: Table
  ) throws -> Matches? {
    guard let side = Executor.indexedSide(node, left, right) else { return nil }
    let isLeft = side == .left
    let (own, other) = isLeft ? (left, right) : (right, left)
    let (ofOwn, ofOther) = isLeft ? (ofLeft, ofRight) : (ofRight, ofLeft)
    let rows = left.rowCount + right.rowCount
    let working = try reserve(
      Executor.keyBytes(1, rows: own.rowCount).saturating(plus: other.rowCount.saturating(times: 16)),
      for: "the keys of \(counted(rows, "row"))", node.origin)
    defer { working.release() }
    let lookedUp = try context.workers.map(other.segments.count) {
      try ofOther.columns(other.segments[$0])[0]
    }
    guard let indexed = try columns(ofOwn, of: own).first, let index = KeyIndex(indexed, for: lookedUp)
    else { return nil }
    let starts = other.segments.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    let found = Matches.joined(
      try context.workers.map(lookedUp.count) { number in
        let matches = index.matches(lookedUp[number], keepsUnmatched: false)
        let first = UInt32(truncatingIfNeeded: starts[number])
        let rows = matches.left ?? .ascending(matches.right.count)
        return Matches(left: rows.adding(first), right: matches.right)
      })
    return isLeft ? Matches(orderedFrom: found, leftRows: left.rowCount) : found
  }
}

extension Executor.Matches {
  /// The pairs of one part of the left rows after the other.
  static func joined(_ parts: [Self]) -> Self {
    if parts.count == 1 { return parts[0] }
    let count = parts.reduce(0) { $0 + $1.left.count }
    return Self(
      left: .concatenated(parts.map(\.left), count: count),
      right: .concatenated(parts.map(\.right), count: count))
  }

  /// Pairs in the order of their right rows, whose sides are exchanged, put in the order of the left rows: each pair
  /// goes to the next place of its left row.
  init(orderedFrom exchanged: Self, leftRows: Int) {
    let (lefts, rights) = (exchanged.right.span, exchanged.left.span)
    var counts = MutableBuffer<UInt32>(repeating: 0, count: leftRows + 1)
    do {
      var target = counts.mutableSpan
      for pair in 0..<lefts.count { target[Int(lefts[pair]) &+ 1] &+= 1 }
    }
    var next = counts.summed().copy
    var places = next.mutableSpan
    var left = MutableBuffer<UInt32>(count: lefts.count)
    var right = MutableBuffer<UInt32>(count: lefts.count)
    var leftTarget = left.mutableSpan
    var rightTarget = right.mutableSpan
    for pair in 0..<lefts.count {
      let row = Int(lefts[pair])
      let place = Int(places[row])
      places[row] &+= 1
      leftTarget[place] = UInt32(truncatingIfNeeded: row)
      rightTarget[place] = rights[pair]
    }
    self.init(left: left.freeze(), right: right.freeze())
  }
}

extension Buffer where Element == UInt32 {
  /// Each number, so much greater.
  fileprivate func adding(_ offset: UInt32) -> Buffer<UInt32> {
    if offset == 0 { return self }
    var result = MutableBuffer<UInt32>(count: count)
    var target = result.mutableSpan
    let source = span
    for index in 0..<source.count { target[index] = source[index] &+ offset }
    return result.freeze()
  }
}
