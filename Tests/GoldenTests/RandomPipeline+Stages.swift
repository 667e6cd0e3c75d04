/// More stages: keys and orders that are expressions, text with an order, windows, joins of several kinds.
extension RandomPipeline {
  mutating func addMore(_ draws: inout Draws) {
    switch draws.below(20) {
    case 0, 1: selectExpressions(&draws)
    case 2: rename(&draws)
    case 3: sortByExpression(&draws)
    case 4, 5: aggregateByExpression(&draws)
    case 6, 7, 8: neighbours(&draws)
    case 9: filterByWindow(&draws)
    case 10, 11: broadcast(&draws)
    case 12: countAll(&draws)
    case 13: split(&draws)
    case 14: appendOthers(&draws)
    case 15, 16: joinOnKeys(&draws)
    case 17: joinOnCondition(&draws)
    case 18: byOwnOrder(&draws)
    default: distinctRows(&draws)
    }
  }

  private mutating func selectExpressions(_ draws: inout Draws) {
    let kept = columns.filter { _ in draws.chance(60) }
    let expression = maker.make(draws.one(of: Kind.allCases), depth: 2, &draws)
    let name = newName()
    let first = kept.isEmpty ? "" : list(kept) + ", "
    step(
      "select \(first)\(name) = \(expression.rounds)",
      "select _o, \(first)\(expression.sql) as \(name) from \(source)")
    columns = kept + [RandomColumn(name: name, kind: expression.kind, exactness: expression.exactness)]
  }

  private mutating func rename(_ draws: inout Draws) {
    let index = draws.below(columns.count)
    let (old, new) = (columns[index].name, newName())
    step("rename \(new) = \(old)", "select * rename (\(old) as \(new)) from \(source)")
    columns[index].name = new
  }

  private mutating func sortByExpression(_ draws: inout Draws) {
    let first = maker.make(draws.one(of: [.int, .text, .date, .bool, .duration]), depth: 2, &draws)
    let second = maker.leaf(draws.one(of: Kind.allCases), &draws)
    let falls = draws.chance(50)
    step(
      "sort (\(first.rounds)) \(falls ? "desc" : "asc"), (\(second.rounds))",
      "select * replace (row_number() over (order by \(ordinal(first.sql))\(falls ? " desc" : "") nulls last, \(ordinal(second.sql)) nulls last, _o) as _o) from \(source)"
    )
  }

  /// A number alone would be a column's position to SQL.
  private func ordinal(_ sql: String) -> String { "coalesce(\(sql), null)" }

  private mutating func aggregateByExpression(_ draws: inout Draws) {
    let key = maker.make(draws.one(of: [.int, .text, .date, .bool, .duration]), depth: 2, &draws)
    let name = newName()
    let inner = "select *, \(key.sql) as \(name) from \(source)"
    var items: [String] = []
    var values: [String] = []
    var made = [RandomColumn(name: name, kind: key.kind)]
    for _ in 0...draws.below(2) {
      let (rounds, sql, column) = statistic(&draws)
      items.append("\(column.name) = \(rounds)")
      values.append("\(sql) as \(column.name)")
      made.append(column)
    }
    columns = made
    step(
      "aggregate \(items.joined(separator: ", ")) by \(name) = \(key.rounds)",
      "select row_number() over (order by \(name) nulls last) as _o, * from (select \(name), \(values.joined(separator: ", ")) from (\(inner)) group by \(name))"
    )
  }

  /// An aggregate that the plain draw does not have.
  private mutating func statistic(_ draws: inout Draws) -> (String, String, RandomColumn) {
    let number = maker.leaf(.int, &draws)
    let other = maker.leaf(.int, &draws)
    let text = maker.leaf(.text, &draws)
    let time = maker.leaf(.duration, &draws)
    let (r, s) = (number.rounds, number.sql)
    func column(_ kind: Kind, _ exactness: RandomColumn.Exactness = .near) -> RandomColumn {
      RandomColumn(name: newName(), kind: kind, exactness: exactness)
    }
    switch draws.below(9) {
    case 0: return ("range(\(r))", "(max(\(s)) - min(\(s)))", column(.int, .dyadic))
    case 1: return ("variance(\(r))", "var_samp(\(s))", column(.float))
    case 2:
      let p = draws.one(of: [0, 10, 25, 50, 90, 100])
      return ("percentile(\(r), \(p))", "quantile_cont((\(s))::double, \(Double(p) / 100))", column(.float))
    case 3:
      return (
        "text_join(\(text.rounds), \"|\")", "string_agg(\(text.sql), '|' order by _o)", column(.text, .dyadic)
      )
    case 4: return ("slope(\(r), \(other.rounds))", "regr_slope(\(s), \(other.sql))", column(.float))
    case 5: return ("sum(\(time.rounds))", "(sum(\(time.sql)))::bigint", column(.duration, .dyadic))
    case 6: return ("max(\(time.rounds))", "max(\(time.sql))", column(.duration, .dyadic))
    case 7:
      // The commonest, the smallest of several.
      return (
        "mode(\(text.rounds))",
        "list_min(list_filter(list_distinct(list(\(text.sql))), lambda x: len(list_filter(list(\(text.sql)), lambda y: y = x)) = list_max(list_transform(list(\(text.sql)), lambda z: len(list_filter(list(\(text.sql)), lambda y: y = z))))))",
        column(.text, .dyadic)
      )
    default: return ("count_distinct(\(time.rounds))", "count(distinct \(time.sql))", column(.int, .dyadic))
    }
  }

  /// Windows over the rows around.
  private mutating func neighbours(_ draws: inout Draws) {
    let keys = keys(&draws, upTo: 2)
    let order = order(&draws, upTo: 2)
    let over =
      "partition by \((keys.map(\.name) + ["1 = 1"]).joined(separator: ", ")) order by \(ordered(order.sql))"
    let number = maker.column(.int, &draws) ?? maker.literal(.int, &draws)
    let (r, s) = (number.rounds, number.sql)
    let size = draws.below(3) + 2
    let rolling = "over (\(over) rows \(size - 1) preceding)"
    let full = "row_number() over (\(over)) >= \(size)"
    let made: RandomExpression
    switch draws.below(11) {
    case 0:
      made = .init(rounds: "difference(\(r))", sql: "(\(s) - lag(\(s)) over (\(over)))", kind: .int)
    case 1:
      made = .init(
        rounds: "running_mean(\(r))", sql: "avg(\(s)) over (\(over) rows unbounded preceding)", kind: .float,
        exactness: .near)
    case 2:
      made = .init(
        rounds: "rolling_sum(\(r), \(size))",
        sql: "(case when \(full) then (sum(\(s)) \(rolling))::bigint end)", kind: .int)
    case 3:
      made = .init(
        rounds: "rolling_mean(\(r), \(size))", sql: "(case when \(full) then avg(\(s)) \(rolling) end)",
        kind: .float,
        exactness: .near)
    case 4:
      let spare = maker.literal(.int, &draws)
      made = .init(
        rounds: "lag(\(r), \(size), \(spare.rounds))", sql: "lag(\(s), \(size), \(spare.sql)) over (\(over))",
        kind: .int)
    case 5:
      let time = maker.leaf(.datetime, &draws)
      made = .init(
        rounds: "difference(\(time.rounds))",
        sql: "(epoch_us(\(time.sql)) - lag(epoch_us(\(time.sql))) over (\(over)))", kind: .duration)
    case 6:
      let time = maker.leaf(.duration, &draws)
      made = .init(
        rounds: "running_sum(\(time.rounds))",
        sql: "(sum(\(time.sql)) over (\(over) rows unbounded preceding))::bigint", kind: .duration)
    case 7:
      made = .init(
        rounds: "running_max(\(r))", sql: "max(\(s)) over (\(over) rows unbounded preceding)", kind: .int)
    case 8:
      let time = maker.leaf(.datetime, &draws)
      made = .init(
        rounds: "running_min(\(time.rounds))",
        sql: "min(\(time.sql)) over (\(over) rows unbounded preceding)", kind: .datetime)
    case 9:
      made = .init(
        rounds: "rolling_min(\(r), \(size))",
        sql: "(case when \(full) then min(\(s)) \(rolling) end)", kind: .int)
    default:
      made = .init(
        rounds: "(row_number() + running_count())",
        sql: "(2 * row_number() over (\(over)))", kind: .int)
    }
    let item = put(made, replacing: false, &draws)
    let last = queries.removeLast()
    step("derive \(item)\(by(keys))\(order.rounds.isEmpty ? "" : " sort " + order.rounds)", last)
  }

  private mutating func filterByWindow(_ draws: inout Draws) {
    let keys = keys(&draws, upTo: 2)
    let order = order(&draws, upTo: 2)
    let over = "over (\(parted(keys))order by \(ordered(order.sql)))"
    let sorted = order.rounds.isEmpty ? "" : " sort " + order.rounds
    let any = maker.leaf(draws.one(of: Kind.allCases), &draws)
    let (condition, sql) = draws.one(of: [
      ("row_number() <= 2", "row_number() \(over) <= 2"),
      ("lag(\(any.rounds)) is missing", "lag(\(any.sql)) \(over) is null"),
      (
        "row_number() % 2 == 1 and count() > 1",
        "row_number() \(over) % 2 = 1 and count(*) over (\(parted(keys))) > 1"
      ),
    ])
    step("filter \(condition)\(by(keys))\(sorted)", "select * from \(source) qualify \(sql)")
  }

  /// An aggregate for every row of its group.
  private mutating func broadcast(_ draws: inout Draws) {
    let keys = keys(&draws, upTo: 2)
    let number = maker.column(.int, &draws) ?? maker.literal(.int, &draws)
    let limit = maker.condition(1, &draws)
    let (r, s) = (number.rounds, number.sql)
    let over = "filter (where \(limit.sql)) over (\(parted(keys)))"
    let made: RandomExpression
    switch draws.below(6) {
    case 0:
      made = .init(
        rounds: "sum(\(r), where: \(limit.rounds))", sql: "(sum(\(s)) \(over))::bigint", kind: .int)
    case 1: made = .init(rounds: "count(where: \(limit.rounds))", sql: "count(*) \(over)", kind: .int)
    case 2: made = .init(rounds: "max(\(r), where: \(limit.rounds))", sql: "max(\(s)) \(over)", kind: .int)
    case 3:
      made = .init(
        rounds: "\(r) - mean(\(r), where: \(limit.rounds))", sql: "(\(s) - avg(\(s)) \(over))", kind: .float,
        exactness: .near)
    case 4:
      made = .init(rounds: "\(r) == min(\(r))", sql: "(\(s) = min(\(s)) over (\(parted(keys))))", kind: .bool)
    default:
      let text = maker.leaf(.text, &draws)
      made = .init(
        rounds: "count_distinct(\(text.rounds))", sql: "count(distinct \(text.sql)) over (\(parted(keys)))",
        kind: .int)
    }
    let item = put(made, replacing: false, &draws)
    let last = queries.removeLast()
    step("derive \(item)\(by(keys))", last)
  }

  private mutating func countAll(_ draws: inout Draws) {
    guard draws.chance(40) else { return }
    columns = [RandomColumn(name: "n", kind: .int)]
    step("count\n| select n", "select 1 as _o, count(*) as n from \(source)")
  }

  private mutating func distinctRows(_ draws: inout Draws) {
    guard columns.allSatisfy({ $0.exactness < .near }) else { return }
    step("distinct", "select min(_o) as _o, \(list(columns)) from \(source) group by all")
  }

  private mutating func split(_ draws: inout Draws) {
    guard let column = maker.column(.text, &draws) else { return }
    let separator = draws.one(of: ["-", " ", "b"])
    let others = columns.filter { $0.name != column.sql }.map(\.name)
    let parts = "coalesce(string_split(\(column.sql), '\(separator)'), [null])"
    let rows =
      "select _o, \((others + ["unnest(\(parts)) as \(column.sql)", "unnest(range(len(\(parts)))) as _p"]).joined(separator: ", ")) from \(source)"
    let shown = columns.map { $0.name == column.sql ? "nullif(trim(\($0.name)), '') as \($0.name)" : $0.name }
    step(
      "split \(column.rounds) on \"\(separator)\"",
      "select row_number() over (order by _o, _p) as _o, \(shown.joined(separator: ", ")) from (\(rows))")
  }

  /// Columns that the other side has and this one does not.
  private mutating func appendOthers(_ draws: inout Draws) {
    guard !hasJoined else { return }
    hasJoined = true
    let name = newName()
    let shared = columns.first { $0.kind == .float && $0.exactness == .dyadic }
    let widened = shared.map { ", \($0.name) = i" } ?? ""
    let other = columns.map { column in
      column.name == shared?.name ? "i::double as \(column.name)" : "null as \(column.name)"
    }
    let own = columns.map(\.name)
    step(
      "append (b | select v, \(name) = w\(widened))",
      """
      select row_number() over (order by _h, _o) as _o, \((own + ["v", name]).joined(separator: ", ")) from
      (select 1 as _h, _o, \((own + ["null as v", "null as \(name)"]).joined(separator: ", ")) from \(source)
       union all select 2, _o, \((other + ["v", "w as \(name)"]).joined(separator: ", ")) from b)
      """)
    columns += [RandomColumn(name: "v", kind: .int), RandomColumn(name: name, kind: .text)]
  }

  private mutating func joinOnKeys(_ draws: inout Draws) {
    let able = columns.filter { column in
      ["i", "t", "d"].contains(column.name) && column.exactness == .dyadic
        && RandomTable.other.contains { $0.name == column.name && $0.kind == column.kind }
    }
    guard !hasJoined, able.count >= 2 else { return }
    hasJoined = true
    let keys = draws.chance(60) ? Array(able.prefix(2)) : able
    let kind = draws.one(of: ["", "left", "right", "full", "semi", "anti"])
    let limits = ["", "left", "semi", "anti"].contains(kind) && draws.chance(40)
    let number = maker.leaf(.int, &draws)
    let on = keys.map { "l.\($0.name) = r.\($0.name)" }.joined(separator: " and ")
    let also = limits ? " and r.v > \(number.sql.hasPrefix("(") ? number.sql : "l." + number.sql)" : ""
    let stage =
      "join \(kind) (b | select \(list(keys)), v, w) as r on \(limits ? keys.map(\.name).joined(separator: " and ") + " and r.v > \(number.rounds)" : list(keys))"
    if kind == "semi" || kind == "anti" {
      let no = kind == "anti" ? "not " : ""
      step(stage, "select * from \(source) l where \(no)exists (select 1 from b r where \(on)\(also))")
      return
    }
    let own = columns.map { column in
      keys.contains { $0.name == column.name }
        ? "coalesce(l.\(column.name), r.\(column.name)) as \(column.name)" : "l." + column.name
    }
    step(
      stage,
      """
      select row_number() over (order by l._o nulls last, r._o) as _o, \(own.joined(separator: ", ")), r.v, r.w
      from \(source) l \(kind.isEmpty ? "inner" : kind) join b r on \(on)\(also)
      """)
    columns += [RandomColumn(name: "v", kind: .int), RandomColumn(name: "w", kind: .text)]
  }

  /// A join whose sides have their own names, and one without any equality.
  private mutating func joinOnCondition(_ draws: inout Draws) {
    guard !hasJoined, let column = maker.column(.int, &draws), column.exactness == .dyadic,
      !columns.contains(where: { ["v", "w"].contains($0.name) })
    else { return }
    hasJoined = true
    let sign = draws.one(of: ["==", "<", ">="])
    let kind = draws.one(of: ["", "left", "semi", "anti"])
    let stage = "join \(kind) (b | select v, w) as r on \(column.rounds) \(sign) r.v"
    let on = "l.\(column.sql) \(sign == "==" ? "=" : sign) r.v"
    if kind == "semi" || kind == "anti" {
      step(
        stage,
        "select * from \(source) l where \(kind == "anti" ? "not " : "")exists (select 1 from b r where \(on))"
      )
      return
    }
    step(
      stage,
      """
      select row_number() over (order by l._o, r._o) as _o, \(list(columns.map { RandomColumn(name: "l." + $0.name, kind: $0.kind) })), r.v, r.w
      from \(source) l \(kind.isEmpty ? "inner" : kind) join b r on \(on)
      """)
    columns += [RandomColumn(name: "v", kind: .int), RandomColumn(name: "w", kind: .text)]
  }

  /// Text with an order of its own: sorts, groups and has extremes by it.
  private mutating func byOwnOrder(_ draws: inout Draws) {
    guard let text = maker.column(.text, &draws) else { return }
    let words = ["zeta", "a", "ab", "B", "b"]
    let ordered = "ordered(\(text.rounds), \(words.map { "\"\($0)\"" }.joined(separator: ", ")))"
    let place =
      "(case when \(text.sql) is null then null else coalesce(list_position([\(words.map { "'\($0)'" }.joined(separator: ", "))], \(text.sql)), 99) end)"
    switch draws.below(4) {
    case 3:
      // Words that are not listed are neither more nor less than one that is.
      let sign = draws.one(of: ["<", "<=", ">", ">="])
      let word = draws.below(words.count)
      let listed =
        "nullif(list_position([\(words.map { "'\($0)'" }.joined(separator: ", "))], \(text.sql)), 0)"
      let turned = draws.chance(30)
      step(
        "filter \(turned ? "not " : "")(\(ordered) \(sign) \"\(words[word])\")",
        "select * from \(source) where \(turned ? "not " : "")(\(listed) \(sign) \(word + 1))")
    case 0:
      let falls = draws.chance(40)
      // Words that are not listed come behind in an order of their own.
      step(
        "filter \(text.rounds) in [\(words.map { "\"\($0)\"" }.joined(separator: ", "))]\n| sort \(ordered) \(falls ? "desc" : "asc")",
        "select * replace (row_number() over (order by \(place)\(falls ? " desc" : "") nulls last, _o) as _o) from \(source) where \(place) < 99"
      )
    case 1:
      let (key, name) = (newName(), newName())
      columns = [RandomColumn(name: key, kind: .text), RandomColumn(name: name, kind: .int)]
      step(
        "filter \(text.rounds) in [\(words.map { "\"\($0)\"" }.joined(separator: ", "))] or \(text.rounds) is missing\n| aggregate \(name) = count() by \(key) = \(ordered)\n| derive \(key) = text(\(key))",
        "select row_number() over (order by p nulls last) as _o, k as \(key), n as \(name) from (select \(place) as p, \(text.sql) as k, count(*) as n from \(source) where \(place) < 99 or \(text.sql) is null group by all)"
      )
    default:
      let (least, greatest) = (newName(), newName())
      columns = [RandomColumn(name: least, kind: .text), RandomColumn(name: greatest, kind: .text)]
      step(
        "filter \(text.rounds) in [\(words.map { "\"\($0)\"" }.joined(separator: ", "))]\n| derive _k = \(ordered)\n| aggregate \(least) = min(_k), \(greatest) = max(_k)\n| derive \(least) = text(\(least)), \(greatest) = text(\(greatest))",
        "select 1 as _o, arg_min(\(text.sql), \(place)) as \(least), arg_max(\(text.sql), \(place)) as \(greatest) from \(source) where \(place) < 99"
      )
    }
  }

  /// The last stage of a pipeline: nothing may stand behind totals.
  mutating func totals(_ draws: inout Draws) {
    guard let key = maker.column(.text, &draws), let number = maker.column(.int, &draws),
      number.exactness == .dyadic
    else { return }
    let (sum, most) = (newName(), newName())
    let values = "(sum(\(number.sql)))::bigint as \(sum), max(\(number.sql)) as \(most)"
    step(
      "aggregate \(sum) = sum(\(number.rounds)), \(most) = max(\(number.rounds)) by \(key.rounds) with totals",
      """
      select row_number() over (order by _h, \(key.sql) nulls last) as _o, * exclude (_h) from
      (select 1 as _h, \(key.sql), \(values) from \(source) group by \(key.sql)
       union all select 2, null, \(values) from \(source))
      """)
    columns = [
      RandomColumn(name: key.sql, kind: .text), RandomColumn(name: sum, kind: .int),
      RandomColumn(name: most, kind: .int),
    ]
  }
}
