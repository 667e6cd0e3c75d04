import Columns
import Diagnostics
import Planning
import Scheduling

/// Functions over rows whose value stands on every row: windows in their order, aggregates spread over their group.
extension Executor {
  func window(_ node: Plan.Window) throws -> SegmentStream {
    let whole = try table(node.input).merged
    let rows = whole.count
    let keys = EvaluatorList(node.keys, context)
    let orderKeys = EvaluatorList(node.order.map(\.expression), context)
    let keyColumns = try keys.columns(whole)
    let orderColumns = try orderKeys.columns(whole)
    let groups = keyColumns.isEmpty ? nil : Grouper.group(keyColumns, rows: rows)
    var results: [Column] = []
    var placement: Placement?
    for call in node.calls {
      let runner = GroupCallRunner(call, context)
      if call.function.isAggregate {
        results += try spread(
          runner, whole, groups,
          order: node.order.isEmpty ? nil : ordered(&placement, groups, orderColumns, node, rows))
      } else {
        let place = ordered(&placement, groups, orderColumns, node, rows)
        results.append(try windowed(runner, whole, place))
      }
      noteWindow(call, runner, node)
    }
    context.note { keys.notes() + orderKeys.notes() }
    let typed = zip(results, node.schema.fields.suffix(results.count)).map { $0.widened(to: $1.type) }
    return SegmentStream(Table(schema: node.schema, columns: whole.columns + typed, count: rows))
  }

  /// The rows by partition and order, where partitions begin, and how to get back.
  private struct Placement {
    var order: Buffer<UInt32>
    var inverse: Buffer<UInt32>
    var partitions: [Int]
    var newPeers: Bitmap?
    var orderKey: Column?
    var descending: Bool
  }

  private func ordered(
    _ placement: inout Placement?, _ groups: Grouping?, _ orderColumns: [Column], _ node: Plan.Window,
    _ rows: Int
  ) -> Placement {
    if let placement { return placement }
    var sortKeys: [SortKey] = []
    if let groups {
      sortKeys.append(
        SortKey(
          column: Column(type: .int, storage: .int64(groups.ids.asInts), validity: nil, count: rows),
          descending: false))
    }
    for (column, item) in zip(orderColumns, node.order) {
      sortKeys.append(SortKey(column: column, descending: item.descending))
    }
    let order = Sorter.order(sortKeys, rows: rows)
    var inverse = MutableBuffer<UInt32>(repeating: 0, count: rows)
    for position in 0..<rows { inverse[Int(order[position])] = UInt32(position) }
    var partitions = [0]
    if let groups {
      for position in 1..<max(1, rows)
      where groups.ids[Int(order[position])] != groups.ids[Int(order[position - 1])] {
        partitions.append(position)
      }
    }
    partitions.append(rows)
    if rows == 0 { partitions = [0] }
    let peers = orderColumns.isEmpty ? nil : Sorter.boundaries(sortKeys.map(\.column), order: order)
    let made = Placement(
      order: order, inverse: inverse.freeze(), partitions: partitions, newPeers: peers,
      orderKey: orderColumns.first?.take(order), descending: node.order.first?.descending ?? false)
    placement = made
    return made
  }

  private func windowed(_ runner: GroupCallRunner, _ whole: Segment, _ place: Placement) throws -> Column {
    guard case .window(let kernel) = runner.call.function.implementation else {
      throw Diagnostic(
        "not-a-window", "`\(runner.call.function.name)` cannot run here", at: runner.call.range)
    }
    let arguments = try runner.data(whole).map { datum -> Datum in
      if case .column(let column) = datum { return .column(column.take(place.order)) }
      return datum
    }
    let input = WindowInput(
      arguments: arguments, rows: whole.count, partitions: place.partitions, newPeers: place.newPeers,
      orderKey: place.orderKey, orderDescending: place.descending)
    let (column, skipped) = try runner.placed { try kernel.run(input) }
    runner.addRows(whole.count)
    runner.addSkipped(skipped)
    return column.take(place.inverse)
  }

  private func spread(
    _ runner: GroupCallRunner, _ whole: Segment, _ groups: Grouping?, order: Placement?
  ) throws -> [Column] {
    let state = try runner.makeState()
    var segment = whole
    var ids = groups?.ids
    if let order {
      segment = Segment(columns: whole.columns.map { $0.take(order.order) }, count: whole.count)
      ids = ids?.permuted(by: order.order)
    }
    let groupCount = groups?.count ?? 1
    try runner.update(state, segment, groups: ids, groupCount: groupCount)
    runner.addSkipped(state.skipped)
    let results = try runner.placed { try state.finish(groupCount: groupCount) }
    let rows = groups?.ids ?? Buffer(repeating: 0, count: whole.count)
    return results.map { $0.take(rows) }
  }

  private func noteWindow(_ call: GroupCall, _ runner: GroupCallRunner, _ node: Plan.Window) {
    let behindFilter = node.input.isBehindFilter
    context.note {
      var notes = runner.notes()
      if behindFilter, ["lag", "lead"].contains(call.function.name) {
        notes.append(
          Note(
            .fact, "\(call.text) looks only at the rows that the filters before it kept", at: call.range))
      }
      return notes
    }
  }
}

extension Plan {
  /// Whether a filter stands somewhere before.
  fileprivate var isBehindFilter: Bool {
    switch self {
    case .filter: true
    case .scan(let node): node.filter != nil
    case .project(let node): node.input.isBehindFilter
    case .sort(let node): node.input.isBehindFilter
    case .window(let node): node.input.isBehindFilter
    case .effect(let node): node.input.isBehindFilter
    default: false
    }
  }
}

extension Buffer where Element == UInt32 {
  var asInts: Buffer<Int64> {
    var result = MutableBuffer<Int64>(count: count)
    var target = result.mutableSpan
    let source = span
    for index in 0..<source.count { target[index] = Int64(source[index]) }
    return result.freeze()
  }

  func permuted(by order: Buffer<UInt32>) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: order.count)
    var target = result.mutableSpan
    let source = span
    let rows = order.span
    for index in 0..<rows.count { target[index] = source[Int(rows[index])] }
    return result.freeze()
  }
}
