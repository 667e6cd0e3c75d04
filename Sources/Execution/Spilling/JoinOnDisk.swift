import Columns
import Diagnostics
import Planning
import Scheduling
import Synchronization

/// A join by equal keys that memory does not hold: rows of both sides are in temporary files, and their keys with the
/// numbers of the rows in others, divided into partitions by key. Equal keys are in one partition, and each partition
/// finds its pairs for itself.
extension Executor {
  /// Whether the keys of both sides are divided alike: equal ones of two types would come into different partitions.
  static func joinsOnDisk(_ node: Plan.Join) -> Bool {
    !node.keys.isEmpty && node.nearest == nil && node.residual == nil
      && node.keys.allSatisfy { $0.left.type == $0.right.type }
  }

  func joinOnDisk(_ node: Plan.Join) throws -> SegmentStream {
    let left = try held(node.left, onDisk: true)
    let right = try held(node.right, onDisk: true)
    defer {
      left.release()
      right.release()
    }
    let report = context.report("join", node.origin)
    let (leftRows, rightRows) = (left.table.rowCount, right.table.rowCount)
    let times = keyTimes(node)
    let ofLeft = try KeyedRows(left.table, node.keys.map { $0.left }, times, context)
    let ofRight = try KeyedRows(right.table, node.keys.map { $0.right }, times, context)
    let found = Reservation(context.budget)
    defer { found.release() }
    // For each left row its matches, and its place among them; for each right row whether it was met.
    try placed(node.origin) { () throws(BudgetExceeded) in
      try found.grow(
        leftRows.saturating(times: 8).saturating(plus: rightRows), for: "the matches of its rows")
    }
    let pairFile = try SpillFile(folder: context.temporaryFolder)
    let pieces = try partitions(ofLeft, ofRight, pairFile, found, node)
    let pages = try pairFile.mapped()
    let parts = pieces.map { Matches(left: pages.read($0.right), right: pages.read($0.left)) }
    let pairs = Matches(orderedFrom: parts, leftRows: leftRows)
    var outcome = JoinOutcome(pairs, leftRows: leftRows, rightRows: rightRows, kind: node.kind)
    (outcome.leftWithoutKey, outcome.rightWithoutKey) = (ofLeft.withoutKey, ofRight.withoutKey)
    report.add(rowsIn: leftRows, rowsOut: outcome.left.count)
    let notes =
      NearSpellings.notes(node, ofLeft.texts, ofRight.texts)
      + Executor.notes(node, outcome, 0, leftRows, rightRows)
    context.note { notes }
    report.did(.joined(outcome.counts(leftRows, rightRows)))
    context.noteSpilled(
      ofLeft.byteCount + ofRight.byteCount + pairFile.byteCount, leftRows + rightRows, report)
    let joined = try assembledBySegments(node, outcome, left.table, right.table)
    return SegmentStream(joined.table, memory: joined.memory)
  }

  /// Pairs of rows in a temporary file: they wait there until all are known, and can be put in order.
  private struct SpilledPairs: Sendable {
    var left: SpillFile.Piece
    var right: SpillFile.Piece
  }

  /// The pairs of all partitions: of several at a time where memory holds what these take, of one after the other
  /// otherwise.
  private func partitions(
    _ left: KeyedRows, _ right: KeyedRows, _ file: SpillFile, _ found: Reservation, _ node: Plan.Join
  ) throws -> [SpilledPairs] {
    // In the order of the left rows; with the rows that have no match once more.
    let bytesEach = node.kind == .inner || node.kind == .semi || node.kind == .anti ? 8 : 16
    let sizes = (0..<KeyPartitions.count).map { partition in
      // Read, put end to end, and both sides together.
      let bytes = left.bytes(partition).saturating(plus: right.bytes(partition)).saturating(times: 3)
      let rows = left.rows(partition) + right.rows(partition)
      return bytes.saturating(plus: Executor.keyBytes(node.keys.count, rows: rows))
    }
    @Sendable func pairs(_ partition: Int) throws -> SpilledPairs {
      let working = try reserve(sizes[partition], for: "a part of its keys", node.origin)
      defer { working.release() }
      let matches = try matches(left.keys(partition), right.keys(partition))
      try placed(node.origin) { () throws(BudgetExceeded) in
        try found.grow(matches.left.count.saturating(times: bytesEach), for: "its pairs of rows")
      }
      return SpilledPairs(left: try file.write(matches.left), right: try file.write(matches.right))
    }
    let most = sizes.max() ?? 0
    if most.saturating(times: 2 * context.workers.count) <= context.budget.available {
      return try context.workers.map(KeyPartitions.count) { try pairs($0) }
    }
    return try (0..<KeyPartitions.count).map { partition in
      try context.workers.cancellation.check()
      return try pairs(partition)
    }
  }

  /// The pairs of one partition, by the numbers that the rows have in their tables.
  private func matches(
    _ left: (keys: [Column], rows: Buffer<UInt32>), _ right: (keys: [Column], rows: Buffer<UInt32>)
  ) throws -> Matches {
    if left.rows.count == 0 || right.rows.count == 0 { return Matches(left: Buffer([]), right: Buffer([])) }
    let both = zip(left.keys, right.keys).map { Column.concatenated([$0, $1], type: $0.type) }
    let pairing = Pairing(both, leftRows: left.rows.count, rightRows: right.rows.count)
    let (lefts, rights) = pairing.matches(of: 0..<left.rows.count)
    return Matches(left: left.rows.permuted(by: lefts), right: right.rows.permuted(by: rights))
  }

  /// The joined rows, a segment after the other, gathered from the segments in which they lie.
  private func assembledBySegments(
    _ node: Plan.Join, _ outcome: JoinOutcome, _ left: Table, _ right: Table
  ) throws -> HeldTable {
    let width = left.columnCount
    let rows = outcome.left.count
    let size = Table.segmentRows
    let store = RowStore(context)
    let lefts = node.output.filter { $0 < width }
    let partners = outcome.hasRightOnly ? lefts.compactMap { node.keyPartners[$0] } : []
    let rights = node.output.filter { $0 >= width } + partners
    let places = try context.workers.map((rows + size - 1) / size) { number in
      let range = number * size..<min(rows, (number + 1) * size)
      let (ofLeft, ofRight) = (outcome.left.slice(range), outcome.right.slice(range))
      let own = Dictionary(
        zip(lefts, left.columns(lefts, at: ofLeft)), uniquingKeysWith: { first, _ in first })
      let others = Dictionary(
        zip(rights, right.columns(rights.map { $0 - width }, at: ofRight)),
        uniquingKeysWith: { first, _ in first })
      let columns = node.output.enumerated().map { position, index -> Column in
        let type = node.schema[position].type
        guard index < width else { return (others[index] ?? .missing(count: range.count)).widened(to: type) }
        let column = (own[index] ?? .missing(count: range.count)).widened(to: type)
        // A row that only the right side has takes its key from there.
        guard let partner = node.keyPartners[index], let other = others[partner] else { return column }
        return Column.concatenated([column, other.widened(to: type)], type: type)
          .take(Executor.either(ofLeft, range.count))
      }
      return try store.keep(Segment(columns: columns, count: range.count))
    }
    return try store.table(node.schema, places)
  }

  /// For each row its place among those of the left side, or among those of the right behind them where it has no left.
  private static func either(_ left: Buffer<UInt32>, _ count: Int) -> Buffer<UInt32> {
    Buffer((0..<count).map { UInt32(truncatingIfNeeded: left[$0] == missingRow ? count + $0 : $0) })
  }
}

/// The keys of a table's rows in temporary files, with the numbers of the rows.
private struct KeyedRows: Sendable {
  private let input: PartitionedInput
  private let types: [DataType]
  /// Rows that match nothing because a key of theirs is missing.
  let withoutKey: Int
  /// The different texts of each key; nil where they are many, or no texts.
  let texts: [[String]?]

  var byteCount: Int { input.byteCount }

  init(_ table: Table, _ keys: [PlanExpression], _ times: TimeOffsets, _ context: QueryContext) throws {
    let evaluators = EvaluatorList(keys, context)
    context.note { evaluators.notes() }
    let starts = table.segments.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    let missing = Mutex(0)
    let found = keys.map { DifferentTexts(isWanted: $0.type == .text) }
    let names = keys.indices.map { "key\($0)" } + ["row"]
    let schema = Schema(zip(names, keys.map(\.type) + [.int]).map { Field($0, $1) })
    context.progress.begin(total: table.segments.count)
    let stream = SegmentStream(schema: schema, count: table.segments.count) { index in
      let segment = table.segments[index]
      let columns = try evaluators.columns(segment)
      for (number, column) in columns.enumerated() {
        times.saw(column, number)
        found[number].add(column)
      }
      let known = columns.compactMap(\.knownRows)
      if let first = known.first {
        let without = segment.count - known.dropFirst().reduce(first) { $0.and($1) }.ones
        missing.withLock { $0 += without }
      }
      let first = Int64(starts[index])
      let rows = Buffer<Int64>((0..<segment.count).map { first + Int64($0) })
      return Segment(columns: columns + [.int(rows)], count: segment.count)
    }
    let plain = keys.enumerated().map { PlanExpression(.column($0, name: names[$0]), $1.type, at: $1.range) }
    input = try PartitionedInput(stream, EvaluatorList(plain, context), needed: [keys.count], context)
    types = keys.map(\.type)
    withoutKey = missing.withLock { $0 }
    texts = found.map(\.texts)
  }

  func rows(_ partition: Int) -> Int { input.rows(partition) }

  /// Bytes of a partition in its file, at the average of all rows.
  func bytes(_ partition: Int) -> Int {
    input.rowCount == 0 ? 0 : Int(Double(byteCount) * Double(rows(partition)) / Double(input.rowCount))
  }

  /// A partition's keys and the numbers of their rows, ascending.
  func keys(_ partition: Int) throws -> (keys: [Column], rows: Buffer<UInt32>) {
    let pieces = try input.stream(partition).map { try $0() }
    let keys = types.indices.map { key in
      Column.concatenated(pieces.map { $0.keys[key] }, type: types[key])
    }
    var rows = MutableBuffer<UInt32>(capacity: pieces.reduce(0) { $0 + $1.0.count })
    for (segment, _) in pieces {
      let numbers = segment.columns[types.count].int64Values
      for row in 0..<segment.count { rows.append(UInt32(truncatingIfNeeded: numbers[row])) }
    }
    return (keys, rows.freeze())
  }
}
