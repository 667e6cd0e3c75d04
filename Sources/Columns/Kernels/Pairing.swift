/// Which rows of two tables have equal keys: the right rows of each key lie together.
package struct Pairing: Sendable {
  private let ids: Buffer<UInt32>
  private let known: Bitmap?
  private let leftRows: Int
  /// Where each key's right rows begin in `rows`, and the end.
  private let starts: Buffer<UInt32>
  private let rows: Buffer<UInt32>

  /// Keys of the left rows followed by those of the right rows. A row with a missing key has no match.
  package init(_ keys: [Column], leftRows: Int, rightRows: Int) {
    var known: Bitmap?
    for key in keys {
      if let rows = key.knownRows { known = known.map { $0.and(rows) } ?? rows }
    }
    let grouping = Grouper.group(keys, rows: leftRows + rightRows)
    self.known = known
    self.leftRows = leftRows
    let ids = grouping.ids
    self.ids = ids
    let validity = known?.words
    var counts = MutableBuffer<UInt32>(repeating: 0, count: grouping.count + 1)
    let groups = ids.span
    do {
      var counted = counts.mutableSpan
      for row in leftRows..<leftRows + rightRows where Self.isKnown(row, validity) {
        counted[Int(groups[row]) &+ 1] &+= 1
      }
    }
    starts = counts.summed()
    var next = starts.copy
    var cursor = next.mutableSpan
    var rows = MutableBuffer<UInt32>(count: Int(starts[grouping.count]))
    var target = rows.mutableSpan
    for row in leftRows..<leftRows + rightRows where Self.isKnown(row, validity) {
      let group = Int(groups[row])
      target[Int(cursor[group])] = UInt32(truncatingIfNeeded: row &- leftRows)
      cursor[group] &+= 1
    }
    self.rows = rows.freeze()
  }

  @inline(__always)
  private static func isKnown(_ row: Int, _ words: Buffer<UInt64>?) -> Bool {
    guard let words else { return true }
    return words[row >> 6] &>> UInt64(row & 63) & 1 == 1
  }

  /// Each of these left rows with its right rows, both ascending.
  package func matches(of range: Range<Int>) -> (left: Buffer<UInt32>, right: Buffer<UInt32>) {
    var left = MutableBuffer<UInt32>(capacity: range.count)
    var right = MutableBuffer<UInt32>(capacity: range.count)
    let (groups, starts, rows) = (ids.span, starts.span, rows.span)
    let validity = known?.words
    for row in range where Self.isKnown(row, validity) {
      let group = Int(groups[row])
      for position in Int(starts[group])..<Int(starts[group &+ 1]) {
        left.append(UInt32(truncatingIfNeeded: row))
        right.append(rows[position])
      }
    }
    return (left.freeze(), right.freeze())
  }
}
