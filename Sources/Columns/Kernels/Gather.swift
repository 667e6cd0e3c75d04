/// Rows of a table of several segments, picked without putting the segments end to end first.
extension Table {
  /// One column's values at these rows, in this order.
  ///
  /// Complexity: proportional to the rows picked, when they are few; to the whole column otherwise.
  package func column(_ index: Int, at rows: Buffer<UInt32>) -> Column {
    if segments.count <= 1 || rows.count > rowCount / 8 { return column(index).take(rows) }
    return columns([index], at: rows)[0]
  }

  /// Some columns' values at these rows, in this order; `missingRow` gives missing values.
  ///
  /// Complexity: proportional to the rows picked.
  package func columns(_ indices: [Int], at rows: Buffer<UInt32>) -> [Column] {
    if rowCount == 0 || rows.count == 0 {
      return indices.map { .missing(count: rows.count, type: schema[$0].type) }
    }
    var known = MutableBitmap(repeating: true, count: rows.count)
    var plain = MutableBuffer<UInt32>(count: rows.count)
    var hasMissing = false
    for row in 0..<rows.count {
      plain[row] = rows[row]
      if rows[row] == missingRow {
        plain[row] = 0
        known.clear(row)
        hasMissing = true
      }
    }
    let (parts, places) = parts(plain.freeze())
    let picked = known.freeze()
    return indices.map { index in
      let taken = parts.map { part in segments[part.segment].columns[index].take(part.rows).withOwnTexts }
      let column = Column.concatenated(taken, type: schema[index].type).take(places)
      if !hasMissing { return column }
      return column.with(validity: column.knownRows.map { $0.and(picked) } ?? picked)
    }
  }

  /// The picked rows by segment, and where each picked row then stands in the parts put end to end.
  private func parts(
    _ rows: Buffer<UInt32>
  ) -> (parts: [(segment: Int, rows: Buffer<UInt32>)], places: Buffer<UInt32>) {
    var starts: [Int] = []
    var total = 0
    for segment in segments {
      starts.append(total)
      total += segment.count
    }
    var bySegment = [[UInt32]](repeating: [], count: segments.count)
    var found = [(segment: Int, place: Int)](repeating: (0, 0), count: rows.count)
    for position in 0..<rows.count {
      let row = Int(rows[position])
      var low = 0
      var high = starts.count
      while high - low > 1 {
        let middle = (low + high) / 2
        if starts[middle] <= row { low = middle } else { high = middle }
      }
      found[position] = (low, bySegment[low].count)
      bySegment[low].append(UInt32(row - starts[low]))
    }
    var offsets: [Int] = []
    total = 0
    for picked in bySegment {
      offsets.append(total)
      total += picked.count
    }
    let parts = bySegment.enumerated().filter { !$1.isEmpty }.map { ($0, Buffer($1)) }
    return (parts, Buffer(found.map { UInt32(offsets[$0.segment] + $0.place) }))
  }
}

extension Column {
  /// The same column; text of a pool that is much larger than the rows gets a pool of its own.
  package var withOwnTexts: Column {
    guard case .text(let codes, let pool) = storage, pool.count > 2 * count, !pool.isOrdered else {
      return self
    }
    return Column(
      type: type, storage: .text(.sequence(start: 0, count: count), pool.entries(of: codes)),
      validity: validity,
      count: count)
  }
}
