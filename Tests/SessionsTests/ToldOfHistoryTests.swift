import Diagnostics
import TestSupport
import Testing

/// What is told of values by what stages before did to them, in the same pipeline or in a table that was kept.
@Suite struct ToldOfHistoryTests {
  private let tables = """
    let wards = table [{w: "a", beds: 10}, {w: "b", beds: 20}, {w: "c", beds: 30}]
    let stays = table [{w: "a", cost: 1, d: 2025-01-05}, {w: "a", cost: 2, d: 2025-01-19}, {w: "b", cost: 5, d: 2025-05-30}]

    """

  private let added =
    "sum(beds) takes the values of 2 rows of `wards` 3 times, as often as they matched: add them up before the join, or behind a distinct of its columns"

  private var addedBefore: String {
    added.replacing(": add", with: ", counted before `filter`: add")
  }

  private func says(_ text: String, _ said: String) -> Bool { Ran(tables + text).notes.contains(said) }

  @Test func sumsOfTheOtherSideOfAJoinAreTold() {
    #expect(says("stays | join wards on w | aggregate sum(beds)", added))
    #expect(says("stays | join left wards on w | aggregate n = count(), b = sum(beds) by w", added))
    #expect(
      says(
        "stays | join wards on w | filter beds > 5 | aggregate sum(beds)", addedBefore
      ))
    // Each stay of a ward may be another group, or be left out.
    let other = [
      "aggregate sum(beds) by d", "filter cost == 1 | aggregate sum(beds)", "aggregate mean(beds)",
    ]
    for stage in other {
      #expect(
        !Ran(tables + "stays | join wards on w | " + stage).notes.contains { $0.contains("as often") },
        "\(stage)")
    }
    // Where each row matches once, nothing is added twice.
    #expect(
      !Ran(tables + "stays | distinct w | join wards on w | aggregate sum(beds)").notes.contains {
        $0.contains("as often")
      })
    #expect(
      Ran(tables + "stays | join wards on w | distinct w, beds | aggregate s = sum(beds)").cells == ["30"])
  }

  @Test func whatAJoinRepeatedIsToldWhenItsRowsWereKept() {
    #expect(says("let j = stays | join wards on w\nj | aggregate sum(beds)", added))
    let filtered = "let j = stays | join wards on w\nlet k = j | filter beds > 5\nk | aggregate sum(beds)"
    #expect(says(filtered, addedBefore))
    let repeated =
      "sum(beds) takes the values of 1 row several times: the join with `stays` made 1 row more of them; aggregate before the join, or join semi"
    let kept = "let j = wards | join stays on w\n"
    #expect(says(kept + "j | aggregate sum(beds)", repeated))
    #expect(
      says(
        kept + "j | derive b = beds * 2 | aggregate sum(b)", repeated.replacing("sum(beds)", with: "sum(b)")))
    #expect(!Ran(tables + kept + "j | aggregate sum(cost)").notes.contains { $0.contains("several times") })
    #expect(
      !Ran(tables + kept + "j | aggregate sum(beds) by d").notes.contains { $0.contains("several times") })
  }

  /// What the query of a kept table asked was answered then.
  @Test func aKeptTableDoesNotRepeatWhatWasToldOfItsOwnCalls() {
    let kept = "let s = wards | join stays on w | aggregate t = sum(beds) by w\n"
    let told = Ran(tables + kept + "s | aggregate max(w)").notes.filter { $0.contains("sum(beds)") }
    #expect(told.count == 1)
    let again = Ran(
      tables + "let j = wards | join stays on w\nj | aggregate sum(beds)\nj | aggregate sum(cost)")
    #expect(again.notes.filter { $0.contains("several times") }.count == 1)
  }

  @Test func periodsWithoutRowsAreToldWhenTheirCountsWereKept() {
    let kept = "let m = stays | aggregate n = count() by month = start_of(d, month)\n"
    let said =
      "3 of the 5 months from the first to the last have no row: to mean(n) they are not 0, they do not exist"
    #expect(says(kept + "m | aggregate mean(n)", said))
    #expect(!Ran(tables + kept + "m | filter month >= 2025-02-01 | aggregate mean(n)").notes.contains(said))
  }

  @Test func aSeriesIsKnownByTheUnitOfItsStarts() {
    // January and May alone are no rhythm of months, nor these weeks one of weeks.
    let weeks = "stays | aggregate n = count() by week = start_of(d, week) | aggregate mean(n)"
    #expect(
      says(
        weeks,
        "19 of the 22 weeks from the first to the last have no row: to mean(n) they are not 0, they do not exist"
      ))
    let hours =
      "table [{t: 2025-01-01T08:20}, {t: 2025-01-01T08:50}, {t: 2025-01-01T11:00}] | aggregate n = count() by h = start_of(t, hour)"
    #expect(
      says(
        hours + " | aggregate mean(n)",
        "2 of the 4 hours from the first to the last have no row: to mean(n) they are not 0, they do not exist"
      ))
    #expect(
      says(
        hours + " | derive c = n - lag(n) sort h",
        "lag goes by rows, and hours are absent between 1 of 1 neighbours by `h`: there the row before is more than one hour away"
      ))
  }

  /// Days of times, and the steps of a list that was split, are periods as the starts of days and hours are.
  @Test func daysAndStepsAreSeries() {
    let days =
      "table [{t: 2026-01-05T08:00}, {t: 2026-01-06T09:00}, {t: 2026-03-06T10:00}] | aggregate n = count() by d = date(t) | aggregate mean(n)"
    #expect(
      Ran(days).notes.contains { $0.hasPrefix("58 of the 61 days from the first to the last have no row") })
    let hours =
      "table [{a: 2026-01-05T08:10, b: 2026-01-05T09:10}, {a: 2026-01-05T20:10, b: 2026-01-05T20:50}] | derive h = sequence(start_of(a, hour), b, 1h) | split h | aggregate n = count() by h | aggregate mean(n)"
    #expect(
      Ran(hours).notes.contains { $0.hasPrefix("10 of the 13 hours from the first to the last have no row") })
    // Steps of another length are no hours.
    let halves = hours.replacing("1h)", with: "30min)")
    #expect(!Ran(halves).notes.contains { $0.contains("hours from the first") })
  }

  @Test func whatAPercentIsOfWasCountedBefore() {
    let rows = "table [{g: 1, x: true}, {g: 1, x: false}, {g: 2, x: true}] | aggregate p = percent(x) by g"
    #expect(Ran(rows).notes == ["percent(x): 2 of 3 rows"])
    #expect(Ran(rows + " | filter p < 100").notes == ["percent(x): 2 of 3 rows, counted before `filter`"])
  }

  @Test func bothSidesOfARatioAreToldOfEachOther() {
    let rows = "table [{f: missing, d: 9, g: 1}, {f: 3, d: missing, g: 2}, {f: 2, d: 5, g: 2}] | "
    let above =
      "sum(f) left out 1 of 3 rows: `f` is missing; sum(d), which it is divided by, counts such rows: sum(d, where: f is not missing) does not"
    let below =
      "sum(d) left out 1 of 3 rows: `d` is missing; sum(f), which is divided by it, counts such rows: sum(f, where: d is not missing) does not"
    for text in [
      "aggregate r = sum(f) / sum(d)", "aggregate f = sum(f), d = sum(d) | derive r = 1000 * f / d",
      "aggregate r = rate(sum(f), sum(d))",
      "aggregate a = sum(f), b = sum(d) | select r = 100 * (a / b)",
    ] {
      #expect(Ran(rows + text).notes.filter { !$0.contains("95%") } == [above, below], "\(text)")
    }
    // Rows in which both are missing are counted by neither.
    let both =
      "table [{d: 1, n: 2}, {d: missing, n: missing}, {d: missing, n: 7}] | aggregate r = sum(d) / sum(n)"
    #expect(
      Ran(both).notes == [
        "sum(d) left out 2 of 3 rows: `d` is missing; sum(n), which it is divided by, counts 1 of these: sum(n, where: d is not missing) does not",
        "sum(n) left out 1 of 3 rows: `n` is missing",
      ])
    let picked = rows + "aggregate r = sum(f, where: g == 2 or g == 3) / sum(d, where: g == 2 or g == 3)"
    #expect(
      Ran(picked).notes.contains {
        $0.hasSuffix("sum(f, where: (g == 2 or g == 3) and d is not missing) does not")
      })
    // Other rows on purpose.
    #expect(
      !Ran(rows + "aggregate r = sum(f, where: g == 2) / sum(d)").notes.contains { $0.contains("divided") })
  }

  @Test func aNoteStandsUnderItsStepAlone() {
    let run = Ran("set steps = on\ntable [{a: 1}, {a: missing}] | filter a > 0 | take 1")
    #expect(run.notesTold.filter { $0.message.contains("missing") }.map(\.isTold) == [true])
  }
}
