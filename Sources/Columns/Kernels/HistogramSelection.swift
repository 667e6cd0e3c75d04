/// A value with a number in its order.
protocol RankedValue: Comparable, BitwiseCopyable {
  var rank: UInt64 { get }
}

extension Double: RankedValue {
  var rank: UInt64 { Keys.orderedBits(self) }
}

extension Int64: RankedValue {
  var rank: UInt64 { UInt64(bitPattern: self) ^ 1 << 63 }
}

/// Order statistics of many values in few groups: the values are counted by the highest bits of their ranks, and only
/// those of the bucket in question are looked at. Two passes that hardly branch on a value take the place of moving
/// all values to their groups and dividing these again and again.
struct HistogramSelection<Element: RankedValue> {
  typealias Chunk = (values: Buffer<Element>, groups: Buffer<UInt32>)
  typealias Neighbours = (low: Element, high: Element, weight: Double)

  private static var bucketBits: Int { 11 }
  private static var buckets: Int { 1 << bucketBits }

  private let chunks: [Chunk]
  private let groupCount: Int
  private var least = UInt64.max
  private var shift: UInt64 = 0

  /// Whether the counts stay in the cache, and are few beside the values.
  static func suits(groups: Int, values: Int) -> Bool { groups <= 128 && values >= groups * buckets * 8 }

  init(_ chunks: [Chunk], groupCount: Int) {
    self.chunks = chunks
    self.groupCount = groupCount
    var greatest: UInt64 = 0
    for chunk in chunks {
      let (low, high) = Self.extremes(chunk.values.span)
      (least, greatest) = (min(least, low), max(greatest, high))
    }
    let bits = greatest > least ? Keys.bits(greatest - least) : 0
    shift = UInt64(max(0, bits - Self.bucketBits))
  }

  private static func extremes(_ values: Span<Element>) -> (UInt64, UInt64) {
    var (least, greatest) = (UInt64.max, UInt64.min)
    for index in 0..<values.count {
      let rank = values[index].rank
      least = min(least, rank)
      greatest = max(greatest, rank)
    }
    return (least, greatest)
  }

  /// For each group the values at a fraction of the way through its sorted values (see `Selection.neighbours`).
  func neighbours(fraction: Double) -> [Neighbours?] {
    let counts = counted()
    var wanted = [UInt32](repeating: 0, count: counts.count)
    // Where the values of each wanted bucket begin among those kept, and the end.
    var starts: [UInt32] = [0]
    func want(_ place: Int) -> Int {
      if wanted[place] == 0 {
        wanted[place] = UInt32(starts.count)
        starts.append(starts[starts.count - 1] + counts[place])
      }
      return Int(wanted[place]) - 1
    }
    var places: [Place?] = []
    for group in 0..<groupCount {
      guard var place = Self.place(counts, group, fraction) else {
        places.append(nil)
        continue
      }
      place.slot = want(place.bucket)
      place.nextSlot = want(place.nextBucket)
      places.append(place)
    }
    var kept = kept(Buffer(wanted), Buffer(starts))
    var values = kept.mutableSpan
    var results: [Neighbours?] = []
    for place in places {
      if let place {
        results.append(Self.neighbours(&values, starts, place))
      } else {
        results.append(nil)
      }
    }
    return results
  }

  private static func neighbours(
    _ values: inout MutableSpan<Element>, _ starts: [UInt32], _ place: Place
  ) -> Neighbours {
    let range = Int(starts[place.slot])..<Int(starts[place.slot + 1])
    let rank = range.lowerBound + place.rank
    Selection.select(&values, range, rank: rank)
    let low = values[rank]
    if place.weight <= 0 { return (low, low, 0) }
    // The next value is the least of those behind this one: in the same bucket, or in the next one with values.
    let rest =
      place.nextSlot == place.slot
      ? rank + 1..<range.upperBound : Int(starts[place.nextSlot])..<Int(starts[place.nextSlot + 1])
    return (low, Selection.least(values, rest), place.weight)
  }

  /// Where a group's value stands: its bucket and its rank in it, and the bucket of the value behind it.
  private struct Place {
    var bucket: Int
    var rank: Int
    var nextBucket: Int
    var weight: Double
    var slot = 0
    var nextSlot = 0
  }

  private static func place(_ counts: Buffer<UInt32>, _ group: Int, _ fraction: Double) -> Place? {
    let own = group * buckets..<(group + 1) * buckets
    let total = own.reduce(0) { $0 + Int(counts[$1]) }
    if total == 0 { return nil }
    let (below, weight) = Selection.place(fraction, among: total)
    var before = 0
    var bucket = own.lowerBound
    while before + Int(counts[bucket]) <= below {
      before += Int(counts[bucket])
      bucket += 1
    }
    var next = bucket
    if weight > 0, below + 1 >= before + Int(counts[bucket]) {
      next += 1
      while counts[next] == 0 { next += 1 }
    }
    return Place(bucket: bucket, rank: below - before, nextBucket: next, weight: weight)
  }

  /// How many values each group has in each bucket.
  private func counted() -> Buffer<UInt32> {
    var counts = MutableBuffer<UInt32>(repeating: 0, count: groupCount * Self.buckets)
    var target = counts.mutableSpan
    for chunk in chunks {
      let (values, groups) = (chunk.values.span, chunk.groups.span)
      for index in 0..<values.count {
        target[bucket(values[index], groups[index])] &+= 1
      }
    }
    return counts.freeze()
  }

  /// The values of the wanted buckets, those of each together in row order.
  private func kept(_ wanted: Buffer<UInt32>, _ starts: Buffer<UInt32>) -> MutableBuffer<Element> {
    var next = starts.copy
    var cursor = next.mutableSpan
    var kept = MutableBuffer<Element>(count: Int(starts[starts.count - 1]))
    var target = kept.mutableSpan
    let slots = wanted.span
    for chunk in chunks {
      let (values, groups) = (chunk.values.span, chunk.groups.span)
      for index in 0..<values.count {
        let slot = slots[bucket(values[index], groups[index])]
        if slot == 0 { continue }
        let place = cursor[Int(slot) &- 1]
        cursor[Int(slot) &- 1] = place &+ 1
        target[Int(place)] = values[index]
      }
    }
    return kept
  }

  @inline(__always)
  private func bucket(_ value: Element, _ group: UInt32) -> Int {
    Int(group) &<< Self.bucketBits &+ Int(truncatingIfNeeded: (value.rank &- least) &>> shift)
  }
}
