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
  /// One sorted run: its blocks, and those in memory that are not merged yet, each as it was read.
  private struct Run {
    let blocks: [SpilledSegment]
    var next = 0
    var loaded: [Segment] = []
    var rows = 0

    init(_ blocks: [SpilledSegment]) { self.blocks = blocks }

    var isExhausted: Bool { next == blocks.count }

    /// Reads blocks until so many rows are in memory.
    mutating func load(_ wanted: Int, from file: SpillFile) throws {
      while rows < wanted, !isExhausted {
        let segment = try blocks[next].read(from: file)
        next += 1
        rows += segment.count
        loaded.append(segment)
      }
    }

    /// Takes away the first rows.
    mutating func remove(first count: Int) -> [Segment] {
      var taken: [Segment] = []
      var left = count
      while left > 0, let segment = loaded.first {
        let here = min(left, segment.count)
        taken.append(segment.slice(0..<here))
        if here == segment.count {
          loaded.removeFirst()
        } else {
          loaded[0] = segment.slice(here..<segment.count)
        }
        left -= here
      }
      rows -= count
      return taken
    }
  }

  private let executor: Executor
  private let items: [OrderItem]
  private let origin: StageOrigin
  private let schema: Schema
  private let evaluators: EvaluatorList
  private let file: SpillFile
  private let output: SpillFile
  private var runs: [Run] = []
  /// Rows that are in no run yet: until they take their share of the memory.
  private var pending: [Segment] = []
  private var pendingRows = 0
  /// What a copy of the pending rows takes: they may lie in a mapped file themselves.
  private var use = MemoryUse(countsMapped: true)
  private let share: Int
  private(set) var rowCount = 0
  /// Missing values of each key.
  private(set) var missing: [Int]

  /// Rows of a block on disk.
  private static let blockRows = 8192

  init(
    _ executor: Executor, _ items: [OrderItem], _ evaluators: EvaluatorList, schema: Schema,
    _ origin: StageOrigin
  ) throws {
    self.executor = executor
    self.items = items
    self.origin = origin
    share = executor.context.budget.available / 3
    self.schema = schema
    self.evaluators = evaluators
    missing = items.map { _ in 0 }
    file = try SpillFile(folder: executor.context.temporaryFolder)
    output = try SpillFile(folder: executor.context.temporaryFolder)
  }

  /// Bytes that went to disk.
  var spilledBytes: Int { file.byteCount + output.byteCount }

  private var context: QueryContext { executor.context }

  // MARK: Runs

  /// Bytes that sorting the pending rows takes: a copy of them, and their keys, whose texts come into one dictionary.
  private var runBytes: Int {
    let texts = items.count { $0.expression.type == .text }
    return use.bytes.saturating(times: 2)
      .saturating(plus: Executor.keyBytes(items.count, rows: pendingRows))
      .saturating(plus: pendingRows.saturating(times: texts * 56))
  }

  /// Takes in a stream's rows.
  mutating func read(_ stream: SegmentStream) throws {
    var lower = 0
    while lower < stream.count {
      let upper = min(stream.count, lower + context.workers.count)
      let first = lower
      try add(try context.workers.map(upper - lower) { try stream.read(first + $0) })
      lower = upper
    }
  }

  /// Takes in further rows.
  mutating func add(_ segments: [Segment]) throws {
    for segment in segments where segment.count > 0 {
      // Texts of other rows must not come along.
      let own = Segment(columns: segment.columns.map(\.withOwnTexts), count: segment.count)
      pending.append(own)
      pendingRows += own.count
      use.add(own)
      if runBytes > share { try addRun() }
    }
  }

  /// Makes a run of the pending rows.
  private mutating func addRun() throws {
    let table = Table(schema: schema, segments: pending)
    let bytes = runBytes
    pending = []
    pendingRows = 0
    use = MemoryUse(countsMapped: true)
    let rows = table.rowCount
    let working = try executor.reserve(
      bytes,
      for: "a part of \(counted(rows, "row"))", origin)
    defer { working.release() }
    let keys = try executor.columns(evaluators, of: table)
    for index in keys.indices { missing[index] += keys[index].missingCount }
    rowCount += rows
    let whole = table.merged
    let order = try Sorter.order(sortKeys(keys), rows: rows, by: executor.context.workers)
    let block = ExternalSort.blockRows
    let file = file
    let blocks = try context.workers.map((rows + block - 1) / block) { index in
      let picked = order.slice(index * block..<min(rows, (index + 1) * block))
      let columns = (whole.columns + keys).map { $0.take(picked) }
      return try SpilledSegment(Segment(columns: columns, count: picked.count), in: file)
    }
    runs.append(Run(blocks))
    FreedMemory.giveBack()
  }

  private func sortKeys(_ columns: [Column]) -> [SortKey] {
    zip(columns, items).map { SortKey(column: $0, descending: $1.descending) }
  }

  // MARK: Merging

  /// The sorted rows, in segments that are read from disk when they are wanted.
  mutating func merged() throws -> SegmentStream {
    if !pending.isEmpty { try addRun() }
    let share = context.budget.available / 4
    let width = max(16, file.byteCount / max(1, rowCount))
    let working = try executor.reserve(share, for: "merging \(counted(runs.count, "part"))", origin)
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
        pending = pendingRows > 0 ? [rest(of: whole)] : []
        FreedMemory.giveBack()
      }
    }
    if pendingRows > 0 {
      segments.append(try SpilledSegment(Table(schema: schema, segments: pending).merged, in: output))
    }
    let (pieces, source) = (segments, try output.mapped())
    return SegmentStream(schema: schema, count: pieces.count) { try pieces[$0].read(from: source) }
  }

  /// The rows behind a whole segment; their texts must not keep those of the segment.
  private func rest(of whole: Segment) -> Segment {
    let rest = whole.slice(Table.segmentRows..<whole.count)
    return Segment(columns: rest.columns.map(\.withOwnTexts), count: rest.count)
  }

  /// The next rows in order: all that come before the rows which are still on disk. Nil at the end.
  private mutating func nextRows(_ wanted: Int) throws -> Segment? {
    for index in runs.indices { try runs[index].load(wanted, from: file) }
    let parts = runs.indices.filter { runs[$0].rows > 0 }
    if parts.isEmpty { return nil }
    let order = self.order(parts)
    let lengths = parts.map { runs[$0].rows }
    var starts: [Int] = []
    var owners = [UInt32](repeating: 0, count: order.count)
    var start = 0
    for (part, length) in lengths.enumerated() {
      starts.append(start)
      for row in start..<start + length { owners[row] = UInt32(part) }
      start += length
    }
    // A run's rows on disk come after its last one in memory.
    let last = Set(parts.indices.filter { !runs[parts[$0]].isExhausted }.map { starts[$0] + lengths[$0] - 1 })
    var counts = [Int](repeating: 0, count: parts.count)
    var taken = 0
    while taken < order.count {
      let row = Int(order[taken])
      taken += 1
      counts[Int(owners[row])] += 1
      if last.contains(row) { break }
    }
    // Each run is in order itself, so that what is taken of it is its beginning.
    var begins: [Int] = []
    var segments: [Segment] = []
    start = 0
    for (index, part) in parts.enumerated() {
      begins.append(start)
      segments += runs[part].remove(first: counts[index])
      start += counts[index]
    }
    let places = Buffer(
      (0..<taken).map { position -> UInt32 in
        let row = Int(order[position])
        let part = Int(owners[row])
        return UInt32(row - starts[part] + begins[part])
      })
    let (pieces, schema) = (segments, schema)
    let columns = try context.workers.map(schema.count) { index in
      Column.concatenated(pieces.map { $0.columns[index].withOwnTexts }, type: schema[index].type)
        .take(places)
    }
    return Segment(columns: columns, count: taken)
  }

  /// The order of the rows in memory, the parts' one behind the other.
  private func order(_ parts: [Int]) -> Buffer<UInt32> {
    let loaded = parts.flatMap { runs[$0].loaded }
    let keys = items.indices.map { index in
      Column.concatenated(
        loaded.map { $0.columns[schema.count + index] }, type: items[index].expression.type)
    }
    return Sorter.order(sortKeys(keys), rows: loaded.reduce(0) { $0 + $1.count })
  }
}
