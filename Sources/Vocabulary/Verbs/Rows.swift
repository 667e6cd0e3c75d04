import Columns
import Diagnostics
import Language
import Planning

extension Verb {
  static let sort = Verb(
    "sort", aliases: ["order", "arrange"], "puts the rows in order; missing last either way",
    forms: ["sort key, -key, key desc, …"], clauses: [Clause("by", .order, "the order")], argument: .order,
    examples: [Example("table [{a: 2}, {a: 3}, {a: 1}] | sort -a | take 1", gives: "3")],
    searchWords: ["order by", "arrange", "rank", "ascending", "descending", "gsort"]
  ) { call, context in
    // `order by x` reads as the verb `order` with the clause `by`.
    let groups = call.arguments + (call.groups("by") ?? [])
    context.refuseRest(groups.dropFirst(), call)
    guard let items = groups.first?.items else {
      context.report(
        "incomplete", "`sort` names no column", at: call.wordRange,
        help: ["such as sort -\(context.exampleColumn ?? "charges")"])
      return context.plan
    }
    var order: [OrderItem] = []
    let wider = context.overRows(keys: [], order: []) { checker, context in
      order = context.order(items, &checker)
    }
    if order.isEmpty { return context.plan }
    return context.withoutHelpers(
      .sort(Plan.Sort(input: wider, order: order, limit: nil, origin: context.origin)))
  }

  static let take = Verb(
    "take", aliases: ["limit", "head"],
    "keeps the first rows, of the table or of each group; negative: the last",
    forms: ["take 3 [by key, …] [sort key, …]", "take -3"], clauses: [.by, .sort], argument: .literal,
    examples: [Example("table a = 1..5 | take -2 | aggregate s = sum(a)", gives: "9")],
    searchWords: ["limit", "head", "first", "fetch", "slice", "tail", "last"]
  ) { call, context in
    if let items = call.arguments.first?.items, items.count > 1 {
      let numbers = items.prefix(2).map { ExpressionText.of($0.value) }
      context.report(
        "several-numbers", "`take` wants one number", at: call.arguments[0].range,
        help: ["rows from the middle are taken with two stages: skip \(numbers[0]) | take \(numbers[1])"])
    }
    context.refuseRest(call.arguments.dropFirst(), call)
    let keys = context.keyExpressions(call)
    let order = context.sortClause(call)
    guard let count = context.wholeNumber(call.items.first.map { context.plain($0) }, call) else {
      return context.plan
    }
    if count < 0, let word = call.stage.word?.text, ForeignHabits.unclearWithMinus.contains(word.lowercased())
    {
      context.report(
        "head-minus",
        "`\(word) \(count)` is the first \(count.magnitude) rows to some and all but the last to others",
        at: call.range, help: ["the first: take \(count.magnitude)", "the last: take \(count)"])
      return context.plan
    }
    return context.cut(
      Plan.Slice(
        input: context.plan, keys: keys, order: order, skip: 0, take: Int(clamping: count.magnitude),
        fromEnd: count < 0,
        dropsMissing: false, origin: context.origin))
  }

  static let skip = Verb(
    "skip", aliases: ["offset"], "leaves the first rows out, of the table or of each group",
    forms: ["skip 3 [by key, …] [sort key, …]"], clauses: [.by, .sort], argument: .literal,
    examples: [Example("table a = 1..5 | skip 4", gives: "5")], searchWords: ["offset", "drop rows"]
  ) { call, context in
    context.refuseRest(call.arguments.dropFirst(), call)
    let keys = context.keyExpressions(call)
    let order = context.sortClause(call)
    guard let count = context.wholeNumber(call.items.first.map { context.plain($0) }, call) else {
      return context.plan
    }
    guard count >= 0 else {
      context.report(
        "negative", "`skip` wants a number from 0 up", at: call.range,
        help: count == .min ? [] : ["take \(count) keeps the last \(-count)"])
      return context.plan
    }
    return context.cut(
      Plan.Slice(
        input: context.plan, keys: keys, order: order, skip: count, take: nil, fromEnd: false,
        dropsMissing: false,
        origin: context.origin))
  }

  static let top = Verb(
    "top", "keeps the rows with the largest values, without the missing; `-x`: the smallest",
    forms: ["top 5 column [by key, …]", "top 5 -column [by key, …]"], clauses: [.by], argument: .literal,
    examples: [Example("table [{a: 2}, {a: 3}, {a: missing}] | top 1 a", gives: "3")],
    searchWords: ["largest", "highest", "nlargest", "most", "max rows", "slice_max"]
  ) { call, context in
    context.refuseRest(call.arguments.dropFirst(2), call)
    let keys = context.keyExpressions(call)
    if call.arguments.count == 2, let column = call.arguments[0].items.first,
      let rows = call.arguments[1].items.first,
      case .int(let number) = rows.value.kind, case .name = column.value.kind
    {
      context.report(
        "whole-number", "`top` wants how many rows first", at: call.arguments[0].range,
        help: ["write top \(number) \(call.arguments[0].ordered)"])
      return context.plan
    }
    guard let count = context.wholeNumber(call.arguments.first?.items.first.map { context.plain($0) }, call)
    else {
      return context.plan
    }
    if count < 0 {
      context.report(
        "negative-count", "`top` wants a number of rows, not \(count)", at: call.arguments[0].range,
        help: count == .min ? [] : ["for the smallest values: top \(-count) -column"])
      return context.plan
    }
    guard call.arguments.count > 1 else {
      context.report(
        "incomplete", "`top \(count)` of which column?", at: call.range, help: context.topHelp(count, call))
      return context.plan
    }
    if context.refusesCounted(count, call) { return context.plan }
    var order: [OrderItem] = []
    let wider = context.overRows(keys: keys, order: []) { checker, context in
      // The largest come first, of `x` as of `x desc`; the smallest of `-x` and `x asc`.
      for item in call.arguments[1].items {
        if item.direction != nil, case .unary(.minus, let operand) = item.value.kind {
          let text = ExpressionText.of(operand)
          context.report(
            "sort-direction", "the direction is given twice: `-` and a word", at: item.range,
            help: ["write \(text) for the largest, -\(text) for the smallest"])
          continue
        }
        for var key in context.order([item], &checker) {
          if item.direction == nil { key.descending.toggle() }
          order.append(key)
        }
      }
    }
    if order.isEmpty { return context.plan }
    return context.withoutHelpers(
      .slice(
        Plan.Slice(
          input: wider, keys: keys, order: order, skip: 0, take: max(0, count), fromEnd: false,
          dropsMissing: true,
          origin: context.origin)))
  }

  static let sample = Verb(
    "sample", "keeps some rows drawn by chance, in their present order; the same ones for the same seed",
    forms: ["sample 1000 [seed 7]", "sample 5% [seed 7]"],
    clauses: [Clause("seed", .literal, "the seed of the draw")],
    argument: .literal, examples: [Example("table a = 1..100 | sample 10 seed 1 | count", gives: "10")],
    searchWords: ["random", "subset", "tablesample", "draw"]
  ) { call, context in
    context.refuseRest(call.arguments.dropFirst(), call)
    guard let first = call.items.first else {
      context.report("incomplete", "`sample` wants a number of rows or a percent", at: call.wordRange)
      return context.plan
    }
    let size: Plan.Sample.Size
    switch first.value.kind {
    case .percent(let fraction) where fraction >= 0 && fraction <= 1: size = .fraction(fraction)
    case .percent:
      context.report("percent", "a sample is between 0% and 100%", at: first.range)
      return context.plan
    default:
      // A percent that has a name.
      if case .name(let name) = first.value.kind,
        case .value(.float(let fraction), _)? = context.environment.binding(name.text)?.binding,
        fraction >= 0, fraction <= 1
      {
        size = .fraction(fraction)
        break
      }
      guard let count = context.wholeNumber(first.value, call) else { return context.plan }
      guard count >= 0 else {
        context.report("negative", "a sample has no negative size", at: first.range)
        return context.plan
      }
      size = .rows(count)
    }
    var seed = context.environment.seed
    if let item = call.items("seed").first, let given = context.wholeNumber(item.value, call) {
      seed = UInt64(bitPattern: Int64(given))
    }
    return .sample(
      Plan.Sample(
        input: context.plan, size: size, seed: seed, seedIsGiven: call.has("seed"), origin: context.origin))
  }

  static let distinct = Verb(
    "distinct", aliases: ["unique", "dedupe"],
    "gives each combination of these columns once, and no other columns; without columns each different row",
    forms: ["distinct [column, …]"], argument: .items(named: false),
    examples: [
      Example("table [{a: 1}, {a: 1}, {a: 2}] | distinct a | count", gives: "2"),
      Example("table [{a: 1, b: 5}, {a: 1, b: 6}] | take 1 by a", gives: "1 5"),
    ],
    searchWords: ["unique", "duplicates", "dedupe", "drop_duplicates"]
  ) { call, context in
    if context.refusesForeignDistinct(call) { return context.plan }
    context.refuseRest(call.arguments.dropFirst(), call)
    let items = call.arguments.first?.items ?? []
    let columns = items.isEmpty ? Array(context.schema.fields.indices) : context.columns(items)
    return .distinct(
      Plan.Distinct(
        input: context.plan, columns: columns, isOfWholeRows: items.isEmpty,
        schema: Schema(columns.map { context.schema[$0] }), origin: context.origin))
  }
}

extension StageContext {
  /// `top 10 by age`, `top 10 by ward`: a number may be what decides, or the groups.
  fileprivate func topHelp(_ count: Int, _ call: VerbCall) -> [String] {
    let example = "top \(count) \(exampleColumn ?? "charges")"
    let keys = call.items("by")
    guard let first = keys.first else { return ["such as \(example)"] }
    let written = ExpressionText.code(first.value)
    let names = schema.names.map(CheckMessages.quoted)
    let all = keys.map { ExpressionText.code($0.value) }.filter(names.contains).joined(separator: ", ")
    let isNumber = schema.fields.first { $0.name == written }?.type.isNumber ?? false
    if all.isEmpty { return ["such as \(example)"] }
    // KQL: `top 3 by charges asc` takes the smallest.
    if first.direction == .ascending { return ["write top \(count) -\(written), the smallest"] }
    if exampleColumn == written { return ["write top \(count) \(written)"] }
    return isNumber
      ? ["write top \(count) \(written)", "of each \(all): \(example) by \(all)"]
      : ["of each \(all), such as \(example) by \(all)", "by its own values: top \(count) \(written)"]
  }

  /// `distinct on patient_id` and `distinct count patient_id` of SQL.
  fileprivate mutating func refusesForeignDistinct(_ call: VerbCall) -> Bool {
    guard let word = call.arguments.first?.bareWord, call.arguments.count > 1,
      !schema.names.contains(word.text)
    else { return false }
    let items = call.arguments.dropFirst().flatMap(\.items)
    let names = items.compactMap { item -> String? in
      if case .name(let name) = item.value.kind, schema.names.contains(name.text) { name.text } else { nil }
    }
    if names.isEmpty || names.count < items.count { return false }
    let columns = names.map(CheckMessages.quoted).joined(separator: ", ")
    let help: [String]
    switch word.text.lowercased() {
    case "on", "by":
      help = ["each value once: distinct \(columns)", "a whole row of each: take 1 by \(columns)"]
    case "count", "number":
      help = [
        "how many different ones there are: "
          + (names.count == 1 ? "aggregate n = count_distinct(\(columns))" : "distinct \(columns) | count")
      ]
    default: return false
    }
    report(
      "foreign-word", "`\(word.text)` does not stand behind `distinct`", at: word.range, help: help)
    return true
  }

  /// A column to show in an example: the last one that measures something.
  var exampleColumn: String? {
    let measured = schema.fields.last { $0.type.isNumber && !$0.isPercentage && !$0.name.hasSuffix("id") }
    return (measured ?? schema.fields.last { $0.type.isOrderable }).map { CheckMessages.quoted($0.name) }
  }

  /// `top 5 count by rule`: the counts have to be made before the largest are taken.
  fileprivate mutating func refusesCounted(_ count: Int, _ call: VerbCall) -> Bool {
    guard let word = call.arguments[1].bareWord, word.text.lowercased() == "count",
      !schema.names.contains(word.text), environment.binding(word.text) == nil
    else { return false }
    let keys = call.items("by").map { ExpressionText.of($0.value) }.joined(separator: ", ")
    report(
      "counted-top", "`top` takes rows by a column, and the counts are not made yet", at: word.range,
      help: ["write count by \(keys.isEmpty ? "column" : keys) | top \(count) n"])
    return true
  }
}
