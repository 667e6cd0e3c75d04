/// Grouping of many rows by keys of a large domain: the rows are spread over partitions by the keys' hash, so that
/// the table of each stays in the cache, and the groups are numbered by their first rows afterwards.
enum PartitionedGrouping {
  static let leastRows = 1 << 17

  private struct Entry: BitwiseCopyable {
    var key: UInt64
    var row: UInt32
  }

  private struct Slot: BitwiseCopyable {
    var key: UInt64
    var first: UInt32
  }

  static func group(_ keys: Buffer<UInt64>) -> Grouping {
    var bits = 0
    while bits < 10, keys.count >> bits > 16_384 { bits += 1 }
    let (entries, starts) = spread(keys, bits)
    // The first row of each row's group, and which rows are first.
    var firsts = MutableBuffer<UInt32>(count: keys.count)
    var isFirst = MutableBuffer<UInt64>(repeating: 0, count: (keys.count + 63) >> 6)
    var slots = MutableBuffer<Slot>(count: 1 << 10)
    for partition in 0..<1 << bits {
      let range = Int(starts[partition])..<Int(starts[partition + 1])
      fill(&slots, entries.span.extracting(range), &firsts, &isFirst)
    }
    return numbered(firsts.freeze(), isFirst.freeze())
  }

  @inline(__always)
  private static func hash(_ key: UInt64) -> UInt64 { TextHash.mix(key ^ 0x9E37_79B9_7F4A_7C15) }

  private static func spread(_ keys: Buffer<UInt64>, _ bits: Int) -> (Buffer<Entry>, Buffer<UInt32>) {
    let source = keys.span
    let shift = UInt64(64 - bits)
    var counts = MutableBuffer<UInt32>(repeating: 0, count: (1 << bits) + 1)
    do {
      var counted = counts.mutableSpan
      for row in 0..<source.count { counted[Int(hash(source[row]) >> shift) &+ 1] &+= 1 }
    }
    let starts = counts.summed()
    var next = starts.copy
    var cursor = next.mutableSpan
    var entries = MutableBuffer<Entry>(count: source.count)
    var target = entries.mutableSpan
    for row in 0..<source.count {
      let key = source[row]
      let partition = Int(hash(key) >> shift)
      target[Int(cursor[partition])] = Entry(key: key, row: UInt32(truncatingIfNeeded: row))
      cursor[partition] &+= 1
    }
    return (entries.freeze(), starts)
  }

  /// Finds for each entry of a partition the first row with its key. The entries are in row order.
  private static func fill(
    _ slots: inout MutableBuffer<Slot>, _ entries: Span<Entry>, _ firsts: inout MutableBuffer<UInt32>,
    _ isFirst: inout MutableBuffer<UInt64>
  ) {
    var capacity = 1 << 10
    while capacity < entries.count * 2 { capacity *= 2 }
    slots.resize(capacity)
    slots.fill(Slot(key: 0, first: UInt32.max))
    var table = slots.mutableSpan
    var target = firsts.mutableSpan
    var marks = isFirst.mutableSpan
    let mask = capacity - 1
    for index in 0..<entries.count {
      let entry = entries[index]
      var position = Int(truncatingIfNeeded: hash(entry.key)) & mask
      while true {
        let slot = table[position]
        if slot.first == UInt32.max {
          table[position] = Slot(key: entry.key, first: entry.row)
          target[Int(entry.row)] = entry.row
          marks[Int(entry.row) >> 6] |= 1 &<< UInt64(entry.row & 63)
          break
        }
        if slot.key == entry.key {
          target[Int(entry.row)] = slot.first
          break
        }
        position = (position &+ 1) & mask
      }
    }
  }

  /// Groups numbered in the order of their first rows.
  private static func numbered(_ firsts: Buffer<UInt32>, _ isFirst: Buffer<UInt64>) -> Grouping {
    let marks = isFirst.span
    var before = MutableBuffer<UInt32>(count: marks.count)
    var numbers = before.mutableSpan
    var count: UInt32 = 0
    for word in 0..<marks.count {
      numbers[word] = count
      count &+= UInt32(truncatingIfNeeded: marks[word].nonzeroBitCount)
    }
    var rows = MutableBuffer<UInt32>(capacity: Int(count))
    for word in 0..<marks.count {
      var rest = marks[word]
      while rest != 0 {
        rows.append(UInt32(truncatingIfNeeded: word &<< 6 &+ rest.trailingZeroBitCount))
        rest &= rest &- 1
      }
    }
    var ids = MutableBuffer<UInt32>(count: firsts.count)
    var target = ids.mutableSpan
    let source = firsts.span
    for row in 0..<source.count {
      let first = Int(source[row])
      let lower = marks[first >> 6] & (1 &<< UInt64(first & 63) &- 1)
      target[row] = numbers[first >> 6] &+ UInt32(truncatingIfNeeded: lower.nonzeroBitCount)
    }
    return Grouping(count: Int(count), ids: ids.freeze(), firstRows: rows.freeze())
  }
}
