import Columns
import Diagnostics
import TestSupport
import Testing

/// Joins of a small table with a large one and the other way round, so that either side is the one that is looked up.
@Suite struct JoinTests {
  private static let kinds = ["inner", "left", "right", "full", "semi", "anti"]

  /// Keys that come several times on both sides, that only one side has, and that are missing.
  private static func rounds(_ kind: String, smallFirst: Bool, text: Bool) -> String {
    let key = { (key: String) in text ? "text(\(key))" : key }
    let (first, second) = smallFirst ? ("small", "large") : ("large", "small")
    return """
      let small = table id = 1..40 | derive k = if(id % 7 == 0, missing, \(key("id % 23"))) | select k, a = id
      let large = table id = 1..3000 | derive k = if(id % 11 == 0, missing, \(key("id * 7 % 61"))) | select k, b = id
      \(first) | join \(kind) \(second) on k
      """
  }

  private static func sql(_ kind: String, smallFirst: Bool, text: Bool) -> String {
    let type = text ? "varchar" : "bigint"
    let small = """
      (select (case when id % 7 = 0 then null else id % 23 end)::\(type) k, id a from range(1, 41) t(id))
      """
    let large = """
      (select (case when id % 11 = 0 then null else id * 7 % 61 end)::\(type) k, id b from range(1, 3001) t(id))
      """
    let (first, second) = smallFirst ? (small, large) : (large, small)
    let (mine, theirs) = smallFirst ? ("a", "b") : ("b", "a")
    if kind == "semi" || kind == "anti" {
      return """
        select k, \(mine) from \(first) x
        where \(kind == "anti" ? "not " : "")exists (select 1 from \(second) y where x.k = y.k) order by \(mine)
        """
    }
    return """
      select coalesce(x.k, y.k) k, x.\(mine), y.\(theirs) from \(first) x \(kind) join \(second) y on x.k = y.k
      order by x.\(mine) nulls last, y.\(theirs) nulls last
      """
  }

  @Test(.enabled(if: DuckDB.isThere, "skipped: python3 has no duckdb"))
  func eitherSideMayBeTheSmallOne() throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -rf '\(folder)'") }
    var cases: [(kind: String, smallFirst: Bool, text: Bool)] = []
    for kind in Self.kinds {
      for smallFirst in [true, false] {
        for text in [true, false] { cases.append((kind, smallFirst, text)) }
      }
    }
    let answers = try DuckDB.answers(
      cases.map { Self.sql($0.kind, smallFirst: $0.smallFirst, text: $0.text) }, in: folder)
    for (one, answer) in zip(cases, answers) {
      guard case .rows(let rows) = answer else {
        Issue.record("\(one): DuckDB says \(answer)")
        continue
      }
      #expect(!rows.isEmpty)
      for optimise in [true, false] {
        let text = Self.rounds(one.kind, smallFirst: one.smallFirst, text: one.text)
        let table = try Answering(text, optimise: optimise).table
        #expect(DuckDB.difference(table, rows) == nil, "\(one), optimised: \(optimise)")
      }
    }
  }

  /// Conditions that an order of the right rows answers, alone and behind keys, with values missing on both sides.
  private static let conditions = [
    "a >= c", "a between c and d", "c between a and b", "c <= b and d > a",
    "a > c and b > c and n % 3 != m % 3",
    "a <= d and b >= c and a > c", "n != m", "a + 5 >= d and a < d",
  ]

  private static func ranges(_ kind: String, _ condition: String, isKeyed: Bool) -> (
    rounds: String, sql: String
  ) {
    let left =
      "n = 1..120 | derive k = n % 4, a = if(n % 9 == 0, missing, n * 37 % 101), b = n * 37 % 101 + n % 13"
    let right =
      "m = 1..110 | derive g = m % 5, c = m * 53 % 97, d = if(m % 8 == 0, missing, m * 53 % 97 + m % 11)"
    let both = (isKeyed ? "k == g and " : "") + condition
    let sqlLeft =
      "(select n, n % 4 k, case when n % 9 <> 0 then n * 37 % 101 end a, n * 37 % 101 + n % 13 b from range(1, 121) t(n))"
    let sqlRight =
      "(select m, m % 5 g, m * 53 % 97 c, case when m % 8 <> 0 then m * 53 % 97 + m % 11 end d from range(1, 111) t(m))"
    let sqlBoth = both.replacing("==", with: "=")
    let exists = kind == "semi" || kind == "anti"
    let sql =
      exists
      ? "select n, a from \(sqlLeft) x where \(kind == "anti" ? "not " : "")exists (select 1 from \(sqlRight) y where \(sqlBoth)) order by n"
      : "select n, m from \(sqlLeft) x \(kind) join \(sqlRight) y on \(sqlBoth) order by n nulls last, m nulls last"
    return (
      """
      let l = table \(left)
      let r = table \(right)
      l | join \(kind) r on \(both) | select n, \(exists ? "a" : "m") | sort n\(exists ? "" : ", m")
      """, sql
    )
  }

  @Test(.enabled(if: DuckDB.isThere, "skipped: python3 has no duckdb"))
  func rangesMatchAsInDuckDB() throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -rf '\(folder)'") }
    var cases: [(rounds: String, sql: String)] = []
    for kind in Self.kinds {
      for condition in Self.conditions {
        for isKeyed in [false, true] { cases.append(Self.ranges(kind, condition, isKeyed: isKeyed)) }
      }
    }
    let answers = try DuckDB.answers(cases.map(\.sql), in: folder)
    for (one, answer) in zip(cases, answers) {
      guard case .rows(let rows) = answer else {
        Issue.record("\(one.sql): DuckDB says \(answer)")
        continue
      }
      let table = try Answering(one.rounds, optimise: true).table
      #expect(DuckDB.difference(table, rows) == nil, "\(one.rounds)")
    }
  }

  /// What is not known is counted pair by pair where pairs count, and of rows without a match where these are asked for:
  /// of 64 × 64 rows the first on the left has no `a`, and one on the right no `c`. A comparison that is false settles a
  /// pair whatever the other one is.
  @Test(arguments: [
    ("inner", "a >= c", 64 + 63), ("inner", "a >= c and b < c", 64), ("semi", "a >= c", 64),
    ("anti", "a >= c", 64),
    ("asof", "c <= a", 64 + 63),
  ]) func unknownPairsAreCounted(_ kind: String, _ condition: String, _ expected: Int) throws {
    let answer = try Answering(
      """
      let l = table n = 1..64 | derive a = if(n == 1, missing, n), b = 200
      let r = table m = 1..64 | derive c = if(m == 2, missing, m)
      l | join \(kind) r on \(condition)
      """)
    let told = answer.notes.filter { $0.message.hasPrefix("the join condition is not known") }
    #expect(told.map(\.count) == [expected])
  }

  /// The greatest whole number is a common open end.
  @Test func anOpenEndMatchesItself() throws {
    let left = "table [{lo: 0, hi: 9223372036854775807}]"
    let right =
      "table x = sequence(1, 5000) | derive y = 9223372036854775807, z = -9223372036854775807 - 1"
    func count(_ kind: String, _ condition: String) throws -> [Value] {
      try Answering("let r = \(right)\n\(left) | join \(kind) r on \(condition) | aggregate n = count()")
        .table.row(0)
    }
    #expect(try count("inner", "x >= lo and y <= hi") == [.int(5000)])
    #expect(try count("semi", "x >= lo and y <= hi") == [.int(1)])
    #expect(try count("anti", "x >= lo and y < hi") == [.int(1)])
    #expect(try count("inner", "x >= lo and z >= -9223372036854775807 - 1") == [.int(5000)])
  }

  /// The nearest is that of the inequality which says so, wherever it stands in the condition.
  @Test(arguments: ["(t between a and b) and t <= c", "t <= c and (t between a and b)"])
  func theNearestGoesByItsInequality(_ condition: String) throws {
    let table = try Answering(
      """
      let v = table t = 1..100 | select t
      table n = 1..100 | derive a = n - 5, b = n + 5, c = n | join asof v on \(condition) | aggregate s = sum(t), k = count(t)
      """
    ).table
    // The latest up to c is c itself.
    #expect(table.row(0) == [.int(5050), .int(100)])
  }

  /// Rows that lack a value are in no match, and cost no more than others.
  @Test func missingValuesTakeNoTime() throws {
    let start = ContinuousClock.now
    let answer = try Answering(
      """
      let l = table a = 1..30000 | derive b = if(a % 2 == 0, missing, a + 5)
      let r = table x = 1..30000 | select x
      l | join r on x >= a and x <= b | aggregate n = count()
      """)
    #expect(answer.table.row(0) == [.int(89_994)])
    #expect(ContinuousClock.now - start < .seconds(20))
    let told = answer.notes.first { $0.message.contains("the join condition is not known") }
    #expect(told?.message.hasSuffix(", where `b` is missing") == true)
  }

  /// Keys too far apart for an index, or of two types: the way that a join goes changes no count.
  @Test(arguments: [
    "join codes on int(x) == code", "join semi codes on int(x) == code", "join full codes on int(x) == code",
    "join far on int(x) == code", "join semi far on int(x) == code", "join left far on int(x) == code",
    "join parts on int(x) == code", "join anti parts on int(x) == code",
  ]) func conversionsAreCountedOnce(_ stage: String) throws {
    let answer = try Answering(
      """
      let codes = table [{code: 1}, {code: 2}]
      let far = table [{code: 1}, {code: 4000000000000000}]
      let parts = table [{code: 1.5}, {code: 2.0}]
      table [{x: "1"}, {x: "no"}, {x: "2"}] | \(stage)
      """)
    let told = answer.told.filter { $0.contains("did not convert") }
    #expect(told.count == 1 && told[0].contains(" 1 value did not convert"))
  }

  /// Appended tables may hold a text in two places of their dictionary: such keys match like all others.
  @Test(arguments: ["appended | join numbered on t", "numbered | join appended on t"])
  func appendedTextsAreFound(_ pipeline: String) throws {
    let appended = "(base | append (base | filter t != \"x\") | derive k = 1 | skip 16 by k)"
    let texts = ["a", "b", "c", "a", "d", "e", "f", "b", "h"]
    let answer = try Answering(
      """
      let base = table [\(texts.map { "{t: \"\($0)\"}" }.joined(separator: ", "))]
      let numbered = base | derive n = row_number()
      \(pipeline.replacing("appended", with: appended)) | select t, n | sort n
      """)
    #expect(answer.table.column(1).values == [.int(2), .int(8), .int(9)])
  }

  /// What a join works out of its keys is told like everything else.
  @Test(arguments: ["join", "join left", "join semi", "join full"])
  func keysThatDoNotConvertAreTold(_ verb: String) throws {
    let answer = try Answering(
      """
      let codes = table [{code: 1, name: "a"}, {code: 2, name: "b"}]
      table [{x: "1"}, {x: "no"}, {x: "2"}] | \(verb) codes on int(x) == code
      """)
    #expect(answer.told.contains { $0.contains("1 value did not convert and became missing: \"no\" 1") })
  }

  /// A key that is missing is another cause than one without a partner: notes tell them apart.
  @Test(arguments: [
    (
      "join r on k",
      [
        "left out 3 of 5 rows without a match in `r` (2 because `k` is missing)",
        "2 of 4 rows of `r` match nothing (1 because `k` is missing)",
      ]
    ),
    ("join left r on k", ["3 of 5 rows have no match in `r` (2 because `k` is missing): its"]),
    (
      "join full r on k",
      ["2 of 4 rows of `r` match nothing (1 because `k` is missing): the join puts them at the end"]
    ),
    (
      "join r on lower(k) == lower(r.k)",
      ["(2 because the key is missing)", "(1 because the key is missing)"]
    ),
    (
      "filter k is missing | join r on k",
      ["left out 2 of 2 rows without a match in `r` (all because `k` is missing)"]
    ),
    ("filter k is not missing | join r on k", ["left out 1 of 3 rows without a match in `r`"]),
    (
      "join r on k and x == v",
      ["left out 4 of 5 rows without a match in `r` (3 because `k` or `x` is missing)"]
    ),
  ]) func missingKeysAreToldApart(_ stage: String, _ notes: [String]) throws {
    let answer = try Answering(
      """
      let r = table [{k: "a", v: 1}, {k: "b", v: 2}, {k: "z", v: 3}, {k: missing, v: 4}]
      table [{k: "a", x: 1}, {k: missing, x: 2}, {k: "b", x: missing}, {k: missing, x: 4}, {k: "c", x: 5}] | \(stage)
      """)
    for note in notes { #expect(answer.told.contains { $0.contains(note) }, "\(answer.told)") }
    #expect(!answer.told.contains { $0.contains("of 3 rows without a match in `r` (") })
  }

  /// What the cells of a pivot lost is told for each of its columns, though all come from one place in the text.
  @Test func pivotTellsOfEachColumn() throws {
    let answer = try Answering(
      """
      table [{w: "a", s: "F", k: 1, n: 2}, {w: "a", s: "M", k: 0, n: 0}, {w: "b", s: "F", k: 1, n: 0},
        {w: "b", s: "M", k: 0, n: 0}]
      | pivot rows w columns s values p = proportion(sum(k), sum(n)), q = sum(k) / sum(n)
      """)
    for note in [
      "proportion(…) for `F`: 1 without a share", "proportion(…) for `M`: 2 without a share",
      "1 division by zero became missing for `F`", "2 divisions by zero became missing for `M`",
    ] {
      #expect(answer.told.contains { $0.contains(note) }, "\(answer.told)")
    }
  }

  /// An inequality alone is looked up in the order of the right side: the same rows, notes and ties as by all pairs.
  @Test(arguments: ["<", "<=", ">", ">="], ["int(v)", "float(v) / 4", "2026-01-01 + v * 1d", "v * 1h"])
  func asofByOrderIsAsofByPairs(_ sign: String, _ value: String) throws {
    func rows(_ count: Int, _ seed: Int) -> String {
      "table i = 1..\(count) | derive v = if(i % \(seed) == 0, missing, i * 7919 % 53) | derive k = \(value)"
    }
    func answer(_ condition: String) throws -> (rows: [[Value]], told: [String]) {
      let answer = try Answering(
        """
        let a = \(rows(300, 11)) | select a = i, k
        let b = \(rows(120, 7)) | select b = i, n = k
        a | join asof b on \(condition)
        """)
      return ((0..<answer.table.rowCount).map { answer.table.row($0) }, answer.told)
    }
    let byOrder = try answer("n \(sign) k")
    let byPairs = try answer("n \(sign) k and b > 0")
    #expect(byOrder.rows == byPairs.rows)
    #expect(byOrder.told == byPairs.told && !byOrder.told.isEmpty, "\(byOrder.told)")
    #expect(
      try answer("k \(["<": ">", "<=": ">=", ">": "<", ">=": "<="][sign] ?? "") n").rows == byOrder.rows)
  }

  @Test func asofOverNothingGivesNothing() throws {
    for (left, right) in [(0, 5), (5, 0), (0, 0)] {
      let answer = try Answering(
        """
        let b = table b = 1..9 | filter b <= \(right)
        table a = 1..9 | filter a <= \(left) | join asof b on b <= a
        """)
      #expect(answer.table.rowCount == left)
    }
  }
}
