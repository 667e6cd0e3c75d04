import Columns
import Diagnostics
import Execution
import Language
import Planning
import Scheduling

extension Session {
  /// A pipeline in words, its plan, and the plan after each rule that changed it; with `analyze` what each operator did.
  func explanation(_ pipeline: Pipeline, analyses: Bool, _ source: SourceText) throws -> String {
    let plan = try planned(pipeline)
    var lines = ["In words"]
    let words = PlanWords(plan)
    lines += words.sentences.enumerated().map { "  \($0 + 1). \($1)" }
    if let remark = words.remark { lines.append("  \(remark)") }
    lines += ["", "Plan", indented(plan.tree)]
    for (rule, better) in Optimizer.stages(plan) { lines += ["", "After \(rule)", indented(better.tree)] }
    if analyses {
      let clock = ContinuousClock()
      let start = clock.now
      let result = try Executor(queryContext(isProfiled: true)).run(Optimizer.optimised(plan))
      let time = clock.now - start
      lines += [
        "",
        "Run: \(time.milliseconds) ms, \(counted(result.table.rowCount, "row")), \(grouped(result.table.byteCount)) bytes",
      ]
      lines += Self.table(of: result.profiles).map { "  " + $0 }
      lines += result.reports.compactMap { report in
        let found =
          (report.unknown > 0 ? ["\(grouped(report.unknown)) not known"] : [])
          + (report.spilled > 0 ? ["\(grouped(report.spilled)) bytes through temporary files"] : [])
        return found.isEmpty ? nil : "  \(report.name): \(found.joined(separator: ", "))"
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The operators as the plan shows them, each with the rows and bytes that it gave and the time that went into it.
  private static func table(of profiles: [OperatorProfile]) -> [String] {
    let total = max(1, profiles.reduce(0) { $0 + $1.nanoseconds })
    let head = ["operator", "rows", "bytes", "ms of all cores", "of it"]
    let rows = profiles.map { profile in
      let micros = Double(profile.nanoseconds) / 1000
      return [
        String(repeating: "  ", count: profile.depth) + visible(profile.name), grouped(profile.rows),
        grouped(profile.bytes), ValueText.fixed(micros / 1000, decimals: 1),
        "\(Int((Double(profile.nanoseconds) * 100 / Double(total)).rounded()))%",
      ]
    }
    let widths = head.indices.map { column in ([head] + rows).map { DisplayWidth.of($0[column]) }.max() ?? 0 }
    return ([head] + rows).map { row in
      row.indices.map { column in
        let blanks = String(repeating: " ", count: widths[column] - DisplayWidth.of(row[column]))
        return column == 0 ? row[column] + blanks : blanks + row[column]
      }.joined(separator: "  ")
    }
  }

  /// The plan of a pipeline, checked anew when a look at the data contradicts the types that it was checked with.
  private func planned(_ pipeline: Pipeline) throws -> Plan {
    let environment = environment(runs: true)
    return try reading(orElse: Diagnostic("unsteady", "a file changes while it is read", at: pipeline.range))
    {
      var lowering = PipelineLowering(environment: environment, showsTotals: true)
      let plan = lowering.lower(pipeline)
      try environment.interruption.check()
      guard let plan, lowering.diagnostics.isEmpty else { throw DiagnosticList(lowering.diagnostics) }
      return plan
    }
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
  }

  // MARK: Steps

  /// Runs the stages one by one as written and tells after each what became of the rows.
  func stepping(_ pipeline: Pipeline) throws -> QueryResult {
    var environment = environment(runs: true)
    environment.last = last
    var current = pipeline
    var result: QueryResult?
    var rowsBefore: Int?
    var told: [Note] = []
    for count in 0...pipeline.stages.count {
      current.stages = Array(pipeline.stages.prefix(count))
      var lowering = PipelineLowering(environment: environment, showsTotals: true)
      let partial = lowering.lower(current)
      try environment.interruption.check()
      guard let partial, lowering.diagnostics.isEmpty else {
        throw DiagnosticList(lowering.diagnostics)
      }
      let step = try Executor(queryContext()).run(partial)
      let name = count == 0 ? "source" : pipeline.stages[count - 1].word?.text ?? ""
      let rows = step.table.rowCount
      let change = rowsBefore.map { "\(grouped($0)) → \(counted(rows, "row"))" } ?? counted(rows, "row")
      let new = result.map { old in step.notes.filter { !old.notes.contains($0) } } ?? step.notes
      // The result itself is told once all stages are through, as without steps.
      let isLast = count == pipeline.stages.count
      tell(
        .step(
          "step \(count) \(name): \(change) × \(counted(step.table.columnCount, "column"))",
          isLast ? nil : shown(step.table, count == 0 ? nil : pipeline.stages[count - 1], result?.table),
          notes: isLast ? [] : new, hasTotals: step.hasTotals))
      if !isLast { told += new }
      rowsBefore = rows
      result = step
    }
    guard var result else { throw Diagnostic("steps", "nothing to run", at: pipeline.range) }
    for index in result.notes.indices where told.contains(result.notes[index]) {
      result.notes[index].isTold = true
    }
    return result
  }
}

extension Session {
  /// The rows behind a stage with the columns in front that it names or makes: on a narrow screen the others are hidden.
  private func shown(_ table: Table, _ stage: Stage?, _ before: Table?) -> Table {
    // Of few columns none is hidden, and each may stay in its place.
    guard let stage, table.columnCount > 7 else { return table }
    var names: Set<String> = []
    func gather(_ expression: Expression) {
      if case .name(let name) = expression.kind { names.insert(Suggestion.folded(name.text)) }
      expression.forEachChild(gather)
    }
    for item in stage.groups.flatMap(\.items) {
      names.formUnion(item.names.map { Suggestion.folded($0.text) })
      gather(item.value)
      if let condition = item.condition { gather(condition) }
    }
    let known = before.map { Set($0.schema.names) } ?? []
    let columns = table.schema.fields.indices
    let named = columns.filter { index in
      let name = table.schema[index].name
      return index > 0 && (names.contains(Suggestion.folded(name)) || !known.isEmpty && !known.contains(name))
    }
    if named.isEmpty || named.count > 6 { return table }
    let order = [0] + named + columns.dropFirst().filter { !named.contains($0) }
    return Table(
      schema: Schema(order.map { table.schema[$0] }),
      segments: table.segments.map { segment in
        Segment(columns: order.map { segment.columns[$0] }, count: segment.count)
      })
  }
}

extension Duration {
  /// Whole milliseconds with one decimal, as text.
  package var milliseconds: String {
    let value = Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    return ValueText.fixed(value, decimals: 1)
  }
}
