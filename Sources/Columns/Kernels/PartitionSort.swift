import Scheduling

/// Rows partition by partition, in an order within each.
package struct PartitionedRows: Sendable {
  package let order: Buffer<UInt32>
  /// Where each partition begins in `order`, ascending, and the end; just the end when there are no rows.
  package let starts: [Int]

  /// The places at which a partition begins.
  package var firsts: Bitmap {
    var result = MutableBitmap(repeating: false, count: order.count)
    for start in starts where start < order.count { result.set(start) }
    return result.freeze()
  }
}

extension Grouper {
  /// The groups numbered in the order of their keys; nil without keys.
  package static func sorted(_ keys: [Column], rows: Int) -> Grouping? {
    if keys.isEmpty { return nil }
    let grouping = group(keys, rows: rows)
    let order = Sorter.order(keys.map { SortKey($0.take(grouping.firstRows)) }, rows: grouping.count)
    var places = MutableBuffer<UInt32>(count: grouping.count)
    for place in 0..<order.count { places[Int(order[place])] = UInt32(place) }
    return Grouping(
      count: grouping.count, ids: places.freeze().take(grouping.ids, hasMissing: false),
      firstRows: grouping.firstRows.take(order, hasMissing: false))
  }
}

extension Sorter {
  /// Rows that a worker sorts at a time, at least; a partition is never divided.
  private static let taskRows = 65_536

  /// The rows by group number, within a group in the order of the keys; equal rows stay in their order, missing comes
  /// last either way. Throws when the query is cancelled.
  package static func partitioned(
    _ groups: Grouping?, _ keys: [SortKey], rows: Int, workers: Workers
  ) throws -> PartitionedRows {
    if rows == 0 { return PartitionedRows(order: Buffer([]), starts: [0]) }
    guard let groups else { return PartitionedRows(order: order(keys, rows: rows), starts: [0, rows]) }
    let (order, starts) = groups.rowsByGroup
    let words = Keys.words(keys.map { ($0.column, $0.descending ? .descending : .ascending) })
    let bounds = starts.array.map { Int($0) }
    if words.isEmpty { return PartitionedRows(order: order, starts: bounds) }
    let tasks = tasks(bounds)
    let parts = try workers.map(tasks.count) { sorted(order, bounds, tasks[$0], words) }
    return PartitionedRows(order: Buffer.concatenated(parts, count: rows), starts: bounds)
  }

  /// Runs of whole partitions.
  private static func tasks(_ starts: [Int]) -> [Range<Int>] {
    var tasks: [Range<Int>] = []
    var first = 0
    for partition in 1..<starts.count where starts[partition] - starts[first] >= taskRows {
      tasks.append(first..<partition)
      first = partition
    }
    if first < starts.count - 1 { tasks.append(first..<starts.count - 1) }
    return tasks
  }

  private static func sorted(
    _ order: Buffer<UInt32>, _ starts: [Int], _ partitions: Range<Int>, _ words: [KeyWord]
  ) -> Buffer<UInt32> {
    let first = starts[partitions.lowerBound]
    let rows = order.slice(first..<starts[partitions.upperBound])
    let keys = words.map { KeyWord(values: $0.values.take(rows, hasMissing: false), bits: $0.bits) }
    var result = MutableBuffer<UInt32>(capacity: rows.count)
    result.append(rows.span)
    var single = MutableBuffer<UInt64>(capacity: rows.count)
    let firstKeys = keys[0].values
    single.append(firstKeys.span)
    for partition in partitions {
      let range = starts[partition] - first..<starts[partition + 1] - first
      if range.count < 2 { continue }
      if range.count <= 32, keys.count == 1 {
        insertionSort(&result, &single, range)
        continue
      }
      let inside = orderWithin(
        keys.map { KeyWord(values: $0.values.slice(range), bits: $0.bits) }, range.count)
      for position in 0..<range.count {
        result[range.lowerBound + position] = rows[range.lowerBound + Int(inside[position])]
      }
    }
    return result.freeze()
  }

  private static func insertionSort(
    _ rows: inout MutableBuffer<UInt32>, _ keys: inout MutableBuffer<UInt64>, _ range: Range<Int>
  ) {
    var order = rows.mutableSpan
    var values = keys.mutableSpan
    var position = range.lowerBound &+ 1
    while position < range.upperBound {
      let (key, row) = (values[position], order[position])
      var hole = position
      while hole > range.lowerBound, values[hole &- 1] > key {
        values[hole] = values[hole &- 1]
        order[hole] = order[hole &- 1]
        hole &-= 1
      }
      values[hole] = key
      order[hole] = row
      position &+= 1
    }
  }

  private struct Placed: BitwiseCopyable {
    var key: UInt64
    var row: UInt32
  }

  /// Positions in the order of the words; few rows by comparison, many by digits.
  static func orderWithin(_ words: [KeyWord], _ rows: Int) -> Buffer<UInt32> {
    if rows >= 4_096 || words.count > 1 { return order(words: words, rows: rows) }
    guard let word = words.first else { return .ascending(rows) }
    let keys = word.values
    var placed = (0..<rows).map { Placed(key: keys[$0], row: UInt32(truncatingIfNeeded: $0)) }
    placed.sort { $0.key != $1.key ? $0.key < $1.key : $0.row < $1.row }
    return Buffer(placed.map(\.row))
  }

  /// Positions at which a partition begins or the words differ from the row before.
  package static func peers(_ placed: PartitionedRows, _ keys: [Column]) -> Bitmap {
    let count = placed.order.count
    var result = MutableBitmap(repeating: false, count: count)
    if count == 0 { return result.freeze() }
    var target = result.wordSpan
    for start in placed.starts where start < count { target[start >> 6] |= 1 &<< UInt64(start & 63) }
    let rows = placed.order.span
    for word in Keys.words(keys.map { ($0, .equality) }) {
      let values = word.values
      let span = values.span
      var before = span[Int(rows[0])]
      for position in 1..<max(1, count) {
        let now = span[Int(rows[position])]
        target[position >> 6] |= (now == before ? 0 : 1) &<< UInt64(position & 63)
        before = now
      }
    }
    return result.freeze()
  }
}

extension Grouping {
  /// The rows group by group, ascending within, and where each group begins, with the end: a counting sort.
  package var rowsByGroup: (order: Buffer<UInt32>, starts: Buffer<UInt32>) {
    var counts = MutableBuffer<UInt32>(repeating: 0, count: count + 1)
    let groups = ids.span
    do {
      var counted = counts.mutableSpan
      for row in 0..<groups.count { counted[Int(groups[row]) &+ 1] &+= 1 }
    }
    let starts = counts.summed()
    var next = starts.copy
    var cursor = next.mutableSpan
    var order = MutableBuffer<UInt32>(count: groups.count)
    var target = order.mutableSpan
    for row in 0..<groups.count {
      let group = Int(groups[row])
      target[Int(cursor[group])] = UInt32(truncatingIfNeeded: row)
      cursor[group] &+= 1
    }
    return (order.freeze(), starts)
  }
}
