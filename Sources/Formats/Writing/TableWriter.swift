import Columns
import Planning
import Scheduling

/// Writes tables row by row: blocks of rows by the workers, in the rows' order.
enum TableWriter {
  /// Rows whose lines are made together, which fit the cache: a multiple of 64, so that slices share memory.
  private static let blockRows = 1024
  /// Rows that a worker takes at once.
  private static let taskRows = 16 * blockRows

  /// Delimited text with a header line. An unquoted empty cell is missing, a quoted one is empty text; a table of
  /// one column writes `NA` for missing, as its line would be empty, and puts in quotes whatever could be taken for a
  /// delimiter.
  static func delimited(
    _ result: WrittenResult, by delimiter: UInt8, emit: (Span<UInt8>) throws -> Void
  ) throws {
    let table = result.marked
    var line: [UInt8] = []
    for (index, name) in table.schema.names.enumerated() {
      if index > 0 { line.append(delimiter) }
      line.append(
        delimited: Array(name.utf8).span, by: delimiter, isOnlyColumn: table.columnCount == 1)
    }
    line.append(10)
    try emit(line.span)
    let missing = table.columnCount == 1 ? "NA" : ""
    let frame = LineFrame(
      before: (0..<table.columnCount).map { $0 == 0 ? [] : [delimiter] }, end: [10],
      missing: Array(missing.utf8), spelling: .delimited(delimiter, isOnlyColumn: table.columnCount == 1))
    try lines(table, frame, result.workers, emit: emit)
  }

  /// One JSON value: an array of records, or for several tables (and for none) an array of such arrays.
  static func json(_ results: [WrittenResult], emit: (Span<UInt8>) throws -> Void) throws {
    if results.count != 1 { try emit(Array("[".utf8).span) }
    for (index, result) in results.enumerated() {
      try emit(Array((index == 0 ? "[" : ",\n[").utf8).span)
      try records(result, between: ",\n", skipped: 1, after: "", emit: emit)
      try emit(Array("\n]".utf8).span)
    }
    try emit(Array((results.count != 1 ? "]\n" : "\n").utf8).span)
  }

  /// One JSON record a line.
  static func jsonLines(_ result: WrittenResult, emit: (Span<UInt8>) throws -> Void) throws {
    try records(result, between: "", skipped: 0, after: "\n", emit: emit)
  }

  /// Records, each after `between`, of which the first leaves out some bytes.
  private static func records(
    _ result: WrittenResult, between: String, skipped: Int, after: String, emit: (Span<UInt8>) throws -> Void
  ) throws {
    var table = result.table
    // The first key of a row of totals is its mark, whatever its type.
    if result.hasTotals, let last = table.segments.last, last.count > 0, !last.columns.isEmpty {
      var total = last.slice(last.count - 1..<last.count)
      total.columns[0] = Column([.text(WrittenResult.totalMark)], type: .text)
      table.segments.removeLast()
      table.segments += [last.slice(0..<last.count - 1), total]
    }
    let keys = table.schema.names.enumerated().map { index, name in
      var key: [UInt8] = Array((index == 0 ? between + "{" : ",").utf8)
      key.append(json: name)
      key.append(UInt8(ascii: ":"))
      return key
    }
    let frame = LineFrame(
      before: keys, end: Array(((keys.isEmpty ? between + "{" : "") + "}" + after).utf8),
      missing: Array("null".utf8), spelling: .json)
    var isFirst = true
    try lines(table, frame, result.workers) { span in
      try emit(isFirst ? span.extracting(skipped..<span.count) : span)
      isFirst = false
    }
  }

  /// The lines of all rows. Some blocks are made at a time, so that memory stays small.
  private static func lines(
    _ table: Table, _ frame: LineFrame, _ workers: Workers, emit: (Span<UInt8>) throws -> Void
  ) throws {
    let shared = try SpelledTexts.shared(by: table, frame.spelling, workers)
    var tasks: [(segment: Segment, rows: Range<Int>)] = []
    for segment in table.segments {
      for row in stride(from: 0, to: segment.count, by: taskRows) {
        tasks.append((segment, row..<min(segment.count, row + taskRows)))
      }
    }
    let allTasks = tasks
    let together = 4 * workers.count
    for first in stride(from: 0, to: tasks.count, by: together) {
      let parts = try workers.map(min(together, tasks.count - first)) { index -> Buffer<UInt8> in
        let (segment, rows) = allTasks[first + index]
        var output = MutableBuffer<UInt8>(capacity: rows.count * 16 * max(1, segment.columns.count))
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: blockRows) {
          let block = segment.slice(row..<min(rows.upperBound, row + blockRows))
          LineBlock.append(block, frame, shared, to: &output)
        }
        return output.freeze()
      }
      for part in parts { try emit(part.span) }
    }
  }
}
