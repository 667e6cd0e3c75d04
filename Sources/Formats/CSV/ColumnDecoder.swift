import Columns
import Glibc

/// Takes the quotes off cells, in memory of its own.
final class Unquoter {
  private var target: UnsafeMutablePointer<UInt8>
  private var capacity = 256

  init() {
    target = .allocate(capacity: 256)
    target.initialize(repeating: 0, count: 256)
  }
  deinit { target.deallocate() }

  /// The content of a cell that begins with a quote: doubled quotes made one, text behind the closing quote as it
  /// is; a quote that is never closed belongs to the text. Eight bytes more can be read behind it.
  func content(
    _ cell: UnsafePointer<UInt8>, _ count: Int, quote: UInt8
  ) -> (text: UnsafeBufferPointer<UInt8>, isQuoted: Bool) {
    // Nearly every cell has no other quotes: it lies there as it is.
    if count > 1, let found = memchr(cell + 1, Int32(quote), count - 1),
      UnsafeRawPointer(found) == UnsafeRawPointer(cell + count - 1)
    {
      return (UnsafeBufferPointer(start: cell + 1, count: count - 2), true)
    }
    if capacity < count + 16 {
      target.deallocate()
      capacity = count * 2 + 16
      target = .allocate(capacity: capacity)
      target.initialize(repeating: 0, count: capacity)
    }
    var made = 0
    var index = 1
    while index < count {
      if cell[index] == quote {
        if index + 1 < count, cell[index + 1] == quote {
          index += 1
        } else {
          let rest = count - index - 1
          (target + made).update(from: cell + index + 1, count: rest)
          return (UnsafeBufferPointer(start: target, count: made + rest), true)
        }
      }
      target[made] = cell[index]
      made += 1
      index += 1
    }
    target.update(from: cell, count: count)
    return (UnsafeBufferPointer(start: target, count: count), false)
  }
}

/// A cell that the column's type does not hold.
struct Contradiction: Sendable {
  /// The column in the file.
  var column: Int
  var kind: CellKind
  /// The line, counted from the range's first row as 0.
  var line: Int
  var cell: String
}

/// What a column's cells had to be forgiven for in one range.
struct CellTally: Sendable {
  /// Empty cells.
  var empty = 0
  /// Other marks of missing, with their counts, in the order of first occurrence.
  var marks: [(text: String, count: Int)] = []
  /// Cells that a type given by hand could not hold.
  var unconverted = Tally()
  /// Their first different texts, each with the line where it was met first.
  var unconvertedTexts: [(text: String, line: Int)] = []
  /// Text cells that were not UTF-8.
  var notUTF8 = Tally()
  /// Times whose fraction was cut to microseconds.
  var cutTimes = Tally()
  /// Whole numbers that became the nearest number that a float holds.
  var rounded = Tally()
  /// Datetimes with and without an offset.
  var withOffset = 0
  var withoutOffset = 0
  /// Marks that stay text, where the column holds numbers beside them.
  var kept: [(text: String, count: Int)] = []

  mutating func addMark(_ text: String, _ count: Int = 1) {
    if let index = marks.firstIndex(where: { $0.text == text }) {
      marks[index].count += count
    } else {
      marks.append((text, count))
    }
  }

  private mutating func addUnconverted(_ text: String, line: @autoclosure () -> Int) {
    guard unconvertedTexts.count < Tally.shown, !unconvertedTexts.contains(where: { $0.text == text }) else {
      return
    }
    unconvertedTexts.append((text, line()))
  }

  /// A cell that a type given by hand does not hold.
  mutating func addUnconverted(_ cell: UnsafeBufferPointer<UInt8>, line: @autoclosure () -> Int) {
    unconverted.add(line: line())
    if unconvertedTexts.count < Tally.shown {
      addUnconverted(String(decoding: cell.prefix(60), as: UTF8.self), line: line())
    }
  }

  mutating func merge(_ later: CellTally, base: Int) {
    empty += later.empty
    for mark in later.marks { addMark(mark.text, mark.count) }
    unconverted.merge(later.unconverted, base: base)
    for (text, line) in later.unconvertedTexts { addUnconverted(text, line: line + base) }
    notUTF8.merge(later.notUTF8, base: base)
    cutTimes.merge(later.cutTimes, base: base)
    rounded.merge(later.rounded, base: base)
    for mark in later.kept {
      if let index = kept.firstIndex(where: { $0.text == mark.text }) {
        kept[index].count += mark.count
      } else {
        kept.append(mark)
      }
    }
    withOffset += later.withOffset
    withoutOffset += later.withoutOffset
  }
}

/// How the cells of a column are read.
struct ColumnPlan: Sendable {
  /// The column in the file.
  var column: Int
  var name: String
  var isLast: Bool
  var type: DataType
  /// The type was given by hand: cells that it cannot hold become missing.
  var isForced = false
  /// For a date or datetime given by hand.
  var pattern: DatePattern?
  /// Marks of missing given by hand for this column or the file.
  var marks: [[UInt8]] = []
  /// Whether `NA` and, among values, other marks are missing without being given.
  var guessesMarks = true
  var quote: UInt8?
  var quoting = QuoteStyle.needed
  var decimal = UInt8(ascii: ".")
  /// Texts that the sample showed, where it showed few: segments without others share this pool.
  var basePool: TextPool?
  /// A column of text with numbers in it: the marks that it keeps are counted.
  var countsMarks = false
  /// The sample showed mostly different texts.
  var isMostlyDistinct = false
}

/// Turns the cells of one column into values, a chunk at a time.
class ColumnDecoder {
  final let plan: ColumnPlan
  // A decoder belongs to one thread: the run-time's checks of each access would cost as much as the work.
  @exclusivity(unchecked) final var tally = CellTally()
  final var contradiction: Contradiction?
  /// Rows so far.
  @exclusivity(unchecked) final var count = 0
  @exclusivity(unchecked) private final var validity: [UInt64] = []
  @exclusivity(unchecked) private final var missing = 0
  final let unquoter = Unquoter()
  /// No marks were given by hand: a cell that reads as a value is one.
  final let isDirect: Bool

  init(_ plan: ColumnPlan) {
    self.plan = plan
    isDirect = plan.marks.isEmpty
  }

  /// Whether a cell is a pair of quotes in a file where every cell stands in some: these say nothing, of an empty one
  /// neither.
  final func isEmptyInQuotes(_ chunk: Chunk, _ start: Int, _ end: Int) -> Bool {
    guard case .all = plan.quoting, end - start == 2, let quote = plan.quote else { return false }
    return chunk.bytes[start] == quote && chunk.bytes[start + 1] == quote
  }

  static func make(_ plan: ColumnPlan) -> ColumnDecoder {
    if plan.isForced, plan.type != .text { return ForcedDecoder(plan) }
    switch plan.type {
    case .int: return IntDecoder(plan)
    case .float: return FloatDecoder(plan)
    case .bool: return BoolDecoder(plan)
    case .date: return DateDecoder(plan)
    case .datetime: return DatetimeDecoder(plan)
    case .missing: return MissingDecoder(plan)
    default: return TextDecoder(plan)
    }
  }

  /// Decodes the cells of these rows of the chunk (all when nil).
  func decode(_ chunk: Chunk, rows: [UInt32]?) {}
  /// Whether rows that nobody wants can be looked at for less than decoding them.
  var canSkip: Bool { false }
  /// Counts what the cells of these rows have to tell, for decoders that can skip.
  func skip(_ chunk: Chunk, rows: [UInt32]) {}
  /// The column; the decoder is used up.
  func finish() -> Column { .missing(count: count, type: plan.type) }

  /// Makes room for rows in the validity.
  final func reserve(_ rows: Int) {
    let words = (count + rows + 63) >> 6
    if words > validity.count {
      validity.append(contentsOf: repeatElement(~0, count: words - validity.count))
    }
  }

  final func setMissing(_ row: Int) {
    validity[row >> 6] &= ~(1 << UInt64(row & 63))
    missing += 1
  }

  final func finishValidity() -> Bitmap? {
    if missing == 0 { return nil }
    let rest = count & 63
    if rest > 0 { validity[count >> 6] &= 1 << UInt64(rest) - 1 }
    return Bitmap(words: Buffer(validity), count: count)
  }

  final var isAllMissing: Bool { missing == count }

  final func isMissing(_ row: Int) -> Bool { validity[row >> 6] >> UInt64(row & 63) & 1 == 0 }

  /// A cell that is not plainly a value: its text without quotes and outer blanks, or nil when it is missing.
  final func unusual(_ chunk: Chunk, _ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8>? {
    if start == end {
      tally.empty += 1
      return nil
    }
    let raw = UnsafeBufferPointer(start: chunk.bytes + start, count: end - start)
    var cell = raw
    var isQuoted = false
    if let quote = plan.quote, raw[0] == quote {
      (cell, isQuoted) = unquoter.content(chunk.bytes + start, end - start, quote: quote)
    }
    let trimmed = CellKind.trimmed(cell)
    if trimmed.isEmpty {
      tally.empty += 1
      return nil
    }
    let isGuessed =
      plan.guessesMarks
      && (!isQuoted && Marks.isNA(trimmed)
        || Marks.isMark(trimmed) && !(isQuoted && plan.quoting == .needed))
    if isGuessed || isOwnMark(trimmed) {
      tally.addMark(String(decoding: trimmed, as: UTF8.self))
      return nil
    }
    return trimmed
  }

  /// Counts a whole number beyond 2^53 that a float cannot hold exactly. Numbers with a decimal sign or an exponent
  /// are measured, and their last digits say nothing.
  @inline(never)
  final func noteRounding(_ value: Double, _ cell: UnsafeBufferPointer<UInt8>, _ chunk: Chunk, _ start: Int) {
    let text = String(decoding: cell, as: UTF8.self)
    if let written = Int64(text) {
      if Int64(exactly: value) == written { return }
    } else {
      // Beyond 64 bits the digits themselves tell.
      let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
      guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return }
      if let written = UInt128(digits), UInt128(exactly: value.magnitude) == written { return }
    }
    tally.rounded.add(line: chunk.line(at: start))
  }

  final func isOwnMark(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    !plan.marks.isEmpty && plan.marks.contains { $0.elementsEqual(cell) }
  }

  /// Takes a cell that the type does not hold: missing under a type given by hand, otherwise a contradiction.
  /// Returns whether to go on.
  final func reject(_ cell: UnsafeBufferPointer<UInt8>, _ chunk: Chunk, _ start: Int, row: Int) -> Bool {
    if plan.isForced {
      tally.addUnconverted(cell, line: chunk.line(at: start))
      setMissing(row)
      return true
    }
    var kind = CellKind.of(cell, isQuoted: true, decimal: plan.decimal)
    if kind == .mark { kind = .text }
    contradiction = Contradiction(
      column: plan.column, kind: kind, line: chunk.line(at: start),
      cell: String(decoding: cell.prefix(60), as: UTF8.self))
    return false
  }
}

extension Chunk {
  /// Calls `body` with the bounds of each cell of a column; stops when it returns false.
  @inline(__always)
  func forEachCell(_ plan: ColumnPlan, _ rows: [UInt32]?, _ body: (Int, Int) -> Bool) {
    let column = plan.column
    @inline(__always)
    func visit(_ at: Int) -> Bool {
      let start = Int(positions[at] &+ 1)
      var end = Int(positions[at &+ 1])
      if plan.isLast, end > start, bytes[end &- 1] == CSVDialect.carriageReturn { end &-= 1 }
      return body(start, end)
    }
    if let rows {
      forEachPicked(rows) { visit($0 &+ column) }
      return
    }
    for batch in batches {
      var at = batch.first &+ column
      for _ in 0..<batch.rows {
        if !visit(at) { return }
        at &+= batch.stride
      }
    }
  }

  /// Calls `body` with the place of each picked row's first position.
  @inline(__always)
  private func forEachPicked(_ rows: [UInt32], _ body: (Int) -> Bool) {
    var batch = 0
    var firstRow = 0
    for row in rows {
      while batch < batches.count, Int(row) >= firstRow &+ batches[batch].rows {
        firstRow &+= batches[batch].rows
        batch &+= 1
      }
      if batch == batches.count { return }
      if !body(batches[batch].first &+ (Int(row) &- firstRow) &* batches[batch].stride) { return }
    }
  }

  func wanted(_ rows: [UInt32]?) -> Int { rows?.count ?? self.rows }
}
