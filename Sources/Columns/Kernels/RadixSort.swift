/// Stable sorting by digits from the least, one counting pass a digit; digits that are the same in all keys cost
/// nothing.
enum RadixSort {
  private static let digitBits = 8
  private static let buckets = 1 << digitBits
  /// So few are sorted by comparison.
  private static let fewRows = 48

  /// The positions of the keys in ascending order of the keys.
  static func order(of word: KeyWord) -> Buffer<UInt32> {
    let rows = word.values.count
    if rows < 2 || word.bits == 0 { return .ascending(rows) }
    let indexBits = Keys.bits(UInt64(rows - 1))
    if word.bits + indexBits <= 64 { return order(PackedKey.self, word, indexBits) }
    let least = lessened(word)
    if least.bits == 0 { return .ascending(rows) }
    if least.bits + indexBits <= 64 { return order(PackedKey.self, least, indexBits) }
    return order(PairedKey.self, least, 0)
  }

  private static func order<Item: SortItem>(
    _: Item.Type, _ word: KeyWord, _ indexBits: Int
  ) -> Buffer<UInt32> {
    let values = word.values
    let keys = values.span
    var items = MutableBuffer<Item>(count: keys.count)
    do {
      var target = items.mutableSpan
      for row in 0..<keys.count {
        target[row] = Item(key: keys[row], row: UInt32(truncatingIfNeeded: row), indexBits: indexBits)
      }
    }
    let mask: UInt64 = indexBits == 0 ? .max : 1 &<< UInt64(indexBits) &- 1
    let sorted = sorted(items, from: indexBits, bits: word.bits)
    let span = sorted.span
    var rows = MutableBuffer<UInt32>(count: span.count)
    var target = rows.mutableSpan
    for index in 0..<span.count { target[index] = span[index].row(mask) }
    return rows.freeze()
  }

  /// The same keys counted from the least, without the low bits in which none differs.
  static func lessened(_ word: KeyWord) -> KeyWord {
    let values = word.values
    let source = values.span
    var (least, greatest, differing) = (source[0], source[0], UInt64(0))
    let first = source[0]
    for row in 0..<source.count {
      let key = source[row]
      least = min(least, key)
      greatest = max(greatest, key)
      differing |= key ^ first
    }
    if differing == 0 { return KeyWord(values: values, bits: 0) }
    let shift = UInt64(differing.trailingZeroBitCount)
    var result = MutableBuffer<UInt64>(count: source.count)
    var target = result.mutableSpan
    for row in 0..<source.count { target[row] = (source[row] &- least) &>> shift }
    return KeyWord(values: result.freeze(), bits: Keys.bits((greatest &- least) &>> shift))
  }

  /// Items in the order of `bits` of their numbers from bit `from` on; the bits above those must be alike.
  static func sorted<Item: SortItem>(
    _ items: consuming MutableBuffer<Item>, from: Int, bits: Int
  ) -> MutableBuffer<Item> {
    var current = items
    let rows = current.count
    if rows < 2 || bits <= 0 { return current }
    if rows <= fewRows {
      insert(&current, UInt64(from))
      return current
    }
    let digits = (bits + digitBits - 1) / digitBits
    let counts = histograms(current.span, from: from, digits: digits)
    var other = MutableBuffer<Item>(count: rows)
    var starts = MutableBuffer<UInt32>(count: buckets)
    for digit in 0..<digits where fillStarts(&starts, counts, digit, rows) {
      scatter(current.span, &other, &starts, UInt64(from + digit * digitBits))
      swap(&current, &other)
    }
    return current
  }

  private static func scatter<Item: SortItem>(
    _ source: Span<Item>, _ other: inout MutableBuffer<Item>, _ starts: inout MutableBuffer<UInt32>,
    _ shift: UInt64
  ) {
    var target = other.mutableSpan
    var next = starts.mutableSpan
    for row in 0..<source.count {
      let item = source[row]
      let bucket = Int(truncatingIfNeeded: item.number &>> shift & 255)
      let position = next[bucket]
      next[bucket] = position &+ 1
      target[Int(truncatingIfNeeded: position)] = item
    }
  }

  private static func insert<Item: SortItem>(_ items: inout MutableBuffer<Item>, _ from: UInt64) {
    var span = items.mutableSpan
    var position = 1
    while position < span.count {
      let item = span[position]
      let key = item.number &>> from
      var hole = position
      while hole > 0, span[hole &- 1].number &>> from > key {
        span[hole] = span[hole &- 1]
        hole &-= 1
      }
      span[hole] = item
      position &+= 1
    }
  }

  /// How often each digit has each value, all digits in one pass.
  private static func histograms<Item: SortItem>(
    _ items: Span<Item>, from: Int, digits: Int
  ) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(repeating: 0, count: digits * buckets)
    var counts = result.mutableSpan
    let first = UInt64(from)
    for row in 0..<items.count {
      var key = items[row].number &>> first
      var base = 0
      for _ in 0..<digits {
        counts[base &+ Int(truncatingIfNeeded: key & 255)] &+= 1
        key &>>= 8
        base &+= 256
      }
    }
    return result.freeze()
  }

  /// Where each bucket of a digit begins; false when all items fall into one.
  private static func fillStarts(
    _ starts: inout MutableBuffer<UInt32>, _ counts: Buffer<UInt32>, _ digit: Int, _ rows: Int
  ) -> Bool {
    var next: UInt32 = 0
    for bucket in 0..<buckets {
      let count = counts[digit * buckets + bucket]
      if Int(count) == rows { return false }
      starts[bucket] = next
      next &+= count
    }
    return true
  }
}
