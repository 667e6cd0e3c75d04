import Columns
import Diagnostics
import Language
import Planning

extension Verb {
  static let show = Verb(
    "show", "shows the table as it is here and passes it on",
    forms: ["show", "show 50", "show all"], argument: .literal,
    examples: [Example("table [{a: 1}, {a: 2}] | show", gives: "1 2")],
    searchWords: ["print", "display", "view", "peek"]
  ) { call, context in
    context.refuseRest(call.arguments.dropFirst(), call)
    var rows: Int?
    if let item = call.items.first {
      if case .name(let name) = item.value.kind, name.text == "all" {
        rows = Int.max
      } else {
        rows = context.wholeNumber(item.value, call)
        if let asked = rows, asked < 1 {
          context.report(
            "negative", "`show` wants at least 1 row", at: item.range,
            help: ["the last rows: take -\(max(1, asked.magnitude)), which passes them on alone"])
        }
      }
    }
    return .effect(Plan.Effect(input: context.plan, kind: .show(rows: rows), origin: context.origin))
  }

  static let save = Verb(
    "save", aliases: ["export", "write"],
    "writes the table to a file and passes it on; the ending says the format, and a further .gz or .zst packs it",
    forms: ["save \"out.csv\" [replace]", "save f\"day-{day}.csv\" [replace]"],
    clauses: [Clause("replace", .nothing, "an existing file may be replaced")],
    argument: .literal, searchWords: ["write", "export", "to_csv", "outfile", "download"]
  ) { call, context in
    context.refuseRest(call.arguments.dropFirst(), call)
    var faults: [Diagnostic] = []
    let written = context.environment.path(call.items.first?.value, &faults)
    for fault in faults { context.report(fault) }
    guard let item = call.items.first, case .text(let path) = written else {
      if written == .later { return context.plan }
      context.report(
        "file-wanted", "`save` wants a file name in quotes", at: call.range,
        help: ["such as save \"out.csv\", or with a value in it: save f\"day-{day}.csv\""])
      return context.plan
    }
    let catalogue = context.environment.catalogue
    if catalogue.output(forPath: path) == nil {
      context.report(
        "file-format", "`save` does not know the ending of \"\(path)\"", at: item.range,
        help: [unwritable(path, catalogue)])
    }
    return .effect(
      Plan.Effect(
        input: context.plan, kind: .save(path: path, replace: call.has("replace")), origin: context.origin))
  }

  static let assert = Verb(
    "assert", "stops with exit code 3 unless a condition is true for every row; passes the table on",
    forms: ["assert condition [\"message\"]"], argument: .items(named: false),
    one: OneItem("condition") {
      if $1.hasPrefix("\"") || $1.hasPrefix("f\"") {
        return "the message stands without a comma: assert \($0) \($1)"
      }
      return "write \($0) and \($1), or a stage for each: assert \($0) | assert \($1)"
    },
    examples: [Example("table [{a: 1}, {a: 2}] | assert a > 0 | count", gives: "2")],
    searchWords: ["check", "validate", "expect", "data quality", "test"]
  ) { call, context in
    var groups = call.arguments[...]
    guard let item = groups.popFirst()?.items.first else {
      context.report(
        "incomplete", "`assert` needs a condition", at: call.wordRange, help: ["such as assert age >= 0"])
      return context.plan
    }
    var message: String?
    if let second = groups.popFirst()?.items.first {
      if second.value.isText {
        message = context.message(second.value)
      } else {
        context.refuseRest([call.arguments[1]], call)
      }
    }
    context.refuseRest(groups, call)
    var condition: PlanExpression?
    let wider = context.overRows(keys: [], order: []) { checker, context in
      condition = checker.checkCondition(context.plain(item))
    }
    guard let condition else { return context.plan }
    return context.withoutHelpers(
      .effect(
        Plan.Effect(
          input: wider, kind: .assert(condition, message: message),
          hidden: wider.schema.count - context.schema.count, origin: context.origin)))
  }

  static let chart = Verb(
    "chart", aliases: ["plot", "graph", "render"], "draws a chart of the table and passes it on",
    forms: [
      "chart [KIND] y[, y2] [by x] [split g] [step n] [from 0] [title \"…\"] [width n] [height n] [to \"file.svg\"]"
    ],
    clauses: [
      Clause("by", .items(named: false), "the x axis"),
      Clause("split", .items(named: false), "one series for each value"),
      Clause("step", .literal, "how wide the bars of a histogram are, in the unit of y"),
      Clause("from", .literal, "a value that the axis of a line or an area holds, such as 0"),
      Clause("title", .literal, "a title"), Clause("width", .literal, "characters"),
      Clause("height", .literal, "rows"),
      Clause("to", .literal, "a file to draw to"),
    ], argument: .items(named: false),
    examples: [
      Example("table [{ward: \"A\", n: 3}, {ward: \"B\", n: 5}] | chart bar n by ward", gives: "A 3 B 5")
    ],
    searchWords: ["plot", "graph", "histogram", "bar chart", "line chart", "ggplot", "render", "visualise"]
  ) { call, context in
    ChartLowering.lower(call, &context)
  }
}

/// What to do instead of saving to a file of this ending.
private func unwritable(_ path: String, _ catalogue: Catalogue) -> String {
  if path.lowercased().hasSuffix("." + ChartSpecification.fileEnding) {
    return "a chart is drawn to a file with `to`: | chart bar n by ward to \"\(path)\""
  }
  let texts = catalogue.outputs.filter { !$0.isBinary }.flatMap(\.extensions).joined(separator: ", ")
  if let packing = catalogue.packing(forPath: path) {
    let plain = String(path.dropLast(packing.ending.count + 1))
    if catalogue.output(forPath: plain) != nil {
      return "only text is packed; this packs itself: save \"\(plain)\""
    }
    return "before .\(packing.ending) stands the ending of what is packed, one of \(texts)"
  }
  let ending = path.split(separator: ".").last?.lowercased() ?? ""
  let stem = path.contains(".") ? String(path.dropLast(ending.count + 1)) : path
  if ["xlsx", "xls", "xlsm", "xlsb", "ods"].contains(ending) {
    return "no workbook is written, and Excel opens CSV: save \"\(stem).csv\""
  }
  if ["dta", "sav", "sas7bdat", "xpt", "rds", "rda", "rdata", "parquet"].contains(ending) {
    return
      "R and Python read Arrow, with its types: save \"\(stem).arrow\"; Stata, SAS and SPSS read CSV: save \"\(stem).csv\""
  }
  if ["pdf", "docx", "doc"].contains(ending) {
    return "save \"\(stem).html\" makes a page that a browser prints, as a PDF too"
  }
  return "endings: \(catalogue.outputs.flatMap(\.extensions).joined(separator: ", "))"
}

private enum ChartLowering {
  static func lower(_ call: VerbCall, _ context: inout StageContext) -> Plan? {
    var groups = call.arguments[...]
    var chart = ChartSpecification()
    let kinds = context.environment.catalogue.chartKinds
    var kind: ChartKindRow?
    if let word = groups.first?.bareWord {
      kind = kinds.first { $0.name == word.text.lowercased() }
      if kind != nil {
        groups = groups.dropFirst()
      } else if groups.count > 1
        || ForeignHabits.isChartKind(word.text)
          && context.lacks(word.text)
      {
        let near = Suggestion.nearest(to: word.text, among: kinds.map(\.name))
        context.report(
          "chart-kind", "there is no chart kind `\(word.text)`", at: word.range,
          help: (near.map { ["did you mean `\($0)`?"] } ?? [])
            + ["kinds: \(kinds.map(\.name).joined(separator: ", "))"],
          fix: near.map { Diagnostic.Fix(word.range, $0) })
        groups = groups.dropFirst()
      }
    }
    // Only a histogram has bars of a width.
    if kind == nil, call.has("step") { kind = kinds.first { $0.name == "histogram" } }
    chart.kind = kind?.name
    let items = groups.first?.items ?? []
    context.refuseRest(groups.dropFirst(), call)
    if let counted = uncounted(items, call, context) {
      context.report(counted)
      return nil
    }
    chart.y = context.columns(items)
    chart.x = single("by", call, &context)
    chart.split = single("split", call, &context)
    readLiterals(call, &chart, &context)
    refuseFrom(call, kind, chart, &context)
    checkParts(call, kind, &chart, &context)
    readStep(call, &chart, &context)
    // A line along texts that are times goes back and forth in time.
    if kind?.name == "line", let x = chart.x, let remark = context.plan.remark(onColumn: x), remark.isMisread
    {
      context.notes.append(
        Note(
          .fact, of: "along `\(context.schema[x].name)` in the order of the rows: ", remark.message,
          subject: context.schema[x].name, at: call.range))
    }
    return .effect(Plan.Effect(input: context.plan, kind: .chart(chart), origin: context.origin))
  }

  /// Bars begin at 0 by themselves, and of times no axis begins there.
  private static func refuseFrom(
    _ call: VerbCall, _ kind: ChartKindRow?, _ chart: ChartSpecification, _ context: inout StageContext
  ) {
    guard let item = call.items("from").first else { return }
    let areNumbers = chart.y.allSatisfy {
      context.schema[$0].type.isNumber || context.schema[$0].type == .duration
    }
    if let kind, !["line", "area", "scatter"].contains(kind.name) {
      context.report(
        "chart-option", "`from` is for lines and points; chart \(kind.name) begins where it must",
        at: item.range,
        help: ["leave it out, or write chart line …"])
    } else if !areNumbers {
      context.report(
        "chart-option", "`from` is a number, and what is drawn here is none", at: item.range,
        help: ["leave it out"])
    }
  }

  /// `chart bar count by department`: what is drawn is counted in a stage before.
  private static func uncounted(_ items: [Item], _ call: VerbCall, _ context: StageContext) -> Diagnostic? {
    guard let item = items.first else { return nil }
    let name: Name
    var arguments = ""
    switch item.value.kind {
    case .name(let word) where !word.isQuoted: name = word
    case .call(let word, let given):
      name = word
      arguments = given.map { ExpressionText.code($0.value) }.joined(separator: ", ")
    default: return nil
    }
    if case .found = Scope(context.schema).find(name.text) { return nil }
    guard let function = context.environment.catalogue.function(name.text), function.isAggregate else {
      return nil
    }
    let isCount = function.name == "count"
    if arguments.isEmpty, !isCount { arguments = context.exampleColumn ?? "x" }
    let keys = (call.items("by") + call.items("split")).map { ExpressionText.code($0.value) }
    let made = isCount ? "n" : "value"
    let kind = call.arguments.first?.bareWord?.text
    let isKind =
      kind.map { word in context.environment.catalogue.chartKinds.contains { $0.name == word } } ?? true
    let parts = kind.map { $0 == name.text ? "" : (isKind ? $0 : "bar") + " " } ?? ""
    let by = keys.isEmpty ? "" : " by \(keys.joined(separator: ", "))"
    let drawn = keys.isEmpty ? "" : " by \(keys[0])" + (keys.count > 1 ? " split \(keys[1])" : "")
    return Diagnostic(
      "chart-aggregate", "a chart draws columns, and `\(name.text)` is worked out in a stage before",
      at: item.range,
      help: ["write aggregate \(made) = \(function.name)(\(arguments))\(by) | chart \(parts)\(made)\(drawn)"])
  }

  /// The column of a clause that takes one.
  private static func single(_ clause: String, _ call: VerbCall, _ context: inout StageContext) -> Int? {
    let columns = context.columns(call.items(clause))
    if columns.count > 1 {
      let names = columns.map { CheckMessages.quoted(context.schema[$0].name) }
      context.report(
        "chart-clause", "`\(clause)` of a chart takes one column, not \(columns.count)", at: call.range,
        help: [
          clause == "by"
            ? "the second one makes series: by \(names[0]) split \(names[1])"
            : "make them one before: derive series = concat(\(names[0]), \" \", \(names[1]))"
        ])
    }
    return columns.first
  }

  private static func readLiterals(
    _ call: VerbCall, _ chart: inout ChartSpecification, _ context: inout StageContext
  ) {
    for word in ["title", "to", "width", "height", "from"] where call.has(word) {
      guard let item = call.items(word).first else { continue }
      var checker = context.checker(.forbidden("here"))
      let value = checker.checkConstant(item.value, "`\(word)`")
      context.absorb(checker)
      switch (word, value) {
      case ("title", .text(let text)?): chart.title = text
      case ("to", .text(let path)?) where path.lowercased().hasSuffix("." + ChartSpecification.fileEnding):
        chart.file = path
      case ("width", .int(let number)?) where (20...1000).contains(number): chart.width = Int(number)
      case ("height", .int(let number)?) where (3...500).contains(number): chart.height = Int(number)
      case ("from", let value?) where value.number != nil: chart.from = value.number
      case (_, nil): break
      default:
        let wanted = [
          "from": "a number",
          "title": "a text", "to": "the name of an .svg file", "width": "20 to 1000", "height": "3 to 500",
        ]
        var help: [String] = []
        if word == "to", case .text(let path)? = value {
          let stem = path.split(separator: "/").last?.split(separator: ".").first ?? "chart"
          help = [
            "a chart is drawn as \(ChartSpecification.fileEnding), which browsers and documents show: to \"\(stem).\(ChartSpecification.fileEnding)\""
          ]
        }
        context.report(
          "chart-option", "`\(word)` wants \(wanted[word] ?? "a value")", at: item.range, help: help)
      }
    }
  }

  /// How wide the bars of a histogram are.
  private static func readStep(
    _ call: VerbCall, _ chart: inout ChartSpecification, _ context: inout StageContext
  ) {
    guard let item = call.items("step").first else { return }
    var checker = context.checker(.forbidden("here"))
    let value = checker.checkConstant(item.value, "`step`")
    context.absorb(checker)
    guard let value, let column = chart.y.first else { return }
    let (name, type) = (CheckMessages.quoted(context.schema[column].name), context.schema[column].type)
    let shown = "`\(context.schema[column].name)`"
    var wanted = "a number above 0 for \(shown)"
    var help = "such as step 10"
    switch (type, value) {
    case (.duration, .duration(let length)) where length > 0: chart.step = value
    case (.int, .int(let width)) where width > 0: chart.step = value
    case (.int, .float(let width)), (.float, .float(let width)):
      if width > 0 { chart.step = value }
    case (.float, .int(let width)) where width > 0: chart.step = value
    case (.date, _), (.datetime, _):
      wanted = "a column of numbers or durations, and \(shown) is \(type.name)"
      help =
        "days and times are counted by a part of them: count by week = start_of(\(name), week) | sort week | chart bar n by week"
    case (.duration, _): (wanted, help) = ("a duration above 0 for \(shown)", "such as step 12h")
    default: break
    }
    if chart.kind != "histogram" || chart.x != nil {
      context.report(
        "chart-option", "`step` is the width of the bars of a histogram of rows", at: item.range,
        help: ["such as chart histogram \(name) step 10"])
    } else if chart.step == nil {
      context.report(
        "chart-option",
        "`step` wants \(wanted)", at: item.range,
        help: [help])
    }
  }

  private static func checkParts(
    _ call: VerbCall, _ kind: ChartKindRow?, _ chart: inout ChartSpecification, _ context: inout StageContext
  ) {
    if chart.y.isEmpty {
      // `chart` alone draws the last numeric column by the first other one: what a summary table wants.
      let schema = context.schema
      if call.arguments.count <= (kind == nil ? 0 : 1),
        let y = schema.fields.indices.last(where: { schema[$0].type.isNumber && $0 != chart.x })
      {
        chart.y = [y]
      } else if !context.diagnostics.contains(where: { $0.severity == .error }) {
        context.report(
          "chart-y", "`chart` does not say what to draw", at: call.range,
          help: ["such as chart bar n by ward"])
      }
    }
    if chart.x == nil, kind?.guessesX ?? true {
      chart.x = guessedX(chart, context.schema)
    }
    if let kind, kind.needsX, chart.x == nil, !chart.y.isEmpty {
      context.report(
        "chart-x", "a \(kind.name) chart needs `by` and a column", at: call.range,
        help: ["such as \(kind.example)"])
    }
    if let kind, !chart.y.isEmpty, !kind.y.contains(chart.y.count) {
      context.report(
        "chart-y",
        "a \(kind.name) chart draws \(kind.y.upperBound == 1 ? "one column" : "\(kind.y.lowerBound) to \(kind.y.upperBound) columns"), not \(chart.y.count)",
        at: call.range, help: ["such as \(kind.example)"])
    }
  }

  /// The x axis where none was named: the first column that is no y and could label an axis.
  private static func guessedX(_ chart: ChartSpecification, _ schema: Schema) -> Int? {
    let candidates = schema.fields.indices.filter { !chart.y.contains($0) && $0 != chart.split }
    return candidates.first { schema[$0].type == .text || schema[$0].type.isTime }
      ?? (schema.count > 1 ? candidates.first : nil)
  }
}

extension StageContext {
  /// The message of an assertion: a text, which may have values in braces, but no columns: it is one for all rows.
  fileprivate mutating func message(_ expression: Expression) -> String? {
    var checker = ExpressionChecker(
      environment: environment, scope: Scope(), mode: .forbidden("in a message"))
    let checked = checker.check(expression)
    if let column = column(in: expression) {
      report(
        "message-column", "a message is one for all rows, and `\(column.text)` differs from row to row",
        at: column.range, help: ["leave it out: the first row that fails is shown behind the message"])
      return nil
    }
    absorb(checker)
    if let checked, checked.constant == nil {
      report(
        "message-value", "the values in a message are plain ones, known before the rows are read",
        at: expression.range, help: ["such as let least = 5 in a line before, and {least} here"])
    }
    return checked?.constant?.string
  }

  /// The first column that an expression names.
  private func column(in expression: Expression) -> Name? {
    if case .name(let name) = expression.kind, schema.names.contains(name.text) { return name }
    var found: Name?
    expression.forEachChild { found = found ?? column(in: $0) }
    return found
  }
}
