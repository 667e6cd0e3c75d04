import Scheduling

/// One dictionary of the texts of many pools.
///
/// The entries are spread over partitions by their hash, so that the table of a partition stays in the cache and
/// the partitions fill in parallel. Their number depends on the entries alone: every number of workers gives the
/// same codes.
package enum TextDictionary {
  /// Entries of one pool that a worker hashes at a time.
  private static let chunkEntries = 32_768

  /// A run of entries of one pool, by partition.
  private struct Chunk: Sendable {
    var entries: Range<Int>
    /// Positions in the run, partition by partition, ascending within.
    var order: Buffer<UInt32>
    var hashes: Buffer<UInt64>
    /// The texts in that order, end to end: a partition reads them in a row, where they would lie far apart in the
    /// pool. Text `i` is `bytes[offsets[i]..<offsets[i + 1]]`.
    var offsets: Buffer<Int64>
    var bytes: Buffer<UInt8>
    /// Where each partition begins in `order`, and the end.
    var starts: Buffer<UInt32>
  }

  /// The dictionary, and for each pool the code of each of its entries. Throws when the query is cancelled.
  package static func united(
    _ pools: [TextPool], workers: Workers = Workers(count: 1)
  ) throws -> (pool: TextPool, maps: [Buffer<UInt32>]) {
    if let numbered = try NumberedDictionary.united(pools, workers: workers) { return numbered }
    let entries = pools.reduce(0) { $0 + $1.count }
    let bits = partitionBits(entries)
    let cuts = TextPool.pieces(pools, of: chunkEntries)
    let chunks = try workers.map(cuts.count) { spread(pools[cuts[$0].pool], cuts[$0].entries, bits) }
    let parts = try workers.map(1 << bits) { intern(chunks, partition: $0) }
    var bases: [UInt32] = []
    var base = 0
    for part in parts {
      bases.append(UInt32(base))
      base += part.pool.count
    }
    let firstCodes = bases
    let mapped = try workers.map(chunks.count) { codes(chunks, $0, parts.map(\.codes), firstCodes) }
    let maps = TextPool.byPool(mapped, of: cuts, pools)
    // No text stands in two partitions.
    let pool = TextPool(
      joining: parts.map { (offsets: $0.pool.offsets, bytes: $0.pool.bytes) }, isDistinct: true)
    return (pool, maps)
  }

  /// About thirty thousand entries a partition.
  private static func partitionBits(_ entries: Int) -> Int {
    var bits = 0
    while bits < 9, entries >> bits > 32_768 { bits += 1 }
    return bits
  }

  @inline(__always)
  private static func partition(_ hash: UInt64, _ bits: Int) -> Int {
    bits == 0 ? 0 : Int(truncatingIfNeeded: hash &>> UInt64(64 &- bits))
  }

  private static func spread(_ pool: TextPool, _ run: Range<Int>, _ bits: Int) -> Chunk {
    let count = run.count
    let first = run.lowerBound
    let (poolOffsets, poolBytes) = (pool.offsets, pool.bytes)
    let (offsets, bytes) = (poolOffsets.span, poolBytes.span)
    var found = MutableBuffer<UInt64>(count: count)
    var counts = MutableBuffer<UInt32>(repeating: 0, count: (1 << bits) + 1)
    var sizes = MutableBuffer<Int64>(repeating: 0, count: (1 << bits) + 1)
    var plain = found.mutableSpan
    do {
      var counted = counts.mutableSpan
      var summed = sizes.mutableSpan
      for index in 0..<count {
        let range = Int(offsets[first &+ index])..<Int(offsets[first &+ index &+ 1])
        let hash = TextHash.of(bytes.extracting(range))
        plain[index] = hash
        let part = partition(hash, bits) &+ 1
        counted[part] &+= 1
        summed[part] &+= Int64(range.count)
      }
      for part in 1..<summed.count { summed[part] &+= summed[part &- 1] }
    }
    let starts = counts.summed()
    var next = starts.copy
    var cursor = next.mutableSpan
    var ends = sizes.mutableSpan
    var order = MutableBuffer<UInt32>(count: count)
    var hashes = MutableBuffer<UInt64>(count: count)
    var newOffsets = MutableBuffer<Int64>(count: count + 1)
    var texts = MutableBuffer<UInt8>(count: Int(offsets[first &+ count] &- offsets[first]))
    var targetOrder = order.mutableSpan
    var targetHashes = hashes.mutableSpan
    var targetOffsets = newOffsets.mutableSpan
    var target = texts.mutableSpan
    targetOffsets[count] = Int64(target.count)
    // Read in a row and written to a place for each partition: the writes stay in the cache, where reads out of order
    // would not.
    for index in 0..<count {
      let hash = plain[index]
      let part = partition(hash, bits)
      let place = Int(cursor[part])
      cursor[part] &+= 1
      targetOrder[place] = UInt32(truncatingIfNeeded: index)
      targetHashes[place] = hash
      var end = Int(ends[part])
      targetOffsets[place] = Int64(end)
      for position in Int(offsets[first &+ index])..<Int(offsets[first &+ index &+ 1]) {
        target[end] = bytes[position]
        end &+= 1
      }
      ends[part] = Int64(end)
    }
    return Chunk(
      entries: run, order: order.freeze(), hashes: hashes.freeze(),
      offsets: newOffsets.freeze(), bytes: texts.freeze(), starts: starts)
  }

  /// The different texts of a partition, and the place of each of its entries among them, chunk after chunk.
  private static func intern(_ chunks: [Chunk], partition: Int) -> (pool: TextPool, codes: Buffer<UInt32>) {
    var interner = TextInterner(capacity: 8_192)
    let total = chunks.reduce(0) { $0 + Int($1.starts[partition + 1] - $1.starts[partition]) }
    var codes = MutableBuffer<UInt32>(count: total)
    var target = codes.mutableSpan
    var position = 0
    for chunk in chunks {
      let hashes = chunk.hashes.span
      let offsets = chunk.offsets.span
      let bytes = chunk.bytes.span
      for index in Int(chunk.starts[partition])..<Int(chunk.starts[partition + 1]) {
        let text = bytes.extracting(Int(offsets[index])..<Int(offsets[index &+ 1]))
        target[position] = interner.code(of: text, hash: hashes[index])
        position &+= 1
      }
    }
    return (interner.freeze(), codes.freeze())
  }

  /// The codes of one chunk's entries in the united dictionary.
  private static func codes(
    _ chunks: [Chunk], _ index: Int, _ parts: [Buffer<UInt32>], _ bases: [UInt32]
  ) -> Buffer<UInt32> {
    let chunk = chunks[index]
    var result = MutableBuffer<UInt32>(count: chunk.entries.count)
    var target = result.mutableSpan
    let (order, starts) = (chunk.order.span, chunk.starts.span)
    for partition in parts.indices {
      // The codes of a partition lie chunk after chunk.
      let before = chunks[..<index].reduce(0) { $0 + Int($1.starts[partition + 1] - $1.starts[partition]) }
      let part = parts[partition]
      let codes = part.span
      let base = bases[partition]
      let lower = Int(starts[partition])
      for place in lower..<Int(starts[partition + 1]) {
        target[Int(order[place])] = base &+ codes[before &+ (place &- lower)]
      }
    }
    return result.freeze()
  }
}

extension TextPool {
  /// Runs of entries of pools, each for one worker.
  static func pieces(_ pools: [TextPool], of size: Int) -> [(pool: Int, entries: Range<Int>)] {
    pools.indices.flatMap { index in
      stride(from: 0, to: pools[index].count, by: size).map {
        (index, $0..<min(pools[index].count, $0 + size))
      }
    }
  }

  /// What was made of the entries of each piece, pool by pool.
  static func byPool(
    _ made: [Buffer<UInt32>], of pieces: [(pool: Int, entries: Range<Int>)], _ pools: [TextPool]
  ) -> [Buffer<UInt32>] {
    pools.indices.map { index in
      let own = pieces.indices.filter { pieces[$0].pool == index }.map { made[$0] }
      return own.count == 1 ? own[0] : Buffer.concatenated(own, count: pools[index].count)
    }
  }

  /// The texts of parts end to end.
  convenience init(
    joining parts: [(offsets: Buffer<Int64>, bytes: Buffer<UInt8>)], isDistinct: Bool, isSorted: Bool = false
  ) {
    var offsets = MutableBuffer<Int64>(capacity: parts.reduce(1) { $0 + $1.offsets.count })
    var bytes = MutableBuffer<UInt8>(capacity: parts.reduce(0) { $0 + $1.bytes.count })
    offsets.append(0)
    for part in parts {
      let base = Int64(bytes.count)
      let source = part.offsets
      let span = source.span
      for index in 1..<span.count { offsets.append(base &+ span[index]) }
      let arena = part.bytes
      bytes.append(arena.span)
    }
    self.init(offsets: offsets.freeze(), bytes: bytes.freeze(), isDistinct: isDistinct, isSorted: isSorted)
  }
}

extension Column {
  /// The parts of a text column over one dictionary in which every text stands once; as they are where they share
  /// one already, or carry an order of their own. Throws when the query is cancelled.
  package static func coded(_ parts: [Column], workers: Workers) throws -> [Column] {
    try coded(parts, workers: workers) { try TextDictionary.united($0, workers: workers) } ?? parts
  }

  /// - Parameter unite: one dictionary of some pools, and for each the code of each of its entries; nil where there can
  ///   be none.
  static func coded(
    _ parts: [Column], workers: Workers,
    by unite: ([TextPool]) throws -> (pool: TextPool, maps: [Buffer<UInt32>])?
  ) throws -> [Column]? {
    let parts = parts.map(\.withOwnTexts)
    var pools: [TextPool] = []
    var places: [ObjectIdentifier: Int] = [:]
    for part in parts {
      guard let pool = part.pool, places[ObjectIdentifier(pool)] == nil else { continue }
      places[ObjectIdentifier(pool)] = pools.count
      pools.append(pool)
    }
    if pools.isEmpty || pools.contains(where: \.isOrdered) { return parts }
    if pools.count == 1, pools[0].isDistinct { return parts }
    guard let (united, maps) = try unite(pools) else { return nil }
    let known = places
    return try workers.map(parts.count) { index in
      let part = parts[index]
      guard case .text(let codes, let pool) = part.storage, let place = known[ObjectIdentifier(pool)] else {
        return part
      }
      let mapped = CodeMap.table(maps[place])(codes.widened)
      return Column(
        type: part.type, storage: .text(.narrowed(mapped, below: united.count), united),
        validity: part.validity, count: part.count)
    }
  }
}

extension TextCodes {
  /// Codes below a limit in as few bits as hold them.
  static func narrowed(_ codes: Buffer<UInt32>, below limit: Int) -> TextCodes {
    if limit <= 256 { return .u8(Kernels.map(codes) { UInt8(truncatingIfNeeded: $0) }) }
    if limit <= 65_536 { return .u16(Kernels.map(codes) { UInt16(truncatingIfNeeded: $0) }) }
    return .u32(codes)
  }
}
