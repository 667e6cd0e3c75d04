import Scheduling

/// Group numbers of rows, in order of first occurrence.
package struct Grouping: Sendable {
  /// The number of groups.
  package let count: Int
  /// The group of each row.
  package let ids: Buffer<UInt32>
  /// The first row of each group.
  package let firstRows: Buffer<UInt32>
}

/// A number for each row, the same for all rows of a group. A number below `count` that no row has is a group without
/// rows.
package struct RowGroups: Sendable {
  /// The number of groups, those without rows among them.
  package let count: Int
  /// The group of each row, from 0.
  package let ids: Buffer<UInt32>

  /// The group of each row, of so many groups.
  package init(count: Int, ids: Buffer<UInt32>) {
    self.count = count
    self.ids = ids
  }
}

extension Grouping {
  /// The same without the first rows.
  package var rowGroups: RowGroups { RowGroups(count: count, ids: ids) }
}

/// Finds rows whose keys are equal.
package enum Grouper {
  /// The groups of rows that are equal in all keys; without keys one group of all rows.
  ///
  /// Missing keys are equal to each other. Text is compared by bytes, floats by value: -0 is 0 and NaN is missing.
  package static func group(_ keys: [Column], rows: Int) -> Grouping {
    group(keys, rows: rows, by: Alone())
  }

  /// The same with many rows shared by a crew.
  package static func group<C: Crew>(
    _ keys: [Column], rows: Int, by crew: C
  ) throws(C.Failure) -> Grouping {
    if rows == 0 { return Grouping(count: 0, ids: Buffer([]), firstRows: Buffer([])) }
    if keys.count == 1, let grouping = direct(keys[0]) { return grouping }
    return try group(words: Keys.words(keys.map { ($0, .equality) }, by: crew), rows: rows, by: crew)
  }

  /// The same where it is of no account which number a group has: a dictionary's codes are numbers already.
  package static func numbers<C: Crew>(
    _ keys: [Column], rows: Int, by crew: C
  ) throws(C.Failure) -> RowGroups {
    if keys.count == 1, case .text(let codes, let pool) = keys[0].storage, pool.isDistinct, pool.count <= rows
    {
      guard let known = keys[0].validity else { return RowGroups(count: pool.count, ids: codes.widened) }
      return RowGroups(
        count: pool.count + 1, ids: Self.numbers(codes.widened, known, missing: UInt32(pool.count)))
    }
    return try group(keys, rows: rows, by: crew).rowGroups
  }

  private static func numbers(_ codes: Buffer<UInt32>, _ known: Bitmap, missing: UInt32) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: codes.count)
    var target = result.mutableSpan
    let (source, words) = (codes.span, known.words)
    let bits = words.span
    for row in 0..<source.count {
      target[row] = bits[row >> 6] &>> UInt64(row & 63) & 1 == 0 ? missing : source[row]
    }
    return result.freeze()
  }

  private static func group<C: Crew>(
    words: [KeyWord], rows: Int, by crew: C
  ) throws(C.Failure) -> Grouping {
    guard let first = words.first else {
      return single(rows)
    }
    // Words beyond the first come in as their group numbers, which leave room for each other.
    var grouping = try group(word: first, by: crew)
    for word in words.dropFirst() {
      var left = grouping.word
      var right = word
      if left.bits + right.bits > 64 { right = try group(word: word, by: crew).word }
      if left.bits + right.bits > 64 { left = try group(word: left, by: crew).word }
      grouping = try group(word: Keys.packed(left, right), by: crew)
    }
    return grouping
  }

  /// One group of all rows.
  private static func single(_ rows: Int) -> Grouping {
    Grouping(count: 1, ids: Buffer(repeating: 0, count: rows), firstRows: Buffer([0]))
  }

  private static func group<C: Crew>(word: KeyWord, by crew: C) throws(C.Failure) -> Grouping {
    let rows = word.values.count
    if word.bits <= 16 || (word.bits < 32 && 1 << word.bits <= rows * 4) {
      return direct(word.values.span, base: 0, size: 1 << word.bits, known: nil)
    }
    if rows > PartitionedGrouping.leastRows { return try PartitionedGrouping.group(word.values, by: crew) }
    return hashed(word.values.span)
  }

  // MARK: Small domains: a table indexed by the key

  private static func direct(_ column: Column) -> Grouping? {
    let known = column.validity
    switch column.storage {
    case .int8(let values): return direct(values.span, base: Int8.min, size: 256, known: known)
    case .int16(let values): return direct(values.span, known)
    case .int32(let values), .date(let values): return direct(values.span, known)
    case .int64(let values), .duration(let values), .datetime(let values, _):
      return direct(values.span, known)
    case .bool(let bits): return direct(bits.bytes.span, base: 0, size: 2, known: known)
    case .text(let codes, let pool): return direct(codes, pool, known)
    case .missing(let count): return single(count)
    case .float, .list, .record: return nil
    }
  }

  private static func direct<Key: FixedWidthInteger>(_ keys: Span<Key>, _ known: Bitmap?) -> Grouping? {
    guard let (least, greatest) = keys.extremes(known) else { return single(keys.count) }
    let width = UInt64(truncatingIfNeeded: greatest) &- UInt64(truncatingIfNeeded: least)
    guard width < 65_536 || (width < UInt64(keys.count) * 4 && width < 1 << 31) else { return nil }
    return direct(keys, base: least, size: Int(width) + 1, known: known)
  }

  private static func direct(_ codes: TextCodes, _ pool: TextPool, _ known: Bitmap?) -> Grouping? {
    guard pool.isDistinct, pool.count <= max(65_536, codes.count * 16) else { return nil }
    switch codes {
    case .u8(let codes): return direct(codes.span, base: 0, size: 256, known: known)
    case .u16(let codes): return direct(codes.span, base: 0, size: 65_536, known: known)
    case .u32(let codes): return direct(codes.span, base: 0, size: pool.count, known: known)
    case .sequence: return nil
    }
  }

  /// Groups by `table[key - base]`; the entry at `size` is for missing keys.
  private static func direct<Key: FixedWidthInteger>(
    _ keys: Span<Key>, base: Key, size: Int, known: Bitmap?
  ) -> Grouping {
    let none = UInt32.max
    var lookup = MutableBuffer<UInt32>(repeating: none, count: size + 1)
    var table = lookup.mutableSpan
    var ids = MutableBuffer<UInt32>(count: keys.count)
    var target = ids.mutableSpan
    var firstRows = MutableBuffer<UInt32>(capacity: 16)
    var next: UInt32 = 0
    let base = Int(truncatingIfNeeded: base)
    let words = known?.words
    for row in 0..<keys.count {
      var index = Int(truncatingIfNeeded: keys[row]) &- base
      if let words, words.span[row >> 6] &>> UInt64(row & 63) & 1 == 0 { index = size }
      var id = table[index]
      if id == none {
        id = next
        next &+= 1
        table[index] = id
        firstRows.append(UInt32(truncatingIfNeeded: row))
      }
      target[row] = id
    }
    return Grouping(count: Int(next), ids: ids.freeze(), firstRows: firstRows.freeze())
  }

  // MARK: Large domains: a hash table with open addressing

  private struct Slot: BitwiseCopyable {
    var key: UInt64
    var id: UInt32
  }

  private static func hashed(_ keys: Span<UInt64>) -> Grouping {
    let none = UInt32.max
    var capacity = 1 << 12
    while capacity < keys.count / 8 { capacity *= 2 }
    var slots = MutableBuffer<Slot>(repeating: Slot(key: 0, id: none), count: capacity)
    var ids = MutableBuffer<UInt32>(count: keys.count)
    var firstRows = MutableBuffer<UInt32>(capacity: 1024)
    var next: UInt32 = 0
    var row = 0
    while row < keys.count {
      // A stretch that cannot fill the table beyond half, then a look at its size.
      let room = capacity / 2 - Int(next)
      let end = min(keys.count, row + room)
      var table = slots.mutableSpan
      var target = ids.mutableSpan
      let mask = capacity - 1
      while row < end {
        let key = keys[row]
        var position = Int(truncatingIfNeeded: TextHash.mix(key ^ 0x9E37_79B9_7F4A_7C15)) & mask
        while true {
          let slot = table[position]
          if slot.id == none {
            table[position] = Slot(key: key, id: next)
            target[row] = next
            firstRows.append(UInt32(truncatingIfNeeded: row))
            next &+= 1
            break
          }
          if slot.key == key {
            target[row] = slot.id
            break
          }
          position = (position &+ 1) & mask
        }
        row &+= 1
      }
      if Int(next) > capacity / 4 {
        capacity *= 2
        slots = rehashed(slots, capacity)
      }
    }
    return Grouping(count: Int(next), ids: ids.freeze(), firstRows: firstRows.freeze())
  }

  private static func rehashed(_ old: borrowing MutableBuffer<Slot>, _ capacity: Int) -> MutableBuffer<Slot> {
    let none = UInt32.max
    var slots = MutableBuffer<Slot>(repeating: Slot(key: 0, id: none), count: capacity)
    var table = slots.mutableSpan
    let source = old.span
    for index in 0..<source.count where source[index].id != none {
      let key = source[index].key
      var position = Int(truncatingIfNeeded: TextHash.mix(key ^ 0x9E37_79B9_7F4A_7C15)) & (capacity - 1)
      while table[position].id != none { position = (position &+ 1) & (capacity - 1) }
      table[position] = source[index]
    }
    return slots
  }
}

extension Grouping {
  /// The group numbers as a key.
  var word: KeyWord {
    var result = MutableBuffer<UInt64>(count: ids.count)
    var target = result.mutableSpan
    let source = ids.span
    for row in 0..<source.count { target[row] = UInt64(source[row]) }
    return KeyWord(values: result.freeze(), bits: Keys.bits(UInt64(max(0, count - 1))))
  }
}
