import Columns
import Diagnostics
import Language
import Planning

extension Verb {
  static let aggregate = Verb(
    "aggregate", aliases: ["summarize", "summarise"],
    "makes one row of each group, with values computed over the group's rows",
    forms: ["aggregate name = expression, … [by key, …] [sort key, …] [with totals]"],
    clauses: [
      .by, .sort, Clause("with", .words(["totals"]), "`with totals` adds a last row over all rows"),
    ], argument: .items(named: true),
    examples: [
      Example("table [{g: \"a\", x: 1}, {g: \"a\", x: 3}] | aggregate m = mean(x)", gives: "2.0"),
      Example("table [{x: 1}, {x: 3}] | aggregate rate = sum(x) / count()", gives: "2.0"),
    ],
    searchWords: [
      "summarize", "summarise", "group by", "group", "total", "collapse", "pivot table", "tabulate",
    ]
  ) { call, context in
    context.refuseRest(call.arguments.dropFirst(), call)
    context.refuseDuplicates(call.items + call.items("by"), keys: call.items("by"))
    if call.items.isEmpty, !call.has("by") {
      context.report(
        "incomplete", "`aggregate` works out nothing here", at: call.wordRange,
        help: ["such as aggregate n = count(), mean(charges) by ward"])
      return context.plan
    }
    let keys = context.keys(call)
    let totals = context.wantsTotals(call)
    let order = context.refusesSortedResults(call) ? [] : context.sortClause(call)
    if !order.isEmpty {
      context.plan = .sort(Plan.Sort(input: context.plan, order: order, limit: nil, origin: context.origin))
    }
    return context.aggregating(call.arguments.first?.items ?? [], keys: keys, totals: totals)
  }

  static let count = Verb(
    "count", aliases: ["tally", "value_counts"],
    "counts the rows of each group and their percent of all rows, most first",
    forms: ["count [by key, …]"], clauses: [.by], argument: .nothing,
    examples: [Example("table [{a: 1}, {a: 2}] | count", gives: "2")],
    searchWords: ["count(*)", "frequency", "freq", "tabulate", "how many", "tab", "table"]
  ) { call, context in
    // `count ward` is what people write who have not met `by` yet.
    if let group = call.arguments.first {
      if let condition = context.condition(of: call) {
        context.report(
          "count-condition", "`count` takes groups, not a condition", at: group.range,
          help: ["write filter \(condition) | count"])
        return context.plan
      }
      if call.has("by") {
        context.refuseCountArgument(group, call)
        return context.plan
      }
      // `count per ward`, `count for each ward`
      let joints = call.arguments.prefix {
        ["per", "for", "each", "within"].contains($0.bareWord?.text.lowercased() ?? "")
      }
      let keys = call.arguments.dropFirst(joints.count).first?.ordered ?? "…"
      let written = ForeignHabits.counting(keys) ?? "count by \(keys)"
      let isPlain = joints.isEmpty && group.items.allSatisfy(\.names.isEmpty)
      context.report(
        "count-by", "`count` wants `by` before the columns", at: group.range, help: ["write \(written)"],
        fix: isPlain ? Diagnostic.Fix(SourceRange(group.range.lower, group.range.lower), "by ") : nil)
      return context.plan
    }
    let keys = context.keys(call)
    let one = Item(
      names: [Name("n", at: call.range)],
      value: Expression(.call(Name("count", at: call.wordRange), []), at: call.range), range: call.range)
    if keys.isEmpty { return context.aggregating([one], keys: [], totals: false) }
    context.plan = context.aggregating([one], keys: keys, totals: false)
    let schema = context.schema
    if schema[keys.count].name != "n" {
      context.notes.append(
        Note(
          .fact, "the rows are counted in `\(schema[keys.count].name)`: `n` is what they are counted by",
          subject: schema[keys.count].name, at: call.range))
    }
    let n = Expression(.name(Name(schema[keys.count].name, at: call.range, isQuoted: true)), at: call.range)
    let sum = Expression(.call(Name("sum", at: call.range), [Expression.Argument(value: n)]), at: call.range)
    let share = Expression(
      .binary(
        .divide, Expression(.binary(.multiply, n, Expression(.int(100), at: call.range)), at: call.range), sum
      ),
      at: call.range)
    var taken = TakenNames(schema.names)
    let percent = taken.unique("percent")
    context.plan = context.deriving(
      [Item(names: [Name(percent, at: call.range)], value: share, range: call.range)], keys: [], order: [])
    if case .project(var node) = context.plan {
      node.schema.fields[node.schema.count - 1].isPercentage = true
      context.plan = .project(node)
    }
    let order =
      [OrderItem(.column(keys.count, context.schema[keys.count], at: call.range), descending: true)]
      + keys.indices.map { OrderItem(.column($0, context.schema[$0], at: call.range), descending: false) }
    return .sort(
      Plan.Sort(
        input: context.plan, order: order, settling: keys.count, limit: nil, origin: context.origin))
  }
}

extension StageContext {
  /// `aggregate rate = died / n, died = …, n = …`: what an item uses is made behind it.
  private func tellMadeLater(_ item: Item, _ later: [String], in faults: inout ArraySlice<Diagnostic>) {
    let name = CheckMessages.quoted(item.names.first?.text ?? "name")
    for index in faults.indices where faults[index].code == "unknown-column" {
      guard let missing = later.first(where: { faults[index].message.contains("`\($0)`") }) else { continue }
      faults[index].help = [
        "`\(missing)` is made further on in this stage: put it first, or write this in a stage behind: | derive \(name) = \(ExpressionText.code(item.value))"
      ]
      faults[index].fix = nil
    }
  }

  /// `aggregate n = count(), p = 100 * count() / sum(n)`: what works with results stands in a stage behind, and has their
  /// names there: `count()` would count the groups.
  private func workedOutBehind(_ item: Item, _ items: [Item], keys: [String]) -> String {
    let made = items.filter { $0.range != item.range }.flatMap(\.names).map(\.text)
    // Inside a function a name means the column that comes in, where there is one.
    let meant = Set(made).subtracting(schema.names)
    var named: [String] = []
    var taken = TakenNames(made + keys)
    var added: [String: Name] = [:]
    let behind = item.value.replacing { part in
      guard case .call(let called, _) = part.kind,
        environment.catalogue.function(called.text)?.isAggregate == true, !part.mentions(meant)
      else { return nil }
      let text = ExpressionText.code(part)
      if let same = items.first(where: { $0.names.count == 1 && ExpressionText.code($0.value) == text }) {
        return Expression(.name(same.names[0]), at: part.range)
      }
      if let known = added[text] { return Expression(.name(known), at: part.range) }
      let name = Name(taken.unique(ExpressionText.columnName(part)), at: part.range)
      added[text] = name
      named.append("\(CheckMessages.quoted(name.text)) = \(text)")
      return Expression(.name(name), at: part.range)
    }
    // What is left of the columns that come in is gone behind the stage.
    let gone = Set(schema.names).subtracting(made + keys + added.values.map(\.text))
    if behind.mentions(gone) { return "work with it in a stage behind: | derive …" }
    let name = CheckMessages.quoted(item.names.first?.text ?? "name")
    let stage = "| derive \(name) = \(ExpressionText.code(behind))"
    return named.isEmpty
      ? "write it in a stage behind: \(stage)"
      : "make \(named.joined(separator: ", ")) in this stage, and write behind it: \(stage)"
  }

  /// `mean(rate)` of groups: a group of ten rows weighs as much as one of a thousand.
  private mutating func noteMeanOfShares(_ call: GroupCall) {
    guard call.function.name == "mean", let columns = call.arguments.first?.columns,
      !columns.isEmpty, plan.areShares(columns)
    else { return }
    notes.append(
      Note(
        .fact,
        "\(call.text) takes each group alike, however many rows it stands for: that of all is made of the rows themselves, or of sums: sum(part) / sum(whole)",
        subject: call.arguments.first?.columnNames.first, at: call.range))
  }

  /// `aggregate n = count() by ward sort n desc`: what is made here cannot order what it is made from.
  fileprivate mutating func refusesSortedResults(_ call: VerbCall) -> Bool {
    let made = (call.items + call.items("by")).map {
      $0.names.first?.text ?? ExpressionText.columnName($0.value)
    }
    for item in call.items("sort") {
      var key = item.value
      if case .unary(.minus, let operand) = key.kind { key = operand }
      guard case .name(let name) = key.kind, made.contains(name.text), !schema.names.contains(name.text)
      else { continue }
      let clause = call.clauses.first { $0.word.text.lowercased() == "sort" }
      let isLast = call.clauses.last?.word.text.lowercased() == "sort" && call.groups("sort")?.count == 1
      let place = clause?.word.range.lower ?? name.range.lower
      report(
        CheckMessages.resultsSorted(
          call.verb.name, name.text, (call.groups("sort") ?? []).map(\.ordered).joined(separator: " "),
          at: name.range, fix: isLast ? Diagnostic.Fix(SourceRange(place, place), "| ") : nil))
      return true
    }
    return false
  }

  /// `count percent by class`, `count age by class`: what is counted for each group is the rows.
  fileprivate mutating func refuseCountArgument(_ group: Group, _ call: VerbCall) {
    let keys = call.items("by").map { ExpressionText.of($0.value) }.joined(separator: ", ")
    let first = group.items.first?.value
    var help = ["write count by \(keys)"]
    if case .name(let name)? = first?.kind, schema.names.contains(name.text) {
      let column = CheckMessages.quoted(name.text)
      help = [
        "for every pair of values: count by \(keys), \(column)",
        "for the known values of \(column): aggregate n = count(\(column)) by \(keys)",
      ]
    }
    report(
      "count-argument", "`count` gives the rows of each group, as `n` and as `percent` of all, by itself",
      at: group.range, help: help)
  }

  /// The condition of `count where age > 65` and `count age > 65`; nil where columns were meant.
  fileprivate func condition(of call: VerbCall) -> String? {
    let words = ["where", "if", "when"]
    let isNamed = call.arguments.first?.bareWord.map { words.contains($0.text.lowercased()) } ?? false
    let item = isNamed ? call.arguments.dropFirst().first?.items.first : call.arguments.first?.items.first
    guard let item else { return nil }
    let expression = item.condition ?? item.value
    switch expression.kind {
    case .binary(let sign, _, _) where sign.isCondition: return ExpressionText.of(expression)
    case .between, .membership, .isMissing: return ExpressionText.of(expression)
    default: return isNamed ? ExpressionText.of(expression) : nil
    }
  }

  mutating func wantsTotals(_ call: VerbCall) -> Bool {
    guard call.has("with") else { return false }
    let groups = call.groups("with") ?? []
    if groups.isEmpty { return false }
    if groups.count == 1, groups[0].bareWord?.text.lowercased() == "totals" { return true }
    report(
      "with-totals", "`with` in `\(call.verb.name)` knows only `totals`",
      at: groups.first?.range ?? call.range,
      help: ["write `with totals` for a last row over all rows"])
    return false
  }

  /// The node for groups and the projection that computes the items from keys and results.
  mutating func aggregating(
    _ items: [Item], keys: [(name: String, expression: PlanExpression)], totals: Bool
  ) -> Plan {
    var checker = checker(.aggregate)
    checker.groupBase = keys.count
    for (index, key) in keys.enumerated() {
      checker.outer.add(
        Scope.Column(
          name: key.name, table: nil,
          entry: .expression(
            PlanExpression(.column(index, name: key.name), key.expression.type, at: origin.range))))
    }
    var taken = TakenNames(keys.map(\.name))
    let given = Set(items.flatMap(\.names).map(\.text))
    var results: [(name: String, expression: PlanExpression)] = []
    for (position, item) in items.enumerated() {
      let before = checker.diagnostics.count
      let checked = checker.check(item.value)
      if checker.diagnostics.count > before {
        let later = items[(position + 1)...].flatMap(\.names).map(\.text)
        tellMadeLater(item, later, in: &checker.diagnostics[before...])
      }
      for index in checker.diagnostics.indices.dropFirst(before)
      where checker.diagnostics[index].code == "made-here" {
        checker.diagnostics[index].help = [workedOutBehind(item, items, keys: keys.map(\.name))]
      }
      let further = checker.furtherResults
      for (name, expression) in named(item, checked ?? .literal(.missing, at: item.range), further) {
        // What somebody has named keeps its name, and what is named by itself makes room.
        let isGiven = item.names.contains { $0.text == name }
        let name = taken.unique(name, but: isGiven ? [] : given)
        results.append((name, expression))
        checker.outer.add(
          Scope.Column(name: name, table: nil, entry: checked == nil ? .invalid : .expression(expression)))
      }
    }
    let written = checker.calls.map { $0.knowing(plan) }
    let (kept, sorted) = written.contains(where: \.isOfEdge) ? plan.keepingSortKeys : (plan, [])
    plan = kept
    let calls =
      written + written.compactMap { $0.edgeTies(sortedBy: sorted, groupedBy: keys.map(\.expression)) }
    absorb(checker)
    let groups = Set(
      keys.compactMap { key -> Int? in
        if case .column(let index, _) = key.expression.kind { index } else { nil }
      })
    for call in calls {
      noteMeanOfShares(call)
      plan = plan.telling(of: call, groupedBy: groups)
    }
    // A first key without any value is text, as the total's mark is that stands in it where it is shown.
    let keyTypes = keys.enumerated().map { index, key in
      totals && index == 0 && key.expression.type == .missing ? DataType.text : key.expression.type
    }
    var fields = zip(keys, keyTypes).map { Field($0.name, $1) }
    for call in calls {
      for type in call.types { fields.append(Field("\(call.function.name)@\(fields.count)", type)) }
    }
    let node = Plan.aggregate(
      Plan.Aggregate(
        input: plan, keys: keys.map(\.expression), calls: calls, schema: Schema(fields), totals: totals,
        origin: origin))
    let outputs =
      keys.enumerated().map { index, key in
        (
          name: key.name,
          expression: PlanExpression(.column(index, name: key.name), keyTypes[index], at: origin.range)
        )
      } + results
    return projecting(outputs, onto: node)
  }
}

extension Expression {
  /// Whether it holds one of these names.
  fileprivate func mentions(_ names: Set<String>) -> Bool {
    contains { part in
      if case .name(let name) = part.kind { names.contains(name.text) } else { false }
    }
  }
}
