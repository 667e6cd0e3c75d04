import Columns
import Planning

/// Writes tables row by row, a block of rows at a time.
enum TableWriter {
  /// Rows of a block: a multiple of 64, so that slices of a segment share its memory.
  static let blockRows = 4096

  /// Delimited text with a header line. An unquoted empty cell is missing, a quoted one is empty text; a table of
  /// one column writes `NA` for missing, as its line would be empty.
  static func delimited(
    _ table: Table, by delimiter: UInt8, emit: (Span<UInt8>) throws -> Void
  ) throws {
    var line: [UInt8] = []
    for (index, name) in table.schema.names.enumerated() {
      if index > 0 { line.append(delimiter) }
      line.append(delimited: Array(name.utf8).span, by: delimiter)
    }
    line.append(10)
    try emit(line.span)
    let missing = table.columnCount == 1 ? "NA" : ""
    try forEachBlock(table, .delimited(delimiter, missing: missing)) { cells, rows in
      var bytes: [UInt8] = []
      for row in 0..<rows {
        for (index, column) in cells.enumerated() {
          if index > 0 { bytes.append(delimiter) }
          bytes += column.cell(row)
        }
        bytes.append(10)
      }
      try emit(bytes.span)
    }
  }

  /// One JSON value: an array of records, or for several tables (and for none) an array of such arrays.
  static func json(_ results: [WrittenResult], emit: (Span<UInt8>) throws -> Void) throws {
    if results.count != 1 { try emit(Array("[".utf8).span) }
    for (index, result) in results.enumerated() {
      try emit(Array((index == 0 ? "[" : ",\n[").utf8).span)
      try records(result, before: "\n", between: ",\n", after: "", emit: emit)
      try emit(Array("\n]".utf8).span)
    }
    try emit(Array((results.count != 1 ? "]\n" : "\n").utf8).span)
  }

  /// One JSON record a line.
  static func jsonLines(_ result: WrittenResult, emit: (Span<UInt8>) throws -> Void) throws {
    try records(result, before: "", between: "", after: "\n", emit: emit)
  }

  private static func records(
    _ result: WrittenResult, before: String, between: String, after: String,
    emit: (Span<UInt8>) throws -> Void
  ) throws {
    let table = result.table
    // The first key of a row of totals is its mark, whatever its type.
    let totalRow = result.hasTotals ? table.rowCount - 1 : -1
    let mark = Array("\"\(WrittenResult.totalMark)\"".utf8)
    var number = 0
    let keys = table.schema.names.enumerated().map { index, name in
      var key: [UInt8] = Array((index == 0 ? "{" : ",").utf8)
      key.append(json: name)
      key.append(UInt8(ascii: ":"))
      return key
    }
    var isFirst = true
    try forEachBlock(table, .json) { cells, rows in
      var bytes: [UInt8] = []
      for row in 0..<rows {
        bytes += (isFirst ? before : between).utf8
        isFirst = false
        if keys.isEmpty { bytes.append(UInt8(ascii: "{")) }
        for (index, column) in cells.enumerated() {
          bytes += keys[index]
          bytes += index == 0 && number == totalRow ? mark[...] : column.cell(row)
        }
        number += 1
        bytes.append(UInt8(ascii: "}"))
        bytes += after.utf8
      }
      try emit(bytes.span)
    }
  }

  private static func forEachBlock(
    _ table: Table, _ spelling: CellSpelling, _ body: ([RenderedCells], Int) throws -> Void
  ) throws {
    for segment in table.segments {
      var row = 0
      while row < segment.count {
        let rows = min(blockRows, segment.count - row)
        let block = segment.slice(row..<row + rows)
        try body(block.columns.map { RenderedCells($0, spelling) }, rows)
        row += rows
      }
    }
  }
}
