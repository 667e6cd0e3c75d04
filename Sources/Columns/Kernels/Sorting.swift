import Scheduling

/// A column to sort by.
package struct SortKey: Sendable {
  /// One value for each row, by which it is sorted.
  package var column: Column
  /// Whether the greatest comes first; missing comes last either way.
  package var descending: Bool

  package init(_ column: Column, descending: Bool = false) {
    self.column = column
    self.descending = descending
  }

  package init(column: Column, descending: Bool) {
    self.init(column, descending: descending)
  }
}

/// Orders rows by keys.
package enum Sorter {
  /// The rows in the order of the keys; rows that are equal stay in their order, missing comes last either way.
  ///
  /// Text follows its own order where it carries one, otherwise its Unicode scalars.
  package static func order(_ keys: [SortKey], rows: Int) -> Buffer<UInt32> {
    order(keys, rows: rows, by: Alone())
  }

  /// The same with many rows shared by a crew.
  package static func order<C: Crew>(
    _ keys: [SortKey], rows: Int, by crew: C
  ) throws(C.Failure) -> Buffer<UInt32> {
    try order(words: words(keys, by: crew), rows: rows, by: crew)
  }

  /// The keys as numbers in their order.
  static func words<C: Crew>(_ keys: [SortKey], by crew: C) throws(C.Failure) -> [KeyWord] {
    try Keys.words(keys.map { ($0.column, $0.descending ? .descending : .ascending) }, by: crew)
  }

  static func order<C: Crew>(
    words: [KeyWord], rows: Int, by crew: C
  ) throws(C.Failure) -> Buffer<UInt32> {
    guard let last = words.last else { return Buffer.ascending(rows) }
    // From the least word to the greatest: each sort is stable.
    var order = try BucketSort.order(of: last, by: crew)
    for word in words.dropLast().reversed() {
      let gathered = try word.values.take(order, by: crew)
      let again = try BucketSort.order(of: KeyWord(values: gathered, bits: word.bits), by: crew)
      order = try order.take(again, by: crew)
    }
    return order
  }

  /// The first `n` rows of `order`, without sorting the others.
  package static func top(_ n: Int, _ keys: [SortKey], rows: Int) -> Buffer<UInt32> {
    let n = min(max(0, n), rows)
    if n == 0 { return Buffer([]) }
    let words = Keys.words(keys.map { ($0.column, $0.descending ? .descending : .ascending) })
    guard let first = words.first else { return Buffer.ascending(n) }
    if n > rows / 4 { return order(keys, rows: rows).slice(0..<n) }
    let kept = rowsUpTo(n, first)
    let candidates = words.map { KeyWord(values: $0.values.take(kept, hasMissing: false), bits: $0.bits) }
    var order = Buffer<UInt32>.ascending(kept.count)
    for word in candidates.reversed() {
      let gathered = word.values.take(order, hasMissing: false)
      let again = BucketSort.order(of: KeyWord(values: gathered, bits: word.bits), by: Alone())
      order = order.take(again, hasMissing: false)
    }
    return kept.take(order.slice(0..<n), hasMissing: false)
  }

  /// The rows, ascending, that may be among the first `n` of `order` or equal to the last of these.
  package static func candidates(_ n: Int, _ keys: [SortKey], rows: Int) -> Buffer<UInt32> {
    guard n < rows, let first = keys.first else { return .ascending(rows) }
    if case .float(let values) = first.column.storage, n > 0 {
      let floats = FirstFloats(values, first.column.validity, descending: first.descending)
      return floats.rows(n) ?? .ascending(rows)
    }
    guard let word = Keys.words([(first.column, first.descending ? .descending : .ascending)]).first else {
      return .ascending(rows)
    }
    return rowsUpTo(n, word)
  }

  /// The rows, ascending, that may be among the first `n` of their group or equal to the last of these.
  package static func candidates(_ n: Int, _ key: SortKey, in groups: Grouping) -> Buffer<UInt32> {
    let rows = groups.ids.count
    guard let word = Keys.words([(key.column, key.descending ? .descending : .ascending)]).first else {
      return .ascending(rows)
    }
    let (keys, ids) = (word.values.span, groups.ids.span)
    // The least keys of each group seen so far, ascending.
    var least = MutableBuffer<UInt64>(repeating: .max, count: groups.count * n)
    var table = least.mutableSpan
    for row in 0..<rows {
      let first = Int(ids[row]) &* n
      var place = first &+ n &- 1
      let key = keys[row]
      if key >= table[place] { continue }
      while place > first, table[place &- 1] > key {
        table[place] = table[place &- 1]
        place &-= 1
      }
      table[place] = key
    }
    var kept = MutableBuffer<UInt32>(capacity: groups.count * n + 16)
    for row in 0..<rows where keys[row] <= table[Int(ids[row]) &* n &+ n &- 1] {
      kept.append(UInt32(truncatingIfNeeded: row))
    }
    return kept.freeze()
  }

  /// The rows, ascending, whose word is at most the `n`th least: `n` rows and those that tie with the last.
  private static func rowsUpTo(_ n: Int, _ word: KeyWord) -> Buffer<UInt32> {
    var heap = MaximumHeap(capacity: n)
    let values = word.values
    let span = values.span
    var limit = UInt64.max
    for row in 0..<span.count {
      let key = span[row]
      if row < n {
        heap.insert(key)
        limit = heap.greatest
      } else if key < limit {
        heap.replaceGreatest(key)
        limit = heap.greatest
      }
    }
    var kept = MutableBuffer<UInt32>(capacity: n + 16)
    for row in 0..<span.count where span[row] <= limit { kept.append(UInt32(truncatingIfNeeded: row)) }
    return kept.freeze()
  }

  /// Rows (in the given order) at which the keys differ from the row before; the first is set.
  package static func boundaries(_ keys: [Column], order: Buffer<UInt32>) -> Bitmap {
    var result = MutableBitmap(repeating: false, count: order.count)
    mark(Keys.words(keys.map { ($0, .equality) }).map(\.values), order, 0..<order.count, &result)
    return result.freeze()
  }

  /// Sets the bits of those of some places of an order at which a word differs from that of the place before; the
  /// first place of the order is set.
  static func mark(
    _ words: [Buffer<UInt64>], _ order: Buffer<UInt32>, _ places: Range<Int>, _ marks: inout MutableBitmap
  ) {
    if places.isEmpty { return }
    let rows = order.span
    var target = marks.wordSpan
    if places.lowerBound == 0 { target[0] |= 1 }
    for word in words {
      let values = word.span
      var before = values[Int(rows[max(0, places.lowerBound - 1)])]
      for place in places {
        let now = values[Int(rows[place])]
        let offset = place &- places.lowerBound
        target[offset >> 6] |= (now == before ? 0 : 1) &<< UInt64(offset & 63)
        before = now
      }
    }
  }
}

/// The least numbers seen, the greatest of them on top.
struct MaximumHeap: ~Copyable {
  private var keys: MutableBuffer<UInt64>

  init(capacity: Int) { keys = MutableBuffer(capacity: capacity) }

  var greatest: UInt64 { keys[0] }

  mutating func insert(_ key: UInt64) {
    keys.append(key)
    var child = keys.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if keys[parent] >= key { break }
      keys[child] = keys[parent]
      child = parent
    }
    keys[child] = key
  }

  mutating func replaceGreatest(_ key: UInt64) {
    var parent = 0
    while true {
      var child = parent * 2 + 1
      if child >= keys.count { break }
      if child + 1 < keys.count, keys[child + 1] > keys[child] { child += 1 }
      if keys[child] <= key { break }
      keys[parent] = keys[child]
      parent = child
    }
    keys[parent] = key
  }
}

extension Buffer where Element == UInt32 {
  /// 0, 1, 2 …
  package static func ascending(_ count: Int) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: count)
    var target = result.mutableSpan
    for index in 0..<count { target[index] = UInt32(truncatingIfNeeded: index) }
    return result.freeze()
  }
}
