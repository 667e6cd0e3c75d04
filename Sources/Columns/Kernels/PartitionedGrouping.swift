import Scheduling

/// Grouping of many rows by keys of a large domain: the rows are spread over partitions by the keys' hash, so that
/// the table of each stays in the cache, and the groups are numbered by their first rows afterwards. The pieces depend
/// on the rows alone: every crew gives the same groups.
enum PartitionedGrouping {
  static let leastRows = 1 << 17
  private static let pieceRows = 1 << 17

  private struct Slot: BitwiseCopyable {
    var key: UInt64
    var first: UInt32
  }

  /// A run of rows by partition.
  private typealias Piece = KeyPiece<PairedKey>

  /// A run of rows: the first row of each row's group, and which rows are first, 64 in a word.
  private struct Firsts: Sendable {
    var rows: Buffer<UInt32>
    var marks: Buffer<UInt64>
  }

  static func group<C: Crew>(_ keys: Buffer<UInt64>, by crew: C) throws(C.Failure) -> Grouping {
    var bits = 0
    while bits < 10, keys.count >> bits > 16_384 { bits += 1 }
    let partitions = 1 << bits
    let shift = UInt64(64 - bits)
    let count = (keys.count + pieceRows - 1) / pieceRows
    let pieces = try crew.pieces(count) { number in
      spread(keys, number * pieceRows..<min(keys.count, (number + 1) * pieceRows), partitions, shift)
    }
    let found = try crew.pieces(partitions) { firstRows(pieces, $0) }
    let firsts = try crew.pieces(count) { placed(pieces, $0, found) }
    let marks = Buffer.concatenated(firsts.map(\.marks), count: firsts.reduce(0) { $0 + $1.marks.count })
    let numbering = Numbering(marks)
    let ids = try crew.pieces(count) { numbering.ids(of: firsts[$0].rows) }
    return Grouping(
      count: numbering.count, ids: .concatenated(ids, count: keys.count), firstRows: numbering.firstRows)
  }

  @inline(__always)
  private static func hash(_ key: UInt64) -> UInt64 { TextHash.mix(key ^ 0x9E37_79B9_7F4A_7C15) }

  private static func spread(
    _ keys: Buffer<UInt64>, _ rows: Range<Int>, _ partitions: Int, _ shift: UInt64
  ) -> Piece {
    KeyPiece(keys, rows, buckets: partitions, indexBits: 0) { Int(hash($0) >> shift) }
  }

  /// For each entry of a partition, piece after piece, the first row with its key.
  private static func firstRows(_ pieces: [Piece], _ partition: Int) -> Buffer<UInt32> {
    let count = pieces.reduce(0) { $0 + $1.places(of: partition).count }
    var capacity = 1 << 10
    while capacity < count * 2 { capacity *= 2 }
    var slots = MutableBuffer<Slot>(repeating: Slot(key: 0, first: UInt32.max), count: capacity)
    var table = slots.mutableSpan
    var firsts = MutableBuffer<UInt32>(count: count)
    var target = firsts.mutableSpan
    let mask = capacity - 1
    var next = 0
    for piece in pieces {
      let entries = piece.items.span
      for index in piece.places(of: partition) {
        let entry = entries[index]
        var position = Int(truncatingIfNeeded: hash(entry.number)) & mask
        while table[position].first != UInt32.max, table[position].key != entry.number {
          position = (position &+ 1) & mask
        }
        if table[position].first == UInt32.max { table[position] = Slot(key: entry.number, first: entry.row) }
        target[next] = table[position].first
        next &+= 1
      }
    }
    return firsts.freeze()
  }

  /// The first rows of a piece's rows, in row order.
  private static func placed(_ pieces: [Piece], _ number: Int, _ found: [Buffer<UInt32>]) -> Firsts {
    let piece = pieces[number]
    let lower = piece.rows.lowerBound
    var rows = MutableBuffer<UInt32>(count: piece.rows.count)
    var marks = MutableBuffer<UInt64>(repeating: 0, count: (piece.rows.count + 63) >> 6)
    var target = rows.mutableSpan
    var words = marks.mutableSpan
    let entries = piece.items.span
    for partition in found.indices {
      var next = pieces[..<number].reduce(0) { $0 + $1.places(of: partition).count }
      let part = found[partition]
      let firsts = part.span
      for index in piece.places(of: partition) {
        let row = Int(entries[index].row)
        let first = firsts[next]
        next &+= 1
        target[row &- lower] = first
        if Int(first) == row { words[(row &- lower) >> 6] |= 1 &<< UInt64((row &- lower) & 63) }
      }
    }
    return Firsts(rows: rows.freeze(), marks: marks.freeze())
  }

  /// The numbers of groups in the order of their first rows.
  private struct Numbering: Sendable {
    let marks: Buffer<UInt64>
    /// The groups that begin before each word of marks.
    private let before: Buffer<UInt32>
    let count: Int

    init(_ marks: Buffer<UInt64>) {
      let words = marks.span
      var before = MutableBuffer<UInt32>(count: words.count)
      var numbers = before.mutableSpan
      var count: UInt32 = 0
      for word in 0..<words.count {
        numbers[word] = count
        count &+= UInt32(truncatingIfNeeded: words[word].nonzeroBitCount)
      }
      self.marks = marks
      self.count = Int(count)
      self.before = before.freeze()
    }

    var firstRows: Buffer<UInt32> {
      let words = marks.span
      var rows = MutableBuffer<UInt32>(capacity: count)
      for word in 0..<words.count {
        var rest = words[word]
        while rest != 0 {
          rows.append(UInt32(truncatingIfNeeded: word &<< 6 &+ rest.trailingZeroBitCount))
          rest &= rest &- 1
        }
      }
      return rows.freeze()
    }

    func ids(of firsts: Buffer<UInt32>) -> Buffer<UInt32> {
      let (words, numbers, source) = (marks.span, before.span, firsts.span)
      var ids = MutableBuffer<UInt32>(count: source.count)
      var target = ids.mutableSpan
      for row in 0..<source.count {
        let first = Int(source[row])
        let lower = words[first >> 6] & (1 &<< UInt64(first & 63) &- 1)
        target[row] = numbers[first >> 6] &+ UInt32(truncatingIfNeeded: lower.nonzeroBitCount)
      }
      return ids.freeze()
    }
  }
}
