import Scheduling

/// Sorting of many keys: first into buckets by their highest bits, piece by piece, then each bucket, which fits the
/// cache, by its other bits. Pieces and buckets depend on the keys alone, so that every crew gives the same order; the
/// order is stable.
enum BucketSort {
  /// Fewer rows are sorted in one piece.
  static let leastRows = 1 << 17
  private static let pieceRows = 1 << 17
  private static let bucketBits = 10

  /// A piece of either form. What is generic over crews is compiled once for all of them and sees only this: a form as
  /// a second parameter there would be looked up at run time for each row.
  private enum Spread: Sendable {
    case packed(KeyPiece<PackedKey>)
    case paired(KeyPiece<PairedKey>)
  }

  /// How the keys are sorted.
  private struct Layout: Sendable {
    let keys: Buffer<UInt64>
    let bits: Int
    /// Bits of a row beside its key in one number; 0 where they stand side by side.
    let indexBits: Int
    /// Bits that choose the bucket.
    let top: Int

    init(_ word: KeyWord, indexBits: Int) {
      (keys, bits, self.indexBits) = (word.values, word.bits, indexBits)
      // No more buckets than keep some rows each.
      top = min(bucketBits, word.bits, max(1, Keys.bits(UInt64(word.values.count >> 12))))
    }
  }

  /// The rows of a bucket in order.
  private struct Run: Sendable {
    var rows: Buffer<UInt32>
    /// The places at which another key begins, where they are asked for.
    var starts: Buffer<UInt32>
  }

  /// The positions of the keys in ascending order of the keys.
  static func order<C: Crew>(of word: KeyWord, by crew: C) throws(C.Failure) -> Buffer<UInt32> {
    guard let runs = try runs(word, findsStarts: false, by: crew) else { return RadixSort.order(of: word) }
    return .concatenated(runs.map(\.rows), count: word.values.count)
  }

  /// The same with the places at which another key begins, and the end; nil for few keys.
  static func groups<C: Crew>(of word: KeyWord, by crew: C) throws(C.Failure) -> SortedGrouping? {
    guard let runs = try runs(word, findsStarts: true, by: crew) else { return nil }
    return SortedGrouping(
      order: .concatenated(runs.map(\.rows), count: word.values.count), starts: allStarts(runs))
  }

  private static func allStarts(_ runs: [Run]) -> Buffer<UInt32> {
    var starts = MutableBuffer<UInt32>(count: runs.reduce(1) { $0 + $1.starts.count })
    var target = starts.mutableSpan
    var next = 0
    var before: UInt32 = 0
    for run in runs {
      let own = run.starts.span
      for index in 0..<own.count { target[next &+ index] = before &+ own[index] }
      next += own.count
      before += UInt32(truncatingIfNeeded: run.rows.count)
    }
    target[next] = before
    return starts.freeze()
  }

  private static func runs<C: Crew>(
    _ word: KeyWord, findsStarts: Bool, by crew: C
  ) throws(C.Failure) -> [Run]? {
    guard let layout = layout(word) else { return nil }
    let rows = layout.keys.count
    let pieces = try crew.pieces((rows + pieceRows - 1) / pieceRows) { number in
      spread(layout, number * pieceRows..<min(rows, (number + 1) * pieceRows))
    }
    return try crew.pieces(1 << layout.top) { bucket in sorted(layout, pieces, bucket, findsStarts) }
  }

  /// Nil where sorting in one piece is as good.
  private static func layout(_ word: KeyWord) -> Layout? {
    let rows = word.values.count
    if rows < leastRows || word.bits == 0 { return nil }
    let indexBits = Keys.bits(UInt64(rows - 1))
    if word.bits + indexBits <= 64 { return Layout(word, indexBits: indexBits) }
    let least = RadixSort.lessened(word)
    if least.bits == 0 { return nil }
    return Layout(least, indexBits: least.bits + indexBits <= 64 ? indexBits : 0)
  }

  private static func spread(_ layout: Layout, _ range: Range<Int>) -> Spread {
    layout.indexBits > 0 ? .packed(piece(layout, range)) : .paired(piece(layout, range))
  }

  private static func piece<Item: SortItem>(_ layout: Layout, _ range: Range<Int>) -> KeyPiece<Item> {
    let shift = UInt64(layout.bits - layout.top)
    return KeyPiece(layout.keys, range, buckets: 1 << layout.top, indexBits: layout.indexBits) {
      Int(truncatingIfNeeded: $0 &>> shift)
    }
  }

  private static func sorted(
    _ layout: Layout, _ pieces: [Spread], _ bucket: Int, _ findsStarts: Bool
  ) -> Run {
    if layout.indexBits > 0 {
      return sorted(
        pieces.compactMap { if case .packed(let piece) = $0 { piece } else { nil } }, bucket, layout,
        findsStarts)
    }
    return sorted(
      pieces.compactMap { if case .paired(let piece) = $0 { piece } else { nil } }, bucket, layout,
      findsStarts)
  }

  private static func sorted<Item: SortItem>(
    _ pieces: [KeyPiece<Item>], _ bucket: Int, _ layout: Layout, _ findsStarts: Bool
  ) -> Run {
    let from = layout.indexBits
    let count = pieces.reduce(0) { $0 + $1.places(of: bucket).count }
    if count == 0 { return Run(rows: Buffer([]), starts: Buffer([])) }
    var items = MutableBuffer<Item>(capacity: count)
    for piece in pieces {
      let part = piece.items.slice(piece.places(of: bucket))
      items.append(part.span)
    }
    let mask: UInt64 = from == 0 ? .max : 1 &<< UInt64(from) &- 1
    let sorted = RadixSort.sorted(items, from: from, bits: layout.bits - layout.top)
    let span = sorted.span
    var rows = MutableBuffer<UInt32>(count: count)
    var target = rows.mutableSpan
    for index in 0..<count { target[index] = span[index].row(mask) }
    return Run(rows: rows.freeze(), starts: findsStarts ? starts(span, from: from) : Buffer([]))
  }

  /// The places at which another key begins.
  private static func starts<Item: SortItem>(_ items: Span<Item>, from: Int) -> Buffer<UInt32> {
    var places = MutableBuffer<UInt32>(count: items.count)
    var target = places.mutableSpan
    target[0] = 0
    var count = 1
    for index in 1..<max(1, items.count) {
      target[count] = UInt32(truncatingIfNeeded: index)
      count &+= (items[index].number ^ items[index &- 1].number) &>> UInt64(from) == 0 ? 0 : 1
    }
    return places.freeze().slice(0..<count)
  }
}
