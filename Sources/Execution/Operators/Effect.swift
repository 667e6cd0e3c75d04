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
    }
    context.add(
      EffectResult(
        kind: knowingAbsences(node, table), table: table, origin: node.origin, failures: failures,
        firstFailure: first,
        hasTotals: input.hasTotals))
    return result
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
