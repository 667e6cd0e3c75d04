/// The functions that have a near form in SQL.
extension ExpressionMaker {
  /// Nil where the draw has nothing for the kind.
  func more(_ kind: Kind, _ depth: Int, _ draws: inout Draws) -> RandomExpression? {
    switch kind {
    case .int: wholeNumber(depth, &draws)
    case .float: fraction(&draws)
    case .text: words(depth, &draws)
    case .bool: test(depth, &draws)
    case .date: day(&draws)
    case .datetime: moment(&draws)
    case .duration: length(depth, &draws)
    }
  }

  private func wholeNumber(_ depth: Int, _ draws: inout Draws) -> RandomExpression {
    let number = leaf(.int, &draws)
    let text = leaf(.text, &draws)
    let (r, s) = (number.rounds, number.sql)
    func made(_ rounds: String, _ sql: String) -> RandomExpression {
      RandomExpression(rounds: rounds, sql: sql, kind: .int)
    }
    switch draws.below(9) {
    case 0: return made("sign(\(r))", "sign(\(s))::bigint")
    case 1:
      return made("clamp(\(r), -2, 5)", "(case when \(s) is not null then least(greatest(\(s), -2), 5) end)")
    case 2:
      let time = leaf(draws.chance(50) ? .date : .datetime, &draws)
      let (own, other) = draws.one(of: [
        ("weekday", "isodow"), ("week", "week"), ("day_of_year", "dayofyear"),
      ])
      return made("\(own)(\(time.rounds))", "\(other)(\(time.sql))")
    case 3:
      let time = leaf(.datetime, &draws)
      let part = draws.one(of: ["hour", "minute", "second"])
      return made("\(part)(\(time.rounds))", "\(part)(\(time.sql))")
    case 4:
      let (a, b) = (leaf(.date, &draws), leaf(.datetime, &draws))
      return made("days_between(\(a.rounds), \(b.rounds))", "((\(b.sql))::date - (\(a.sql))::date)")
    case 5:
      // A constant that cannot be read is refused where something is compared with it.
      guard let text = column(.text, &draws) else { return leaf(.int, &draws) }
      return made(
        "int(\(text.rounds))",
        "(case when regexp_full_match(\(text.sql), '[+-]?[0-9]+') then \(text.sql)::bigint end)")
    case 6:
      return made(
        "case \(text.rounds) { \"a\" -> 1, [\"b\", \"zeta\"] -> \(r), else -> 3 }",
        "(case when \(text.sql) is null then null when \(text.sql) = 'a' then 1 when \(text.sql) in ('b', 'zeta') then \(s) else 3 end)"
      )
    case 7:
      let c = condition(depth - 1, &draws)
      return made("int(\(c.rounds))", "(\(c.sql))::int::bigint")
    default:
      let other = leaf(.int, &draws)
      return made("nullif(\(r), \(other.rounds))", "nullif(\(s), \(other.sql))")
    }
  }

  private func fraction(_ draws: inout Draws) -> RandomExpression {
    let number = leaf(.float, &draws)
    switch draws.below(number.exactness == .dyadic ? 5 : 4) {
    case 0:
      let time = leaf(.duration, &draws)
      let (unit, size) = draws.one(of: [
        ("hours", "3600000000.0"), ("days", "86400000000.0"), ("minutes", "60000000.0"),
      ])
      return RandomExpression(
        rounds: "\(unit)(\(time.rounds))", sql: "((\(time.sql))::double / \(size)::double)", kind: .float,
        exactness: .rounded)
    case 1:
      return RandomExpression(
        rounds: "sqrt(abs(\(number.rounds)))", sql: "sqrt(abs(\(number.sql)))", kind: .float,
        exactness: .rounded)
    case 2:
      let whole = leaf(.int, &draws)
      return RandomExpression(rounds: "float(\(whole.rounds))", sql: "(\(whole.sql))::double", kind: .float)
    case 3:
      let a = leaf(.duration, &draws)
      return RandomExpression(
        rounds: "(\(a.rounds) / 36h)", sql: "((\(a.sql))::double / 129600000000.0::double)", kind: .float,
        exactness: .rounded)
    default:
      return RandomExpression(
        rounds: "trunc(\(number.rounds))", sql: "trunc(\(number.sql))", kind: .float)
    }
  }

  private func words(_ depth: Int, _ draws: inout Draws) -> RandomExpression {
    let text = leaf(.text, &draws)
    let (r, s) = (text.rounds, text.sql)
    func made(_ rounds: String, _ sql: String) -> RandomExpression {
      RandomExpression(rounds: rounds, sql: sql, kind: .text)
    }
    switch draws.below(9) {
    case 0: return made("lower(\(r))", "lower(\(s))")
    case 1: return made("right(\(r), 2)", "right(\(s), 2)")
    case 2: return made("substring(\(r), 2, 2)", "substr(\(s), 2, 2)")
    case 3:
      return made(
        "pad_left(\(r), 3, \"*\")", "(case when length(\(s)) >= 3 then \(s) else lpad(\(s), 3, '*') end)")
    case 4:
      return made(
        "split_part(\(r), \"-\", 2)",
        "(case when len(string_split(\(s), '-')) >= 2 then split_part(\(s), '-', 2) end)")
    case 5: return made("extract(\(r), \"[a-z]+\")", "nullif(regexp_extract(\(s), '[a-z]+'), '')")
    case 6:
      let day = leaf(draws.chance(50) ? .date : .datetime, &draws)
      return made("format(\(day.rounds), \"%d/%m/%Y\")", "strftime(\(day.sql), '%d/%m/%Y')")
    case 7:
      let c = condition(depth - 1, &draws)
      return made(
        "text(\(c.rounds))", "(case when \(c.sql) then 'true' when not (\(c.sql)) then 'false' end)")
    default:
      let other = leaf(.text, &draws)
      return made("nullif(\(r), \(other.rounds))", "nullif(\(s), \(other.sql))")
    }
  }

  private func test(_ depth: Int, _ draws: inout Draws) -> RandomExpression {
    let text = leaf(.text, &draws)
    func made(_ rounds: String, _ sql: String) -> RandomExpression {
      RandomExpression(rounds: rounds, sql: sql, kind: .bool)
    }
    switch draws.below(7) {
    case 0:
      let own = draws.one(of: ["contains", "starts_with", "ends_with"])
      return made("\(own)(\(text.rounds), \"b\")", "\(own)(\(text.sql), 'b')")
    case 1:
      let day = leaf(.date, &draws)
      let time = leaf(.datetime, &draws)
      let sign = draws.one(of: ["<", "<=", ">", ">=", "!="])
      return made("(\(day.rounds) \(sign) \(time.rounds))", "(\(day.sql) \(sign) (\(time.sql))::date)")
    case 2:
      let number = leaf(.int, &draws)
      let no = draws.chance(30) ? "not " : ""
      return made(
        "(\(number.rounds) \(no)in b.v)",
        "(case when \(number.sql) is not null then \(no)coalesce(list_contains((select list(v) from b), \(number.sql)), false) end)"
      )
    case 3:
      let no = draws.chance(30) ? "not " : ""
      return made(
        "(\(text.rounds) \(no)in b.w)",
        "(case when \(text.sql) is not null then \(no)coalesce(list_contains((select list(w) from b), \(text.sql)), false) end)"
      )
    case 4:
      let (a, b) = (make(.duration, depth: 1, &draws), leaf(.duration, &draws))
      let sign = draws.one(of: ["<", "<=", ">", ">=", "!=", "=="])
      return made("(\(a.rounds) \(sign) \(b.rounds))", "(\(a.sql) \(sign == "==" ? "=" : sign) \(b.sql))")
    case 5:
      // An upper text end holds what begins with it.
      return made(
        "(\(text.rounds) between \"A\" and \"b\")",
        "(\(text.sql) >= 'A' and (\(text.sql) <= 'b' or starts_with(\(text.sql), 'b')))")
    default:
      let day = leaf(draws.chance(50) ? .date : .datetime, &draws)
      return made("is_weekend(\(day.rounds))", "(isodow(\(day.sql)) >= 6)")
    }
  }

  private func day(_ draws: inout Draws) -> RandomExpression {
    let a = leaf(.date, &draws)
    func made(_ rounds: String, _ sql: String) -> RandomExpression {
      RandomExpression(rounds: rounds, sql: sql, kind: .date)
    }
    let n = draws.below(30) - 14
    switch draws.below(5) {
    case 0: return made("add(\(a.rounds), \(n), months)", "(\(a.sql) + to_months(\(n)))::date")
    case 1: return made("end_of(\(a.rounds), month)", "last_day(\(a.sql))")
    case 2: return made("end_of(\(a.rounds), week)", "(date_trunc('week', \(a.sql)) + interval 6 day)::date")
    case 3: return made("add(\(a.rounds), \(n), weeks)", "(\(a.sql) + \(n * 7))")
    default:
      let b = leaf(.date, &draws)
      return made("least(\(a.rounds), \(b.rounds))", "least(\(a.sql), \(b.sql))")
    }
  }

  private func moment(_ draws: inout Draws) -> RandomExpression {
    let a = leaf(draws.chance(50) ? .date : .datetime, &draws)
    let length = leaf(.duration, &draws)
    switch draws.below(3) {
    case 0:
      return RandomExpression(
        rounds: "(\(a.rounds) - \(length.rounds))", sql: "(\(a.sql) - to_microseconds(\(length.sql)))",
        kind: .datetime)
    case 1:
      return RandomExpression(rounds: "datetime(\(a.rounds))", sql: "(\(a.sql))::timestamp", kind: .datetime)
    default:
      let time = leaf(.datetime, &draws)
      return RandomExpression(
        rounds: "greatest(\(a.rounds), \(time.rounds))", sql: "greatest((\(a.sql))::timestamp, \(time.sql))",
        kind: .datetime)
    }
  }

  private func length(_ depth: Int, _ draws: inout Draws) -> RandomExpression {
    func made(_ rounds: String, _ sql: String) -> RandomExpression {
      RandomExpression(rounds: rounds, sql: sql, kind: .duration)
    }
    let a = leaf(.duration, &draws)
    switch draws.below(6) {
    case 0: return made("abs(\(a.rounds))", "abs(\(a.sql))")
    case 1: return made("(\(a.rounds) * 2)", "(\(a.sql) * 2)")
    case 2:
      let b = leaf(.duration, &draws)
      return made("(\(a.rounds) + \(b.rounds))", "(\(a.sql) + \(b.sql))")
    case 3: return made("(-\(a.rounds))", "(-\(a.sql))")
    default:
      let first = leaf(draws.chance(50) ? .date : .datetime, &draws)
      let second = leaf(draws.chance(50) ? .date : .datetime, &draws)
      return made(
        "(\(first.rounds) - \(second.rounds))",
        "(epoch_us((\(first.sql))::timestamp) - epoch_us((\(second.sql))::timestamp))")
    }
  }
}
