import Columns
import Diagnostics
import Planning
import Scheduling

/// The operators that order or pick whole rows: sort, take and skip, distinct, sample.
extension Executor {
  func sort(_ node: Plan.Sort) throws -> SegmentStream {
    let whole = try table(node.input)
    let rows = whole.rowCount
    let (keys, evaluators) = try sortKeys(node.order, whole)
    context.note { evaluators.notes() }
    // The order that `count` gives its groups was nobody's wish: it has nothing to tell.
    if node.origin.verb == "sort" { noteMissingKeys(keys, node.order, node.origin) }
    let order: Buffer<UInt32>
    if let limit = node.limit, limit < rows {
      order = Sorter.top(limit, keys, rows: rows)
    } else {
      order = Sorter.order(keys, rows: rows)
    }
    return SegmentStream(try taken(whole, order))
  }

  private func sortKeys(_ order: [OrderItem], _ table: Table) throws -> ([SortKey], EvaluatorList) {
    let evaluators = EvaluatorList(order.map(\.expression), context)
    let columns = try columns(evaluators, of: table)
    return (zip(columns, order).map { SortKey(column: $0, descending: $1.descending) }, evaluators)
  }

  private func noteMissingKeys(_ keys: [SortKey], _ order: [OrderItem], _ origin: StageOrigin) {
    var notes: [Note] = []
    for (key, item) in zip(keys, order) where key.column.missingCount > 0 {
      let name = item.expression.columnNames.first ?? "the key"
      notes.append(
        Note(
          .missing, "`\(name)` is missing in \(counted(key.column.missingCount, "row")), sorted last",
          count: key.column.missingCount, subject: name, at: origin.range))
    }
    let made = notes
    context.note { made }
  }

  /// Expressions over a whole table, each in one piece.
  func columns(_ list: EvaluatorList, of table: Table) throws -> [Column] {
    let parts = try context.workers.map(table.segments.count) { try list.columns(table.segments[$0]) }
    return list.evaluators.enumerated().map { index, evaluator in
      Column.concatenated(parts.map { $0[index] }, type: evaluator.expression.type)
    }
  }

  /// Some rows of a table, columns gathered in parallel.
  func taken(_ table: Table, _ rows: Buffer<UInt32>) throws -> Table {
    let columns = try context.workers.map(table.columnCount) { table.column($0, at: rows) }
    return Table(schema: table.schema, columns: columns, count: rows.count)
  }

  /// Rows of one segment as a table, columns gathered in parallel.
  func taken(_ whole: Segment, _ rows: Buffer<UInt32>, _ schema: Schema) throws -> Table {
    let columns = try context.workers.map(whole.columns.count) { whole.columns[$0].take(rows) }
    return Table(schema: schema, columns: columns, count: rows.count)
  }

  // MARK: Take and skip

  func slice(_ node: Plan.Slice) throws -> SegmentStream {
    if node.keys.isEmpty, node.order.isEmpty { return try plainSlice(node) }
    let report = context.report("take", node.origin)
    let whole = try table(node.input)
    let total = whole.rowCount
    let keyList = EvaluatorList(node.keys, context)
    let keyColumns = try columns(keyList, of: whole)
    let (orderKeys, orderList) = try sortKeys(node.order, whole)
    context.note { keyList.notes() + orderList.notes() }
    let sortKeys = keyColumns.map { SortKey(column: $0, descending: false) } + orderKeys
    var order = Sorter.order(sortKeys, rows: total)
    if node.dropsMissing, let first = orderKeys.first?.column {
      order = dropMissing(order, first, node)
    }
    let starts = keyColumns.isEmpty ? nil : Sorter.boundaries(keyColumns, order: order)
    let peers =
      orderKeys.isEmpty ? nil : Sorter.boundaries((keyColumns + orderKeys.map(\.column)), order: order)
    let (rows, ties) = cut(order, starts, peers, node)
    report.add(rowsIn: total, rowsOut: rows.count)
    if ties > 0 {
      let note = Note(
        .tie,
        "the cut goes through equal values: \(counted(ties, "row")) as good as the last one \(ties == 1 ? "is" : "are") left out",
        count: ties, at: node.origin.range)
      context.note { [note] }
    }
    return SegmentStream(try taken(whole, rows))
  }

  private func dropMissing(_ order: Buffer<UInt32>, _ column: Column, _ node: Plan.Slice) -> Buffer<UInt32> {
    let missing = column.missingCount
    if missing == 0 { return order }
    let name = node.order.first?.expression.columnNames.first ?? "the value"
    let note = Note(
      .missing, "\(node.origin.verb) left out \(counted(missing, "row")) where `\(name)` is missing",
      count: missing,
      total: column.count, subject: name, at: node.origin.range)
    context.note { [note] }
    return Buffer(order.array.filter { column.isKnown(Int($0)) })
  }

  /// The rows that stay, and how many equal to the last kept one do not.
  private func cut(
    _ order: Buffer<UInt32>, _ starts: Bitmap?, _ peers: Bitmap?, _ node: Plan.Slice
  ) -> (rows: Buffer<UInt32>, ties: Int) {
    var rows = MutableBuffer<UInt32>(capacity: order.count)
    var ties = 0
    var lower = 0
    while lower < order.count {
      var upper = lower + 1
      while upper < order.count, !(starts?[upper] ?? false) { upper += 1 }
      let range = window(lower..<upper, node)
      for position in range { rows.append(order[position]) }
      if let peers, !range.isEmpty {
        var next = range.upperBound
        while next < upper, !peers[next] {
          ties += 1
          next += 1
        }
      }
      lower = upper
    }
    return (rows.freeze(), ties)
  }

  private func window(_ range: Range<Int>, _ node: Plan.Slice) -> Range<Int> {
    let skip = min(node.skip, range.count)
    guard let take = node.take else { return range.lowerBound + skip..<range.upperBound }
    let size = min(take, range.count - skip)
    if node.fromEnd { return range.upperBound - size..<range.upperBound }
    return range.lowerBound + skip..<range.lowerBound + skip + size
  }

  /// Without keys and order: the first or last rows as they lie. The first ones need no more segments than hold them.
  private func plainSlice(_ node: Plan.Slice) throws -> SegmentStream {
    let input = try stream(node.input)
    let report = context.report("take", node.origin)
    if !node.fromEnd, let take = node.take, input.table == nil {
      var segments: [Segment] = []
      var rows = 0
      for index in 0..<input.count where rows < node.skip + take {
        let segment = try input.read(index)
        segments.append(segment)
        rows += segment.count
      }
      let prefix = Table(schema: input.schema, segments: segments)
      report.add(rowsIn: rows, rowsOut: min(take, max(0, rows - node.skip)))
      return SegmentStream(sliced(prefix, window(0..<rows, node)))
    }
    let table = try table(input)
    let range = window(0..<table.rowCount, node)
    report.add(rowsIn: table.rowCount, rowsOut: range.count)
    return SegmentStream(sliced(table, range))
  }

  private func sliced(_ table: Table, _ range: Range<Int>) -> Table {
    var segments: [Segment] = []
    var start = 0
    for segment in table.segments {
      let lower = max(range.lowerBound, start)
      let upper = min(range.upperBound, start + segment.count)
      if lower < upper { segments.append(segment.slice(lower - start..<upper - start)) }
      start += segment.count
    }
    return Table(schema: table.schema, segments: segments)
  }

  // MARK: Distinct and sample

  func distinct(_ node: Plan.Distinct) throws -> SegmentStream {
    let whole = try table(node.input).merged
    let report = context.report("distinct", node.origin)
    let columns = node.columns.map { whole.columns[$0] }
    let grouping = Grouper.group(columns, rows: whole.count)
    report.add(rowsIn: whole.count, rowsOut: grouping.count)
    let picked = Segment(columns: columns, count: whole.count)
    return SegmentStream(try taken(picked, grouping.firstRows, node.schema))
  }

  func sample(_ node: Plan.Sample) throws -> SegmentStream {
    let whole = try table(node.input).merged
    let report = context.report("sample", node.origin)
    let rows = drawn(whole.count, node)
    report.add(rowsIn: whole.count, rowsOut: rows.count)
    if !node.seedIsGiven {
      let note = Note(
        .fact, "sample of \(grouped(rows.count)) of \(counted(whole.count, "row")), seed \(node.seed)",
        count: rows.count,
        total: whole.count, at: node.origin.range)
      context.note { [note] }
    }
    return SegmentStream(try taken(whole, rows, node.input.schema))
  }

  /// Each row gets a number from its place and the seed; the smallest ones are drawn.
  private func drawn(_ count: Int, _ node: Plan.Sample) -> Buffer<UInt32> {
    let numbers = (0..<count).map {
      TextHash.mix(UInt64($0) &+ TextHash.mix(node.seed ^ 0x9E37_79B9_7F4A_7C15))
    }
    switch node.size {
    case .fraction(let fraction):
      if fraction >= 1 { return Buffer((0..<count).map { UInt32($0) }) }
      let limit = UInt64(fraction * 18_446_744_073_709_549_568.0)
      return Buffer(numbers.indices.filter { numbers[$0] < limit }.map { UInt32($0) })
    case .rows(let wanted):
      if wanted >= count { return Buffer((0..<count).map { UInt32($0) }) }
      let order = numbers.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
      return Buffer(order.prefix(wanted).sorted().map { UInt32($0) })
    }
  }
}
