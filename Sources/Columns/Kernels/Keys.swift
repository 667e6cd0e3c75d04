import Scheduling

/// Key columns as unsigned numbers, so that grouping and sorting know only one kind of key.
///
/// A column becomes numbers of as few bits as hold its values, in which equal values are equal, order is
/// the values' order where order is asked for, and missing is the greatest number. Several columns are packed into
/// 64-bit words, the first column in the highest bits.

/// What the numbers of a key have to keep.
enum KeyPurpose: Sendable {
  case equality
  case ascending
  case descending
}

/// Numbers of one key column, all below `1 << bits`.
struct KeyWord: Sendable {
  let values: Buffer<UInt64>
  let bits: Int
}

enum Keys {
  /// The columns' keys packed into as few words as hold them; columns that are the same in every row need none.
  static func words(_ columns: [(column: Column, purpose: KeyPurpose)]) -> [KeyWord] {
    words(columns, by: Alone())
  }

  static func words<C: Crew>(
    _ columns: [(column: Column, purpose: KeyPurpose)], by crew: C
  ) throws(C.Failure) -> [KeyWord] {
    // The texts of a column are put in order by the whole crew, one column after the other.
    var texts: [KeyWord?] = []
    for (column, purpose) in columns { texts.append(try orderedTexts(column, purpose, by: crew)) }
    let ordered = texts
    let found = try crew.pieces(columns.count) { index in
      ordered[index].map { [$0] } ?? parts(columns[index].column, columns[index].purpose)
    }
    var words: [KeyWord] = []
    for parts in found {
      for part in parts where part.bits > 0 {
        if let last = words.last, last.bits + part.bits <= 64 {
          words[words.count - 1] = packed(last, part)
        } else {
          words.append(part)
        }
      }
    }
    return words
  }

  /// `high` shifted above `low`.
  static func packed(_ high: KeyWord, _ low: KeyWord) -> KeyWord {
    var result = MutableBuffer<UInt64>(count: high.values.count)
    var target = result.mutableSpan
    let (first, second) = (high.values, low.values)
    let (upper, lower) = (first.span, second.span)
    let shift = UInt64(low.bits)
    for row in 0..<upper.count { target[row] = upper[row] &<< shift | lower[row] }
    return KeyWord(values: result.freeze(), bits: high.bits + low.bits)
  }

  private static func parts(_ column: Column, _ purpose: KeyPurpose) -> [KeyWord] {
    let known = column.validity
    let descending = purpose == .descending
    switch column.storage {
    case .int8(let values): return integers(values.span, known, descending)
    case .int16(let values): return integers(values.span, known, descending)
    case .int32(let values), .date(let values): return integers(values.span, known, descending)
    case .int64(let values), .duration(let values), .datetime(let values, _):
      return integers(values.span, known, descending)
    case .float(let values): return [floats(values.span, known, descending)]
    case .bool(let bits): return integers(bits.bytes.span, known, descending)
    // Those that are to be in order are numbered before.
    case .text(let codes, let pool): return [equalTexts(codes, pool, known)]
    case .list, .record: return [nested(column, purpose)]
    case .missing: return []
    }
  }

  // MARK: Integers

  private static func integers<Number: FixedWidthInteger>(
    _ values: Span<Number>, _ known: Bitmap?, _ descending: Bool
  ) -> [KeyWord] {
    let hasMissing = known.map { $0.ones < values.count } ?? false
    guard let (least, greatest) = values.extremes(hasMissing ? known : nil) else { return [] }
    let base = UInt64(truncatingIfNeeded: least)
    let width = UInt64(truncatingIfNeeded: greatest) &- base
    if !hasMissing {
      var result = MutableBuffer<UInt64>(count: values.count)
      var target = result.mutableSpan
      if descending {
        let top = UInt64(truncatingIfNeeded: greatest)
        for row in 0..<values.count { target[row] = top &- UInt64(truncatingIfNeeded: values[row]) }
      } else {
        for row in 0..<values.count { target[row] = UInt64(truncatingIfNeeded: values[row]) &- base }
      }
      return [KeyWord(values: result.freeze(), bits: bits(width))]
    }
    guard let known else { return [] }
    return integersWithMissing(values, known, base, width, descending)
  }

  private static func integersWithMissing<Number: FixedWidthInteger>(
    _ values: Span<Number>, _ known: Bitmap, _ base: UInt64, _ width: UInt64, _ descending: Bool
  ) -> [KeyWord] {
    let words = known.words
    let validity = words.span
    var result = MutableBuffer<UInt64>(count: values.count)
    var target = result.mutableSpan
    // Values that fill all 64 bits leave no number for missing: it goes into a key of its own before them.
    let full = width == UInt64.max
    let absent = full ? 0 : width + 1
    for row in 0..<values.count {
      let offset = UInt64(truncatingIfNeeded: values[row]) &- base
      let number = descending ? width &- offset : offset
      target[row] = validity[row >> 6] &>> UInt64(row & 63) & 1 == 0 ? absent : number
    }
    if !full { return [KeyWord(values: result.freeze(), bits: bits(absent))] }
    var flags = MutableBuffer<UInt64>(count: values.count)
    for row in 0..<values.count { flags[row] = ~validity[row >> 6] &>> UInt64(row & 63) & 1 }
    return [KeyWord(values: flags.freeze(), bits: 1), KeyWord(values: result.freeze(), bits: 64)]
  }

  static func bits(_ greatest: UInt64) -> Int { 64 - greatest.leadingZeroBitCount }

  // MARK: Floats

  /// The bits of a float as a number in the order of the floats: -0 is 0, NaN has none.
  @inline(__always)
  static func orderedBits(_ value: Double) -> UInt64 {
    let bits = value == 0 ? 0 : value.bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  private static func floats(_ values: Span<Double>, _ known: Bitmap?, _ descending: Bool) -> KeyWord {
    var result = MutableBuffer<UInt64>(count: values.count)
    var target = result.mutableSpan
    let flip: UInt64 = descending ? ~0 : 0
    for row in 0..<values.count {
      let value = values[row]
      // No number that is not NaN has all bits set in either direction.
      target[row] = value != value ? ~0 : orderedBits(value) ^ flip
    }
    if let known { mark(absent: known, as: ~0, &target) }
    return KeyWord(values: result.freeze(), bits: 64)
  }

  // MARK: Text

  /// Texts as numbers in their order; nil where it is another type, or no order is asked for.
  private static func orderedTexts<C: Crew>(
    _ column: Column, _ purpose: KeyPurpose, by crew: C
  ) throws(C.Failure) -> KeyWord? {
    guard purpose != .equality, case .text(var codes, var pool) = column.storage else { return nil }
    // Ranks are made for a whole pool: where the rows use little of it, for those rows alone.
    if pool.count > 2 * codes.count, !pool.isOrdered {
      pool = pool.entries(of: codes)
      codes = .sequence(start: 0, count: codes.count)
    }
    var numbers: TextNumbers?
    if case .sequence(let start, let count) = codes, !pool.isOrdered, pool.count > 0 {
      // A text in each row: its own number will do where that holds it whole.
      let own = try TextNumbers(pool, by: crew)
      if own.areWhole {
        let values = try own.values(pool, by: crew)
        let (descending, known) = (purpose == .descending, column.validity)
        return ownNumbers(values.slice(start..<start + count), own.limit, descending, known)
      }
      numbers = own
    }
    let ranks = pool.isSorted && !pool.isOrdered ? nil : try pool.ranks(by: crew, numbers)
    return texts(codes, ranks, UInt64(pool.count), purpose, column.validity)
  }

  private static func ownNumbers(
    _ values: Buffer<UInt64>, _ limit: UInt64, _ descending: Bool, _ known: Bitmap?
  ) -> KeyWord {
    if !descending, known == nil { return KeyWord(values: values, bits: bits(limit)) }
    var result = MutableBuffer<UInt64>(count: values.count)
    var target = result.mutableSpan
    let source = values.span
    for row in 0..<source.count { target[row] = descending ? limit &- 1 &- source[row] : source[row] }
    if let known { mark(absent: known, as: limit, &target) }
    return KeyWord(values: result.freeze(), bits: bits(limit))
  }

  private static func mark(absent known: Bitmap, as number: UInt64, _ target: inout MutableSpan<UInt64>) {
    let words = known.words
    let validity = words.span
    for row in 0..<target.count where validity[row >> 6] &>> UInt64(row & 63) & 1 == 0 {
      target[row] = number
    }
  }

  private static func equalTexts(_ codes: TextCodes, _ pool: TextPool, _ known: Bitmap?) -> KeyWord {
    texts(codes, pool.isDistinct ? nil : pool.distinctCodes, UInt64(pool.count), .equality, known)
  }

  /// - Parameters:
  ///   - numbers: the number of each code; nil where it is the code, which a missing row may have beyond the limit.
  ///   - limit: below it all numbers are.
  private static func texts(
    _ codes: TextCodes, _ numbers: Buffer<UInt32>?, _ limit: UInt64, _ purpose: KeyPurpose, _ known: Bitmap?
  ) -> KeyWord {
    let top: UInt64? = purpose == .descending ? limit &- 1 : nil
    let values: Buffer<UInt64>
    switch codes {
    case .u8(let codes): values = textNumbers(codes.span, numbers, limit, top, known)
    case .u16(let codes): values = textNumbers(codes.span, numbers, limit, top, known)
    case .u32(let codes): values = textNumbers(codes.span, numbers, limit, top, known)
    case .sequence: values = textNumbers(codes.widened.span, numbers, limit, top, known)
    }
    return KeyWord(values: values, bits: bits(limit))
  }

  private static func textNumbers<Code: FixedWidthInteger>(
    _ codes: Span<Code>, _ numbers: Buffer<UInt32>?, _ limit: UInt64, _ top: UInt64?, _ known: Bitmap?
  ) -> Buffer<UInt64> {
    var result = MutableBuffer<UInt64>(count: codes.count)
    var target = result.mutableSpan
    if let numbers {
      let table = numbers.span
      for row in 0..<codes.count {
        // A missing row's code may lie outside the pool.
        let code = Int(truncatingIfNeeded: codes[row])
        target[row] = code < table.count ? UInt64(table[code]) : limit
      }
    } else {
      for row in 0..<codes.count { target[row] = UInt64(truncatingIfNeeded: codes[row]) }
    }
    if let top {
      for row in 0..<codes.count { target[row] = top &- target[row] }
    }
    if let known { mark(absent: known, as: limit, &target) }
    return result.freeze()
  }

  // MARK: Lists and records

  /// The slow path: values looked up one by one, and ranked where order is asked for.
  private static func nested(_ column: Column, _ purpose: KeyPurpose) -> KeyWord {
    var numbers: [Value: UInt64] = [:]
    var different: [Value] = []
    var result = MutableBuffer<UInt64>(count: column.count)
    for row in 0..<column.count {
      let value = column.value(row)
      if value.isMissing {
        result[row] = .max
        continue
      }
      if let number = numbers[value] {
        result[row] = number
      } else {
        result[row] = UInt64(different.count)
        numbers[value] = UInt64(different.count)
        different.append(value)
      }
    }
    let limit = UInt64(different.count)
    var ranks = (0..<different.count).map { UInt64($0) }
    if purpose != .equality {
      let order = different.indices.sorted { Value.comesBefore(different[$0], different[$1]) }
      for (rank, index) in order.enumerated() {
        ranks[index] = purpose == .descending ? limit - 1 - UInt64(rank) : UInt64(rank)
      }
    }
    for row in 0..<column.count { result[row] = result[row] == .max ? limit : ranks[Int(result[row])] }
    return KeyWord(values: result.freeze(), bits: bits(limit))
  }
}

extension Value {
  /// The order of all values of one type: lists and records by their elements from the first on.
  static func comesBefore(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.list(let a), .list(let b)): a.lexicographicallyPrecedes(b, by: comesBefore)
    case (.record(let a), .record(let b)):
      a.map(\.value).lexicographicallyPrecedes(b.map(\.value), by: comesBefore)
    default: precedes(left, right)
    }
  }
}

extension Span where Element: FixedWidthInteger {
  /// The least and the greatest value among the known rows; nil when there is none.
  func extremes(_ known: Bitmap?) -> (least: Element, greatest: Element)? {
    var least = Element.max
    var greatest = Element.min
    guard let known else {
      if count == 0 { return nil }
      for row in 0..<count {
        least = Swift.min(least, self[row])
        greatest = Swift.max(greatest, self[row])
      }
      return (least, greatest)
    }
    let words = known.words
    let validity = words.span
    var any = false
    for row in 0..<count where validity[row >> 6] &>> UInt64(row & 63) & 1 == 1 {
      any = true
      least = Swift.min(least, self[row])
      greatest = Swift.max(greatest, self[row])
    }
    return any ? (least, greatest) : nil
  }
}

extension Bitmap {
  /// A byte for each bit.
  var bytes: Buffer<UInt8> {
    var result = MutableBuffer<UInt8>(count: count)
    var target = result.mutableSpan
    let source = words.span
    for row in 0..<count {
      target[row] = UInt8(truncatingIfNeeded: source[row >> 6] &>> UInt64(row & 63) & 1)
    }
    return result.freeze()
  }
}

extension TextPool {
  /// For each entry a number that equal texts share.
  var distinctCodes: Buffer<UInt32> {
    // Many entries go by partitions that stay in the cache.
    if count > 65_536, let made = try? TextDictionary.united([self]) { return made.maps[0] }
    var interner = TextInterner(capacity: count)
    return interner.codes(of: self)
  }
}
