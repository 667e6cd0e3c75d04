import Scheduling

/// Rows partition by partition, in an order within each.
package struct PartitionedRows: Sendable {
  /// Every row once, partition by partition.
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

/// Sort keys that are worked out only for rows that the keys before them leave equal: a text of many values behind a
/// time costs next to nothing then.
package struct LaterKeys: Sendable {
  /// The keys of these rows, in this order.
  package let columns: @Sendable (Buffer<UInt32>) throws -> [SortKey]

  package init(_ columns: @escaping @Sendable (Buffer<UInt32>) throws -> [SortKey]) { self.columns = columns }
}

extension Grouping {
  /// The groups numbered in the order of the keys that they were made of.
  package func sorted<C: Crew>(by keys: [Column], _ crew: C) throws(C.Failure) -> Grouping {
    let order = try Sorter.order(keys.map { SortKey($0.take(firstRows)) }, rows: count, by: crew)
    var places = MutableBuffer<UInt32>(count: count)
    for place in 0..<order.count { places[Int(order[place])] = UInt32(place) }
    return Grouping(
      count: count, ids: places.freeze().take(ids, hasMissing: false),
      firstRows: firstRows.take(order, hasMissing: false))
  }
}

extension Sorter {
  /// Rows that a worker sorts at a time, at least; a partition is never divided.
  private static let taskRows = 65_536

  /// The rows by group number, within a group in the order of the keys; equal rows stay in their order, missing comes
  /// last either way. Throws when the query is cancelled.
  ///
  /// - Parameter later: keys that decide where `keys` leave rows equal.
  package static func partitioned(
    _ groups: RowGroups?, _ keys: [SortKey], later: LaterKeys? = nil, rows: Int, workers: Workers
  ) throws -> PartitionedRows {
    if rows == 0 { return PartitionedRows(order: Buffer([]), starts: [0]) }
    let words = try words(keys, by: workers)
    guard let groups else {
      let order = try order(words: words, rows: rows, by: workers)
      let whole = PartitionedRows(order: order, starts: [0, rows])
      guard let later else { return whole }
      var runs: [Range<Int>] = []
      addRuns(words.map(\.values), order, 0..<rows, at: 0, &runs)
      return try whole.settled(runs, later, workers)
    }
    let (order, bounds) = try groups.rows(by: workers)
    let grouped = PartitionedRows(order: order, starts: bounds.array.map { Int($0) })
    if words.isEmpty, later == nil { return grouped }
    let (sorted, runs) = try sorted(grouped, words, findsRuns: later != nil, workers)
    guard let later else { return sorted }
    return try sorted.settled(runs, later, workers)
  }

  /// Runs of whole partitions, of at least so many rows each but the last: what can be worked on apart.
  ///
  /// - Parameter start: where a partition begins, and behind the last one the end.
  static func tasks(_ partitions: Int, rows least: Int, _ start: (Int) -> Int) -> [Range<Int>] {
    var tasks: [Range<Int>] = []
    var first = 0
    for partition in 1..<partitions + 1 where start(partition) - start(first) >= least {
      tasks.append(first..<partition)
      first = partition
    }
    if first < partitions { tasks.append(first..<partitions) }
    return tasks
  }

  /// Partitions whose rows ascend, each in the order of the words; and the runs of rows that these leave equal, where
  /// they are asked for.
  fileprivate static func sorted(
    _ rows: PartitionedRows, _ words: [KeyWord], findsRuns: Bool, _ workers: Workers
  ) throws -> (rows: PartitionedRows, runs: [Range<Int>]) {
    let tasks = tasks(rows.starts.count - 1, rows: taskRows) { rows.starts[$0] }
    let parts = try workers.map(tasks.count) { sorted(rows, tasks[$0], words, findsRuns) }
    let order = Buffer.concatenated(parts.map(\.order), count: rows.order.count)
    return (PartitionedRows(order: order, starts: rows.starts), parts.flatMap(\.runs))
  }

  private static func sorted(
    _ all: PartitionedRows, _ partitions: Range<Int>, _ words: [KeyWord], _ findsRuns: Bool
  ) -> (order: Buffer<UInt32>, runs: [Range<Int>]) {
    let starts = all.starts
    let first = starts[partitions.lowerBound]
    let rows = all.order.slice(first..<starts[partitions.upperBound])
    let keys = words.map { KeyWord(values: $0.values.take(rows, hasMissing: false), bits: $0.bits) }
    var places = Buffer<UInt32>.ascending(rows.count).copy
    var single = MutableBuffer<UInt64>(capacity: rows.count)
    if let values = keys.first?.values { single.append(values.span) }
    let further = keys.dropFirst().map(\.values)
    var runs: [Range<Int>] = []
    for partition in partitions {
      let range = starts[partition] - first..<starts[partition + 1] - first
      if range.count < 2 { continue }
      if range.count <= 32, !keys.isEmpty {
        insertionSort(&places, &single, range, further)
      } else {
        let inside = orderWithin(
          keys.map { KeyWord(values: $0.values.slice(range), bits: $0.bits) }, range.count)
        for position in 0..<range.count {
          places[range.lowerBound + position] =
            UInt32(truncatingIfNeeded: range.lowerBound) + inside[position]
        }
      }
    }
    let order = places.freeze()
    if findsRuns {
      for partition in partitions {
        addRuns(
          keys.map(\.values), order, starts[partition] - first..<starts[partition + 1] - first, at: first,
          &runs)
      }
    }
    return (rows.take(order, hasMissing: false), runs)
  }

  /// Adds the runs of two and more rows with equal words among some places of an order, which lie `first` further on
  /// in the whole.
  private static func addRuns(
    _ words: [Buffer<UInt64>], _ order: Buffer<UInt32>, _ places: Range<Int>, at first: Int,
    _ runs: inout [Range<Int>]
  ) {
    var lower = places.lowerBound
    while lower < places.upperBound {
      var upper = lower + 1
      let row = Int(order[lower])
      while upper < places.upperBound, words.allSatisfy({ $0[Int(order[upper])] == $0[row] }) { upper += 1 }
      if upper - lower > 1 { runs.append(first + lower..<first + upper) }
      lower = upper
    }
  }

  /// Places by their keys, then by their further keys; equal ones stay in their order.
  private static func insertionSort(
    _ places: inout MutableBuffer<UInt32>, _ keys: inout MutableBuffer<UInt64>, _ range: Range<Int>,
    _ further: [Buffer<UInt64>]
  ) {
    var order = places.mutableSpan
    var values = keys.mutableSpan
    var position = range.lowerBound &+ 1
    while position < range.upperBound {
      let (key, place) = (values[position], order[position])
      var hole = position
      while hole > range.lowerBound {
        let before = values[hole &- 1]
        if before < key { break }
        if before == key, !comesBefore(place, order[hole &- 1], further) { break }
        values[hole] = before
        order[hole] = order[hole &- 1]
        hole &-= 1
      }
      values[hole] = key
      order[hole] = place
      position &+= 1
    }
  }

  private static func comesBefore(_ left: UInt32, _ right: UInt32, _ keys: [Buffer<UInt64>]) -> Bool {
    for key in keys {
      let (a, b) = (key[Int(left)], key[Int(right)])
      if a != b { return a < b }
    }
    return false
  }

  private struct Placed: BitwiseCopyable {
    var key: UInt64
    var row: UInt32
  }

  /// Positions in the order of the words; few rows by comparison, many by digits.
  static func orderWithin(_ words: [KeyWord], _ rows: Int) -> Buffer<UInt32> {
    if rows >= 4_096 || words.count > 1 { return order(words: words, rows: rows, by: Alone()) }
    guard let word = words.first else { return .ascending(rows) }
    let keys = word.values
    var placed = (0..<rows).map { Placed(key: keys[$0], row: UInt32(truncatingIfNeeded: $0)) }
    placed.sort { $0.key != $1.key ? $0.key < $1.key : $0.row < $1.row }
    return Buffer(placed.map(\.row))
  }

  /// The same of a column whose values lie in the order of the rows already.
  package static func peers(_ partitions: [Int], ordered column: Column) -> Bitmap {
    peers(PartitionedRows(order: .ascending(column.count), starts: partitions), [column])
  }

  /// Positions at which a partition begins or the words differ from the row before.
  package static func peers(_ placed: PartitionedRows, _ keys: [Column]) -> Bitmap {
    var result = MutableBitmap(repeating: false, count: placed.order.count)
    mark(
      Keys.words(keys.map { ($0, .equality) }).map(\.values), placed.order, 0..<placed.order.count, &result)
    for start in placed.starts where start < placed.order.count { result.set(start) }
    return result.freeze()
  }
}

extension PartitionedRows {
  /// The rows with the runs that their keys left equal in the order of the later keys.
  fileprivate func settled(_ runs: [Range<Int>], _ later: LaterKeys, _ workers: Workers) throws -> Self {
    if runs.isEmpty { return self }
    var tied = MutableBuffer<UInt32>(capacity: runs.reduce(0) { $0 + $1.count })
    var bounds = [0]
    for run in runs {
      tied.append(order.slice(run).span)
      bounds.append(tied.count)
    }
    let rows = tied.freeze()
    let words = try Sorter.words(later.columns(rows), by: workers)
    if words.isEmpty { return self }
    let places = PartitionedRows(order: .ascending(rows.count), starts: bounds)
    let sorted = try Sorter.sorted(places, words, findsRuns: false, workers).rows.order
    var result = order.copy
    var next = 0
    for run in runs {
      for position in run {
        result[position] = rows[Int(sorted[next])]
        next += 1
      }
    }
    return Self(order: result.freeze(), starts: starts)
  }
}

extension RowGroups {
  /// Fewer rows are not worth sharing.
  private static let leastShared = 1 << 18
  /// Each worker counts the rows of every group: more of them take more memory than they save time.
  private static let mostShares = 4

  /// The rows group by group, ascending within, and where each group begins, with the end: a counting sort. Of many
  /// rows each worker counts a share, and puts it to the places behind the shares before it.
  package func rows<C: Crew>(
    by crew: C
  ) throws(C.Failure) -> (order: Buffer<UInt32>, starts: Buffer<UInt32>) {
    let rows = ids.count
    if rows < Self.leastShared { return rowsByGroup }
    let shares = min(Self.mostShares, max(1, rows / max(1, count)))
    let parts = (0..<shares).map { ids.slice(rows * $0 / shares..<rows * ($0 + 1) / shares) }
    let groups = count
    let counts = try crew.pieces(shares) { Self.counts(parts[$0], groups) }
    let (starts, firsts) = Self.places(counts, groups)
    let order = try Buffer<UInt32>.scattered(count: rows, pieces: shares, by: crew) { share, target in
      Self.put(parts[share], from: rows * share / shares, firsts[share], target)
    }
    return (order, starts)
  }

  /// The same by the calling thread.
  var rowsByGroup: (order: Buffer<UInt32>, starts: Buffer<UInt32>) {
    var counts = MutableBuffer<UInt32>(repeating: 0, count: count + 1)
    let ids = ids.span
    do {
      var counted = counts.mutableSpan
      for row in 0..<ids.count { counted[Int(ids[row]) &+ 1] &+= 1 }
    }
    let starts = counts.summed()
    var next = starts.copy
    var cursor = next.mutableSpan
    var order = MutableBuffer<UInt32>(count: ids.count)
    var target = order.mutableSpan
    for row in 0..<ids.count {
      let group = Int(ids[row])
      target[Int(cursor[group])] = UInt32(truncatingIfNeeded: row)
      cursor[group] &+= 1
    }
    return (order.freeze(), starts)
  }

  private static func counts(_ ids: Buffer<UInt32>, _ groups: Int) -> Buffer<UInt32> {
    var counts = MutableBuffer<UInt32>(repeating: 0, count: groups)
    var counted = counts.mutableSpan
    let ids = ids.span
    for row in 0..<ids.count { counted[Int(ids[row])] &+= 1 }
    return counts.freeze()
  }

  /// Where each group begins, with the end, and where each share's rows of a group do.
  private static func places(
    _ counts: [Buffer<UInt32>], _ groups: Int
  ) -> (starts: Buffer<UInt32>, firsts: [Buffer<UInt32>]) {
    var starts = MutableBuffer<UInt32>(count: groups + 1)
    var total: UInt32 = 0
    var firsts: [Buffer<UInt32>] = []
    do {
      var target = starts.mutableSpan
      for group in 0..<groups {
        target[group] = total
        for share in counts { total &+= share[group] }
      }
      target[groups] = total
    }
    let begins = starts.freeze()
    var before = begins
    for share in counts {
      firsts.append(before)
      before = Self.sums(before, share)
    }
    return (begins, firsts)
  }

  private static func sums(_ left: Buffer<UInt32>, _ right: Buffer<UInt32>) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: right.count)
    var target = result.mutableSpan
    let (left, right) = (left.span, right.span)
    for index in 0..<right.count { target[index] = left[index] &+ right[index] }
    return result.freeze()
  }

  private static func put(
    _ ids: Buffer<UInt32>, from first: Int, _ places: Buffer<UInt32>, _ target: borrowing SharedTarget<UInt32>
  ) {
    var next = places.copy
    var cursor = next.mutableSpan
    let ids = ids.span
    for index in 0..<ids.count {
      let group = Int(ids[index])
      target.put(UInt32(truncatingIfNeeded: first &+ index), at: Int(cursor[group]))
      cursor[group] &+= 1
    }
  }
}
