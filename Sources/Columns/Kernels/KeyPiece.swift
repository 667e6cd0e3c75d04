/// Some rows' keys by bucket, in row order within: what many keys are sorted and grouped from, piece by piece.
struct KeyPiece<Item: SortItem>: Sendable {
  let rows: Range<Int>
  let items: Buffer<Item>
  /// Where each bucket begins, and the end.
  private let starts: Buffer<UInt32>

  /// - Parameters:
  ///   - indexBits: as `SortItem` wants them.
  ///   - bucket: the bucket of a key, below `buckets`.
  @inline(__always)
  init(
    _ keys: Buffer<UInt64>, _ rows: Range<Int>, buckets: Int, indexBits: Int, _ bucket: (UInt64) -> Int
  ) {
    let source = keys.span
    var counts = MutableBuffer<UInt32>(repeating: 0, count: buckets + 1)
    do {
      var counted = counts.mutableSpan
      for row in rows { counted[bucket(source[row]) &+ 1] &+= 1 }
    }
    let starts = counts.summed()
    var next = starts.copy
    var cursor = next.mutableSpan
    var items = MutableBuffer<Item>(count: rows.count)
    var target = items.mutableSpan
    for row in rows {
      let key = source[row]
      let place = bucket(key)
      target[Int(cursor[place])] = Item(key: key, row: UInt32(truncatingIfNeeded: row), indexBits: indexBits)
      cursor[place] &+= 1
    }
    self.rows = rows
    self.items = items.freeze()
    self.starts = starts
  }

  func places(of bucket: Int) -> Range<Int> { Int(starts[bucket])..<Int(starts[bucket + 1]) }
}

/// A key and its row while they are sorted or grouped.
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
