import Diagnostics

/// A chain of methods of a data frame, `df[df.los > 4].groupby("ward")["los"].mean()`, and the pipeline that says the same.
///
/// The methods of pandas and Polars that have a stage are known; a chain with another one has no translation.
package struct MethodChain {
  /// An argument in the brackets of a method, with the name in front of it.
  struct Argument {
    var name: String?
    var tokens: Range<Int>
  }

  private let parser: Parser
  /// The table, as it is written.
  private var base: String
  private var stages: [String] = []
  /// What `groupby` names, until a stage uses it.
  private var keys: [String] = []
  /// What brackets behind the table or its groups choose, until a stage uses it.
  private var columns: [String] = []
  /// True when the brackets chose one column, and not a table.
  private var isColumn = false

  /// The pipeline that says what a statement of a method's call says: `encounters.head(5)`; nil for an unknown method.
  package static func pipeline(of text: String) -> String? {
    let source = SourceText(text, name: "")
    let tokens = Lexer.tokens(of: source)
    var splitter = StatementSplitter(tokens: tokens)
    _ = splitter.end(ofStatementAt: 0)
    return pipeline(in: Parser(source: source, tokens: tokens, match: splitter.match), from: 0)
  }

  /// The pipeline of a chain that begins at a token and ends with the statement; nil where there is none.
  static func pipeline(in parser: Parser, from start: Int) -> String? {
    var parser = parser
    var start = start
    if parser.token(at: start).symbol == .openParenthesis, parser.partner(of: start) == parser.limit - 1 {
      // Brackets around a chain of several lines.
      parser.limit -= 1
      start += 1
    }
    guard parser.token(at: start).kind == .name else { return nil }
    var chain = MethodChain(parser, base: parser.text(parser.tokens[start]))
    return chain.read(from: start + 1) ? chain.written : nil
  }

  private init(_ parser: Parser, base: String) {
    self.parser = parser
    self.base = base
  }

  private var written: String { ([base] + stages).joined(separator: " | ") }

  // MARK: - Links

  /// Reads link after link; false where one is not known, or where no method is called at all.
  private mutating func read(from start: Int) -> Bool {
    var place = start
    var path = base.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    base = path.removeFirst()
    var calls = 0
    while true {
      let token = parser.token(at: place)
      switch token.symbol {
      case .openParenthesis where !path.isEmpty && !token.isPrecededByBlank:
        guard let close = parser.partner(of: place), choose(path.dropLast()),
          apply(path[path.count - 1], arguments(place + 1..<close))
        else { return false }
        path = []
        calls += 1
        place = close + 1
      case .openBracket where !token.isPrecededByBlank:
        guard let close = parser.partner(of: place), close > place + 1 else { return false }
        if path.last == "loc" { path.removeLast() }
        guard choose(path[...]), select(place + 1..<close) else { return false }
        path = []
        place = close + 1
      case .dot where path.isEmpty && parser.token(at: place + 1).kind == .name:
        path = parser.text(parser.tokens[place + 1]).split(separator: ".").map(String.init)
        place += 2
      default:
        guard place >= parser.limit else { return false }
        if let property = path.last, Self.properties.contains(property.lowercased()) {
          guard choose(path.dropLast()) else { return false }
          stages.append("describe")
          return finish()
        }
        return calls > 0 && choose(path[...]) && finish()
      }
    }
  }

  private static let properties: Set<String> = ["shape", "columns", "dtypes"]

  /// Whether data frames have a method or a property of this name that has a stage.
  package static func isKnown(_ name: String) -> Bool {
    let name = name.lowercased()
    return methods[name] != nil || properties.contains(name)
  }

  /// `.los` in front of a method is a column; accessors such as `.str` have no stage.
  private mutating func choose(_ path: ArraySlice<String>) -> Bool {
    guard let column = path.first else { return true }
    guard path.count == 1, !["str", "dt", "iloc", "loc", "plot", "T"].contains(column) else { return false }
    (columns, isColumn) = ([Self.name(column)], true)
    return true
  }

  /// What no method used any more: chosen columns are a selection, groups alone are counted.
  private mutating func finish() -> Bool {
    if !keys.isEmpty { stages.append("count\(byKeys())") } else { flushColumns() }
    return true
  }

  private mutating func flushColumns() {
    if !columns.isEmpty { stages.append("select \(columns.joined(separator: ", "))") }
    (columns, isColumn) = ([], false)
  }

  private mutating func byKeys() -> String {
    defer { keys = [] }
    return keys.isEmpty ? "" : " by \(keys.joined(separator: ", "))"
  }

  /// `["los"]`, `[["a", "b"]]`, `[df.los > 4]`, `[df.los > 4, "ward"]`.
  private mutating func select(_ range: Range<Int>) -> Bool {
    let parts = arguments(range)
    guard let first = parts.first, parts.count <= 2 else { return false }
    if let names = names(first.tokens), parts.count == 1 {
      columns = names
      isColumn = parser.token(at: range.lowerBound).kind == .text
      return true
    }
    guard keys.isEmpty else { return false }
    if !(first.tokens.count == 1 && parser.token(at: first.tokens.lowerBound).symbol == .colon) {
      guard let condition = expression(range.lowerBound..<first.tokens.upperBound) else { return false }
      stages.append("filter \(condition)")
    }
    guard parts.count == 2 else { return true }
    guard let names = names(parts[1].tokens) else { return false }
    (columns, isColumn) = (names, parser.token(at: parts[1].tokens.lowerBound).kind == .text)
    return true
  }

  // MARK: - Methods

  /// Aggregate functions by what data frames call them.
  private static let aggregates = [
    "mean": "mean", "avg": "mean", "sum": "sum", "median": "median", "min": "min", "max": "max",
    "std": "stddev", "var": "variance", "nunique": "count_distinct", "n_unique": "count_distinct",
    "count": "count", "first": "first", "last": "last",
  ]

  private typealias Method = @Sendable (inout MethodChain, [Argument]) -> Bool

  /// Adds the stages of one call; false where no stage says the same.
  private mutating func apply(_ method: String, _ arguments: [Argument]) -> Bool {
    let name = method.lowercased()
    if let function = Self.aggregates[name], isColumn || !columns.isEmpty {
      stages.append(
        "aggregate " + columns.map { "\(function)(\($0))" }.joined(separator: ", ") + byKeys())
      (columns, isColumn) = ([], false)
      return true
    }
    guard let method = Self.methods[name] else { return false }
    return method(&self, arguments)
  }

  private static let methods: [String: Method] = [
    "groupby": { $0.group($1) }, "group_by": { $0.group($1) },
    "agg": { $0.aggregate($1) }, "aggregate": { $0.aggregate($1) },
    "size": { chain, _ in chain.count() }, "len": { chain, _ in chain.count() },
    "count": { chain, _ in chain.count() }, "value_counts": { $0.valueCounts($1) },
    "quantile": { $0.quantile($1) },
    "sort_values": { $0.sort($1) }, "sort": { $0.sort($1) }, "orderby": { $0.sort($1) },
    "head": { $0.take($1, sign: "") }, "limit": { $0.take($1, sign: "") }, "tail": { $0.take($1, sign: "-") },
    "nlargest": { $0.top($1, sign: "") }, "nsmallest": { $0.top($1, sign: "-") },
    "sample": { $0.sample($1) }, "query": { $0.filter($1) }, "filter": { $0.filter($1) },
    "select": { chain, arguments in chain.list("select", arguments) },
    "drop": { chain, arguments in chain.list("drop", arguments) },
    "drop_duplicates": { $0.distinct($1) }, "unique": { $0.distinct($1) }, "distinct": { $0.distinct($1) },
    "rename": { $0.rename($1) }, "assign": { $0.derive($1) },
    "dropna": { $0.known($1) }, "fillna": { $0.fill($1) },
    "merge": { $0.join($1) }, "join": { $0.join($1) }, "pivot_table": { $0.pivot($1) },
    "hist": { $0.histogram($1) },
    "to_csv": { $0.save($1) }, "write_csv": { $0.save($1) },
    "describe": { chain, _ in chain.add("describe") }, "info": { chain, _ in chain.add("describe") },
    // What only data frames need.
    "reset_index": { _, _ in true }, "to_frame": { _, _ in true }, "copy": { _, _ in true },
    "collect": { _, _ in true }, "lazy": { _, _ in true }, "show": { _, _ in true },
  ]

  private mutating func add(_ stage: String) -> Bool {
    flushColumns()
    stages.append(stage)
    return true
  }

  private mutating func group(_ arguments: [Argument]) -> Bool {
    guard let names = allNames(arguments, named: "by") else { return false }
    keys = names
    return true
  }

  private mutating func count() -> Bool {
    stages.append("count\(byKeys())")
    return true
  }

  /// `value_counts()` of a column, `value_counts("ward")` of a table.
  private mutating func valueCounts(_ arguments: [Argument]) -> Bool {
    let wanted = columns.isEmpty ? allNames(arguments, named: "subset") ?? [] : columns
    (columns, isColumn) = ([], false)
    // Of a table it counts its rows as wholes, which nobody wants of one with an identifier.
    keys += wanted.isEmpty ? ["column"] : wanted
    return count()
  }

  /// `agg("mean")`, `agg(["min", "max"])`, `agg({"los": "mean"})`, `agg(typical=("los", "median"))`.
  private mutating func aggregate(_ arguments: [Argument]) -> Bool {
    var items: [String] = []
    for argument in arguments {
      if argument.name == nil, let functions = names(argument.tokens), !columns.isEmpty {
        for function in functions {
          guard let known = Self.aggregates[function.lowercased()] else { return false }
          items += columns.map { "\(known)(\($0))" }
        }
      } else if let pairs = pairs(argument.tokens) {
        for (column, functions) in pairs {
          for function in functions {
            guard let known = Self.aggregates[function.lowercased()] else { return false }
            items.append("\(known)(\(column))")
          }
        }
      } else if let name = argument.name, let parts = names(argument.tokens), parts.count == 2,
        let known = Self.aggregates[parts[1].lowercased()]
      {
        items.append("\(Self.name(name)) = \(known)(\(parts[0]))")
      } else {
        return false
      }
    }
    guard !items.isEmpty else { return false }
    stages.append("aggregate \(items.joined(separator: ", "))\(byKeys())")
    (columns, isColumn) = ([], false)
    return true
  }

  private mutating func quantile(_ arguments: [Argument]) -> Bool {
    guard isColumn, let column = columns.first,
      let share = arguments.first.flatMap({ Double(text($0.tokens)) }),
      (0...1).contains(share)
    else { return false }
    let percent = Self.percent(share)
    stages.append("aggregate percentile(\(column), \(percent))\(byKeys())")
    (columns, isColumn) = ([], false)
    return true
  }

  private mutating func sort(_ arguments: [Argument]) -> Bool {
    flushColumns()
    let isDescending = option("descending", arguments) ?? option("reverse", arguments)
    let ascending = option("ascending", arguments)
    let options = (isDescending ?? ascending)?.split { ",[] ".contains($0) }.map { $0.lowercased() } ?? []
    var given = arguments.filter { $0.name == nil || $0.name == "by" }
    if given.count > 1 { given = given.filter { parser.token(at: $0.tokens.lowerBound).kind == .text } }
    guard let names = allNames(given, named: "by"), !names.isEmpty else { return false }
    let downward = isDescending == nil ? "false" : "true"
    let keys = names.enumerated().map { place, name in
      let mark = options.isEmpty ? "" : options[min(place, options.count - 1)]
      return mark == downward ? "-\(name)" : name
    }
    stages.append("sort \(keys.joined(separator: ", "))")
    return true
  }

  private mutating func take(_ arguments: [Argument], sign: String) -> Bool {
    flushColumns()
    stages.append("take \(sign)\(arguments.first.map { text($0.tokens) } ?? "5")\(byKeys())")
    return true
  }

  private mutating func top(_ arguments: [Argument], sign: String) -> Bool {
    guard let number = arguments.first else { return false }
    let names = isColumn ? columns : allNames(Array(arguments.dropFirst()), named: "columns") ?? []
    guard names.count == 1 else { return false }
    stages.append("top \(text(number.tokens)) \(sign)\(names[0])\(byKeys())")
    // The values of a column alone.
    if !isColumn { (columns, isColumn) = ([], false) }
    return true
  }

  private mutating func sample(_ arguments: [Argument]) -> Bool {
    flushColumns()
    if let share = option("frac", arguments).flatMap(Double.init), (0...1).contains(share) {
      stages.append("sample \(Self.percent(share))%")
      return true
    }
    let number = option("n", arguments) ?? arguments.first { $0.name == nil }.map { text($0.tokens) } ?? "1"
    stages.append("sample \(number)")
    return true
  }

  private mutating func filter(_ arguments: [Argument]) -> Bool {
    flushColumns()
    guard let first = arguments.first, arguments.count == 1 else { return false }
    if first.tokens.count == 1, case let token = parser.tokens[first.tokens.lowerBound], token.kind == .text {
      stages.append("filter \(LiteralValue.text(token, in: parser.source).value)")
      return true
    }
    guard let condition = expression(first.tokens) else { return false }
    stages.append("filter \(condition)")
    return true
  }

  private mutating func list(_ verb: String, _ arguments: [Argument]) -> Bool {
    flushColumns()
    guard let names = allNames(arguments, named: "columns"), !names.isEmpty else { return false }
    stages.append("\(verb) \(names.joined(separator: ", "))")
    return true
  }

  private mutating func distinct(_ arguments: [Argument]) -> Bool {
    let names = columns.isEmpty ? allNames(arguments, named: "subset") ?? [] : columns
    stages.append(names.isEmpty ? "distinct" : "distinct \(names.joined(separator: ", "))")
    (columns, isColumn) = ([], false)
    return true
  }

  private mutating func rename(_ arguments: [Argument]) -> Bool {
    flushColumns()
    guard let given = arguments.first(where: { $0.name == nil || $0.name == "columns" }),
      let pairs = pairs(given.tokens)
    else { return false }
    stages.append("rename " + pairs.map { "\($0.values[0]) = \($0.key)" }.joined(separator: ", "))
    return true
  }

  /// `assign(days=lambda d: d.los / 24)`
  private mutating func derive(_ arguments: [Argument]) -> Bool {
    flushColumns()
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
    guard !items.isEmpty else { return false }
    stages.append("derive \(items.joined(separator: ", "))")
    return true
  }

  private mutating func known(_ arguments: [Argument]) -> Bool {
    let names = columns.isEmpty ? allNames(arguments, named: "subset") ?? [] : columns
    guard !names.isEmpty else { return false }
    stages.append("filter " + names.map { "\($0) is not missing" }.joined(separator: " and "))
    return true
  }

  private mutating func fill(_ arguments: [Argument]) -> Bool {
    guard let value = arguments.first, !columns.isEmpty else { return false }
    stages += columns.map { "fill \($0) with \(text(value.tokens))" }
    return true
  }

  private mutating func join(_ arguments: [Argument]) -> Bool {
    flushColumns()
    guard let other = arguments.first(where: { $0.name == nil || $0.name == "right" }),
      other.tokens.count == 1
    else { return false }
    let table = text(other.tokens)
    let how = option("how", arguments).map(Self.unquoted) ?? ""
    let kind =
      ["left", "right", "semi", "anti"].contains(how)
      ? "\(how) " : how == "outer" || how == "full" ? "full " : ""
    var condition: String?
    if let names = allNames(arguments.filter { $0.name == "on" }, named: "on"), !names.isEmpty {
      condition = names.joined(separator: ", ")
    } else if let left = allNames(arguments.filter { $0.name == "left_on" }, named: "left_on"),
      let right = allNames(arguments.filter { $0.name == "right_on" }, named: "right_on"),
      left.count == right.count, !left.isEmpty
    {
      condition = zip(left, right).map { "\($0) == \(table).\($1)" }.joined(separator: " and ")
    }
    guard let condition else { return false }
    stages.append("join \(kind)\(table) on \(condition)")
    return true
  }

  private mutating func pivot(_ arguments: [Argument]) -> Bool {
    flushColumns()
    func names(_ option: String) -> String? {
      allNames(arguments.filter { $0.name == option }, named: option).flatMap {
        $0.isEmpty ? nil : $0.joined(separator: ", ")
      }
    }
    guard let rows = names("index"), let across = names("columns") else { return false }
    let function = option("aggfunc", arguments).map(Self.unquoted) ?? "mean"
    guard let known = function == "size" ? "count" : Self.aggregates[function.lowercased()] else {
      return false
    }
    let values = function == "size" ? "" : names("values") ?? ""
    if values.isEmpty, known != "count" { return false }
    stages.append("pivot rows \(rows) columns \(across) values \(known)(\(values))")
    return true
  }

  private mutating func histogram(_ arguments: [Argument]) -> Bool {
    let names = columns.isEmpty ? allNames(arguments, named: "column") ?? [] : columns
    guard names.count == 1 else { return false }
    (columns, isColumn) = ([], false)
    stages.append("chart histogram \(names[0])")
    return true
  }

  private mutating func save(_ arguments: [Argument]) -> Bool {
    guard let file = arguments.first, parser.token(at: file.tokens.lowerBound).kind == .text else {
      return false
    }
    flushColumns()
    stages.append("save \(text(file.tokens.lowerBound..<file.tokens.lowerBound + 1))")
    return true
  }
}

// MARK: - Arguments

extension MethodChain {
  /// What stands between the commas of some tokens; `name=` in front is its name.
  private func arguments(_ range: Range<Int>) -> [Argument] {
    var result: [Argument] = []
    var start = range.lowerBound
    var place = start
    func close(_ end: Int) {
      guard start < end else { return }
      let isNamed = parser.token(at: start).kind == .name && parser.token(at: start + 1).symbol == .assign
      result.append(
        Argument(
          name: isNamed ? parser.text(parser.tokens[start]) : nil,
          tokens: (isNamed ? min(start + 2, end) : start)..<end))
    }
    while place < range.upperBound {
      if parser.token(at: place).symbol == .comma {
        close(place)
        start = place + 1
      }
      place = parser.partner(of: place).map { $0 + 1 } ?? place + 1
    }
    close(range.upperBound)
    return result
  }

  private func text(_ range: Range<Int>) -> String {
    guard !range.isEmpty else { return "" }
    return parser.text(parser.range(ofTokens: range.lowerBound, to: range.upperBound))
  }

  private func option(_ name: String, _ arguments: [Argument]) -> String? {
    arguments.first { $0.name == name }.map { text($0.tokens) }
  }

  /// The columns that some arguments name: texts, or lists of texts; nil where one is something else.
  private func allNames(_ arguments: [Argument], named name: String) -> [String]? {
    let named = arguments.filter { $0.name == name }
    let given = named.isEmpty ? arguments.filter { $0.name == nil } : named
    var result: [String] = []
    for argument in given {
      guard let names = names(argument.tokens) else { return nil }
      result += names
    }
    return result
  }

  /// `"a"`, `["a", "b"]`, `("a", "b")`, `pl.col("a")`: the columns; nil for anything else.
  private func names(_ range: Range<Int>) -> [String]? {
    guard let first = range.first else { return nil }
    if range.count == 1 {
      let token = parser.tokens[first]
      guard token.kind == .text else { return nil }
      return [Self.name(LiteralValue.text(token, in: parser.source).value)]
    }
    if let column = columnCall(at: first), column.next == range.upperBound { return [column.name] }
    let symbol = parser.token(at: first).symbol
    guard symbol == .openBracket || symbol == .openParenthesis,
      parser.partner(of: first) == range.upperBound - 1
    else { return nil }
    var result: [String] = []
    for part in arguments(first + 1..<range.upperBound - 1) {
      guard part.name == nil, let names = names(part.tokens) else { return nil }
      result += names
    }
    return result.isEmpty ? nil : result
  }

  /// `{"a": "b", "c": ["d", "e"]}`
  private func pairs(_ range: Range<Int>) -> [(key: String, values: [String])]? {
    guard let first = range.first, parser.token(at: first).symbol == .openBrace,
      parser.partner(of: first) == range.upperBound - 1
    else { return nil }
    var result: [(String, [String])] = []
    for part in arguments(first + 1..<range.upperBound - 1) {
      guard part.tokens.count > 2, parser.token(at: part.tokens.lowerBound + 1).symbol == .colon,
        let key = names(part.tokens.lowerBound..<part.tokens.lowerBound + 1),
        let values = names(part.tokens.lowerBound + 2..<part.tokens.upperBound)
      else { return nil }
      result.append((key[0], values))
    }
    return result.isEmpty ? nil : result
  }

  /// A share as the number before `%`: 0.125 is 12.5.
  private static func percent(_ share: Double) -> String {
    let percent = (share * 1e6).rounded() / 1e4
    return percent == percent.rounded() ? String(Int(percent)) : String(percent)
  }

  private static func unquoted(_ text: String) -> String {
    guard text.count > 1, let mark = text.first, mark == "\"" || mark == "'" else { return text }
    return String(text.dropFirst().dropLast())
  }

  /// A column's name as it is written here.
  private static func name(_ text: String) -> String {
    let isPlain =
      text.first?.isNumber == false && ReservedWord(spelling: text) == nil
      && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    return isPlain ? text : "`\(text)`"
  }

  // MARK: Expressions

  /// `pl.col("a")`, `col("a")`, `df["a"]`: the column, and the place behind it.
  private func columnCall(at place: Int, frame: String? = nil) -> (name: String, next: Int)? {
    let token = parser.token(at: place)
    guard token.kind == .name, case let word = parser.text(token), parser.token(at: place + 2).kind == .text,
      parser.partner(of: place + 1) == place + 3
    else { return nil }
    let symbol = parser.token(at: place + 1).symbol
    let isCall = symbol == .openParenthesis && (word == "col" || word.hasSuffix(".col"))
    guard isCall || symbol == .openBracket && word == (frame ?? base) else { return nil }
    let name = LiteralValue.text(parser.tokens[place + 2], in: parser.source).value
    return (Self.name(name), place + 4)
  }

  /// An expression over the columns of a frame as it is written here; nil where a piece of it is not known.
  private func expression(_ range: Range<Int>, frame: String? = nil) -> String? {
    let prefix = (frame ?? base) + "."
    var result = ""
    var place = range.lowerBound
    while place < range.upperBound {
      let token = parser.token(at: place)
      var piece = parser.text(token)
      var next = place + 1
      if let column = columnCall(at: place, frame: frame) {
        (piece, next) = column
        guard let whole = methods(of: piece, at: &next) else { return nil }
        piece = whole
      } else if token.kind == .name, piece.hasPrefix(prefix) {
        let parts = piece.dropFirst(prefix.count).split(separator: ".").map(String.init)
        guard let column = parts.first else { return nil }
        guard let whole = methods(of: Self.name(column), at: &next, path: Array(parts.dropFirst())) else {
          return nil
        }
        piece = whole
      } else {
        switch token.symbol {
        case .ampersand: piece = "and"
        case .pipe: piece = "or"
        case .matches: piece = "not "
        case .openParenthesis, .openBracket:
          guard let close = parser.partner(of: place), let inner = expression(place + 1..<close, frame: frame)
          else { return nil }
          piece += inner + parser.text(parser.tokens[close])
          next = close + 1
        case .dot, .colon, .at, .assign: return nil
        default: break
        }
      }
      if !result.isEmpty, token.isPrecededByBlank { result += " " }
      result += piece
      place = next
    }
    return result.isEmpty ? nil : result
  }

  /// A column with the methods behind it: `.isin([…])`, `.isna()`, `.str.contains("x")`, `.dt.month`.
  private func methods(of column: String, at next: inout Int, path: [String] = []) -> String? {
    var path = path
    var result = column
    while true {
      if path.isEmpty, parser.token(at: next).symbol == .dot, parser.token(at: next + 1).kind == .name {
        path = parser.text(parser.tokens[next + 1]).split(separator: ".").map(String.init)
        next += 2
      }
      guard let method = path.last?.lowercased() else { return result }
      let isCall = parser.token(at: next).symbol == .openParenthesis
      var inner: [String] = []
      if isCall {
        guard let close = parser.partner(of: next) else { return nil }
        inner = arguments(next + 1..<close).filter { $0.name == nil }.map { text($0.tokens) }
        next = close + 1
      }
      path = []
      switch (method, inner.count) {
      case ("isin", 1), ("is_in", 1): result += " in \(inner[0])"
      case ("isna", 0), ("isnull", 0), ("is_null", 0): result += " is missing"
      case ("notna", 0), ("notnull", 0), ("is_not_null", 0): result += " is not missing"
      case ("between", 2): result += " between \(inner[0]) and \(inner[1])"
      case ("contains", 1): result += " ~ \(inner[0])"
      case ("startswith", 1), ("starts_with", 1): result = "starts_with(\(result), \(inner[0]))"
      case ("endswith", 1), ("ends_with", 1): result = "ends_with(\(result), \(inner[0]))"
      case ("lower", 0), ("upper", 0), ("year", 0), ("month", 0), ("day", 0), ("hour", 0), ("round", _),
        ("abs", 0):
        result = "\(method)(\(([result] + inner).joined(separator: ", ")))"
      case ("strip", 0): result = "trim(\(result))"
      default: return nil
      }
    }
  }
}
