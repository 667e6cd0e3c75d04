import Scheduling

/// The beginnings of a pool's texts as numbers in the order of the texts.
///
/// At each position of the texts only some bytes occur, often few: the digits of an identifier, or one letter that all
/// have. The byte at a position, counted from the least that occurs there, is one digit of a number whose digits may
/// each have another base; a text that has ended has 0 there. Identifiers of nine bytes fit 24 bits.
struct TextNumbers: Sendable {
  /// Positions beyond these are not looked at; a multiple of eight.
  private static let mostPositions = 64
  /// Entries that a worker looks at at a time.
  static let pieceEntries = 1 << 16

  /// One position of the texts: what its digit is counted from, how many of them there are, and what one is worth.
  private struct Digit: Sendable {
    var least: UInt8
    /// Some texts have ended here: their digit is 0.
    var mayHaveEnded: Bool
    var base: UInt64
    var weight: UInt64
  }

  private let digits: [Digit]
  /// The digit of each byte value at one position, already multiplied by the digit's weight, 256 for each position.
  private let weighted: Buffer<UInt64>
  /// Below it all numbers are.
  let limit: UInt64
  /// Every text is held whole: equal numbers are equal texts.
  let areWhole: Bool
  /// How many positions the numbers hold.
  var positions: Int { digits.count }

  /// Looks at all entries of a pool.
  init<C: Crew>(_ pool: TextPool, by crew: C) throws(C.Failure) { try self.init([pool], by: crew) }

  /// Looks at all entries of some pools.
  init<C: Crew>(_ pools: [TextPool], by crew: C) throws(C.Failure) {
    let pieces = TextPool.pieces(pools, of: TextNumbers.pieceEntries)
    var seen = Occurring()
    for piece in try crew.pieces(
      pieces.count, { TextNumbers.occurring(pools[pieces[$0].pool], pieces[$0].entries) })
    {
      seen.add(piece)
    }
    self.init(seen)
  }

  private init(_ seen: Occurring) {
    var digits: [Digit] = []
    var product: UInt64 = 1
    while digits.count < min(seen.longest, TextNumbers.mostPositions) {
      let position = digits.count
      let (least, greatest) = (
        seen.least[position / 8][position % 8], seen.greatest[position / 8][position % 8]
      )
      let mayHaveEnded = position >= seen.shortest
      let base = UInt64(greatest - least) + (mayHaveEnded ? 2 : 1)
      let (next, overflows) = product.multipliedReportingOverflow(by: base)
      // One number stays free for what is missing.
      if overflows || next > UInt64.max >> 1 { break }
      product = next
      digits.append(Digit(least: least, mayHaveEnded: mayHaveEnded, base: base, weight: 1))
    }
    limit = product
    areWhole = digits.count >= seen.longest
    var table = MutableBuffer<UInt64>(repeating: 0, count: digits.count * 256)
    var weight = product
    for position in digits.indices {
      let digit = digits[position]
      weight /= digit.base
      digits[position].weight = weight
      let ended: UInt64 = digit.mayHaveEnded ? 1 : 0
      for value in ended..<digit.base {
        table[position * 256 + Int(digit.least) + Int(value - ended)] = value * weight
      }
    }
    self.digits = digits
    weighted = table.freeze()
  }

  /// The bytes that occur at each position, and the lengths.
  private struct Occurring: Sendable {
    /// Eight positions each.
    var least = [SIMD8<UInt8>](repeating: SIMD8(repeating: .max), count: mostPositions / 8)
    var greatest = [SIMD8<UInt8>](repeating: SIMD8(), count: mostPositions / 8)
    var shortest = Int.max
    var longest = 0

    mutating func add(_ other: Occurring) {
      for block in least.indices {
        least[block] = pointwiseMin(least[block], other.least[block])
        greatest[block] = pointwiseMax(greatest[block], other.greatest[block])
      }
      shortest = min(shortest, other.shortest)
      longest = max(longest, other.longest)
    }
  }

  private static func occurring(_ pool: TextPool, _ entries: Range<Int>) -> Occurring {
    let (offsets, bytes) = (pool.offsets, pool.bytes)
    let (ends, span) = (offsets.span, bytes.span)
    var seen = Occurring()
    // The first sixteen positions, where most texts end, stay in registers.
    var (least, greatest) = ((seen.least[0], seen.least[1]), (seen.greatest[0], seen.greatest[1]))
    var lower = Int(ends[entries.lowerBound])
    for entry in entries {
      let upper = Int(ends[entry &+ 1])
      let length = upper &- lower
      seen.shortest = min(seen.shortest, length)
      seen.longest = max(seen.longest, length)
      if length > 0 { extend(&least.0, &greatest.0, span, lower, length) }
      if length > 8 { extend(&least.1, &greatest.1, span, lower &+ 8, length &- 8) }
      for block in stride(from: 2, to: min((length &+ 7) >> 3, mostPositions / 8), by: 1) {
        let position = block &* 8
        extend(&seen.least[block], &seen.greatest[block], span, lower &+ position, length &- position)
      }
      lower = upper
    }
    (seen.least[0], seen.least[1]) = least
    (seen.greatest[0], seen.greatest[1]) = greatest
    return seen
  }

  /// Takes in up to eight bytes of a text, of which `count` are left.
  @inline(__always)
  private static func extend(
    _ least: inout SIMD8<UInt8>, _ greatest: inout SIMD8<UInt8>, _ bytes: Span<UInt8>, _ position: Int,
    _ count: Int
  ) {
    let word = bytes.word(at: position, count: count)
    // What lies behind the end is the greatest for the least, and the least for the greatest.
    let beyond: UInt64 = count >= 8 ? 0 : ~(1 &<< UInt64(count &* 8) &- 1)
    least = pointwiseMin(least, SIMD8(bytesOf: word | beyond))
    greatest = pointwiseMax(greatest, SIMD8(bytesOf: word))
  }

  /// The numbers of all entries.
  func values<C: Crew>(_ pool: TextPool, by crew: C) throws(C.Failure) -> Buffer<UInt64> {
    let pieces = TextPool.pieces([pool], of: TextNumbers.pieceEntries)
    let made = try crew.pieces(pieces.count) { values(pool, pieces[$0].entries) }
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

  /// The numbers of some entries, where 32 bits hold all numbers and every text is held whole.
  ///
  /// A digit is a byte less what the position's digits are counted from: the bytes are multiplied by their weights, eight
  /// at a time, and what they are counted from is taken off for the whole length at once.
  func shortValues(_ pool: TextPool, _ entries: Range<Int>) -> Buffer<UInt32> {
    let blocks = (positions + 7) / 8
    var weights = [SIMD8<UInt32>](repeating: SIMD8(), count: max(1, blocks))
    // What texts of each length are counted from.
    var base: UInt32 = 0
    var bases: [UInt32] = [0]
    for (position, digit) in digits.enumerated() {
      let weight = UInt32(truncatingIfNeeded: digit.weight)
      weights[position / 8][position % 8] = weight
      base &+= (UInt32(digit.least) &- (digit.mayHaveEnded ? 1 : 0)) &* weight
      bases.append(base)
    }
    var result = MutableBuffer<UInt32>(count: entries.count)
    var target = result.mutableSpan
    let (offsets, bytes) = (pool.offsets, pool.bytes)
    let (ends, span) = (offsets.span, bytes.span)
    let from = Buffer(bases)
    let counted = from.span
    let first = weights[0]
    var lower = Int(ends[entries.lowerBound])
    for (place, entry) in entries.enumerated() {
      let upper = Int(ends[entry &+ 1])
      let length = upper &- lower
      var sums =
        SIMD8<UInt32>(truncatingIfNeeded: SIMD8(bytesOf: span.word(at: lower, count: length))) &* first
      for block in stride(from: 1, to: (length &+ 7) >> 3, by: 1) {
        let word = span.word(at: lower &+ block &* 8, count: length &- block &* 8)
        sums &+= SIMD8<UInt32>(truncatingIfNeeded: SIMD8(bytesOf: word)) &* weights[block]
      }
      target[place] = sums.wrappedSum() &- counted[length]
      lower = upper
    }
    return result.freeze()
  }

  /// Appends the bytes of the text that a number holds whole.
  func appendText(of number: UInt64, to bytes: inout MutableBuffer<UInt8>) {
    var rest = number
    for digit in digits {
      let value = rest / digit.weight
      rest -= value * digit.weight
      if digit.mayHaveEnded {
        if value == 0 { return }
        bytes.append(digit.least &+ UInt8(truncatingIfNeeded: value &- 1))
      } else {
        bytes.append(digit.least &+ UInt8(truncatingIfNeeded: value))
      }
    }
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
