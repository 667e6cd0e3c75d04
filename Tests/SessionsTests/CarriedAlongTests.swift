import Diagnostics
import Sessions
import Testing

/// What a stage leaves to those behind it: order, columns, reasons for what is missing.
struct CarriedAlongTests {
  /// A column that nobody named takes no other's place, be it made in this stage or before.
  @Test func whatNobodyNamedTakesNoColumnsPlace() {
    let kept = Ran("table [{k: 1, max_x: \"keep me\"}] | derive x = 1, max(x)")
    #expect(kept.header == ["k", "max_x", "x", "max_x_2"])
    #expect(kept.rows == [["1", "keep me", "1", "1"]])
    let twice = Ran("table [{a: -1}] | derive a + 1, a = 5, a + 1")
    #expect(twice.header == ["a", "a + 1", "a + 1_2"] && twice.rows == [["5", "0", "6"]])
    let limits = Ran("table [{k: 1, n: 4}] | derive proportion(k, n), proportion(k, n)")
    #expect(limits.header.filter { $0.hasSuffix("_low") }.count == 2 && limits.header.count == 8)
  }

  /// Rows that a filter has left out may be those that had no earlier or later row.
  @Test func theReasonOfTheQuestionIsAnUpperBoundBehindAFilter() {
    let rows = "table [{t: 1, v: 1}, {t: 2, v: missing}, {t: 3, v: 3}] | derive y = lead(v) sort t | "
    let known = Ran(rows + "aggregate s = sum(y)").notesTold.last
    #expect(
      known?.message
        == "sum(y) left out 2 of 3 rows: `y` is missing, in up to 1 of these as where lead(v) has no later row"
    )
    let behind = Ran(rows + "filter t < 3 | aggregate s = sum(y)").notesTold.last
    #expect(behind?.kind == .missing)
    #expect(
      behind?.message
        == "sum(y) left out 1 of 2 rows: `y` is missing, in up to 1 of these as where lead(v) has no later row"
    )
    let joined =
      "table [{k: 1}, {k: 2}] | join left (table [{k: 1, z: missing}]) as r on k | filter k == 1 | aggregate s = sum(z)"
    #expect(Ran(joined).notesTold.last?.kind == .missing)
  }

  /// The order of a kept table is that of the stages that made it.
  @Test func theCutOfAKeptTableIsTold() {
    let rows = "let s = (table [{x: 2, y: 1}, {x: 5, y: 2}, {x: 5, y: 3}] | sort -x)\n"
    let said = "the cut goes through equal values: rows as good as the last one are left out"
    #expect(Ran(rows + "s | take 1").notes.contains(said))
    #expect(Ran(rows + "s | filter y > 1 | take 1").notes.contains(said))
    #expect(!Ran(rows + "s | take 2").notes.contains(said))
    #expect(!Ran(rows + "s | filter y > 2 | take 1").notes.contains(said))
  }

  @Test func timesWithoutAnOffsetBesideOthersAreTold() {
    let rows = "table [{t: 2024-03-31T01:30:00+01:00}, {t: missing}] | "
    for (stage, sign) in [
      ("filter t > 2024-03-31T00:00", ">"),
      ("filter t between 2024-03-31T00:00 and 2024-03-31T09:00", "between"),
      ("derive d = t - 2024-03-31T00:00", "-"),
    ] {
      #expect(
        Ran(rows + stage).notes.contains(
          "`\(sign)`: 1 time has no offset, beside times that have one: taken as UTC"), "\(stage)")
    }
    #expect(!Ran(rows + "filter t > 2024-03-31T00:00Z").notes.contains { $0.contains("offset") })
  }

  @Test func keysOfTwoOrdersAndOfTwoTypesAreTold() {
    let rows =
      "let p = (table [{s: \"low\"}, {s: \"high\"}] | derive s = ordered(s, \"low\", \"high\"))\nlet q = (table [{s: \"high\"}, {s: \"mid\"}] | derive s = ordered(s, \"high\", \"low\"))\n"
    #expect(
      Ran(rows + "p | join full q on s").notes.contains {
        $0.hasPrefix("`s` of both sides: the orders of the texts contradict each other")
      })
    #expect(!Ran(rows + "p | join q on s").notes.contains { $0.contains("orders of the texts") })
    let times =
      "table [{d: 2024-03-01}] | join right (table [{d: 2024-03-01T10:00}]) as t on d"
    #expect(Ran(times).notes.contains("the key d stands once, as a date: on d == t.d keeps the times of t.d"))
  }

  @Test func theMeanOfEqualNumbersIsThatNumber() {
    for number in ["0.2", "0.1", "1.1", "2.675", "1e300"] {
      let rows = (0..<7).map { _ in "{f: \(number)}" }.joined(separator: ", ")
      #expect(Ran("table [\(rows)] | filter f == mean(f) | count").cells == ["7"], "\(number)")
    }
  }

  /// What is asked of the whole table is asked of one without rows, too.
  @Test func anAssertionOfAggregatesIsCheckedWithoutRows() {
    let empty = "table [{a: 1}] | filter a > 5 | "
    #expect(Ran(empty + "assert count() > 0 \"nothing came\"").status == .assertion)
    #expect(
      Ran(empty + "assert count() > 0 \"nothing came\"").messages == [
        "nothing came: the assertion is not true of a table without rows"
      ])
    #expect(Ran(empty + "assert count() == 0").status == .done)
    #expect(Ran(empty + "assert a > 0").status == .done)
    #expect(Ran(empty + "assert mean(a) > 0").status == .assertion)
  }

  @Test func anEqualityOfOneTableIsRefusedBesideOthers() {
    let tables = "let a = (table [{w: 1, x: 5}])\nlet b = (table [{w: 2, lo: 1}])\n"
    for condition in ["w == a.w and x > lo", "a.w == w and x > lo", "x > lo and w == a.w"] {
      let ran = Ran(tables + "a | join b on \(condition)")
      #expect(ran.messages == ["both columns of this condition are read from one table"], "\(condition)")
      #expect(ran.faults.first?.help.last == "a name in front says of which side a column is; write w == b.w")
    }
    #expect(Ran(tables + "a | join b on w == w and x > lo").rows == [])
  }

  @Test func oneResultAloneTellsWhatItCannotSay() {
    #expect(
      Ran("table [{k: 5, n: 4}] | derive lo = proportion_low(k, n)").notes == [
        "proportion_low(…): 1 without a share (n is 0, or k lies outside 0 to n), became missing"
      ])
    #expect(
      Ran("table [{k: 0}] | derive d = risk_difference(k, 10, k, 12)").notes.last
        == "risk_difference(…): 1 without a p value (nobody, or everybody, has an event), which became missing"
    )
    // The further results of a call are told with it, once.
    #expect(
      Ran("table [{k: 5}] | derive p = proportion(k, 4)").notes.filter { $0.contains("became missing") }.count
        == 1)
  }

  @Test func aSumThatDoesNotFitNamesItsGroup() {
    let rows =
      "table [{g: \"a\", t: 1, n: 1}, {g: \"b\", t: 1, n: -9223372036854775808}, {g: \"b\", t: 2, n: -4}] | "
    for (stage, call) in [
      ("derive s = sum(n) by g", "sum(n)"), ("derive s = running_sum(n) by g sort t", "running_sum(n)"),
      ("aggregate s = sum(n) by g", "sum(n)"),
    ] {
      let message = Ran(rows + stage).messages.first ?? ""
      #expect(message.hasPrefix("\(call): the sum is -") && message.hasSuffix("(g b)"), "\(message)")
    }
  }

  @Test func durationsAreReadAsTheyAreWritten() {
    let ran = Ran(
      "table [{d: 16h 58min 14s 25895us}] | derive e = duration(text(d)), same = d == 61094025895us")
    #expect(ran.rows == [["16h 58min 14s 25895us", "16h 58min 14s 25895us", "true"]])
  }

  @Test func aScriptIsGivenItsDay() {
    #expect(
      Ran("param p: date = 2026-01-01\nset today = p\nsay today()", set: ["p": "2025-03-04"]).cells == [
        "2025-03-04"
      ])
    #expect(Ran("param n = 5\nsay n", set: ["n": "1_000"]).cells == ["1000"])
    #expect(Ran("param n = 5\nsay n", set: ["n": "1_"]).status != .done)
    #expect(Ran("param w: list = [\"a\", \"b\"]\nsay length(w)", set: ["w": "x"]).cells == ["1"])
  }

  @Test func limitsWithoutWidthAreNone() {
    let ran = Ran("table [{k: 10}] | derive r = risk_ratio(k, 10, 12, 12)")
    #expect(ran.rows == [["10", "1.0", "missing", "missing", "missing"]])
    #expect(ran.notes.contains { $0.contains("1 without limits") })
  }

  @Test func valuesTooCloseToTellAreAFault() {
    let rows = "table [{x: 1e-163, y: 1}, {x: 2e-163, y: 2}, {x: 5e-163, y: 9}] | aggregate "
    for call in ["stddev(x)", "skew(x)", "correlation(x, y)", "slope(y, x)"] {
      #expect(Ran(rows + call).messages.first?.contains("below the smallest number") == true, "\(call)")
    }
    #expect(Ran("table [{x: 1e-163}, {x: 1e-163}] | aggregate stddev(x)").cells == ["0.0"])
  }

  /// Rows that a join repeats are no longer those that were counted.
  @Test func theReasonBehindARepeatingJoinHasNoNumber() {
    let rows = "table [{k: 1}, {k: 2}] | join left (table [{k: 1, z: 4}]) as r on k | join left "
    #expect(
      Ran(rows + "(table [{k: 2, q: 1}, {k: 2, q: 2}]) as s on k | aggregate s = sum(z)").notes.last
        == "sum(z) left out 2 of 3 rows: `z` is missing, in some of these as where `r` has no match")
    #expect(
      Ran(rows + "(table [{k: 2, q: 1}]) as s on k | aggregate s = sum(z)").notes.last
        == "sum(z) left out 1 of 2 rows: `z` is missing, as where `r` has no match")
  }

  /// The name before the dot is looked up once for each join.
  @Test func namesBehindManyJoinsAreFoundAtOnce() {
    let joins = (0..<24).map { "join t as t\($0) on k" }.joined(separator: " | ")
    let ran = Ran("let t = (table [{k: 1, v: 2}])\nt | \(joins) | filter t.k == 1")
    #expect(ran.messages == ["there is no column `t.k`"])
    let alias = Ran(
      "let a = (table [{k: 1, v: 2}])\nlet b = (table [{k: 1, v: 3}])\na | join b as p on k | filter b.v == 3"
    )
    #expect(alias.faults.first?.help == ["`b` is called `p` in this pipeline: write p.v"])
  }

  @Test func aFieldOfARecordIsNoPropertyOfATable() {
    #expect(Ran("let r = {shape: 3, columns: 4}\nlet s = r.shape\nsay s\nsay r.columns").cells == ["3", "4"])
  }

  @Test func anOrderedTextHasItsOwnEnds() {
    let rows = "table [{s: \"low\"}, {s: \"high\"}] | derive s = ordered(s, \"low\", \"mid\", \"high\") | "
    let ran = Ran(rows + "filter s between \"mid\" and \"high\" | count")
    #expect(ran.cells == ["1"] && ran.notes == [])
  }

  /// A day beside a time holds all of its times.
  @Test func daysAndTimesAreTurnedRoundByTheDay() {
    let times = "table [{t: 2025-01-01T12:00}] | filter t between 2025-01-01T10:00 and 2025-01-01 | count"
    #expect(Ran(times).cells == ["1"] && Ran(times).notes == [])
    let days = "table [{d: 2020-01-01}] | filter d between 2020-01-01T10:00 and 2020-01-01T05:00 | count"
    #expect(Ran(days).notes == [])
    #expect(
      Ran("table [{t: 2025-01-01T12:00}] | derive x = t between 2025-01-02 and 2025-01-01T23:00").notes
        .contains {
          $0.hasPrefix("nothing lies between")
        })
  }

  @Test func theReasonBehindAKeptRepeatingJoinHasNoNumber() {
    let rows =
      "let t = (table [{k: 1}, {k: 2}] | join left (table [{k: 1, z: 4}]) as r on k | join left (table [{k: 2, q: 1}, {k: 2, q: 2}]) as s on k)\n"
    #expect(
      Ran(rows + "t | aggregate s = sum(z)").notes.last
        == "sum(z) left out 2 of 3 rows: `z` is missing, in some of these as where `r` has no match")
  }
}
