import Testing

/// Functions that go by rows say where months, weeks or days between the rows are absent.
@Suite struct SeriesGapTests {
  private func rows(_ days: [String]) -> String {
    "table [" + days.enumerated().map { "{d: \($1), n: \($0)}" }.joined(separator: ", ") + "] | "
  }

  private static let months = ["2026-01-01", "2026-02-01", "2026-04-01", "2026-05-01"]

  @Test(arguments: [
    (months, "month", 1, 3), (["2026-01-01", "2026-04-01", "2026-10-01"], "quarter", 1, 2),
    (["2022-01-01", "2023-01-01", "2026-01-01"], "year", 1, 2),
    (["2026-01-05", "2026-01-12", "2026-01-26"], "week", 1, 2),
    (["2026-01-05", "2026-01-06", "2026-01-08", "2026-01-09"], "day", 1, 3),
    (["2026-01-01T00:00", "2026-02-01T00:00", "2026-04-01T00:00"], "month", 1, 2),
  ]) func areTold(_ days: [String], _ word: String, _ count: Int, _ pairs: Int) {
    let told =
      "goes by rows, and \(word)s are absent between \(count) of \(pairs) neighbours by `d`: there the row before is more than one \(word) away"
    for stage in ["derive x = lag(n) sort d", "derive x = lag(n) sort d desc", "sort d | derive x = lag(n)"] {
      let notes = Ran(rows(days.reversed()) + stage).notes
      #expect(notes.contains("lag " + told), "\(stage): \(notes)")
    }
    #expect(Ran(rows(days) + "derive x = difference(n) sort d").notes.contains("difference " + told))
    #expect(Ran(rows(days) + "derive x = rolling_sum(n, 2) sort d").notes.contains("rolling_sum " + told))
    let lead = Ran(rows(days) + "derive x = lead(n) sort d").notes.joined()
    #expect(lead.contains("there the row after is more than one"), "\(lead)")
  }

  /// What is no series, lacks nothing or does not go by rows says nothing.
  @Test(arguments: [
    (["2026-01-01", "2026-02-01", "2026-03-01"], "lag(n) sort d"),
    (["2026-01-01", "2026-04-01", "2026-07-01"], "lag(n) sort d"),
    (["2026-01-05", "2026-01-06", "2026-03-08"], "lag(n) sort d"),
    (["2026-01-01", "2026-01-01", "2026-04-01"], "lag(n) sort d"),
    (["2026-01-05T08:00", "2026-01-06T09:30", "2026-01-08T00:00"], "lag(n) sort d"),
    (["2020-01-01", "2020-07-01", "2021-01-01", "2021-07-01"], "lag(n) sort d"),
    (["2026-01-05", "2026-01-19", "2026-02-02"], "lag(n) sort d"),
    (["2026-01-08", "2026-01-09", "2026-01-12", "2026-01-13"], "lag(n) sort d desc"),
    (months, "running_sum(n) sort d"), (months, "rolling_sum(n, 40d) sort d"),
    (months, "row_number() sort d"),
    (months, "lag(n) sort n"), (months, "lag(n) sort d, n"),
  ]) func areNotMadeUp(_ days: [String], _ call: String) {
    let notes = Ran(rows(days) + "derive x = " + call).notes
    #expect(!notes.contains("goes by rows"), "\(notes)")
  }

  @Test func partitionsAreSeriesOfTheirOwn() {
    let text =
      "table [{g: 1, d: 2026-01-01}, {g: 1, d: 2026-02-01}, {g: 2, d: 2026-05-01}, {g: 2, d: 2026-07-01}, {g: 2, d: 2026-08-01}, {g: 2, d: missing}]"
      + " | derive x = lag(d) by g sort d"
    #expect(
      Ran(text).notes.joined().contains("months are absent between 1 of 3 neighbours by `d`"),
      "\(Ran(text).notes)")
  }
}
