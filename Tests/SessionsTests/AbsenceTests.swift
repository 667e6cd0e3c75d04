import Diagnostics
import TestSupport
import Testing

/// Values that are missing by the question itself are told once, where they come about, and not as bad data again.
@Suite struct AbsenceTests {
  private let rows =
    "table [{g: 1, t: 1, v: 5, u: 5}, {g: 1, t: 2, v: 6, u: 6}, {g: 2, t: 1, v: 7, u: 7}, {g: 2, t: 2, v: missing, u: 8}] | "

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
        + "derive a = lead(u) by g sort t | aggregate m = mean(a), p = percent(a > 5), n = count(where: a > 5)"
    ).notesTold
    #expect(
      told.dropFirst().map(\.message) == [
        "mean(a) left out 2 of 4 rows: `a` is missing, as where lead(u) has no later row",
        "percent(a > 5): 2 of 2 rows where it is known; not known in 2, as where lead(u) has no later row — to count them as no: percent((a > 5) ?? false)",
        "count(where: a > 5): the condition is not known for 2 rows where `a` is missing, as where lead(u) has no later row",
      ])
    #expect(told.prefix(3).map(\.kind) == [.structural, .structural, .structural])
    #expect(
      notes("derive a = lag(u) by g sort t | filter a > 1").last
        == "filter left out 2 of 4 rows because `a` is missing, as where lag(u) has no earlier row")
    let other = "(table [{g: 1, w: 9}]) as o"
    #expect(
      notes("join left \(other) on g | aggregate m = mean(w)").contains(
        "mean(w) left out 2 of 4 rows: `w` is missing, as where `o` has no match"))
    // Of a table that was kept it is known, too.
    let kept = "let k = " + rows + "derive a = lag(u) by g sort t\nk | aggregate m = mean(a)"
    #expect(Ran(kept).notes.last?.hasSuffix("as where lag(u) has no earlier row") == true)
    // What is missing in the data is told as it was, and so is what is missing for both reasons.
    let filled = "derive c = lag(v) ?? 0 by g sort t | derive z = c + v | aggregate m = mean(z)"
    #expect(notes(filled).last == "mean(z) left out 1 of 4 rows: `z` is missing")
    #expect(
      notes("derive a = lead(v) by g sort t | filter t < 2 and a > 0").last
        == "filter left out 1 of 4 rows because `a` is missing")
    let whole = "(table [{g: 1, w: 9}, {g: 2}]) as o"
    #expect(
      notes("join left \(whole) on g | aggregate m = mean(w)")
        == ["mean(w) left out 2 of 4 rows: `w` is missing"])
    #expect(notes("aggregate m = mean(v)") == ["mean(v) left out 1 of 4 rows: `v` is missing"])
  }

  @Test func tablesMadeOfThemselvesAreLookedThroughInNoTime() {
    let first = "let t0 = table [{a: 1, b: 2}, {a: 2, b: 3}] | derive x = lag(b) sort a\n"
    let others = (0..<40).map {
      "let t\($0 + 1) = t\($0) | join left (t\($0) | select a, y = x) on a | select a, x = x + y"
    }
    let run = Ran(first + others.joined(separator: "\n") + "\nt40 | aggregate n = count(x)")
    #expect(run.cells == ["1"])
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
