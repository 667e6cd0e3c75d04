/// The rows of one table by a single key, looked up by the segments of another: a table indexed by the key where its
/// values lie close together, or by the code of a text.
package struct KeyIndex: Sendable {
  /// A segment's rows with the rows that they match.
  package struct Matches: Sendable {
    /// The segment's rows, ascending; nil for each once, in its place.
    package var left: Buffer<UInt32>?
    /// The row matched by each; `missingRow` for none.
    package var right: Buffer<UInt32>
    /// Rows without a match, rows with several, and how many more there are by these.
    package var unmatched = 0
    package var multiplied = 0
    package var extra = 0
    /// The keys that were met.
    package var seen: Bitmap
  }

  private enum Lookup: Sendable {
    case numbers(base: UInt64, table: Buffer<UInt32>)
    /// By the code in the one pool of the other side.
    case codes(TextPool, table: Buffer<UInt32>)
  }

  private let lookup: Lookup
  /// Where each key's rows begin in `rows`, and the end.
  private let starts: Buffer<UInt32>
  private let rows: Buffer<UInt32>
  private let isUnique: Bool
  private let rowCount: Int

  /// Nil where the keys are spread too widely, or of a type that only a general join serves.
  ///
  /// - Parameter others: the segments' keys that will be looked up, of the same type.
  package init?(_ column: Column, for others: [Column]) {
    let grouping = Grouper.group([column], rows: column.count)
    let known = column.validity
    switch column.storage {
    case .text(let codes, let pool):
      guard let made = Self.texts(codes, pool, others, grouping, known) else { return nil }
      lookup = made
    case .int8, .int16, .int32, .int64, .date, .duration, .datetime:
      let values = column.int64Values
      guard let (least, greatest) = values.span.extremes(known) else { return nil }
      let width = UInt64(truncatingIfNeeded: greatest) &- UInt64(truncatingIfNeeded: least)
      guard width < max(65_536, UInt64(column.count) * 8), width < 1 << 28 else { return nil }
      let base = UInt64(truncatingIfNeeded: least)
      var table = MutableBuffer<UInt32>(repeating: missingRow, count: Int(width) + 1)
      for row in 0..<column.count where known?[row] ?? true {
        table[Int(UInt64(truncatingIfNeeded: values[row]) &- base)] = grouping.ids[row]
      }
      lookup = .numbers(base: base, table: table.freeze())
    case .float, .bool, .list, .record, .missing: return nil
    }
    let (order, bounds) = grouping.rowsByGroup
    rows = order
    starts = bounds
    isUnique = grouping.count == column.count
    rowCount = column.count
  }

  private static func texts(
    _ codes: TextCodes, _ pool: TextPool, _ others: [Column], _ grouping: Grouping, _ known: Bitmap?
  ) -> Lookup? {
    let pools = others.compactMap(\.pool)
    guard let other = pools.first, other.isDistinct, pools.allSatisfy({ $0 === other }) else { return nil }
    let (_, maps) = TextPool.united([pool, other])
    let mine = maps[0](codes.widened)
    let theirs = maps[1](TextCodes.sequence(start: 0, count: other.count).widened)
    var size = 0
    for code in 0..<theirs.count { size = max(size, Int(theirs[code]) + 1) }
    for row in 0..<mine.count { size = max(size, Int(mine[row]) + 1) }
    var numbers = MutableBuffer<UInt32>(repeating: missingRow, count: size)
    for row in 0..<mine.count where known?[row] ?? true { numbers[Int(mine[row])] = grouping.ids[row] }
    var table = MutableBuffer<UInt32>(count: other.count)
    for code in 0..<other.count { table[code] = numbers[Int(theirs[code])] }
    return .codes(other, table: table.freeze())
  }

  /// The key number of each row; `missingRow` where it is not among the keys.
  private func numbers(_ column: Column) -> Buffer<UInt32> {
    let known = column.validity
    switch (lookup, column.storage) {
    case (.numbers(let base, let table), .int8(let values)): return Self.find(values, base, table, known)
    case (.numbers(let base, let table), .int16(let values)): return Self.find(values, base, table, known)
    case (.numbers(let base, let table), .int32(let values)),
      (.numbers(let base, let table), .date(let values)):
      return Self.find(values, base, table, known)
    case (.numbers(let base, let table), .int64(let values)),
      (.numbers(let base, let table), .duration(let values)),
      (.numbers(let base, let table), .datetime(let values, _)):
      return Self.find(values, base, table, known)
    case (.codes(_, let table), .text(.u8(let codes), _)): return Self.find(codes, 0, table, known)
    case (.codes(_, let table), .text(.u16(let codes), _)): return Self.find(codes, 0, table, known)
    case (.codes(_, let table), .text(let codes, _)): return Self.find(codes.widened, 0, table, known)
    default: return Buffer(repeating: missingRow, count: column.count)
    }
  }

  private static func find<Key: FixedWidthInteger>(
    _ keys: Buffer<Key>, _ base: UInt64, _ table: Buffer<UInt32>, _ known: Bitmap?
  ) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: keys.count)
    var target = result.mutableSpan
    let source = keys.span
    let numbers = table.span
    let limit = UInt64(numbers.count)
    for row in 0..<source.count {
      let index = UInt64(truncatingIfNeeded: source[row]) &- base
      target[row] = index < limit ? numbers[Int(index)] : missingRow
    }
    if let known {
      let words = known.words
      let validity = words.span
      for row in 0..<source.count where validity[row >> 6] &>> UInt64(row & 63) & 1 == 0 {
        target[row] = missingRow
      }
    }
    return result.freeze()
  }

  /// The matches of a segment's keys.
  ///
  /// - Parameter keepsUnmatched: rows without a match stay, with `missingRow`.
  package func matches(_ column: Column, keepsUnmatched: Bool) -> Matches {
    let found = numbers(column)
    let numbers = found.span
    var seen = MutableBitmap(repeating: false, count: starts.count - 1)
    var words = seen.wordSpan
    var unmatched = 0
    for row in 0..<numbers.count {
      let number = numbers[row]
      if number == missingRow {
        unmatched &+= 1
      } else {
        words[Int(number) >> 6] |= 1 &<< UInt64(number & 63)
      }
    }
    if isUnique, keepsUnmatched || unmatched == 0 { return oneEach(found, unmatched, seen.freeze()) }
    var result = Matches(left: nil, right: Buffer([]), unmatched: unmatched, seen: seen.freeze())
    var left = MutableBuffer<UInt32>(capacity: numbers.count)
    var right = MutableBuffer<UInt32>(capacity: numbers.count)
    let (bounds, partners) = (starts.span, rows.span)
    for row in 0..<numbers.count {
      let number = numbers[row]
      if number == missingRow {
        if keepsUnmatched {
          left.append(UInt32(truncatingIfNeeded: row))
          right.append(missingRow)
        }
        continue
      }
      let (lower, upper) = (Int(bounds[Int(number)]), Int(bounds[Int(number) &+ 1]))
      for position in lower..<upper {
        left.append(UInt32(truncatingIfNeeded: row))
        right.append(partners[position])
      }
      if upper - lower > 1 {
        result.multiplied += 1
        result.extra += upper - lower - 1
      }
    }
    result.left = left.freeze()
    result.right = right.freeze()
    return result
  }

  private func oneEach(_ found: Buffer<UInt32>, _ unmatched: Int, _ seen: Bitmap) -> Matches {
    var right = MutableBuffer<UInt32>(count: found.count)
    var target = right.mutableSpan
    let (numbers, partners) = (found.span, rows.span)
    for row in 0..<numbers.count {
      let number = numbers[row]
      target[row] = number == missingRow ? missingRow : partners[Int(number)]
    }
    return Matches(left: nil, right: right.freeze(), unmatched: unmatched, seen: seen)
  }

  /// Rows of this side whose key nobody met.
  package func unmatched(seen: [Bitmap]) -> Int {
    var all = MutableBuffer<UInt64>(repeating: 0, count: (starts.count + 62) >> 6)
    var target = all.mutableSpan
    for bitmap in seen {
      let words = bitmap.words
      let span = words.span
      for index in 0..<min(span.count, target.count) { target[index] |= span[index] }
    }
    var matched = 0
    for number in 0..<starts.count - 1 where target[number >> 6] &>> UInt64(number & 63) & 1 == 1 {
      matched += Int(starts[number + 1] - starts[number])
    }
    return rowCount - matched
  }
}
