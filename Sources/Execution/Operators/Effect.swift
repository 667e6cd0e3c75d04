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
        kind: node.kind, table: table, origin: node.origin, failures: failures, firstFailure: first,
        hasTotals: input.hasTotals))
    return result
  }
}
