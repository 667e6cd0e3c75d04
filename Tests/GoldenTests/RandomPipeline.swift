/// A pipeline in both languages. In SQL every stage is a query of its own with the order of its rows in `_o`.
struct RandomPipeline {
  var stages: [String] = []
  var queries: [String] = []
  var columns: [RandomColumn]
  var hasJoined = false
  var named = 0

  /// The stages behind the source.
  var rounds: String { stages.map { "\n| \($0)" }.joined() }

  /// A query over a table `a`, in the order of the pipeline.
  var sql: String {
    let parts = queries.enumerated().map { "s\($0) as (\($1))" }.joined(separator: ",\n")
    let shown = columns.map { $0.kind == .duration ? "\($0.name) / 1000000.0 as \($0.name)" : $0.name }
    return "with \(parts)\nselect \(shown.joined(separator: ", ")) from s\(queries.count - 1) order by _o"
  }

  init(_ draws: inout Draws, stages count: Int) {
    columns = RandomTable.main
    queries = ["select * from a"]
    for _ in 0..<count { if draws.chance(60) { add(&draws) } else { addMore(&draws) } }
    if draws.chance(6) { totals(&draws) }
  }

  var source: String { "s\(queries.count - 1)" }
  var maker: ExpressionMaker { ExpressionMaker(columns: columns) }

  func list(_ columns: [RandomColumn], from table: String? = nil) -> String {
    columns.map { (table.map { $0 + "." } ?? "") + $0.name }.joined(separator: ", ")
  }

  mutating func step(_ stage: String, _ query: String) {
    stages.append(stage)
    queries.append(query)
  }

  mutating func newName() -> String {
    named += 1
    return "x\(named)"
  }

  private mutating func add(_ draws: inout Draws) {
    switch draws.below(26) {
    case 0, 1: filter(&draws)
    case 2, 3: derive(&draws)
    case 4, 5: window(&draws)
    case 6: select(&draws)
    case 7: sort(&draws)
    case 8, 9: take(&draws)
    case 10: top(&draws)
    case 11: distinct(&draws)
    case 12: count(&draws)
    case 13, 14, 15: aggregate(&draws)
    case 16, 17: join(&draws)
    case 18: append(&draws)
    case 19, 20: joinByRange(&draws)
    case 21: nearest(&draws)
    case 22: pivot(&draws)
    case 23: unpivot(&draws)
    default: fill(&draws)
    }
  }

  // MARK: Parts

  /// Columns that may be keys: what the engines agree on exactly.
  func keys(_ draws: inout Draws, upTo: Int) -> [RandomColumn] {
    let able = columns.filter { $0.exactness < .near }
    var chosen: [RandomColumn] = []
    for _ in 0..<draws.below(upTo + 1) where !able.isEmpty {
      let column = draws.one(of: able)
      if !chosen.contains(where: { $0.name == column.name }) { chosen.append(column) }
    }
    return chosen
  }

  /// An order in both languages; a pair of empty texts for none.
  func order(_ draws: inout Draws, upTo: Int) -> (rounds: String, sql: String) {
    let parts = keys(&draws, upTo: upTo).map { column -> (String, String) in
      let falls = draws.chance(40)
      return ((falls ? "-" : "") + column.name, "\(column.name)\(falls ? " desc" : "") nulls last")
    }
    return (parts.map(\.0).joined(separator: ", "), parts.map(\.1).joined(separator: ", "))
  }

  func ordered(_ sql: String) -> String { sql.isEmpty ? "_o" : sql + ", _o" }

  func by(_ keys: [RandomColumn]) -> String { keys.isEmpty ? "" : " by " + list(keys) }

  func parted(_ keys: [RandomColumn]) -> String {
    keys.isEmpty ? "" : "partition by \(list(keys)) "
  }

  func byKeys(_ keys: [RandomColumn]) -> String {
    keys.map { $0.name + " nulls last, " }.joined()
  }

  // MARK: Stages

  private mutating func filter(_ draws: inout Draws) {
    if draws.chance(25), let column = maker.column(.int, &draws), column.exactness == .dyadic {
      let keys = keys(&draws, upTo: 2)
      step(
        "filter \(column.rounds) >= mean(\(column.rounds))\(by(keys))",
        "select * exclude (_w) from (select *, avg(\(column.sql)) over (\(parted(keys))) _w from \(source)) where \(column.sql) >= _w"
      )
      return
    }
    let condition = maker.condition(2, &draws)
    step("filter \(condition.rounds)", "select * from \(source) where \(condition.sql)")
  }

  private mutating func derive(_ draws: inout Draws) {
    var items: [String] = []
    let replaces = draws.chance(40)
    var last: RandomExpression?
    for index in 0...draws.below(2) {
      var expression = maker.make(draws.one(of: Kind.allCases), depth: 3, &draws)
      // The same calculation again, which the optimiser makes once.
      if let last, !replaces, draws.chance(40) { expression = maker.repeated(last, &draws) }
      last = expression
      items.append(put(expression, replacing: replaces && index == 0, &draws))
    }
    stages.append("derive " + items.joined(separator: ", "))
  }

  /// Adds a column, or puts it in the place of another, and gives the item that does so.
  mutating func put(
    _ expression: RandomExpression, replacing: Bool, _ draws: inout Draws
  ) -> String {
    let place = replacing ? columns.indices.filter { columns[$0].name.count == 1 }.randomElement(&draws) : nil
    let name = place.map { columns[$0].name } ?? newName()
    let column = RandomColumn(name: name, kind: expression.kind, exactness: expression.exactness)
    if let place {
      queries.append("select * replace (\(expression.sql) as \(name)) from \(source)")
      columns[place] = column
    } else {
      queries.append("select *, \(expression.sql) as \(name) from \(source)")
      columns.append(column)
    }
    return "\(name) = \(expression.rounds)"
  }

  private mutating func window(_ draws: inout Draws) {
    let keys = keys(&draws, upTo: 2)
    let order = order(&draws, upTo: 2)
    let over = "over (\(parted(keys))order by \(ordered(order.sql)))"
    let running = "over (\(parted(keys))order by \(ordered(order.sql)) rows unbounded preceding)"
    let whole = "over (\(parted(keys)))"
    let peers = "over (\(parted(keys))order by \(order.sql))"
    let number = maker.column(.int, &draws) ?? maker.literal(.int, &draws)
    let any = maker.leaf(draws.one(of: Kind.allCases), &draws)
    let (r, s) = (number.rounds, number.sql)
    var made: RandomExpression
    switch draws.below(order.sql.isEmpty ? 8 : 11) {
    case 0: made = .init(rounds: "lag(\(any.rounds))", sql: "lag(\(any.sql)) \(over)", kind: any.kind)
    case 1: made = .init(rounds: "lead(\(any.rounds), 2)", sql: "lead(\(any.sql), 2) \(over)", kind: any.kind)
    case 2: made = .init(rounds: "running_sum(\(r))", sql: "(sum(\(s)) \(running))::bigint", kind: .int)
    case 3: made = .init(rounds: "running_count(\(r))", sql: "count(\(s)) \(running)", kind: .int)
    case 4: made = .init(rounds: "row_number()", sql: "row_number() \(over)", kind: .int)
    case 5:
      made = .init(
        rounds: "\(r) / sum(\(r))", sql: "((\(s))::double / nullif((sum(\(s)) \(whole))::double, 0))",
        kind: .float, exactness: .rounded)
    case 6: made = .init(rounds: "count()", sql: "count(*) \(whole)", kind: .int)
    case 7:
      made = .init(
        rounds: "last_known(\(any.rounds))", sql: "last_value(\(any.sql) ignore nulls) \(running)",
        kind: any.kind)
    case 8: made = .init(rounds: "rank()", sql: "rank() \(peers)", kind: .int)
    case 9: made = .init(rounds: "dense_rank()", sql: "dense_rank() \(peers)", kind: .int)
    default:
      made = .init(
        rounds: "percent_rank()", sql: "percent_rank() \(peers)", kind: .float, exactness: .rounded)
    }
    if made.exactness == .dyadic { made.exactness = max(number.exactness, any.exactness) }
    let item = put(made, replacing: false, &draws)
    let last = queries.removeLast()
    step("derive \(item)\(by(keys))\(order.rounds.isEmpty ? "" : " sort " + order.rounds)", last)
  }

  private mutating func select(_ draws: inout Draws) {
    let kept = columns.filter { _ in draws.chance(75) }
    guard !kept.isEmpty, kept.count < columns.count else { return }
    let dropped = columns.filter { column in !kept.contains { $0.name == column.name } }
    if draws.chance(50) {
      columns = draws.chance(50) ? kept : kept.reversed()
      step("select \(list(columns))", "select _o, \(list(columns)) from \(source)")
    } else {
      columns = kept
      step("drop \(list(dropped))", "select _o, \(list(columns)) from \(source)")
    }
  }

  private mutating func sort(_ draws: inout Draws) {
    let order = order(&draws, upTo: 3)
    guard !order.sql.isEmpty else { return }
    step(
      "sort \(order.rounds)",
      "select * replace (row_number() over (order by \(order.sql), _o) as _o) from \(source)")
  }

  private mutating func take(_ draws: inout Draws) {
    let keys = keys(&draws, upTo: 1)
    let order = order(&draws, upTo: 2)
    let count = draws.below(6)
    let verb = draws.one(of: ["take", "take", "skip"])
    let isLast = verb == "take" && draws.chance(25) && count > 0
    var inner = ordered(order.sql)
    // Rows come out by key and then in the order; without a key in the order alone.
    let place = "row_number() over (order by \(byKeys(keys))\(inner))"
    if isLast {
      inner = "_r desc"
    }
    let first = "select *, \(place) as _r from \(source)"
    let number = isLast ? "_r desc" : "_r"
    step(
      "\(verb) \(isLast ? "-" : "")\(count)\(by(keys))\(order.rounds.isEmpty ? "" : " sort " + order.rounds)",
      "select * exclude (_r) replace (_r as _o) from (\(first)) qualify row_number() over (\(parted(keys))order by \(number)) \(verb == "take" ? "<=" : ">") \(count)"
    )
  }

  private mutating func top(_ draws: inout Draws) {
    guard let column = maker.column(draws.one(of: [.int, .float, .date]), &draws) else { return }
    let keys = keys(&draws, upTo: 1)
    let count = draws.below(4) + 1
    let falls = draws.chance(70)
    let first =
      "select *, row_number() over (order by \(byKeys(keys))\(column.sql)\(falls ? " desc" : ""), _o) as _r from \(source) where \(column.sql) is not null"
    step(
      "top \(count) \(falls ? "" : "-")\(column.rounds)\(by(keys))",
      "select * exclude (_r) replace (_r as _o) from (\(first)) qualify row_number() over (\(parted(keys))order by _r) <= \(count)"
    )
  }

  private mutating func distinct(_ draws: inout Draws) {
    let keys = keys(&draws, upTo: 3)
    guard !keys.isEmpty else { return }
    columns = keys
    step("distinct \(list(keys))", "select min(_o) as _o, \(list(keys)) from \(source) group by all")
  }

  private mutating func count(_ draws: inout Draws) {
    let keys = keys(&draws, upTo: 2).filter { $0.name != "n" && $0.name != "percent" }
    guard !keys.isEmpty else { return }
    columns =
      keys + [
        RandomColumn(name: "n", kind: .int),
        RandomColumn(name: "percent", kind: .float, exactness: .near),
      ]
    step(
      "count by \(list(keys))",
      """
      select row_number() over (order by n desc, \(byKeys(keys)) n) as _o, *, 100.0 * n / sum(n) over () as percent
      from (select \(list(keys)), count(*) as n from \(source) group by all)
      """)
  }

  private mutating func aggregate(_ draws: inout Draws) {
    let keys = keys(&draws, upTo: 2)
    var made: [RandomColumn] = []
    var items: [String] = []
    var values: [String] = []
    var last: (value: RandomExpression, limit: RandomExpression?)?
    for _ in 0...draws.below(3) {
      let expression = aggregated(&last, &draws)
      let name = newName()
      items.append("\(name) = \(expression.rounds)")
      values.append("\(expression.sql) as \(name)")
      made.append(RandomColumn(name: name, kind: expression.kind, exactness: expression.exactness))
    }
    let selected = keys.map(\.name) + values
    let grouped = "select \(selected.joined(separator: ", ")) from \(source)"
    columns = keys + made
    step(
      "aggregate \(items.joined(separator: ", "))\(by(keys))",
      keys.isEmpty
        ? "select 1 as _o, * from (\(grouped))"
        : "select row_number() over (order by \(byKeys(keys)) 1) as _o, * from (\(grouped) group by \(list(keys)))"
    )
  }

  /// - Parameter last: what the call before took in, which this one may take in too.
  private func aggregated(
    _ last: inout (value: RandomExpression, limit: RandomExpression?)?, _ draws: inout Draws
  ) -> RandomExpression {
    var value = maker.make(draws.chance(60) ? .int : .float, depth: draws.chance(70) ? 1 : 2, &draws)
    let any = maker.leaf(draws.one(of: Kind.allCases), &draws)
    let condition = maker.condition(1, &draws)
    var limit = draws.chance(25) ? maker.condition(1, &draws) : nil
    if let last, draws.chance(30) { value = last.value }
    if let last, last.limit != nil, draws.chance(50) { limit = last.limit }
    last = (value, limit)
    func call(
      _ rounds: String, _ argument: RandomExpression?, _ sql: String, _ kind: Kind,
      _ exactness: RandomColumn.Exactness, cast: String = ""
    ) -> RandomExpression {
      let parts = [argument?.rounds, limit.map { "where: \($0.rounds)" }].compactMap { $0 }
      let filtered = sql + (limit.map { " filter (where \($0.sql))" } ?? "")
      return RandomExpression(
        rounds: "\(rounds)(\(parts.joined(separator: ", ")))",
        sql: cast.isEmpty ? filtered : "(\(filtered))\(cast)", kind: kind, exactness: exactness)
    }
    let summed = value.exactness == .dyadic ? RandomColumn.Exactness.dyadic : .near
    let quotient = value.exactness == .dyadic ? RandomColumn.Exactness.rounded : .near
    let isInt = value.kind == .int
    switch draws.below(14) {
    case 0: return call("count", nil, "count(*)", .int, .dyadic)
    case 1: return call("count", any, "count(\(any.sql))", .int, .dyadic)
    case 2: return call("count_distinct", any, "count(distinct \(any.sql))", .int, .dyadic)
    case 3, 4:
      return call(
        "sum", value, "sum(\(value.sql))", value.kind, summed, cast: isInt ? "::bigint" : "")
    case 5: return call("mean", value, "avg(\(value.sql))", .float, quotient)
    case 6: return call("median", value, "median(\(value.sql))", .float, max(value.exactness, .rounded))
    case 7: return call("min", any, "min(\(any.sql))", any.kind, any.exactness)
    case 8: return call("max", any, "max(\(any.sql))", any.kind, any.exactness)
    case 9: return call("stddev", value, "stddev_samp(\(value.sql))", .float, .near)
    case 10:
      return call("any", condition, "bool_or(\(condition.sql))", .bool, .dyadic).known("false")
    case 11:
      return call("all", condition, "bool_and(\(condition.sql))", .bool, .dyadic).known("true")
    case 12:
      return call("percent", condition, "100.0 * avg((\(condition.sql))::int)", .float, .near)
    default:
      let name = draws.one(of: ["first", "last"])
      return call(name, any, "\(name)(\(any.sql) order by _o)", any.kind, any.exactness)
    }
  }

  private mutating func join(_ draws: inout Draws) {
    let able = columns.filter { column in
      ["i", "t", "d"].contains(column.name) && column.exactness == .dyadic
        && RandomTable.other.contains { $0.name == column.name && $0.kind == column.kind }
    }
    guard !hasJoined, !able.isEmpty else { return }
    hasJoined = true
    let key = draws.one(of: able)
    let brought = [
      RandomColumn(name: "v", kind: .int), RandomColumn(name: "w", kind: .text),
    ]
    let kind = draws.one(of: ["", "left", "right", "full", "semi", "anti"])
    let right = "(b | select \(key.name), v, w)"
    let stage = "join \(kind.isEmpty ? "" : kind + " ")\(right) on \(key.name)"
    let on = "l.\(key.name) = r.\(key.name)"
    if kind == "semi" || kind == "anti" {
      let no = kind == "anti" ? "not " : ""
      step(stage, "select * from \(source) l where \(no)exists (select 1 from b r where \(on))")
      return
    }
    let own = columns.map { column in
      column.name == key.name ? "coalesce(l.\(key.name), r.\(key.name)) as \(key.name)" : "l." + column.name
    }
    step(
      stage,
      """
      select row_number() over (order by l._o nulls last, r._o) as _o, \(own.joined(separator: ", ")), r.v, r.w
      from \(source) l \(kind.isEmpty ? "inner" : kind) join b r on \(on)
      """)
    columns += brought
  }

  private mutating func joinByRange(_ draws: inout Draws) {
    guard !hasJoined, let column = maker.column(.int, &draws) else { return }
    hasJoined = true
    let kind = draws.one(of: ["", "left"])
    let also = columns.contains { $0.name == "u" && $0.kind == .text } && draws.chance(40)
    step(
      "join \(kind) (b | select v, w) as r on r.v between \(column.rounds) - 1 and \(column.rounds)\(also ? " and r.w != u" : "")",
      """
      select row_number() over (order by l._o, r._o) as _o, \(list(columns, from: "l")), r.v, r.w from \(source) l
      \(kind.isEmpty ? "inner" : kind) join b r on r.v between l.\(column.sql) - 1 and l.\(column.sql)\(also ? " and r.w != l.u" : "")
      """)
    columns += [RandomColumn(name: "v", kind: .int), RandomColumn(name: "w", kind: .text)]
  }

  private mutating func nearest(_ draws: inout Draws) {
    guard !hasJoined, let column = maker.column(.int, &draws) else { return }
    hasJoined = true
    let sign = draws.one(of: ["<=", "<", ">=", ">"])
    let key = columns.contains { $0.name == "t" && $0.kind == .text } && draws.chance(50)
    let condition = "r.v \(sign) l.\(column.sql)" + (key ? " and r.t = l.t" : "")
    step(
      "join asof (b | select \(key ? "t, " : "")v, w) as r on \(key ? "t and " : "")r.v \(sign) \(column.rounds)",
      """
      select l._o, \(list(columns, from: "l")), r.v, r.w from \(source) l left join b r on \(condition)
      qualify row_number() over (partition by l._o order by r.v\(sign.hasPrefix("<") ? " desc" : ""), r._o desc) = 1
      """)
    columns += [RandomColumn(name: "v", kind: .int), RandomColumn(name: "w", kind: .text)]
  }

  private mutating func pivot(_ draws: inout Draws) {
    guard let across = maker.column(.text, &draws), let value = maker.column(.int, &draws),
      value.exactness == .dyadic, !columns.contains(where: { $0.name.hasPrefix("p") })
    else { return }
    let keys = keys(&draws, upTo: 2).filter { $0.name != across.sql }
    guard !keys.isEmpty else { return }
    let words = [("a", "p1"), ("zeta", "p2"), ("nowhere", "p3")]
    let made = words.flatMap { word, name in
      [
        "count(*) filter (where \(across.sql) = '\(word)') as \(name)n",
        "(sum(\(value.sql)) filter (where \(across.sql) = '\(word)'))::bigint as \(name)s",
      ]
    }
    columns =
      keys
      + words.flatMap { _, name in
        [RandomColumn(name: name + "n", kind: .int), RandomColumn(name: name + "s", kind: .int)]
      }
    let renamed = words.map { "\($1)n = \($0)_n, \($1)s = \($0)_s" }.joined(separator: ", ")
    step(
      "pivot rows \(list(keys)) columns \(across.rounds) in [\"a\", \"zeta\", \"nowhere\"] values n = count(), s = sum(\(value.rounds))\n| rename \(renamed)",
      """
      select row_number() over (order by \(byKeys(keys)) 1) as _o, * from
      (select \(list(keys)), \(made.joined(separator: ", ")) from \(source) group by \(list(keys)))
      """)
  }

  private mutating func unpivot(_ draws: inout Draws) {
    let kind = draws.one(of: [Kind.int, .text])
    let turned = Array(columns.filter { $0.kind == kind && $0.exactness == .dyadic }.prefix(3))
    guard turned.count > 1, !columns.contains(where: { ["name", "value"].contains($0.name) }) else { return }
    let rest = columns.filter { column in !turned.contains { $0.name == column.name } }
    let parts = turned.enumerated().map { index, column in
      "select _o * 3 + \(index) as _o, \((rest.map(\.name) + ["'\(column.name)' as name", "\(column.name) as value"]).joined(separator: ", ")) from \(source)"
    }
    step("unpivot \(list(turned)) into name, value", parts.joined(separator: " union all "))
    columns = rest + [RandomColumn(name: "name", kind: .text), RandomColumn(name: "value", kind: kind)]
  }

  private mutating func fill(_ draws: inout Draws) {
    let kind = draws.one(of: [Kind.int, .text, .date])
    guard let column = maker.column(kind, &draws) else { return }
    if draws.chance(30) {
      let literal = maker.literal(kind, &draws)
      step(
        "fill \(column.rounds) with \(literal.rounds)",
        "select * replace (coalesce(\(column.sql), \(literal.sql)) as \(column.sql)) from \(source)")
      return
    }
    let keys = keys(&draws, upTo: 1).filter { $0.name != column.sql }
    let order = order(&draws, upTo: 1)
    step(
      "fill \(column.rounds) down\(by(keys))\(order.rounds.isEmpty ? "" : " sort " + order.rounds)",
      "select * replace (last_value(\(column.sql) ignore nulls) over (\(parted(keys))order by \(ordered(order.sql)) rows unbounded preceding) as \(column.sql)) from \(source)"
    )
  }

  private mutating func append(_ draws: inout Draws) {
    // Only what is in both tables and of one type may be appended.
    let common = columns.filter { column in
      RandomTable.other.contains { $0.name == column.name && $0.kind == column.kind }
    }
    guard !common.isEmpty else { return }
    let names = list(common)
    let other = columns.map { column in
      common.contains { $0.name == column.name } ? column.name : "null as \(column.name)"
    }
    step(
      "append (b | select \(names))",
      """
      select row_number() over (order by _h, _o) as _o, \(list(columns)) from
      (select 1 as _h, _o, \(list(columns)) from \(source) union all select 2, _o, \(other.joined(separator: ", ")) from b)
      """)
  }
}

extension RandomExpression {
  /// The same with a value where no row is known.
  fileprivate func known(_ word: String) -> RandomExpression {
    var changed = self
    changed.sql = "coalesce(\(sql), \(word))"
    return changed
  }
}

extension Array {
  fileprivate func randomElement(_ draws: inout Draws) -> Element? {
    isEmpty ? nil : self[draws.below(count)]
  }
}
