import Diagnostics

/// A query of SQL, and the pipeline that says the same.
extension Parser {
  struct QueryParts {
    var pipeline: String
    /// True when the pipeline says exactly what the query said.
    var isExact: Bool
    /// What no pipeline says in the same way.
    var hints: [String] = []
    /// False where the pipeline leaves a part of the query as it was.
    var isWhole = true
  }

  func range(ofTokens lower: Int, to upper: Int) -> SourceRange {
    SourceRange(tokens[lower].range.lower, tokens[max(lower, upper - 1)].range.upper)
  }

  /// Some tokens on one line, with what SQL writes otherwise in our spelling: `COUNT(*)`, `'2025-01-01'`, a
  /// sub-select.
  func words(_ lower: Int, _ upper: Int) -> String {
    var result = ""
    var index = lower
    while index < upper {
      let token = tokens[index]
      if !result.isEmpty, token.isPrecededByBlank { result += " " }
      let (spelled, next) = queryWord(at: index)
      result += spelled
      index = next
    }
    return result
  }

  /// The token at a place as it is written here, and the place of the one behind it.
  private func queryWord(at index: Int) -> (text: String, next: Int) {
    let spelling = text(tokens[index])
    if isQuotedColumn(at: index) { return (alias(at: index), index + 1) }
    if let choice = queryChoice(at: index) { return choice }
    if isForeignPrefix(at: index), let moment = quotedMoment(at: index + 1) { return (moment, index + 2) }
    if let moment = quotedMoment(at: index) { return (moment, index + 1) }
    if isWord("date_trunc", at: index), token(at: index + 2).kind == .text,
      token(at: index + 3).symbol == .comma, let close = partner(of: index + 1)
    {
      let unit = LiteralValue.text(tokens[index + 2], in: source).value.lowercased()
      return ("start_of(\(words(index + 4, close)), \(unit))", close + 1)
    }
    if isAggregate(at: index) {
      if isWord("count", at: index), isWord("distinct", at: index + 2) {
        return ("count_distinct(" + words(index + 3, index + 4), index + 4)
      }
      return (spelling.lowercased(), index + 1)
    }
    if tokens[index].symbol == .openParenthesis, let close = partner(of: index) {
      if close == index + 2, tokens[index + 1].symbol == .times { return ("()", close + 1) }
      if let inner = subQuery(at: index) { return ("(\(inner.pipeline))", close + 1) }
    }
    return (spelling, index + 1)
  }

  /// `sum("Bed Days")`, `group by "Ward"`: in these places a text is the name of a column.
  private func isQuotedColumn(at index: Int) -> Bool {
    guard tokens[index].kind == .text, spelling(at: index).first == "\"", index > 1 else { return false }
    let (before, behind) = (token(at: index - 1), token(at: index + 1))
    if before.symbol == .openParenthesis {
      return isAggregate(at: index - 2) && behind.symbol == .closeParenthesis
    }
    if isWord("by", at: index - 1) { return true }
    // A further key of `group by` or `order by`.
    var place = index - 1
    while place > 0, token(at: place).symbol == .comma, place > 1 {
      if isWord("by", at: place - 2) { return true }
      place -= 2
    }
    return false
  }

  private func spelling(at index: Int) -> String { text(tokens[index]) }

  /// `case when a then b else c end` as `case { a -> b, else -> c }`, and the place behind it.
  private func queryChoice(at index: Int) -> (text: String, next: Int)? {
    guard isWord("case", at: index) else { return nil }
    var parts: [(word: String, place: Int)] = []
    var depth = 0
    var place = index + 1
    while place < limit, depth > 0 || !isWord("end", at: place) {
      if isWord("case", at: place) { depth += 1 }
      if isWord("end", at: place) { depth -= 1 }
      if depth == 0 {
        for word in ["when", "then", "else"] where isWord(word, at: place) { parts.append((word, place)) }
      }
      place = partner(of: place).map { $0 + 1 } ?? place + 1
    }
    guard place < limit, let first = parts.first, first.word == "when" else { return nil }
    let spelled = parts.enumerated().map { number, part in
      let end = parts.indices.contains(number + 1) ? parts[number + 1].place : place
      let inner = words(part.place + 1, end)
      switch part.word {
      case "when": return number > 0 ? ", \(inner)" : inner
      case "then": return " -> \(inner)"
      default: return ", else -> \(inner)"
      }
    }
    let subject = words(index + 1, first.place)
    return ("case \(subject.isEmpty ? "" : subject + " "){ \(spelled.joined()) }", place + 1)
  }

  /// `'2025-01-01'` without its quotes; nil for another text.
  private func quotedMoment(at index: Int) -> String? {
    guard token(at: index).kind == .text else { return nil }
    let value = LiteralValue.text(token(at: index), in: source).value
    guard LiteralValue.dateInText(value) != nil else { return nil }
    return value.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "T")
  }

  /// The query in the brackets that open here.
  private func subQuery(at open: Int) -> QueryParts? {
    guard token(at: open).symbol == .openParenthesis, isWord("select", at: open + 1),
      let close = partner(of: open),
      // Each of them is worked out several times, and those in it with it.
      (open..<close).count(where: { isWord("select", at: $0) }) <= 3
    else { return nil }
    var inner = self
    inner.position = open + 1
    inner.limit = close
    return inner.queryParts()
  }

  private static let aggregates = ["count", "sum", "avg", "min", "max", "median", "stddev", "variance"]

  private func isAggregate(at index: Int) -> Bool {
    token(at: index).kind == .name && token(at: index + 1).symbol == .openParenthesis
      && Self.aggregates.contains(text(token(at: index)).lowercased())
  }

  /// The calls of aggregates among some tokens, as they are written here.
  private func aggregateCalls(_ range: Range<Int>) -> [String] {
    var calls: [String] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if subQuery(at: index) != nil, let close = partner(of: index) {
        index = close
      } else if isAggregate(at: index), let close = partner(of: index + 1), close < range.upperBound {
        calls.append(words(index, close + 1))
        index = close
      }
      index += 1
    }
    return calls
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
  func queryParts() -> QueryParts? {
    let clauses = places(
      of: [
        "from", "where", "group", "having", "order", "limit", "offset", "fetch", "join", "union", "distinct",
      ] + Self.untranslated.keys, from: position
    ).filter { Self.untranslated[$0.word] == nil || isClause($0.word, at: $0.index) }
    guard let from = clauses.first(where: { $0.word == "from" }), from.index + 1 < limit else { return nil }
    func tokens(of word: String, skipping skipped: Int = 1) -> Range<Int>? {
      guard let place = clauses.first(where: { $0.word == word && $0.index >= from.index }) else {
        return nil
      }
      let end = clauses.first { $0.index > place.index && $0.word != "distinct" }?.index ?? limit
      return place.index + skipped < end ? place.index + skipped..<end : nil
    }
    func clause(_ word: String, skipping skipped: Int = 1) -> String? {
      tokens(of: word, skipping: skipped).map { words($0.lowerBound, $0.upperBound) }
    }
    let inner = subQuery(at: from.index + 1)
    var query = QueryTables(clause("from") ?? "", subQuery: inner?.pipeline)
    let top = topCount()
    let distinct = isWord("distinct", at: position + 1)
    var list = QueryItems(items((distinct ? position + 2 : top?.next ?? position + 1)..<from.index))
    // What a clause behind speaks of must have been computed, too.
    for part in [tokens(of: "having"), tokens(of: "order", skipping: 2)] {
      for call in part.map(aggregateCalls) ?? [] { list.need(call) }
    }
    list.nameCalls()
    var stages = [query.name]
    for (index, place) in clauses.enumerated() where place.word == "join" {
      let end = clauses.indices.contains(index + 1) ? clauses[index + 1].index : limit
      stages.append(query.join(words(place.index + 1, end), kind: joinKind(before: place.index)))
    }
    var (isRolled, isUnknownGroup) = (false, false)
    if let condition = clause("where") { stages.append("filter \(condition)") }
    let order = tokens(of: "order", skipping: 2).map { list.order(items($0).map(\.value)) }
    let having = clause("having").map { "filter \(list.replaced($0))" }
    if let keys = tokens(of: "group", skipping: 2) {
      let (names, totals) = QueryItems.keys(items(keys).map(\.value))
      stages.append(list.grouped(by: names) + (totals ? " with totals" : ""))
      // One total is made, and no sums of parts between.
      isRolled = totals && names.count > 1
      isUnknownGroup = names.contains { $0.lowercased().hasPrefix("grouping ") || $0.contains("(") && totals }
      stages += [having, order].compactMap { $0 }
    } else if list.hasAggregate {
      stages.append("aggregate \(list.written)")
      if let having { stages.append(having) }
    } else {
      if let order { stages.append(order) }
      if distinct, let further = list.besideAll {
        if !further.isEmpty { stages.append("derive \(further)") }
        stages.append("distinct")
      } else if let further = list.besideAll {
        // `select *, los_hours / 24 as days`: all columns stay.
        if !further.isEmpty { stages.append("derive \(further)") }
      } else if list.written != "*" {
        stages.append("\(distinct ? "distinct" : "select") \(list.written)")
      }
    }
    // `offset 5 rows`
    if let count = clause("offset")?.split(separator: " ").first { stages.append("skip \(count)") }
    if let count = clause("limit") ?? fetched(tokens(of: "fetch")) ?? top?.count {
      // `limit 10, 5`: how many are left out, and how many stay.
      let parts = count.split(separator: ",").map { $0.filter { $0 != " " } }
      stages.append(parts.count == 2 ? "skip \(parts[0]) | take \(parts[1])" : "take \(count)")
    }
    var others = clauses.filter { $0.index > from.index }.compactMap { Self.untranslated[$0.word] }
    others += windows()
    if isRolled {
      others.append(
        "One total of all: aggregate … by a, b with totals; the sums of parts are queries of their own.")
    } else if isUnknownGroup {
      others.append("Each grouping is a query of its own: | aggregate n = count() by a, then | append other.")
    }
    if top?.isShare == true {
      others.append("So many rows: | take 100; no stage takes a share of them in their order.")
    }
    let isList = hasComma(outsideBrackets: tokens(of: "from") ?? 0..<0)
    // A query in brackets of which a part is not told would be another question.
    let inners = (position + 1..<limit).compactMap { subQuery(at: $0) }.filter { !$0.isWhole }
    others += inners.flatMap(\.hints)
    let isExact =
      inner == nil && query.isPlain && top == nil && !list.hasAggregate
      && !clauses.contains { ["join", "union", "having", "group", "offset", "fetch"].contains($0.word) }
    return QueryParts(
      pipeline: query.withoutAliases(stages.joined(separator: " | ")), isExact: isExact,
      hints: hints() + others
        + (isList ? ["Two tables are put together by a key that they share: a | join b on key."] : []),
      isWhole: others.isEmpty && inners.isEmpty && !isList
        && !(position..<limit).contains { isWord("exists", at: $0) })
  }

  /// `top 5`, `top (5)`, `top 10 percent`, `top 5 with ties` behind `select`, and the place of what follows.
  private func topCount() -> (count: String, isShare: Bool, next: Int)? {
    guard isWord("top", at: position + 1) else { return nil }
    let isInBrackets = token(at: position + 2).symbol == .openParenthesis
    let place = position + (isInBrackets ? 3 : 2)
    guard token(at: place).kind == .int else { return nil }
    var next = place + (isInBrackets ? 2 : 1)
    let isShare = isWord("percent", at: next)
    if isShare { next += 1 }
    // A cut that goes through ties is told of.
    if isWord("with", at: next), isWord("ties", at: next + 1) { next += 2 }
    return (text(token(at: place)), isShare, next)
  }

  /// `row_number() over (partition by patient_id order by admitted)`: how each is written in `derive`.
  private func windows() -> [String] {
    (position..<limit).compactMap { index in
      guard isWord("over", at: index), token(at: index - 1).symbol == .closeParenthesis else { return nil }
      guard token(at: index + 1).symbol == .openParenthesis, let close = partner(of: index + 1),
        let open = (position..<index).last(where: { partner(of: $0) == index - 1 }), open > position,
        token(at: open - 1).kind == .name, !isWord("filter", at: open - 1)
      else { return "A function over rows stands in derive: | derive x = running_sum(y) by key sort time" }
      let places = (index + 2..<close).filter { isWord("by", at: $0) }
      if (index + 2..<close).contains(where: { isWord("rows", at: $0) || isWord("range", at: $0) }) {
        return
          "A function over some rows around each stands in derive: | derive x = rolling_sum(y, 7) by key sort time"
      }
      func part(_ word: String) -> String? {
        guard let by = places.first(where: { isWord(word, at: $0 - 1) }) else { return nil }
        return words(by + 1, places.map { $0 - 1 }.filter { $0 > by }.min() ?? close)
      }
      let name = text(token(at: open - 1)).lowercased()
      var function = name == "avg" ? "mean" : name
      let order = part("order").map { QueryItems([]).order($0.split(separator: ",").map(String.init)) }
      if order != nil, ["sum", "mean", "min", "max", "count"].contains(function) {
        function = "running_" + function
      }
      let arguments = token(at: open + 1).symbol == .times ? "" : words(open + 1, index - 1)
      return "A function over rows stands in derive: | derive x = \(function)(\(arguments))"
        + (part("partition").map { " by \($0)" } ?? "") + (order.map { " \($0)" } ?? "")
    }
  }

  /// Clauses that no stage says in the same way, with what comes near; a translation without them would be another
  /// question.
  private static let untranslated = [
    "intersect": "Rows that another table has, too: | join semi other on key, then | distinct.",
    "except": "Rows that another table does not have: | join anti other on key, then | distinct.",
    "minus": "Rows that another table does not have: | join anti other on key, then | distinct.",
    "qualify": "The first row of each group: | take 1 by key sort time.",
    "pivot": "Columns from values: | pivot rows a columns b values count().",
    "unpivot": "Rows from columns: | unpivot a, b into name, value.",
    "sample": "Some rows by chance: | sample 100, or | sample 1%.",
    "tablesample": "Some rows by chance: | sample 100, or | sample 1%.",
  ]

  /// Whether such a word begins a clause, and is no name of a column.
  private func isClause(_ word: String, at index: Int) -> Bool {
    let next = token(at: index + 1)
    return switch word {
    case "qualify": next.kind == .name
    case "intersect", "except", "minus":
      next.symbol == .openParenthesis || ["select", "all", "distinct"].contains { isWord($0, at: index + 1) }
    default:
      // Behind the name of a table.
      token(at: index - 1).kind == .name
        && !["by", "where", "and", "or", "not"].contains { isWord($0, at: index - 1) }
        && (next.symbol == .openParenthesis || next.kind == .int || isWord("bernoulli", at: index + 1))
    }
  }

  /// The number of `fetch first 5 rows only`.
  private func fetched(_ tokens: Range<Int>?) -> String? {
    guard let tokens else { return nil }
    // `fetch first row only`
    return tokens.first { token(at: $0).kind == .int }.map { text(token(at: $0)) } ?? "1"
  }

  private func hasComma(outsideBrackets range: Range<Int>) -> Bool {
    var place = range.lowerBound
    while place < range.upperBound {
      if tokens[place].symbol == .comma { return true }
      place = partner(of: place).map { $0 + 1 } ?? place + 1
    }
    return false
  }

  private func hints() -> [String] {
    let words = position..<limit
    var hints: [String] = []
    if words.contains(where: { isWord("exists", at: $0) }) {
      hints.append(
        "Rows that have some in another table: join semi other on key; rows that have none: join anti.")
    }
    if words.contains(where: { isWord("union", at: $0) }) {
      let isAll = words.contains { isWord("union", at: $0) && isWord("all", at: $0 + 1) }
      hints.append(
        "The second query is a table of its own: let other = …, then | append other\(isAll ? "" : " | distinct")."
      )
    }
    return hints
  }

  /// `left` of `left join` and `left outer join`; nil for an inner join, which needs no word here.
  private func joinKind(before index: Int) -> String? {
    let place = isWord("outer", at: index - 1) ? index - 2 : index - 1
    return ["left", "right", "full"].first { isWord($0, at: place) }
  }

  /// The items of a list, each with the name behind it: `x as y`, `sum(x) y`.
  private func items(_ range: Range<Int>) -> [QueryItem] {
    var items: [QueryItem] = []
    var start = range.lowerBound
    func close(_ end: Int) {
      guard start < end else { return }
      let isNamed = isWord("as", at: end - 2) && end - 2 > start
      let name = isNamed || isBareAlias(at: end - 1, from: start) ? alias(at: end - 1) : nil
      let upper = isNamed ? end - 2 : name == nil ? end : end - 1
      let isQuotedName =
        upper == start + 1 && tokens[start].kind == .text && spelling(at: start).first == "\""
      items.append(
        QueryItem(
          name: name, value: isQuotedName ? alias(at: start) : words(start, upper),
          hasAggregate: !aggregateCalls(start..<upper).isEmpty,
          isCall: isAggregate(at: start) && partner(of: start + 1) == upper - 1))
    }
    var index = range.lowerBound
    while index < range.upperBound {
      if tokens[index].symbol == .comma {
        close(index)
        start = index + 1
      }
      index = partner(of: index).map { $0 + 1 } ?? index + 1
    }
    close(range.upperBound)
    return items
  }

  /// A name that an item is given; in quotes it may hold blanks.
  private func alias(at index: Int) -> String {
    guard token(at: index).kind == .text else { return words(index, index + 1) }
    let name = LiteralValue.text(token(at: index), in: source).value
    let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } && name.first?.isNumber == false
    return isPlain ? name : "`\(name)`"
  }

  /// `avg_charge` of `sum(charges) / count(*) avg_charge`: a name behind what is a value already.
  private func isBareAlias(at index: Int, from start: Int) -> Bool {
    guard index > start, [.name, .quotedName].contains(token(at: index).kind),
      !["asc", "desc", "end", "first", "last"].contains(text(token(at: index)).lowercased())
    else { return false }
    let before = token(at: index - 1)
    let isValue = before.kind == .name || before.kind == .quotedName || before.isLiteral
    return isValue || before.symbol == .closeParenthesis
  }
}
