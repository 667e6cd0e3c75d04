import Columns
import Diagnostics
import Planning
import Sessions
import TestSupport
import Testing

/// A pivot looks at the data ahead of the query: what the stages before it do and tell must not get lost by that.
@Suite struct PivotStagesTests {
  private static let visits =
    "table [{w: \"a\", s: \"F\", x: 1}, {w: \"a\", s: \"M\", x: missing}, {w: \"b\", s: \"M\", x: 3}]"

  @Test(arguments: ["columns s", "columns s in [\"M\", \"F\"]", "columns s in [\"M\"]"])
  func anAssertionBeforeAPivotFails(_ columns: String) {
    let result = Ran(Self.visits + " | assert x > 1 | pivot rows w \(columns) values count()")
    #expect(result.status == .assertion)
    #expect(result.faults.first?.message.contains("fails for 2 of 3 rows") == true)
  }

  @Test func notesOfTheStagesBeforeAPivotAreTold() {
    let result = Ran(Self.visits + " | filter x > 0 | pivot rows w columns s values count()")
    #expect(result.rows == [["a", "1", "0"], ["b", "0", "1"]])
    #expect(result.notes.filter { $0 == "filter left out 1 of 3 rows because `x` is missing" }.count == 1)
  }

  @Test func aPivotOnTheRightOfAJoinKeepsItsAssertion() {
    let result = Ran(
      Self.visits
        + " | join (\(Self.visits) | assert x > 1 | pivot rows w columns s values count()) on w")
    #expect(result.status == .assertion)
  }

  @Test func emptyCellsOfConditionsAreMissing() {
    let result = Ran(Self.visits + " | pivot rows w columns s values any(x > 0), all(x > 0)")
    #expect(
      result.rows == [["a", "true", "true", "false", "true"], ["b", "missing", "missing", "true", "true"]])
  }

  @Test func aValueListedTwiceIsOneColumn() {
    let result = Ran(Self.visits + " | pivot rows w columns s in [\"M\", \"M\"] values count()")
    #expect(result.rows == [["a", "1"], ["b", "1"]])
  }
}

/// Times with an offset keep it through functions over rows, and times of two kinds that meet are told.
@Suite struct OffsetTests {
  private static let times = """
    table [{g: 1, t: datetime("2026-01-01T08:00:00+02:00")}, {g: 1, t: datetime("2026-01-02T07:30:00+01:00")}]
    """

  @Test func extremesStayAsWritten() {
    let result = Ran(Self.times + " | aggregate min(t), max(t), mean(t), median(t)")
    #expect(
      result.rows == [
        [
          "2026-01-01T08:00:00+02:00", "2026-01-02T07:30:00+01:00", "2026-01-01T18:15:00Z",
          "2026-01-01T18:15:00Z",
        ]
      ])
  }

  @Test func timesWithoutOffsetStayWithoutOne() {
    let result = Ran("table [{t: 2026-01-01T08:00}, {t: 2026-01-03T08:00}] | aggregate max(t), mean(t)")
    #expect(result.rows == [["2026-01-03T08:00:00", "2026-01-02T08:00:00"]])
  }

  @Test func appendAndJoinTellOfMixedTimes() {
    let naive = "(table [{t: 2026-01-01T06:00}])"
    let note = "1 time of `t` has no offset, others do: taken as UTC"
    #expect(Ran(Self.times + " | append \(naive)").notes.contains(note))
    let joined = Ran(Self.times + " | join \(naive) on t")
    #expect(joined.rows.count == 1)
    #expect(joined.notes.contains(note))
  }
}

/// A date beside a datetime compares by the calendar day, in every kind of join alike, and that is told.
@Suite struct CalendarDayTests {
  private static let left =
    "let a = (table [{t: 2026-01-01T10:00}, {t: 2026-01-05T00:00}, {t: 2026-01-06T01:00}])\n"
  private static let right = "let b = (table [{t: 2026-01-01}, {t: 2026-01-05}])\n"
  private static let note =
    "`a.t` and `b.t` compare by the calendar day, as `b.t` is a date; datetime(b.t) is its midnight"

  @Test(arguments: [
    ("join b on t", 2), ("join b on a.t == b.t", 2), ("join semi b on t", 2), ("join anti b on t", 1),
    ("join left b on t", 3), ("join full b on t", 3),
  ]) func joinsGoByTheDay(_ stage: String, _ count: Int) {
    let result = Ran(Self.left + Self.right + "a | \(stage)")
    #expect(result.rows.count == count)
    #expect(result.notes.contains(Self.note))
  }

  @Test func comparisonsOfColumnsAreTold() {
    let result = Ran(Self.left + "a | derive d = date(t) | filter t == d")
    #expect(result.rows.count == 3)
    #expect(result.notes.contains { $0.contains("compare by the calendar day") })
    #expect(Ran(Self.left + "a | filter t == 2026-01-05").notes.isEmpty)
  }
}

/// A row whose sort key is missing stands last, wherever an order decides; that is told.
@Suite struct MissingOrderTests {
  private static let rows = "table [{p: 1, d: 2026-01-01, x: 1}, {p: 1, d: missing, x: 2}] | "

  @Test(arguments: [
    "aggregate y = last(x) by p sort d", "take 1 by p sort d", "take 1 sort d", "skip 1 sort d",
    "derive y = lag(x) by p sort d", "filter row_number() == 1 by p sort d", "sort d",
  ]) func aMissingKeyIsTold(_ stage: String) {
    #expect(Ran(Self.rows + stage).notes.contains("`d` is missing in 1 row, sorted last"))
  }
}

/// Text in an order of its own: what the order lists comes first, everything else behind it, by scalar. It is neither
/// more nor less than anything.
@Suite struct OrderedTextTests {
  private static let risks =
    "let r = (table [{r: \"mid\"}, {r: \"zzz\"}, {r: \"low\"}, {r: \"aaa\"}, {r: \"high\"}] | derive r = ordered(r, \"low\", \"mid\", \"high\"))\n"

  @Test(arguments: [
    ("sort r", "low mid high aaa zzz"), ("filter r < \"high\"", "mid low"),
    ("filter r < \"mmm\"", ""), ("filter r not between \"low\" and \"mid\"", "high"),
    ("filter r > \"high\"", ""), ("filter not (r > \"high\")", "mid low high"),
    ("filter r between \"mid\" and \"high\"", "mid high"),
    ("append (table [{r: \"bbb\"}]) | sort r", "low mid high aaa bbb zzz"),
    ("append (table [{r: \"bbb\"}]) | filter r > \"low\"", "mid high"),
    ("derive r = if(r == \"zzz\", \"unknown\", r) | sort r", "low mid high aaa unknown"),
  ]) func unlistedTextsStandBehind(_ stages: String, _ expected: String) {
    let result = Ran(Self.risks + "r | " + stages)
    #expect(result.rows.map { $0[0] }.joined(separator: " ") == expected)
  }

  @Test func unlistedTextsHaveNoCode() {
    let result = Ran(Self.risks + "r | derive c = code(r)")
    #expect(result.rows.map { $0[1] } == ["2", "missing", "1", "missing", "3"])
    #expect(result.notes.contains { $0.contains("2 values did not convert") })
  }

  /// The order of the appended table holds for the first one's rows too, in comparisons as in sorts.
  @Test func appendedTablesShareTheirOrder() {
    let plain = "table [{r: \"high\"}, {r: \"low\"}] | append r"
    #expect(Ran(Self.risks + plain + " | filter r < \"high\"").rows.map { $0[0] } == ["low", "mid", "low"])
    #expect(
      Ran(Self.risks + plain + " | sort r").rows.map { $0[0] }.joined(separator: " ")
        == "low low mid high high aaa zzz")
  }
}

/// What a condition keeps away is not worked out, and so neither told nor a fault.
@Suite struct GuardedValueTests {
  private static let rows = "table [{n: 0, x: 1}, {n: 2, x: 4}, {n: missing, x: 5}] | "

  @Test(arguments: [
    ("derive y = if(n == 0, missing, x / n)", "missing 2.0 missing"),
    ("derive y = if(n > 0, x / n, 0)", "0.0 2.0 missing"),
    ("derive y = case { n == 0 -> 0, x / n > 1 -> 1, else -> x // n }", "0 1 missing"),
    ("derive y = n == 0 or x / n > 1", "true true missing"),
    ("derive y = n != 0 and x / n > 1", "false true missing"),
    ("derive y = if(n == 0, 0, if(x > 2, x / n, 7 / n))", "0.0 2.0 missing"),
  ]) func aGuardedDivisionIsNotTold(_ stage: String, _ expected: String) {
    let result = Ran(Self.rows + stage + " | select y")
    #expect(result.rows.map { $0[0] }.joined(separator: " ") == expected)
    // That the condition itself is not known for the row without n is told.
    #expect(result.notes.allSatisfy { $0.contains("the condition is not known for 1 row") })
  }

  @Test func onlyTheRowsThatComeToAValueAreCounted() {
    let later = Ran(Self.rows + "derive y = n ?? int(\"x\") | select y")
    #expect(later.rows == [["0"], ["2"], ["missing"]])
    #expect(later.notes.count == 1)
    #expect(later.notes.first?.contains("1 value did not convert") == true)
    let half = Ran(Self.rows + "derive y = if(x > 1, x / (n ?? 0), 0) | select y")
    #expect(half.notes == ["1 division by zero became missing"])
  }

  @Test func aGuardedOverflowIsNoFault() {
    let stage = "derive b = if(a < 9223372036854775807, a + 1, a)"
    let result = Ran("table [{a: 1}, {a: 9223372036854775807}] | \(stage) | select b")
    #expect(result.rows == [["2"], ["9223372036854775807"]])
  }

  /// A value that stands in a guarded place and in an open one tells the same of both.
  @Test func eachPlaceCountsItsOwnRows() {
    let result = Ran(Self.rows + "derive r = x / n, c = if(x > 0, x / n, 0) | select r, c")
    #expect(result.rows == [["missing", "missing"], ["2.0", "2.0"], ["missing", "missing"]])
    #expect(Set(result.notes) == ["1 division by zero became missing"])
  }
}

/// What is compared with and never there, and what decided without being asked to, is told.
@Suite struct OverlookedTests {
  private static let rows =
    "table [{w: \"east\", s: \"a\", x: 1}, {w: \"west\", s: \"b\", x: missing}, {w: \"west\", s: \"a\", x: 3}] | "

  @Test func wholeNumbersThatAFloatRoundsAreTold() {
    let tables =
      "let a = table [{x: 9007199254740993}, {x: 9007199254740992}, {x: missing}, {x: -4}]\nlet b = table [{x: 0.5}]\n"
    let told = "1 whole number of `x` is rounded: among floats one keeps about 16 digits"
    #expect(Ran(tables + "a | append b").notes == [told])
    #expect(Ran(tables + "b | append a").notes == [told])
    #expect(Ran(tables + "a | append a").notes == [])
  }

  /// A few rows of a table share its dictionary: what is in it is spelled right.
  @Test func aTextOfTheDictionaryIsNoSlip() {
    let notes = Ran(
      Self.rows + "take 1 | aggregate a = count(where: w == \"west\"), b = count(where: w == \"wesst\")"
    ).notes
    #expect(
      notes.filter { $0.hasPrefix("no row that") } == [
        "no row that was looked at has `w` \"wesst\"; it has \"west\""
      ])
  }

  @Test(arguments: [
    (
      "aggregate count(where: w == \"West\")",
      "`w` is \"west\" in 2 rows, which is not \"West\": they differ in capitals, blanks or how letters are composed"
    ),
    ("derive y = if(w != \"easst\", 1, 0)", "no row that was looked at has `w` \"easst\"; it has \"east\""),
    (
      "filter w in [\"east\", \"north\"]",
      "no row that was looked at has `w` \"north\"; it has \"east\", \"west\""
    ),
    (
      "derive y = lag(x) by w",
      "lag(x): by the rows as they come; `sort` at the end of the stage gives an order"
    ),
    ("derive y = lag(x) by w sort s", "lag(x): 2 of 3 rows have no earlier row, and are missing there"),
    ("filter w == \"west\" and x > 0", "filter left out 1 of 3 rows because `x` is missing"),
    ("filter float(s) > 0", "filter left out 3 of 3 rows because the condition is not known"),
  ]) func isTold(_ stage: String, _ note: String) {
    #expect(Ran(Self.rows + stage).notes.contains(note))
  }

  @Test(arguments: [
    "filter w == \"west\"", "derive y = lag(x, 1, 0) by w sort s",
    "sort s, w | derive y = running_sum(x ?? 0)",
    "derive y = row_number() by w",
  ]) func isNotTold(_ stage: String) {
    #expect(Ran(Self.rows + stage).notes.filter { !$0.contains("by the condition") } == [])
  }

  @Test func theNameOfAPercentageOfOtherTablesStays() {
    let result = Ran("let p = (\(Self.rows)count by w)\np | filter percent > 20%")
    #expect(result.faults.first?.message == "`percent` runs from 0 to 100, but 20% is 0.2")
    let noted = Ran("let p = (\(Self.rows)count by w)\nlet limit = 20%\np | filter percent > limit")
    #expect(noted.notes.contains { $0.contains("is less than one percent") })
  }
}

/// A literal beside a column has no order of its own, in no part of a table.
@Suite struct LiteralBesideColumnTests {
  @Test func aColumnWithoutValuesInSomeRowsIsSortedAsText() {
    let tables = "table [{j: 1}, {j: 2}] | append (table [{x: \"B\"}, {x: missing}, {x: \"alpha\"}])"
    for stage in [
      "fill x with \"zeta\"", "derive x = x ?? \"zeta\"", "derive x = if(x is missing, \"zeta\", x)",
    ] {
      #expect(
        Ran("\(tables) | \(stage) | sort x | select x").rows.map { $0[0] } == [
          "B", "alpha", "zeta", "zeta", "zeta",
        ])
    }
    let listed = "derive y = case { j == 1 -> \"low\", else -> \"high\" } | sort y | select y"
    #expect(Ran("table [{j: 2}, {j: 1}] | \(listed)").rows == [["low"], ["high"]])
  }
}

/// Why a filter kept nothing.
@Suite struct EmptyReasonTests {
  private static let rows = "table [{s: \"male\", n: 1}, {s: \"female\", n: 2}, {s: missing, n: 3}] | "

  @Test(arguments: [
    ("s == \"mle\"", "`s` never is \"mle\"; of its 2 values the nearest: \"male\" (1)"),
    ("s like \"x%\"", "no text of `s` is like \"x%\"; it has \"female\" (1), \"male\" (1)"),
    (
      "s like \"emal\"",
      "no text of `s` is like \"emal\": `like` compares the whole text; s like \"%emal%\" finds \"female\""
    ),
    (
      "s like \"FEM%\"",
      "no text of `s` is like \"FEM%\": capitals count; lower(s) like \"fem%\" finds \"female\""
    ),
    (
      "s ~ \"^Male$\"",
      "no text of `s` is found by \"^Male$\": capitals count; s ~ \"(?i)^Male$\" finds \"male\""
    ),
    ("s ~ \"x+\" and n > 0", "no text of `s` is found by \"x+\"; it has \"female\" (1), \"male\" (1)"),
    ("contains(s, \"mle\")", "no text of `s` contains \"mle\"; of its 2 values the nearest: \"male\" (1)"),
    (
      "contains(s, \"EMAL\")",
      "no text of `s` contains \"EMAL\": capitals count; contains(lower(s), \"emal\") finds \"female\""
    ),
    (
      "starts_with(s, \"ale\")",
      "no text of `s` begins with \"ale\"; of its 2 values the nearest: \"male\" (1)"
    ),
    ("n > 3", "`n` goes from 1 to 3, and 3 was asked for"),
    ("n between 1 and 3 and n * 2 == 3", "`n * 2` never is 3; the nearest are 2 and 4"),
    ("n between 1.2 and 1.8", "nothing of `n` lies between 1.2 and 1.8; the nearest are 1 and 2"),
    ("n in [1.5, 2.5]", "`n` never is 1.5 or 2.5; the nearest are 1, 2 and 3"),
    ("0 == n", "`n` goes from 1 to 3, and 0 was asked for"),
    ("4 <= n", "`n` goes from 1 to 3, and 4 was asked for"),
    ("n * 2 between 7 and 9.5", "`n * 2` goes from 2 to 6, and 7 and 9.5 were asked for"),
    (
      "2026-01-01 + n * 1d >= date(\"2026-01-02\") + 1000h",
      "`2026-01-01 + (n * 1d)` goes from 2026-01-02T00:00:00 to 2026-01-04T00:00:00, and 2026-02-12T16:00:00 was asked for"
    ),
  ]) func isTold(_ condition: String, _ reason: String) {
    let notes = Ran(Self.rows + "filter " + condition).notes
    #expect(notes.contains("no rows are left: `filter` kept none of 3 rows; " + reason), "\(notes)")
  }

  /// Where nothing can be true the other reading is told, in whatever stage the range stands.
  @Test func aRangeThatIsTurnedRoundIsTold() {
    let said =
      "nothing lies between 3 and 1, as the lower end stands first: between 1 and 3 is what lies there, n >= 3 or n <= 1 what lies outside"
    for stages in [
      "filter n between 3 and 1", "derive x = n between 3 and 1",
      "aggregate k = count(where: n between 3 and 1)",
    ] {
      #expect(Ran(Self.rows + stages).notes.contains(said), "\(stages)")
    }
    #expect(!Ran(Self.rows + "filter n between 1 and 3").notes.contains { $0.contains("lower end") })
  }

  @Test func anUnknownReasonIsNotGuessed() {
    for condition in ["s like \"male\" and n == 2", "not (s ~ \"a\")", "s like \"male\" and n in [2, 3]"] {
      let notes = Ran(Self.rows + "filter " + condition).notes
      #expect(notes.contains("no rows are left: `filter` kept none of 3 rows"), "\(notes)")
    }
  }
}
