import Columns

/// Rows of a part of the file, read with the plain scanner: what the sniffing of layout, names and types looks at.
struct CSVSample {
  struct Cell {
    /// The content without quotes.
    var text: [UInt8]
    var isQuoted: Bool
  }

  struct Row {
    var cells: [Cell]
    /// Where the row begins and ends in the sample.
    var start: Int
    var end: Int
  }

  private(set) var rows: [Row] = []
  /// Something was not regular: text behind a quote, an open quote.
  private(set) var isIrregular = false
  /// Quotes that hold a line end.
  private(set) var hasEmbedded = false

  /// - Parameters:
  ///   - isWhole: the bytes reach to the end of the file; otherwise the last row is not complete.
  init(_ bytes: [UInt8], _ dialect: CSVDialect, isWhole: Bool, maxRows: Int = .max) {
    var bytes = bytes
    if isWhole, let last = bytes.last, last != dialect.lineEnd { bytes.append(dialect.lineEnd) }
    let count = bytes.count
    bytes.append(contentsOf: [0, 0, 0, 0, 0, 0, 0, 0])
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      var scanner = RowScanner(dialect)
      let unquoter = Unquoter()
      var start = 0
      while start < count, rows.count < maxRows,
        let next = scanner.scan(base, from: start, to: count, isLast: isWhole)
      {
        if !scanner.flags.isDisjoint(with: [.textAfterQuote, .unclosedQuote]) { isIrregular = true }
        if scanner.flags.isDisjoint(with: [.blank, .comment]) {
          rows.append(row(base, start, next, scanner.ends, dialect, unquoter))
        }
        start = next
      }
    }
  }

  private mutating func row(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ next: Int, _ ends: [Int], _ dialect: CSVDialect,
    _ unquoter: Unquoter
  ) -> Row {
    var cells: [Cell] = []
    cells.reserveCapacity(ends.count)
    var from = start
    for (index, place) in ends.enumerated() {
      var end = place
      if index == ends.count - 1, end > from, base[end - 1] == CSVDialect.carriageReturn { end -= 1 }
      if end > from, base[from] == dialect.quote {
        let (text, isQuoted) = unquoter.content(base + from, end - from, quote: base[from])
        if text.contains(dialect.lineEnd) { hasEmbedded = true }
        cells.append(Cell(text: Array(text), isQuoted: isQuoted))
      } else {
        cells.append(
          Cell(text: Array(UnsafeBufferPointer(start: base + from, count: end - from)), isQuoted: false))
      }
      from = place + 1
    }
    return Row(cells: cells, start: start, end: next)
  }
}

extension CSVSample.Cell {
  func kind(decimal: UInt8) -> CellKind {
    text.withUnsafeBufferPointer { CellKind.of($0, isQuoted: isQuoted, decimal: decimal) }
  }

  var isUTF8: Bool { text.withUnsafeBufferPointer { UTF8Decoder.isValid($0) } }

  /// The text; bytes that are not UTF-8 as Windows-1252.
  var string: String {
    String(decoding: isUTF8 ? text : Windows1252.utf8(text), as: UTF8.self)
  }
}
