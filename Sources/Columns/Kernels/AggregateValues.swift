extension Aggregates {
  /// The first value in row order, which may be missing.
  package static func first(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    EdgeState(types.first ?? .missing, last: false)
  }

  /// The last value in row order, which may be missing.
  package static func last(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    EdgeState(types.first ?? .missing, last: true)
  }

  /// The greatest value minus the least: whole numbers stay whole, dates and datetimes give a duration.
  package static func range(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    switch types.first {
    case .float?:
      return CellState<FloatExtremes>(feed: { $0.takeNumbers($1, $2) }) { cells, count throws(KernelFault) in
        for group in 0..<count where cells[group].isKnown && !cells[group].width.isFinite {
          throw KernelFault("the range is larger than the largest number (about 1.8e308)", row: group)
        }
        return [.floats(count) { cells[$0].isKnown ? cells[$0].width : nil }]
      }
    case .int?, .date?, .datetime?, .duration?:
      let type = types[0]
      let unit = type == .date ? Calendar.microsecondsPerDay : 1
      return CellState<IntegerExtremes>(feed: { $0.takeIntegers($1, $2) }) {
        cells, count throws(KernelFault) in
        var results: [Int64?] = []
        for group in 0..<count {
          let cell = cells[group]
          guard cell.isKnown else {
            results.append(nil)
            continue
          }
          let width = (Int128(cell.greatest) - Int128(cell.least)) * Int128(unit)
          guard let fitting = Int64(exactly: width) else {
            throw KernelFault("the range is \(width), which does not fit in 64 bits", row: group)
          }
          results.append(fitting)
        }
        return [.integers(count, type: type == .int ? .int : .duration) { results[$0] }]
      }
    default: return NothingState(types.first ?? .missing)
    }
  }

  /// The percentile between 0 and 100 given by the second argument.
  package static func percentile(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    guard constants.count > 1, let percent = constants[1].number else { return NothingState(.float) }
    guard percent >= 0, percent <= 100 else {
      return FaultState(
        KernelFault(
          "a percentile lies between 0 and 100, not at \(percent)", help: ["percentile(x, 90)"]))
    }
    return quantile(types.first ?? .missing, fraction: percent / 100)
  }

  /// The number of different known values.
  package static func countDistinct(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    DistinctState(types.first ?? .missing)
  }

  /// The commonest value; the smallest of several.
  package static func mode(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    let type = types.first ?? .missing
    return GatheringState { values, count in [values.commonest(type, count)] }
  }

  /// The known values as a list, in row order; missing where there is none.
  package static func list(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    let type = types.first ?? .missing
    return GatheringState { values, count in
      let starts = values.starts(count)
      let elements = values.column(type: type).take(values.order(starts))
      var offsets = MutableBuffer<Int64>(count: count + 1)
      var validity = MutableBitmap(repeating: false, count: count)
      for group in 0...count { offsets[group] = Int64(starts[group]) }
      for group in 0..<count where starts[group] < starts[group + 1] { validity.set(group) }
      return [
        Column(
          type: .list(type), storage: .list(offsets: offsets.freeze(), elements: elements),
          validity: validity.freezeValidity(), count: count)
      ]
    }
  }

  /// The known texts one behind the other with a separator between, in row order.
  package static func textJoin(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    let separator = constants.count > 1 ? constants[1].string ?? ", " : ", "
    return GatheringState { values, count in [values.joined(separator, count)] }
  }
}

extension GatheredValues {
  /// The different pairs of group and value.
  func distinctPairs(_ type: DataType) -> Grouping {
    let groupColumn = Column.int(groups.widened())
    return Grouper.group([groupColumn, column(type: type)], rows: count)
  }

  func commonest(_ type: DataType, _ groupCount: Int) -> Column {
    let values = column(type: type)
    let groups = groups
    let pairs = distinctPairs(type)
    var counts = MutableBuffer<Int64>(repeating: 0, count: pairs.count)
    for row in 0..<count { counts[Int(pairs.ids[row])] += 1 }
    // The place of each different value in the order of all, so that the smallest of equally common ones wins.
    let different = values.take(pairs.firstRows)
    let order = Sorter.order([SortKey(different)], rows: pairs.count)
    var best = MutableBuffer<UInt32>(repeating: missingRow, count: groupCount)
    for position in 0..<pairs.count {
      let pair = Int(order[position])
      let group = Int(groups[Int(pairs.firstRows[pair])])
      if best[group] == missingRow || counts[pair] > counts[Int(best[group])] { best[group] = UInt32(pair) }
    }
    return different.take(best.freeze())
  }

  func joined(_ separator: String, _ groupCount: Int) -> Column {
    let starts = starts(groupCount)
    let order = order(starts)
    var offsets = MutableBuffer<Int64>(capacity: groupCount + 1)
    var bytes = MutableBuffer<UInt8>(capacity: count * 8)
    var validity = MutableBitmap(repeating: false, count: groupCount)
    let between = Buffer(Array(separator.utf8))
    offsets.append(0)
    guard case .text(let codes, let pool) = column(type: .text).storage else {
      return .missing(count: groupCount, type: .text)
    }
    for group in 0..<groupCount {
      for position in starts[group]..<starts[group + 1] {
        if position > starts[group] { bytes.append(between.span) }
        let text = pool.byteSlice(codes[Int(order[Int(position)])])
        bytes.append(text.span)
      }
      offsets.append(Int64(bytes.count))
      if starts[group] < starts[group + 1] { validity.set(group) }
    }
    let joined = TextPool(offsets: offsets.freeze(), bytes: bytes.freeze(), isDistinct: false)
    return .text(.sequence(start: 0, count: groupCount), joined, validity: validity.freezeValidity())
  }
}

/// The first or the last row's value of each group.
final class EdgeState: AggregateState {
  private let type: DataType
  private let last: Bool
  private var values: [Column] = []
  private var length = 0
  /// Where each group's value lies in `values` end to end; `missingRow` while there is none.
  private var places = MutableBuffer<UInt32>(capacity: 1)
  var skipped: Int { 0 }

  init(_ type: DataType, last: Bool) {
    self.type = type
    self.last = last
  }

  private func grow(_ groupCount: Int) {
    while places.count < groupCount { places.append(missingRow) }
  }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    grow(groupCount)
    guard let column = arguments.first?.column(rows: rows), rows > 0 else { return }
    let taken = AggregateRows([], rows: rows, groups: groups, selection: selection)
    if taken.count == 0 { return }
    let chosen = taken.rows ?? .ascending(rows)
    let targets = taken.takenGroups
    // The rows that this update keeps, each once.
    var found = MutableBuffer<UInt32>(repeating: missingRow, count: groupCount)
    for index in 0..<chosen.count {
      let group = Int(targets[index])
      if last || (places[group] == missingRow && found[group] == missingRow) { found[group] = chosen[index] }
    }
    keep(column, found.freeze()) { Int($0) }
  }

  var copiedBytes: Int {
    if !type.holdsText { return 0 }
    var use = MemoryUse()
    for column in values { use.addTexts(of: column) }
    return use.bytes
  }

  private func keep(_ column: Column, _ found: Buffer<UInt32>, _ group: (Int) -> Int) {
    var rows = MutableBuffer<UInt32>(capacity: 16)
    for index in 0..<found.count where found[index] != missingRow {
      let target = group(index)
      // Several groups of another state may be one group here.
      if !last, places[target] != missingRow { continue }
      places[target] = UInt32(length + rows.count)
      rows.append(found[index])
    }
    if rows.count == 0 { return }
    // The texts of all segments must not stay for the sake of a few.
    values.append(column.take(rows.freeze()).withOwnTexts)
    length += values[values.count - 1].count
    if length > places.count * 4 + 4096 { compact() }
  }

  /// Lets go of values that later ones have replaced.
  private func compact() {
    let kept = current()
    values = [kept]
    length = kept.count
    for group in 0..<places.count where places[group] != missingRow { places[group] = UInt32(group) }
  }

  private func current() -> Column {
    if values.isEmpty { return .missing(count: places.count, type: type) }
    let all = Column.concatenated(values, type: type)
    return all.take(places.copy)
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    grow(groupCount)
    guard let other = other as? EdgeState, !other.values.isEmpty else { return }
    var found = MutableBuffer<UInt32>(repeating: missingRow, count: Swift.min(other.places.count, map.count))
    for group in 0..<found.count { found[group] = other.places[group] }
    keep(Column.concatenated(other.values, type: type), found.freeze()) { Int(map[$0]) }
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    grow(groupCount)
    return [current().slice(0..<groupCount)]
  }
}

/// A call that cannot be answered, such as the 120th percentile.
final class FaultState: AggregateState {
  private let fault: KernelFault
  var skipped: Int { 0 }

  init(_ fault: KernelFault) { self.fault = fault }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    throw fault
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    throw fault
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] { throw fault }
}
