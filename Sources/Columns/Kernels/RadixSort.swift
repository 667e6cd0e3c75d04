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
    let least = lessened(word)
    if least.bits == 0 { return .ascending(rows) }
    if least.bits + indexBits <= 64 { return packedOrder(least, indexBits) }
    return pairedOrder(least)
  }

  /// The same keys counted from the least, without the low bits in which none differs.
  private static func lessened(_ word: KeyWord) -> KeyWord {
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

  private struct Pair: BitwiseCopyable {
    var key: UInt64
    var row: UInt32
  }

  /// Key and position side by side, for keys that leave no room for a position: first into buckets by the highest
  /// digit, then each bucket, which stays in the cache, digit by digit from the least.
  private static func pairedOrder(_ word: KeyWord) -> Buffer<UInt32> {
    let values = word.values
    let keys = values.span
    let rows = keys.count
    let top = max(0, word.bits - digitBits)
    let shift = UInt64(top)
    var counts = MutableBuffer<UInt32>(repeating: 0, count: buckets + 1)
    var starts = counts.mutableSpan
    for row in 0..<rows { starts[Int(keys[row] &>> shift) &+ 1] &+= 1 }
    for bucket in 0..<buckets { starts[bucket + 1] &+= starts[bucket] }
    var ends: [Int] = []
    for bucket in 1...buckets { ends.append(Int(starts[bucket])) }
    var pairs = MutableBuffer<Pair>(count: rows)
    var target = pairs.mutableSpan
    for row in 0..<rows {
      let key = keys[row]
      let bucket = Int(key &>> shift)
      target[Int(starts[bucket])] = Pair(key: key, row: UInt32(truncatingIfNeeded: row))
      starts[bucket] &+= 1
    }
    var result = MutableBuffer<UInt32>(capacity: rows)
    var lower = 0
    for upper in ends {
      let bucket = sorted(pairs.span.extracting(lower..<upper), bits: top)
      let span = bucket.span
      for index in 0..<span.count { result.append(span[index].row) }
      lower = upper
    }
    return result.freeze()
  }

  /// Pairs in the order of the low bits of their keys.
  private static func sorted(_ pairs: Span<Pair>, bits: Int) -> MutableBuffer<Pair> {
    var current = MutableBuffer<Pair>(capacity: pairs.count)
    current.append(pairs)
    if pairs.count < 2 { return current }
    if pairs.count <= 48 {
      insert(&current)
      return current
    }
    var other = MutableBuffer<Pair>(count: pairs.count)
    for from in stride(from: 0, to: bits, by: digitBits) {
      let mask: UInt64 = bits - from >= digitBits ? 255 : 1 &<< UInt64(bits - from) &- 1
      distribute(current.span, &other, UInt64(from), mask)
      swap(&current, &other)
    }
    return current
  }

  /// One digit's pass.
  private static func distribute(
    _ source: Span<Pair>, _ other: inout MutableBuffer<Pair>, _ shift: UInt64, _ mask: UInt64
  ) {
    var counts = MutableBuffer<UInt32>(repeating: 0, count: buckets + 1)
    var starts = counts.mutableSpan
    for index in 0..<source.count { starts[Int(source[index].key &>> shift & mask) &+ 1] &+= 1 }
    for bucket in 0..<buckets { starts[bucket + 1] &+= starts[bucket] }
    var target = other.mutableSpan
    for index in 0..<source.count {
      let pair = source[index]
      let bucket = Int(pair.key &>> shift & mask)
      target[Int(starts[bucket])] = pair
      starts[bucket] &+= 1
    }
  }

  private static func insert(_ pairs: inout MutableBuffer<Pair>) {
    var span = pairs.mutableSpan
    var position = 1
    while position < span.count {
      let pair = span[position]
      var hole = position
      while hole > 0, span[hole &- 1].key > pair.key {
        span[hole] = span[hole &- 1]
        hole &-= 1
      }
      span[hole] = pair
      position &+= 1
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
