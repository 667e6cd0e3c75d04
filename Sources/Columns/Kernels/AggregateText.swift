/// The least or the greatest text of each group: by the text's own order where it has one, otherwise by scalars.
///
/// Texts of an order of their own, and those of one dictionary that is small beside the rows, go by their ranks. Others
/// are compared as they are, and each group's best is copied: neither is a dictionary sorted for it, nor are those of all
/// segments kept or put together.
final class TextExtremeState: AggregateState {
  private var ranked: RankedTexts?
  private var copied: CopiedTexts
  private let greatest: Bool
  private(set) var skipped = 0

  init(greatest: Bool) {
    self.greatest = greatest
    copied = CopiedTexts(greatest: greatest)
  }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    guard let column = arguments.first?.column(rows: rows) else { return }
    let taken = AggregateRows([column], rows: rows, groups: groups, selection: selection)
    skipped += taken.skipped
    guard taken.count > 0, case .text(let own, let pool) = column.storage else { return }
    let codes = taken.rows.map { own.take($0, hasMissing: false).widened } ?? own.widened
    take(pool, codes, taken.takenGroups, groupCount)
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    guard let other = other as? TextExtremeState else { return }
    skipped += other.skipped
    if let ranked = other.ranked {
      let (codes, groups) = ranked.best.known(as: map)
      take(ranked.pool, codes, groups, groupCount)
    }
    let (codes, groups) = other.copied.best.known(as: map)
    if codes.count > 0 { take(other.copied.pool, codes, groups, groupCount) }
  }

  private func take(
    _ pool: TextPool, _ codes: Buffer<UInt32>, _ groups: Buffer<UInt32>, _ groupCount: Int
  ) {
    if goesByRank(pool, rows: codes.count) {
      let state = ranked ?? RankedTexts(greatest: greatest)
      ranked = state
      if copied.best.count > 0 {
        let (own, ownGroups) = copied.best.known()
        state.take(copied.pool, own, ownGroups, copied.best.count)
        copied = CopiedTexts(greatest: greatest)
      }
      return state.take(pool, codes, groups, groupCount)
    }
    if let ranked {
      let (own, ownGroups) = ranked.best.known()
      copied.take(ranked.pool, own, ownGroups, ranked.best.count)
      self.ranked = nil
    }
    copied.take(pool, codes, groups, groupCount)
  }

  /// Whether the texts of a pool are best compared by their ranks, together with those so far.
  private func goesByRank(_ pool: TextPool, rows: Int) -> Bool {
    if pool.isOrdered || ranked?.pool.isOrdered ?? false { return true }
    if let ranked { return ranked.pool === pool }
    return pool.isDistinct && copied.best.count == 0 && pool.count <= max(256, rows / 8)
  }

  var copiedBytes: Int { copied.byteCount }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    if let ranked { return [ranked.best.column(ranked.pool, groupCount)] }
    return [copied.column(groupCount)]
  }
}

/// Which entry of a pool is each group's; `none` while there is none.
private struct BestEntries: ~Copyable {
  static let none = UInt32.max
  var codes = MutableBuffer<UInt32>(capacity: 1)

  var count: Int { codes.count }

  mutating func grow(_ groupCount: Int) {
    while codes.count < groupCount { codes.append(Self.none) }
  }

  /// The entries that there are, and their groups by the numbers that `map` gives them.
  func known(as map: Buffer<UInt32>? = nil) -> (codes: Buffer<UInt32>, groups: Buffer<UInt32>) {
    var entries = MutableBuffer<UInt32>(capacity: codes.count)
    var groups = MutableBuffer<UInt32>(capacity: codes.count)
    for group in 0..<min(codes.count, map?.count ?? .max) where codes[group] != Self.none {
      entries.append(codes[group])
      groups.append(map?[group] ?? UInt32(truncatingIfNeeded: group))
    }
    return (entries.freeze(), groups.freeze())
  }

  func column(_ pool: TextPool, _ groupCount: Int) -> Column {
    var validity = MutableBitmap(repeating: false, count: groupCount)
    var result = MutableBuffer<UInt32>(repeating: 0, count: groupCount)
    for group in 0..<min(groupCount, codes.count) where codes[group] != Self.none {
      validity.set(group)
      result[group] = codes[group]
    }
    return .text(.u32(result.freeze()), pool, validity: validity.freezeValidity())
  }
}

/// Best texts as entries of the pool that they stand in, compared by rank.
private final class RankedTexts {
  private(set) var pool = TextPool.empty
  private(set) var best = BestEntries()
  private let greatest: Bool

  init(greatest: Bool) { self.greatest = greatest }

  /// Makes `other`'s codes and those here codes of one pool; returns how the other's become such.
  private func join(_ other: TextPool) -> CodeMap {
    if other === pool { return .same }
    if pool.count == 0 {
      pool = other
      return .same
    }
    let (united, maps) = TextPool.united([pool, other])
    pool = united
    for group in 0..<best.count where best.codes[group] != BestEntries.none {
      best.codes[group] = maps[0](Buffer([best.codes[group]]))[0]
    }
    return maps[1]
  }

  func take(
    _ other: TextPool, _ codes: Buffer<UInt32>, _ groups: Buffer<UInt32>, _ groupCount: Int
  ) {
    best.grow(groupCount)
    let mapped = join(other)(codes)
    let ranks = pool.ranks
    let order = ranks.span
    let source = mapped.span
    let targets = groups.span
    var best = best.codes.mutableSpan
    for row in 0..<source.count {
      let code = source[row]
      let group = Int(targets[row])
      let known = best[group]
      if known == BestEntries.none {
        best[group] = code
      } else {
        let (new, old) = (order[Int(code)], order[Int(known)])
        if greatest ? new > old : new < old { best[group] = code }
      }
    }
  }
}

/// Best texts in memory of their own, those that others have replaced among them.
private final class CopiedTexts {
  private(set) var best = BestEntries()
  private var offsets = MutableBuffer<Int64>(capacity: 2)
  private var bytes = MutableBuffer<UInt8>(capacity: 64)
  private let greatest: Bool

  init(greatest: Bool) {
    self.greatest = greatest
    offsets.append(0)
  }

  var byteCount: Int { bytes.count + offsets.count * 8 }

  /// The texts of a pool's entries, each for a group.
  func take(
    _ pool: TextPool, _ codes: Buffer<UInt32>, _ groups: Buffer<UInt32>, _ groupCount: Int
  ) {
    best.grow(groupCount)
    let winners = winners(pool, codes, groups)
    let source = pool.bytes
    let texts = source.span
    for group in 0..<winners.count where winners[group] != BestEntries.none {
      let text = texts.extracting(pool.range(Int(winners[group])))
      let known = best.codes[group]
      if known != BestEntries.none {
        let range = Int(offsets[Int(known)])..<Int(offsets[Int(known) + 1])
        let isBetter = Self.isBetter(text, than: bytes.span.extracting(range), greatest)
        if !isBetter { continue }
      }
      best.codes[group] = UInt32(truncatingIfNeeded: offsets.count - 1)
      bytes.append(text)
      offsets.append(Int64(bytes.count))
    }
    if offsets.count > best.count * 4 + 4_096 { compact() }
  }

  /// The best of each group among some entries of one pool.
  ///
  /// The first eight bytes decide nearly always; beside each group's entry they are at hand.
  private func winners(
    _ pool: TextPool, _ codes: Buffer<UInt32>, _ groups: Buffer<UInt32>
  ) -> Buffer<UInt32> {
    var found = MutableBuffer<UInt32>(repeating: BestEntries.none, count: best.count)
    var heads = MutableBuffer<UInt64>(repeating: 0, count: best.count)
    let (poolOffsets, poolBytes) = (pool.offsets, pool.bytes)
    let (starts, texts) = (poolOffsets.span, poolBytes.span)
    let (source, targets) = (codes.span, groups.span)
    var winners = found.mutableSpan
    var firsts = heads.mutableSpan
    for row in 0..<source.count {
      let code = source[row]
      let group = Int(targets[row])
      let range = Int(starts[Int(code)])..<Int(starts[Int(code) &+ 1])
      let head = texts.word(at: range.lowerBound, count: range.count).byteSwapped
      let known = winners[group]
      if known != BestEntries.none {
        if head != firsts[group] {
          if (head > firsts[group]) != greatest { continue }
        } else {
          let other = Int(starts[Int(known)])..<Int(starts[Int(known) &+ 1])
          if !Self.isBetter(texts.extracting(range), than: texts.extracting(other), greatest) { continue }
        }
      }
      winners[group] = code
      firsts[group] = head
    }
    return found.freeze()
  }

  private static func isBetter(_ text: Span<UInt8>, than other: Span<UInt8>, _ greatest: Bool) -> Bool {
    for index in 0..<min(text.count, other.count) where text[index] != other[index] {
      return (text[index] > other[index]) == greatest
    }
    return greatest ? text.count > other.count : text.count < other.count
  }

  /// Lets go of texts that others have replaced.
  private func compact() {
    let (codes, groups) = best.known()
    let (pool, count) = (pool, best.count)
    best = BestEntries()
    offsets = MutableBuffer(capacity: count + 1)
    bytes = MutableBuffer(capacity: 64)
    offsets.append(0)
    take(pool, codes, groups, count)
  }

  var pool: TextPool {
    TextPool(offsets: offsets.copy, bytes: bytes.copy, isDistinct: false)
  }

  func column(_ groupCount: Int) -> Column {
    let (kept, _) = best.known()
    if kept.count < offsets.count - 1 { compact() }
    let pool = pool
    var interner = TextInterner(capacity: min(groupCount, 65_536))
    let codes = interner.codes(of: pool)
    let (entries, groups) = best.known()
    var result = BestEntries()
    result.grow(groupCount)
    for index in 0..<entries.count { result.codes[Int(groups[index])] = codes[Int(entries[index])] }
    return result.column(interner.freeze(), groupCount)
  }
}
