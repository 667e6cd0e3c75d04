import Columns
import Diagnostics
import Planning
import Scheduling

/// Stages that do something with the table and pass it on. What they do is collected and done when the whole query
/// is through, so that a query that fails or begins anew leaves nothing behind.
extension Executor {
  func effect(_ node: Plan.Effect) throws -> SegmentStream {
    let input = try stream(node.input)
    var result = input
    let rows = try held(input)
    // The rows are wanted until the query is through.
    context.keep(rows.memory)
    let table = rows.table
    let seen = node.hidden == 0 ? table : table.keeping(0..<table.columnCount - node.hidden)
    result = SegmentStream(table, memory: rows.memory, hasTotals: input.hasTotals)
    var failures = 0
    var first: Int?
    if case .assert(let condition, _) = node.kind {
      let evaluator = Evaluator(condition, context)
      var start = 0
      for segment in table.segments {
        let rows = try evaluator.truth(segment).rows
        let failed = rows.inverted
        failures += failed.ones
        if first == nil, failed.ones > 0 { first = start + Int(failed.indices()[0]) }
        start += segment.count
      }
      if table.rowCount == 0, try !condition.conjuncts.allSatisfy({ try holdsOfNothing($0, node.input) }) {
        failures = 1
      }
    }
    context.add(
      EffectResult(
        kind: knowingAbsences(node, table), table: seen, origin: node.origin, failures: failures,
        firstFailure: first,
        hasTotals: input.hasTotals))
    return result
  }

  /// Whether a condition on nothing but aggregates of the whole table is true of a table without rows, such as
  /// `count() > 0`; of other conditions it is.
  private func holdsOfNothing(_ condition: PlanExpression, _ input: Plan) throws -> Bool {
    guard case .window(let window) = input, window.keys.isEmpty,
      window.calls.allSatisfy(\.function.isAggregate), case let first = window.input.schema.count,
      !condition.columns.isEmpty, condition.columns.allSatisfy({ $0 >= first })
    else { return true }
    let nothing = MemorySource(Table(schema: window.input.schema, segments: []), name: "")
    let whole = Plan.Aggregate(
      input: .scanning(nothing, origin: window.origin), keys: [], calls: window.calls,
      schema: Schema(Array(window.schema.fields[first...])), totals: false, origin: window.origin)
    let result = try held(stream(.aggregate(whole)))
    defer { result.release() }
    let evaluator = Evaluator(condition.remapped { $0 - first }, context)
    return try result.table.segments.allSatisfy { try evaluator.truth($0).rows.ones == $0.count }
  }

  /// A chart with the reasons for which the question itself leaves its columns without values.
  private func knowingAbsences(_ node: Plan.Effect, _ table: Table) -> Plan.Effect.Kind {
    guard case .chart(var chart) = node.kind else { return node.kind }
    for column in chart.y + [chart.x, chart.split].compactMap({ $0 }) {
      let absences = node.input.absences(of: [column])
      let missing = absences.isEmpty ? 0 : table.column(column).missingCount
      if missing == 0 { continue }
      let reason = context.reason(absences, for: missing)
      if reason.text.isEmpty { continue }
      chart.absences[column] = .init(text: reason.text, isWhole: reason.kind == .structural)
    }
    return .chart(chart)
  }
}
