import Columns
import Diagnostics
import Execution
import Language
import Planning
import Presentation
import Scheduling

extension Session {
  /// Runs one statement that was found to be right.
  func run(_ statement: Statement, in source: SourceText) throws {
    if let row = StatementTable.row(for: statement, environment(runs: true)) {
      return try row.run(statement, self, source)
    }
    let result = try query(statement, environment(runs: true))
    last = result.source(name: "last")
    tellNotesOnce(result, statement)
  }

  /// A pipeline, checked and run; again with wider types when a cell contradicts the sample's guess.
  func query(_ pipeline: Pipeline, _ environment: Environment) throws -> QueryResult {
    try reading(orElse: Diagnostic("unsteady", "this file changes while it is read", at: pipeline.range)) {
      var lowering = PipelineLowering(environment: environment, showsTotals: true)
      let plan = lowering.lower(pipeline)
      try environment.interruption.check()
      guard let plan, !lowering.diagnostics.contains(where: { $0.severity == .error }) else {
        throw DiagnosticList(lowering.diagnostics)
      }
      let better = Optimizer.optimised(plan)
      var result =
        try isOn("steps")
        ? stepping(pipeline) : Executor(queryContext()).run(optimises ? better : plan)
      result.notes = lowering.notes + result.notes
      result.placeCounts(in: pipeline, catalogue)
      result.remember(plan)
      EmptyResult(session: self, plan: plan).tell(&result)
      result.notes += CalendarOrder.notes(result.table)
      // Of files that were loaded only what was told of columns that are read: the others the optimiser leaves out.
      result.notes = better.notesOfKept + result.notes
      try perform(result.effects, notes: result.notes)
      return result
    }
  }

  /// Does what reads files; again, with what the sources have learnt, when a cell contradicts the types that were
  /// guessed. The sources tell of it themselves, with their other notes.
  ///
  /// - Parameter unsteady: what to say when they never come to an end of it.
  func reading<Result>(
    orElse unsteady: @autoclosure () -> Diagnostic, _ body: () throws -> Result
  ) throws -> Result {
    for _ in 0..<1000 {
      do {
        return try body()
      } catch is SchemaChange {
        continue
      } catch is ScanRestart {
        continue
      }
    }
    throw unsteady()
  }

  /// The value of an expression outside any table.
  ///
  /// - Parameter teller: what its notes begin with: they stand under the result of another statement, which they are
  ///   not about. Without one they are not told, since they have been.
  func value(of expression: Expression, _ environment: Environment, for teller: String?) throws -> (
    Value, DataType
  ) {
    try reading(orElse: Diagnostic("unsteady", "a file changes while it is read", at: expression.range)) {
      var checker = ExpressionChecker(
        environment: environment, scope: Scope(),
        mode: .forbidden("outside a table; begin with a table and `|`"))
      let checked = checker.check(expression)
      try environment.interruption.check()
      guard let checked, checker.diagnostics.isEmpty else { throw DiagnosticList(checker.diagnostics) }
      if let constant = checked.constant { return (constant, checked.type) }
      let origin = StageOrigin(range: expression.range, verb: "value", index: 0)
      let plan = PipelineLowering(environment: environment).oneCell(checked, "value", origin)
      let result = try Executor(queryContext()).run(plan)
      if let teller { tellNotes((checker.notes + result.notes).told(by: teller)) }
      return (result.table.rowCount == 0 ? .missing : result.table.column(0).value(0), checked.type)
    }
  }

  /// Reads a file into a table under a name.
  func load(_ path: String, as name: String, isNameGiven: Bool, options: [Option], at range: SourceRange)
    throws
  {
    let source = try opening.open(path, options)
    let origin = StageOrigin(range: range, verb: "load", index: 0)
    let (table, notes) = try reading(
      orElse: Diagnostic("unsteady", "this file changes while it is read", at: range)
    ) {
      try read(source, as: name, origin)
    }
    remember("load \(name)")
    // One source: a dictionary that one of the names needs is made for both.
    bindings[name] = .table(table)
    last = table
    tell(
      .message(
        "\(name): \(counted(table.knownRowCount ?? 0, "row")) × \(counted(table.schema.count, "column")) from \(path)"
      ))
    tellNotes(notes)
  }

  /// Nothing but the source may hold the table when its columns get their dictionaries: what takes the place of their
  /// texts would stand beside them.
  private func read(
    _ source: any TableSource, as name: String, _ origin: StageOrigin
  ) throws -> (MemorySource, [Note]) {
    let executor = Executor(queryContext())
    func table() throws -> (MemorySource, [Note]) {
      let result = try executor.run(.scanning(source, origin: origin))
      return (
        MemorySource(result.table, name: name, remarks: source.textRemarks, read: result.notes), result.notes
      )
    }
    let (made, notes) = try table()
    try executor.prepareIdentifiers(of: made)
    return (made, notes)
  }

  /// Assertions and files, once the whole query is through.
  ///
  /// - Parameter notes: what the query says of its result, for the formats that hold notes.
  func perform(_ effects: [EffectResult], notes: [Note]) throws {
    var charts: [(ChartSpecification, Table)] = []
    for effect in effects {
      // A query that was stopped, and left behind because it took too long to do so, must not write any more.
      try cancellation.check()
      switch effect.kind {
      case .assert(let condition, let message) where effect.failures > 0:
        let row =
          effect.firstFailure.map {
            "; first in row \(grouped($0 + 1))" + Session.values(of: condition, effect.table, row: $0)
          } ?? ""
        // What was noted of the rows (a file that had to be forgiven something) may be the reason.
        tellNotes(notes)
        throw AssertionFailure(
          diagnostic: Diagnostic(
            effect.table.rowCount == 0 ? Session.emptyAssertion : "assert",
            (message.map { $0 + ": " } ?? "")
              + (effect.table.rowCount == 0
                ? "the assertion is not true of a table without rows"
                : "the assertion fails for \(grouped(effect.failures)) of \(counted(effect.table.rowCount, "row"))\(row)"),
            at: effect.origin.range))
      case .save(let path, let replace):
        guard let format = catalogue.output(forPath: path) else { continue }
        do {
          try writeFile(path, replace) { emit in
            let result = WrittenResult(
              effect.table, notes: notes, hasTotals: effect.hasTotals, workers: workers)
            // A page holds the charts of the stages before, too.
            let pictures = try (format.holdsPictures ? charts : []).map {
              WrittenResult(picture: try ChartRenderer.renderSVG($0, $1).text)
            }
            try format.write(pictures + [result]) { [cancellation] bytes in
              try cancellation.check()
              try emit(bytes)
            }
          }
        } catch {
          throw Faults.diagnostic(error, at: effect.origin.range)
        }
        opening.forgetFiles()
        let total = effect.hasTotals ? ", the last of them the total," : ""
        tell(.message("saved \(counted(effect.table.rowCount, "row"))\(total) to \(path)"))
        tellNotes(format.losses(effect.table))
      case .chart(let chart):
        do {
          if let file = chart.file {
            try saveChart(chart, effect.table, file)
          } else {
            // Whoever writes only the table does not draw it: the fault must not depend on the format.
            try checkRoom(for: chart, effect.table)
            try ChartRenderer.check(chart, withoutTotal(effect))
            charts.append((chart, withoutTotal(effect)))
          }
        } catch {
          throw Faults.diagnostic(error, at: effect.origin.range)
        }
      case .assert, .show: break
      }
    }
  }

  private func withoutTotal(_ effect: EffectResult) -> Table {
    effect.hasTotals ? effect.table.prefix(max(0, effect.table.rowCount - 1)) : effect.table
  }

  /// What a row holds in the columns that a condition names. The others stay out of it: the message goes into logs,
  /// where nobody's identifiers belong.
  private static func values(of condition: PlanExpression, _ table: Table, row: Int) -> String {
    let values = table.row(row)
    // What the condition needed besides lies behind the table's own columns.
    let shown = condition.columns.sorted().filter { $0 < table.columnCount }
    if shown.isEmpty { return "" }
    let texts = shown.map { index in
      "\(table.schema[index].name) \(values[index].isMissing ? "missing" : ValueText.plain(values[index]))"
    }
    return ": " + texts.joined(separator: ", ")
  }

  /// An assertion that is not true of a table without rows, of which none can be shown.
  private static let emptyAssertion = "assert-empty"

  /// The stage that shows the rows for which an assertion of a pipeline fails.
  static func rowsWanted(_ failure: Diagnostic, _ statement: Statement) -> [String] {
    guard failure.code != Session.emptyAssertion,
      let stage = statement.stages.first(where: { $0.range == failure.range }),
      let item = stage.groups.first?.items.first
    else { return [] }
    let expression = item.condition ?? item.value
    // Whether something is missing is always known.
    if case .isMissing(let value, let negated) = expression.kind {
      let wanted = "\(ExpressionText.code(value)) is \(negated ? "" : "not ")missing"
      return ["the rows themselves: put | filter \(wanted) in its place"]
    }
    let condition = ExpressionText.code(expression)
    return ["the rows themselves: put | filter not (\(condition)) or (\(condition)) is missing in its place"]
  }

  // MARK: Telling

  func tellNotes(_ notes: [Note]) {
    if !notes.isEmpty { tell(.notes(notes)) }
  }

  /// What the stages do, in their order, and the result; a chart at the end stands behind the table that it draws.
  private func tellNotesOnce(_ result: QueryResult, _ statement: Statement) {
    let lastIndex = statement.stages.count
    var closing: [Outcome] = []
    var isShown = false
    for effect in result.effects {
      switch effect.kind {
      case .show(let rows):
        let isLast = effect.origin.index == lastIndex
        tell(
          .table(
            effect.table, notes: isLast ? result.notes : [], hasTotals: effect.hasTotals, rows: rows))
        if isLast { isShown = true }
      case .chart(let chart):
        if effect.origin.index == lastIndex {
          closing.append(.chart(chart, withoutTotal(effect)))
        } else {
          tell(.chart(chart, withoutTotal(effect)))
        }
      case .save, .assert: break
      }
    }
    let isSaved = result.effects.contains { effect in
      if case .save = effect.kind { return effect.origin.index == lastIndex }
      return false
    }
    if isSaved {
      // The rows are in the file, and the message says how many.
      tellNotes(result.notes)
    } else if let checked = result.effects.last, case .assert = checked.kind,
      checked.origin.index == lastIndex
    {
      // A check is asked for, and not the rows: they stay out of the log.
      tell(
        .message(
          "assert: true for \(checked.table.rowCount == 1 ? "the" : "all") \(counted(checked.table.rowCount, "row"))"
        ))
      tellNotes(result.notes)
    } else if !isShown {
      // Many rows are not read before their chart: their number is enough, and what there is to say of them.
      let rows = closing.isEmpty || result.table.rowCount <= 50 ? nil : 0
      tell(.table(result.table, notes: result.notes, hasTotals: result.hasTotals, rows: rows))
    }
    for outcome in closing { tell(outcome) }
  }
}
