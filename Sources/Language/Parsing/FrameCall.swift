import Diagnostics

/// A function of R or pandas around the columns of a table, `table(df$ward, df$sex)`, `pd.crosstab(df.a, df.b)`,
/// `aggregate(los ~ ward, data = df, FUN = mean)`, and the pipeline that says the same.
struct FrameCall {
  private let parser: Parser
  private let arguments: [MethodChain.Argument]

  /// The pipeline of a statement that is one such call; nil for any other.
  static func pipeline(in parser: Parser, from start: Int) -> String? {
    let name = parser.token(at: start)
    guard name.kind == .name, parser.token(at: start + 1).symbol == .openParenthesis,
      parser.partner(of: start + 1) == parser.limit - 1, parser.nesting(from: start) <= MethodChain.deepest,
      case let word = parser.text(name).lowercased(), functions[word] != nil || aggregate(word) != nil
    else { return nil }
    let chain = MethodChain(parser, base: "")
    let call = FrameCall(parser: parser, arguments: chain.arguments(start + 2..<parser.limit - 1))
    return functions[word].map { $0(call) } ?? aggregate(word).flatMap(call.aggregated)
  }

  private static let functions: [String: @Sendable (FrameCall) -> String?] = [
    // Of missing values ours tells whatever `useNA` and `use` say, as it does without them.
    "table": { $0.behind(options: ["useNA"]) { "count by \($0.joined(separator: ", "))" } },
    "crosstab": { $0.crossed }, "pd.crosstab": { $0.crossed },
    "unique": { $0.behind(1) { "distinct \($0[0])" } },
    "summary": { $0.behind(1) { "select \($0[0]) | describe" } },
    "hist": { $0.behind(1) { "chart histogram \($0[0])" } },
    "plot": { $0.behind(2) { "chart scatter \($0[1]) by \($0[0])" } },
    "cor": { $0.behind(2, options: ["use"]) { "aggregate correlation(\($0[0]), \($0[1]))" } },
    "tapply": { $0.applied }, "aggregate": { $0.modelled }, "boxplot": { $0.boxes },
    "subset": { $0.subset }, "merge": { $0.merged },
    "prop.table": { $0.shares }, "nrow": { $0.inner.map { "\($0) | count" } }, "quantile": { $0.quantile },
    "lm": { $0.line },
    "countif": { $0.counted }, "countifs": { $0.counted },
    "sumif": { $0.ofSome("sum", valueFirst: false) }, "sumifs": { $0.ofSome("sum", valueFirst: true) },
    "averageif": { $0.ofSome("mean", valueFirst: false) },
    "averageifs": { $0.ofSome("mean", valueFirst: true) },
    "maxifs": { $0.ofSome("max", valueFirst: true) }, "minifs": { $0.ofSome("min", valueFirst: true) },
  ]

  // MARK: What stands in the brackets

  private var plain: [MethodChain.Argument] { arguments.filter { $0.name == nil } }

  private func option(_ name: String) -> Range<Int>? { arguments.first { $0.name == name }?.tokens }

  /// Whether there are no options but these.
  private func has(only options: Set<String>) -> Bool {
    arguments.allSatisfy { $0.name.map(options.contains) ?? true }
  }

  /// The name that some tokens are.
  private func word(_ tokens: Range<Int>?) -> String? {
    guard let tokens, tokens.count == 1, parser.token(at: tokens.lowerBound).kind == .name else { return nil }
    return parser.text(parser.token(at: tokens.lowerBound))
  }

  /// `df$los`, or with dots `df.los` and `df["los"]`: the table and its column.
  ///
  /// - Parameter dots: as pandas writes it; of our own a dot may be a record's field.
  private func column(_ tokens: Range<Int>, dots: Bool = false) -> (table: String, name: String)? {
    guard let first = tokens.first, parser.token(at: first).kind == .name else { return nil }
    let table = parser.text(parser.token(at: first))
    if tokens.count == 3, parser.token(at: first + 1).symbol == .dollar,
      let name = word(first + 2..<first + 3)
    {
      return (table, MethodChain.name(name))
    }
    // `encounters[charges]` of a spreadsheet's table
    if tokens.count == 4, parser.token(at: first + 1).symbol == .openBracket,
      let name = word(first + 2..<first + 3)
    {
      return (table, MethodChain.name(name))
    }
    guard dots else { return nil }
    if tokens.count == 4, parser.token(at: first + 1).symbol == .openBracket,
      let names = MethodChain(parser, base: table).names(first + 2..<first + 3)
    {
      return (table, names[0])
    }
    let parts = table.split(separator: ".")
    return tokens.count == 1 && parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
  }

  /// The columns of the arguments, which are all of one table; nil otherwise.
  private func columns(dots: Bool = false) -> (table: String, names: [String])? {
    let found = plain.map { column($0.tokens, dots: dots) }
    guard let first = found.first, let table = first?.table, found.allSatisfy({ $0?.table == table }) else {
      return nil
    }
    return (table, found.compactMap { $0?.name })
  }

  /// A stage of the columns in the brackets, of so many where it is said, behind their table.
  private func behind(
    _ count: Int? = nil, options: Set<String> = [], _ stage: ([String]) -> String
  ) -> String? {
    guard let columns = columns(), count.map({ $0 == columns.names.count }) ?? true, has(only: options)
    else { return nil }
    return "\(columns.table) | \(stage(columns.names))"
  }

  // MARK: Functions

  private var crossed: String? {
    guard let columns = columns(dots: true), columns.names.count == 2, has(only: []) else { return nil }
    return "\(columns.table) | pivot rows \(columns.names[0]) columns \(columns.names[1]) values count()"
  }

  /// What is missing is left out here and told, as `na.rm = TRUE` asks for.
  private func aggregated(_ function: String) -> String? {
    guard let columns = columns(), columns.names.count == 1, has(only: ["na.rm"]) else { return nil }
    return "\(columns.table) | aggregate \(Self.call(function, columns.names[0]))"
  }

  /// An aggregate function of a column. `length` counts what is missing, too, except behind a formula, which leaves
  /// such rows out.
  private static func call(_ function: String, _ column: String) -> String {
    function == "length" ? "count()" : "\(function)(\(column))"
  }

  /// The aggregate function of a name in R or a spreadsheet.
  private static func aggregate(_ name: String) -> String? {
    [
      "length": "length", "average": "mean", "stdev": "stddev", "stdev.s": "stddev", "var.s": "variance",
      "counta": "count",
    ][name] ?? ForeignExpression.aggregatesOfR[name]
  }

  /// `tapply(df$los, df$ward, mean)`
  private var applied: String? {
    guard plain.count == 3, let value = column(plain[0].tokens), let key = column(plain[1].tokens),
      value.table == key.table, let function = word(plain[2].tokens).flatMap(Self.aggregate),
      has(only: ["na.rm"])
    else { return nil }
    return "\(value.table) | aggregate \(Self.call(function, value.name)) by \(key.name)"
  }

  /// The value and the keys of `los ~ ward + sex`, and the table that `data` names, which may stand behind it.
  private var formula: (value: String, keys: [String], table: String)? {
    guard let tokens = (option("formula") ?? plain.first?.tokens), tokens.count >= 3,
      parser.token(at: tokens.lowerBound + 1).symbol == .matches,
      let value = word(tokens.lowerBound..<tokens.lowerBound + 1),
      let table = word(option("data") ?? plain.dropFirst().first?.tokens)
    else { return nil }
    var keys: [String] = []
    for place in stride(from: tokens.lowerBound + 2, to: tokens.upperBound, by: 2) {
      guard let key = word(place..<place + 1),
        place + 1 == tokens.upperBound || parser.token(at: place + 1).symbol == .plus
      else { return nil }
      keys.append(key)
    }
    return (value, keys, table)
  }

  /// `aggregate(los ~ ward, data = df, FUN = mean)`
  private var modelled: String? {
    let last = option("FUN") ?? plain.dropFirst(option("data") == nil ? 2 : 1).first?.tokens
    guard let formula, let function = word(last).flatMap(Self.aggregate),
      has(only: ["formula", "data", "FUN", "na.rm"])
    else { return nil }
    let known = function == "length" ? "count" : function
    return
      "\(formula.table) | aggregate \(known)(\(formula.value)) by \(formula.keys.joined(separator: ", "))"
  }

  /// `boxplot(los ~ ward, data = df)`
  private var boxes: String? {
    if let formula, formula.keys.count == 1, has(only: ["formula", "data"]) {
      return "\(formula.table) | chart box \(formula.value) by \(formula.keys[0])"
    }
    return behind(1) { "chart box \($0[0])" }
  }

  /// `subset(df, los > 4 & ward == "A", select = c(id, los))`
  private var subset: String? {
    guard plain.count == 2, let table = word(plain[0].tokens), has(only: ["select"]),
      let condition = ForeignExpression(parser: parser, dialect: .r, frame: table).written(plain[1].tokens)
    else { return nil }
    let rows = "\(table) | filter \(condition)"
    guard let chosen = option("select") else { return rows }
    let names = parser.listed(chosen) ?? [chosen]
    let columns = names.compactMap { word($0) }
    return columns.count == names.count ? "\(rows) | select \(columns.joined(separator: ", "))" : nil
  }

  /// `prop.table(table(df$ward))`: counts by groups show the shares beside them.
  private var shares: String? {
    guard plain.count == 1, arguments.count == 1, parser.isWord("table", at: plain[0].tokens.lowerBound)
    else {
      return nil
    }
    return inner
  }

  /// The pipeline of the one argument, which is such a call or has brackets itself: `nrow(subset(df, los > 4))`.
  private var inner: String? {
    guard plain.count == 1, arguments.count == 1 else { return nil }
    var inner = parser
    inner.limit = plain[0].tokens.upperBound
    let start = plain[0].tokens.lowerBound
    return Self.pipeline(in: inner, from: start) ?? FrameBrackets.pipeline(in: inner, from: start)
  }

  /// `quantile(df$los, 0.9)`, `quantile(df$los, c(0.25, 0.75))`
  private var quantile: String? {
    guard plain.count == 2, let value = column(plain[0].tokens), has(only: ["na.rm"]) else { return nil }
    let shares = parser.listed(plain[1].tokens) ?? [plain[1].tokens]
    let numbers = shares.compactMap { share in
      share.count == 1 ? Double(parser.text(parser.token(at: share.lowerBound))) : nil
    }
    guard numbers.count == shares.count, numbers.allSatisfy((0...1).contains) else { return nil }
    let calls = numbers.map { "percentile(\(value.name), \(MethodChain.percent($0)))" }
    return "\(value.table) | aggregate \(calls.joined(separator: ", "))"
  }

  /// `lm(los ~ age, data = df)`
  private var line: String? {
    guard let formula, formula.keys.count == 1, has(only: ["formula", "data"]) else { return nil }
    return "\(formula.table) | aggregate slope(\(formula.value), \(formula.keys[0]))"
  }

  // MARK: Spreadsheets

  /// `COUNTIFS(t[ward], "A", t[age], ">65")`
  private var counted: String? {
    conditions(plain.map(\.tokens)).map { "\($0.table) | filter \($0.condition) | count" }
  }

  /// `SUMIFS(t[cost], t[ward], "A")`, `SUMIF(t[ward], "A", t[cost])`
  private func ofSome(_ function: String, valueFirst: Bool) -> String? {
    var tokens = plain.map(\.tokens)
    guard tokens.count > 2, valueFirst || tokens.count == 3,
      let value = column(valueFirst ? tokens.removeFirst() : tokens.removeLast()),
      let rows = conditions(tokens), rows.table == value.table
    else { return nil }
    return "\(rows.table) | filter \(rows.condition) | aggregate \(function)(\(value.name))"
  }

  /// Pairs of a column and what its values are compared with.
  private func conditions(_ tokens: [Range<Int>]) -> (table: String, condition: String)? {
    guard tokens.count >= 2, tokens.count.isMultiple(of: 2), has(only: []) else { return nil }
    var table: String?
    var parts: [String] = []
    for place in stride(from: 0, to: tokens.count, by: 2) {
      guard let column = column(tokens[place]), table == nil || table == column.table,
        let compared = criterion(tokens[place + 1])
      else { return nil }
      table = column.table
      parts.append("\(column.name) \(compared)")
    }
    return table.map { ($0, parts.joined(separator: " and ")) }
  }

  /// `"A"`, `65`, `">65"`, `"<>A"` as the right side of a comparison; patterns with `*` and `?` have none.
  private func criterion(_ tokens: Range<Int>) -> String? {
    guard tokens.count == 1, case let token = parser.token(at: tokens.lowerBound) else { return nil }
    guard token.kind == .text else { return token.isLiteral ? "== \(parser.text(token))" : nil }
    let text = LiteralValue.text(token, in: parser.source).value
    guard !text.contains(where: { "*?&\"\\".contains($0) }) else { return nil }
    let sign = [">=", "<=", "<>", ">", "<", "="].first { text.hasPrefix($0) } ?? ""
    let value = text.dropFirst(sign.count)
    let spelled = ["=": "==", "<>": "!=", "": "=="][sign] ?? sign
    if value.isEmpty { return spelled == "==" ? "is missing" : spelled == "!=" ? "is not missing" : nil }
    let isNumber = Double(value) != nil && !value.contains { $0.isLetter }
    return
      "\(spelled) \(isNumber || LiteralValue.dateInText(String(value)) != nil ? String(value) : "\"\(value)\"")"
  }

  private static let sides = ["all": "full ", "all.x": "left ", "all.y": "right "]

  /// `merge(a, b, by = "id", all.x = TRUE)`
  private var merged: String? {
    guard plain.count == 2, let left = word(plain[0].tokens), let right = word(plain[1].tokens),
      let by = option("by"), has(only: Set(Self.sides.keys).union(["by"]))
    else { return nil }
    var keys = MethodChain(parser, base: left).names(by)
    if keys == nil, parser.isWord("c", at: by.lowerBound) {
      keys = MethodChain(parser, base: left).names(by.dropFirst())
    }
    let wanted = arguments.filter { $0.name != nil && $0.name != "by" }
    guard let keys, wanted.count < 2,
      wanted.allSatisfy({ ["TRUE", "T"].contains(parser.words($0.tokens.lowerBound, $0.tokens.upperBound)) })
    else {
      return nil
    }
    let side = wanted.first?.name.flatMap { Self.sides[$0] } ?? ""
    return "\(left) | join \(side)\(right) on \(keys.joined(separator: ", "))"
  }
}
