import Columns
import Diagnostics
import Language
import Planning

extension Verb {
  static let pivot = Verb(
    "pivot", aliases: ["pivot_wider", "crosstab"], "makes columns of the values of a column",
    forms: ["pivot rows key, … columns column [in [\"x\", \"y\"]] values name = expression, …"],
    clauses: [
      Clause("rows", .items(named: true), "the keys of the rows"),
      Clause(
        "columns", .items(named: true), "the column whose values become columns",
        one: OneItem("column") {
          "make one of them before: | derive both = concat(\($0), \" \", \($1)) | pivot rows … columns both values …"
        }),
      Clause("values", .items(named: true), "what stands in the cells"),
    ], argument: .nothing,
    examples: [
      Example(
        "table [{w: \"a\", s: \"F\"}, {w: \"a\", s: \"M\"}, {w: \"a\", s: \"M\"}] | pivot rows w columns s values count() | select M",
        gives: "2")
    ],
    searchWords: ["pivot_wider", "spread", "crosstab", "cross tabulation", "reshape wide", "two-way table"]
  ) { call, context in
    for word in ["rows", "columns", "values"] where !call.has(word) {
      context.report(
        "incomplete", "`pivot` needs `\(word)`", at: call.range,
        help: ["write \(PivotLowering.whole(call, context))"])
      return nil
    }
    context.refuseRest(call.arguments[...], call)
    context.refuseDuplicates(call.items("values"))
    let keys = context.namedExpressions(call.items("rows"), mode: .forbidden("in the rows of a pivot"))
    guard let item = call.items("columns").first else { return nil }
    // `columns half = if(…)`: a name says what is meant, and is no column of the result.
    let isNamed = item.names.count == 1 && !context.schema.names.contains(item.names[0].text)
    return PivotLowering.lower(call, keys, isNamed ? item.value : context.plain(item), &context)
  }
}

/// A pivot is an aggregation by rows and columns, each column's share picked by a condition.
private enum PivotLowering {
  /// A pivot with all that it needs, of what is written: `pivot ward by sex` may mean its rows and columns.
  static func whole(_ call: VerbCall, _ context: StageContext) -> String {
    let joining: Set<String> = ["by", "on", "over"]
    // `pivot month values sum(n) by ward`: what stands behind `by` in another clause are the rows.
    var values = call.items("values")
    var behind: [String] = []
    if let mark = values.firstIndex(where: { joining.contains(ExpressionText.of($0.value).lowercased()) }) {
      behind = values[(mark + 1)...].map { ExpressionText.code($0.value) }
      values.removeSubrange(mark...)
    }
    let others =
      behind
      + call.arguments.flatMap(\.items).map { ExpressionText.code($0.value) }.filter {
        !joining.contains($0.lowercased())
      }
    // `columns class count()`: a call behind the columns is what stands in the cells.
    var headed = call.items("columns")
    if values.isEmpty, headed.count > 1, let last = headed.last, case .call = last.value.kind {
      values = [last]
      headed.removeLast()
    }
    let known = Set(context.schema.names.map(CheckMessages.quoted))
    var columns = others.filter(known.contains)
    let calls = others.filter { $0.hasSuffix(")") }
    func part(_ word: String, _ otherwise: @autoclosure () -> String) -> String {
      let items = ["values": values, "columns": headed][word] ?? call.items(word)
      let given = items.isEmpty ? nil : Group(items: items, range: call.range).ordered
      return "\(word) \(given ?? otherwise())"
    }
    // What stands in the table counted already is put into the cells, and not counted again.
    let counted = context.schema.fields.first { $0.name == "n" && $0.type == .int }
    let isCounted = counted != nil && context.plan.isOfGroups
    let texts = context.schema.fields.filter { $0.type == .text }.map { CheckMessages.quoted($0.name) }
      .filter { !others.contains($0) && !behind.contains($0) }
    var free = texts.makeIterator()
    // One name alone is that of the columns.
    let rows = columns.count > 1 ? columns.removeFirst() : free.next() ?? "ward"
    let across = columns.isEmpty ? free.next() ?? "sex" : columns.removeFirst()
    let inCells = calls.first ?? (isCounted ? "n" : "count()")
    if !behind.isEmpty, let first = call.arguments.first {
      return
        "pivot rows \(behind.joined(separator: ", ")) columns \(first.written) \(part("values", inCells))"
    }
    let parts = [part("rows", rows), part("columns", across), part("values", inCells)]
    return "pivot " + parts.joined(separator: " ")
  }

  static func lower(
    _ call: VerbCall, _ keys: [(name: String, expression: PlanExpression)], _ columns: Expression,
    _ context: inout StageContext
  ) -> Plan? {
    var expression = columns
    var wanted: [Value]?
    if case .membership(let inner, let list, false) = columns.kind {
      expression = inner
      var checker = context.checker(.forbidden("in a list of columns"))
      if case .list(let values)? = checker.checkConstant(list, "the list of columns") {
        // A value that is listed twice is one column.
        wanted = values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
      }
      context.absorb(checker)
    }
    var checker = context.checker(.forbidden("as the columns of a pivot"))
    let checked = checker.check(expression)
    context.absorb(checker)
    guard let checked else { return nil }
    if wanted != nil {
      // A list of another type than the column is told of as `filter` tells it.
      var membership = context.checker(.forbidden("in a list of columns"))
      let condition = membership.check(columns)
      context.absorb(membership)
      guard let condition else { return nil }
      noteOthers(condition, checked, wanted ?? [], &context)
    }
    guard let values = wanted ?? found(checked, &context) else { return nil }
    if values.count > 1000 {
      context.report(
        "pivot-wide", "this pivot would make \(grouped(values.count)) columns", at: columns.range)
      return nil
    }
    return aggregate(call, keys, checked, values, &context)
  }

  /// Tells how many rows have none of the values in the list: they are in no cell.
  private static func noteOthers(
    _ condition: PlanExpression, _ column: PlanExpression, _ wanted: [Value], _ context: inout StageContext
  ) {
    guard let materialise = context.environment.materialise else { return }
    do {
      // One look at the rows: the condition is missing where the column is.
      let texts = column.type == .text ? [("value", column)] : []
      let one = context.projecting([("listed", condition)] + texts, onto: context.plan.withoutEffects)
      let table = try materialise(one)
      let (listed, unknown, _) = table.column(0).truth
      let total = listed.count
      let others = total - listed.ones
      if others == 0 { return }
      let names = column.columnNames.map { "`\($0)`" }.joined(separator: " or ")
      context.notes.append(
        Note(
          .structural,
          "\(grouped(others)) of \(counted(total, "row")) are in no column of the pivot: \(names) is not in the list there\(unknown > 0 ? ", and missing in \(unknown == others ? "all" : grouped(unknown)) of them" : "")",
          count: others, total: total, at: context.origin.range))
      if texts.isEmpty { return }
      noteUnlistedSpellings(table.column(1), listed, wanted.compactMap(\.string), names, &context)
    } catch {
      context.report(Faults.diagnostic(error, at: context.origin.range))
    }
  }

  /// Tells of texts that only their spelling keeps out of a column of the pivot.
  private static func noteUnlistedSpellings(
    _ values: Column, _ listed: Bitmap, _ wanted: [String], _ names: String, _ context: inout StageContext
  ) {
    guard case .text(let codes, let pool) = values.storage, pool.count <= TextPool.spellingLimit else {
      return
    }
    let plain = Set(wanted.map(Spelling.plain))
    // Each text is looked at once, and not each row's.
    let isAlike = (0..<pool.count).map { plain.contains(Spelling.plain(pool[$0])) }
    var rows = 0
    var found: Set<Int> = []
    for row in 0..<values.count where !listed[row] && values.isKnown(row) && isAlike[codes[row]] {
      found.insert(codes[row])
      rows += 1
    }
    if found.isEmpty { return }
    let shown = Spelling.quoted(Set(found.map { pool[$0] }).sorted(), first: 6)
    context.notes.append(
      Note(
        .fact,
        "\(counted(rows, "row")) of these have \(shown) as \(names), which differ from what is listed only in \(Spelling.difference)",
        count: rows, at: context.origin.range))
  }

  /// The values that the data has, in their order. Needs the data: while a script is only checked there are none.
  private static func found(_ expression: PlanExpression, _ context: inout StageContext) -> [Value]? {
    guard let materialise = context.environment.materialise else {
      context.notes.append(
        Note(.fact, Note.unknownColumns, at: context.origin.range))
      return nil
    }
    do {
      // The rows so far are looked at ahead of the query, which then reads them again with all that its stages
      // tell and do: holding them in between would take the memory of every column.
      let one = context.projecting([("value", expression)], onto: context.plan.withoutEffects)
      let distinct = Plan.distinct(
        Plan.Distinct(input: one, columns: [0], schema: one.schema, origin: context.origin))
      let order = [OrderItem(.column(0, one.schema[0], at: expression.range), descending: false)]
      let table = try materialise(
        .sort(Plan.Sort(input: distinct, order: order, limit: nil, origin: context.origin)))
      return table.column(0).values
    } catch {
      context.report(Faults.diagnostic(error, at: context.origin.range))
      return nil
    }
  }

  private static func aggregate(
    _ call: VerbCall, _ keys: [(name: String, expression: PlanExpression)], _ column: PlanExpression,
    _ values: [Value], _ context: inout StageContext
  ) -> Plan? {
    let items = call.items("values")
    var checker = context.checker(.aggregate)
    checker.groupBase = keys.count
    var results: [(name: String, expression: PlanExpression)] = []
    var taken = TakenNames(keys.map(\.name))
    var calls: [GroupCall] = []
    let sorted = context.plan.keepingSortKeys
    for value in values {
      let label = value.isMissing ? "missing" : ValueText.plain(value)
      var hasEmpty = false
      for item in items {
        checker.forgetCalls()
        guard let expression = cell(item.value, &checker) else {
          context.absorb(checker)
          return nil
        }
        let base = keys.count + calls.reduce(0) { $0 + $1.types.count }
        let written = checker.calls.map { $0.knowing(context.plan) }
        let made = written.map { restricted($0, column, value, label, context) }
        let edges = written.compactMap {
          $0.edgeTies(sortedBy: sorted.keys, groupedBy: keys.map(\.expression))
        }
        if !edges.isEmpty { context.plan = sorted.plan }
        hasEmpty = hasEmpty || isMissing(expression, overNoRows: made, keys.count)
        calls += made + edges.map { restricted($0, column, value, label, context) }
        let further = checker.furtherResults
        var named = item
        if named.names.isEmpty, case .name(let name) = item.value.kind { named.names = [name] }
        let own = context.named(named, expression, further)
        for (made, result) in zip(names(label, own.map(\.name), isAlone: items.count == 1), own) {
          let shifted = result.expression.remapped { $0 + base - keys.count }.made(forPivotColumn: label)
          let name = taken.unique(made)
          if name != made { noteNames(made, name, isMissing: value.isMissing, &context) }
          results.append((name, shifted))
        }
      }
      if hasEmpty, let tally = tally(at: call.range, &checker) {
        var counting = restricted(tally, column, value, label, context)
        counting.tally = .rows
        calls.append(counting)
      }
    }
    context.absorb(checker)
    noteSpellings(values, column, &context)
    var fields = keys.map { Field($0.name, $0.expression.type) }
    for made in calls {
      for type in made.types { fields.append(Field("\(made.function.name)@\(fields.count)", type)) }
    }
    let node = Plan.aggregate(
      Plan.Aggregate(
        input: context.plan, keys: keys.map(\.expression), calls: calls, schema: Schema(fields),
        totals: false,
        origin: context.origin))
    let outputs =
      keys.enumerated().map { index, key in
        (
          name: key.name,
          expression: PlanExpression(
            .column(index, name: key.name), key.expression.type, at: context.origin.range)
        )
      } + results
    return context.projecting(outputs, onto: node)
  }

  /// What stands in a cell. A column alone is the value of the cell's one row.
  private static func cell(_ value: Expression, _ checker: inout ExpressionChecker) -> PlanExpression? {
    let before = checker.diagnostics
    if let checked = checker.check(value) { return checked }
    let isOutside = checker.diagnostics.dropFirst(before.count).map(\.code) == ["outside-aggregate"]
    guard case .name = value.kind, isOutside else {
      if isOutside {
        let text = ExpressionText.code(value)
        checker.diagnostics[before.count].help = [
          "say which of a cell's values: values only(\(text)) where it has one, or mean(\(text)), max(\(text)) …"
        ]
      }
      return nil
    }
    checker.diagnostics = before
    checker.forgetCalls()
    let only = Expression.Kind.call(Name("only", at: value.range), [Expression.Argument(value: value)])
    return checker.check(Expression(only, at: value.range))
  }

  /// A count of the rows of a cell.
  private static func tally(at range: SourceRange, _ checker: inout ExpressionChecker) -> GroupCall? {
    checker.forgetCalls()
    _ = checker.check(Expression(.call(Name("count", at: range), []), at: range))
    return checker.calls.first
  }

  /// Whether what stands in a cell is missing where no row belongs there.
  private static func isMissing(
    _ cell: PlanExpression, overNoRows calls: [GroupCall], _ keys: Int
  ) -> Bool {
    let empty = cell.columnsThatMakeMissing.compactMap { calls.index(ofResult: $0 - keys) }
    return empty.contains { index in
      let (function, arguments) = (calls[index].function, calls[index].arguments)
      guard case .aggregate(let kernel) = function.implementation else { return false }
      let state = kernel(arguments.map(\.type), arguments.map { $0.constant ?? .missing })
      let results = try? state.finish(groupCount: 1)
      return results?.first?.isKnown(0) != true
    }
  }

  private static func noteNames(
    _ wanted: String, _ name: String, isMissing: Bool, _ context: inout StageContext
  ) {
    context.notes.append(
      Note(
        .fact,
        "`\(name)` is the column of \(isMissing ? "what is missing" : "`\(wanted)`"): there is a column `\(wanted)` already",
        at: context.origin.range))
  }

  /// Tells of columns whose values differ by their spelling alone.
  private static func noteSpellings(
    _ values: [Value], _ column: PlanExpression, _ context: inout StageContext
  ) {
    let found = Spelling.alike(values.compactMap(\.string))
    if found.isEmpty { return }
    let names = column.columnNames.map { "`\($0)`" }.joined(separator: " or ")
    context.notes.append(
      Note(
        .fact, "columns of \(names) differ only in \(Spelling.difference): \(Spelling.shown(found))",
        count: found.count, at: context.origin.range))
  }

  /// The columns of one value: named by it alone where there is one item, whose further results (`_low`, `_high`) go
  /// behind it.
  private static func names(_ label: String, _ results: [String], isAlone: Bool) -> [String] {
    guard let first = results.first, isAlone else { return results.map { "\(label)_\($0)" } }
    return [label]
      + results.dropFirst().map { $0.hasPrefix(first) ? label + $0.dropFirst(first.count) : "\(label)_\($0)" }
  }

  /// The same call over the rows of one column's value.
  private static func restricted(
    _ call: GroupCall, _ column: PlanExpression, _ value: Value, _ label: String, _ context: StageContext
  ) -> GroupCall {
    let range = column.range
    let catalogue = context.environment.catalogue
    let name = value.isMissing ? "is missing" : "=="
    guard let test = catalogue.function(name), let and = catalogue.function("and"),
      let otherwise = catalogue.function("??")
    else { return call }
    let arguments = value.isMissing ? [column] : [column, PlanExpression.literal(value, at: range)]
    let isOfColumn = PlanExpression.Call(test, arguments, at: range).with(pivotColumn: label)
    var condition = PlanExpression(.call(isOfColumn), .bool, at: range)
    if let own = call.condition {
      // A row whose column is not known is in no other: what stays unknown is the condition that somebody wrote.
      condition = PlanExpression(
        .call(PlanExpression.Call(otherwise, [condition, .literal(.bool(false), at: range)], at: range)),
        .bool, at: range)
      condition = PlanExpression(
        .call(PlanExpression.Call(and, [own, condition], at: range)), .bool, at: range)
    }
    var copy = call
    copy.condition = condition
    copy.ownCondition = call.condition
    copy.pivotColumn = label
    // Over no rows `any` is false and `all` true; a cell without rows has no answer.
    if ["any", "all"].contains(call.function.name), case .aggregate(let kernel) = call.function.implementation
    {
      copy.function.implementation = .aggregate(Aggregates.missingOverNoRows(kernel))
    }
    return copy
  }
}

extension Plan {
  /// Whether the rows are groups that a stage before has made.
  fileprivate var isOfGroups: Bool {
    switch self {
    case .aggregate: true
    case .project, .filter, .sort, .slice, .window, .effect: children.first?.isOfGroups ?? false
    default: false
    }
  }
}
