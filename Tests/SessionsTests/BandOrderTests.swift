import Testing

/// Labels of bins and bands that several calls made are in the order of their edges, wherever they meet.
@Suite struct BandOrderTests {
  @Test(arguments: [
    ("filter b > \"20-29\" | count", ["1"]), ("aggregate max(b), min(b)", ["100-109", "0-9"]),
    ("sort b | select b", ["0-9", "20-29", "100-109"]), ("filter b >= \"50-59\" | select x", ["105"]),
    ("filter b between \"10-19\" and \"90-99\" | select x", ["25"]),
  ])
  func appendedBins(_ stages: String, _ expected: [String]) {
    let ran = Ran(
      """
      let a = table [{x: 5}, {x: 25}] | derive b = bin(x, 10)
      a | append (table [{x: 105}] | derive b = bin(x, 10)) | \(stages)
      """)
    #expect(ran.cells == expected)
    #expect(!ran.notes.contains { $0.contains("order") || $0.contains("not known") })
  }

  /// A part of the table that comes later has bins that the first part has not.
  @Test func binsOfLaterParts() {
    let ran = Ran(
      """
      let a = table x = 1..400000 | derive b = bin(x, 100000)
      a | append (table [{x: 50}] | derive b = bin(x, 100000)) | count by b | select b, n
      """)
    #expect(
      ran.cells == [
        "0-99999", "100000", "100000-199999", "100000", "200000-299999", "100000", "300000-399999", "100000",
        "400000-499999", "1",
      ])
    // No row has the bin that is asked for, nor does each part of the table have those beside it.
    let gap = Ran(
      "table x = 1..400000 | filter x < 150000 or x > 350000 | derive b = bin(x, 10000) | filter b > \"200000-209999\" | count"
    )
    #expect(gap.cells == ["50000"])
  }

  @Test(arguments: [
    ("{x: 25, y: 105}", "b < c", "true"), ("{x: 25, y: 105}", "greatest(b, c)", "100-109"),
    ("{x: -15, y: 5}", "b < c", "true"), ("{x: -15, y: -5}", "least(c, b)", "-20 to -11"),
    ("{x: 5, y: 15}", "b > \"<7\"", "true"), ("{x: 5, y: 15}", "c < \"12+\"", "true"),
  ])
  func binsOfTwoColumns(_ row: String, _ expression: String, _ expected: String) {
    let ran = Ran("table [\(row)] | derive b = bin(x, 10), c = bin(y, 10) | select r = \(expression)")
    #expect(ran.cells == [expected])
  }

  @Test func bandsOfDurationsAndDays() {
    #expect(
      Ran("table [{x: 2h}, {x: 5d}] | derive d = bands(x, 1d, 3d) | filter d > \"1d-<2d\" | select d").cells
        == ["3d+"])
    #expect(
      Ran(
        "table [{x: 2024-01-01}, {x: 2024-05-07}] | derive d = bands(x, 2024-02-01, 2024-06-01) | filter d > \"2024-01-05 to 2024-01-31\" | select x"
      ).cells == ["2024-05-07"])
  }

  /// What two orders leave open is told.
  @Test func openOrdersAreTold() {
    let ran = Ran(
      """
      let a = table [{s: "low"}, {s: "high"}] | derive s = ordered(s, "low", "high")
      a | append (table [{s: "medium"}] | derive s = ordered(s, "medium")) | sort s
      """)
    #expect(ran.cells == ["low", "high", "medium"])
    #expect(
      ran.notes.contains {
        $0.contains("do not say whether \"low\" or \"medium\" comes first: by letters here")
      })
    let closed = Ran(
      """
      let a = table [{s: "low"}, {s: "high"}] | derive s = ordered(s, "low", "high")
      a | append (table [{s: "medium"}] | derive s = ordered(s, "high", "medium")) | sort s
      """)
    #expect(closed.cells == ["low", "high", "medium"] && closed.notes.isEmpty)
    let against = Ran(
      "table [{s: \"a\"}] | derive x = ordered(s, \"a\", \"b\"), y = ordered(s, \"b\", \"a\") | select x < y, x == y"
    )
    #expect(against.cells == ["missing", "true"])
  }

  /// What the order does not list has its place in a sort, and there only.
  @Test func unlistedTexts() {
    let ran = Ran(
      """
      table [{s: "odd"}, {s: "high"}] | derive o = ordered(s, "low", "mid", "high")
        | select greatest(o, "mid"), greatest("mid", o), least(o, "mid"), least("mid", o)
      """)
    #expect(ran.cells == ["odd", "odd", "mid", "mid", "high", "high", "mid", "mid"])
    #expect(ran.notes.contains { $0.contains("behind it in a sort and for max") })
  }
}
