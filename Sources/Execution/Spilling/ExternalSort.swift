import Columns
import Diagnostics
import Planning
import Scheduling

/// Sorting more rows than the budget holds. Runs of as many rows as fit are sorted and written to a temporary file
/// block by block; the runs are then merged into sorted segments in a second file, which what follows reads:
///
///     segments ─▶ run, sorted ─▶ blocks on disk ─┐
///     segments ─▶ run, sorted ─▶ blocks on disk ─┼─▶ merge ─▶ sorted segments on disk
///
/// Rows that are equal stay in their order: runs are parts of the input in its order, and of equal rows those of an
/// earlier run come first.
struct ExternalSort {
  /// One sorted run: its blocks, and the rows in memory that are not merged yet.
  private struct Run {
    var blocks: [SpilledSegment]
    var next = 0
    var rows: Segment?

    var isExhausted: Bool { next == blocks.count }
    var loaded: Int { rows?.count ?? 0 }
  }

  private let executor: Executor
  private let node: Plan.Sort
  private let schema: Schema
  private let evaluators: EvaluatorList
  private let file: SpillFile
  private let output: SpillFile
  private var runs: [Run] = []
  private(set) var rowCount = 0
  /// Missing values of each key.
  private(set) var missing: [Int]

  /// Rows of a block on disk.
  private static let blockRows = 8192

  init(_ executor: Executor, _ node: Plan.Sort, schema: Schema, _ evaluators: EvaluatorList) throws {
    self.executor = executor
    self.node = node
    self.schema = schema
    self.evaluators = evaluators
    missing = node.order.map { _ in 0 }
    file = try SpillFile(folder: executor.context.temporaryFolder)
    output = try SpillFile(folder: executor.context.temporaryFolder)
  }

  /// Bytes that went to disk.
  var spilledBytes: Int { file.byteCount + output.byteCount }

  private var context: QueryContext { executor.context }

  // MARK: Runs

  /// Takes in a stream's rows.
  mutating func read(_ stream: SegmentStream) throws {
    let share = context.budget.available / 6
    var pending: [Segment] = []
    var use = MemoryUse()
    var lower = 0
    while lower < stream.count {
      let upper = min(stream.count, lower + context.workers.count)
      let first = lower
      let segments = try context.workers.map(upper - lower) { try stream.read(first + $0) }
      for segment in segments where segment.count > 0 {
        pending.append(segment)
        use.add(segment)
        if use.bytes > share {
          try addRun(pending, use.bytes)
          pending = []
          use = MemoryUse()
        }
      }
      lower = upper
    }
    if !pending.isEmpty { try addRun(pending, use.bytes) }
  }

  private mutating func addRun(_ segments: [Segment], _ bytes: Int) throws {
    let table = Table(schema: schema, segments: segments)
    let rows = table.rowCount
    let working = try executor.reserve(
      bytes.saturating(times: 2).saturating(plus: Executor.keyBytes(node.order.count, rows: rows)),
      for: "a part of \(counted(rows, "row"))", node.origin)
    defer { working.release() }
    let keys = try executor.columns(evaluators, of: table)
    for index in keys.indices { missing[index] += keys[index].missingCount }
    rowCount += rows
    let whole = table.merged
    let order = Sorter.order(sortKeys(keys), rows: rows)
    let block = ExternalSort.blockRows
    let file = file
    let blocks = try context.workers.map((rows + block - 1) / block) { index in
      let picked = order.slice(index * block..<min(rows, (index + 1) * block))
      let columns = (whole.columns + keys).map { $0.take(picked) }
      return try SpilledSegment(Segment(columns: columns, count: picked.count), in: file)
    }
    runs.append(Run(blocks: blocks))
  }

  private func sortKeys(_ columns: [Column]) -> [SortKey] {
    zip(columns, node.order).map { SortKey(column: $0, descending: $1.descending) }
  }

  // MARK: Merging

  /// The sorted rows, in segments that are read from disk when they are wanted.
  mutating func merged() throws -> SegmentStream {
    let share = context.budget.available / 4
    let width = max(16, file.byteCount / max(1, rowCount))
    let working = try executor.reserve(share, for: "merging \(counted(runs.count, "part"))", node.origin)
    defer { working.release() }
    let wanted = max(1024, min(65_536, share / 4 / width / max(1, runs.count)))
    var pending: [Segment] = []
    var pendingRows = 0
    var segments: [SpilledSegment] = []
    while let merged = try nextRows(wanted) {
      try context.workers.cancellation.check()
      pending.append(merged)
      pendingRows += merged.count
      while pendingRows >= Table.segmentRows {
        let whole = Table(schema: schema, segments: pending).merged
        segments.append(try SpilledSegment(whole.slice(0..<Table.segmentRows), in: output))
        pendingRows -= Table.segmentRows
        pending = pendingRows > 0 ? [whole.slice(Table.segmentRows..<whole.count)] : []
      }
    }
    if pendingRows > 0 {
      segments.append(try SpilledSegment(Table(schema: schema, segments: pending).merged, in: output))
    }
    let (pieces, source) = (segments, output)
    return SegmentStream(schema: schema, count: pieces.count) { try pieces[$0].read(from: source) }
  }

  /// The next rows in order: all that come before the rows which are still on disk. Nil at the end.
  private mutating func nextRows(_ wanted: Int) throws -> Segment? {
    for index in runs.indices { try load(index, wanted) }
    let parts = runs.indices.filter { runs[$0].loaded > 0 }
    if parts.isEmpty { return nil }
    let loaded = parts.compactMap { runs[$0].rows }
    let types = schema.fields.map(\.type) + node.order.map(\.expression.type)
    let all = types.indices.map { column in
      Column.concatenated(loaded.map { $0.columns[column] }, type: types[column])
    }
    let rows = loaded.reduce(0) { $0 + $1.count }
    let order = Sorter.order(sortKeys(Array(all.suffix(node.order.count))), rows: rows)
    var ends: [Int: Int] = [:]
    var starts: [Int] = []
    var start = 0
    for (part, segment) in zip(parts, loaded) {
      starts.append(start)
      start += segment.count
      if !runs[part].isExhausted { ends[start - 1] = part }
    }
    var taken = rows
    for position in 0..<rows where ends[Int(order[position])] != nil {
      taken = position + 1
      break
    }
    // Each run is in order itself, so that what stays of it is its end.
    var counts = [Int](repeating: 0, count: parts.count)
    for position in 0..<taken {
      let row = Int(order[position])
      var part = parts.count - 1
      while starts[part] > row { part -= 1 }
      counts[part] += 1
    }
    for (index, part) in parts.enumerated() {
      let segment = loaded[index]
      runs[part].rows = counts[index] == segment.count ? nil : segment.slice(counts[index]..<segment.count)
    }
    let picked = order.slice(0..<taken)
    return Segment(columns: all.prefix(schema.count).map { $0.take(picked) }, count: taken)
  }

  private mutating func load(_ index: Int, _ wanted: Int) throws {
    var segments = runs[index].rows.map { [$0] } ?? []
    var rows = runs[index].loaded
    if rows >= wanted || runs[index].isExhausted { return }
    while rows < wanted, !runs[index].isExhausted {
      let segment = try runs[index].blocks[runs[index].next].read(from: file)
      runs[index].next += 1
      rows += segment.count
      segments.append(segment)
    }
    let types = schema.fields.map(\.type) + node.order.map(\.expression.type)
    let columns = types.indices.map { column in
      Column.concatenated(segments.map { $0.columns[column] }, type: types[column])
    }
    runs[index].rows = Segment(columns: columns, count: rows)
  }
}
