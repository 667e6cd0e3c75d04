/// Counts the different known values of each group.
///
/// Texts with one dictionary are bits, one for each of its texts and group: setting one takes a nanosecond, and the
/// states of segments are united 64 texts at a time. Texts of which each row may have its own are hashed. What else
/// there is, is gathered and grouped at the end; so are texts of which some came this way and some the other.
final class DistinctState: AggregateState {
  private let others: GatheringState
  /// The dictionary of the texts that are bits.
  private var pool: TextPool?
  private var bits = GroupBits(width: 0)
  private var hashed = HashedTexts()
  private var skippedTexts = 0
  let keepsValues = true
  var skipped: Int { others.skipped + skippedTexts }

  init(_ type: DataType) {
    others = GatheringState { values, count in
      let pairs = values.distinctPairs(type)
      var counts = MutableBuffer<Int64>(repeating: 0, count: count)
      let groups = values.groups
      for pair in 0..<pairs.count { counts[Int(groups[Int(pairs.firstRows[pair])])] += 1 }
      return [.int(counts.freeze())]
    }
  }

  /// Whether bits take no more memory than the values do.
  private func suits(_ own: TextPool, rows: Int, groupCount: Int) -> Bool {
    let wanted = groupCount * GroupBits.words(own.count)
    if let pool { return pool === own && wanted <= max(bits.wordCount, rows) }
    return own.isDistinct && wanted <= rows
  }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    guard case .column(let column)? = arguments.first, case .text(let codes, let own) = column.storage,
      !own.isDistinct || suits(own, rows: rows, groupCount: groupCount)
    else {
      return try others.update(
        arguments, rows: rows, groups: groups, groupCount: groupCount, selection: selection)
    }
    let taken = AggregateRows([column], rows: rows, groups: groups, selection: selection)
    skippedTexts += taken.skipped
    if !own.isDistinct { return hashed.append(column, taken) }
    if pool == nil { bits = GroupBits(width: own.count) }
    pool = own
    bits.grow(groupCount)
    switch codes {
    case .u8(let codes): bits.set(codes.span, taken)
    case .u16(let codes): bits.set(codes.span, taken)
    case .u32(let codes): bits.set(codes.span, taken)
    case .sequence: bits.set(codes.widened.span, taken)
    }
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    guard let other = other as? DistinctState else { return }
    skippedTexts += other.skippedTexts
    try others.merge(other.others, map: map, groupCount: groupCount)
    if other.hashed.count > 0 { hashed.merge(other.hashed, map: map) }
    guard let own = other.pool else { return }
    let wanted = groupCount * GroupBits.words(own.count)
    // Where each segment has groups of its own, bits for all groups would be many times those of the segments.
    if pool != nil && pool !== own || wanted > 4 * max(bits.wordCount, other.bits.wordCount) {
      return try others.merge(other.gathered(), map: map, groupCount: groupCount)
    }
    if pool == nil { bits = GroupBits(width: own.count) }
    pool = own
    bits.grow(groupCount)
    bits.merge(other.bits, map)
  }

  /// The texts that the bits stand for, with their groups, as values to be gathered.
  private func gathered() throws(KernelFault) -> GatheringState {
    let made = GatheringState { _, _ in [] }
    guard let pool else { return made }
    let (codes, groups) = bits.pairs
    let column = Column.text(.u32(codes), pool, validity: nil)
    try made.update(
      [.column(column)], rows: codes.count, groups: groups, groupCount: bits.groupCount, selection: nil)
    return made
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    if others.isEmpty, hashed.count == 0, pool != nil {
      bits.grow(groupCount)
      return [.int(bits.counts.slice(0..<groupCount))]
    }
    if others.isEmpty, pool == nil, hashed.count > 0 { return [.int(hashed.counts(groupCount))] }
    let identity = Buffer<UInt32>.ascending(groupCount)
    if pool != nil { try others.merge(gathered(), map: identity, groupCount: groupCount) }
    for (column, groups) in hashed.columns {
      try others.update(
        [.column(column)], rows: groups.count, groups: groups, groupCount: groupCount, selection: nil)
    }
    return try others.finish(groupCount: groupCount)
  }
}

/// For each group a row of as many bits.
private struct GroupBits: ~Copyable {
  private var bits: MutableBuffer<UInt64>
  /// Words of one group.
  private let stride: Int
  private(set) var groupCount = 0
  var wordCount: Int { bits.count }

  static func words(_ width: Int) -> Int { (width + 63) >> 6 }

  init(width: Int) {
    stride = GroupBits.words(width)
    bits = MutableBuffer(capacity: 1)
  }

  mutating func grow(_ count: Int) {
    if count <= groupCount { return }
    groupCount = count
    let known = bits.count
    bits.resize(count * stride)
    var span = bits.mutableSpan
    for index in known..<span.count { span[index] = 0 }
  }

  /// Sets the bit of each row's code in the row's group.
  mutating func set<Code: FixedWidthInteger>(_ codes: Span<Code>, _ taken: AggregateRows) {
    let stride = stride
    var target = bits.mutableSpan
    switch (taken.groups, taken.rows) {
    case (nil, nil):
      for row in 0..<codes.count { Self.set(&target, Int(truncatingIfNeeded: codes[row]), 0) }
    case (let groups?, nil):
      let groups = groups.span
      for row in 0..<codes.count {
        Self.set(&target, Int(truncatingIfNeeded: codes[row]), Int(groups[row]) &* stride)
      }
    case (nil, let rows?):
      let rows = rows.span
      for index in 0..<rows.count {
        Self.set(&target, Int(truncatingIfNeeded: codes[Int(rows[index])]), 0)
      }
    case (let groups?, let rows?):
      let (groups, rows) = (groups.span, rows.span)
      for index in 0..<rows.count {
        let row = Int(rows[index])
        Self.set(&target, Int(truncatingIfNeeded: codes[row]), Int(groups[row]) &* stride)
      }
    }
  }

  @inline(__always)
  private static func set(_ target: inout MutableSpan<UInt64>, _ code: Int, _ first: Int) {
    target[first &+ code >> 6] |= 1 &<< UInt64(code & 63)
  }

  /// Takes in the bits of another one, whose group `i` is `map[i]` here.
  mutating func merge(_ other: borrowing GroupBits, _ map: Buffer<UInt32>) {
    let stride = stride
    var target = bits.mutableSpan
    let source = other.bits.span
    for group in 0..<min(map.count, other.groupCount) {
      let (to, from) = (Int(map[group]) &* stride, group &* stride)
      for word in 0..<stride { target[to &+ word] |= source[from &+ word] }
    }
  }

  /// How many bits each group has.
  var counts: Buffer<Int64> {
    let source = bits.span
    var counts = MutableBuffer<Int64>(repeating: 0, count: groupCount)
    for group in 0..<groupCount {
      var ones = 0
      for word in group &* stride..<(group &+ 1) &* stride { ones &+= source[word].nonzeroBitCount }
      counts[group] = Int64(ones)
    }
    return counts.freeze()
  }

  /// The code and the group of each bit.
  var pairs: (codes: Buffer<UInt32>, groups: Buffer<UInt32>) {
    var codes = MutableBuffer<UInt32>(capacity: 64)
    var groups = MutableBuffer<UInt32>(capacity: 64)
    for group in 0..<groupCount {
      for word in 0..<stride {
        var rest = bits[group * stride + word]
        while rest != 0 {
          codes.append(UInt32(truncatingIfNeeded: word << 6 + rest.trailingZeroBitCount))
          groups.append(UInt32(truncatingIfNeeded: group))
          rest &= rest &- 1
        }
      }
    }
    return (codes.freeze(), groups.freeze())
  }
}
