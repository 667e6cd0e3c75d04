import Diagnostics

/// A query of SQL, clause by clause, and the pipeline that says the same.
struct QueryTranslation {
  private let parser: Parser
  /// The words that begin clauses, outside brackets, in their order.
  private let clauses: [(word: String, index: Int)]
  /// The place of `from`.
  private let from: Int
  /// The query that stands in brackets behind it.
  private let inner: Parser.QueryParts?
  private let top: (count: String, isShare: Bool, next: Int)?
  private let kept: Kept
  private var list: QueryItems

  /// Which of its rows a query shows.
  private enum Kept {
    case all
    /// One of those alike.
    case distinct
    /// The first one of each group, `distinct on (a, b)`.
    case first([String])
  }

  /// The query that begins where the parser stands; nil when it has no `from`.
  init?(_ parser: Parser) {
    let words = [
      "from", "where", "group", "having", "order", "limit", "offset", "fetch", "join", "union", "distinct",
    ]
    let clauses = parser.places(of: words + Parser.untranslated.keys, from: parser.position).filter {
      Parser.untranslated[$0.word] == nil || parser.isClause($0.word, at: $0.index)
    }
    guard let from = clauses.first(where: { $0.word == "from" }), from.index + 1 < parser.limit else {
      return nil
    }
    self.parser = parser
    self.clauses = clauses
    self.from = from.index
    inner = parser.subQuery(at: from.index + 1)
    top = parser.topCount()
    var first = top?.next ?? parser.position + 1
    if !parser.isWord("distinct", at: parser.position + 1) {
      kept = .all
    } else if parser.isWord("on", at: first + 1), let close = parser.partner(of: first + 2) {
      kept = .first(parser.items(first + 3..<close).map(\.value))
      first = close + 1
    } else {
      kept = .distinct
      first += 1
    }
    list = QueryItems(parser.items(first..<from.index))
    nameCalls()
  }

  // MARK: Clauses

  /// What stands behind the word of a clause, as far as the next one.
  private func tokens(of word: String, skipping skipped: Int = 1) -> Range<Int>? {
    guard let place = clauses.first(where: { $0.word == word && $0.index >= from }) else { return nil }
    let end = clauses.first { $0.index > place.index && $0.word != "distinct" }?.index ?? parser.limit
    return place.index + skipped < end ? place.index + skipped..<end : nil
  }

  private func clause(_ word: String) -> String? {
    tokens(of: word).map { parser.words($0.lowerBound, $0.upperBound) }
  }

  /// Gives each call of an aggregate a name; what a clause behind speaks of must have been computed, too.
  private mutating func nameCalls() {
    for part in [tokens(of: "having"), tokens(of: "order", skipping: 2)] {
      for call in part.map(parser.aggregateCalls) ?? [] { list.need(call) }
    }
    list.nameCalls()
  }

  // MARK: The pipeline

  var parts: Parser.QueryParts {
    var tables = QueryTables(clause("from") ?? "", subQuery: inner?.pipeline)
    let stages = [tables.name] + joins(&tables) + rows + results + cut
    let others = untold
    let isList = parser.pieces(tokens(of: "from") ?? 0..<0).count > 1
    // A query in brackets of which a part is not told would be another question.
    let inners = (parser.position + 1..<parser.limit).compactMap { parser.subQuery(at: $0) }.filter {
      !$0.isWhole
    }
    let joined = "Two tables are put together by a key that they share: a | join b on key."
    let pipeline = tables.withoutAliases(stages.joined(separator: " | "))
    // What SQL alone can say would stand in it as it was.
    let isReadable = Parser.isReadable(pipeline) && !pipeline.lowercased().contains(" within group (")
    let hints =
      parser.hints() + (parser.hasDayAsEnd() ? [Self.wholeDays] : []) + others
      + inners.flatMap(\.hints) + (isList ? [joined] : [])
    return Parser.QueryParts(
      pipeline: pipeline, isExact: isExact(tables),
      hints: hints.isEmpty && !isReadable ? [Self.stageForEach] : hints,
      isWhole: isReadable && others.isEmpty && inners.isEmpty && !isList
        && !(parser.position..<parser.limit).contains { parser.isWord("exists", at: $0) })
  }

  private static let stageForEach =
    "A stage for each clause: t | filter condition | aggregate n = count() by key | sort n desc | take 5"

  private static let wholeDays =
    "A day beside a datetime holds all its times here: <= 2025-01-31 takes the whole 31st; datetime(2025-01-31) is its midnight."

  private func joins(_ tables: inout QueryTables) -> [String] {
    clauses.indices.filter { clauses[$0].word == "join" }.map { index in
      let place = clauses[index].index
      let end = clauses.indices.contains(index + 1) ? clauses[index + 1].index : parser.limit
      return tables.join(parser.words(place + 1, end), kind: parser.joinKind(before: place))
    }
  }

  /// Which rows are taken.
  private var rows: [String] { clause("where").map { ["filter \($0)"] } ?? [] }

  private var order: String? {
    tokens(of: "order", skipping: 2).map { list.order(parser.items($0).map(\.value)) }
  }

  private var having: String? { clause("having").map { "filter \(list.replaced($0))" } }

  private var keys: (names: [String], totals: Bool)? {
    tokens(of: "group", skipping: 2).map { QueryItems.keys(parser.items($0).map(\.value)) }
  }

  /// What is made of the rows: groups, one row of all, or the rows with some columns.
  private var results: [String] {
    if let keys {
      let grouped = list.grouped(by: keys.names) + (keys.totals ? " with totals" : "")
      return [grouped] + [having, order, list.dropped].compactMap(\.self)
    }
    if list.hasAggregate { return ["aggregate \(list.written)"] + [having, list.dropped].compactMap(\.self) }
    guard case .first(let keys) = kept else { return [order].compactMap(\.self) + columns }
    // The keys may stand in the order, too: rows come out by them either way.
    let own = tokens(of: "order", skipping: 2).map { parser.items($0).map(\.value) } ?? []
    let within = own.filter { item in !keys.contains { item == $0 || item.hasPrefix($0 + " ") } }
    let first = "take 1 by \(keys.joined(separator: ", "))"
    return [first + (within.isEmpty ? "" : " \(list.order(within))")] + columns
  }

  private var columns: [String] {
    let isDistinct = if case .distinct = kept { true } else { false }
    if let further = list.besideAll {
      // `select *, los_hours / 24 as days`: all columns stay.
      return (further.isEmpty ? [] : ["derive \(further)"]) + (isDistinct ? ["distinct"] : [])
    }
    if list.written == "*" { return [] }
    return ["\(isDistinct ? "distinct" : "select") \(list.written)"]
  }

  /// How many rows stay, and which of them.
  private var cut: [String] {
    var stages: [String] = []
    // `offset 5 rows`
    if let count = clause("offset")?.split(separator: " ").first { stages.append("skip \(count)") }
    if let count = clause("limit") ?? parser.fetched(tokens(of: "fetch")) ?? top?.count {
      // `limit 10, 5`: how many are left out, and how many stay.
      let parts = count.split(separator: ",").map { $0.filter { $0 != " " } }
      stages.append(parts.count == 2 ? "skip \(parts[0]) | take \(parts[1])" : "take \(count)")
    }
    return stages
  }

  // MARK: What the pipeline does not say

  /// What comes near to clauses that no stage says in the same way.
  private var untold: [String] {
    var found = clauses.filter { $0.index > from }.compactMap { Parser.untranslated[$0.word] }
    found += parser.windows()
    if let keys, keys.totals, keys.names.count > 1 {
      // One total is made, and no sums of parts between.
      found.append(
        "One total of all: aggregate … by a, b with totals; the sums of parts are queries of their own.")
    } else if let keys,
      keys.names.contains(where: { $0.lowercased().hasPrefix("grouping ") || $0.contains("(") && keys.totals }
      )
    {
      found.append("Each grouping is a query of its own: | aggregate n = count() by a, then | append other.")
    }
    if top?.isShare == true {
      found.append("So many rows: | take 100; no stage takes a share of them in their order.")
    }
    return found
  }

  private func isExact(_ tables: QueryTables) -> Bool {
    inner == nil && tables.isPlain && top == nil && !list.hasAggregate
      && !clauses.contains { ["join", "union", "having", "group", "offset", "fetch"].contains($0.word) }
  }
}

extension Parser {
  /// `with a as (select …), b as (select …) select …`: the tables that it names, and the pipeline of the last query.
  func namedQueries() -> QueryParts? {
    guard isWord("with", at: position) else { return nil }
    var parts: [QueryParts] = []
    var lets: [String] = []
    var place = position + 1
    while token(at: place).kind == .name, isWord("as", at: place + 1), let query = subQuery(at: place + 2),
      let close = partner(of: place + 2)
    {
      lets.append("let \(text(token(at: place))) = \(query.pipeline); ")
      parts.append(query)
      place = close + 2
      if token(at: close + 1).symbol != .comma { break }
    }
    var last = self
    last.position = place - 1
    guard !lets.isEmpty, isWord("select", at: last.position), let query = last.queryParts() else {
      return nil
    }
    parts.append(query)
    return QueryParts(
      pipeline: lets.joined() + query.pipeline, isExact: false, hints: parts.flatMap(\.hints),
      isWhole: parts.allSatisfy(\.isWhole))
  }

  /// `top 5`, `top (5)`, `top 10 percent`, `top 5 with ties` behind `select`, and the place of what follows.
  fileprivate func topCount() -> (count: String, isShare: Bool, next: Int)? {
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
  fileprivate func windows() -> [String] {
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
      let result =
        isWord("as", at: close + 1) && token(at: close + 2).kind == .name ? text(token(at: close + 2)) : "x"
      let name = text(token(at: open - 1)).lowercased()
      var function = name == "avg" ? "mean" : name
      let order = part("order").map { QueryItems([]).order($0.split(separator: ",").map(String.init)) }
      if order != nil, ["sum", "mean", "min", "max", "count"].contains(function) {
        function = "running_" + function
      }
      let arguments = token(at: open + 1).symbol == .times ? "" : words(open + 1, index - 1)
      return "A function over rows stands in derive: | derive \(result) = \(function)(\(arguments))"
        + (part("partition").map { " by \($0)" } ?? "") + (order.map { " \($0)" } ?? "")
    }
  }

  /// Clauses that no stage says in the same way, with what comes near; a translation without them would be another
  /// question.
  fileprivate static let untranslated = [
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
  fileprivate func isClause(_ word: String, at index: Int) -> Bool {
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
  fileprivate func fetched(_ tokens: Range<Int>?) -> String? {
    guard let tokens else { return nil }
    // `fetch first row only`
    return tokens.first { token(at: $0).kind == .int }.map { text(token(at: $0)) } ?? "1"
  }

  fileprivate func hints() -> [String] {
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

  /// Whether a day in quotes is the upper end of a comparison, or what something equals.
  fileprivate func hasDayAsEnd() -> Bool {
    (position..<limit).contains { index in
      guard let day = quotedMoment(at: index), !day.contains("T") else { return false }
      let sign =
        token(at: index - 1).symbol ?? (isForeignPrefix(at: index - 1) ? token(at: index - 2).symbol : nil)
      return [.lessOrEqual, .greater, .assign, .equal].contains(sign) || isWord("and", at: index - 1)
    }
  }

  /// `left` of `left join` and `left outer join`; nil for an inner join, which needs no word here.
  fileprivate func joinKind(before index: Int) -> String? {
    let place = isWord("outer", at: index - 1) ? index - 2 : index - 1
    return ["left", "right", "full"].first { isWord($0, at: place) }
  }
}
