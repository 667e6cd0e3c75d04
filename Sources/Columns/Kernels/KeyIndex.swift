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
    /// Rows with several matches.
    package var multiplied = 0
    /// Pairs beyond the first of each row that has any.
    package var extra = 0
    /// The keys that were met.
    package var seen: Bitmap
  }

  private enum Lookup: Sendable {
    case numbers(base: UInt64, table: Buffer<UInt32>)
    /// By the code in the one pool of the other side.
    case codes(TextPool, table: Buffer<UInt32>)
  }

  /// A table ends with `missingRow`, for what lies outside. Where no key comes twice, its number is its row.
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
    isUnique = grouping.count == column.count
    let ids = isUnique ? Buffer<UInt32>.ascending(column.count) : grouping.ids
    let known = column.validity
    switch column.storage {
    case .text(let codes, let pool):
      guard let made = Self.texts(codes, pool, others, ids, known) else { return nil }
      lookup = made
    case .int8, .int16, .int32, .int64, .date, .duration, .datetime:
      let values = column.int64Values
      guard let (least, greatest) = values.span.extremes(known) else { return nil }
      let width = UInt64(truncatingIfNeeded: greatest) &- UInt64(truncatingIfNeeded: least)
      guard width < max(65_536, UInt64(column.count) * 8), width < 1 << 28 else { return nil }
      let base = UInt64(truncatingIfNeeded: least)
      var table = MutableBuffer<UInt32>(repeating: missingRow, count: Int(width) + 2)
      for row in 0..<column.count where known?[row] ?? true {
        table[Int(UInt64(truncatingIfNeeded: values[row]) &- base)] = ids[row]
      }
      lookup = .numbers(base: base, table: table.freeze())
    case .float, .bool, .list, .record, .missing: return nil
    }
    (rows, starts) = isUnique ? (ids, .ascending(column.count + 1)) : grouping.rowGroups.rowsByGroup
    rowCount = column.count
  }

  private static func texts(
    _ codes: TextCodes, _ pool: TextPool, _ others: [Column], _ ids: Buffer<UInt32>, _ known: Bitmap?
  ) -> Lookup? {
    let pools = others.compactMap(\.pool)
    // A pool that holds a text twice is not united with another one text by text.
    guard let other = pools.first, other.isDistinct, pool.isDistinct, pools.allSatisfy({ $0 === other })
    else { return nil }
    let (_, maps) = TextPool.united([pool, other])
    let mine = maps[0](codes.widened)
    let theirs = maps[1](TextCodes.sequence(start: 0, count: other.count).widened)
    var size = 0
    for code in 0..<theirs.count { size = max(size, Int(theirs[code]) + 1) }
    for row in 0..<mine.count { size = max(size, Int(mine[row]) + 1) }
    var numbers = MutableBuffer<UInt32>(repeating: missingRow, count: size)
    for row in 0..<mine.count where known?[row] ?? true { numbers[Int(mine[row])] = ids[row] }
    var table = MutableBuffer<UInt32>(repeating: missingRow, count: other.count + 1)
    for code in 0..<other.count { table[code] = numbers[Int(theirs[code])] }
    return .codes(other, table: table.freeze())
  }

  /// What is done with the keys of a segment, whatever integers they are.
  private protocol Pass {
    associatedtype Result
    func run<Key: FixedWidthInteger>(
      _ keys: Buffer<Key>, _ base: UInt64, _ table: Buffer<UInt32>, _ known: Bitmap?
    ) -> Result
  }

  private func run<P: Pass>(_ pass: P, _ column: Column) -> P.Result {
    let known = column.validity
    switch (lookup, column.storage) {
    case (.numbers(let base, let table), .int8(let values)): return pass.run(values, base, table, known)
    case (.numbers(let base, let table), .int16(let values)): return pass.run(values, base, table, known)
    case (.numbers(let base, let table), .int32(let values)),
      (.numbers(let base, let table), .date(let values)):
      return pass.run(values, base, table, known)
    case (.numbers(let base, let table), .int64(let values)),
      (.numbers(let base, let table), .duration(let values)),
      (.numbers(let base, let table), .datetime(let values, _)):
      return pass.run(values, base, table, known)
    case (.codes(_, let table), .text(.u8(let codes), _)): return pass.run(codes, 0, table, known)
    case (.codes(_, let table), .text(.u16(let codes), _)): return pass.run(codes, 0, table, known)
    case (.codes(_, let table), .text(let codes, _)): return pass.run(codes.widened, 0, table, known)
    default:
      // Nothing but missing keys: none is found in a table of nothing.
      let none = Buffer<UInt32>(repeating: 0, count: column.count)
      return pass.run(none, 0, Buffer([missingRow]), nil)
    }
  }

  /// The key number of each row; `missingRow` where it is not among the keys.
  private struct Numbers: Pass {
    func run<Key: FixedWidthInteger>(
      _ keys: Buffer<Key>, _ base: UInt64, _ table: Buffer<UInt32>, _ known: Bitmap?
    ) -> Buffer<UInt32> {
      KeyIndex.find(keys, base, table, known)
    }
  }

  /// The rows that find a key, and its number, in one pass without a branch on what is found.
  private struct Found: Pass {
    /// The number of keys.
    let count: Int

    func run<Key: FixedWidthInteger>(
      _ keys: Buffer<Key>, _ base: UInt64, _ table: Buffer<UInt32>, _ known: Bitmap?
    ) -> Matches {
      // One more place, which the rows behind the last match write to.
      var left = MutableBuffer<UInt32>(count: keys.count + 1)
      var right = MutableBuffer<UInt32>(count: keys.count + 1)
      // A byte for each of not too many keys, the last one for rows without a match: written without being read.
      let marks = count <= KeyIndex.mostMarks ? count : 0
      var met = MutableBuffer<UInt8>(repeating: 0, count: marks + 1)
      let next = KeyMatching.found(
        keys, base: base, table: table, known: known, rows: &left, partners: &right, marks: &met)
      let partners = right.freeze().slice(0..<next)
      let seen = marks == count ? KeyIndex.bits(met.freeze(), count) : KeyIndex.met(partners, of: count).seen
      return Matches(
        left: next == keys.count ? nil : left.freeze().slice(0..<next), right: partners,
        unmatched: keys.count - next, seen: seen)
    }
  }

  /// More keys have bits: their bytes would fall out of the cache.
  private static let mostMarks = 1 << 16

  /// A bit for each of the first bytes that is 1.
  private static func bits(_ flags: Buffer<UInt8>, _ count: Int) -> Bitmap {
    var seen = MutableBitmap(repeating: false, count: count)
    let source = flags.span
    for key in 0..<count where source[key] == 1 { seen.set(key) }
    return seen.freeze()
  }

  private static func find<Key: FixedWidthInteger>(
    _ keys: Buffer<Key>, _ base: UInt64, _ table: Buffer<UInt32>, _ known: Bitmap?
  ) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: keys.count)
    var target = result.mutableSpan
    let source = keys.span
    let numbers = table.span
    let last = UInt64(numbers.count - 1)
    for row in 0..<source.count {
      let index = min(last, UInt64(truncatingIfNeeded: source[row]) &- base)
      target[row] = numbers[Int(truncatingIfNeeded: index)]
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
    if isUnique, !keepsUnmatched { return run(Found(count: starts.count - 1), column) }
    let found = run(Numbers(), column)
    let (seen, unmatched) = Self.met(found, of: starts.count - 1)
    var result = Matches(left: nil, right: found, unmatched: unmatched, seen: seen)
    if !isUnique { pair(found, keepsUnmatched, &result) }
    return result
  }

  /// The keys that were met, and how many rows met none.
  private static func met(_ found: Buffer<UInt32>, of count: Int) -> (seen: Bitmap, unmatched: Int) {
    let numbers = found.span
    var unmatched = 0
    if count > mostMarks {
      var seen = MutableBitmap(repeating: false, count: count)
      var words = seen.wordSpan
      for row in 0..<numbers.count {
        let number = numbers[row]
        if number == missingRow {
          unmatched &+= 1
        } else {
          words[Int(number) >> 6] |= 1 &<< UInt64(number & 63)
        }
      }
      return (seen.freeze(), unmatched)
    }
    // A byte for each key is written without being read, the last one by rows without a match.
    var flags = MutableBuffer<UInt8>(repeating: 0, count: count + 1)
    var target = flags.mutableSpan
    let none = UInt32(truncatingIfNeeded: count)
    for row in 0..<numbers.count {
      let number = numbers[row]
      unmatched &+= number == missingRow ? 1 : 0
      target[Int(min(number, none))] = 1
    }
    return (bits(flags.freeze(), count), unmatched)
  }

  /// All partners of each row, where keys come several times.
  private func pair(_ found: Buffer<UInt32>, _ keepsUnmatched: Bool, _ result: inout Matches) {
    let (numbers, bounds, partners) = (found.span, starts.span, rows.span)
    var size = keepsUnmatched ? result.unmatched : 0
    for row in 0..<numbers.count where numbers[row] != missingRow {
      let number = Int(numbers[row])
      let count = Int(bounds[number &+ 1] &- bounds[number])
      size += count
      result.multiplied += count > 1 ? 1 : 0
    }
    result.extra = size - (keepsUnmatched ? numbers.count : numbers.count - result.unmatched)
    var left = MutableBuffer<UInt32>(count: size)
    var right = MutableBuffer<UInt32>(count: size)
    var lefts = left.mutableSpan
    var rights = right.mutableSpan
    var next = 0
    for row in 0..<numbers.count {
      let number = numbers[row]
      if number == missingRow {
        if !keepsUnmatched { continue }
        lefts[next] = UInt32(truncatingIfNeeded: row)
        rights[next] = missingRow
        next &+= 1
        continue
      }
      for position in Int(bounds[Int(number)])..<Int(bounds[Int(number) &+ 1]) {
        lefts[next] = UInt32(truncatingIfNeeded: row)
        rights[next] = partners[position]
        next &+= 1
      }
    }
    (result.left, result.right) = (left.freeze(), right.freeze())
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
