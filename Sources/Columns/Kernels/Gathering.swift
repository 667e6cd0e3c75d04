/// The values that an aggregate has to keep until the end, with the group of each.
struct GatheredValues {
  /// Runs of values and their groups, in row order.
  private(set) var chunks: [(columns: [Column], groups: Buffer<UInt32>)] = []
  private(set) var count = 0

  /// Keeps the rows taken in; shares the memory when these are all.
  mutating func append(_ columns: [Column], _ rows: AggregateRows) {
    if rows.count == 0 { return }
    // The rows taken in are known.
    let kept =
      rows.rows.map { taken in columns.map { $0.with(validity: nil).take(taken, hasMissing: false) } }
      ?? columns
    chunks.append((kept, rows.takenGroups))
    count += rows.count
  }

  mutating func merge(_ later: GatheredValues, map: Buffer<UInt32>) {
    for chunk in later.chunks {
      chunks.append((chunk.columns, map.take(chunk.groups, hasMissing: false)))
    }
    count += later.count
  }

  /// All values of one argument.
  func column(_ index: Int = 0, type: DataType) -> Column {
    if chunks.isEmpty { return .missing(count: 0, type: type) }
    return .concatenated(chunks.map { $0.columns[index] }, type: type)
  }

  /// The group of each value.
  var groups: Buffer<UInt32> {
    if chunks.count == 1 { return chunks[0].groups }
    return Buffer.concatenated(chunks.map(\.groups), count: count)
  }

  /// Where each group begins when the values lie group by group; one more entry for the end.
  func starts(_ groupCount: Int) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(repeating: 0, count: groupCount + 1)
    do {
      var counts = result.mutableSpan
      for chunk in chunks {
        let groups = chunk.groups
        let span = groups.span
        for row in 0..<span.count { counts[Int(span[row]) &+ 1] &+= 1 }
      }
    }
    return result.summed()
  }

  /// The positions of the values group by group, in row order within each.
  func order(_ starts: Buffer<UInt32>) -> Buffer<UInt32> {
    var next = starts.copy
    var result = MutableBuffer<UInt32>(count: count)
    var cursor = next.mutableSpan
    var target = result.mutableSpan
    var position: UInt32 = 0
    for chunk in chunks {
      let groups = chunk.groups
      let span = groups.span
      for row in 0..<span.count {
        let group = Int(span[row])
        target[Int(cursor[group])] = position
        cursor[group] &+= 1
        position &+= 1
      }
    }
    return result.freeze()
  }

  /// For each group the whole numbers at a fraction of the way through its sorted ones.
  func integerNeighbours(_ groupCount: Int, _ fraction: Double) -> [HistogramSelection<Int64>.Neighbours?] {
    neighbours(groupCount, fraction, \.int64Values, integersByGroup)
  }

  /// The same of floats.
  func floatNeighbours(_ groupCount: Int, _ fraction: Double) -> [HistogramSelection<Double>.Neighbours?] {
    neighbours(groupCount, fraction, \.floatValues, floatsByGroup)
  }

  private func neighbours<Element: RankedValue>(
    _ groupCount: Int, _ fraction: Double, _ values: (Column) -> Buffer<Element>,
    _ byGroup: (Buffer<UInt32>) -> MutableBuffer<Element>
  ) -> [HistogramSelection<Element>.Neighbours?] {
    if HistogramSelection<Element>.suits(groups: groupCount, values: count) {
      let chunks = chunks.map { (values: values($0.columns[0]), groups: $0.groups) }
      return HistogramSelection(chunks, groupCount: groupCount).neighbours(fraction: fraction)
    }
    let starts = starts(groupCount)
    var sorted = byGroup(starts)
    var span = sorted.mutableSpan
    var results: [HistogramSelection<Element>.Neighbours?] = []
    results.reserveCapacity(groupCount)
    for group in 0..<groupCount {
      let range = Int(starts[group])..<Int(starts[group + 1])
      results.append(Selection.neighbours(&span, range, fraction: fraction))
    }
    return results
  }

  /// Whole numbers group by group.
  func integersByGroup(_ starts: Buffer<UInt32>) -> MutableBuffer<Int64> {
    var next = starts.copy
    var result = MutableBuffer<Int64>(count: count)
    for chunk in chunks {
      let groups = chunk.groups
      let column = chunk.columns[0]
      switch column.storage {
      case .int8(let values): Self.scatter(&next, &result, values.span, groups.span) { Int64($0) }
      case .int16(let values): Self.scatter(&next, &result, values.span, groups.span) { Int64($0) }
      case .int32(let values), .date(let values):
        Self.scatter(&next, &result, values.span, groups.span) { Int64($0) }
      case .int64(let values), .duration(let values), .datetime(let values, _):
        Self.scatter(&next, &result, values.span, groups.span) { $0 }
      case .bool(let bits): Self.scatter(&next, &result, bits.bytes.span, groups.span) { Int64($0) }
      case .float, .text, .list, .record, .missing: break
      }
    }
    return result
  }

  /// Floats group by group.
  func floatsByGroup(_ starts: Buffer<UInt32>) -> MutableBuffer<Double> {
    var next = starts.copy
    var result = MutableBuffer<Double>(count: count)
    for chunk in chunks {
      let values = chunk.columns[0].floatValues
      let groups = chunk.groups
      Self.scatter(&next, &result, values.span, groups.span) { $0 }
    }
    return result
  }

  /// Puts values where their groups go.
  @inline(__always)
  private static func scatter<Stored, Element: BitwiseCopyable>(
    _ next: inout MutableBuffer<UInt32>, _ result: inout MutableBuffer<Element>, _ values: Span<Stored>,
    _ groups: Span<UInt32>, _ convert: (Stored) -> Element
  ) {
    var cursor = next.mutableSpan
    var target = result.mutableSpan
    for row in 0..<groups.count {
      let group = Int(groups[row])
      let position = cursor[group]
      cursor[group] = position &+ 1
      target[Int(position)] = convert(values[row])
    }
  }
}

extension MutableBuffer where Element == UInt32 {
  /// Counts, each one place behind its group, as the places where the groups begin when they lie one behind the
  /// other, with the end.
  package consuming func summed() -> Buffer<UInt32> {
    do {
      var counts = mutableSpan
      for group in 1..<max(1, counts.count) { counts[group] &+= counts[group - 1] }
    }
    return freeze()
  }
}

extension MutableBuffer {
  /// The values so far, in memory of their own.
  var copy: Buffer<Element> {
    var result = MutableBuffer<Element>(capacity: count)
    result.append(span)
    return result.freeze()
  }
}

extension Buffer {
  /// The values in memory of their own.
  package var copy: MutableBuffer<Element> {
    var result = MutableBuffer<Element>(capacity: count)
    result.append(span)
    return result
  }
}

/// A state that keeps all values and works at the end.
final class GatheringState: AggregateState {
  private var values = GatheredValues()
  private(set) var skipped = 0
  let keepsValues = true
  /// Nothing has been kept yet.
  var isEmpty: Bool { values.count == 0 }
  private let result: (GatheredValues, Int) throws(KernelFault) -> [Column]

  init(_ result: @escaping (GatheredValues, Int) throws(KernelFault) -> [Column]) { self.result = result }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    guard let first = arguments.first else { return }
    let column = first.column(rows: rows)
    let taken = AggregateRows([column], rows: rows, groups: groups, selection: selection)
    skipped += taken.skipped
    values.append([column], taken)
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    guard let other = other as? GatheringState else { return }
    values.merge(other.values, map: map)
    skipped += other.skipped
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] { try result(values, groupCount) }
}
