import Diagnostics

/// What people bring from other languages, met where it would otherwise be a riddle.
extension Parser {
  /// The beginnings of statements of other languages. Nil when the statement is one of ours, or may be read on
  /// as one after the fault is told.
  mutating func foreignHead() -> Stage? {
    let start = position
    if isNext(.assign) {
      report(SyntaxMessages.leadingEquals(at: current.range))
      advance()
      return nil
    }
    if let sign = foreignComment() {
      fail(SyntaxMessages.foreignComment(text(sign), at: sign))
      position = limit
      return Stage(word: nil, groups: [], range: range(from: tokens[start].range.lower))
    }
    if isNext(.question) {
      let whole = range(ofTokens: start, to: limit)
      fail(SyntaxMessages.questionHelp(words(start + 1, limit), at: whole))
      position = limit
      return Stage(word: nil, groups: [], range: whole)
    }
    if isNext(.plus), start > 0 { fail(SyntaxMessages.lineBeginsWithOperator("+", at: current.range)) }
    if isWord("select", at: position), let query = queryParts() {
      let whole = range(ofTokens: start, to: limit)
      report(SyntaxMessages.queryStatement(query.pipeline, isExact: query.isExact, at: whole))
      let word = Name(text(current), at: current.range)
      position = limit
      return Stage(word: word, groups: [], range: whole)
    }
    if isWord("from", at: position), peek().kind == .name || peek().kind == .quotedName {
      report(
        SyntaxMessages.leadingFrom(
          text(peek()), at: SourceRange(current.range.lower, peek().range.lower)))
      advance()
      return nil
    }
    if current.kind == .name, peek().symbol == .less, peek(2).symbol == .minus, !peek(2).isPrecededByBlank,
      peek().isPrecededByBlank, peek(3).isPrecededByBlank
    {
      let name = Name(text(current), at: current.range)
      report(
        SyntaxMessages.assignmentArrow(
          name.text, at: SourceRange(current.range.lower, peek(2).range.upper)))
      position += 3
      let value = expression()
      let whole = range(from: name.range.lower)
      return Stage(
        word: nil,
        groups: [Group(items: [Item(names: [name], value: value, range: whole)], range: whole)],
        range: whole)
    }
    return nil
  }

  /// `--`, `//` or `/*` at the beginning of a statement.
  func foreignComment() -> SourceRange? {
    if isNext(.floorDivide) { return current.range }
    guard !peek().isPrecededByBlank else { return nil }
    let isDash = isNext(.minus) && peek().symbol == .minus
    let isStar = isNext(.divide) && (peek().symbol == .times || peek().symbol == .powerPython)
    return isDash || isStar ? current.range.union(peek().range) : nil
  }

  /// `df[df.x > 1]` as a whole statement: rows chosen as data frames do it.
  mutating func checkFrameIndex(_ head: Stage) {
    guard head.word == nil, head.groups.count == 1, head.groups[0].items.count == 1,
      case let item = head.groups[0].items[0], item.names.isEmpty,
      case .index(let base, let selector) = item.value.kind, case .name(let frame) = base.kind
    else { return }
    if case .text(let column) = selector.kind {
      report(SyntaxMessages.frameColumn(frame.text, column, at: item.value.range))
      return
    }
    guard selector.level < .additive else { return }
    let prefix = frame.text + "."
    var isFrame = false
    selector.forEachDescendant { part in
      if case .name(let name) = part.kind, name.text.hasPrefix(prefix) { isFrame = true }
    }
    if !isFrame { return }
    var condition = text(selector.range)
    while let place = condition.firstRange(of: prefix) { condition.removeSubrange(place) }
    report(SyntaxMessages.frameFilter(frame.text, condition, at: item.value.range))
  }

  // MARK: - Words before texts

  /// `date '2026-01-01'`, `interval '3 days'`, `r"…"`: a word that other languages put before a text.
  func foreignPrefix(_ name: Name) -> (diagnostic: Diagnostic, skipsName: Bool)? {
    let token = current
    let whole = name.range.union(token.range)
    let value = LiteralValue.text(token, in: source).value
    if isDateWord(name.text), LiteralValue.dateInText(value) != nil {
      let spelling = value.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "T")
      return (SyntaxMessages.quotedDate(name.text, spelling, at: whole), true)
    }
    if name.text.lowercased() == "interval" { return (SyntaxMessages.interval(at: whole), true) }
    if name.range.upper == token.range.lower {
      return (SyntaxMessages.textPrefix(name.text, text(token), at: whole), true)
    }
    return nil
  }

  func isForeignPrefix(at index: Int) -> Bool {
    guard token(at: index).kind == .name, token(at: index + 1).kind == .text else { return false }
    let word = text(token(at: index))
    return isDateWord(word) || word.lowercased() == "interval"
  }

  private func isDateWord(_ word: String) -> Bool {
    ["date", "timestamp", "datetime", "timestamptz"].contains(word.lowercased())
  }

  // MARK: - SELECT … FROM …

  private struct QueryParts {
    var pipeline: String
    /// True when the pipeline says exactly what the query said.
    var isExact: Bool
  }

  private func range(ofTokens lower: Int, to upper: Int) -> SourceRange {
    SourceRange(tokens[lower].range.lower, tokens[max(lower, upper - 1)].range.upper)
  }

  private func words(_ lower: Int, _ upper: Int) -> String {
    guard lower < upper else { return "" }
    let spelling = text(range(ofTokens: lower, to: upper))
    return spelling.split { $0.isWhitespace }.joined(separator: " ").replacing("(*)", with: "()")
  }

  /// Places of words outside brackets.
  private func places(of words: [String], from start: Int) -> [(word: String, index: Int)] {
    var result: [(String, Int)] = []
    var index = start
    while index < limit {
      for word in words where isWord(word, at: index) { result.append((word, index)) }
      index = partner(of: index).map { $0 + 1 } ?? index + 1
    }
    return result
  }

  /// The query that begins here as a pipeline; nil when it has no `from`.
  private func queryParts() -> QueryParts? {
    let clauses = places(
      of: ["from", "where", "group", "having", "order", "limit", "join", "union", "distinct"], from: position)
    guard let from = clauses.first(where: { $0.word == "from" }), from.index + 1 < limit else { return nil }
    var isExact = !clauses.contains { ["join", "union", "having", "group"].contains($0.word) }
    func clause(_ word: String, skipping skipped: Int = 1) -> String? {
      guard let place = clauses.first(where: { $0.word == word && $0.index > from.index }) else { return nil }
      let end = clauses.first { $0.index > place.index && $0.word != "distinct" }?.index ?? limit
      let result = words(place.index + skipped, end)
      return result.isEmpty ? nil : result
    }
    let table =
      clause("from") ?? words(from.index + 1, clauses.first { $0.index > from.index }?.index ?? limit)
    if table.contains(" ") || table.contains(",") { isExact = false }
    let top = isWord("top", at: position + 1) && token(at: position + 2).kind == .int
    if top { isExact = false }
    var query = QueryTables(table)
    var stages = [query.name]
    for (index, place) in clauses.enumerated() where place.word == "join" {
      let end = clauses.indices.contains(index + 1) ? clauses[index + 1].index : limit
      stages.append(query.join(words(place.index + 1, end), kind: joinKind(before: place.index)))
    }
    if let condition = clause("where") { stages.append("filter \(condition)") }
    let distinct = isWord("distinct", at: position + 1)
    var items = selected(from: position + (distinct ? 2 : top ? 3 : 1), to: from.index)
    let positions = items
    let names = QueryAggregates.named(&items)
    func order() -> String? {
      clause("order", skipping: 2).map { QueryAggregates.order($0, positions, names) }
    }
    if let keys = clause("group", skipping: 2) {
      let values = items.filter { !keys.split(separator: ",").map { $0.filter { $0 != " " } }.contains($0) }
      stages.append(
        values.isEmpty ? "distinct \(keys)" : "aggregate \(values.joined(separator: ", ")) by \(keys)")
      if let having = clause("having") {
        stages.append("filter \(QueryAggregates.replaced(having, names))")
      }
      if let order = order() { stages.append("sort \(order)") }
    } else {
      let isAggregate = !names.isEmpty
      if isAggregate { isExact = false }
      if let order = order(), !isAggregate { stages.append("sort \(order)") }
      if isAggregate {
        stages.append("aggregate \(items.joined(separator: ", "))")
      } else if items != ["*"] {
        stages.append("\(distinct ? "distinct" : "select") \(items.joined(separator: ", "))")
      }
    }
    if let count = clause("limit") ?? (top ? text(token(at: position + 2)) : nil) {
      stages.append("take \(count)")
    }
    return QueryParts(
      pipeline: query.withoutAliases(stages.joined(separator: " | ")), isExact: isExact)
  }

  /// `left` of `left join` and `left outer join`; nil for an inner join, which needs no word here.
  private func joinKind(before index: Int) -> String? {
    let place = isWord("outer", at: index - 1) ? index - 2 : index - 1
    return ["left", "right", "full"].first { isWord($0, at: place) }
  }

  /// The items between `select` and `from`, with `x as y` turned into `y = x`.
  private func selected(from lower: Int, to upper: Int) -> [String] {
    var items: [String] = []
    var start = lower
    var renamed: Int?
    func close(_ end: Int) {
      if let place = renamed, place > start {
        items.append("\(words(place + 1, end)) = \(words(start, place))")
      } else if start < end {
        items.append(words(start, end))
      }
    }
    var index = lower
    while index < upper {
      if tokens[index].symbol == .comma {
        close(index)
        start = index + 1
        renamed = nil
      } else if isWord("as", at: index) {
        renamed = index
      }
      index = partner(of: index).map { $0 + 1 } ?? index + 1
    }
    close(upper)
    return items
  }
}

/// The tables of a query and the short names that it gives them.
private struct QueryTables {
  let name: String
  private var aliases: [(alias: String, table: String)] = []

  /// `encounters`, `encounters e`, `encounters as e`; what joins it (`left`, `inner`) may stand behind.
  init(_ spelling: String) {
    let words = spelling.split(separator: " ").map(String.init)
    name = words.first ?? spelling
    if let alias = Self.alias(words) { aliases.append((alias, "")) }
    aliases.append((name, ""))
  }

  private static let kinds = ["left", "right", "inner", "full", "outer", "cross"]

  private static func alias(_ words: [String]) -> String? {
    words.dropFirst().first { $0.lowercased() != "as" && !kinds.contains($0.lowercased()) }
  }

  /// `patients p on e.patient_id = p.patient_id` as a stage.
  mutating func join(_ spelling: String, kind: String?) -> String {
    let verb = kind.map { "join \($0)" } ?? "join"
    let words = spelling.split(separator: " ").map(String.init)
    guard let on = words.firstIndex(where: { $0.lowercased() == "on" || $0.lowercased() == "using" }),
      let table = words.first
    else { return "\(verb) \(spelling)" }
    if let alias = Self.alias(Array(words[..<on])) { aliases.append((alias, table)) }
    // The kind of the next join may stand behind.
    let condition = words[(on + 1)...].filter { !Self.kinds.contains($0.lowercased()) }
    let sides = condition.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    if sides.count == 3, sides[1].hasPrefix("="), sides[0] == sides[2] {
      return "\(verb) \(table) on \(sides[0])"
    }
    return "\(verb) \(table) on \(condition.joined(separator: " "))"
  }

  /// A text with the short names written out; the first table's columns need no name before them.
  func withoutAliases(_ text: String) -> String {
    aliases.reduce(text) { text, name in
      var result = ""
      var rest = text[...]
      while let place = rest.ranges(of: name.alias + ".").first {
        let before = rest[..<place.lowerBound]
        let isWhole = (before.last ?? result.last).map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
        result += before
        result += isWhole ? (name.table.isEmpty ? "" : name.table + ".") : String(rest[place])
        rest = rest[place.upperBound...]
      }
      return result + rest
    }
  }
}

/// The aggregate calls of a query: each gets a name, by which the clauses behind it can speak of it.
private enum QueryAggregates {
  private static let functions = ["count", "sum", "avg", "min", "max", "median", "stddev", "variance"]

  /// Names the items that are calls of aggregates: `AVG(age)` becomes `avg_age = avg(age)`. Gives the calls as they
  /// were written with their names.
  static func named(_ items: inout [String]) -> [(call: String, name: String)] {
    var names: [(call: String, name: String)] = []
    for index in items.indices {
      let parts = items[index].split(separator: " = ", maxSplits: 1).map(String.init)
      guard let call = parts.last, let open = call.firstIndex(of: "("), call.hasSuffix(")"),
        functions.contains(call[..<open].lowercased())
      else { continue }
      let function = call[..<open].lowercased()
      let inner = call[call.index(after: open)...].dropLast()
      let isPlain = inner.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      var name = inner.isEmpty ? "n" : "\(function)_\(isPlain ? String(inner) : "value")"
      if parts.count == 2 { name = parts[0] }
      names.append((call, name))
      items[index] = "\(name) = \(spelled(function, String(inner)))"
    }
    return names
  }

  private static func spelled(_ function: String, _ inner: String) -> String {
    let words = inner.split(separator: " ", maxSplits: 1)
    if function == "count", words.count == 2, words[0].lowercased() == "distinct" {
      return "count_distinct(\(words[1]))"
    }
    return "\(function)(\(inner))"
  }

  /// A clause with the names in place of the calls.
  static func replaced(_ clause: String, _ names: [(call: String, name: String)]) -> String {
    var clause = clause
    for (call, name) in names {
      clause = clause.replacing(call, with: name)
      clause = clause.replacing(call.lowercased(), with: name).replacing(call.uppercased(), with: name)
    }
    return clause
  }

  /// The keys of `order by`, of which a number is the place of a selected item.
  static func order(_ clause: String, _ items: [String], _ names: [(call: String, name: String)]) -> String {
    clause.split(separator: ",").map { key in
      var words = key.split(separator: " ").map(String.init)
      if let place = words.first.flatMap({ Int($0) }), items.indices.contains(place - 1) {
        words[0] = items[place - 1].split(separator: " = ").first.map(String.init) ?? words[0]
      }
      if words.count > 1, let direction = words.last?.lowercased(), ["asc", "desc"].contains(direction) {
        words[words.count - 1] = direction
      }
      return replaced(words.joined(separator: " "), names)
    }.joined(separator: ", ")
  }
}

extension String {
  /// The place of a text in this one.
  fileprivate func firstRange(of part: String) -> Range<String.Index>? { ranges(of: part).first }
}
