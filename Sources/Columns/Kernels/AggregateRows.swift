/// The rows of an update that an aggregate takes in: those of the selection whose arguments are all known.
struct AggregateRows {
  /// The rows, ascending; nil for all.
  let rows: Buffer<UInt32>?
  let groups: Buffer<UInt32>?
  /// Rows of the selection that were left out because an argument is missing.
  let skipped: Int
  let count: Int

  init(_ columns: [Column], rows: Int, groups: Buffer<UInt32>?, selection: Bitmap?) {
    self.groups = groups
    var kept = selection
    let selected = selection?.ones ?? rows
    for column in columns {
      guard let known = column.knownNumbers else { continue }
      kept = kept.map { $0.and(known) } ?? known
    }
    if let kept {
      let taken = kept.ones
      count = taken
      skipped = selected - taken
      self.rows = taken == rows ? nil : kept.indices()
    } else {
      count = rows
      skipped = 0
      self.rows = nil
    }
  }

  /// The groups of the rows taken in.
  var takenGroups: Buffer<UInt32> {
    guard let groups else { return Buffer(repeating: 0, count: count) }
    guard let rows else { return groups }
    return groups.take(rows, hasMissing: false)
  }
}

extension Column {
  /// The rows that have a value that is not NaN; nil when all have.
  var knownNumbers: Bitmap? {
    switch storage {
    case .missing: return Bitmap(repeating: false, count: count)
    case .float(let values):
      guard let numbers = values.numbers else { return validity }
      return validity.map { $0.and(numbers) } ?? numbers
    default: return validity
    }
  }
}

extension Buffer where Element == Double {
  /// The rows that are not NaN; nil when none is.
  fileprivate var numbers: Bitmap? {
    let source = span
    // Only NaN and infinities do not vanish when multiplied by zero. Eight sums, none of which waits for another.
    var sums = SIMD8<Double>()
    let whole = source.count & ~7
    var first = 0
    while first < whole {
      sums +=
        SIMD8(
          source[first], source[first &+ 1], source[first &+ 2], source[first &+ 3], source[first &+ 4],
          source[first &+ 5], source[first &+ 6], source[first &+ 7]) * 0
      first &+= 8
    }
    var sum = sums.sum()
    for row in whole..<source.count { sum += source[row] * 0 }
    if sum == 0 { return nil }
    var result = MutableBitmap(repeating: false, count: source.count)
    for row in 0..<source.count where source[row] == source[row] { result.set(row) }
    return result.freezeValidity()
  }
}

/// What one group keeps while numbers of a kind are taken in.
protocol AggregateCell: BitwiseCopyable {
  associatedtype Input: BitwiseCopyable
  init()
  mutating func take(_ value: Input)
  /// Takes in a cell whose rows all come after this one's.
  mutating func merge(_ later: Self)
  /// Takes in many values.
  mutating func take(all values: Span<Input>)
  mutating func take(_ values: Span<Input>, at rows: Span<UInt32>)
  /// Takes in many floats of which nobody has looked whether each is a number; false, and nothing taken in, where
  /// one is none or the kind of cell cannot tell.
  mutating func take(unproven values: Span<Double>) -> Bool

  // The loops over all groups: as requirements each kind of cell has its own compiled for it, which a method of a
  // generic class has not.
  static func grow(_ cells: inout MutableBuffer<Self>, to groupCount: Int)
  static func merge(
    _ source: borrowing MutableBuffer<Self>, map: Buffer<UInt32>, into cells: inout MutableBuffer<Self>)
}

extension AggregateCell {
  mutating func take(unproven values: Span<Double>) -> Bool { false }

  mutating func take(all values: Span<Input>) {
    for row in 0..<values.count { take(values[row]) }
  }

  mutating func take(_ values: Span<Input>, at rows: Span<UInt32>) {
    for index in 0..<rows.count { take(values[Int(rows[index])]) }
  }

  static func grow(_ cells: inout MutableBuffer<Self>, to groupCount: Int) {
    let known = cells.count
    if groupCount <= known { return }
    cells.resize(groupCount)
    var span = cells.mutableSpan
    for group in known..<groupCount { span[group] = Self() }
  }

  static func merge(
    _ source: borrowing MutableBuffer<Self>, map: Buffer<UInt32>, into cells: inout MutableBuffer<Self>
  ) {
    var target = cells.mutableSpan
    let source = source.span
    let map = map.span
    for group in 0..<min(source.count, map.count) { target[Int(map[group])].merge(source[group]) }
  }
}

/// Turns stored numbers into what a cell takes.
protocol CellInput: BitwiseCopyable {
  init<Stored: FixedWidthInteger>(stored: Stored)
}

extension Int64: CellInput {
  @inline(__always)
  init<Stored: FixedWidthInteger>(stored: Stored) { self = Int64(truncatingIfNeeded: stored) }
}

extension Double: CellInput {
  @inline(__always)
  init<Stored: FixedWidthInteger>(stored: Stored) { self = Double(stored) }
}

/// The cells of all groups.
struct AggregateCells<Cell: AggregateCell>: ~Copyable {
  private(set) var cells: MutableBuffer<Cell>

  init() { cells = MutableBuffer(capacity: 1) }

  mutating func grow(_ groupCount: Int) { Cell.grow(&cells, to: groupCount) }

  mutating func merge(_ other: borrowing AggregateCells<Cell>, map: Buffer<UInt32>, groupCount: Int) {
    grow(groupCount)
    Cell.merge(other.cells, map: map, into: &cells)
  }

  subscript(group: Int) -> Cell { cells[group] }

  /// Takes a whole column into the first cell; false where it has to be looked at row by row.
  mutating func take(unproven column: Column) -> Bool {
    guard column.validity == nil, case .float(let values) = column.storage, cells.count > 0 else {
      return false
    }
    return cells[0].take(unproven: values.span)
  }

  /// The cells to change.
  var cellSpan: MutableSpan<Cell> {
    @_lifetime(&self) mutating get { cells.mutableSpan }
  }
}

extension AggregateCells where Cell == Counter {
  @inline(__always)
  mutating func add(_ rows: Int64, to group: Int) { cells[group].count &+= rows }
}

extension AggregateCells where Cell.Input: CellInput {
  /// Takes in whole numbers of any width.
  mutating func take<Stored: FixedWidthInteger>(_ values: Span<Stored>, _ rows: AggregateRows) {
    let groups = rows.groups
    let chosen = rows.rows
    var target = cells.mutableSpan
    switch (groups, chosen) {
    case (nil, nil):
      var cell = target[0]
      for row in 0..<values.count { cell.take(Cell.Input(stored: values[row])) }
      target[0] = cell
    case (nil, let chosen?):
      let chosen = chosen.span
      var cell = target[0]
      for index in 0..<chosen.count { cell.take(Cell.Input(stored: values[Int(chosen[index])])) }
      target[0] = cell
    case (let groups?, nil):
      let groups = groups.span
      for row in 0..<values.count { target[Int(groups[row])].take(Cell.Input(stored: values[row])) }
    case (let groups?, let chosen?):
      let groups = groups.span
      let chosen = chosen.span
      for index in 0..<chosen.count {
        let row = Int(chosen[index])
        target[Int(groups[row])].take(Cell.Input(stored: values[row]))
      }
    }
  }
}

extension AggregateCells where Cell.Input == Double {
  mutating func take(_ values: Span<Double>, _ rows: AggregateRows) {
    let groups = rows.groups
    let chosen = rows.rows
    var target = cells.mutableSpan
    switch (groups, chosen) {
    case (nil, nil):
      target[0].take(all: values)
    case (nil, let chosen?):
      target[0].take(values, at: chosen.span)
    case (let groups?, nil):
      let groups = groups.span
      for row in 0..<values.count { target[Int(groups[row])].take(values[row]) }
    case (let groups?, let chosen?):
      let groups = groups.span
      let chosen = chosen.span
      for index in 0..<chosen.count {
        let row = Int(chosen[index])
        target[Int(groups[row])].take(values[row])
      }
    }
  }
}

extension AggregateCells where Cell.Input == Int64 {
  /// Takes in the whole numbers of a column: ints, days, microseconds, booleans as 0 and 1.
  mutating func takeIntegers(_ column: Column, _ rows: AggregateRows) {
    switch column.storage {
    case .int8(let values): take(values.span, rows)
    case .int16(let values): take(values.span, rows)
    case .int32(let values), .date(let values): take(values.span, rows)
    case .int64(let values), .duration(let values), .datetime(let values, _): take(values.span, rows)
    case .bool(let bits): take(bits.bytes.span, rows)
    case .float, .text, .list, .record, .missing: break
    }
  }
}

extension AggregateCells where Cell.Input == Double {
  /// Takes in the numbers of a column as doubles.
  mutating func takeNumbers(_ column: Column, _ rows: AggregateRows) {
    switch column.storage {
    case .float(let values): take(values.span, rows)
    case .int8(let values): take(values.span, rows)
    case .int16(let values): take(values.span, rows)
    case .int32(let values), .date(let values): take(values.span, rows)
    case .int64(let values), .duration(let values), .datetime(let values, _): take(values.span, rows)
    case .bool(let bits): take(bits.bytes.span, rows)
    case .text, .list, .record, .missing: break
    }
  }
}
