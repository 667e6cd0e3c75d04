/// What the methods of data frames are as stages.
extension MethodChain {
  /// Aggregate functions by what data frames call them.
  static let aggregates = [
    "mean": "mean", "avg": "mean", "sum": "sum", "median": "median", "min": "min", "max": "max",
    "std": "stddev", "var": "variance", "nunique": "count_distinct", "n_unique": "count_distinct",
    "count": "count", "first": "first", "last": "last",
  ]

  /// A method: the options that its stage minds or may pass over, and what it adds; false where no stage says the same.
  struct Method: Sendable {
    let options: Set<String>
    /// Arguments without a name that it takes at most.
    let places: Int
    let run: @Sendable (inout MethodChain, [Argument]) -> Bool

    init(
      _ options: Set<String> = [], places: Int = 1,
      _ run: @escaping @Sendable (inout MethodChain, [Argument]) -> Bool
    ) {
      (self.options, self.places, self.run) = (options, places, run)
    }
  }

  /// Adds the stages of one call; false where no stage says the same.
  mutating func apply(_ method: String, _ arguments: [Argument]) -> Bool {
    let name = method.lowercased()
    let options = Set(arguments.compactMap(\.name))
    if let function = Self.aggregates[name], !columns.isEmpty {
      guard options.isSubset(of: ["numeric_only"]), arguments.allSatisfy({ $0.name != nil }) else {
        return false
      }
      return aggregate(columns.map { ($0, Self.call(function, $0)) })
    }
    guard let method = Self.methods[name] else { return false }
    // `assign` and `agg` name what they make.
    guard method.options.contains("*") || options.isSubset(of: method.options),
      arguments.count(where: { $0.name == nil }) <= method.places
    else { return false }
    return method.run(&self, arguments)
  }

  static let methods: [String: Method] = [
    "groupby": Method(["by", "as_index", "observed", "sort", "dropna"], places: .max) { $0.group($1) },
    "group_by": Method(["maintain_order"], places: .max) { $0.group($1) },
    "agg": Method(["*"], places: .max) { $0.aggregate($1) },
    "aggregate": Method(["*"], places: .max) { $0.aggregate($1) },
    "size": Method { chain, arguments in arguments.isEmpty && chain.count() },
    "len": Method { chain, arguments in arguments.isEmpty && chain.count() },
    "count": Method { chain, arguments in arguments.isEmpty && chain.count() },
    "value_counts": Method(["subset", "dropna", "normalize"]) { $0.valueCounts($1) },
    "quantile": Method(["q"]) { $0.quantile($1) },
    "sort_values": Method(["by", "ascending", "ignore_index"]) { $0.sort($1) },
    "sort": Method(["by", "descending", "reverse"], places: .max) { $0.sort($1) },
    "orderby": Method(["ascending"], places: .max) { $0.sort($1) },
    "head": Method(["n"]) { $0.take($1, sign: "") }, "limit": Method { $0.take($1, sign: "") },
    "tail": Method(["n"]) { $0.take($1, sign: "-") },
    "nlargest": Method(["n", "columns"], places: 2) { $0.top($1, sign: "") },
    "nsmallest": Method(["n", "columns"], places: 2) { $0.top($1, sign: "-") },
    "sample": Method(["n", "frac", "fraction", "random_state", "seed"]) { $0.sample($1) },
    "query": Method([]) { $0.filter($1) }, "filter": Method { $0.filter($1) },
    "select": Method(places: .max) { chain, arguments in chain.list("select", arguments) },
    "drop": Method(["columns"], places: .max) { chain, arguments in chain.list("drop", arguments) },
    "drop_duplicates": Method(["subset", "keep", "ignore_index"]) { $0.distinct($1) },
    "unique": Method(["subset", "keep", "maintain_order"]) { $0.distinct($1) },
    "distinct": Method { chain, arguments in arguments.isEmpty && chain.distinct(arguments) },
    "rename": Method(["columns"]) { $0.rename($1) }, "assign": Method(["*"]) { $0.derive($1) },
    "dropna": Method(["subset"]) { $0.known($1) },
    "fillna": Method(["value"]) { $0.fill($1) },
    "merge": Method(["right", "on", "left_on", "right_on", "how"]) { $0.join($1) },
    "join": Method(["other", "on", "left_on", "right_on", "how"]) { $0.join($1) },
    "pivot_table": Method(["index", "columns", "values", "aggfunc"]) { $0.pivot($1) },
    "transform": Method { $0.transform($1) }, "shift": Method(["periods"]) { $0.shift($1) },
    "cumsum": Method(places: 0) { chain, _ in chain.spread("running_sum") },
    "cummax": Method(places: 0) { chain, _ in chain.spread("running_max") },
    "cummin": Method(places: 0) { chain, _ in chain.spread("running_min") },
    "diff": Method(places: 0) { chain, _ in chain.spread("difference") },
    "unstack": Method(["fill_value"], places: 0) { chain, _ in chain.unstack() },
    "hist": Method(["column"], places: 0) { $0.histogram($1) },
    "to_csv": Method(["index"]) { $0.save($1) }, "write_csv": Method { $0.save($1) },
    "describe": Method(places: 0) { chain, _ in chain.add("describe") },
    "info": Method(places: 0) { chain, _ in chain.add("describe") },
    // What only data frames need.
    "reset_index": Method(["name", "drop"]) { $0.resetIndex($1) },
    "to_frame": Method { chain, arguments in arguments.isEmpty },
    "copy": Method(["deep"], places: 0) { _, _ in true }, "collect": Method(places: 0) { _, _ in true },
    "lazy": Method(places: 0) { _, _ in true }, "show": Method(places: 0) { _, _ in true },
  ]

  private mutating func group(_ arguments: [Argument]) -> Bool {
    guard settle(), let names = allNames(arguments, named: "by"), !names.isEmpty else { return false }
    keys = names
    return true
  }

  private mutating func count() -> Bool {
    if keys.isEmpty, !settle() { return false }
    stages.append("count\(byKeys())")
    (columns, isColumn, value) = ([], false, "n")
    return true
  }

  /// A call of an aggregate function; those of data frames skip what is missing.
  private static func call(_ function: String, _ column: String) -> String {
    ["first", "last"].contains(function)
      ? "\(function)(\(column), where: \(column) is not missing)" : "\(function)(\(column))"
  }

  private mutating func aggregate(_ calls: [(column: String, call: String)]) -> Bool {
    guard !calls.isEmpty else { return false }
    nameResults()
    let by = byKeys()
    stages.append("aggregate \(calls.map(\.call).joined(separator: ", "))\(by)")
    made = (stages.count - 1, calls, by)
    (columns, isColumn, value) = ([], false, calls.count == 1 ? calls[0].column : nil)
    return true
  }

  /// `size().reset_index(name="n")` names the count.
  private mutating func resetIndex(_ arguments: [Argument]) -> Bool {
    guard let name = allNames(arguments.filter { $0.name == "name" }, named: "name")?.first else {
      return true
    }
    if let made, made.calls.count == 1 {
      stages[made.stage] = "aggregate \(name) = \(made.calls[0].call)\(made.by)"
      self.made = nil
    } else if let last = stages.last, last.hasPrefix("count by ") {
      stages[stages.count - 1] = "aggregate \(name) = count()\(last.dropFirst("count".count))"
    } else {
      return false
    }
    value = name
    return true
  }

  /// `value_counts()` of a column, `value_counts("ward")` of a table; `count` gives shares, which `normalize` asks for, too.
  private mutating func valueCounts(_ arguments: [Argument]) -> Bool {
    let wanted = columns.isEmpty ? allNames(arguments, named: "subset") ?? [] : columns
    // A column's first argument is `normalize`.
    let isKnown =
      columns.isEmpty
      || arguments.allSatisfy { $0.name != nil || ["True", "False"].contains(text($0.tokens)) }
    guard !wanted.isEmpty, keys.isEmpty, isKnown else { return false }
    (columns, isColumn) = ([], false)
    keys = wanted
    return count()
  }

  /// `agg("mean")`, `agg(["min", "max"])`, `agg({"los": "mean"})`, `agg(typical=("los", "median"))`,
  /// `agg(pl.col("los").mean().alias("typical"))`.
  private mutating func aggregate(_ arguments: [Argument]) -> Bool {
    var calls: [(column: String, call: String)] = []
    func add(_ functions: [String], of column: String) -> Bool {
      for function in functions {
        guard let known = Self.aggregates[function.lowercased()] else { return false }
        calls.append((column, Self.call(known, column)))
      }
      return true
    }
    for argument in arguments {
      if argument.name == nil, let functions = names(argument.tokens), !columns.isEmpty {
        for column in columns where !add(functions, of: column) { return false }
      } else if argument.name == nil, let pairs = pairs(argument.tokens) {
        for (column, functions) in pairs where !add(functions, of: column) { return false }
      } else if argument.name == nil, let made = columnAggregate(argument.tokens) {
        calls.append(made)
      } else if let name = argument.name, let parts = names(argument.tokens), parts.count == 2,
        let call = parts[1] == "size"
          ? "count()" : Self.aggregates[parts[1].lowercased()].map({ Self.call($0, parts[0]) })
      {
        calls.append((Self.name(name), call))
      } else {
        return false
      }
    }
    // Names that somebody gives stand at once.
    let isNamed = arguments.contains { $0.name != nil || hasAlias($0.tokens) }
    guard aggregate(calls) else { return false }
    if isNamed { nameResults() }
    return true
  }

  // MARK: A value for each row

  /// What a function makes of one column in each row, of each group where there are some.
  private mutating func spread(_ function: String, _ more: String = "") -> Bool {
    guard columns.count == 1, let column = columns.first else { return false }
    stages.append("derive \(Self.spreadName) = \(function)(\(column)\(more))\(byKeys())")
    (columns, isColumn, value) = ([], false, Self.spreadName)
    return true
  }

  private static let spreadName = "m"

  /// `transform("mean")`
  private mutating func transform(_ arguments: [Argument]) -> Bool {
    guard arguments.count == 1, let names = names(arguments[0].tokens), names.count == 1,
      let function = Self.aggregates[names[0].lowercased()], !["first", "last"].contains(function)
    else { return false }
    return spread(function)
  }

  private mutating func shift(_ arguments: [Argument]) -> Bool {
    let given = arguments.first.map { text($0.tokens) } ?? "1"
    guard arguments.count < 2, let steps = Int(given), steps != 0 else { return false }
    return spread(steps > 0 ? "lag" : "lead", abs(steps) == 1 ? "" : ", \(abs(steps))")
  }

  /// The expression of `df.groupby("ward")["los"].transform("mean")` with its groups, for a column of the same table.
  static func broadcast(in parser: Parser, _ range: Range<Int>, of table: String) -> String? {
    var inner = parser
    inner.limit = range.upperBound
    let start = "\(table) | derive \(spreadName) = "
    guard let whole = pipeline(in: inner, from: range.lowerBound), whole.hasPrefix(start) else { return nil }
    let rest = String(whole.dropFirst(start.count))
    return rest.contains(" | ") ? nil : rest
  }

  /// `groupby(["ward", "sex"]).size().unstack()`: the last key goes across.
  private mutating func unstack() -> Bool {
    guard let last = stages.last, keys.isEmpty, columns.isEmpty else { return false }
    let parts = last.split(separator: " by ", maxSplits: 1).map(String.init)
    guard parts.count == 2, case let names = parts[1].split(separator: ", ").map(String.init), names.count > 1
    else { return false }
    let value: String
    if parts[0] == "count" {
      value = "count()"
    } else if parts[0].hasPrefix("aggregate "), let made, made.calls.count == 1 {
      value = made.calls[0].call
    } else {
      return false
    }
    made = nil
    stages[stages.count - 1] =
      "pivot rows \(names.dropLast().joined(separator: ", ")) columns \(names[names.count - 1]) values \(value)"
    self.value = nil
    return true
  }

  private mutating func quantile(_ arguments: [Argument]) -> Bool {
    guard isColumn, let column = columns.first, arguments.count == 1,
      let share = arguments.first.flatMap({ Double(text($0.tokens)) }), (0...1).contains(share)
    else { return false }
    return aggregate([(column, "percentile(\(column), \(Self.percent(share)))")])
  }

  private mutating func sort(_ arguments: [Argument]) -> Bool {
    guard settle() else { return false }
    let isDescending = option("descending", arguments) ?? option("reverse", arguments)
    let given = isDescending ?? option("ascending", arguments)
    let options = given?.split { ",[] ".contains($0) }.map { $0.lowercased() } ?? []
    let words = ["true": true, "1": true, "false": false, "0": false]
    guard options.allSatisfy({ words[$0] != nil }) else { return false }
    // A series is sorted by its values, and the count of rows is called otherwise here.
    var names = allNames(arguments.filter { $0.name == nil || $0.name == "by" }, named: "by") ?? []
    if names.isEmpty, let value, arguments.allSatisfy({ $0.name != nil && $0.name != "by" }) {
      names = [value]
    }
    // Results of several functions are called otherwise here.
    if made != nil { return false }
    if value == "n" { names = names.map { ["count", "size", "len"].contains($0) ? "n" : $0 } }
    guard !names.isEmpty else { return false }
    let keys = names.enumerated().map { place, name in
      let isTrue =
        options.isEmpty ? isDescending == nil : words[options[min(place, options.count - 1)]] ?? true
      return isTrue == (isDescending == nil) ? name : "-\(name)"
    }
    stages.append("sort \(keys.joined(separator: ", "))")
    return true
  }

  private mutating func take(_ arguments: [Argument], sign: String) -> Bool {
    let number = arguments.first.map { text($0.tokens) } ?? "5"
    // `head(-5)` leaves out the last five: how many are left nobody knows.
    guard arguments.count < 2, Int(number).map({ $0 >= 0 }) ?? false else { return false }
    nameResults()
    if keys.isEmpty { _ = settle() } else if !columns.isEmpty { return false }
    stages.append("take \(sign)\(number)\(byKeys())")
    return true
  }

  private mutating func top(_ arguments: [Argument], sign: String) -> Bool {
    guard let number = arguments.first.map({ text($0.tokens) }), let wanted = Int(number), wanted > 0 else {
      return false
    }
    let hasGroups = !keys.isEmpty
    nameResults()
    var names = isColumn ? columns : allNames(Array(arguments.dropFirst()), named: "columns") ?? []
    if names.isEmpty, let value, arguments.count == 1 { names = [value] }
    guard names.count == 1 else { return false }
    stages.append("top \(number) \(sign)\(names[0])\(byKeys())")
    // The values of a column alone; of groups each with its own.
    if !isColumn || hasGroups { (columns, isColumn) = ([], false) }
    return true
  }

  private mutating func sample(_ arguments: [Argument]) -> Bool {
    let given = option("random_state", arguments) ?? option("seed", arguments)
    if let given, Int(given) == nil { return false }
    let seed = given.map { " seed \($0)" } ?? ""
    if let share = option("frac", arguments) ?? option("fraction", arguments) {
      guard let share = Double(share), (0...1).contains(share) else { return false }
      return add("sample \(Self.percent(share))%\(seed)")
    }
    let number = option("n", arguments) ?? arguments.first { $0.name == nil }.map { text($0.tokens) } ?? "1"
    return Int(number) != nil && add("sample \(number)\(seed)")
  }

  private mutating func filter(_ arguments: [Argument]) -> Bool {
    guard settle(), arguments.count == 1, let first = arguments.first else { return false }
    if first.tokens.count == 1, case let token = parser.tokens[first.tokens.lowerBound], token.kind == .text {
      let written = LiteralValue.text(token, in: parser.source).value
      return Self.condition(written, base).map { add("filter \($0)") } ?? false
    }
    // `filter(["a", "b"])` chooses columns.
    if let names = names(first.tokens) { return add("select \(names.joined(separator: ", "))") }
    guard let condition = expression(first.tokens) else { return false }
    return add("filter \(condition)")
  }

  private mutating func list(_ verb: String, _ arguments: [Argument]) -> Bool {
    guard let names = allNames(arguments, named: "columns"), !names.isEmpty else { return false }
    return add("\(verb) \(names.joined(separator: ", "))")
  }

  /// Of a table the first row of each, with all its columns; of chosen columns their different values.
  private mutating func distinct(_ arguments: [Argument]) -> Bool {
    let keep = option("keep", arguments).map(Self.unquoted) ?? "first"
    guard keys.isEmpty, ["first", "last", "any"].contains(keep) else { return false }
    nameResults()
    if !columns.isEmpty {
      stages.append("distinct \(columns.joined(separator: ", "))")
      (columns, isColumn) = ([], false)
      return true
    }
    guard let names = allNames(arguments, named: "subset") else { return false }
    if names.isEmpty { return add("distinct") }
    return add("take \(keep == "last" ? "-1" : "1") by \(names.joined(separator: ", "))")
  }

  private mutating func rename(_ arguments: [Argument]) -> Bool {
    guard let given = arguments.first(where: { $0.name == nil || $0.name == "columns" }),
      let pairs = pairs(given.tokens)
    else { return false }
    return add("rename " + pairs.map { "\($0.values[0]) = \($0.key)" }.joined(separator: ", "))
  }

  /// `assign(days=lambda d: d.los / 24)`
  private mutating func derive(_ arguments: [Argument]) -> Bool {
    var items: [String] = []
    for argument in arguments {
      var range = argument.tokens
      var frame = base
      if parser.isWord("lambda", at: range.lowerBound), range.count > 3,
        parser.token(at: range.lowerBound + 2).symbol == .colon
      {
        frame = parser.text(parser.tokens[range.lowerBound + 1])
        range = range.lowerBound + 3..<range.upperBound
      }
      guard let name = argument.name, let value = expression(range, frame: frame) else { return false }
      items.append("\(Self.name(name)) = \(value)")
    }
    return !items.isEmpty && add("derive \(items.joined(separator: ", "))")
  }

  private mutating func known(_ arguments: [Argument]) -> Bool {
    let names = columns.isEmpty ? allNames(arguments, named: "subset") ?? [] : columns
    guard !names.isEmpty, keys.isEmpty else { return false }
    nameResults()
    stages.append("filter " + names.map { "\($0) is not missing" }.joined(separator: " and "))
    return true
  }

  private mutating func fill(_ arguments: [Argument]) -> Bool {
    guard let value = arguments.first, value.tokens.count == 1,
      parser.tokens[value.tokens.lowerBound].isLiteral,
      !columns.isEmpty, keys.isEmpty
    else { return false }
    stages += columns.map { "fill \($0) with \(text(value.tokens))" }
    return true
  }

  /// Kinds of joins, by what the libraries call them.
  private static let joins = [
    "inner": "", "left": "left ", "left_outer": "left ", "leftouter": "left ", "right": "right ",
    "right_outer": "right ", "rightouter": "right ", "outer": "full ", "full": "full ", "full_outer": "full ",
    "fullouter": "full ", "semi": "semi ", "left_semi": "semi ", "leftsemi": "semi ", "anti": "anti ",
    "left_anti": "anti ", "leftanti": "anti ",
  ]

  private mutating func join(_ arguments: [Argument]) -> Bool {
    guard let other = arguments.first(where: { $0.name == nil || ["right", "other"].contains($0.name) }),
      other.tokens.count == 1, let kind = Self.joins[option("how", arguments).map(Self.unquoted) ?? "inner"]
    else { return false }
    let table = text(other.tokens)
    let named = Set(arguments.compactMap(\.name))
    if named.contains("on"), named.contains("left_on") || named.contains("right_on") { return false }
    var condition: String?
    let behind = arguments.filter { $0.name == nil && $0.tokens != other.tokens }
    if let names = allNames(arguments.filter { $0.name == "on" }, named: "on"), !names.isEmpty {
      condition = names.joined(separator: ", ")
    } else if let left = allNames(arguments.filter { $0.name == "left_on" }, named: "left_on"),
      let right = allNames(arguments.filter { $0.name == "right_on" }, named: "right_on"),
      left.count == right.count, !left.isEmpty
    {
      condition = zip(left, right).map { "\($0) == \(table).\($1)" }.joined(separator: " and ")
    }
    guard let condition, behind.isEmpty else { return false }
    return add("join \(kind)\(table) on \(condition)")
  }

  private mutating func pivot(_ arguments: [Argument]) -> Bool {
    func names(_ option: String) -> [String] {
      allNames(arguments.filter { $0.name == option }, named: option) ?? []
    }
    let (rows, across, values) = (names("index"), names("columns"), names("values"))
    let function = option("aggfunc", arguments).map(Self.unquoted) ?? "mean"
    let known = function == "size" ? "count" : Self.aggregates[function.lowercased()]
    guard !rows.isEmpty, across.count == 1, let known, values.count == 1 || function == "size" else {
      return false
    }
    return add(
      "pivot rows \(rows.joined(separator: ", ")) columns \(across[0]) values \(known)(\(function == "size" ? "" : values[0]))"
    )
  }

  private mutating func histogram(_ arguments: [Argument]) -> Bool {
    let names = columns.isEmpty ? allNames(arguments, named: "column") ?? [] : columns
    guard names.count == 1, keys.isEmpty else { return false }
    (columns, isColumn) = ([], false)
    return add("chart histogram \(names[0])")
  }

  private mutating func save(_ arguments: [Argument]) -> Bool {
    guard let file = arguments.first, file.name == nil, file.tokens.count == 1,
      parser.token(at: file.tokens.lowerBound).kind == .text
    else {
      return false
    }
    return add("save \(text(file.tokens.lowerBound..<file.tokens.lowerBound + 1))")
  }
}
