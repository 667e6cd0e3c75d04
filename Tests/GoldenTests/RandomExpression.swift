/// An expression in both languages.
struct RandomExpression {
  var rounds: String
  var sql: String
  var kind: Kind
  var exactness = RandomColumn.Exactness.dyadic
}

/// Makes expressions over some columns.
struct ExpressionMaker {
  var columns: [RandomColumn]

  func column(_ kind: Kind, _ draws: inout Draws) -> RandomExpression? {
    let fitting = columns.filter { $0.kind == kind && $0.exactness < .near }
    if fitting.isEmpty { return nil }
    let column = draws.one(of: fitting)
    return RandomExpression(
      rounds: column.name, sql: column.name, kind: kind, exactness: column.exactness)
  }

  func literal(_ kind: Kind, _ draws: inout Draws) -> RandomExpression {
    switch kind {
    case .int:
      let number = draws.below(9) - 3
      return RandomExpression(
        rounds: number < 0 ? "(\(number))" : "\(number)", sql: "(\(number))", kind: .int)
    case .float:
      let text = draws.one(of: ["0.5", "1.25", "3.0", "0.75"])
      return RandomExpression(rounds: text, sql: "(\(text)::double)", kind: .float)
    case .text:
      let word = draws.one(of: RandomTable.words)
      // A column's name in quotes is refused where it stands alone: brackets say that the text is meant.
      let rounds = word == "b" ? "(\"b\")" : "\"\(word)\""
      return RandomExpression(rounds: rounds, sql: "'\(word)'", kind: .text)
    case .bool:
      let word = draws.one(of: ["true", "false"])
      return RandomExpression(rounds: word, sql: word, kind: .bool)
    case .date:
      let word = draws.one(of: ["2024-10-04", "2024-10-20", "2025-01-31"])
      return RandomExpression(rounds: word, sql: "date '\(word)'", kind: .date)
    case .datetime:
      let word = draws.one(of: ["2024-10-04T00:00", "2025-03-01T12:30"])
      return RandomExpression(rounds: word, sql: "timestamp '\(word):00'", kind: .datetime)
    case .duration:
      let (word, hours) = draws.one(of: [("36h", 36), ("0h", 0), ("-7d", -168), ("400d", 9600)])
      return RandomExpression(
        rounds: hours < 0 ? "(\(word))" : word, sql: "(\(hours) * 3600000000)::bigint", kind: .duration)
    }
  }

  func leaf(_ kind: Kind, _ draws: inout Draws) -> RandomExpression {
    if draws.chance(80), let column = column(kind, &draws) { return column }
    return literal(kind, &draws)
  }

  func make(_ kind: Kind, depth: Int, _ draws: inout Draws) -> RandomExpression {
    if depth == 0 || draws.chance(25) { return leaf(kind, &draws) }
    if kind != .bool, draws.chance(15) { return choice(kind, depth, &draws) }
    if draws.chance(40), let more = more(kind, depth, &draws) { return more }
    switch kind {
    case .int: return int(depth, &draws)
    case .float: return float(depth, &draws)
    case .text: return text(depth, &draws)
    case .bool: return condition(depth, &draws)
    case .date: return date(depth, &draws)
    case .datetime: return datetime(depth, &draws)
    case .duration: return more(.duration, depth, &draws) ?? literal(.duration, &draws)
    }
  }

  /// An expression with another twice in it.
  func repeated(_ one: RandomExpression, _ draws: inout Draws) -> RandomExpression {
    let spare = literal(one.kind, &draws)
    let (rounds, sql) = (one.rounds, one.sql)
    if one.kind == .text {
      return RandomExpression(
        rounds: "text(if((\(rounds)) is missing, \(spare.rounds), \(rounds)))",
        sql: "(case when (\(sql)) is null then \(spare.sql) else \(sql) end)", kind: one.kind)
    }
    return RandomExpression(
      rounds: "case { (\(rounds)) is missing -> \(spare.rounds), else -> \(rounds) }",
      sql: "(case when (\(sql)) is null then \(spare.sql) else \(sql) end)", kind: one.kind,
      exactness: one.exactness)
  }

  private func choice(_ kind: Kind, _ depth: Int, _ draws: inout Draws) -> RandomExpression {
    let c = condition(depth - 1, &draws)
    let a = make(kind, depth: depth - 1, &draws)
    let b = make(kind, depth: depth - 1, &draws)
    let exactness = max(a.exactness, b.exactness)
    if draws.chance(30), let column = column(kind, &draws) {
      let spare = literal(kind, &draws)
      return RandomExpression(
        rounds: "(\(column.rounds) ?? \(spare.rounds))", sql: "coalesce(\(column.sql), \(spare.sql))",
        kind: kind, exactness: column.exactness)
    }
    if kind == .text {
      // Texts of a `case` of literals have an order of their own; `text` takes it away.
      return RandomExpression(
        rounds: "text(if(\(c.rounds), \(a.rounds), \(b.rounds)))",
        sql: "(case when \(c.sql) then \(a.sql) when not (\(c.sql)) then \(b.sql) end)", kind: kind)
    }
    return RandomExpression(
      rounds: "case { \(c.rounds) -> \(a.rounds), else -> \(b.rounds) }",
      sql: "(case when \(c.sql) then \(a.sql) when not (\(c.sql)) then \(b.sql) end)", kind: kind,
      exactness: exactness)
  }

  private func int(_ depth: Int, _ draws: inout Draws) -> RandomExpression {
    let a = make(.int, depth: depth - 1, &draws)
    let b = make(.int, depth: depth - 1, &draws)
    let (r, s) = (a.rounds, a.sql)
    let size = draws.below(5) + 2
    switch draws.below(9) {
    case 0: return RandomExpression(rounds: "(\(r) + \(b.rounds))", sql: "(\(s) + \(b.sql))", kind: .int)
    case 1: return RandomExpression(rounds: "(\(r) - \(b.rounds))", sql: "(\(s) - \(b.sql))", kind: .int)
    case 2: return RandomExpression(rounds: "(\(r) * 3)", sql: "(\(s) * 3)", kind: .int)
    case 3:
      return RandomExpression(
        rounds: "(\(r) // \(size))", sql: "floor((\(s)) / \(size).0::double)::bigint", kind: .int)
    case 4:
      return RandomExpression(
        rounds: "(\(r) % \(size))", sql: "((\(s)) - \(size) * floor((\(s)) / \(size).0::double)::bigint)",
        kind: .int)
    case 5: return RandomExpression(rounds: "abs(\(r))", sql: "abs(\(s))", kind: .int)
    case 6:
      let text = leaf(.text, &draws)
      return RandomExpression(rounds: "length(\(text.rounds))", sql: "length(\(text.sql))", kind: .int)
    case 7:
      let date = leaf(draws.chance(50) ? .date : .datetime, &draws)
      let part = draws.one(of: ["year", "month", "day", "quarter"])
      return RandomExpression(rounds: "\(part)(\(date.rounds))", sql: "\(part)(\(date.sql))", kind: .int)
    default:
      let name = draws.one(of: ["least", "greatest"])
      return RandomExpression(
        rounds: "\(name)(\(r), \(b.rounds))", sql: "\(name)(\(s), \(b.sql))", kind: .int)
    }
  }

  private func float(_ depth: Int, _ draws: inout Draws) -> RandomExpression {
    let a = make(draws.chance(30) ? .int : .float, depth: depth - 1, &draws)
    let b = make(.float, depth: depth - 1, &draws)
    let exactness = max(a.exactness, b.exactness)
    let (r, s) = (a.rounds, "(\(a.sql))::double")
    switch draws.below(7) {
    case 0, 1:
      let sign = draws.one(of: ["+", "-"])
      return RandomExpression(
        rounds: "(\(r) \(sign) \(b.rounds))", sql: "(\(s) \(sign) \(b.sql))", kind: .float,
        exactness: exactness)
    case 2:
      return RandomExpression(
        rounds: "(\(r) * 0.5)", sql: "(\(s) * 0.5::double)", kind: .float,
        exactness: max(a.exactness, .rounded))
    case 3:
      return RandomExpression(
        rounds: "(\(r) / \(b.rounds))", sql: "(\(s) / nullif(\(b.sql), 0))", kind: .float,
        exactness: max(exactness, .rounded))
    case 4:
      return RandomExpression(
        rounds: "(-\(b.rounds))", sql: "(-\(b.sql))", kind: .float, exactness: b.exactness)
    case 5:
      let name = draws.one(of: ["floor", "ceil", "round"])
      return RandomExpression(
        rounds: "float(\(name)(\(b.rounds)))", sql: "\(name)(\(b.sql))::double", kind: .float,
        exactness: b.exactness)
    default:
      return RandomExpression(
        rounds: "abs(\(b.rounds))", sql: "abs(\(b.sql))", kind: .float, exactness: b.exactness)
    }
  }

  private func text(_ depth: Int, _ draws: inout Draws) -> RandomExpression {
    let a = leaf(.text, &draws)
    let b = leaf(.text, &draws)
    switch draws.below(6) {
    case 0: return RandomExpression(rounds: "upper(\(a.rounds))", sql: "upper(\(a.sql))", kind: .text)
    case 1: return RandomExpression(rounds: "left(\(a.rounds), 1)", sql: "left(\(a.sql), 1)", kind: .text)
    case 2:
      return RandomExpression(
        rounds: "concat(\(a.rounds), \"/\", \(b.rounds))", sql: "(\(a.sql) || '/' || \(b.sql))", kind: .text)
    case 3:
      return RandomExpression(
        rounds: "replace(\(a.rounds), \"a\", \"oo\")", sql: "replace(\(a.sql), 'a', 'oo')", kind: .text)
    case 4:
      let number = leaf(.int, &draws)
      return RandomExpression(
        rounds: "text(\(number.rounds))", sql: "(\(number.sql))::varchar", kind: .text)
    default: return RandomExpression(rounds: "reverse(\(a.rounds))", sql: "reverse(\(a.sql))", kind: .text)
    }
  }

  private func date(_ depth: Int, _ draws: inout Draws) -> RandomExpression {
    let a = leaf(draws.chance(60) ? .date : .datetime, &draws)
    let unit = draws.one(of: ["month", "week", "quarter", "year"])
    if draws.chance(70) {
      return RandomExpression(
        rounds: "start_of(\(a.rounds), \(unit))", sql: "date_trunc('\(unit)', \(a.sql))::date", kind: .date)
    }
    return RandomExpression(rounds: "date(\(a.rounds))", sql: "(\(a.sql))::date", kind: .date)
  }

  private func datetime(_ depth: Int, _ draws: inout Draws) -> RandomExpression {
    let a = leaf(draws.chance(50) ? .date : .datetime, &draws)
    if draws.chance(50) {
      return RandomExpression(
        rounds: "(\(a.rounds) + 36h)", sql: "(\(a.sql) + interval 36 hour)", kind: .datetime)
    }
    let b = leaf(.datetime, &draws)
    return RandomExpression(
      rounds: "start_of(\(b.rounds), hour)", sql: "date_trunc('hour', \(b.sql))", kind: .datetime)
  }

  func condition(_ depth: Int, _ draws: inout Draws) -> RandomExpression {
    if draws.chance(30), let more = more(.bool, depth, &draws) { return more }
    let pick = draws.below(depth <= 0 ? 6 : 9)
    if pick >= 6 {
      let a = condition(depth - 1, &draws)
      if pick == 8 {
        return RandomExpression(rounds: "not (\(a.rounds))", sql: "(not (\(a.sql)))", kind: .bool)
      }
      let b = condition(depth - 1, &draws)
      let word = pick == 6 ? "and" : "or"
      return RandomExpression(
        rounds: "(\(a.rounds) \(word) \(b.rounds))", sql: "((\(a.sql)) \(word) (\(b.sql)))", kind: .bool)
    }
    let negated = draws.chance(30)
    let no = negated ? "not " : ""
    switch pick {
    case 0:
      let column = leaf(draws.one(of: Kind.allCases), &draws)
      return RandomExpression(
        rounds: "\(column.rounds) is \(no)missing", sql: "\(column.sql) is \(no)null", kind: .bool)
    case 1:
      let kind = draws.one(of: [Kind.int, .text, .float, .date])
      let column = leaf(kind, &draws)
      let list = (0...draws.below(3)).map { _ in literal(kind, &draws) }
      return RandomExpression(
        rounds: "\(column.rounds) \(no)in [\(list.map(\.rounds).joined(separator: ", "))]",
        sql: "\(column.sql) \(no)in (\(list.map(\.sql).joined(separator: ", ")))", kind: .bool)
    case 2:
      let kind = draws.one(of: [Kind.int, .float, .date, .datetime])
      let (a, b, c) = (leaf(kind, &draws), leaf(kind, &draws), leaf(kind, &draws))
      return RandomExpression(
        rounds: "\(a.rounds) \(no)between \(b.rounds) and \(c.rounds)",
        sql: "\(a.sql) \(no)between \(b.sql) and \(c.sql)", kind: .bool)
    case 3:
      let a = leaf(.text, &draws)
      let pattern = draws.one(of: ["a%", "%b", "_", "%a%", "%", "A_"])
      if draws.chance(50) {
        return RandomExpression(
          rounds: "\(a.rounds) \(no)like \"\(pattern)\"", sql: "\(a.sql) \(no)like '\(pattern)'", kind: .bool)
      }
      let regex = draws.one(of: ["^a", "b$", "[xz]", "(?i)^B", "a|b"])
      return RandomExpression(
        rounds: "\(a.rounds) \(negated ? "!~" : "~") \"\(regex)\"",
        sql: "(\(no)regexp_matches(\(a.sql), '\(regex)'))", kind: .bool)
    default:
      let kind = draws.one(of: Kind.allCases)
      let a = make(kind, depth: max(0, depth - 1), &draws)
      let b = make(kind == .int && draws.chance(30) ? .float : kind, depth: max(0, depth - 1), &draws)
      let signs = kind == .bool ? ["==", "!="] : ["==", "!=", "<", "<=", ">", ">="]
      let sign = draws.one(of: signs)
      return RandomExpression(
        rounds: "((\(a.rounds)) \(sign) (\(b.rounds)))",
        sql: "((\(a.sql)) \(sign == "==" ? "=" : sign) (\(b.sql)))", kind: .bool)
    }
  }
}
