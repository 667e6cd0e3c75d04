extension Aggregates {
  /// Of rows in order: 1 for a group whose first row is one of several with equal sort keys and different values, so that
  /// it is by chance which one is first; 0 for the others. The arguments are the value and the sort keys.
  package static func firstTies(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    EdgeTieState(last: false)
  }

  /// The same of the last row.
  package static func lastTies(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    EdgeTieState(last: true)
  }
}

/// Whether several rows with equal keys stand at a group's edge and differ in a value. Rows are compared by hashes of
/// 64 bits: what is counted is told and never reckoned with.
package final class EdgeTieState: AggregateState {
  private struct Edge {
    var keys: UInt64
    var value: UInt64
    var isKnown = false
    var isTied = false
  }

  private let last: Bool
  private var edges: [Edge] = []
  package var skipped: Int { 0 }

  package init(last: Bool) { self.last = last }

  private func grow(_ groupCount: Int) {
    while edges.count < groupCount { edges.append(Edge(keys: 0, value: 0)) }
  }

  package func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    grow(groupCount)
    guard let first = arguments.first, rows > 0 else { return }
    let values = RowHashes.of([first.column(rows: rows)], rows: rows)
    let keys = RowHashes.of(arguments.dropFirst().map { $0.column(rows: rows) }, rows: rows)
    let taken = AggregateRows([], rows: rows, groups: groups, selection: selection)
    let chosen = taken.rows ?? .ascending(rows)
    let targets = taken.takenGroups
    for index in 0..<taken.count {
      let row = Int(chosen[index])
      add(Edge(keys: keys[row], value: values[row], isKnown: true), to: Int(targets[index]))
    }
  }

  /// Puts rows behind those of a group.
  private func add(_ later: Edge, to group: Int) {
    let own = edges[group]
    if !later.isKnown { return }
    if own.isKnown, own.keys == later.keys {
      edges[group].isTied = own.isTied || later.isTied || own.value != later.value
    } else if last || !own.isKnown {
      edges[group] = later
    }
  }

  package func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    grow(groupCount)
    guard let other = other as? EdgeTieState else { return }
    for group in 0..<min(other.edges.count, map.count) { add(other.edges[group], to: Int(map[group])) }
  }

  package func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    grow(groupCount)
    return [.int(Buffer(edges.prefix(groupCount).map { $0.isTied ? 1 : 0 }))]
  }

  /// Groups whose edge is tied.
  package var tiedGroups: Int { edges.count(where: \.isTied) }
}

/// A number for each row that is the same for equal values: of all storages of a type, and in all parts of a table.
enum RowHashes {
  /// That of a missing value, which no value is likely to have.
  private static let missing: UInt64 = 0xB7E1_5162_8AED_2A6B

  static func of(_ columns: [Column], rows: Int) -> [UInt64] {
    var result = [UInt64](repeating: 0, count: rows)
    for column in columns {
      let own = hashes(column)
      for row in 0..<rows {
        result[row] = TextHash.mix(result[row] ^ (column.isKnown(row) ? own(row) : missing))
      }
    }
    return result
  }

  private static func hashes(_ column: Column) -> (Int) -> UInt64 {
    switch column.type {
    case .int, .datetime, .duration, .date, .bool:
      let whole = column.type == .bool || column.type == .date ? nil : column.int64Values
      return { row in
        if let whole { return UInt64(bitPattern: whole[row]) }
        switch column.value(row) {
        case .date(let days): return UInt64(bitPattern: Int64(days))
        case .bool(let bit): return bit ? 3 : 2
        default: return 0
        }
      }
    case .float:
      let values = column.floatValues
      // Zero has two signs, and is one number.
      return { values[$0] == 0 ? 0 : values[$0].bitPattern }
    case .text:
      guard case .text(let codes, let pool) = column.storage else { return { _ in 0 } }
      // Of a large dictionary few entries may stand in one part of the table.
      if Kernels.isTestedByRow(codes, pool) { return { codes[$0] < pool.count ? pool.hash(codes[$0]) : 0 } }
      let entries = (0..<pool.count).map { pool.hash($0) }
      return { codes[$0] < entries.count ? entries[codes[$0]] : 0 }
    case .list, .record, .missing:
      return { TextHash.of(Array(ValueText.plain(column.value($0)).utf8).span) }
    }
  }
}
