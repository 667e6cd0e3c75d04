/// Texts of which each row may have its own, kept where they lie with a hash for each: equal texts are found among
/// equal hashes, and only these are compared. The hashes are made segment by segment, on all workers.
struct HashedTexts {
  /// Rows of one segment.
  private struct Chunk {
    var column: Column
    /// The rows taken in; nil for all.
    var rows: Buffer<UInt32>?
    var hashes: Buffer<UInt64>
    /// The group of each row taken in; nil where all are of group 0.
    var groups: Buffer<UInt32>?
    var pool: TextPool
    var codes: TextCodes

    /// The entry of a row taken in.
    @inline(__always)
    func code(_ index: Int) -> Int {
      let row = rows.map { Int($0[index]) } ?? index
      return codes[row]
    }
  }

  private var chunks: [Chunk] = []
  private(set) var count = 0

  /// Rows of which a partition holds some, so that its table stays in the cache.
  private static let partitionRows = 16_384

  /// Takes in rows of a text column.
  mutating func append(_ column: Column, _ taken: AggregateRows) {
    guard taken.count > 0, case .text(let codes, let pool) = column.storage else { return }
    var result = MutableBuffer<UInt64>(count: taken.count)
    var target = result.mutableSpan
    let (offsets, bytes) = (pool.offsets, pool.bytes)
    let (ends, span) = (offsets.span, bytes.span)
    let rows = taken.rows
    for index in 0..<taken.count {
      let code = codes[rows.map { Int($0[index]) } ?? index]
      target[index] = TextHash.of(span.extracting(Int(ends[code])..<Int(ends[code &+ 1])))
    }
    chunks.append(
      Chunk(
        column: column, rows: rows, hashes: result.freeze(),
        groups: taken.groups == nil ? nil : taken.takenGroups, pool: pool, codes: codes))
    count += taken.count
  }

  mutating func merge(_ later: HashedTexts, map: Buffer<UInt32>) {
    for var chunk in later.chunks {
      chunk.groups =
        if let groups = chunk.groups { map.take(groups, hasMissing: false) } else if map[0] == 0 { nil } else
        {
          Buffer(repeating: map[0], count: chunk.hashes.count)
        }
      chunks.append(chunk)
    }
    count += later.count
  }

  /// The rows as columns with their groups.
  var columns: [(column: Column, groups: Buffer<UInt32>)] {
    chunks.map { chunk in
      let column = chunk.rows.map { chunk.column.take($0, hasMissing: false) } ?? chunk.column
      return (column, chunk.groups ?? Buffer(repeating: 0, count: chunk.hashes.count))
    }
  }

  /// A row taken in.
  private struct Row: BitwiseCopyable {
    var hash: UInt64
    var chunk: UInt32
    var index: UInt32
  }

  /// How many different texts each group has.
  func counts(_ groupCount: Int) -> Buffer<Int64> {
    var counts = MutableBuffer<Int64>(repeating: 0, count: groupCount)
    var bits = 0
    while bits < 12, count >> bits > Self.partitionRows { bits += 1 }
    let (rows, starts) = partitioned(bits)
    let (sorted, bounds) = (rows.span, starts.span)
    for partition in 0..<1 << bits {
      let range = Int(bounds[partition])..<Int(bounds[partition + 1])
      var size = 16
      while size < range.count * 2 { size *= 2 }
      var slots = MutableBuffer<UInt32>(repeating: missingRow, count: size)
      var table = slots.mutableSpan
      for place in range {
        let row = sorted[place]
        var slot = Int(truncatingIfNeeded: row.hash) & (size &- 1)
        var isNew = true
        while table[slot] != missingRow {
          let other = sorted[Int(table[slot])]
          if other.hash == row.hash, isSame(other, row) {
            isNew = false
            break
          }
          slot = (slot &+ 1) & (size &- 1)
        }
        if !isNew { continue }
        table[slot] = UInt32(truncatingIfNeeded: place)
        counts[group(row)] += 1
      }
    }
    return counts.freeze()
  }

  @inline(__always)
  private func group(_ row: Row) -> Int {
    chunks[Int(row.chunk)].groups.map { Int($0[Int(row.index)]) } ?? 0
  }

  private func isSame(_ one: Row, _ other: Row) -> Bool {
    let (left, right) = (chunks[Int(one.chunk)], chunks[Int(other.chunk)])
    return group(one) == group(other)
      && TextPool.compare(left.pool, left.code(Int(one.index)), right.pool, right.code(Int(other.index))) == 0
  }

  /// The rows by the highest bits of their hashes, in which the group has its part, and where each partition begins.
  private func partitioned(_ bits: Int) -> (rows: Buffer<Row>, starts: Buffer<UInt32>) {
    var sizes = MutableBuffer<UInt32>(repeating: 0, count: (1 << bits) + 1)
    var result = MutableBuffer<Row>(count: count)
    forEachRow { row in
      let partition = bits == 0 ? 0 : Int(truncatingIfNeeded: row.hash &>> UInt64(64 &- bits))
      sizes[partition &+ 1] &+= 1
    }
    let starts = sizes.summed()
    var next = starts.copy
    forEachRow { row in
      let partition = bits == 0 ? 0 : Int(truncatingIfNeeded: row.hash &>> UInt64(64 &- bits))
      result[Int(next[partition])] = row
      next[partition] &+= 1
    }
    return (result.freeze(), starts)
  }

  @inline(__always)
  private func forEachRow(_ body: (Row) -> Void) {
    for (number, chunk) in chunks.enumerated() {
      let hashes = chunk.hashes.span
      let groups = chunk.groups
      for index in 0..<hashes.count {
        var hash = hashes[index]
        // Of group 0 there are chunks without group numbers.
        if let groups, groups[index] != 0 {
          hash = TextHash.mix(hash ^ UInt64(groups[index]) &* 0x9E37_79B9_7F4A_7C15)
        }
        body(
          Row(
            hash: hash, chunk: UInt32(truncatingIfNeeded: number), index: UInt32(truncatingIfNeeded: index)))
      }
    }
  }
}
