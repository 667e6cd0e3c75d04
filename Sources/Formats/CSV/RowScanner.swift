/// Finds the cells of one row, byte by byte. This is what the format means; `BlockScanner` does the same for
/// regular rows 64 bytes at a time, and hands over to this where a row is not regular.
///
/// A quote is special only at the beginning of a cell. In a quoted cell a doubled quote stands for one; after the
/// closing quote everything up to the next delimiter is plain text. A quote that is never closed is plain text.
struct RowScanner {
  let dialect: CSVDialect
  /// Where the cells of the row just scanned end; each begins one byte behind the end before.
  private(set) var ends: [Int] = []
  private(set) var flags: RowFlags = []

  init(_ dialect: CSVDialect) { self.dialect = dialect }

  /// Scans the row at `start`. Gives the place of the next row; nil when the row is not complete before `end`.
  /// At the end of the file the byte before `end` must be a line end.
  mutating func scan(
    _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int, isLast: Bool
  ) -> Int? {
    ends.removeAll(keepingCapacity: true)
    flags = []
    guard start < end else { return nil }
    let lineEnd = dialect.lineEnd
    if dialect.comment == bytes[start] { flags.insert(.comment) }
    var cell = start
    while true {
      var position = cell
      if flags.isEmpty || !flags.contains(.comment), position < end, bytes[position] == dialect.quote {
        switch closing(bytes, from: position, to: end, isLast: isLast) {
        case .found(let after):
          position = after
          if bytes[after] != dialect.delimiter, bytes[after] != lineEnd, !isReturn(bytes, after, end) {
            flags.insert(.textAfterQuote)
          }
        case .never: flags.insert(.unclosedQuote)
        case .later: return nil
        }
      }
      while position < end, bytes[position] != lineEnd,
        bytes[position] != dialect.delimiter || flags.contains(.comment)
      {
        position += 1
      }
      if position >= end { return nil }
      ends.append(position)
      if bytes[position] == lineEnd {
        if isEmpty(bytes, start, position) { flags.insert(.blank) }
        return position + 1
      }
      cell = position + 1
    }
  }

  /// A carriage return that belongs to the end of the line.
  private func isReturn(_ bytes: UnsafePointer<UInt8>, _ at: Int, _ end: Int) -> Bool {
    bytes[at] == CSVDialect.carriageReturn && at + 1 < end && bytes[at + 1] == dialect.lineEnd
  }

  private func isEmpty(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ lineEnd: Int) -> Bool {
    ends.count == 1
      && (lineEnd == start || lineEnd == start + 1 && bytes[start] == CSVDialect.carriageReturn)
  }

  private enum Closing {
    /// The place behind the closing quote.
    case found(Int)
    case never
    case later
  }

  private func closing(_ bytes: UnsafePointer<UInt8>, from open: Int, to end: Int, isLast: Bool) -> Closing {
    var position = open + 1
    while position < end {
      if bytes[position] != dialect.quote {
        position += 1
      } else if position + 1 >= end {
        return isLast ? .found(position + 1) : .later
      } else if bytes[position + 1] == dialect.quote {
        position += 2
      } else {
        return .found(position + 1)
      }
    }
    return isLast ? .never : .later
  }
}
