import Columns
import Diagnostics
import Language
import Planning

extension Verb {
  static let append = Verb(
    "append", aliases: ["union", "bind_rows"],
    "puts the rows of other tables behind, column by column name; equal rows stay, and `distinct` takes them out",
    forms: ["append table, …", "append \"file.csv\" [with option = value, …]"],
    clauses: [Clause("with", .items(named: true), "how quoted files are read")], argument: .name,
    examples: [Example("table [{a: 1}] | append (table [{a: 2, b: 3}]) | count", gives: "2")],
    searchWords: ["union all", "bind_rows", "concat", "stack", "rbind"]
  ) { call, context in
    context.refuseRest(call.arguments.dropFirst(), call)
    var inputs = [context.plan]
    // The options of files are read as a pipeline's are.
    let files = call.items.filter { $0.value.isText }
    var options: [Group] = []
    if let given = call.groups("with"),
      let word = call.clauses.first(where: { $0.word.text.lowercased() == "with" })
    {
      options =
        [
          Group(
            items: [Item(value: Expression(.name(word.word), at: word.word.range), range: word.word.range)],
            range: word.word.range)
        ] + given
      if files.count < call.items.count {
        context.report(
          "append-options", "`with` says how quoted files are read, and here stands a table",
          at: word.word.range,
          help: ["append files and tables in stages of their own"])
        return context.plan
      }
    }
    for item in call.items {
      let pipeline: Pipeline
      switch item.value.kind {
      case .pipeline(let inner): pipeline = inner
      case .name(let name):
        pipeline = Pipeline(
          head: Stage(word: name, groups: [], range: name.range), stages: [], range: name.range)
      default:
        pipeline = Pipeline(
          head: Stage(
            word: nil, groups: [Group(items: [item], range: item.range)] + options, range: item.range),
          stages: [],
          range: item.range)
      }
      var lowering = PipelineLowering(environment: context.environment)
      let plan = lowering.lower(nested: pipeline)
      for fault in lowering.diagnostics { context.report(fault) }
      if let plan { inputs.append(plan) }
    }
    if call.stage.word?.text.lowercased() == "union" {
      context.notes.append(
        Note(
          .fact, "`union` keeps equal rows here, as UNION ALL does: | distinct takes them out",
          at: call.wordRange))
    }
    if inputs.count == 1, call.items.isEmpty {
      context.report("incomplete", "`append` names no table", at: call.wordRange)
    }
    return context.appending(inputs, at: call.range)
  }

  static let unpivot = Verb(
    "unpivot", aliases: ["melt", "pivot_longer"],
    "makes a row of each of several columns: its name and its value",
    forms: ["unpivot first..last into name, value"],
    clauses: [Clause("into", .name, "names of the two new columns")],
    argument: .items(named: false),
    examples: [
      Example("table [{ward: \"a\", jan: 1, feb: 2}] | unpivot jan..feb into month, n | count", gives: "2")
    ],
    searchWords: ["melt", "pivot_longer", "gather", "reshape long", "stack"]
  ) { call, context in
    let names = call.items("into").compactMap { item -> String? in
      if case .name(let name) = item.value.kind { name.text } else { nil }
    }
    let leavesOut = call.items.contains { if case .unary(.minus, _) = $0.value.kind { true } else { false } }
    guard names.count == 2, !leavesOut else {
      context.report(
        "unpivot-into",
        leavesOut
          ? "`unpivot` names the columns that become rows, not those that stay"
          : "`unpivot` wants two new names behind `into`", at: call.range,
        help: ["write \(unpivoted(call, names, context))"])
      return nil
    }
    context.refuseRest(call.arguments.dropFirst(), call)
    let melted = context.columns(call.items)
    let schema = context.schema
    var type = DataType.missing
    for index in melted {
      guard let common = DataType.common(type, schema[index].type) else {
        context.report(
          "unpivot-types", "these columns do not fit into one: \(type.name) and \(schema[index].type.name)",
          at: call.range,
          help: [
            "make the others text first: derive "
              + melted.filter { schema[$0].type != .text }.map {
                let name = CheckMessages.quoted(schema[$0].name)
                return "\(name) = text(\(name))"
              }.joined(separator: ", ")
          ])
        return nil
      }
      type = common
    }
    let kept = schema.fields.indices.filter { !melted.contains($0) }
    for name in names where kept.contains(where: { schema[$0].name == name }) || names[0] == names[1] {
      context.report(
        "unpivot-name", "there is already a column `\(name)`", at: call.range,
        help: ["give the new columns names of their own behind `into`"])
      return context.plan
    }
    let sums = melted.filter { TotalNames.isColumn(schema[$0].name) }.map { "`\(visible(schema[$0].name))`" }
    if type.isNumber, !sums.isEmpty, sums.count * 2 < melted.count {
      context.notes.append(
        Note(
          .fact,
          "\(sums.joined(separator: ", ")) \(sums.count == 1 ? "sums" : "sum") up the other columns, by \(sums.count == 1 ? "its name" : "their names"), and \(sums.count == 1 ? "its values are" : "their values are") rows like theirs here: leave \(sums.count == 1 ? "it" : "them") out of unpivot",
          count: sums.count, at: call.range))
    }
    let fields = kept.map { schema[$0] } + [Field(names[0], .text), Field(names[1], type)]
    return .unpivot(
      Plan.Unpivot(
        input: context.plan, kept: kept, melted: melted, schema: Schema(fields), origin: context.origin))
  }

  /// An unpivot with two new names, of what is written: `unpivot jan, feb name month value visits`.
  private static func unpivoted(_ call: VerbCall, _ given: [String], _ context: StageContext) -> String {
    var columns: [String] = []
    var names = given
    var seen: Set<String> = []
    var kept: [String] = []
    for group in call.arguments {
      for item in group.items {
        // `unpivot -unit`, `melt(id_vars = ["unit"])`: the columns that stay.
        if case .unary(.minus, let operand) = item.value.kind {
          if case .name(let name) = operand.kind { kept.append(name.text) }
          continue
        }
        if case .list(let values) = item.value.kind, let option = item.names.first?.text {
          let names = values.map { value in
            if case .text(let name) = value.kind { name } else { ExpressionText.code(value) }
          }
          if option.hasPrefix("id") { kept += names } else { columns += names.map(CheckMessages.quoted) }
          continue
        }
        if let option = item.names.first?.text, case .text(let name) = item.value.kind {
          if option.hasPrefix("id") { kept.append(name) } else { names.append(CheckMessages.quoted(name)) }
          continue
        }
        if case .list(let values) = item.value.kind {
          columns += values.map(ExpressionText.code)
          continue
        }
        let text = ExpressionText.code(item.value)
        guard group.bareWord != nil || columns.isEmpty || group.items.count > 1,
          case .name(let name) = item.value.kind, !context.schema.names.contains(name.text)
        else {
          columns.append(text)
          continue
        }
        let isLabel = ["name", "names", "value", "values", "as", "to", "key", "for", "in"].contains(name.text)
        // `name name value value`: the word first, then the name.
        if !isLabel || !seen.insert(name.text).inserted { names.append(CheckMessages.quoted(name.text)) }
      }
    }
    if columns.isEmpty, !kept.isEmpty {
      let others = context.schema.names.filter { !kept.contains($0) }.map(CheckMessages.quoted)
      let all = context.schema.names.map(CheckMessages.quoted)
      // Those that stand beside each other are a range.
      if others.count > 2, let first = others.first, let last = others.last,
        let from = all.firstIndex(of: first), Array(all[from...].prefix(others.count)) == others
      {
        columns = ["\(first)..\(last)"]
      } else {
        columns = others
      }
    }
    if columns.isEmpty { return "unpivot jan..dec into month, visits" }
    if names.isEmpty { names.append("name") }
    if names.count == 1 { names.append("value") }
    return "unpivot \(columns.joined(separator: ", ")) into \(names.prefix(2).joined(separator: ", "))"
  }

  static let fill = Verb(
    "fill", "fills missing values: with a value, or with the last known one above",
    forms: [
      "fill column, … with value [by key, …] [sort key, …]", "fill column, … down [by key, …] [sort key, …]",
    ],
    clauses: [
      Clause(
        "with", .literal, "the value",
        one: OneItem("value") { first, _ in
          "write fill … with \(first) | fill … with …, a stage for each value"
        }),
      Clause("down", .nothing, "the last known value above"), .by,
      .sort,
    ], argument: .items(named: false),
    examples: [
      Example("table [{a: 1}, {a: missing}] | fill a with 0 | aggregate s = sum(a)", gives: "1"),
      Example("table [{a: 1}, {a: missing}] | fill a down | aggregate s = sum(a)", gives: "2"),
      Example(
        "table [{g: 1, a: 4}, {g: 1, a: missing}, {g: 2, a: 9}] | fill a with mean(a) by g | aggregate s = sum(a)",
        gives: "17.0"),
    ],
    searchWords: ["coalesce", "fillna", "replace_na", "impute", "locf", "forward fill", "carry forward"]
  ) { call, context in
    // `fill ward "none"`: what is left out is told below.
    if call.has("with") || call.has("down") { context.refuseRest(call.arguments.dropFirst(), call) }
    let items = call.arguments.first?.items ?? []
    if items.isEmpty {
      context.report(
        "incomplete", "`fill` names no column", at: call.wordRange,
        help: ["such as fill \(context.exampleColumn ?? "charges") with 0"])
      return context.plan
    }
    // `fill triage = 0`
    if let item = items.first, let given = item.names.first, items.count == 1, !call.has("with"),
      !call.has("down")
    {
      context.report(
        "fill-how", "`fill` takes its value behind `with`", at: item.range,
        help: ["write fill \(CheckMessages.quoted(given.text)) with \(ExpressionText.code(item.value))"])
      return context.plan
    }
    let columns = context.columns(items)
    let range = call.range
    func name(_ index: Int) -> Expression {
      Expression(.name(Name(context.schema[index].name, at: range, isQuoted: true)), at: range)
    }
    if call.has("with"), call.has("down") {
      context.report(
        "fill-how", "`fill` takes a value or the one above, not both", at: range,
        help: ["a stage for each: fill … down | fill … with 0"])
      return context.plan
    }
    if call.has("with") {
      guard let value = call.items("with").first else { return context.plan }
      var checker = context.checker(.broadcast)
      // What is wrong with the value itself is told below.
      if let type = checker.check(value.value)?.type,
        let column = columns.first(where: { DataType.common(context.schema[$0].type, type) == nil })
      {
        let field = context.schema[column]
        context.report(
          "fill-type",
          "`fill \(field.name)` does not fit: \(field.name) is \(field.type.name), \(ExpressionText.of(value.value)) is \(type.name)",
          at: value.range,
          help: [
            field.type == .text
              ? "a text fills it: fill \(field.name) with \"\(ExpressionText.of(value.value))\""
              : "what fills a column has its type"
          ])
        return context.plan
      }
      let filled = columns.map { index in
        Item(
          names: [Name(context.schema[index].name, at: range)],
          value: Expression(
            .call(
              Name(Kernels.filling, at: range, isQuoted: true),
              [Expression.Argument(value: name(index)), Expression.Argument(value: value.value)]),
            at: value.range),
          range: value.range)
      }
      let keys = context.keyExpressions(call)
      let order = context.sortClause(call)
      let result = context.deriving(filled, keys: keys, order: order)
      context.refuseIdleClauses(call)
      return result
    }
    guard call.has("down") else {
      let names = items.map { ExpressionText.code($0.value) }.joined(separator: ", ")
      let type = columns.first.map { context.schema[$0].type } ?? .int
      // `fill ward "none"`: the value as it stands.
      let given = call.arguments.dropFirst().first?.items.first?.value
      let fits: Bool =
        switch given?.kind {
        case .text: type == .text
        case .int, .float: type.isNumber
        default: false
        }
      let value = fits ? given.map(ExpressionText.code) ?? "0" : type == .text ? "\"none\"" : "0"
      let isUp = call.arguments.dropFirst().contains { $0.bareWord?.text.lowercased() == "up" }
      context.report(
        "fill-how", "`fill` does not say with what", at: range,
        help: ["write fill \(names) with \(value), or fill \(names) down"]
          + (isUp ? ["values are carried down only: sort the rows the other way before"] : []))
      return context.plan
    }
    let keys = context.keyExpressions(call)
    let order = context.sortClause(call)
    let filled = columns.map { index in
      Item(
        names: [Name(context.schema[index].name, at: range)],
        value: Expression(
          .call(Name("last_known", at: range, isQuoted: true), [Expression.Argument(value: name(index))]),
          at: range),
        range: range)
    }
    return named(context.deriving(filled, keys: keys, order: order), columns.map { context.schema[$0].name })
  }

  /// What the notes call the functions that fill columns: nobody wrote them.
  private static func named(_ plan: Plan, _ columns: [String]) -> Plan {
    switch plan {
    case .project(var node):
      node.input = named(node.input, columns)
      return .project(node)
    case .window(var node):
      for (index, name) in zip(node.calls.indices, columns) {
        node.calls[index].text = "fill \(CheckMessages.quoted(name)) down"
      }
      return .window(node)
    default: return plan
    }
  }

  static let split = Verb(
    "split", "makes a row of each part of a text, or of each element of a list",
    forms: ["split column on \";\"", "split list_column"], clauses: [Clause("on", .literal, "the separator")],
    argument: .items(named: false),
    one: OneItem("column") { "split one after the other: split \($0) … | split \($1) …" },
    examples: [Example("table [{codes: \"a; b;c\"}] | split codes on \";\" | count", gives: "3")],
    searchWords: ["explode", "unnest", "separate_rows", "string_split", "mv-expand"]
  ) { call, context in
    context.refuseRest(call.arguments.dropFirst(), call)
    guard let item = call.items.first, let column = context.column(item.value) else {
      if call.items.isEmpty { context.report("incomplete", "`split` names no column", at: call.wordRange) }
      return context.plan
    }
    var separator: String?
    var type = context.schema[column].type
    if case .list(let element) = type {
      type = element
    } else {
      // A column that holds nothing may be text as well as anything else.
      guard type == .text || type == .missing else {
        context.report("split-type", "`split` works on text and lists, not on \(type.name)", at: item.range)
        return context.plan
      }
      guard let on = call.items("on").first, case .text(let given) = on.value.kind, !given.isEmpty else {
        context.report(
          "split-on", "`split` wants the separator behind `on`", at: call.range,
          help: ["such as split \(ExpressionText.of(item.value)) on \";\""])
        return context.plan
      }
      separator = given
    }
    var fields = context.schema.fields
    fields[column].type = type
    return .split(
      Plan.Split(
        input: context.plan, column: column, separator: separator, schema: Schema(fields),
        origin: context.origin))
  }

  static let describe = Verb(
    "describe", aliases: ["summary", "getschema"],
    "one row a column: type, rows, missing, distinct, range, shape",
    forms: ["describe"], argument: .nothing,
    examples: [Example("table [{a: 1}, {a: missing}] | describe | select `missing`", gives: "1")],
    searchWords: [
      "summary", "summarize table", "profile", "codebook", "skim", "info", "schema", "glimpse", "str",
    ]
  ) { call, context in
    context.refuseRest(call.arguments[...], call)
    let fields = [
      Field("column", .text), Field("type", .text), Field("rows", .int), Field("missing", .int),
      Field("distinct", .int), Field("min", .text), Field("median", .text), Field("max", .text),
      Field("commonest", .text), Field("histogram", .text),
    ]
    return .describe(Plan.Describe(input: context.plan, schema: Schema(fields), origin: context.origin))
  }
}

extension StageContext {
  /// Rows of several inputs under one schema: columns matched by name.
  mutating func appending(_ inputs: [Plan], at range: SourceRange) -> Plan {
    var fields: [Field] = []
    for input in inputs {
      for field in input.schema.fields {
        guard let index = fields.firstIndex(where: { $0.name == field.name }) else {
          fields.append(Field(field.name, field.type))
          continue
        }
        if let common = DataType.common(fields[index].type, field.type) {
          fields[index].type = common
        } else {
          report(
            "append-types",
            "`\(field.name)` is \(fields[index].type.name) in one table and \(field.type.name) in another",
            at: range,
            help: [
              fields[index].type == .text
                ? "convert it in the other table: append (other | derive \(field.name) = text(\(field.name)))"
                : "convert it first, for instance derive \(field.name) = text(\(field.name))"
            ])
        }
      }
    }
    let maps = inputs.map { input in fields.map { input.schema.index(of: $0.name) } }
    return .append(Plan.Append(inputs: inputs, maps: maps, schema: Schema(fields), origin: origin))
  }
}
