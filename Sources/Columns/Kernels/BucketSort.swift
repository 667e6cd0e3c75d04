import Scheduling

/// Sorting of many keys: first into buckets by their highest bits, piece by piece, then each bucket, which fits the
/// cache, by its other bits. Pieces and buckets depend on the keys alone, so that every crew gives the same order; the
/// order is stable.
enum BucketSort {
  /// Fewer rows are sorted in one piece.
  static let leastRows = 1 << 17
  private static let pieceRows = 1 << 17
  private static let bucketBits = 10

  /// Rows of a piece by bucket, in row order within.
  private struct Piece<Item: SortItem>: Sendable {
    var items: Buffer<Item>
    /// Where each bucket begins, and the end.
    var starts: Buffer<UInt32>
  }

  /// The positions of the keys in ascending order of the keys.
  static func order<C: Crew>(of word: KeyWord, by crew: C) throws(C.Failure) -> Buffer<UInt32> {
    let rows = word.values.count
    if rows < leastRows || word.bits == 0 { return RadixSort.order(of: word) }
    let indexBits = Keys.bits(UInt64(rows - 1))
    if word.bits + indexBits <= 64 { return try order(PackedKey.self, word, indexBits, crew) }
    let least = RadixSort.lessened(word)
    if least.bits == 0 { return .ascending(rows) }
    if least.bits + indexBits <= 64 { return try order(PackedKey.self, least, indexBits, crew) }
    return try order(PairedKey.self, least, 0, crew)
  }

  private static func order<Item: SortItem, C: Crew>(
    _: Item.Type, _ word: KeyWord, _ indexBits: Int, _ crew: C
  ) throws(C.Failure) -> Buffer<UInt32> {
    let rows = word.values.count
    // No more buckets than keep some rows each.
    let top = min(bucketBits, word.bits, max(1, Keys.bits(UInt64(rows >> 12))))
    let shift = UInt64(word.bits - top)
    let pieces = try crew.pieces((rows + pieceRows - 1) / pieceRows) { number in
      let range = number * pieceRows..<min(rows, (number + 1) * pieceRows)
      return spread(Item.self, word.values, range, indexBits, shift, 1 << top)
    }
    let parts = try crew.pieces(1 << top) { bucket in
      sorted(pieces, bucket, from: indexBits, bits: word.bits - top)
    }
    return .concatenated(parts, count: rows)
  }

  private static func spread<Item: SortItem>(
    _: Item.Type, _ keys: Buffer<UInt64>, _ range: Range<Int>, _ indexBits: Int, _ shift: UInt64,
    _ buckets: Int
  ) -> Piece<Item> {
    let source = keys.span
    var counts = MutableBuffer<UInt32>(repeating: 0, count: buckets + 1)
    do {
      var counted = counts.mutableSpan
      for row in range { counted[Int(truncatingIfNeeded: source[row] &>> shift) &+ 1] &+= 1 }
    }
    let starts = counts.summed()
    var next = starts.copy
    var cursor = next.mutableSpan
    var items = MutableBuffer<Item>(count: range.count)
    var target = items.mutableSpan
    for row in range {
      let key = source[row]
      let bucket = Int(truncatingIfNeeded: key &>> shift)
      let place = Int(cursor[bucket])
      cursor[bucket] &+= 1
      target[place] = Item(key: key, row: UInt32(truncatingIfNeeded: row), indexBits: indexBits)
    }
    return Piece(items: items.freeze(), starts: starts)
  }

  /// The rows of one bucket in order.
  private static func sorted<Item: SortItem>(
    _ pieces: [Piece<Item>], _ bucket: Int, from: Int, bits: Int
  ) -> Buffer<UInt32> {
    let count = pieces.reduce(0) { $0 + Int($1.starts[bucket + 1] - $1.starts[bucket]) }
    if count == 0 { return Buffer([]) }
    var items = MutableBuffer<Item>(capacity: count)
    for piece in pieces {
      let range = Int(piece.starts[bucket])..<Int(piece.starts[bucket + 1])
      let part = piece.items.slice(range)
      items.append(part.span)
    }
    let mask: UInt64 = from == 0 ? .max : 1 &<< UInt64(from) &- 1
    let sorted = RadixSort.sorted(items, from: from, bits: bits)
    let span = sorted.span
    var rows = MutableBuffer<UInt32>(count: count)
    var target = rows.mutableSpan
    for index in 0..<count { target[index] = span[index].row(mask) }
    return rows.freeze()
  }
}

/// A key and its row while they are sorted.
protocol SortItem: BitwiseCopyable, Sendable {
  init(key: UInt64, row: UInt32, indexBits: Int)
  /// What holds the key, in its bits from some bit on.
  var number: UInt64 { get }
  func row(_ mask: UInt64) -> UInt32
}

/// Key and row in one number, the row in the lowest bits.
struct PackedKey: SortItem {
  let number: UInt64

  @inline(__always)
  init(key: UInt64, row: UInt32, indexBits: Int) { number = key &<< UInt64(indexBits) | UInt64(row) }

  @inline(__always)
  func row(_ mask: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: number & mask) }
}

/// Key and row side by side, for keys that leave no room for a row.
struct PairedKey: SortItem {
  let number: UInt64
  let row: UInt32

  @inline(__always)
  init(key: UInt64, row: UInt32, indexBits: Int) { (number, self.row) = (key, row) }

  @inline(__always)
  func row(_ mask: UInt64) -> UInt32 { row }
}
