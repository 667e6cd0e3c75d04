import Scheduling

/// The beginnings of a pool's texts as numbers in the order of the texts.
///
/// At each position of the texts only some bytes occur, often few: the digits of an identifier, or one letter that all
/// have. The byte at a position, counted from the least that occurs there, is one digit of a number whose digits may
/// each have another base; a text that has ended has 0 there. Identifiers of nine bytes fit 24 bits.
struct TextNumbers: Sendable {
  /// Positions beyond these are not looked at.
  private static let mostPositions = 64
  private static let pieceEntries = 1 << 16

  /// The digit of each byte value at one position, already multiplied by the digit's weight, 256 for each position.
  private let weighted: Buffer<UInt64>
  /// How many positions the numbers hold.
  let positions: Int
  /// Below it all numbers are.
  let limit: UInt64
  /// Every text is held whole: equal numbers are equal texts.
  let areWhole: Bool

  /// Looks at all entries of a pool.
  init<C: Crew>(_ pool: TextPool, by crew: C) throws(C.Failure) {
    let pieces = TextNumbers.pieces(pool.count)
    let found = try crew.pieces(pieces.count) { TextNumbers.occurring(pool, pieces[$0]) }
    var least = [UInt8](repeating: .max, count: TextNumbers.mostPositions)
    var greatest = [UInt8](repeating: 0, count: TextNumbers.mostPositions)
    var shortest = Int.max
    var longest = 0
    for piece in found {
      for position in 0..<TextNumbers.mostPositions {
        least[position] = min(least[position], piece.least[position])
        greatest[position] = max(greatest[position], piece.greatest[position])
      }
      shortest = min(shortest, piece.shortest)
      longest = max(longest, piece.longest)
    }
    self.init(least, greatest, shortest: shortest, longest: longest)
  }

  private init(_ least: [UInt8], _ greatest: [UInt8], shortest: Int, longest: Int) {
    var bases: [UInt64] = []
    var product: UInt64 = 1
    while bases.count < min(longest, TextNumbers.mostPositions) {
      let position = bases.count
      let base = UInt64(greatest[position] - least[position]) + (position < shortest ? 1 : 2)
      let (next, overflows) = product.multipliedReportingOverflow(by: base)
      // One number stays free for what is missing.
      if overflows || next > UInt64.max >> 1 { break }
      product = next
      bases.append(base)
    }
    positions = bases.count
    limit = product
    areWhole = bases.count >= longest
    var table = MutableBuffer<UInt64>(repeating: 0, count: bases.count * 256)
    var weight = product
    for (position, base) in bases.enumerated() {
      weight /= base
      let ended: UInt64 = position < shortest ? 0 : 1
      for byte in Int(least[position])...Int(greatest[position]) {
        table[position * 256 + byte] = (UInt64(byte - Int(least[position])) + ended) * weight
      }
    }
    weighted = table.freeze()
  }

  static func pieces(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: pieceEntries).map { $0..<min(count, $0 + pieceEntries) }
  }

  /// The bytes that occur at each position, and the lengths.
  private struct Occurring: Sendable {
    var least: [UInt8]
    var greatest: [UInt8]
    var shortest: Int
    var longest: Int
  }

  private static func occurring(_ pool: TextPool, _ entries: Range<Int>) -> Occurring {
    let (offsets, bytes) = (pool.offsets, pool.bytes)
    let (ends, span) = (offsets.span, bytes.span)
    var leastBytes = MutableBuffer<UInt8>(repeating: .max, count: mostPositions)
    var greatestBytes = MutableBuffer<UInt8>(repeating: 0, count: mostPositions)
    var least = leastBytes.mutableSpan
    var greatest = greatestBytes.mutableSpan
    var (shortest, longest) = (Int.max, 0)
    var lower = Int(ends[entries.lowerBound])
    for entry in entries {
      let upper = Int(ends[entry &+ 1])
      let length = upper &- lower
      shortest = min(shortest, length)
      longest = max(longest, length)
      for position in 0..<min(length, mostPositions) {
        let byte = span[lower &+ position]
        if byte < least[position] { least[position] = byte }
        if byte > greatest[position] { greatest[position] = byte }
      }
      lower = upper
    }
    return Occurring(
      least: leastBytes.freeze().array, greatest: greatestBytes.freeze().array, shortest: shortest,
      longest: longest)
  }

  /// The numbers of all entries.
  func values<C: Crew>(_ pool: TextPool, by crew: C) throws(C.Failure) -> Buffer<UInt64> {
    let pieces = TextNumbers.pieces(pool.count)
    let made = try crew.pieces(pieces.count) { values(pool, pieces[$0]) }
    return .concatenated(made, count: pool.count)
  }

  private func values(_ pool: TextPool, _ entries: Range<Int>) -> Buffer<UInt64> {
    var result = MutableBuffer<UInt64>(count: entries.count)
    var target = result.mutableSpan
    let (offsets, bytes) = (pool.offsets, pool.bytes)
    let (ends, span, table) = (offsets.span, bytes.span, weighted.span)
    var lower = Int(ends[entries.lowerBound])
    for (place, entry) in entries.enumerated() {
      let upper = Int(ends[entry &+ 1])
      var number: UInt64 = 0
      for position in 0..<min(upper &- lower, positions) {
        number &+= table[position &<< 8 | Int(span[lower &+ position])]
      }
      target[place] = number
      lower = upper
    }
    return result.freeze()
  }
}

/// The order of a pool's entries.
extension TextPool {
  /// Positions in the order that one worker names at a time.
  private static let taskEntries = 1 << 16

  /// The position of each entry when the entries are sorted by Unicode scalar; equal entries share a position.
  func ranksByScalar<C: Crew>(by crew: C, _ known: TextNumbers?) throws(C.Failure) -> Buffer<UInt32> {
    if count < 2 { return Buffer(repeating: 0, count: count) }
    let numbers = if let known { known } else { try TextNumbers(self, by: crew) }
    let word = KeyWord(values: try numbers.values(self, by: crew), bits: Keys.bits(numbers.limit - 1))
    let groups = try Grouper.ordered(words: [word], rows: count, by: crew)
    let parts = groups.parts(rows: TextPool.taskEntries)
    let whole = numbers.areWhole
    let named = try crew.pieces(parts.count) { part in ranked(groups, parts[part], numbers.positions, whole) }
    var ranks = MutableBuffer<UInt32>(count: count)
    var target = ranks.mutableSpan
    for part in named {
      let (entries, places) = (part.entries.span, part.ranks.span)
      for index in 0..<entries.count { target[Int(entries[index])] = places[index] }
    }
    return ranks.freeze()
  }

  /// Some runs of entries that begin alike: the entries, and the rank of each.
  private func ranked(
    _ groups: SortedGrouping, _ part: Range<Int>, _ positions: Int, _ whole: Bool
  ) -> (entries: Buffer<UInt32>, ranks: Buffer<UInt32>) {
    let places = Int(groups.starts[part.lowerBound])..<Int(groups.starts[part.upperBound])
    var ranks = MutableBuffer<UInt32>(count: places.count)
    var entries = groups.order.slice(places)
    let starts = groups.starts
    let span = starts.span
    var mixed: [Range<Int>] = []
    var target = ranks.mutableSpan
    for group in part {
      let run = Int(span[group])..<Int(span[group &+ 1])
      for place in run { target[place &- places.lowerBound] = span[group] }
      if !whole, run.count > 1 {
        mixed.append(run.lowerBound - places.lowerBound..<run.upperBound - places.lowerBound)
      }
    }
    if !mixed.isEmpty {
      var sorted = MutableBuffer<UInt32>(capacity: entries.count)
      sorted.append(entries.span)
      for run in mixed { rank(run, &sorted, &ranks, from: positions) }
      entries = sorted.freeze()
    }
    return (entries, ranks.freeze())
  }

  /// Sorts a run of entries that are alike before a position, and ranks them from their common rank on.
  private func rank(
    _ run: Range<Int>, _ entries: inout MutableBuffer<UInt32>, _ ranks: inout MutableBuffer<UInt32>,
    from position: Int
  ) {
    let sorted = run.map { entries[$0] }.sorted { compare(Int($0), Int($1), from: position) < 0 }
    let first = ranks[run.lowerBound]
    for (offset, entry) in sorted.enumerated() {
      let place = run.lowerBound + offset
      entries[place] = entry
      let isAsBefore = offset > 0 && compare(Int(sorted[offset - 1]), Int(entry), from: position) == 0
      ranks[place] = isAsBefore ? ranks[place - 1] : first + UInt32(truncatingIfNeeded: offset)
    }
  }
}
