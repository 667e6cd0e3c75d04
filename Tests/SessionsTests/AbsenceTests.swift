import Diagnostics
import TestSupport
import Testing

/// Values that are missing by the question itself are told once, where they come about, and not as bad data again.
@Suite struct AbsenceTests {
  private let rows =
    "table [{g: 1, t: 1, v: 5}, {g: 1, t: 2, v: 6}, {g: 2, t: 1, v: 7}, {g: 2, t: 2, v: missing}] | "

  private func notes(_ text: String) -> [String] { Ran(rows + text).notes }

  @Test func rowsWithoutAnEarlierOrLaterOneAreToldOnce() {
    #expect(
      notes("derive a = lag(v), b = difference(v) by g sort t") == [
        "lag(v): 2 of 4 rows have no earlier row, and are missing there",
        "difference(v): 2 of 4 rows have no earlier row, and are missing there",
      ])
    #expect(
      notes("derive a = lead(v, 3) sort g, t | select a") == [
        "lead(v, 3): 3 of 4 rows have no later row, and are missing there"
      ])
    #expect(notes("derive a = lag(v, 1, 0) by g sort t") == [])
  }

  @Test func whatIsMadeOfThemSaysWhyItIsMissing() {
    let told = Ran(
      rows
        + "derive a = lead(v) by g sort t | aggregate m = mean(a), p = percent(a > 5), n = count(where: a > 5)"
    ).notesTold
    #expect(
      told.dropFirst().map(\.message) == [
        "mean(a) left out 3 of 4 rows: `a` is missing, as where lead(v) has no later row",
        "percent(a > 5): 1 of 1 row where it is known; not known in 3, as where lead(v) has no later row",
        "count(where: a > 5): the condition is not known for 3 rows where `a` is missing, as where lead(v) has no later row",
      ])
    #expect(told.prefix(3).map(\.kind) == [.structural, .structural, .structural])
    #expect(
      notes("derive a = lag(v) by g sort t | filter a > 1").last
        == "filter left out 2 of 4 rows because `a` is missing, as where lag(v) has no earlier row")
    let other = "(table [{g: 1, w: 9}]) as o"
    #expect(
      notes("join left \(other) on g | aggregate m = mean(w)").contains(
        "mean(w) left out 2 of 4 rows: `w` is missing, as where `o` has no match"))
    #expect(
      notes("derive c = case { v > 6 -> 1, v > 5 -> 2 } | aggregate m = mean(c)").contains {
        $0.hasSuffix("`c` is missing, as where no branch of its `case` is true")
      })
    // Of a table that was kept it is known, too.
    let kept = "let k = " + rows + "derive a = lag(v) by g sort t\nk | aggregate m = mean(a)"
    #expect(Ran(kept).notes.last?.hasSuffix("as where lag(v) has no earlier row") == true)
    // What is missing in the data is told as it was.
    #expect(notes("aggregate m = mean(v)") == ["mean(v) left out 1 of 4 rows: `v` is missing"])
  }

  @Test func rowsThatAFilterHidIsTold() {
    #expect(
      notes("filter t > 1 | derive a = lag(v) sort g").contains(
        "lag(v) cannot see 2 of 4 rows that `filter` left out before it"))
    #expect(
      !notes("filter t > 0 | derive a = lag(v) sort g, t").contains { $0.contains("cannot see") })
  }

  @Test func onlyColumnsThatCanBeTheCauseAreNamed() {
    let two = "table [{x: missing, g: \"a\"}, {x: 5, g: missing}, {x: 6, g: \"b\"}] | "
    #expect(
      Ran(two + "filter (x ?? 0) > 3 and g == \"b\"").notes == [
        "filter left out 1 of 3 rows because `g` is missing"
      ])
    #expect(
      Ran(two + "filter x is not missing and g == \"b\"").notes == [
        "filter left out 1 of 3 rows because `g` is missing"
      ])
    #expect(
      Ran(two + "filter x > 3 and g != \"a\"").notes == [
        "filter left out 1 of 3 rows because `g` is missing"
      ])
    #expect(
      Ran(two + "filter lag(x) > 1 sort x").notes.last?.contains("because `lag(x)` is missing") == true)
  }

  @Test func rowsWithoutAKeyAreToldOfSemiAndAntiJoins() {
    let join = "table [{k: 1}, {k: missing}, {k: 2}] | join "
    #expect(
      Ran(join + "semi (table [{k: 1}]) on k").notes == [
        "join semi: 1 of 3 rows are left out: a missing key matches nothing"
      ])
    #expect(
      Ran(join + "anti (table [{k: 1}]) on k").notes == [
        "join anti: 1 of 3 rows are kept: a missing key matches nothing"
      ])
  }

  @Test func aFilterThatKeepsNothingOfOneTableIsToldWithoutSayingThatNothingIsLeft() {
    let told = notes("append (table [{g: 9}] | filter g > 99)")
    #expect(told.contains { $0.hasPrefix("`filter` kept none of 1 row") })
    #expect(notes("filter g > 99").contains { $0.hasPrefix("no rows are left: `filter` kept none") })
  }

  @Test func methodsOfIntervalsAreNamed() {
    #expect(notes("aggregate p = proportion(1, 4)") == ["proportion(1, 4): Wilson's 95% interval"])
    #expect(
      notes("aggregate (r, low) = rate(3, 100)") == [
        "rate(3, 100): 95% limits, exact where there are fewer than 10 events, otherwise Byar's"
      ])
  }
}
