import Columns
import Diagnostics
import Planning
import Scheduling

/// The operators that order or pick whole rows: sort, take and skip, distinct, sample.
extension Executor {
  func sort(_ node: Plan.Sort) throws -> SegmentStream {
    if node.input.hasTotals { return try sortAboveTotal(node) }
    return try trying(node.origin) {
      try sortInMemory(node)
    } onDisk: {
      try sortOnDisk(node)
    }
  }

  /// The rows above a total in order, and the total behind them.
  private func sortAboveTotal(_ node: Plan.Sort) throws -> SegmentStream {
    let input = try held(node.input)
    let table = input.table
    guard table.rowCount > 0 else { return try stream(node.input) }
    let rows = table.prefix(table.rowCount - 1)
    var sorting = node
    sorting.input = .scan(
      Plan.Scan(
        source: MemorySource(rows, name: "rows above the total"), columns: Array(0..<table.columnCount),
        schema: table.schema,
        filter: nil, origin: node.origin))
    let sorted = try sort(sorting)
    let ordered = try (0..<sorted.count).map { try sorted.read($0) }
    let total = Segment(
      columns: (0..<table.columnCount).map { table.column($0).slice(rows.rowCount..<table.rowCount) },
      count: 1)
    return SegmentStream(
      Table(schema: table.schema, segments: ordered + [total]), memory: input.memory, hasTotals: true)
  }

  /// Whether somebody asked for the order: that which `count` gives its groups has nothing to tell.
  private static func isWished(_ node: Plan.Sort) -> Bool { node.origin.verb != "count" }

  private func sortOnDisk(_ node: Plan.Sort) throws -> SegmentStream {
    let input = try stream(node.input)
    let evaluators = EvaluatorList(node.order.map(\.expression), context)
    let report = context.report("sort", node.origin)
    var sorting = try ExternalSort(self, node.order, evaluators, schema: input.schema, node.origin)
    try sorting.read(input)
    let sorted = try sorting.merged()
    let rows = sorting.rowCount
    context.note { evaluators.notes() }
    if Executor.isWished(node) { noteMissingKeys(sorting.missing, node.order, of: node.input, node.origin) }
    report.add(rowsIn: rows, rowsOut: rows)
    context.noteSpilled(sorting.spilledBytes, rows, report)
    guard let limit = node.rowsToSort, limit < rows else { return sorted }
    return SegmentStream(try prefix(sorted, limit))
  }

  /// The first rows of a stream; no more segments are read than hold them.
  private func prefix(_ input: SegmentStream, _ limit: Int) throws -> Table {
    var segments: [Segment] = []
    var rows = 0
    for index in 0..<input.count where rows < limit {
      let segment = try input.read(index)
      segments.append(segment)
      rows += segment.count
    }
    return Table(schema: input.schema, segments: segments).prefix(limit)
  }

  private func sortInMemory(_ node: Plan.Sort) throws -> SegmentStream {
    let isWhole = node.limit == nil
    let eager = isWhole ? OrderKeys.eagerCount(node.order) : node.order.count
    try prepareTexts(node.order.prefix(eager).map(\.expression), of: node.input)
    let input = try heldInMemory(try stream(node.input), for: node.origin)
    defer { input.release() }
    let whole = input.table
    let rows = whole.rowCount
    if let limit = node.rowsToSort, let first = try firstRows(limit, node.order, of: whole) {
      context.note { first.evaluators.notes() }
      if Executor.isWished(node) { noteMissingKeys(first.missing, node.order, of: node.input, node.origin) }
      let order = try Sorter.order(first.keys, rows: first.rows.count, by: context.workers)
      return try picked(whole, first.rows.permuted(by: order.slice(0..<limit)), node.origin)
    }
    let working = try reserveOrder(node.order.prefix(eager).map(\.expression), whole, node.origin)
    defer { working.release() }
    let keys = try OrderKeys(node.order, whole, context)
    context.note { keys.evaluators.notes() }
    if Executor.isWished(node) { noteMissingKeys(keys.missing, node.order, of: node.input, node.origin) }
    let order: Buffer<UInt32>
    if let limit = node.rowsToSort, limit < rows {
      order = Sorter.top(limit, keys.whole, rows: rows)
    } else {
      order = try Sorter.partitioned(
        nil, keys.first, later: keys.later, rows: rows, workers: context.workers
      ).order
    }
    return try picked(whole, order, node.origin)
  }

  /// Reserves what ordering or grouping rows by keys takes.
  private func reserveOrder(
    _ keys: [PlanExpression], _ table: Table, _ origin: StageOrigin
  ) throws -> Reservation {
    try reserve(
      Executor.keyBytes(keys, of: table), for: "the order of \(counted(table.rowCount, "row"))", origin)
  }

  /// Some rows of a table as a stream that holds the memory of the copy.
  private func picked(_ table: Table, _ rows: Buffer<UInt32>, _ origin: StageOrigin) throws -> SegmentStream {
    let memory = try reserve(
      Executor.copyBytes(table, rows: rows.count), for: "the copy of \(counted(rows.count, "row"))", origin)
    return SegmentStream(try taken(table, rows), memory: [memory])
  }

  /// Keys without a value stand last: worth a note wherever an order decides over a row's place.
  ///
  /// - Parameter input: whose rows are ordered.
  func noteMissingKeys(
    _ missing: [Int], _ order: [OrderItem], of input: Plan, _ origin: StageOrigin
  ) {
    if missing.allSatisfy({ $0 == 0 }) { return }
    context.note { [context] in
      zip(missing, order).filter { $0.0 > 0 }.map { missing, item in
        let reason = context.reason(item.expression.absences(over: input), for: missing)
        return Note(
          reason.kind,
          "\(item.told) is missing in \(counted(missing, "row"))\(reason.text), sorted last",
          count: missing, subject: item.expression.columnNames.first ?? "the key", at: origin.range)
      }
    }
  }

  /// Rows that may be among the first ones, or equal to the last of these, with their sort keys.
  private struct FirstRows {
    var rows: Buffer<UInt32>
    var keys: [SortKey]
    /// Missing values of each key among all rows.
    var missing: [Int]
    var evaluators: EvaluatorList
  }

  /// The candidates for the first `n` rows, each segment's found in parallel; nil where sorting all rows is as good.
  private func firstRows(_ n: Int, _ order: [OrderItem], of table: Table) throws -> FirstRows? {
    // Texts have an order only once their dictionary is sorted, whole.
    guard n > 0, n < table.rowCount / 16, let first = order.first, first.expression.type != .text else {
      return nil
    }
    let evaluators = EvaluatorList(order.map(\.expression), context)
    let parts = try context.workers.map(table.segments.count) { index in
      let columns = try evaluators.columns(table.segments[index])
      let keys = zip(columns, order).map { SortKey(column: $0, descending: $1.descending) }
      let rows = Sorter.candidates(n, keys, rows: table.segments[index].count)
      return (rows: rows, columns: columns.map { $0.take(rows) }, missing: columns.map(\.missingCount))
    }
    var rows = MutableBuffer<UInt32>(capacity: parts.reduce(0) { $0 + $1.rows.count })
    var start: UInt32 = 0
    for (part, segment) in zip(parts, table.segments) {
      for index in 0..<part.rows.count { rows.append(start + part.rows[index]) }
      start += UInt32(segment.count)
    }
    let keys = order.enumerated().map { position, item in
      SortKey(
        column: .concatenated(parts.map { $0.columns[position] }, type: item.expression.type),
        descending: item.descending)
    }
    let missing = order.indices.map { position in parts.reduce(0) { $0 + $1.missing[position] } }
    return FirstRows(rows: rows.freeze(), keys: keys, missing: missing, evaluators: evaluators)
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

  /// Some columns of a table, each in one piece; the others, which nobody looks at, are left missing.
  func whole(_ table: Table, _ needed: Set<Int>) throws -> Segment {
    let rows = table.rowCount
    let columns = try context.workers.map(table.columnCount) { index in
      needed.contains(index) ? table.column(index) : .missing(count: rows, type: table.schema[index].type)
    }
    return Segment(columns: columns, count: rows)
  }

  // MARK: Take and skip

  func slice(_ node: Plan.Slice) throws -> SegmentStream {
    if node.keys.isEmpty, node.order.isEmpty { return try plainSlice(node) }
    let report = context.report("take", node.origin)
    try prepareTexts(node.keys + node.order.map(\.expression), of: node.input)
    let input = try held(node.input)
    defer { input.release() }
    let whole = input.table
    let total = whole.rowCount
    if node.keys.isEmpty, !node.fromEnd, let take = node.take,
      let first = try firstRows(node.skip.saturating(plus: take), node.order, of: whole)
    {
      context.note { first.evaluators.notes() }
      noteMissingKeys(first.missing, node)
      var order = try Sorter.order(first.keys, rows: first.rows.count, by: context.workers)
      if node.dropsMissing, let key = first.keys.first?.column {
        order = dropMissing(order, key, first.missing[0], total, node)
      }
      let (rows, ties) = cut(order, nil, Sorter.boundaries(first.keys.map(\.column), order: order), node)
      report.add(rowsIn: total, rowsOut: rows.count)
      noteTies(ties, node)
      return try picked(whole, first.rows.permuted(by: rows), node.origin)
    }
    // Behind a sort its keys tell which rows are equal.
    let sorted =
      node.order.isEmpty ? node.input.sortKeys.map { OrderItem($0, descending: false) } : []
    let working = try reserveOrder(
      node.keys + (node.order + sorted).map(\.expression), whole, node.origin)
    defer { working.release() }
    let keyList = EvaluatorList(node.keys, context)
    var keyColumns = try columns(keyList, of: whole)
    let ordering = try OrderKeys(node.order, whole, context)
    let near = NearSpellings.notes(of: node.keys, keyColumns, node.origin)
    context.note { keyList.notes() + near + ordering.evaluators.notes() }
    noteMissingKeys(ordering.missing, node)
    var groups = keyColumns.isEmpty ? nil : try Grouper.group(keyColumns, rows: total, by: context.workers)
    let kept = candidates(node, groups, ordering)
    if let kept {
      keyColumns = keyColumns.map { $0.take(kept) }
      groups = try Grouper.group(keyColumns, rows: kept.count, by: context.workers)
    }
    let orderKeys = try kept.map { try ordering.keys(at: $0) } ?? ordering.whole
    let placed = try Sorter.partitioned(
      groups?.sorted(by: keyColumns, context.workers).rowGroups, orderKeys, rows: kept?.count ?? total,
      workers: context.workers)
    var order = placed.order
    var starts = keyColumns.isEmpty ? nil : placed.firsts
    var peers = orderKeys.isEmpty ? nil : Sorter.peers(placed, orderKeys.map(\.column))
    if !sorted.isEmpty {
      let keys = try OrderKeys(sorted, whole, context)
      peers = Sorter.peers(placed, keys.whole.map(\.column))
    }
    if node.dropsMissing, let first = orderKeys.first?.column, let missing = ordering.missing.first,
      missing > 0
    {
      order = dropMissing(order, first, missing, total, node)
      starts = keyColumns.isEmpty ? nil : Sorter.boundaries(keyColumns, order: order)
      peers = Sorter.boundaries((keyColumns + orderKeys.map(\.column)), order: order)
    }
    var (rows, ties) = cut(order, starts, peers, node)
    if let kept { rows = kept.permuted(by: rows) }
    if node.order.isEmpty, node.take != 0, rows.count < total, !node.input.isSorted {
      let note = Executor.unordered(node.origin.verb, at: node.origin.range)
      context.note { [note] }
    }
    report.add(rowsIn: total, rowsOut: rows.count)
    noteTies(ties, node)
    return try picked(whole, rows, node.origin)
  }

  /// The rows that may be among the first ones of their groups; nil where these are not few.
  private func candidates(_ node: Plan.Slice, _ groups: Grouping?, _ ordering: OrderKeys) -> Buffer<UInt32>? {
    guard let groups, !node.fromEnd, let take = node.take, let key = ordering.first.first else { return nil }
    let n = node.skip.saturating(plus: take)
    guard n > 0, n <= 16, groups.count.saturating(times: n * 4) < groups.ids.count else { return nil }
    let rows = Sorter.candidates(n, key, in: groups)
    return rows.count * 2 < groups.ids.count ? rows : nil
  }

  private func noteMissingKeys(_ missing: [Int], _ node: Plan.Slice) {
    // Those without the first key of a `top` are left out, which is told where it is done.
    let told = node.dropsMissing ? 1 : 0
    noteMissingKeys(
      Array(missing.dropFirst(told)), Array(node.order.dropFirst(told)), of: node.input, node.origin)
  }

  private func noteTies(_ ties: Ties, _ node: Plan.Slice) {
    let notes = [(ties.before, "like the first one that stays"), (ties.behind, "as good as the last one")]
      .filter { $0.0 > 0 }.map { count, edge in
        Note(
          .tie,
          "the cut goes through equal values: \(counted(count, "row")) \(edge) \(count == 1 ? "is" : "are") left out",
          count: count, at: node.origin.range)
      }
    context.note { notes }
  }

  /// Rows that are left out although they equal one that stays: the first of a group's, in front of it, and the last,
  /// behind it.
  private typealias Ties = (before: Int, behind: Int)

  /// - Parameter missing: of the `total` rows, of which `order` and `column` may hold only some.
  private func dropMissing(
    _ order: Buffer<UInt32>, _ column: Column, _ missing: Int, _ total: Int, _ node: Plan.Slice
  ) -> Buffer<UInt32> {
    if missing == 0 { return order }
    let item = node.order.first
    context.note { [context] in
      let reason = context.reason(item?.expression.absences(over: node.input) ?? [], for: missing)
      return [
        Note(
          reason.kind,
          "\(node.origin.verb) left out \(counted(missing, "row")) where \(item?.told ?? "the value") is missing\(reason.text)",
          count: missing, total: total, subject: item?.expression.columnNames.first ?? "the value",
          at: node.origin.range)
      ]
    }
    return Buffer(order.array.filter { column.isKnown(Int($0)) })
  }

  /// The rows that stay, and how many equal to one at the edge do not.
  private func cut(
    _ order: Buffer<UInt32>, _ starts: Bitmap?, _ peers: Bitmap?, _ node: Plan.Slice
  ) -> (rows: Buffer<UInt32>, ties: Ties) {
    var rows = MutableBuffer<UInt32>(capacity: order.count)
    var ties = Ties(0, 0)
    var lower = 0
    while lower < order.count {
      var upper = lower + 1
      while upper < order.count, !(starts?[upper] ?? false) { upper += 1 }
      let range = window(lower..<upper, node)
      for position in range { rows.append(order[position]) }
      if let peers, !range.isEmpty {
        var first = range.lowerBound
        while first > lower, !peers[first] {
          ties.before += 1
          first -= 1
        }
        var next = range.upperBound
        while next < upper, !peers[next] {
          ties.behind += 1
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
      // The row behind the cut tells whether there is one, and whether it is as good as the last.
      let wanted = node.skip.saturating(plus: take).saturating(plus: 1)
      for index in 0..<input.count where rows < wanted {
        let segment = try input.read(index)
        segments.append(segment)
        rows += segment.count
      }
      let prefix = Table(schema: input.schema, segments: segments)
      report.add(rowsIn: rows, rowsOut: min(take, max(0, rows - node.skip)))
      let range = window(0..<rows, node)
      try noteEqualsBehind(range, prefix, node, hasTotals: input.hasTotals)
      return SegmentStream(sliced(prefix, range))
    }
    let held = try held(input)
    let table = held.table
    let range = window(0..<table.rowCount, node)
    report.add(rowsIn: table.rowCount, rowsOut: range.count)
    try noteEqualsBehind(range, table, node, hasTotals: input.hasTotals)
    return SegmentStream(sliced(table, range), memory: held.memory)
  }

  /// Tells where the first rows of an order end between two of which neither comes before the other.
  private func noteEqualsBehind(
    _ range: Range<Int>, _ table: Table, _ node: Plan.Slice, hasTotals: Bool
  ) throws {
    let rows = table.rowCount - (hasTotals ? 1 : 0)
    let keys = node.input.sortKeys
    guard !keys.isEmpty, !range.isEmpty else { return }
    // The first row behind each cut.
    for edge in [range.lowerBound, range.upperBound] where edge > 0 && edge < rows {
      try noteEquals(at: edge, isFirst: edge == range.lowerBound, table, keys, node)
    }
  }

  private func noteEquals(
    at edge: Int, isFirst: Bool, _ table: Table, _ sortKeys: [PlanExpression], _ node: Plan.Slice
  ) throws {
    let pair = sliced(table, edge - 1..<edge + 1)
    let columns = (0..<pair.columnCount).map { pair.column($0) }
    let keys = try EvaluatorList(sortKeys, context).columns(Segment(columns: columns, count: 2))
    guard keys.allSatisfy({ $0.value(0) == $0.value(1) }) else { return }
    let note = Note(
      .tie,
      "the cut goes through equal values: rows \(isFirst ? "like the first one that stays" : "as good as the last one") are left out",
      at: node.origin.range)
    context.note { [note] }
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
    let count = node.columns.count - node.hidden
    for column in node.columns.prefix(count) { try prepareTexts(column: column, of: node.input) }
    let input = try held(node.input)
    defer { input.release() }
    let whole = input.table
    let rows = whole.rowCount
    let report = context.report("distinct", node.origin)
    let parts = whole.segments.map { segment in node.columns.prefix(count).map { segment.columns[$0] } }
    let working = try reserve(
      Executor.keyBytes(count, rows: rows)
        .saturating(plus: Executor.dictionaryBytes(parts, count: count)),
      for: "the different rows of \(grouped(rows))", node.origin)
    defer { working.release() }
    let columns = try context.workers.map(node.columns.count) { whole.column(node.columns[$0]) }
    let grouping = try Grouper.group(Array(columns.prefix(count)), rows: rows, by: context.workers)
    report.add(rowsIn: rows, rowsOut: grouping.count)
    let picked = Segment(columns: columns, count: rows)
    let memory = try reserve(
      Executor.copyBytes(whole, rows: grouping.count), for: "\(counted(grouping.count, "different row"))",
      node.origin)
    let rowsOfOne = try taken(picked, grouping.firstRows, node.schema)
    let copies = rows - grouping.count
    if node.isOfWholeRows, copies > 0 {
      let note = Note(
        .fact,
        "distinct left out \(grouped(copies)) of \(counted(rows, "row")): \(copies == 1 ? "it is" : "each is") the same as another one in every column",
        count: copies, total: rows, at: node.origin.range)
      context.note { [note] }
    }
    if count == 1 {
      let near = NearSpellings.notes(rowsOfOne, keys: 0..<1, groups: "values", node.origin)
      context.note { near }
    }
    return SegmentStream(rowsOfOne, memory: [memory])
  }

  func sample(_ node: Plan.Sample) throws -> SegmentStream {
    let input = try held(node.input)
    defer { input.release() }
    let working = try reserve(
      Executor.copyBytes(input.table).saturating(plus: input.table.rowCount.saturating(times: 24)),
      for: "one piece of \(counted(input.table.rowCount, "row"))", node.origin)
    defer { working.release() }
    let whole = input.table.merged
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
    let memory = try reserve(
      Executor.copyBytes(input.table, rows: rows.count), for: "\(counted(rows.count, "drawn row"))",
      node.origin)
    return SegmentStream(try taken(whole, rows, node.input.schema), memory: [memory])
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

extension Plan.Sort {
  /// How many rows must be in order where not all are wanted: one more tells whether the cut goes through equal values.
  fileprivate var rowsToSort: Int? { limit.map { $0.saturating(plus: 1) } }
}
