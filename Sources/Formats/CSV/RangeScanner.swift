internal import CVector
import Columns
import Diagnostics
import Planning
import Scheduling

/// Rows whose cells are indexed: cell `c` of row `r` is the bytes between `positions[first + r * stride + c] + 1`
/// and `positions[first + r * stride + c + 1]`.
struct RowBatch {
  var first: Int
  var stride: Int
  var rows: Int
}

/// Rows in memory, to be decoded before the next chunk is asked for.
struct Chunk {
  let bytes: UnsafePointer<UInt8>
  let positions: UnsafePointer<UInt32>
  let batches: [RowBatch]
  let rows: Int
  /// The line of the first byte, counted from the range's first row as 0.
  let line: Int
  let lineEnd: UInt8

  /// The line of a place in `bytes`, counted from the range's first row as 0. Costs a pass over the bytes.
  func line(at offset: Int) -> Int { line + RangeScanner.count(lineEnd, bytes, 0, offset) }
}

/// Memory that scans use again: fresh memory costs as much as reading the bytes.
final class ScanScratch: @unchecked Sendable {
  fileprivate(set) var bytes: UnsafeMutablePointer<UInt8>
  fileprivate(set) var byteCapacity: Int
  fileprivate(set) var positions: UnsafeMutablePointer<UInt32>
  fileprivate(set) var positionCapacity: Int

  /// Bytes beyond the end of the data that may be read (never used).
  static let slack = 128

  init() {
    byteCapacity = 1 << 12
    positionCapacity = 1 << 12
    bytes = .allocate(capacity: byteCapacity)
    bytes.initialize(repeating: 0, count: byteCapacity)
    positions = .allocate(capacity: positionCapacity)
  }

  deinit {
    bytes.deallocate()
    positions.deallocate()
  }

  /// Makes room for `count` bytes, keeping the first `kept`.
  fileprivate func reserveBytes(_ count: Int, keeping kept: Int) {
    let wanted = count + ScanScratch.slack
    if wanted <= byteCapacity { return }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
    larger.update(from: bytes, count: kept)
    (larger + kept).initialize(repeating: 0, count: wanted - kept)
    bytes.deallocate()
    bytes = larger
    byteCapacity = wanted
  }

  /// Whether a long row made it larger than is worth keeping.
  var isLarge: Bool { byteCapacity > RangeScanner.freeBytes || positionCapacity > RangeScanner.freeBytes * 2 }

  fileprivate func reservePositions(_ count: Int, keeping kept: Int) {
    if count <= positionCapacity { return }
    let wanted = max(count, positionCapacity + positionCapacity / 2)
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: wanted)
    larger.update(from: positions, count: kept)
    positions.deallocate()
    positions = larger
    positionCapacity = wanted
  }
}

/// Reads the rows that begin in one range of the file, chunk by chunk.
final class RangeScanner {
  enum Start {
    /// A place where a row is known to begin.
    case known(Int)
    /// The boundary of a range: the first row behind the first line end from one byte before it, if that line end
    /// is not inside quotes; whoever asks must verify that the range before ends there.
    case guessed(Int)
  }

  /// Rows read at a time where they are not regular, before the quick scanner tries again.
  static let irregularRows = 64
  /// The longest row: places in a chunk are 32-bit numbers.
  static let longestRow = 1 << 31
  /// Bytes of a row that are held without being asked for.
  static let freeBytes = 32 << 20
  /// How often a long row is in memory at one time: as bytes, as they grow, and as the texts made of them.
  static let copies = 3

  private let source: ByteSource
  private let dialect: CSVDialect
  private let columns: Int
  private let limit: Int
  private let chunkBytes: Int
  private let keepsWhole: Bool
  private let usesBlocks: Bool
  private let scratch: ScanScratch
  private let memory: Reservation
  private let blocks: BlockScanner
  private var rowScanner: RowScanner

  private var start: Start
  /// The place in the file of the first byte in memory, how many bytes are there, where the next row begins.
  private var base = 0
  private var filled = 0
  private var consumed = 0
  private var isAtEnd = false
  /// The number of bytes in the file, once its end is reached.
  private var end = Int.max
  private var isFinished = false
  private var usedPositions = 0
  private var batches: [RowBatch] = []
  private var batchRows = 0
  private var hasOddLines = false
  /// A place in memory and its line, for counting on from there.
  private var lineCursor = (offset: 0, line: 0)
  private var chunkLine = 0
  private var pendingBlank = Tally()

  /// Where the first row begins in the file.
  private(set) var firstRow = 0
  private(set) var rowCount = 0
  private(set) var tally = LayoutTally()
  /// Lines from the first row to the next range's.
  private(set) var lineCount = 0

  /// - Parameters:
  ///   - limit: rows that begin here or later belong to the next range.
  ///   - chunkBytes: how much is read at a time.
  ///   - keepsWhole: give all rows of the range as one chunk.
  ///   - usesBlocks: false reads every row with the plain scanner.
  ///   - instructions: what blocks without quotes are taken by.
  init(
    _ source: ByteSource, _ dialect: CSVDialect, columns: Int, start: Start, limit: Int, chunkBytes: Int,
    keepsWhole: Bool = false, usesBlocks: Bool = true,
    instructions: BlockScanner.Instructions = .best,
    scratch: ScanScratch, budget: Budget
  ) {
    self.source = source
    self.dialect = dialect
    self.columns = columns
    self.start = start
    self.limit = limit
    self.keepsWhole = keepsWhole
    self.chunkBytes = keepsWhole ? Self.longestRow : chunkBytes
    self.usesBlocks = usesBlocks && dialect.comment == nil
    self.scratch = scratch
    memory = Reservation(budget)
    blocks = BlockScanner(dialect: dialect, columns: columns, instructions: instructions)
    rowScanner = RowScanner(dialect)
    if case .known(let place) = start {
      base = place
      firstRow = place
    }
  }

  /// Where the row behind the last one begins.
  var nextRow: Int { min(base + consumed, end) }

  /// The next rows; nil behind the last. The chunk before is gone then.
  func next() throws(FormatFault) -> Chunk? {
    if case .guessed(let boundary) = start { try findStart(boundary) }
    if isFinished || base + consumed >= limit { return finish() }
    beginChunk()
    var more = chunkBytes
    while true {
      try fill(more)
      try index()
      if isFinished || isAtEnd && consumed >= filled { break }
      if batchRows > 0, !keepsWhole { break }
      if consumed >= filled, !keepsWhole {
        closeLines()
        beginChunk()
      }
      more = max(more, filled)
    }
    closeLines()
    let chunk = Chunk(
      bytes: UnsafePointer(scratch.bytes), positions: UnsafePointer(scratch.positions), batches: batches,
      rows: batchRows, line: chunkLine, lineEnd: dialect.lineEnd)
    rowCount += batchRows
    if isAtEnd, consumed >= filled { isFinished = true }
    return batchRows > 0 ? chunk : finish()
  }

  private func finish() -> Chunk? {
    isFinished = true
    tally.trailingBlank = pendingBlank
    return nil
  }

  /// Counts the lines of the rows in memory.
  private func closeLines() {
    let count = hasOddLines ? Self.count(dialect.lineEnd, scratch.bytes, 0, consumed) : batchRows
    lineCount = chunkLine + count
  }

  /// Moves the rest of the last chunk to the front.
  private func beginChunk() {
    let rest = filled - consumed
    if consumed > 0, rest > 0 { scratch.bytes.update(from: scratch.bytes + consumed, count: rest) }
    base += consumed
    filled = rest
    consumed = 0
    chunkLine = lineCount
    lineCursor = (0, chunkLine)
    batches.removeAll(keepingCapacity: true)
    batchRows = 0
    usedPositions = 0
    hasOddLines = false
  }

  /// Reads up to `wanted` more bytes, not far beyond the limit.
  private func fill(_ wanted: Int) throws(FormatFault) {
    if isAtEnd { return }
    let untilLimit = limit - base - filled
    // Behind the limit only the row that lies across it is still wanted.
    var size = untilLimit > 0 ? min(wanted, untilLimit + 4096) : max(4096, min(wanted, filled))
    size = max(0, try source.clamped(base + filled + size) - base - filled)
    guard filled + size < Self.longestRow else {
      throw FormatFault(
        file: source.name, "a row of \(source.name) is longer than 2 GB",
        help: ["an opening quote may lack its closing one; `quote = none` reads quotes as plain text"])
    }
    try reserve(filled + size + 1)
    scratch.reserveBytes(filled + size + 1, keeping: filled)
    let got = try source.read(
      at: base + filled, into: UnsafeMutableRawBufferPointer(start: scratch.bytes + filled, count: size))
    filled += got
    if try source.ends(at: base + filled) {
      isAtEnd = true
      end = try source.count()
      if filled > 0, scratch.bytes[filled - 1] != dialect.lineEnd {
        scratch.bytes[filled] = dialect.lineEnd
        filled += 1
      }
    }
  }

  /// Whether it stopped for want of memory.
  private(set) var lacksMemory = false

  /// Asks for the memory of a row that is longer than rows are.
  private func reserve(_ bytes: Int) throws(FormatFault) {
    let more = bytes * Self.copies - memory.count
    guard bytes > Self.freeBytes, more > 0 else { return }
    do throws(BudgetExceeded) {
      try memory.grow(more, for: "a row")
    } catch {
      lacksMemory = true
      throw FormatFault(
        file: source.name,
        "a row of \(source.name) is longer than \(grouped(filled >> 20)) MB and wants \(grouped(error.wanted >> 20)) MB more: "
          + "of the \(grouped(error.limit >> 20)) MB of memory that a query may use \(grouped(error.held >> 20)) MB are in use",
        help: [
          "an opening quote may lack its closing one; `quote = none` reads quotes as plain text",
          "or give it more with --memory",
        ])
    }
  }

  private func findStart(_ boundary: Int) throws(FormatFault) {
    base = boundary - 1
    while true {
      try fill(chunkBytes)
      if let place = Self.first(dialect.lineEnd, scratch.bytes, 0, filled) {
        consumed = place + 1
        break
      }
      base += filled
      filled = 0
      if isAtEnd { break }
    }
    firstRow = nextRow
    start = .known(firstRow)
    // Lines count from the first row on.
    let rest = filled - consumed
    scratch.bytes.update(from: scratch.bytes + consumed, count: rest)
    base += consumed
    filled = rest
    consumed = 0
    if firstRow >= limit || isAtEnd && filled == 0 { isFinished = true }
  }

  /// Indexes rows from `consumed` on.
  private func index() throws(FormatFault) {
    while !isFinished, consumed < filled {
      if base + consumed >= limit {
        isFinished = true
        return
      }
      if usesBlocks {
        let stop = indexBlocks()
        // At the end of the file only an open quote leaves a row incomplete.
        if stop == .end, !isAtEnd || consumed >= filled { return }
        if stop == .limit {
          isFinished = true
          return
        }
      }
      if !indexRows() { return }
    }
  }

  private func indexBlocks() -> BlockScanner.Stop {
    scratch.reservePositions(usedPositions + filled - consumed + 130, keeping: usedPositions)
    var result = blocks.index(
      scratch.bytes, from: consumed, to: filled, limit: limit - base, into: scratch.positions + usedPositions)
    if columns == 1 { cutAtBlank(&result) }
    if result.hasEmbedded { hasOddLines = true }
    if result.rows > 0 {
      settleBlank()
      batches.append(RowBatch(first: usedPositions, stride: columns, rows: result.rows))
      usedPositions += result.rows * columns + 1
      batchRows += result.rows
    }
    consumed = result.next
    return result.stop
  }

  /// With one column an empty line looks like a row: the plain scanner takes over there.
  private func cutAtBlank(_ result: inout BlockScanner.Result) {
    let ends = scratch.positions + usedPositions
    for row in 0..<result.rows {
      let (before, end) = (ends[row] &+ 1, ends[row + 1])
      let isBlank =
        end == before
        || end == before &+ 1 && scratch.bytes[Int(before)] == CSVDialect.carriageReturn
      if isBlank {
        result.rows = row
        result.next = Int(before)
        result.stop = .irregular
        return
      }
    }
  }

  /// Reads some rows with the plain scanner; false when a row is not complete in memory.
  private func indexRows() -> Bool {
    hasOddLines = true
    for _ in 0..<Self.irregularRows {
      guard consumed < filled, base + consumed < limit else { return true }
      let row = consumed
      guard let next = rowScanner.scan(scratch.bytes, from: row, to: filled, isLast: isAtEnd) else {
        return false
      }
      consumed = next
      let flags = rowScanner.flags
      if flags.contains(.comment) {
        tally.comments += 1
      } else if flags.contains(.blank) {
        pendingBlank.add(line: line(at: row))
      } else {
        settleBlank()
        append(row)
      }
    }
    return true
  }

  private func settleBlank() {
    if pendingBlank.count > 0 {
      tally.blank.merge(pendingBlank, base: 0)
      pendingBlank = Tally()
    }
  }

  /// Adds the row just scanned, filled up or cut to the number of columns.
  private func append(_ row: Int) {
    let flags = rowScanner.flags
    if flags.contains(.textAfterQuote) { tally.textAfterQuote.add(line: line(at: row)) }
    if flags.contains(.unclosedQuote) { tally.unclosedQuote.add(line: line(at: row)) }
    scratch.reservePositions(usedPositions + columns + 1, keeping: usedPositions)
    let target = scratch.positions + usedPositions
    target[0] = UInt32(truncatingIfNeeded: row &- 1)
    let ends = rowScanner.ends
    for column in 0..<min(columns, ends.count) {
      target[column + 1] = UInt32(truncatingIfNeeded: ends[column])
    }
    if ends.count < columns {
      tally.short.add(line: line(at: row))
      fillUp(target, ends, row)
    } else if ends.count > columns, hasText(ends) {
      tally.long.add(line: line(at: row))
    }
    if let last = batches.last, last.stride == columns + 1,
      last.first + last.rows * last.stride == usedPositions
    {
      batches[batches.count - 1].rows += 1
    } else {
      batches.append(RowBatch(first: usedPositions, stride: columns + 1, rows: 1))
    }
    usedPositions += columns + 1
    batchRows += 1
  }

  /// Empty cells behind a short row; its last cell ends before the carriage return of the line's end.
  private func fillUp(_ target: UnsafeMutablePointer<UInt32>, _ ends: [Int], _ row: Int) {
    guard var last = ends.last else { return }
    let cell = ends.count > 1 ? ends[ends.count - 2] + 1 : row
    if last > cell, scratch.bytes[last - 1] == CSVDialect.carriageReturn { last -= 1 }
    for column in ends.count...columns {
      target[column] = UInt32(truncatingIfNeeded: last + column - ends.count)
    }
  }

  /// Whether one of the cells beyond the last column holds anything.
  private func hasText(_ ends: [Int]) -> Bool {
    for column in columns..<ends.count {
      let cell = ends[column - 1] + 1
      var end = ends[column]
      if column == ends.count - 1, end > cell, scratch.bytes[end - 1] == CSVDialect.carriageReturn {
        end -= 1
      }
      if end > cell { return true }
    }
    return false
  }

  private func line(at offset: Int) -> Int {
    if offset < lineCursor.offset { lineCursor = (0, chunkLine) }
    lineCursor.line += Self.count(dialect.lineEnd, scratch.bytes, lineCursor.offset, offset)
    lineCursor.offset = offset
    return lineCursor.line
  }

  static func count(_ byte: UInt8, _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var total = 0
    var position = start
    while position &+ 64 <= end {
      total &+= rounds_mask64(bytes + position, byte).nonzeroBitCount
      position &+= 64
    }
    while position < end {
      if bytes[position] == byte { total &+= 1 }
      position &+= 1
    }
    return total
  }

  static func first(_ byte: UInt8, _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var position = start
    while position < end {
      if bytes[position] == byte { return position }
      position &+= 1
    }
    return nil
  }
}
