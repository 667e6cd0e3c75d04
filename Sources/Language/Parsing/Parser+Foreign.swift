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
  private func foreignComment() -> SourceRange? {
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
    var stages = [table]
    if let condition = clause("where") { stages.append("filter \(condition)") }
    let distinct = isWord("distinct", at: position + 1)
    let items = selected(from: position + (distinct ? 2 : 1), to: from.index)
    let order = clause("order", skipping: 2)
    if let keys = clause("group", skipping: 2) {
      let values = items.filter { !keys.split(separator: ",").map { $0.filter { $0 != " " } }.contains($0) }
      stages.append("aggregate \(values.joined(separator: ", ")) by \(keys)")
      if let having = clause("having") { stages.append("filter \(having)") }
      if let order { stages.append("sort \(order)") }
    } else {
      let isAggregate = items.contains { $0.contains("count()") }
      if isAggregate { isExact = false }
      if let order { stages.append("sort \(order)") }
      if isAggregate {
        stages.append("aggregate \(items.joined(separator: ", "))")
      } else if items != ["*"] {
        stages.append("\(distinct ? "distinct" : "select") \(items.joined(separator: ", "))")
      }
    }
    if let count = clause("limit") { stages.append("take \(count)") }
    return QueryParts(pipeline: stages.joined(separator: " | "), isExact: isExact)
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

extension String {
  /// The place of a text in this one.
  fileprivate func firstRange(of part: String) -> Range<String.Index>? { ranges(of: part).first }
}
