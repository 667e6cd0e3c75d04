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

  /// The queries in brackets, each worked out once, however often a clause around it is read.
  final class SubQueries {
    private var known: [Int: QueryParts?] = [:]

    func parts(at open: Int, _ make: () -> QueryParts?) -> QueryParts? {
      if let parts = known[open] { return parts }
      let parts = make()
      known[open] = .some(parts)
      return parts
    }
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
      let (spelled, next) = queryWord(at: index)
      if !spelled.isEmpty, !result.isEmpty, result.last != "(", token.isPrecededByBlank { result += " " }
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
    if let converted = queryConversion(at: index) { return converted }
    if isForeignPrefix(at: index), let moment = quotedMoment(at: index + 1) { return (moment, index + 2) }
    if let moment = quotedMoment(at: index) { return (moment, index + 1) }
    if isWord("date_trunc", at: index), token(at: index + 2).kind == .text,
      token(at: index + 3).symbol == .comma, let close = partner(of: index + 1)
    {
      let unit = LiteralValue.text(tokens[index + 2], in: source).value.lowercased()
      return ("start_of(\(words(index + 4, close)), \(unit))", close + 1)
    }
    if let share = sharedOrder(at: index) { return share }
    if isAggregate(at: index) {
      if isWord("count", at: index), isWord("distinct", at: index + 2) {
        return ("count_distinct(" + words(index + 3, index + 4), index + 4)
      }
      return (spelling.lowercased(), index + 1)
    }
    if tokens[index].symbol == .closeParenthesis, filterClose(at: index + 1) != nil {
      // `sum(x) filter (where c)` goes on to the end of its condition.
      return (", where:", index + 4)
    }
    if tokens[index].symbol == .openParenthesis, let close = partner(of: index) {
      if close == index + 2, tokens[index + 1].symbol == .times {
        return filterClose(at: close + 1) == nil ? ("()", close + 1) : ("(where:", close + 4)
      }
      if let inner = subQuery(at: index) { return ("(\(inner.pipeline))", close + 1) }
    }
    return (spelling, index + 1)
  }

  /// `cast(x as date)`, `x::date`, `extract(year from x)`, `interval '30 days'`: the first words of what says so here,
  /// or the last, and the place behind them.
  private func queryConversion(at index: Int) -> (text: String, next: Int)? {
    func type(at index: Int) -> String? {
      token(at: index).kind == .name ? SyntaxMessages.typeFunction(text(token(at: index))) : nil
    }
    let next = token(at: index + 1)
    if isWord("cast", at: index), next.symbol == .openParenthesis, let close = partner(of: index + 1),
      isWord("as", at: close - 2), let function = type(at: close - 1)
    {
      return (function, index + 1)
    }
    if isWord("as", at: index), token(at: index + 2).symbol == .closeParenthesis,
      let open = (position..<index).last(where: { partner(of: $0) == index + 2 }),
      isWord("cast", at: open - 1), type(at: index + 1) != nil
    {
      return ("", index + 2)
    }
    if token(at: index).kind == .name, next.symbol == .colon, token(at: index + 2).symbol == .colon,
      let function = type(at: index + 3)
    {
      return ("\(function)(\(text(token(at: index))))", index + 4)
    }
    if isWord("extract", at: index), next.symbol == .openParenthesis, isWord("from", at: index + 3),
      let function = SyntaxMessages.partFunction(text(token(at: index + 2)))
    {
      return (function + "(", index + 4)
    }
    return queryDuration(at: index).map { ($0, index + 2) }
  }

  /// `interval '30 days'` as `30d`; nil for months and years, which are no durations.
  private func queryDuration(at index: Int) -> String? {
    guard isWord("interval", at: index), token(at: index + 1).kind == .text else { return nil }
    let words = LiteralValue.text(token(at: index + 1), in: source).value.split(separator: " ")
    let units = ["day": "d", "hour": "h", "minute": "min", "second": "s"]
    guard words.count == 2, let number = Int(words[0]), number >= 0 else { return nil }
    let word = words[1].lowercased()
    return units[word.hasSuffix("s") ? String(word.dropLast()) : word].map { "\(number)\($0)" }
  }

  /// The end of `filter (where condition)`, where that begins here.
  private func filterClose(at index: Int) -> Int? {
    guard isWord("filter", at: index), token(at: index + 1).symbol == .openParenthesis,
      isWord("where", at: index + 2)
    else { return nil }
    return partner(of: index + 1)
  }

  /// `percentile_cont(0.9) within group (order by los)` as `percentile(los, 90)`, and the place behind it.
  private func sharedOrder(at index: Int) -> (text: String, next: Int)? {
    guard isAggregate(at: index), let close = partner(of: index + 1), isWithinGroup(at: close + 1),
      let end = partner(of: close + 3), end == close + 7 || end == close + 8 && isWord("asc", at: close + 7),
      token(at: close + 6).kind == .name
    else { return nil }
    let column = text(token(at: close + 6))
    if isWord("mode", at: index), close == index + 2 { return ("mode(\(column))", end + 1) }
    guard isWord("percentile_cont", at: index), close == index + 3,
      let share = Double(text(token(at: index + 2))), (0...1).contains(share)
    else { return nil }
    let call = share == 0.5 ? "median(\(column))" : "percentile(\(column), \(MethodChain.percent(share)))"
    return (call, end + 1)
  }

  /// Whether `within group (order by …)` begins here.
  private func isWithinGroup(at index: Int) -> Bool {
    isWord("within", at: index) && isWord("group", at: index + 1)
      && token(at: index + 2).symbol == .openParenthesis
      && isWord("order", at: index + 3) && isWord("by", at: index + 4)
  }

  /// The place behind a call of an aggregate, with what SQL writes behind its brackets.
  private func callEnd(at index: Int) -> Int? {
    guard isAggregate(at: index), let close = partner(of: index + 1) else { return nil }
    if let filter = filterClose(at: close + 1) { return filter + 1 }
    if isWithinGroup(at: close + 1), let end = partner(of: close + 3) { return end + 1 }
    return close + 1
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
  func quotedMoment(at index: Int) -> String? {
    guard token(at: index).kind == .text else { return nil }
    let value = LiteralValue.text(token(at: index), in: source).value
    guard LiteralValue.dateInText(value) != nil else { return nil }
    return value.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "T")
  }

  /// The query in the brackets that open here.
  func subQuery(at open: Int) -> QueryParts? {
    guard token(at: open).symbol == .openParenthesis, isWord("select", at: open + 1),
      let close = partner(of: open), (open..<close).count(where: { isWord("select", at: $0) }) <= 3
    else { return nil }
    return subQueries.parts(at: open) {
      var inner = self
      inner.position = open + 1
      inner.limit = close
      return inner.queryParts()
    }
  }

  private static let aggregates = [
    "count", "sum", "avg", "min", "max", "median", "stddev", "variance", "corr", "mode", "bool_or",
    "bool_and",
    "string_agg", "any_value", "count_if", "countif", "stddev_samp", "stddev_pop", "var_samp", "var_pop",
    "array_agg",
    "group_concat", "approx_count_distinct", "percentile_cont", "quantile_cont",
  ]

  func isAggregate(at index: Int) -> Bool {
    token(at: index).kind == .name && token(at: index + 1).symbol == .openParenthesis
      && Self.aggregates.contains(text(token(at: index)).lowercased())
  }

  /// The calls of aggregates among some tokens, as they are written here.
  func aggregateCalls(_ range: Range<Int>) -> [String] {
    var calls: [String] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if subQuery(at: index) != nil, let close = partner(of: index) {
        index = close
      } else if let end = callEnd(at: index), end <= range.upperBound {
        calls.append(words(index, end))
        index = end - 1
      }
      index += 1
    }
    return calls
  }

  /// Places of words outside brackets.
  func places(of words: [String], from start: Int) -> [(word: String, index: Int)] {
    var result: [(String, Int)] = []
    var index = start
    while index < limit {
      for word in words where isWord(word, at: index) && !isWithinGroup(at: index - 1) {
        result.append((word, index))
      }
      index = partner(of: index).map { $0 + 1 } ?? index + 1
    }
    return result
  }

  /// The query that begins here as a pipeline; nil when it has no `from`.
  func queryParts() -> QueryParts? { QueryTranslation(self)?.parts }

  /// The items of a list, each with the name behind it: `x as y`, `sum(x) y`.
  func items(_ range: Range<Int>) -> [QueryItem] {
    pieces(range).filter { !$0.isEmpty }.map { piece in
      let (start, end) = (piece.lowerBound, piece.upperBound)
      let isNamed = isWord("as", at: end - 2) && end - 2 > start
      let name = isNamed || isBareAlias(at: end - 1, from: start) ? alias(at: end - 1) : nil
      let upper = isNamed ? end - 2 : name == nil ? end : end - 1
      let isQuotedName =
        upper == start + 1 && tokens[start].kind == .text && spelling(at: start).first == "\""
      return QueryItem(
        name: name, value: isQuotedName ? alias(at: start) : words(start, upper),
        hasAggregate: !aggregateCalls(start..<upper).isEmpty,
        isCall: callEnd(at: start) == upper)
    }
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
