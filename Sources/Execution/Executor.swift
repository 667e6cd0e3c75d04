import Columns
import Diagnostics
import Planning
import Scheduling

/// Segments of rows, each made when it is asked for, from any thread.
struct SegmentStream: Sendable {
  let schema: Schema
  let count: Int
  let read: @Sendable (Int) throws -> Segment
  /// The rows as they lie, when nothing has to be done to get them.
  var table: Table?
  /// What is reserved for the rows, held as long as they can be read.
  var memory: [Reservation] = []
  var hasTotals = false

  init(schema: Schema, count: Int, table: Table? = nil, read: @escaping @Sendable (Int) throws -> Segment) {
    self.schema = schema
    self.count = count
    self.table = table
    self.read = read
  }

  init(_ table: Table, memory: [Reservation] = [], hasTotals: Bool = false) {
    let segments = table.segments
    self.init(schema: table.schema, count: segments.count, table: table) { segments[$0] }
    self.memory = memory
    self.hasTotals = hasTotals
  }
}

/// Runs plans. Stages that look at one row at a time pass segments on; the others gather what they need, and their
/// result is the source of what follows:
///
///     scan ─▶ filter ─▶ project ─▶ aggregate     segments, in parallel, a state each, merged in row order
///                                      │
///                                  sort ─▶ slice ─▶ result
package struct Executor {
  let context: QueryContext

  package init(_ context: QueryContext) { self.context = context }

  /// Runs a plan to its end. Throws `Diagnostic`, `FormatFault`, `Cancelled`, `BudgetExceeded`, and `SchemaChange`
  /// when a cell contradicts the types that the plan was checked with.
  package func run(_ plan: Plan) throws -> QueryResult {
    defer {
      context.forgetNotes()
      FreedMemory.giveBackMuch()
    }
    do {
      try checkFiles(of: plan)
      return try result(plan)
    } catch let failure as StageTooLarge {
      throw failure.diagnostic
    }
  }

  /// Throws where a table lies in a mapped file to which another program has written since: what was checked of its
  /// offsets and codes when it was opened need not hold any more.
  private func checkFiles(of plan: Plan) throws {
    if case .scan(let node) = plan, let table = node.source.tableInMemory {
      for segment in table.segments {
        for column in node.columns {
          if let file = MemoryUse.changedFile(of: segment.columns[column]) { throw FormatFault.changed(file) }
        }
      }
    }
    for input in plan.children { try checkFiles(of: input) }
    for subquery in plan.subqueries { try checkFiles(of: subquery.plan) }
  }

  /// Gives a table's columns of identifiers that come back their dictionaries, once for all queries to come.
  package func prepareIdentifiers(of table: MemorySource) throws {
    try table.prepareIdentifiers(environment: context.scanEnvironment, bytes: context.budget.available)
    FreedMemory.giveBackMuch()
  }

  private func result(_ plan: Plan) throws -> QueryResult {
    try prepareSubqueries(plan)
    let stream = try stream(plan)
    let rows = try held(stream)
    defer { rows.release() }
    return QueryResult(
      table: rows.table, notes: context.notes, effects: context.effects, reports: context.reports,
      profiles: context.profiler?.profiles ?? [], hasTotals: stream.hasTotals,
      unchosen: context.unchosen)
  }

  /// Pipelines inside expressions run first; a scan that must begin anew takes the whole query with it.
  private func prepareSubqueries(_ plan: Plan) throws {
    for subquery in plan.subqueries {
      try prepareSubqueries(subquery.plan)
      let rows = try held(
        try context.profiler?.opening("pipeline as a value") { try stream(subquery.plan) }
          ?? stream(subquery.plan))
      defer { rows.release() }
      let table = rows.table
      if !subquery.asList, table.rowCount > 1 {
        throw CheckMessages.severalRowsAsValue(nil, table.rowCount, at: subquery.range)
      }
      let column = table.rowCount == 0 ? Column.missing(count: 0) : table.column(0)
      context.set(
        subquery.asList ? .list(column.values.filter { !$0.isMissing }) : cell(column), for: subquery)
    }
  }

  private func cell(_ column: Column) -> Value { column.count == 0 ? .missing : column.value(0) }

  /// - Parameter readsAll: every segment will be read, and once. What can make its rows piece by piece but must have
  ///   been read to the end to tell what it lost, need not keep them then.
  func stream(_ plan: Plan, readsAll: Bool = false) throws -> SegmentStream {
    guard let profiler = context.profiler else { return try opened(plan, readsAll: readsAll) }
    return try profiler.opening(plan.operatorName) { try opened(plan, readsAll: readsAll) }
  }

  private func opened(_ plan: Plan, readsAll: Bool) throws -> SegmentStream {
    switch plan {
    case .scan(let node): try scan(node)
    case .filter(let node): try filter(node, readsAll: readsAll)
    case .project(let node): try project(node, readsAll: readsAll)
    case .aggregate(let node): try aggregate(node)
    case .window(let node): try window(node)
    case .sort(let node): try sort(node)
    case .slice(let node): try slice(node)
    case .distinct(let node): try distinct(node)
    case .sample(let node): try sample(node)
    case .join(let node): try join(node, readsAll: readsAll)
    case .append(let node): try append(node)
    case .unpivot(let node): try unpivot(node)
    case .split(let node): try split(node)
    case .describe(let node): try describe(node)
    case .effect(let node): try effect(node)
    }
  }
}
