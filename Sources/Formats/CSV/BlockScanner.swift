internal import CVector

/// Finds the cells of regular rows 64 bytes at a time: bit masks of delimiters, line ends and quotes, the quoted
/// parts taken out by a running exclusive-or of the quote mask.
///
/// A row is regular when it has the expected number of cells and every quote opens at the beginning of a cell and
/// closes at its end. `RowScanner` is the plain twin that also reads all other rows.
struct BlockScanner {
  let dialect: CSVDialect
  /// Cells of a row.
  let columns: Int
  /// What blocks without quotes are taken by.
  let instructions: Instructions

  /// The sets of instructions that blocks without quotes can be taken by, each with the ones before it.
  enum Instructions: Int32, CaseIterable, Sendable {
    case least, wide, widest

    /// What this machine has.
    static let best = Instructions(rawValue: rounds_instructions()) ?? .least
    static let available = allCases.filter { $0.rawValue <= best.rawValue }
  }

  /// Blocks that are taken here one by one behind one with a quote: where there is one quote, there are more.
  private static let quotedRun = 16

  enum Stop { case end, limit, irregular }

  struct Result {
    /// Complete regular rows. The cells of row `r` end at `positions[r * columns + 1 + c]`.
    var rows: Int
    /// Where the next row begins.
    var next: Int
    var stop: Stop
    /// A line end stood inside quotes: there may be fewer rows than lines.
    var hasEmbedded: Bool
  }

  /// Indexes rows from `start`, which must be the beginning of a row. `bytes` can be read 64 bytes beyond `end`.
  /// Stops before a row that is not regular, behind the last complete row, and behind the first row that ends at
  /// `limit` or later. `positions` has room for `end - start + 66` numbers.
  func index(
    _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int, limit: Int,
    into positions: UnsafeMutablePointer<UInt32>
  ) -> Result {
    let (delimiter, lineEnd) = (dialect.delimiter, dialect.lineEnd)
    let quote = dialect.quote ?? lineEnd
    let hasQuote = dialect.quote != nil
    positions[0] = UInt32(truncatingIfNeeded: start &- 1)
    // The place for the next cell's end, and where the end of the row under way must come.
    var filled = 1
    var rowEnd = columns
    var state = QuoteState()
    var embedded = false
    var block = start
    var single = 0
    while block < end {
      if single == 0, state.pending == 0 {
        let first = block
        let stop = plain(bytes, &block, end, limit, positions, &filled, &rowEnd)
        if stop != .end { return stopped(stop, rowEnd, start, positions, embedded) }
        if block > first {
          let last = bytes[block &- 1]
          state.followsCell = last == delimiter || last == lineEnd ? 1 : 0
        }
        if block >= end { break }
        single = Self.quotedRun
      }
      single &-= 1
      let here = bytes + block
      var lines = rounds_mask64(here, lineEnd)
      var cells = rounds_mask64(here, delimiter) | lines
      var quotes = hasQuote ? rounds_mask64(here, quote) : 0
      if end &- block < 64 {
        let valid: UInt64 = 1 << UInt64(end &- block) &- 1
        lines &= valid
        cells &= valid
        quotes &= valid
      }
      var irregular: UInt64 = 0
      if quotes | state.pending != 0 {
        // A carriage return may follow a closing quote when the line's end follows it in this block.
        let returns = rounds_mask64(here, CSVDialect.carriageReturn) & lines >> 1
        let inside = state.advance(quotes, &cells, returns, &irregular)
        if lines & inside != 0 {
          embedded = true
          lines &= ~inside
        }
      } else {
        state.followsCell = cells >> 63
      }
      filled = flatten(cells, UInt32(truncatingIfNeeded: block), positions, filled)
      if irregular != 0 { lines &= (irregular & (0 &- irregular)) &- 1 }
      while lines != 0 {
        let position = block &+ lines.trailingZeroBitCount
        if rowEnd >= filled || Int(positions[rowEnd]) != position {
          return stopped(.irregular, rowEnd, start, positions, embedded)
        }
        rowEnd &+= columns
        if position &+ 1 >= limit { return stopped(.limit, rowEnd, start, positions, embedded) }
        lines &= lines &- 1
      }
      if irregular != 0 { return stopped(.irregular, rowEnd, start, positions, embedded) }
      block &+= 64
    }
    return stopped(.end, rowEnd, start, positions, embedded)
  }

  /// Indexes whole blocks without quotes; the end is where the first other one begins.
  private func plain(
    _ bytes: UnsafePointer<UInt8>, _ block: inout Int, _ end: Int, _ limit: Int,
    _ positions: UnsafeMutablePointer<UInt32>, _ filled: inout Int, _ rowEnd: inout Int
  ) -> Stop {
    let index =
      switch instructions {
      case .least: rounds_index_plain_least
      case .wide: rounds_index_plain_wide
      case .widest: rounds_index_plain_widest
      }
    let stop = index(
      bytes, &block, end, max(0, limit), dialect.delimiter, dialect.lineEnd, dialect.quote ?? dialect.lineEnd,
      dialect.quote == nil ? 0 : 1, columns, positions, &filled, &rowEnd)
    return switch stop {
    case numericCast(rounds_stop_irregular.rawValue): .irregular
    case numericCast(rounds_stop_limit.rawValue): .limit
    default: .end
    }
  }

  private func stopped(
    _ stop: Stop, _ rowEnd: Int, _ start: Int, _ positions: UnsafeMutablePointer<UInt32>, _ embedded: Bool
  ) -> Result {
    let rows = rowEnd / columns - 1
    let next = rows == 0 ? start : Int(positions[rowEnd &- columns]) + 1
    return Result(rows: rows, next: next, stop: stop, hasEmbedded: embedded)
  }

  /// Writes the places of the set bits.
  @inline(__always)
  private func flatten(
    _ mask: UInt64, _ base: UInt32, _ positions: UnsafeMutablePointer<UInt32>, _ filled: Int
  ) -> Int {
    var bits = mask
    var next = filled
    while bits != 0 {
      positions[next] = base &+ UInt32(truncatingIfNeeded: bits.trailingZeroBitCount)
      next &+= 1
      bits &= bits &- 1
    }
    return next
  }
}

/// What one block of 64 bytes must know of the block before.
private struct QuoteState {
  /// All ones when the block begins inside quotes.
  var isInside: UInt64 = 0
  /// 1 when the byte before was a delimiter or line end outside quotes (or the beginning).
  var followsCell: UInt64 = 1
  /// 1 when the byte before was a closing quote.
  var followsClose: UInt64 = 0

  /// Not zero when a block without quotes must be looked at all the same.
  var pending: UInt64 { isInside | followsClose }

  /// Takes a block's quotes: clears the bits of `cells` inside quotes, gives the bits inside quotes, and marks
  /// quotes that open in the middle of a cell and bytes behind a closing quote that do not belong there.
  @inline(__always)
  mutating func advance(
    _ quotes: UInt64, _ cells: inout UInt64, _ returns: UInt64, _ irregular: inout UInt64
  ) -> UInt64 {
    var parity = quotes
    parity ^= parity << 1
    parity ^= parity << 2
    parity ^= parity << 4
    parity ^= parity << 8
    parity ^= parity << 16
    parity ^= parity << 32
    let inside = parity ^ isInside
    cells &= ~inside
    let opening = quotes & inside
    let closed = quotes & ~inside
    let afterClose = closed << 1 | followsClose
    let afterCell = cells << 1 | followsCell
    irregular = opening & ~(afterCell | afterClose) | afterClose & ~(cells | quotes | returns)
    isInside = UInt64(bitPattern: Int64(bitPattern: inside) >> 63)
    followsCell = cells >> 63
    followsClose = closed >> 63
    return inside
  }
}
