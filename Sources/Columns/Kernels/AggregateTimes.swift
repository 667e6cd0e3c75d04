/// A time as the data wrote it.
struct WrittenInstant: BitwiseCopyable {
  /// Microseconds since 1970-01-01T00:00Z.
  var instant: Int64
  /// Minutes.
  var offset: Int16
}

/// The earliest and the latest time, each as it was written; of equal ones that of the first row.
struct TimeExtremes: AggregateCell {
  var least = WrittenInstant(instant: .max, offset: 0)
  var greatest = WrittenInstant(instant: .min, offset: 0)
  var isKnown: Bool { least.instant <= greatest.instant }

  @inline(__always)
  mutating func take(_ value: WrittenInstant) {
    if value.instant < least.instant { least = value }
    if value.instant > greatest.instant { greatest = value }
  }

  mutating func merge(_ later: TimeExtremes) {
    if later.least.instant < least.instant { least = later.least }
    if later.greatest.instant > greatest.instant { greatest = later.greatest }
  }
}

extension AggregateCells where Cell == TimeExtremes {
  /// Takes in the times of a column.
  mutating func takeTimes(_ column: Column, _ rows: AggregateRows) {
    guard case .datetime(let values, let offsets) = column.storage else { return }
    let instants = values.span
    var cells = self.cellSpan
    for index in 0..<rows.count {
      let row = rows.rows.map { Int($0[index]) } ?? index
      let offset = offsets?[row] ?? 0
      cells[rows.groups.map { Int($0[row]) } ?? 0].take(
        WrittenInstant(instant: instants[row], offset: offset))
    }
  }

  /// The latest times of the groups, or the earliest ones.
  borrowing func times(_ count: Int, greatest: Bool) -> Column {
    var instants = MutableBuffer<Int64>(repeating: 0, count: count)
    var offsets = MutableBuffer<Int16>(repeating: 0, count: count)
    var validity = MutableBitmap(repeating: false, count: count)
    for group in 0..<count {
      let cell = self[group]
      if !cell.isKnown { continue }
      let found = greatest ? cell.greatest : cell.least
      instants[group] = found.instant
      offsets[group] = found.offset
      validity.set(group)
    }
    return .datetime(instants.freeze(), offsets: offsets.freeze(), validity: validity.freezeValidity())
  }
}

/// The state of a function of times whose columns may have offsets: it remembers whether they do, so that what comes
/// out is a time with an offset too. Times without one among them count as UTC.
final class OffsetState: AggregateState {
  private let base: any AggregateState
  private var hasOffsets = false

  init(_ base: any AggregateState) { self.base = base }

  var skipped: Int { base.skipped }
  var keepsValues: Bool { base.keepsValues }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    switch arguments.first {
    case .column(let column)?:
      if case .datetime(_, offsets: _?) = column.storage { hasOffsets = true }
    case .constant(.datetime(_, offset: _?), _)?: hasOffsets = true
    default: break
    }
    try base.update(arguments, rows: rows, groups: groups, groupCount: groupCount, selection: selection)
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    guard let other = other as? OffsetState else { return }
    hasOffsets = hasOffsets || other.hasOffsets
    try base.merge(other.base, map: map, groupCount: groupCount)
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    let columns = try base.finish(groupCount: groupCount)
    return columns.map { column in
      guard case .datetime(let values, let offsets) = column.storage else { return column }
      if !hasOffsets {
        return .datetime(values, validity: column.validity)
      }
      return .datetime(
        values, offsets: offsets ?? Buffer(repeating: 0, count: column.count), validity: column.validity)
    }
  }
}
