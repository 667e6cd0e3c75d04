import Columns
import Diagnostics
import Language

/// Turns a pipeline into a plan: its source, then stage by stage.
package struct PipelineLowering {
  package let environment: Environment
  /// The faults and warnings of all stages so far.
  package var diagnostics: [Diagnostic] = []
  /// What the result must say of how the stages were understood.
  package var notes: [Note] = []
  /// A table that is only shown, saved or drawn has its total, where it has one.
  private let showsTotals: Bool

  /// - Parameter showsTotals: the result is for showing, not part of another pipeline.
  package init(environment: Environment, showsTotals: Bool = false) {
    self.environment = environment
    self.showsTotals = showsTotals
  }

  /// The plan of a pipeline; nil when its source is unknown. A plan that comes with diagnostics must not be run.
  package mutating func lower(_ pipeline: Pipeline) -> Plan? {
    guard let source = source(of: pipeline) else {
      // A function behind a table's column was told of together with it.
      reportUnknownVerbs(pipeline.stages.dropFirst(columnAsTable(pipeline) == nil ? 0 : 1))
      return nil
    }
    return lower(pipeline.stages, onto: source)
  }

  /// The plan of a pipeline in brackets, whose rows another one takes: it has no total, and nobody to show anything to.
  package mutating func lower(nested pipeline: Pipeline) -> Plan? {
    let plan = lower(pipeline)
    for stage in pipeline.stages {
      let verb = environment.catalogue.verb(stage.word?.text ?? "")?.name
      if verb == "show" || verb == "chart", let verb {
        report(
          Diagnostic(
            "shown-in-brackets", "`\(verb)` shows nothing in brackets: only the rows go on", at: stage.range,
            help: ["leave it out here, or give the table a name before: let t = … | \(verb) …"]))
      }
    }
    if plan?.hasTotalRow == true {
      report(
        Diagnostic(
          "after-totals",
          "a pipeline in brackets gives rows, and the total of `with totals` would be one of them",
          at: pipeline.range, help: ["leave `with totals` out here"]))
    }
    return plan
  }

  /// Stages on top of a plan.
  package mutating func lower(_ stages: [Stage], onto source: Plan) -> Plan? {
    var plan = source
    for (index, stage) in stages.enumerated() {
      let isBehindTotals = plan.hasTotals
      if isBehindTotals, !isSort(stage) {
        report(
          Diagnostic(
            "after-totals", "a stage cannot follow `with totals`: the total would be counted as a row",
            at: stage.range,
            help: [
              environment.catalogue.verb(stage.word?.text ?? "")?.name == "derive"
                ? "leave `with totals` out: in `derive` sum(x) is the total, as in share = x / sum(x)"
                : "put `with totals` into the last stage before sorting, showing, saving or charting"
            ]),
          unless: isForShowing(stage))
      }
      guard let next = lower(stage, index: index + 1, onto: plan) else {
        reportUnknownVerbs(stages[(index + 1)...])
        return nil
      }
      plan = next
      if isBehindTotals, isSort(stage), !plan.hasTotals {
        report(
          Diagnostic(
            "totals-order",
            "behind `with totals`, `sort` goes by columns: the total would be counted in this key",
            at: stage.range, help: ["make the key a column of the `aggregate`, and sort by that"]),
          unless: false)
      }
    }
    return plan
  }

  /// What can be said of stages whose columns are not known.
  private mutating func reportUnknownVerbs(_ stages: ArraySlice<Stage>) {
    for stage in stages {
      guard let word = stage.word, environment.catalogue.verb(word.text) == nil else { continue }
      let known = environment.catalogue.verbs.map(\.name)
      diagnostics.append(
        CheckMessages.unknownVerb(
          word.text, at: word.range, known: known,
          arguments: stage.groups.map(\.ordered).joined(separator: " "),
          function: environment.catalogue.function(word.text)))
    }
  }

  private mutating func report(_ diagnostic: Diagnostic, unless condition: Bool = false) {
    if !condition { diagnostics.append(diagnostic) }
  }

  private func shown(_ source: any TableSource, _ pipeline: Pipeline) -> any TableSource {
    guard showsTotals, pipeline.stages.allSatisfy(isForShowing) else { return source }
    return source.withTotal ?? source
  }

  private func isForShowing(_ stage: Stage) -> Bool {
    ["show", "chart", "save"].contains(environment.catalogue.verb(stage.word?.text ?? "")?.name ?? "")
  }

  /// The total stays the last row of a sorted table.
  private func isSort(_ stage: Stage) -> Bool {
    environment.catalogue.verb(stage.word?.text ?? "")?.name == "sort"
  }

  private mutating func lower(_ stage: Stage, index: Int, onto plan: Plan) -> Plan? {
    guard let word = stage.word else {
      report(
        Diagnostic(
          "verb-wanted", "a stage begins with a verb", at: stage.range,
          help: ["verbs: \(environment.catalogue.verbs.map(\.name).joined(separator: ", "))"]))
      return nil
    }
    var verb = environment.catalogue.verb(word.text)
    if verb == nil {
      let known = environment.catalogue.verbs
      let function = environment.catalogue.function(word.text)
      report(
        CheckMessages.unknownVerb(
          word.text, at: word.range, known: known.map(\.name),
          arguments: stage.groups.map(\.ordered).joined(separator: " "),
          function: function))
      // A verb of another language is written in another way: that its arguments do not fit here is no second fault.
      if ForeignHabits.verb(word.text, nil) != nil { return nil }
      // What was probably meant goes on, so that later stages are checked too.
      verb =
        function != nil
        ? nil
        : Suggestion.nearest(to: word.text, among: known.map(\.name)).flatMap {
          environment.catalogue.verb($0)
        }
    }
    guard let verb else { return nil }
    var context = StageContext(
      environment: environment, plan: plan,
      origin: StageOrigin(range: stage.range, verb: verb.name, index: index))
    let call = VerbCall(verb, stage)
    let catalogue = environment.catalogue
    if let foreign = ForeignHabits.misplaced(
      call, columns: plan.schema.names, isAggregate: { catalogue.function($0)?.isAggregate == true })
    {
      report(foreign)
      return plan
    }
    diagnostics += Self.faults(of: call)
    diagnostics += stage.groups.flatMap(\.items).compactMap { item in
      item.type.map { CheckMessages.typedColumn(item, $0) }
    }
    let result = verb.lower(call, &context)
    diagnostics += context.diagnostics
    if !context.diagnostics.contains(where: { $0.severity == .error }) {
      diagnostics += Self.seconds(in: call)
    }
    for note in context.notes where !notes.contains(note) { notes.append(note) }
    return result
  }

  /// Clause words with nothing behind them, and clauses that are written twice: neither may pass in silence.
  private static func faults(of call: VerbCall) -> [Diagnostic] {
    var faults: [Diagnostic] = []
    var seen: Set<String> = []
    for (word, groups) in call.clauses {
      let clause = call.verb.clauses.first { $0.word == word.text.lowercased() }
      guard let clause else { continue }
      // The `by` of a foreign `order by` belongs to the fault that is told of `order`.
      let isForeign = call.clauses.contains { other in
        other.groups.dropFirst().contains { group in
          ["order", "group", "partition"].contains(group.bareWord?.text.lowercased() ?? "")
            && group.range.upper <= word.range.lower
        }
      }
      // `derive a = lag(n) sort m, b = …` is told of as a whole.
      // `fill a with 0, b with 1`: that it is one value is told.
      let isSecondItem = clause.one != nil && call.items(clause.word).count > 1
      let isNextItem = call.items("sort").contains { !$0.names.isEmpty }
      if !seen.insert(clause.word).inserted, !isForeign, !isSecondItem,
        !(isNextItem && call.verb.name == "derive")
      {
        faults.append(CheckMessages.clauseTwice(clause.word, in: call.verb.name, at: word.range))
      }
      if case .nothing = clause.content { continue }
      if groups.allSatisfy(\.items.isEmpty) {
        faults.append(CheckMessages.emptyClause(clause, of: call.verb, at: word.range))
      }
    }
    return faults
  }

  /// Seconds in places where one thing alone can stand, which would be passed over.
  private static func seconds(in call: VerbCall) -> [Diagnostic] {
    let own = second(in: call.arguments.prefix(1), call.verb.argument, call.verb.one, call.verb.name, call)
    return [own].compactMap { $0 }
      + call.clauses.compactMap { word, groups in
        call.verb.clauses.first { $0.word == word.text.lowercased() }.flatMap { clause in
          second(in: groups[...], clause.content, clause.one, clause.word, call)
        }
      }
  }

  private static func second(
    in groups: ArraySlice<Group>, _ content: Clause.Content, _ one: OneItem?, _ word: String, _ call: VerbCall
  ) -> Diagnostic? {
    var isOne = one != nil
    if case .literal = content { isOne = true }
    guard isOne, let first = groups.first?.items.first else { return nil }
    if let second = groups.first?.items.dropFirst().first {
      let help =
        one?.help(ExpressionText.of(first.value), ExpressionText.of(second.value))
        ?? "write \(call.verb.forms.joined(separator: "  or  "))"
      return Diagnostic(
        "one-item", "`\(word)` takes one \(one?.noun ?? "value"), and this is a second", at: second.range,
        help: [help])
    }
    guard let next = groups.dropFirst().first else { return nil }
    return Diagnostic(
      "unexpected", "`\(call.verb.name)` does not expect `\(next.written)` here", at: next.range,
      help: ["write \(call.verb.forms.joined(separator: "  or  "))"])
  }

  // MARK: Sources

  private mutating func source(of pipeline: Pipeline) -> Plan? {
    let head = pipeline.head
    let origin = StageOrigin(range: head.range, verb: "from", index: 0)
    if pipeline.continuesLast {
      guard let last = environment.last else {
        report(
          Diagnostic(
            "no-last", "there is no last result to go on from", at: pipeline.range,
            help: ["begin with a table, such as `encounters | …`"]))
        return nil
      }
      return .scanning(shown(last, pipeline), origin: origin)
    }
    guard let word = head.word else {
      return expressionSource(head, origin, isRead: !pipeline.stages.isEmpty)
    }
    switch word.text.lowercased() {
    case "table" where !head.groups.isEmpty && environment.table("table") == nil:
      return literalTable(head, origin)
    case "from" where head.groups.count == 1 && environment.table("from") == nil:
      return expressionSource(Stage(word: nil, groups: head.groups, range: head.range), origin)
    case "stdin" where environment.isStandardInput(word.text):
      return file("-", head, head.groups[...], origin)
    default: break
    }
    if let table = environment.table(word.text) {
      refuse(head.groups[...], word)
      return .scanning(shown(table.source, pipeline), origin: origin)
    }
    if word.text == "last", environment.last == nil, environment.binding(word.text) == nil {
      report(
        Diagnostic(
          "no-last", "there is no last result yet", at: word.range,
          help: [
            environment.tableNames.isEmpty
              ? "load \"file.csv\" reads a table"
              : "begin with a table: \(environment.tableNames.joined(separator: ", "))"
          ]))
      return nil
    }
    if let (_, binding) = environment.binding(word.text) {
      if environment.isUnknownTable(word.text) { return nil }
      // The name alone asks for the value.
      if !binding.isMeasure, head.groups.isEmpty, pipeline.stages.isEmpty {
        return value(Expression(.name(word), at: word.range), origin)
      }
      report(notATable(word, binding))
      return nil
    }
    report(columnAsTable(pipeline) ?? aggregateFirst(pipeline) ?? unknownTable(word, pipeline.head.groups))
    return nil
  }

  /// `mean los_hours by department`: an aggregate where the table stands.
  private func aggregateFirst(_ pipeline: Pipeline) -> Diagnostic? {
    guard let word = pipeline.head.word, let function = environment.catalogue.function(word.text),
      function.isAggregate, ForeignHabits.statements[word.text.lowercased()] == nil,
      let group = pipeline.head.groups.first, group.bareWord?.text.lowercased() != "by",
      let value = group.items.first?.value
    else { return nil }
    // The table that has the column, or else one that there is.
    var wanted = value.firstName?.text ?? ""
    let tables = environment.tableNames.filter { $0 != "history" }
    func column(_ table: String) -> String? {
      guard let source = environment.table(table)?.source else { return nil }
      if case .found(let column) = Scope(source.schema).find(wanted) { return column.name }
      return source.schema.names.first { $0.hasPrefix(wanted + "_") && !wanted.isEmpty }
    }
    let table =
      tables.first { $0 == "encounters" && column($0) != nil } ?? tables.first { column($0) != nil }
      ?? tables.first ?? "table"
    var written = group.written
    if case .name = value.kind, group.items.count == 1 {
      wanted = column(table) ?? wanted
      written = CheckMessages.quoted(wanted)
    }
    let rest = pipeline.head.groups.dropFirst().map(\.ordered).joined(separator: " ")
    if case .name(let name) = value.kind, let named = environment.table(name.text) {
      // `count encounters`
      let isCount = function.name == "count"
      return Diagnostic(
        "aggregate-first", "`\(word.text)` works on the rows of a table, and the table stands first",
        at: word.range,
        help: [
          "write \(named.name) | \(isCount ? "count" : "aggregate \(function.name)(column)")\(rest.isEmpty ? "" : " " + rest)"
        ])
    }
    return Diagnostic(
      "aggregate-first", "`\(word.text)` works on the rows of a table, and the table stands first",
      at: word.range,
      help: [
        "write \(table) | aggregate \(function.name)(\(written))\(rest.isEmpty ? "" : " " + rest)"
      ])
  }

  /// `encounters.age | mean`: a column of a table where the table stands.
  private func columnAsTable(_ pipeline: Pipeline) -> Diagnostic? {
    guard let word = pipeline.head.word, pipeline.head.groups.isEmpty, environment.binding(word.text) == nil,
      let dot = word.text.firstIndex(of: "."),
      let table = environment.table(String(word.text[..<dot]))
    else { return nil }
    let wanted = String(word.text[word.text.index(after: dot)...])
    guard case .found(let found) = Scope(table.source.schema).find(wanted) else {
      if MethodChain.isKnown(wanted) || wanted.contains(".") { return nil }
      return CheckMessages.unknownColumn(wanted, at: word.range, known: table.source.schema.names)
    }
    let column = CheckMessages.quoted(found.name)
    let next = pipeline.stages.first
    let verb = next?.word.flatMap { environment.catalogue.verb($0.text)?.name }
    let function = next?.word.flatMap { environment.catalogue.function($0.text) }
    let isBare = next?.groups.isEmpty ?? false
    var stage = "select \(column)"
    if isBare, verb == "count" {
      stage = "count by \(column)"
    } else if isBare, verb == "distinct" {
      stage = "distinct \(column)"
    } else if verb == nil, let function, function.isAggregate, let next {
      let by =
        next.groups.first?.bareWord?.text.lowercased() == "by"
        ? " " + next.groups.map(\.written).joined(separator: " ") : ""
      stage = "aggregate \(function.name)(\(column))\(by)"
    } else if let word = next?.word {
      stage += " | \(word.text) …"
    }
    var fault = CheckMessages.columnOfTable(word.text, table.name, stage, at: word.range)
    if isBare, verb == "count" {
      fault.help.append("how many of them are known: \(table.name) | aggregate count(\(column))")
    }
    return fault
  }

  private func unknownTable(_ word: Name, _ groups: [Group]) -> Diagnostic {
    var diagnostic = CheckMessages.unknownTable(word.text, at: word.range, known: environment.tableNames)
    // `table s = …` names a column, and whoever wrote it may take it for the name of the table.
    if let last = environment.last, last.schema.names.contains(word.text) {
      diagnostic.help.insert(
        "`\(word.text)` is a column of the last result; a table gets its name with let: let \(CheckMessages.quoted(word.text)) = …, and `last | …` goes on from the last result",
        at: 0)
    }
    if environment.catalogue.verb(word.text) != nil {
      diagnostic = Diagnostic(
        "verb-first", "`\(word.text)` is a verb; a pipeline begins with a table", at: word.range,
        help: (ForeignHabits.statements[word.text.lowercased()].map { [$0] } ?? [])
          + [
            "write `\(behindTable(word, groups))`; a line that begins with | goes on from the last result"
          ])
    }
    return diagnostic
  }

  /// A stage that begins a pipeline behind the table that has its columns.
  private func behindTable(_ word: Name, _ groups: [Group]) -> String {
    var columns: [String] = []
    for item in groups.flatMap(\.items) {
      item.value.forEachDescendant { if case .name(let name) = $0.kind { columns.append(name.text) } }
    }
    let table = environment.table(having: columns) ?? "encounters"
    // Others write lists of columns without commas.
    let isList =
      switch environment.catalogue.verb(word.text)?.argument {
      case .items, .order: groups.allSatisfy { $0.bareWord != nil }
      default: false
      }
    var written = groups.map(\.ordered).joined(separator: isList ? ", " : " ")
    if isList, word.text.lowercased() == "rename", groups.count == 2 {
      // Others name the old column first.
      written = "\(groups[1].ordered) = \(groups[0].ordered)"
    }
    let scope = Scope(environment.table(table)?.source.schema ?? Schema([]))
    let isKnown = columns.contains { if case .found = scope.find($0) { true } else { false } }
    let isWhole = isKnown && !written.contains("…")
    return "\(CheckMessages.quoted(table)) | \(word.text) \(isWhole ? written : "…")"
  }

  private func notATable(_ word: Name, _ binding: Binding) -> Diagnostic {
    // `let t = "file.csv"`
    if case .value(.text(let path), _) = binding {
      let isFile = path.contains(".") || path.contains("/")
      return Diagnostic(
        "not-a-table", "`\(word.text)` is a text, not a table", at: word.range,
        help: [
          isFile
            ? "to read the file write load \"\(path)\" as \(CheckMessages.quoted(word.text)), in place of the let"
            : "a pipeline begins with a table; a file is read with load \"file.csv\" as \(CheckMessages.quoted(word.text))"
        ])
    }
    return Diagnostic(
      "not-a-table", "`\(word.text)` is \(binding.isMeasure ? "a measure" : "a value"), not a table",
      at: word.range,
      help: [
        environment.tableNames.isEmpty
          ? "a pipeline begins with a table, and none is loaded: load \"file.csv\" reads one"
          : "a pipeline begins with a table: \(environment.tableNames.joined(separator: ", "))"
      ])
  }

  private mutating func refuse(_ groups: ArraySlice<Group>, _ word: Name) {
    guard let first = groups.first else { return }
    var help: [String] = []
    if let name = first.bareWord, environment.catalogue.verb(name.text) != nil {
      help.append("a stage begins with |: \(word.text) | \(name.text) …")
    } else {
      help.append("stages stand behind |: \(word.text) | filter … | …")
    }
    report(
      Diagnostic("unexpected", "nothing may stand behind the table's name but |", at: first.range, help: help)
    )
  }

  /// A source that begins with no word: a quoted file, or a pipeline in brackets.
  ///
  /// - Parameter isRead: stages follow, so that a text is a file's name.
  private mutating func expressionSource(
    _ head: Stage, _ origin: StageOrigin, isRead: Bool = false
  ) -> Plan? {
    guard let item = head.groups.first?.items.first else {
      report(Diagnostic("source-wanted", "a pipeline begins with a table", at: head.range))
      return nil
    }
    if let name = item.names.first {
      report(CheckMessages.nameWithoutLet(name.text, item.value, at: item.range))
      return nil
    }
    if let second = head.groups.first?.items.dropFirst().first {
      report(severalSources(item, second))
      return nil
    }
    let expression = item.value
    switch expression.kind {
    case .text(let path): return file(path, head, head.groups.dropFirst(), origin)
    case .interpolation where isRead:
      guard case .text(let path) = environment.path(expression, &diagnostics) else { return nil }
      return file(path, head, head.groups.dropFirst(), origin)
    case .pipeline(let inner): return lower(inner)
    case .name(let name):
      return source(
        of: Pipeline(
          head: Stage(word: name, groups: Array(head.groups.dropFirst()), range: head.range), stages: [],
          range: head.range))
    default:
      // `1 garbage`
      if let extra = head.groups.dropFirst().first {
        let help =
          environment.catalogue.verb(extra.written).map { ["a stage begins with |: … | \($0.name) …"] } ?? []
        report(
          Diagnostic(
            "unexpected", "nothing may stand behind a value but |, and here stands `\(extra.written)`",
            at: extra.range, help: help))
        return nil
      }
      return value(expression, origin)
    }
  }

  /// `encounters, patients`, as SQL lists them: nobody says how their rows belong together.
  private func severalSources(_ first: Item, _ second: Item) -> Diagnostic {
    let (one, other) = (ExpressionText.code(first.value), ExpressionText.code(second.value))
    var isFile = false
    if case .text = first.value.kind { isFile = true }
    return Diagnostic(
      "one-source", "a pipeline begins with one table, and this is a second", at: second.range,
      help: [
        "the rows of both, one behind the other: \(one) | append \(other)",
        isFile
          ? "many files alike are one table by a pattern: \"folder/*.csv\""
          : "the columns of both, where a key is equal: \(one) | join \(other) on key",
      ])
  }

  private mutating func value(_ expression: Expression, _ origin: StageOrigin) -> Plan? {
    var checker = ExpressionChecker(
      environment: environment, scope: Scope(), mode: .forbidden("outside a table"))
    let checked = checker.check(expression)
    diagnostics += checker.diagnostics
    guard let checked else { return nil }
    return oneCell(checked, ExpressionText.columnName(expression), origin)
  }

  /// A value as a table of one cell, so that `2 + 3` answers.
  package func oneCell(_ expression: PlanExpression, _ name: String, _ origin: StageOrigin) -> Plan {
    let unit = MemorySource(
      Table(schema: Schema([]), segments: [Segment(columns: [], count: 1)]), name: "value")
    return .project(
      Plan.Project(
        input: .scanning(unit, origin: origin), items: [expression],
        schema: Schema([Field(name, expression.type)]), origin: origin))
  }

  private mutating func file(
    _ path: String, _ head: Stage, _ rest: ArraySlice<Group>, _ origin: StageOrigin
  ) -> Plan? {
    var options: [Option] = []
    var groups = rest
    if let word = groups.first?.bareWord, word.text.lowercased() == "with" {
      groups = groups.dropFirst()
      if let items = groups.first {
        options = OptionReading.options(items.items, environment, &diagnostics)
        groups = groups.dropFirst()
      }
    }
    if let extra = groups.first {
      report(
        Diagnostic(
          "unexpected", "nothing may stand behind a file but `with option = …` and |", at: extra.range,
          help: extra.bareWord?.text.lowercased() == "as"
            ? [
              "a name is given by a statement of its own: load \"\(path)\" as \(groups.dropFirst().first?.written ?? "name")"
            ]
            : []))
    }
    do {
      return .scanning(try environment.open(path, options), origin: origin)
    } catch is LaterFile {
      return nil
    } catch {
      report(Faults.diagnostic(error, at: head.range))
      return nil
    }
  }

  /// `table [{a: 1}, …]` and `table day = sequence(…), …`
  private mutating func literalTable(_ head: Stage, _ origin: StageOrigin) -> Plan? {
    var checker = ExpressionChecker(
      environment: environment, scope: Scope(), mode: .forbidden("in a table literal"))
    defer { diagnostics += checker.diagnostics }
    var columns: [(name: String, column: Column)] = []
    var isPromised = false
    for item in head.groups.flatMap(\.items) {
      guard let checked = checker.check(item.value) else { return nil }
      // While a script is only checked, a parameter's list is known by its type alone.
      if checked.isUnknown {
        guard case .list(let element) = checked.type, let name = item.names.first else { return nil }
        columns.append((name.text, Column([], type: element)))
        isPromised = true
        continue
      }
      guard case .list(let values)? = checked.constant else {
        checker.report(
          Diagnostic(
            "table-literal", "a table is made of a list of records, or of named lists", at: item.range,
            help: ["write table [{a: 1}, {a: 2}], or table day = sequence(2026-01-01, 2026-01-31, 1d)"]))
        return nil
      }
      if let name = item.names.first, columns.contains(where: { $0.name == name.text }) {
        checker.report(CheckMessages.fieldTwice(name.text, at: name.range))
        return nil
      }
      if let name = item.names.first {
        if case .list(.record(_)) = checked.type { notes.append(Self.recordsKept(name, at: item.range)) }
        columns.append((name.text, Column(values, type: listElement(checked.type))))
      } else {
        columns += TableLiteral.columns(values)
      }
    }
    if isPromised {
      let schema = Schema(columns.map { Field($0.name, $0.column.type) })
      return .scanning(PromisedSource(schema, name: "table"), origin: origin)
    }
    let rows = columns.map(\.column.count).max() ?? 0
    if let short = columns.first(where: { $0.column.count != rows }) {
      checker.report(
        Diagnostic(
          "table-literal",
          "`\(short.name)` has \(counted(short.column.count, "value")) where another column has \(rows)",
          at: head.range))
      return nil
    }
    return .scanning(MemorySource(Table(columns), name: "table"), origin: origin)
  }

  /// `table e = [{a: 1}]`: what is meant may be a table of that name.
  private static func recordsKept(_ name: Name, at range: SourceRange) -> Note {
    let name = CheckMessages.quoted(name.text)
    return Note(
      .fact,
      "\(name) is a column of records: `table [{…}]` makes columns of their fields, `let \(name) = (table [{…}])` a table of that name",
      subject: name, at: range)
  }

  private func listElement(_ type: DataType) -> DataType {
    if case .list(let element) = type { element } else { .missing }
  }
}

extension Binding {
  package var isMeasure: Bool { if case .definition = self { true } else { false } }
}

/// Records as columns.
package enum TableLiteral {
  /// The columns of records, in the order in which their fields first occur.
  package static func columns(_ records: [Value]) -> [(name: String, column: Column)] {
    var names: [String] = []
    var places: [String: Int] = [:]
    var values: [[Value]] = []
    for (row, record) in records.enumerated() {
      guard case .record(let fields) = record else { continue }
      for field in fields {
        let place = places[field.name] ?? names.count
        if place == names.count {
          places[field.name] = place
          names.append(field.name)
          values.append(Array(repeating: .missing, count: records.count))
        }
        values[place][row] = field.value
      }
    }
    if names.isEmpty, !records.isEmpty { return [("value", Column(records))] }
    return zip(names, values).map { ($0, Column($1)) }
  }
}

/// Faults of all kinds as diagnostics.
package enum Faults {
  /// - Parameter range: the place for an error that has none of its own.
  package static func diagnostic(_ error: any Error, at range: SourceRange?) -> Diagnostic {
    switch error {
    case let diagnostic as Diagnostic:
      var copy = diagnostic
      if copy.range == nil { copy.range = range }
      return copy
    case let fault as FormatFault:
      var place = fault.line.map { "\(fault.file), line \($0): " } ?? "\(fault.file): "
      // A message that names the file already says it once.
      if fault.line == nil,
        fault.message.hasPrefix(fault.file + " ") || fault.message.contains(" \(fault.file):")
          || fault.message.hasSuffix(" " + fault.file)
      {
        place = ""
      }
      return Diagnostic("file", place + fault.message, at: range, help: fault.help)
    case let fault as KernelFault:
      return Diagnostic("value", fault.message, at: range, help: fault.help)
    default:
      return Diagnostic("fault", "\(error)", at: range)
    }
  }
}
