import Scheduling

/// Rows group by group in the order of the keys, ascending within a group.
package struct SortedGrouping: Sendable {
  /// Every row once, the rows of group 0 first.
  package let order: Buffer<UInt32>
  /// Where each group begins in `order`, and the end.
  package let starts: Buffer<UInt32>

  /// The number of groups.
  package var count: Int { starts.count - 1 }

  /// Groups, whole ones, of at least so many rows together: what can be worked on apart.
  package func parts(rows least: Int) -> [Range<Int>] {
    Sorter.tasks(count, rows: least) { Int(starts[$0]) }
  }
}

extension Grouper {
  /// The groups by sorting: for keys of which each stands in few rows.
  package static func ordered<C: Crew>(
    _ keys: [Column], rows: Int, by crew: C
  ) throws(C.Failure) -> SortedGrouping {
    if rows == 0 { return SortedGrouping(order: Buffer([]), starts: Buffer([0])) }
    return try ordered(words: Sorter.words(keys.map { SortKey($0) }, by: crew), rows: rows, by: crew)
  }

  static func ordered<C: Crew>(
    words: [KeyWord], rows: Int, by crew: C
  ) throws(C.Failure) -> SortedGrouping {
    if words.count == 1, let groups = try BucketSort.groups(of: words[0], by: crew) { return groups }
    let order = try Sorter.order(words: words, rows: rows, by: crew)
    let values = words.map(\.values)
    let size = Table.segmentRows
    let parts = try crew.pieces((rows + size - 1) / size) { part in
      groupStarts(values, order, part * size..<min(rows, (part + 1) * size))
    }
    let starts = parts + [Buffer([UInt32(truncatingIfNeeded: rows)])]
    return SortedGrouping(
      order: order, starts: .concatenated(starts, count: starts.reduce(0) { $0 + $1.count }))
  }

  /// The places of an order at which a word differs from that before; the first is one.
  private static func groupStarts(
    _ words: [Buffer<UInt64>], _ order: Buffer<UInt32>, _ places: Range<Int>
  ) -> Buffer<UInt32> {
    var marks = MutableBitmap(repeating: false, count: places.count)
    Sorter.mark(words, order, places, &marks)
    let found = marks.freeze().indices()
    var starts = MutableBuffer<UInt32>(count: found.count)
    let first = UInt32(truncatingIfNeeded: places.lowerBound)
    for index in 0..<found.count { starts[index] = found[index] &+ first }
    return starts.freeze()
  }
}
