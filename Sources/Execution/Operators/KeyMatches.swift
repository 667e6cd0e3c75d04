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

  /// The keys of both sides, worked out once: what their conversions lose is counted once, too.
  struct JoinKeys {
    /// For each segment a column for each key.
    var left: [[Column]]
    var right: [[Column]]
    var types: (left: [DataType], right: [DataType])
    let memory: Reservation

    /// Rows of a side that have no partner because a key of theirs is missing.
    func withoutKey(_ side: KeyPath<JoinKeys, [[Column]]>) -> Int {
      self[keyPath: side].reduce(0) { rows, columns in
        let known = columns.compactMap(\.validity)
        guard let first = known.first else { return rows }
        return rows + first.count - known.dropFirst().reduce(first) { $0.and($1) }.ones
      }
    }

    /// A side's keys in one piece.
    func whole(_ side: KeyPath<JoinKeys, [[Column]]>) -> [Column] {
      let parts = self[keyPath: side]
      let types = side == \.left ? types.left : types.right
      return types.indices.map { key in Column.concatenated(parts.map { $0[key] }, type: types[key]) }
    }
  }

  func joinKeys(_ node: Plan.Join, _ left: Table, _ right: Table) throws -> JoinKeys {
    let ofLeft = EvaluatorList(node.keys.map { $0.left }, context)
    let ofRight = EvaluatorList(node.keys.map { $0.right }, context)
    context.note { ofLeft.notes() + ofRight.notes() }
    // Columns stay where they are; what is made of them takes memory of its own.
    let made = node.keys.reduce(0) { bytes, key in
      bytes.saturating(plus: key.left.isColumn ? 0 : left.rowCount.saturating(times: 16))
        .saturating(plus: key.right.isColumn ? 0 : right.rowCount.saturating(times: 16))
    }
    let memory = try reserve(
      made, for: "the keys of \(counted(left.rowCount + right.rowCount, "row"))", node.origin)
    let times = keyTimes(node)
    let rounded = keyRounding(node)
    func columns(_ list: EvaluatorList, _ table: Table) throws -> [[Column]] {
      try context.workers.map(table.segments.count) { index in
        let columns = try list.columns(table.segments[index])
        for (number, column) in columns.enumerated() {
          times.saw(column, number)
          rounded.saw(column, number)
        }
        return columns
      }
    }
    let keys = JoinKeys(
      left: try columns(ofLeft, left), right: try columns(ofRight, right),
      types: (node.keys.map { $0.left.type }, node.keys.map { $0.right.type }), memory: memory)
    let near = NearSpellings.notes(node, keys)
    context.note { near }
    return keys
  }

  /// What is seen of the offsets of the keys that are times.
  func keyTimes(_ node: Plan.Join) -> TimeOffsets {
    let names = node.keys.map { $0.left.columnNames.first ?? "the key" }
    let times = TimeOffsets(Schema(zip(names, node.keys).map { Field($0, $1.left.type) }))
    context.note { times.notes(at: node.origin.range) }
    return times
  }

  /// What is seen of whole numbers among the keys that are looked up as floats: two of them may be one float.
  private func keyRounding(_ node: Plan.Join) -> RoundedInts {
    let rounded = RoundedInts(
      Schema(
        node.keys.map { key in
          let name = (key.left.type == .int ? key.left : key.right).columnNames.first ?? "the key"
          return Field(name, DataType.common(key.left.type, key.right.type) ?? key.left.type)
        }))
    context.note { rounded.notes(at: node.origin.range) }
    return rounded
  }

  func keyMatches(
    _ node: Plan.Join, _ keys: JoinKeys, _ left: Table, _ right: Table
  ) throws -> Matches {
    if let matches = try indexMatches(node, keys, left, right) { return matches }
    let rows = left.rowCount + right.rowCount
    let working = try reserve(
      Executor.keyBytes(node.keys.count, rows: rows)
        .saturating(plus: Executor.dictionaryBytes(keys.left + keys.right, count: node.keys.count)),
      for: "the keys of \(counted(rows, "row"))", node.origin)
    defer { working.release() }
    let both = zip(keys.whole(\.left), keys.whole(\.right)).map { l, r in
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
    _ node: Plan.Join, _ keys: JoinKeys, _ left: Table, _ right: Table
  ) throws -> Matches? {
    guard let side = Executor.indexedSide(node, left, right) else { return nil }
    let isLeft = side == .left
    let (own, other) = isLeft ? (left, right) : (right, left)
    let rows = left.rowCount + right.rowCount
    let working = try reserve(
      Executor.keyBytes(1, rows: own.rowCount).saturating(plus: other.rowCount.saturating(times: 16))
        .saturating(plus: Executor.dictionaryBytes(isLeft ? keys.left : keys.right, count: 1)),
      for: "the keys of \(counted(rows, "row"))", node.origin)
    defer { working.release() }
    let lookedUp = (isLeft ? keys.right : keys.left).map { $0[0] }
    guard let index = KeyIndex(keys.whole(isLeft ? \.left : \.right)[0], for: lookedUp) else { return nil }
    let starts = other.segments.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    let found = Matches.joined(
      try context.workers.map(lookedUp.count) { number in
        let matches = index.matches(lookedUp[number], keepsUnmatched: false)
        let first = UInt32(truncatingIfNeeded: starts[number])
        let rows = matches.left ?? .ascending(matches.right.count)
        return Matches(left: rows.adding(first), right: matches.right)
      })
    return isLeft ? Matches(orderedFrom: [found], leftRows: left.rowCount) : found
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

  /// Pairs whose sides are exchanged, put in the order of the left rows: each pair goes to the next place of its left
  /// row. The pairs of one left row stay in their order.
  init(orderedFrom exchanged: [Self], leftRows: Int) {
    var counts = MutableBuffer<UInt32>(repeating: 0, count: leftRows + 1)
    var target = counts.mutableSpan
    for part in exchanged {
      let lefts = part.right.span
      for pair in 0..<lefts.count { target[Int(lefts[pair]) &+ 1] &+= 1 }
    }
    var next = counts.summed().copy
    var places = next.mutableSpan
    let count = exchanged.reduce(0) { $0 + $1.left.count }
    var left = MutableBuffer<UInt32>(count: count)
    var right = MutableBuffer<UInt32>(count: count)
    var leftTarget = left.mutableSpan
    var rightTarget = right.mutableSpan
    for part in exchanged {
      let (lefts, rights) = (part.right.span, part.left.span)
      for pair in 0..<lefts.count {
        let row = Int(lefts[pair])
        let place = Int(places[row])
        places[row] &+= 1
        leftTarget[place] = UInt32(truncatingIfNeeded: row)
        rightTarget[place] = rights[pair]
      }
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
