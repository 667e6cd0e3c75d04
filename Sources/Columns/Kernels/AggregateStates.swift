/// States that keep one cell a group.
final class CellState<Cell: AggregateCell>: AggregateState {
  private var cells = AggregateCells<Cell>()
  private(set) var skipped = 0
  var takesSegments: Bool { true }
  private let feed: (inout AggregateCells<Cell>, Column, AggregateRows) -> Void
  private let result: (borrowing AggregateCells<Cell>, Int) throws(KernelFault) -> [Column]

  init(
    feed: @escaping (inout AggregateCells<Cell>, Column, AggregateRows) -> Void,
    result: @escaping (borrowing AggregateCells<Cell>, Int) throws(KernelFault) -> [Column]
  ) {
    self.feed = feed
    self.result = result
  }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    cells.grow(groupCount)
    guard let first = arguments.first, groupCount > 0 else { return }
    let column = first.column(rows: rows)
    if groups == nil, selection == nil, rows > 0, cells.take(unproven: column) { return }
    let taken = AggregateRows([column], rows: rows, groups: groups, selection: selection)
    skipped += taken.skipped
    if taken.count > 0 { feed(&cells, column, taken) }
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    guard let other = other as? CellState<Cell> else { return }
    cells.merge(other.cells, map: map, groupCount: groupCount)
    skipped += other.skipped
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    cells.grow(groupCount)
    return try result(cells, groupCount)
  }
}

/// Counts rows, or rows whose argument is known; leaves out nothing that would be worth a note.
final class CountState: AggregateState {
  private var cells = AggregateCells<Counter>()
  var skipped: Int { 0 }
  var takesSegments: Bool { true }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    cells.grow(groupCount)
    if groupCount == 0 { return }
    let columns = arguments.map { $0.column(rows: rows) }
    let taken = AggregateRows(columns, rows: rows, groups: groups, selection: selection)
    cells.count(taken)
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    guard let other = other as? CountState else { return }
    cells.merge(other.cells, map: map, groupCount: groupCount)
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    cells.grow(groupCount)
    return [.integers(groupCount) { cells[$0].count }]
  }
}

extension AggregateCells where Cell == Counter {
  mutating func count(_ rows: AggregateRows) {
    guard let groups = rows.groups else {
      add(Int64(rows.count), to: 0)
      return
    }
    let span = groups.span
    guard let chosen = rows.rows else {
      for row in 0..<span.count { add(1, to: Int(span[row])) }
      return
    }
    let indices = chosen.span
    for index in 0..<indices.count { add(1, to: Int(span[Int(indices[index])])) }
  }
}

/// For arguments of no type: everything is missing.
final class NothingState: AggregateState {
  private(set) var skipped = 0
  private let result: DataType

  init(_ result: DataType) { self.result = result }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    skipped += selection?.ones ?? rows
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    skipped += other.skipped
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    [.missing(count: groupCount, type: result)]
  }
}

extension Column {
  /// A column of ints, one for each index.
  static func integers(_ count: Int, _ value: (Int) -> Int64) -> Column {
    var result = MutableBuffer<Int64>(count: count)
    for index in 0..<count { result[index] = value(index) }
    return .int(result.freeze())
  }

  /// A column of whole numbers stored as a type stores them; nil is missing.
  static func integers(_ count: Int, type: DataType, _ value: (Int) -> Int64?) -> Column {
    var result = MutableBuffer<Int64>(count: count)
    var validity = MutableBitmap(repeating: false, count: count)
    for index in 0..<count {
      let value = value(index)
      result[index] = value ?? 0
      if value != nil { validity.set(index) }
    }
    return .integers(result.freeze(), type: type, validity: validity.freezeValidity())
  }

  /// Whole numbers stored as a type stores them.
  static func integers(_ values: Buffer<Int64>, type: DataType, validity: Bitmap?) -> Column {
    switch type {
    case .duration: return .duration(values, validity: validity)
    case .datetime: return .datetime(values, validity: validity)
    case .date:
      var days = MutableBuffer<Int32>(count: values.count)
      for index in 0..<values.count { days[index] = Int32(clamping: values[index]) }
      return .date(days.freeze(), validity: validity)
    case .bool:
      var bits = MutableBitmap(repeating: false, count: values.count)
      for index in 0..<values.count where values[index] != 0 { bits.set(index) }
      return .bool(bits.freeze(), validity: validity)
    default: return .int(values, validity: validity)
    }
  }

  /// A column of floats; nil and what is no finite number are missing.
  static func floats(_ count: Int, _ value: (Int) -> Double?) -> Column {
    var result = MutableBuffer<Double>(count: count)
    var validity = MutableBitmap(repeating: false, count: count)
    for index in 0..<count {
      if let value = value(index), value.isFinite {
        result[index] = value
        validity.set(index)
      } else {
        result[index] = 0
      }
    }
    return .float(result.freeze(), validity: validity.freezeValidity())
  }
}
