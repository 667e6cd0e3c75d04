import Columns
import Diagnostics
import Planning
import Scheduling

/// Functions over rows whose value stands on every row: windows in their order, aggregates spread over their group.
extension Executor {
  func window(_ node: Plan.Window) throws -> SegmentStream {
    let eager = node.order.prefix(OrderKeys.eagerCount(node.order)).map(\.expression)
    try prepareTexts(node.keys + eager, of: node.input)
    let input = try held(node.input)
    let table = input.table
    let rows = table.rowCount
    let working = try reserve(
      windowBytes(node, table), for: "the groups and the order of \(counted(rows, "row"))", node.origin)
    defer { working.release() }
    let widening = try reserve(
      rows.saturating(times: 9 * node.calls.count), for: "\(counted(node.calls.count, "new column"))",
      node.origin)
    let keys = EvaluatorList(node.keys, context)
    let keyColumns = try columns(keys, of: table)
    let order = try OrderKeys(node.order, table, context)
    noteMissingKeys(order.missing, node.order, of: node.input, node.origin)
    let groups = keyColumns.isEmpty ? nil : try Grouper.numbers(keyColumns, rows: rows, by: context.workers)
    let whole = try used(by: node.calls, of: table)
    var results: [Column] = []
    var lacking: [String: Int] = [:]
    // One sort for all functions.
    var placement: Placement?
    let named = { (row: Int) in
      Self.name(ofGroup: row, keyColumns, named: node.keys.map(Contradictions.plain))
    }
    for call in node.calls {
      let runner = GroupCallRunner(call, context)
      if call.function.isAggregate {
        results += try spread(
          runner, whole, groups, named: named,
          order: node.order.isEmpty ? nil : ordered(&placement, groups, order, rows))
      } else {
        results.append(
          try windowed(runner, whole, ordered(&placement, groups, order, rows), named: named))
      }
      if call.whyAbsent != nil { lacking[call.text] = runner.absent }
      noteWindow(call, runner, node)
    }
    let report = context.report("window", node.origin)
    report.add(rowsIn: rows, rowsOut: rows)
    if !lacking.isEmpty { report.did(.lacking(lacking)) }
    if let placement { noteGaps(node, table, placement) }
    try noteTies(node, table, whole, groups, &placement)
    let near = NearSpellings.notes(of: node.keys, keyColumns, node.origin)
    context.note { keys.notes() + near + order.evaluators.notes() }
    let typed = zip(results, node.schema.fields.suffix(results.count)).map { $0.widened(to: $1.type) }
    return SegmentStream(widened(table, by: typed, node.schema), memory: input.memory + [widening])
  }

  /// Keys, order and its inverse, what the calls read in one piece and in their order, and a state or a result.
  private func windowBytes(_ node: Plan.Window, _ table: Table) -> Int {
    let rows = table.rowCount
    let needed = columnsRead(by: node.calls)
    let texts = table.segments.map { segment in needed.map { segment.columns[$0] } }
    let keys = node.keys + node.order.map(\.expression)
    // What is spread over all rows needs neither groups nor an order.
    let isPlaced = !keys.isEmpty || !node.earlier.isEmpty || node.calls.contains { !$0.function.isAggregate }
    return (isPlaced ? Executor.keyBytes(keys, of: table) : 0)
      .saturating(plus: rows.saturating(times: isPlaced ? 8 + 16 : 4))
      .saturating(plus: Executor.copyBytes(table, columns: needed).saturating(times: 2))
      .saturating(plus: Executor.dictionaryBytes(texts, count: needed.count))
  }

  /// The columns that the calls read.
  private func used(by calls: [GroupCall], of table: Table) throws -> Segment {
    try whole(table, columnsRead(by: calls))
  }

  func columnsRead(by calls: [GroupCall]) -> Set<Int> {
    calls.reduce(into: []) { $0.formUnion($1.columns) }
  }

  /// The table's segments with further columns, which are cut as they are.
  private func widened(_ table: Table, by columns: [Column], _ schema: Schema) -> Table {
    var segments: [Segment] = []
    var start = 0
    for segment in table.segments {
      let range = start..<start + segment.count
      segments.append(
        Segment(columns: segment.columns + columns.map { $0.slice(range) }, count: segment.count))
      start = range.upperBound
    }
    return Table(schema: schema, segments: segments)
  }

  /// The rows by partition and order, and how to get back.
  private struct Placement {
    let rows: PartitionedRows
    let inverse: Buffer<UInt32>
    let keys: OrderKeys
    /// The values of the first sort key in the order of the rows.
    let orderedKey: Column?

    /// Rows that have the same sort keys as the row before: most are told apart by the first key alone, and only the
    /// others are looked at in the further ones.
    var tiedRows: Int {
      guard let orderedKey else { return 0 }
      let peers = Sorter.peers(rows.starts, ordered: orderedKey)
      let alike = peers.count - peers.ones
      if keys.missing.count == 1 || alike == 0 { return alike }
      if alike > peers.count / 16 { return newPeers.map { $0.count - $0.ones } ?? 0 }
      let order = rows.order
      let columns = keys.whole.map(\.column)
      return peers.inverted.indices().array.count { place in
        let (row, before) = (Int(order[Int(place)]), Int(order[Int(place) - 1]))
        return columns.dropFirst().allSatisfy { $0.value(row) == $0.value(before) }
      }
    }

    /// Which rows differ from the row before in the sort keys; nil without keys.
    var newPeers: Bitmap? {
      keys.missing.isEmpty ? nil : Sorter.peers(rows, keys.whole.map(\.column))
    }
  }

  private func ordered(
    _ placement: inout Placement?, _ groups: RowGroups?, _ keys: OrderKeys, _ rows: Int
  ) throws -> Placement {
    if let placement { return placement }
    let placed = try Sorter.partitioned(
      groups, keys.first, later: keys.later, rows: rows, workers: context.workers)
    let made = Placement(
      rows: placed, inverse: try placed.order.inverse(by: context.workers), keys: keys,
      orderedKey: try keys.first.first?.column.take(placed.order, by: context.workers))
    placement = made
    return made
  }

  /// - Parameter named: what the group of a row is called.
  private func windowed(
    _ runner: GroupCallRunner, _ whole: Segment, _ place: Placement, named: @escaping (Int) -> String
  ) throws -> Column {
    guard case .window(let kernel) = runner.call.function.implementation else {
      throw Diagnostic(
        "not-a-window", "`\(runner.call.function.name)` cannot run here", at: runner.call.range)
    }
    let order = place.rows.order
    let arguments = try runner.data(whole).map { datum -> Datum in
      if case .column(let column) = datum { return .column(try column.take(order, by: context.workers)) }
      return datum
    }
    let input = WindowInput(
      arguments: arguments, rows: whole.count, partitions: place.rows.starts,
      newPeers: kernel.needsOrder ? place.newPeers : nil, orderKey: place.orderedKey,
      orderDescending: place.keys.first.first?.descending ?? false)
    let (column, skipped) = try runner.placed(group: { named(Int(order[$0])) }) { try kernel.run(input) }
    runner.addParted(input.parted.count)
    runner.addRows(whole.count)
    runner.addSkipped(skipped)
    if runner.call.function.reach == .lastKnown {
      runner.addFilled(arguments[0].column(rows: whole.count).missingCount - column.missingCount)
    }
    if runner.call.function.reach == .window, let values = arguments.first {
      // Where all values are missing there is no window that could be full.
      let known = values.column(rows: whole.count).missingCount < whole.count
      runner.addUnfilled(known ? column.missingCount : 0)
    }
    if let steps = runner.call.stepsToAnotherRow {
      let sizes = zip(place.rows.starts.dropFirst(), place.rows.starts).map(-)
      runner.addBeyond(sizes.reduce(0) { $0 + min($1, steps) })
    }
    return try column.take(place.inverse, by: context.workers)
  }

  private func spread(
    _ runner: GroupCallRunner, _ whole: Segment, _ groups: RowGroups?, named: @escaping (Int) -> String,
    order: Placement?
  ) throws -> [Column] {
    let state = try runner.makeState()
    var segment = whole
    var ids = groups?.ids
    if let order {
      segment = Segment(columns: whole.columns.map { $0.take(order.rows.order) }, count: whole.count)
      ids = ids?.permuted(by: order.rows.order)
    }
    let groupCount = groups?.count ?? 1
    try runner.update(state, segment, groups: ids, groupCount: groupCount)
    runner.addSkipped(state.skipped)
    // Of each group the first row: only a fault asks for it.
    let results = try runner.placed(group: { group in
      (0..<whole.count).first { (groups?.ids[$0]).map(Int.init) == group }.map(named) ?? ""
    }) { try state.finish(groupCount: groupCount) }
    let rows = groups?.ids ?? Buffer(repeating: 0, count: whole.count)
    return try results.map { try $0.take(rows, by: context.workers) }
  }

  /// Groups whose first or last row in the order is one of several with equal sort keys and different values.
  private func noteEdgeTies(
    _ call: GroupCall, _ ties: GroupCall, _ whole: Segment, _ groups: RowGroups?, _ place: Placement
  ) throws {
    let order = place.rows.order
    let read = call.columns
    let segment = Segment(
      columns: whole.columns.enumerated().map { index, column in
        read.contains(index) ? column.take(order) : .missing(count: whole.count, type: column.type)
      }, count: whole.count)
    var shared = SharedValues()
    // The counts of the call itself are made; this one only looks.
    let input = try GroupCallRunner(call, context).input(segment, &shared)
    let state = EdgeTieState(last: ties.tally == .edgeTies(isLast: true))
    try state.update(
      input.data + place.keys.whole.map { .column($0.column.take(order)) }, rows: segment.count,
      groups: groups?.ids.permuted(by: order), groupCount: groups?.count ?? 1, selection: input.selection)
    EdgeTies.tell(ties, state.tiedGroups, of: groups?.count ?? 1, hasGroups: groups != nil, context)
  }

  /// Notes that rows go by a series of days, weeks or months that lacks some: the row before is then not of the month
  /// before.
  private func noteGaps(_ node: Plan.Window, _ table: Table, _ placement: Placement) {
    guard let call = node.calls.first(where: \.stepsByRows),
      placement.rows.order.count <= SeriesGaps.mostRows
    else { return }
    var key: (name: String, column: Column, unit: TimeUnit?)?
    if node.order.count == 1, let first = placement.keys.first.first {
      key = (node.order[0].told, first.column, node.input.period(of: node.order[0].expression))
    } else if node.order.isEmpty, let index = node.input.sortedColumn {
      let field = node.input.schema[index]
      let unit = node.input.period(of: .column(index, field, at: node.origin.range))
      key = ("`\(field.name)`", table.column(index), unit)
    }
    guard let key,
      let gaps = SeriesGaps.found(
        key.column, order: placement.rows.order, partitions: placement.rows.starts, unit: key.unit)
    else { return }
    let side = call.looksLater ? "after" : "before"
    context.note {
      [
        Note(
          .fact,
          "\(call.function.name) goes by rows, and \(gaps.word)s are absent between \(grouped(gaps.count)) of \(grouped(gaps.pairs)) neighbours by \(key.name): there the row \(side) is more than one \(gaps.word) away",
          count: gaps.count, total: gaps.pairs, subject: key.name, at: call.range)
      ]
    }
  }

  /// Tells what goes by the order of rows whose sort keys are equal, those of a stage before with them.
  private func noteTies(
    _ node: Plan.Window, _ table: Table, _ whole: Segment, _ groups: RowGroups?, _ placement: inout Placement?
  ) throws {
    let order = node.tieOrder
    let edges = node.calls.compactMap { call in
      call.edgeTies(sortedBy: order.map(\.expression), groupedBy: node.keys).map { (call, ties: $0) }
    }
    if order.isEmpty || placement == nil && edges.isEmpty { return }
    let keys = try node.earlier.isEmpty ? placement?.keys : OrderKeys(order, table, context)
    let unordered = try OrderKeys([], table, context)
    let placed = try ordered(&placement, groups, unordered, table.rowCount)
    let place = Placement(
      rows: placed.rows, inverse: placed.inverse, keys: keys ?? placed.keys,
      orderedKey: try placed.orderedKey
        ?? keys?.first.first?.column.take(placed.rows.order, by: context.workers))
    noteTies(node, place)
    for (call, ties) in edges { try noteEdgeTies(call, ties, whole, groups, place) }
  }

  /// Rows with equal sort keys stand in the order in which they come, and what goes by it depends on that.
  private func noteTies(_ node: Plan.Window, _ placement: Placement) {
    let calls = node.calls.filter { $0.goesByTies(node.order.map(\.expression)) }
    guard let first = calls.first else { return }
    let tied = placement.tiedRows
    if tied == 0 { return }
    var told: [String] = []
    for name in node.tieOrder.map(\.told) where !told.contains(name) { told.append(name) }
    // What is worked out has no name of its own.
    let names = told.allSatisfy { $0.hasPrefix("`") } ? told.joined(separator: ", ") : "sort key"
    let others = calls.count > 1 ? " and \(counted(calls.count - 1, "other"))" : ""
    let note = Note(
      .tie,
      "\(first.text)\(others): \(counted(tied, "row")) \(tied == 1 ? "has" : "have") the same \(names) as the row before, and \(tied == 1 ? "stands" : "stand") in the order of the table there; a further sort key settles it",
      count: tied, total: placement.rows.order.count, at: first.range)
    context.note { [note] }
  }

  /// What goes by the order of rows that nobody has given one.
  static func unordered(_ text: String, at range: SourceRange) -> Note {
    Note(
      .fact, of: text, ": by the rows as they come; `sort` at the end of the stage gives an order",
      at: range)
  }

  private func noteWindow(_ call: GroupCall, _ runner: GroupCallRunner, _ node: Plan.Window) {
    let filters = call.looksAtNeighbour ? node.input.filtersBefore : (stages: [], past: [])
    let cutBy = call.function.isAggregate && node.keys.isEmpty ? node.input.cutBefore : nil
    let isUnordered =
      node.order.isEmpty && !node.input.isSorted && call.function.goesByOrder && !call.isOfKey(node.keys)
    context.note {
      var notes = runner.notes()
      if isUnordered { notes.append(Executor.unordered(call.text, at: call.range)) }
      if let cutBy,
        context.reports.contains(where: { $0.origin.index == cutBy.index && $0.rowsIn > $0.rowsOut })
      {
        notes.append(
          Note(
            .fact,
            "\(call.text) sees only the rows that `\(cutBy.verb)` kept, and not those that it left out",
            at: call.range))
      }
      let reports = context.reports.filter { filters.stages.contains($0.origin.index) && $0.name == "filter" }
      let passed = reports.map { ($0.rowsIn, $0.rowsOut) } + filters.past
      let all = passed.map(\.0).max() ?? 0
      let unseen = all - (passed.map(\.1).min() ?? 0)
      if unseen > 0 {
        notes.append(
          Note(
            .fact, of: call.text,
            " cannot see \(grouped(unseen)) of \(counted(all, "row")) that `filter` left out before it",
            count: unseen, total: all, at: call.range))
      }
      return notes
    }
  }
}

extension Function {
  /// Whether the order of the rows changes what the function gives: that of `row_number` is often just the rows' own.
  var goesByOrder: Bool { reach != nil && reach != .place }
}

extension Plan.Window {
  /// What says which of two rows comes first: its own order, then that of the stages before.
  fileprivate var tieOrder: [OrderItem] { order + earlier.map { OrderItem($0, descending: false) } }
}

extension GroupCall {
  /// Whether it takes the first or last of what is the same in all rows of a group.
  func isOfKey(_ keys: [PlanExpression]) -> Bool {
    guard case .edge = function.reach else { return false }
    return arguments.allSatisfy { argument in keys.contains { $0.description == argument.description } }
  }

  /// How many rows away it looks, where a row that has none there is missing; nil where it has a default, or looks
  /// elsewhere.
  fileprivate var stepsToAnotherRow: Int? {
    guard whyAbsent != nil, looksAtNeighbour else { return nil }
    if arguments.count == 1 { return 1 }
    if case .int(let steps)? = arguments[1].constant { return Int(clamping: steps.magnitude) }
    return nil
  }
}

extension Plan {
  /// Whether the rows come in an order that was asked for.
  var isSorted: Bool {
    switch self {
    case .sort: true
    // Groups come in the order of their keys; one row has nothing to be sorted by.
    case .aggregate: true
    case .filter, .project, .window, .effect, .distinct, .sample, .unpivot, .split:
      children.first?.isSorted ?? false
    case .join(let node): node.kind != .full && node.kind != .right && node.left.isSorted
    case .slice(let node):
      !node.order.isEmpty || node.input.isSorted || node.keys.isEmpty && node.take.map { $0 <= 1 } ?? false
    case .scan(let node):
      node.source.history?.isSorted ?? false || node.source.tableInMemory.map { $0.rowCount <= 1 } ?? false
    default: false
    }
  }

  /// The column that the rows are sorted by, where it is the only one.
  fileprivate var sortedColumn: Int? {
    switch self {
    case .sort(let node):
      if node.order.count == 1, case .column(let index, _) = node.order[0].expression.kind {
        index
      } else {
        nil
      }
    case .filter(let node): node.input.sortedColumn
    case .effect(let node): node.input.sortedColumn
    case .window(let node): node.input.sortedColumn
    case .project(let node):
      node.input.sortedColumn.flatMap { column in
        node.items.firstIndex { if case .column(column, _) = $0.kind { true } else { false } }
      }
    default: nil
    }
  }

  /// The stage before that kept a number of rows, whatever the others hold.
  fileprivate var cutBefore: StageOrigin? {
    switch self {
    case .slice(let node): node.origin
    case .project(let node): node.input.cutBefore
    case .sort(let node): node.input.cutBefore
    case .filter(let node): node.input.cutBefore
    case .window(let node): node.input.cutBefore
    case .effect(let node): node.input.cutBefore
    default: nil
    }
  }
}

extension Buffer where Element == UInt32 {
  func permuted(by order: Buffer<UInt32>) -> Buffer<UInt32> {
    var result = MutableBuffer<UInt32>(count: order.count)
    var target = result.mutableSpan
    let source = span
    let rows = order.span
    for index in 0..<rows.count { target[index] = source[Int(rows[index])] }
    return result.freeze()
  }
}
