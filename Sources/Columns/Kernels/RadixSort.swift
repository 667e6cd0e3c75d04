/// Stable sorting by digits from the least, one counting pass a digit; digits that are the same in all keys cost
/// nothing.
enum RadixSort {
  private static let digitBits = 8
  private static let buckets = 1 << digitBits

  /// The positions of the keys in ascending order of the keys.
  static func order(of word: KeyWord) -> Buffer<UInt32> {
    let rows = word.values.count
    if rows < 2 || word.bits == 0 { return .ascending(rows) }
    let indexBits = Keys.bits(UInt64(rows - 1))
    if word.bits + indexBits <= 64 { return packedOrder(word, indexBits) }
    return pairedOrder(word)
  }

  /// Key and position in one number.
  private static func packedOrder(_ word: KeyWord, _ indexBits: Int) -> Buffer<UInt32> {
    let values = word.values
    let rows = values.count
    var first = MutableBuffer<UInt64>(count: rows)
    var packed = first.mutableSpan
    let source = values.span
    let shift = UInt64(indexBits)
    for row in 0..<rows { packed[row] = source[row] &<< shift | UInt64(truncatingIfNeeded: row) }
    let sorted = sorted(first, from: indexBits, bits: word.bits)
    var result = MutableBuffer<UInt32>(count: rows)
    var target = result.mutableSpan
    let keys = sorted.span
    let mask: UInt64 = 1 &<< shift &- 1
    for row in 0..<rows { target[row] = UInt32(truncatingIfNeeded: keys[row] & mask) }
    return result.freeze()
  }

  /// Numbers sorted by `bits` of their bits from bit `from` on; the bits above those must be zero.
  static func sorted(
    _ numbers: consuming MutableBuffer<UInt64>, from: Int, bits: Int
  ) -> MutableBuffer<UInt64> {
    var current = numbers
    let rows = current.count
    let digits = (bits + digitBits - 1) / digitBits
    let counts = histograms(current.span, from: from, digits: digits)
    var other = MutableBuffer<UInt64>(count: rows)
    var starts = MutableBuffer<UInt32>(count: buckets)
    for digit in 0..<digits where fillStarts(&starts, counts, digit, rows) {
      scatter(current.span, &other, &starts, UInt64(from + digit * digitBits))
      swap(&current, &other)
    }
    return current
  }

  private static func scatter(
    _ source: Span<UInt64>, _ other: inout MutableBuffer<UInt64>, _ starts: inout MutableBuffer<UInt32>,
    _ shift: UInt64
  ) {
    var target = other.mutableSpan
    var next = starts.mutableSpan
    for row in 0..<source.count {
      let key = source[row]
      let bucket = Int(truncatingIfNeeded: key &>> shift & 255)
      let position = next[bucket]
      next[bucket] = position &+ 1
      target[Int(truncatingIfNeeded: position)] = key
    }
  }

  /// Key and position side by side, for keys that leave no room for a position.
  private static func pairedOrder(_ word: KeyWord) -> Buffer<UInt32> {
    let values = word.values
    let rows = values.count
    let digits = (word.bits + digitBits - 1) / digitBits
    let counts = histograms(values.span, from: 0, digits: digits)
    var keys = MutableBuffer<UInt64>(capacity: rows)
    keys.append(values.span)
    var order = MutableBuffer<UInt32>(count: rows)
    for row in 0..<rows { order[row] = UInt32(truncatingIfNeeded: row) }
    var otherKeys = MutableBuffer<UInt64>(count: rows)
    var otherOrder = MutableBuffer<UInt32>(count: rows)
    var starts = MutableBuffer<UInt32>(count: buckets)
    for digit in 0..<digits where fillStarts(&starts, counts, digit, rows) {
      let shift = UInt64(digit * digitBits)
      scatterPositions(keys.span, order.span, &otherOrder, &starts, shift)
      // The starts have moved to the ends; the second scatter begins anew.
      _ = fillStarts(&starts, counts, digit, rows)
      scatter(keys.span, &otherKeys, &starts, shift)
      swap(&keys, &otherKeys)
      swap(&order, &otherOrder)
    }
    return order.freeze()
  }

  private static func scatterPositions(
    _ keys: Span<UInt64>, _ positions: Span<UInt32>, _ other: inout MutableBuffer<UInt32>,
    _ starts: inout MutableBuffer<UInt32>, _ shift: UInt64
  ) {
    var target = other.mutableSpan
    var next = starts.mutableSpan
    for row in 0..<keys.count {
      let bucket = Int(truncatingIfNeeded: keys[row] &>> shift & 255)
      let position = next[bucket]
      next[bucket] = position &+ 1
      target[Int(truncatingIfNeeded: position)] = positions[row]
    }
  }

  /// How often each digit has each value, all digits in one pass.
  private static func histograms(_ keys: Span<UInt64>, from: Int, digits: Int) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(repeating: 0, count: digits * buckets)
    var counts = result.mutableSpan
    let first = UInt64(from)
    for row in 0..<keys.count {
      var key = keys[row] &>> first
      var base = 0
      for _ in 0..<digits {
        counts[base &+ Int(truncatingIfNeeded: key & 255)] &+= 1
        key &>>= 8
        base &+= 256
      }
    }
    return result.freeze()
  }

  /// Where each bucket of a digit begins; false when all keys fall into one.
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
