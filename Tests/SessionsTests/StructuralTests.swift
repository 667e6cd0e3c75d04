import Diagnostics
import TestSupport
import Testing

@testable import Sessions

/// What is missing by the question itself is told where it is made, and not again as if it were bad data.
@Suite struct StructuralTests {
  private static let rows =
    "table [{w: \"a\", s: \"F\", x: 1}, {w: \"b\", s: \"M\", x: 5}, {w: \"a\", s: \"M\", x: 7}] | "

  private func kinds(_ text: String, of beginning: String) -> [Note.Kind] {
    Ran(text).notesTold.filter { $0.message.hasPrefix(beginning) }.map(\.kind)
  }

  @Test(arguments: [
    ("derive g = if(x > 3, x) | aggregate mean(g)", "mean(g) left out 1 of 3 rows: `g` is missing"),
    ("aggregate mean(if(x > 3, x))", "mean(if(x > 3, x)) left out 1 of 3 rows"),
    ("derive g = case {x > 6 -> 1, x > 3 -> 2} | filter g > 1", "filter left out 1 of 3 rows"),
    ("derive g = round(if(x > 3, x), 1) | aggregate sum(g)", "sum(g) left out 1 of 3 rows"),
    ("pivot rows w columns s values sum(x) | aggregate sum(F)", "sum(F) left out 1 of 2 rows"),
    ("pivot rows w columns s values x | filter F > 0", "filter left out 1 of 2 rows"),
    ("append (table [{w: \"c\", z: 4}]) | aggregate sum(z)", "sum(z) left out 3 of 4 rows"),
    ("append (table [{w: \"c\", z: 4}]) | aggregate sum(x)", "sum(x) left out 1 of 4 rows"),
    (
      "derive g = if(x > 3, x) | chart line g by x",
      "1 of 3 points could not be drawn: g is missing, as where"
    ),
    (
      "derive g = if(x > 3, x * 1h) | chart bar g by x",
      "1 of 3 points could not be drawn: g (hours) is missing, as where"
    ),
    (
      "pivot rows w columns s values x | chart bar F by w",
      "1 of 2 points could not be drawn: F is missing, as where"
    ),
  ]) func isToldAsStructural(_ stages: String, _ beginning: String) {
    #expect(kinds(Self.rows + stages, of: beginning) == [.structural], "\(Ran(Self.rows + stages).notes)")
    // The same of a table that was kept in between.
    let last = stages.split(separator: "|").last.map(String.init) ?? ""
    let first = stages.split(separator: "|").dropLast().joined(separator: "|")
    if first.isEmpty { return }
    let kept = "let t = \(Self.rows + first)\nt |\(last)"
    #expect(kinds(kept, of: beginning) == [.structural], "\(Ran(kept).notes)")
  }

  @Test(arguments: [
    // One of the missing values is in the data.
    ("derive g = if(x > 3, x), h = if(x > 5, missing, g) | aggregate mean(h)", "mean(h) left out"),
    // A filter has left out one of the rows in which the choice gave no value.
    ("derive g = if(x > 6, x) | filter x > 1 | aggregate mean(g)", "mean(g) left out 1 of 2 rows"),
  ]) func isToldAsMissingWhereOtherValuesAre(_ stages: String, _ beginning: String) {
    #expect(kinds(Self.rows + stages, of: beginning) == [.missing], "\(Ran(Self.rows + stages).notes)")
  }

  @Test func cellsWithoutRowsAreCounted() {
    let pivot = Self.rows + "pivot rows w columns s values "
    #expect(Ran(pivot + "sum(x)").notes.contains("pivot: 1 of 4 cells has no row, and is missing"))
    #expect(Ran(pivot + "any(x > 3)").notes.contains("pivot: 1 of 4 cells has no row, and is missing"))
    // Nothing is missing there.
    #expect(!Ran(pivot + "count()").notes.contains { $0.hasPrefix("pivot:") })
    #expect(!Ran(pivot + "(sum(x) ?? 0)").notes.contains { $0.hasPrefix("pivot:") })
    let wide = Ran(pivot + "n = count(), m = mean(x)")
    #expect(wide.notes.contains("pivot: 1 of 4 cells has no row, and is missing"))
    #expect(wide.rows == [["a", "1", "1.0", "1", "7.0"], ["b", "0", "missing", "1", "5.0"]])
  }

  /// A table that leaves the house holds what was told when its rows were made, be it under a name.
  @Test(arguments: ["md", "html"])
  func documentsHoldWhatWasToldOfKeptTables(_ ending: String) throws {
    let folder = try TemporaryFolder.make("rounds-kept")
    let path = "\(folder)/r.\(ending)"
    let text =
      "let t = table [{x: 1}, {x: missing}, {x: 7}] | filter x > 3\nlet u = t | derive y = x * 2\nu | save \"\(path)\""
    let ran = Ran(text)
    let told = "filter left out 1 of 3 rows because"
    // On the screen it has been told with the table.
    #expect(ran.notes.count { $0.hasPrefix(told) } == 1)
    let written = String(decoding: try FileAccess.read(path), as: UTF8.self)
    #expect(written.contains("filter left out 1 of 3 rows because"), "\(written)")
  }
}

/// Answers that an outsider found to be others than those of another engine.
@Suite struct SecondOpinionTests {
  @Test func fillGoesByGroups() {
    let rows = "table [{g: \"a\", x: 1}, {g: \"a\", x: missing}, {g: \"b\", x: 9}, {g: \"b\", x: missing}] | "
    #expect(Ran(rows + "fill x with mean(x) by g | select x").rows == [["1.0"], ["1.0"], ["9.0"], ["9.0"]])
    #expect(Ran(rows + "fill x with lag(x) by g sort -x | select x").rows == [["1"], ["1"], ["9"], ["9"]])
  }

  @Test(arguments: ["r.u >= t - 5 and r.u <= t", "r.u <= t and r.u >= t - 5"])
  func theNearestIsThatOfThePlainColumns(_ condition: String) {
    let ran = Ran(
      "table [{t: 10}] | join asof (table [{u: 8}, {u: 9}, {u: 12}]) as r on \(condition) | select u")
    #expect(ran.rows == [["9"]])
    #expect(ran.notes.contains { $0.hasPrefix("the nearest by `r.u <= t`") })
  }

  /// A filter before a table was kept is one, too.
  @Test func rowsThatAFilterLeftOutAreNotSeen() {
    let text = "let f = table [{k: 1}, {k: 2}, {k: 3}] | filter k > 1\nf | "
    let note = "lag(k) cannot see 1 of 3 rows that `filter` left out before it"
    #expect(Ran(text + "derive d = lag(k) sort k").notes.contains(note))
    #expect(
      !Ran(text.replacing("k > 1", with: "k > 0") + "derive d = lag(k) sort k").notes.contains {
        $0.contains("cannot see")
      })
  }

  @Test func groupsAndOrderAreOfTheRowsAsTheyCome() {
    let ran = Ran("table [{x: 1}, {x: 3}] | derive x = -x, r = rank() sort x")
    #expect(ran.rows == [["-1", "1"], ["-3", "2"]])
    #expect(ran.notes.contains { $0.hasPrefix("`sort` goes by x as it came") })
    #expect(Ran("table [{x: 3}] | derive o = x * 2, r = rank() sort o").faults.map(\.code) == ["made-here"])
  }

  @Test func aFileThatIsAppendedMayHaveOptions() throws {
    let folder = try TemporaryFolder.make("rounds-append")
    let path = "\(folder)/a.csv"
    let write = Ran("table [{id: \"007\"}] | save \"\(path)\"")
    #expect(write.faults.isEmpty)
    let ran = Ran("table [{id: \"x\"}] | append \"\(path)\" with types = {id: text}")
    #expect(ran.faults.isEmpty && ran.rows == [["x"], ["007"]], "\(ran.faults)")
    #expect(
      Ran("table [{id: 1}] | append (table [{id: 2}]) with strict = true").faults.map(\.code) == [
        "append-options"
      ])
  }

  /// What is refused must not be right in another reading.
  @Test(arguments: [
    "table [{name: \"ab\", k: 1}] | join (table [{name: \"a\", v: 2}]) as b on contains(name, b.name)",
    "table [{code: \"ab\"}] | join (table [{code: \"x\", pre: \"a\"}]) as b on starts_with(code, pre)",
    "table [{`Facility ID`: 1}] | derive facility_id = `Facility ID` * 2, r = row_number() by facility_id",
    "table [{Gauge: 1}] | chart gauge", "table [{a: 1}] | chart bar a",
    "say (table [{a: 1}] | aggregate count() with totals)", "def f(x) = x[0] + 1",
    "def g(d, u) = start_of(d, u)",
    "def h(a, b) = 100 * sum(a) / sum(b)", "def d(h) = h * 2 + 1d", "param p: int = 3 \"help\"",
    "table [{x: 1}] | assert x > 0 \"message\"",
  ]) func whatIsRightIsNotRefused(_ text: String) {
    #expect(Ran(text).faults.map(\.message) == [])
  }

  /// The total's key is not known, and that is no missing value of any row.
  @Test func theTotalIsNoRowOfANote() {
    let text =
      "table [{g: \"a\", x: 1}, {g: \"b\", x: 2}] | aggregate s = if(g == \"a\", sum(x), 0) by g with totals"
    #expect(Ran(text).notes == [])
  }

  @Test func ordersThatDisagreeAreTold() {
    let text =
      "table [{x: \"low\"}] | derive o = ordered(x, \"low\", \"high\") | append (table [{x: \"high\"}] | derive o = ordered(x, "
    let note = "the tables order `o` in different ways"
    #expect(Ran(text + "\"high\", \"low\")) | sort o").notes.contains { $0.hasPrefix(note) })
    #expect(!Ran(text + "\"low\", \"high\")) | sort o").notes.contains { $0.hasPrefix(note) })
  }

  @Test func aNameThatIsGivenIsKept() {
    #expect(Ran("table [{a: 1}, {a: 2}] | aggregate sum(a), sum_a = max(a)").header == ["sum_a_2", "sum_a"])
    let derived = Ran("table [{k: 1}] | derive p_low = 99, p = proportion(k, 3)")
    #expect(derived.header == ["k", "p_low", "p", "p_low_2", "p_high"])
    #expect(derived.rows[0][1] == "99")
    #expect(Ran("table [{k: 1}] | select p = proportion(k, 3), p_low = 99").header.suffix(1) == ["p_low"])
  }

  @Test func whatIsWorkedOutFromAKeyIsNotKnownOfTheTotal() {
    let text =
      "table [{g: \"a\", x: 1}, {g: \"b\", x: 2}] | aggregate s = if(g == \"a\", sum(x), sum(x) * 10) by g with totals"
    #expect(Ran(text).rows == [["a", "1"], ["b", "20"], ["missing", "missing"]])
  }

  @Test(arguments: [
    ("2026-01-31T23:59 in [2026-01-31]", "true"), ("2026-01-31T23:59 in [2026-01-30, 2026-02-01]", "false"),
    ("2026-01-31T23:59 not in [2026-01-31]", "false"),
    ("2026-01-31T23:59 in [2026-01-31, 2026-02-01T12:00]", "true"),
    ("2026-01-31T23:59-05:00 in [2026-01-31]", "true"), ("now() in [today()]", "true"),
    ("2 in [1, 2.0]", "true"), ("missing in [1]", "missing"),
  ]) func aConstantIsInAListAsAColumnIs(_ expression: String, _ answer: String) {
    #expect(Ran("say \(expression)").rows == [[answer]])
  }

  @Test func equalValuesOfTwoGroupsAreCounted() {
    let rows = "table [{v: 1}, {v: 2}, {v: 2}, {v: 3}] | "
    #expect(
      Ran(rows + "derive q = quantile_group(v, 2)").notes.contains {
        $0.hasPrefix("quantile_group(v, 2): 2 of 4 rows have equals in another group")
      })
    #expect(!Ran(rows + "derive q = quantile_group(v, 1)").notes.contains { $0.contains("equals") })
    let cut = "the cut goes through equal values: 1 row like the first one that stays is left out"
    #expect(Ran(rows + "skip 2 sort v").notes.contains(cut))
    #expect(!Ran(rows + "skip 1 sort v").notes.contains { $0.contains("equal values") })
    #expect(
      Ran(rows + "sort v | skip 2").notes.contains { $0.hasPrefix("the cut goes through equal values") })
  }
}

/// Values of which some are missing by the question itself, and others in the data.
@Suite struct MixedAbsenceTests {
  private static let appended =
    "let a = table [{x: 1, g: \"a\"}, {x: missing, g: \"a\"}]; a | append (table [{g: \"b\"}, {g: \"c\"}]) | "
  private static let joined = """
    let a = table [{g: "a"}, {g: "z"}]
    a | join left (table [{g: "a", y: missing}, {g: "a", y: 3}]) on g |
    """

  @Test(arguments: [
    (
      appended + "aggregate sum(x)",
      "sum(x) left out 3 of 4 rows: `x` is missing, in up to 2 of these as where"
    ),
    (
      appended + "filter x > 0",
      "filter left out 3 of 4 rows because `x` is missing, in up to 2 of these as where"
    ),
    (
      appended + "sort x",
      "`x` is missing in 3 rows, in up to 2 of these as where `table` has no `x`, sorted last"
    ),
    (appended + "top 1 x", "top left out 3 rows where `x` is missing, in up to 2 of these as where"),
    (
      appended + "aggregate percent(x > 0)",
      "1 of 1 row where it is known; not known in 3, in up to 2 of these"
    ),
    (
      appended + "aggregate count(where: x > 0)",
      "not known for 3 rows where `x` is missing, in up to 2 of these"
    ),
    (
      joined + " aggregate mean(y)",
      "mean(y) left out 2 of 3 rows: `y` is missing, in up to 1 of these as where"
    ),
  ]) func bothAreTold(_ text: String, _ expected: String) {
    let found = Ran(text).notesTold.first { $0.message.contains(expected) }
    // What the data lacks decides what kind of note it is.
    #expect(found?.kind == .missing)
  }
}
