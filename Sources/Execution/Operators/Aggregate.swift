import Columns
import Diagnostics
import Planning
import Scheduling
import Synchronization

/// A function over rows ready to run: its argument and condition evaluators, and its counts for notes.
final class GroupCallRunner: Sendable {
  let call: GroupCall
  private let context: QueryContext
  private let arguments: EvaluatorList
  private let isAlone: Bool
  private let condition: Evaluator?
  /// What the other call of a ratio takes; nil where it counts all rows.
  private let opposite: Evaluator?
  /// Rows that counted, and rows for which the condition was neither true nor false.
  private let counts = Mutex(Counts())
  /// For `count_distinct` of texts: those that are counted.
  private let different: DifferentTexts?

  private struct Counts {
    var rows = 0
    var unknown = 0
    var causes = UnknownCauses()
    var skipped = 0
    /// Of a ratio, how many of the missing values the other call counts.
    var unpaired = 0
    /// For `last_known`: missing values that took a known one.
    var filled = 0
    var unfilled = 0
    /// For `lag`, `lead` and `difference`: rows from which no row lies so far away.
    var beyond = 0
    /// For `quantile_group`: rows with equals in another group.
    var parted = 0
    /// For `percent`: rows in which what it counts is true.
    var holding: Int?
  }

  /// - Parameter shared: needed by calls that go through a segment together.
  init(_ call: GroupCall, _ context: QueryContext, _ shared: SharedStates? = nil) {
    self.call = call
    self.context = context
    // A `case` that only the rows of `where:` want counts those, and shares nothing with one that all rows want.
    isAlone = call.condition != nil && call.arguments.contains { Evaluator.choices(in: $0) > 0 }
    let shared = shared ?? SharedStates(call.expressions, context)
    let own = isAlone ? SharedStates(call.arguments, context) : shared
    arguments = EvaluatorList(call.arguments, context, own)
    condition = call.condition.map { Evaluator($0, context, shared) }
    opposite = call.ratio?.otherArgument.map { Evaluator($0, context, SharedStates([$0], context)) }
    // A condition has texts left out that `DifferentTexts` would see.
    let countsTexts =
      call.function.name == "count_distinct" && call.condition == nil && call.arguments.first?.type == .text
    different = countsTexts ? DifferentTexts(isWanted: true) : nil
  }

  func makeState() throws -> any AggregateState {
    guard case .aggregate(let kernel) = call.function.implementation else {
      throw Diagnostic("not-an-aggregate", "`\(call.function.name)` cannot run over groups", at: call.range)
    }
    return kernel(call.arguments.map(\.type), call.arguments.map { $0.constant ?? .missing })
  }

  /// The runners of a stage's calls, which share what they have in common.
  static func all(_ calls: [GroupCall], _ context: QueryContext) -> [GroupCallRunner] {
    let shared = SharedStates(calls.flatMap(\.expressions), context)
    return calls.map { GroupCallRunner($0, context, shared) }
  }

  func data(_ segment: Segment) throws -> [Datum] {
    var shared = SharedValues()
    return try data(segment, &shared)
  }

  private func data(
    _ segment: Segment, _ shared: inout SharedValues, wanted: Bitmap? = nil
  ) throws -> [Datum] {
    if !isAlone { return try arguments.evaluators.map { try $0.evaluate(segment, &shared, wanted: wanted) } }
    var own = SharedValues()
    return try arguments.evaluators.map { try $0.evaluate(segment, &own, wanted: wanted) }
  }

  func update(_ state: any AggregateState, _ segment: Segment, groups: Buffer<UInt32>?, groupCount: Int)
    throws
  {
    var shared = SharedValues()
    try update(state, segment, groups: groups, groupCount: groupCount, &shared)
  }

  func update(
    _ state: any AggregateState, _ segment: Segment, groups: Buffer<UInt32>?, groupCount: Int,
    _ shared: inout SharedValues
  ) throws {
    let input = try input(segment, &shared)
    try feed(state, input, rows: segment.count, groups: groups, groupCount: groupCount)
  }

  /// What the call takes in of a segment's rows, counted for the notes.
  func input(_ segment: Segment, _ shared: inout SharedValues) throws -> CallInput {
    var selection: Bitmap?
    var unknown = 0
    var causes = UnknownCauses()
    if let condition {
      let truth = try condition.truth(segment, &shared)
      (selection, unknown) = (truth.rows, truth.unknown)
      if let known = truth.known { causes = condition.expression.causes(in: segment, known: known) }
    }
    let data = try data(segment, &shared, wanted: selection)
    let rows = selection?.ones ?? segment.count
    var holding: Int?
    if call.function.name == "percent", let condition = data.first {
      let holds = condition.column(rows: segment.count).truth.rows
      holding = (selection.map { holds.and($0) } ?? holds).ones
    }
    counts.withLock {
      $0.rows += rows
      $0.unknown += unknown
      $0.causes.add(causes)
      if let holding { $0.holding = ($0.holding ?? 0) + holding }
    }
    if let different, case .column(let column)? = data.first { different.add(column) }
    try countUnpaired(data, selection, segment)
    return CallInput(data: data, selection: selection)
  }

  /// Counts the missing values of one side of a ratio in rows that the other side counts.
  private func countUnpaired(_ data: [Datum], _ selection: Bitmap?, _ segment: Segment) throws {
    guard call.ratio != nil, let known = data.first?.column(rows: segment.count).knownRows else { return }
    var rows = known.inverted
    if let selection { rows = rows.and(selection) }
    if let opposite, rows.ones > 0 {
      var shared = SharedValues()
      let other = try opposite.evaluate(segment, &shared, wanted: rows).column(rows: segment.count)
      if let known = other.knownRows { rows = rows.and(known) }
    }
    counts.withLock { $0.unpaired += rows.ones }
  }

  func feed(
    _ state: any AggregateState, _ input: CallInput, rows: Int, groups: Buffer<UInt32>?, groupCount: Int
  ) throws {
    try placed {
      try state.update(
        input.data, rows: rows, groups: groups, groupCount: groupCount, selection: input.selection)
    }
  }

  func addSkipped(_ count: Int) { counts.withLock { $0.skipped += count } }
  func addFilled(_ count: Int) { counts.withLock { $0.filled += count } }
  /// Rows of a moving window that have no value.
  func addUnfilled(_ count: Int) { counts.withLock { $0.unfilled += count } }
  func addBeyond(_ count: Int) { counts.withLock { $0.beyond += count } }
  /// Rows that are missing for want of a row, or of a full window.
  var absent: Int { counts.withLock { $0.beyond + $0.unfilled } }
  /// Rows in different groups although their values are equal.
  func addParted(_ count: Int) { counts.withLock { $0.parted += count } }
  func addRows(_ count: Int) { counts.withLock { $0.rows += count } }

  /// Runs a kernel; what it finds fault with is told of the call as it is written.
  ///
  /// - Parameter group: what a group is called, by its number; nil where nobody knows.
  func placed<Result>(group: ((Int) -> String)? = nil, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let fault as KernelFault {
      // What a fault advises is about its argument, whatever that is called.
      let help = fault.help.map { $0.replacing("(x)", with: "(\(call.argumentText))") }
      let place = fault.row.flatMap { group?($0) }.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
      throw Diagnostic("value", "\(call.text): \(fault.message)\(place)", at: call.range, help: help)
    }
  }

  /// Missing values that were left out, unknown conditions, and the denominator of a percent.
  ///
  /// That a row belongs to a column of a pivot is a condition that nobody wrote: it tells nothing.
  func notes() -> [Note] {
    if call.tally != nil { return [] }
    var notes = arguments.notes() + (condition?.notes() ?? [])
    let seen = counts.withLock { $0 }
    let (rows, unknown, skipped) = (seen.rows, seen.unknown, seen.skipped)
    if unknown > 0, let written = call.pivotColumn == nil ? condition?.expression : call.ownCondition {
      let names = seen.causes.names(of: written).map { "`\($0)`" }.joined(separator: " or ")
      let reason = context.reason(call.absences.ofCondition, for: unknown)
      notes.append(
        Note(
          reason.kind,
          "\(told): the condition is not known for \(counted(unknown, "row"))\(names.isEmpty ? "" : " where \(names) is missing")\(reason.text)",
          count: unknown, at: call.range))
    }
    if seen.filled > 0 {
      notes.append(
        Note(
          .missing, "\(told): \(counted(seen.filled, "missing value")) took the last known one",
          count: seen.filled,
          total: rows, subject: call.arguments.flatMap(\.columnNames).first, at: call.range))
    }
    if seen.unfilled > 0 {
      notes.append(
        Note(
          .structural,
          "\(told) is missing in \(grouped(seen.unfilled)) of \(counted(rows, "row")): the window is not full there, or holds no known value",
          count: seen.unfilled, total: rows, at: call.range))
    }
    if seen.beyond > 0 {
      let side = call.looksLater ? "later" : "earlier"
      notes.append(
        Note(
          .structural, of: told,
          ": \(grouped(seen.beyond)) of \(counted(rows, "row")) have no \(side) row, and are missing there",
          count: seen.beyond, total: rows, at: call.range))
    }
    if seen.parted > 0 {
      notes.append(
        Note(
          .tie,
          "\(told): \(grouped(seen.parted)) of \(counted(rows, "row")) have equals in another group: equal values are parted in the order of the rows",
          count: seen.parted, total: rows, subject: call.arguments.first?.columnNames.first, at: call.range))
    }
    if let texts = different?.texts, let name = call.arguments.first?.columnNames.first,
      let note = NearSpellings.note("texts that \(told) counts", texts, subject: name, call.range)
    {
      notes.append(note)
    }
    let reason = context.reason(call.absences.ofArguments, for: skipped)
    if call.function.name == "percent" { return notes + percentNotes(rows, skipped, seen.holding, reason) }
    // An empty cell of a pivot says itself that it has no value.
    let isCell = call.pivotColumn != nil && call.function.name == "only"
    if skipped > 0, call.function.missing == .leavesOut, !isCell {
      let rowsOfOther = seen.unpaired == skipped ? "such rows" : "\(grouped(seen.unpaired)) of these"
      let below =
        seen.unpaired == 0
        ? ""
        : call.ratio.map { "; \($0.other), \($0.role), counts \(rowsOfOther): \($0.ofSameRows) does not" }
          ?? ""
      notes.append(
        Note(
          reason.kind, of: told,
          " left out \(grouped(skipped)) of \(counted(rows, "row")): \(missingText)\(reason.text)\(below)",
          count: skipped, total: rows, subject: call.arguments.flatMap(\.columnNames).first, at: call.range))
    }
    return notes
  }

  /// The call as notes name it: with its column where a pivot makes one of it.
  private var told: String { call.text + (call.pivotColumn.map { " for `\($0)`" } ?? "") }

  private var missingText: String {
    let names = call.arguments.flatMap(\.columnNames)
    if names.isEmpty { return "missing" }
    if call.arguments.count == 1, call.arguments.first?.isColumn == false {
      // A function may give missing for a value that is not, ln(0), and an `if` for one that nobody asked for.
      return call.argumentText.contains("`")
        ? "\(call.argumentText) is missing" : "`\(call.argumentText)` is missing"
    }
    return names.map { "`\($0)`" }.joined(separator: " or ") + " is missing"
  }

  /// `percent` always shows its numerator and denominator, and from a tenth unknown on how to count the unknown as no.
  private func percentNotes(_ rows: Int, _ skipped: Int, _ holding: Int?, _ reason: MissingReason) -> [Note] {
    let known = rows - skipped
    var message =
      "\(told): \((holding ?? (known == 0 ? 0 : nil)).map { grouped($0) + " " } ?? "")of \(counted(known, "row"))"
    if skipped > 0 { message += " where it is known; not known in \(grouped(skipped))\(reason.text)" }
    if skipped * 10 >= max(1, rows), skipped > 0 {
      let condition = call.conditionText.map { ", where: \($0)" } ?? ""
      let isName = call.arguments.first?.isColumn == true
      let operand = isName ? call.argumentText : "(\(call.argumentText))"
      message += " — to count them as no: \(call.function.name)(\(operand) ?? false\(condition))"
    }
    return [Note(skipped == 0 ? .fact : reason.kind, message, count: skipped, total: rows, at: call.range)]
  }
}

/// A call's arguments in some rows, and which of the rows count (`where:`); nil for all.
struct CallInput: Sendable {
  var data: [Datum]
  var selection: Bitmap?

  /// The columns whose texts a state may point to until the end.
  var texts: [Column] {
    data.compactMap { if case .column(let column) = $0, column.type.holdsText { column } else { nil } }
  }
}

extension Executor {
  /// The groups and states of one segment.
  private struct Partial: @unchecked Sendable {
    // The states are handed from the worker that made them to the one thread that merges.
    var keys: [Column]
    var groupCount: Int
    var states: [any AggregateState]
    /// The states of all rows, where a total is wanted: made of the groups' states they would not know the rows' order.
    var totals: [any AggregateState] = []
    var rows: Int
  }

  func aggregate(_ node: Plan.Aggregate) throws -> SegmentStream {
    // Without keys there is nothing to divide by; a total wants the states of all groups at once.
    if node.keys.isEmpty || node.totals { return try aggregateInMemory(node) }
    return try trying(node.origin) {
      try aggregateInMemory(node)
    } onDisk: {
      try aggregateOnDisk(node)
    }
  }

  /// The same groups in partitions by key, one after the other.
  private func aggregateOnDisk(_ node: Plan.Aggregate) throws -> SegmentStream {
    let keys = EvaluatorList(node.keys, context)
    let runners = GroupCallRunner.all(node.calls, context)
    let report = context.report("aggregate", node.origin)
    let source = try stream(node.input)
    context.progress.begin(total: source.count)
    let needed = columnsRead(by: node.calls)
    let input = try PartitionedInput(source, keys, needed: needed, context)
    let order = node.keys.indices.map { index in
      let field = node.schema[index]
      return OrderItem(
        PlanExpression(.column(index, name: field.name), field.type, at: node.keys[index].range),
        descending: false)
    }
    var groups = try ExternalSort(
      self, order, EvaluatorList(order.map(\.expression), context), schema: node.schema, node.origin)
    var cells = PivotCells(node)
    var ties = EdgeTies(node)
    for partition in 0..<KeyPartitions.count {
      try context.workers.cancellation.check()
      let segments = input.stream(partition)
      if segments.isEmpty { continue }
      let memory = Reservation(context.budget)
      defer { memory.release() }
      let held = GroupMemory(memory, node.origin)
      let partials = try context.workers.map(segments.count) { index in
        let (segment, columns) = try segments[index]()
        return try partial(segment, columns, runners, held)
      }
      let merging = try reserve(
        mergedBytes(partials, node, held), for: "the states of a part of the groups", node.origin)
      defer { merging.release() }
      let table = try merged(partials, node, runners)
      cells.add(table)
      ties.add(table)
      try groups.add(table.segments)
      FreedMemory.giveBack()
    }
    let sorted = try groups.merged()
    report.add(rowsIn: input.rowCount, rowsOut: groups.rowCount)
    context.noteSpilled(input.byteCount + groups.spilledBytes, input.rowCount, report)
    note(node, keys, runners)
    cells.tell(report, context)
    ties.tell(context)
    if groups.rowCount <= mostLooked(node) {
      // Few groups have the same to tell as in memory.
      let segments = try (0..<sorted.count).map { try sorted.read($0) }
      tell(ofGroups: Table(schema: node.schema, segments: segments), node, report)
    }
    return sorted
  }

  private func aggregateInMemory(_ node: Plan.Aggregate) throws -> SegmentStream {
    let counting = node.calls.filter { $0.function.name != "count" }
    try prepareTexts(node.keys + counting.flatMap(\.arguments), of: node.input)
    let input = try stream(node.input, readsAll: true)
    let keys = EvaluatorList(node.keys, context)
    let runners = GroupCallRunner.all(node.calls, context)
    let report = context.report("aggregate", node.origin)
    context.progress.begin(total: input.count)
    if let table = try aggregateDirectly(node, input, keys, runners, report) {
      return try told(table, node, keys, runners, report)
    }
    let looksAhead = !node.keys.isEmpty && !node.totals
    let firsts = try context.workers.map(looksAhead ? Executor.firstSegments(of: input) : 0) { index in
      let segment = try input.read(index)
      return KeyedSegment(rows: segment, keys: try keys.columns(segment))
    }
    if Executor.areMostlyGroups(firsts) {
      return try aggregateSorted(node, firsts, input, keys, runners, report)
    }
    let memory = Reservation(context.budget)
    defer { memory.release() }
    let held = GroupMemory(memory, node.origin, held: input.table)
    let partials = try context.workers.map(input.count) { index in
      context.progress.advance()
      if index < firsts.count {
        let first = firsts[index]
        return try partial(first.rows, first.keys, runners, held)
      }
      let segment = try input.read(index)
      return try partial(segment, keys.columns(segment), runners, held, totals: node.totals)
    }
    let found = partials.reduce(0) { $0 + $1.groupCount }
    let merging = try reserve(
      mergedBytes(partials, node, held), for: "the states of up to \(counted(found, "group"))", node.origin)
    defer { merging.release() }
    var table = try merged(partials, node, runners)
    report.add(rowsIn: partials.reduce(0) { $0 + $1.rows }, rowsOut: table.rowCount)
    var hasTotals = false
    if node.totals, !node.keys.isEmpty {
      table = try addingTotals(to: table, partials, node, runners)
      hasTotals = true
    }
    return try told(table, node, keys, runners, report, hasTotals: hasTotals)
  }

  /// The groups as rows, with what there is to tell of them.
  private func told(
    _ table: Table, _ node: Plan.Aggregate, _ keys: EvaluatorList, _ runners: [GroupCallRunner],
    _ report: OperatorReport, hasTotals: Bool = false
  ) throws -> SegmentStream {
    let result = try reserve(
      MemoryUse([table]).bytes, for: "\(counted(table.rowCount, "group"))", node.origin)
    note(node, keys, runners)
    PivotCells.tell(of: table, node, report, context)
    EdgeTies.tell(of: hasTotals ? table.prefix(table.rowCount - 1) : table, node, context)
    tell(ofGroups: table, node, report, hasTotals: hasTotals)
    return SegmentStream(table, memory: [result], hasTotals: hasTotals)
  }

  /// What the groups themselves have to tell: those that are spelt alike, and periods without rows.
  private func tell(
    ofGroups table: Table, _ node: Plan.Aggregate, _ report: OperatorReport, hasTotals: Bool = false
  ) {
    let near = NearSpellings.notes(table, keys: 0..<node.keys.count, groups: "groups", node.origin)
    context.note { near }
    if !hasTotals { noteAbsent(table, node, report) }
  }

  private func mostLooked(_ node: Plan.Aggregate) -> Int {
    node.averaged.isEmpty ? Self.groupsLooked.unasked : Self.groupsLooked.asked
  }

  /// More groups, which may go over the disk, are not looked through; nor so many where nobody has asked yet.
  private static let groupsLooked = (asked: 100_000, unasked: 10_000)

  /// Looks for months without rows: they have no group.
  func noteAbsent(_ table: Table, _ node: Plan.Aggregate, _ report: OperatorReport) {
    let series = node.keys.indices.filter { node.keys[$0].type.isTime }
    guard series.count == 1, table.rowCount <= mostLooked(node), table.rowCount > 1 else { return }
    let others = node.keys.indices.filter { $0 != series[0] }.map(table.column)
    let groups =
      others.isEmpty ? nil : try? Grouper.numbers(others, rows: table.rowCount, by: context.workers)
    let key = SortKey(table.column(series[0]))
    guard
      let placed = try? Sorter.partitioned(groups, [key], rows: table.rowCount, workers: context.workers),
      let gaps = SeriesGaps.absent(
        key.column, order: placed.order, partitions: placed.starts,
        unit: node.input.period(of: node.keys[series[0]]))
    else { return }
    let absent = AbsentPeriods(
      count: gaps.count, all: gaps.count + gaps.pairs, word: gaps.word, ofEachGroup: !others.isEmpty)
    report.did(.absent(absent))
    if node.averaged.isEmpty { return }
    let note = node.absentNote(absent)
    context.note { [note] }
  }

  /// What the keys and calls of an aggregate have to tell.
  func note(_ node: Plan.Aggregate, _ keys: EvaluatorList, _ runners: [GroupCallRunner]) {
    let unordered =
      node.input.isSorted ? [] : node.calls.filter { $0.function.goesByOrder && !$0.isOfKey(node.keys) }
    context.note {
      var told: Set<String> = []
      // Of groups of one row each there is nothing to choose.
      let chooses = context.reports.contains {
        $0.origin.index == node.origin.index && $0.rowsIn > $0.rowsOut
      }
      let named = chooses ? unordered.filter { told.insert($0.text).inserted } : []
      return keys.notes() + runners.flatMap { $0.notes() }
        + named.map { Executor.unordered($0.text, at: $0.range) }
    }
  }

  private func partial(
    _ segment: Segment, _ columns: [Column], _ runners: [GroupCallRunner], _ memory: GroupMemory,
    totals: Bool = false
  ) throws -> Partial {
    let states = try runners.map { try $0.makeState() }
    var shared = SharedValues()
    if columns.isEmpty {
      try memory.grow(states, keys: [], groups: 1, rows: segment.count, self)
      for (runner, state) in zip(runners, states) {
        let input = try runner.input(segment, &shared)
        if state.keepsValues { try memory.grow(textsOf: input.texts, self) }
        try runner.feed(state, input, rows: segment.count, groups: nil, groupCount: 1)
      }
      try memory.grow(copiedBy: states, self)
      return Partial(keys: [], groupCount: 1, states: states, rows: segment.count)
    }
    let grouping = Grouper.group(columns, rows: segment.count)
    try memory.grow(states, keys: columns, groups: grouping.count, rows: segment.count, self)
    let wholes = try totals ? runners.map { try $0.makeState() } : []
    try memory.grow(wholes, keys: [], groups: 1, rows: segment.count, self)
    for (position, runner) in runners.enumerated() {
      let input = try runner.input(segment, &shared)
      if states[position].keepsValues { try memory.grow(textsOf: input.texts, self) }
      try runner.feed(
        states[position], input, rows: segment.count, groups: grouping.ids, groupCount: grouping.count)
      if totals {
        try runner.feed(wholes[position], input, rows: segment.count, groups: nil, groupCount: 1)
      }
    }
    try memory.grow(copiedBy: states, self)
    return Partial(
      keys: columns.map { $0.take(firstsOf: grouping) }, groupCount: grouping.count, states: states,
      totals: wholes, rows: segment.count)
  }

  /// Bytes that merging takes: all segments' keys in one piece and numbered, and a whole state for each function.
  ///
  /// The texts of the keys come into one dictionary, and those that states hold are copied when they are put together.
  private func mergedBytes(_ partials: [Partial], _ node: Plan.Aggregate, _ held: GroupMemory) -> Int {
    let rows = partials.reduce(0) { $0 + $1.rows }
    let groups = partials.reduce(0) { $0 + $1.groupCount }
    if partials.count <= 1 { return groups.saturating(times: 16 * node.calls.count) }
    let states = partials.first?.states ?? []
    // What states have copied is copied when they are merged, for the result, and for its dictionary.
    let copied = partials.reduce(0) { $0 + $1.states.reduce(0) { $0 + $1.copiedBytes } }
    let texts = Executor.dictionaryBytes(partials.map(\.keys), count: node.keys.count)
      .saturating(plus: held.textBytes).saturating(plus: copied.saturating(times: 3))
    return states.reduce(Executor.keyBytes(node.keys.count, rows: groups).saturating(plus: texts)) {
      $0.saturating(plus: $1.stateBytes(groups: groups, rows: rows))
    }
  }

  /// All segments' groups as one table, sorted by key.
  private func merged(
    _ partials: [Partial], _ node: Plan.Aggregate, _ runners: [GroupCallRunner]
  ) throws -> Table {
    var groupCount = node.keys.isEmpty ? 1 : 0
    var keys: [Column] = node.keys.map { .missing(count: 0, type: $0.type) }
    var maps: [Buffer<UInt32>] = partials.map { _ in Buffer(repeating: 0, count: 1) }
    if !node.keys.isEmpty, !partials.isEmpty {
      keys = node.keys.indices.map { position in
        Column.concatenated(partials.map { $0.keys[position] }, type: node.keys[position].type)
      }
      if partials.count == 1 {
        groupCount = partials[0].groupCount
      } else {
        let rows = partials.reduce(0) { $0 + $1.groupCount }
        let grouping = try Grouper.group(keys, rows: rows, by: context.workers)
        var start = 0
        maps = partials.map { partial in
          defer { start += partial.groupCount }
          return grouping.ids.slice(start..<start + partial.groupCount)
        }
        keys = keys.map { $0.take(firstsOf: grouping) }
        groupCount = grouping.count
      }
    }
    let finalGroups = groupCount
    let finalMaps = maps
    let finalKeys = keys
    let results = try context.workers.map(runners.count) { position in
      try finish(position, partials, finalMaps, finalGroups, runners[position]) { group in
        Executor.name(ofGroup: group, finalKeys, node)
      }
    }
    let unsorted = keys + results.flatMap { $0 }
    if node.keys.isEmpty {
      let typed = zip(unsorted, node.schema.fields).map { $0.widened(to: $1.type) }
      return Table(schema: node.schema, columns: typed, count: groupCount)
    }
    return try ordered(keys, results.flatMap { $0 }, count: groupCount, node)
  }

  /// Groups as a table, sorted by key.
  func ordered(
    _ keys: [Column], _ results: [Column], count: Int, _ node: Plan.Aggregate
  ) throws -> Table {
    let order = try Sorter.order(keys.map { SortKey($0) }, rows: count, by: context.workers)
    let unsorted = keys + results
    let typed = try context.workers.map(unsorted.count) { position in
      unsorted[position].take(order, hasMissing: false).widened(to: node.schema[position].type)
    }
    return Table(schema: node.schema, columns: typed, count: count)
  }

  /// What a fault calls a group: `ward A3`.
  static func name(ofGroup row: Int, _ keys: [Column], _ node: Plan.Aggregate) -> String {
    name(ofGroup: row, keys, named: keys.indices.map { node.schema[$0].name })
  }

  /// The same of keys with names of their own.
  static func name(ofGroup row: Int, _ keys: [Column], named names: [String]) -> String {
    zip(names, keys).map { name, key in
      "\(name) \(key.isKnown(row) ? visible(ValueText.plain(key.value(row))) : "missing")"
    }.joined(separator: ", ")
  }

  private func finish(
    _ position: Int, _ partials: [Partial], _ maps: [Buffer<UInt32>], _ groupCount: Int,
    _ runner: GroupCallRunner, group: @escaping (Int) -> String
  ) throws -> [Column] {
    try runner.placed(group: group) {
      if partials.count == 1 {
        runner.addSkipped(partials[0].states[position].skipped)
        return try partials[0].states[position].finish(groupCount: groupCount)
      }
      let whole = try runner.makeState()
      for (partial, map) in zip(partials, maps) {
        runner.addSkipped(partial.states[position].skipped)
        try whole.merge(partial.states[position], map: map, groupCount: groupCount)
      }
      return try whole.finish(groupCount: groupCount)
    }
  }

  /// The same table with a last row over all rows. Its keys are missing, and it is marked where it is shown: what is worked
  /// out from a key is not known of all groups together.
  private func addingTotals(
    to table: Table, _ partials: [Partial], _ node: Plan.Aggregate, _ runners: [GroupCallRunner]
  ) throws -> Table {
    let map = Buffer<UInt32>(repeating: 0, count: 1)
    let totals = try runners.indices.flatMap { position in
      try runners[position].placed {
        let whole = try runners[position].makeState()
        for partial in partials { try whole.merge(partial.totals[position], map: map, groupCount: 1) }
        return try whole.finishTotal()
      }
    }
    let schema = table.schema
    var columns: [Column] = []
    for index in schema.fields.indices {
      let column = table.column(index)
      if index < node.keys.count {
        columns.append(
          .concatenated([column, .missing(count: 1, type: column.type)], type: schema[index].type))
      } else {
        let total = totals[index - node.keys.count].widened(to: schema[index].type)
        columns.append(.concatenated([column, total], type: schema[index].type))
      }
    }
    return Table(schema: schema, columns: columns, count: table.rowCount + 1)
  }
}

extension Column {
  /// The rows that groups begin with; the column as it is where every row is a group.
  fileprivate func take(firstsOf grouping: Grouping) -> Column {
    grouping.count == count ? self : take(grouping.firstRows, hasMissing: false)
  }
}
