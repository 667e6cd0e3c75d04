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
    ("{x: 5, y: 15}", "b > \"-10 to -1\"", "true"), ("{x: 5, y: 15}", "c < \"200-209\"", "true"),
    ("{x: 5, y: 15}", "b > \"<7\"", "missing"), ("{x: 5, y: 15}", "b < \"12-21\"", "missing"),
  ])
  func binsOfTwoColumns(_ row: String, _ expression: String, _ expected: String) {
    let ran = Ran("table [\(row)] | derive b = bin(x, 10), c = bin(y, 10) | select r = \(expression)")
    #expect(ran.cells == [expected])
  }

  @Test func bandsOfDurationsAndDays() {
    #expect(
      Ran(
        "table [{x: 2h}, {x: 5d}] | derive d = bands(x, 1d, 3d) | append (table [{x: 9d}] | derive d = bands(x, 1d, 7d)) | sort d | select d"
      ).cells == ["<1d", "3d+", "7d+"])
    #expect(
      Ran(
        """
        table [{x: 2024-05-07}] | derive d = bands(x, 2024-02-01, 2024-06-01)
          | append (table [{x: 2024-03-01}] | derive d = bands(x, 2024-01-01, 2024-04-01)) | sort d | select x
        """
      ).cells == ["2024-03-01", "2024-05-07"])
  }

  /// What a part of the table has not met yet changes no answer.
  @Test(arguments: [("151-159", "0"), ("150-159", "299840"), ("5-14", "0"), ("400000-400009", "0")])
  func everyPartKnowsAsMuch(_ label: String, _ expected: String) {
    let ran = Ran(
      "table x = 1..300000 | derive b = bin(x, 10) | filter x < 100 or x > 159 | filter b > \"\(label)\" | count"
    )
    #expect(ran.cells == [expected == "299840" ? "299841" : expected])
  }

  /// A band that does not occur has its place; one that has values together with these has none, and it is told.
  @Test func bandsThatDoNotOccur() {
    let ran = Ran(
      "table x = [5, 50, 120] | derive k = bin(x, 10) | select greatest(k, \"60-69\"), least(k, \"60-69\"), clamp(k, \"20-29\", \"60-69\")"
    )
    #expect(
      ran.cells == ["60-69", "0-9", "20-29", "60-69", "50-59", "50-59", "120-129", "60-69", "60-69"])
    let mistyped = Ran(
      "table [{x: 10}, {x: 30}, {x: 70}] | derive b = bands(x, 18, 65) | filter b >= \"18-65\"")
    #expect(mistyped.rows.isEmpty)
    #expect(mistyped.notes.contains { $0.hasPrefix("\"18-65\" is not in the order of `b`") })
  }

  /// Labels of whole numbers and of fractions that look alike leave the others in order.
  @Test func bandsOfTheSameEdges() {
    let ran = Ran(
      """
      table x = [1, 50, 100] | derive b = bands(x, 18, 65), c = bands(float(x), 18, 64), d = bands(x, 30, 70)
        | unpivot b..d into k, v | sort v | select v
      """)
    #expect(ran.cells == ["<18", "<18", "<30", "18-64", "18-<64", "30-69", "64+", "65+", "70+"])
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

  /// The third table settles what the first two leave open, whatever comes first.
  @Test func threeOrdersTogether() {
    let tables = """
      let a = table [{s: "low"}, {s: "high"}] | derive s = ordered(s, "low", "high")
      let b = table [{s: "medium"}, {s: "top"}] | derive s = ordered(s, "medium", "top")
      let c = table [{s: "medium"}] | derive s = ordered(s, "low", "medium", "high", "top")\n
      """
    for order in ["a | append b, c", "b | append a, c", "c | append b, a"] {
      let ran = Ran(tables + order + " | distinct s | sort s")
      #expect(ran.cells == ["low", "medium", "high", "top"])
      #expect(ran.notes.isEmpty)
    }
    let circle = Ran(
      tables
        + "let d = table [{s: \"top\"}] | derive s = ordered(s, \"top\", \"low\")\na | append c, d | distinct s"
    )
    #expect(circle.notes.contains { $0.hasPrefix("the tables order `s` in different ways") })
  }

  /// Orders that do not agree are told wherever texts are put together.
  @Test(arguments: [
    ("derive z = if(n == 1, x, y)", "`if(n == 1, …)`: the orders of the texts contradict each other"),
    ("derive z = case { n == 1 -> x, else -> w }", "which of some comes first"),
    ("derive z = if(n == 1, x) ?? y", "the orders of the texts contradict each other"),
    ("unpivot x, y into k, v", "unpivot: the orders of the texts contradict each other"),
    ("unpivot x, w into k, v", "unpivot: the orders of the texts do not say which of some comes first"),
  ]) func ordersThatDoNotAgree(_ stage: String, _ told: String) {
    let rows =
      "table [{n: 1, s: \"a\"}, {n: 2, s: \"b\"}] | derive x = ordered(s, \"a\", \"b\"), y = ordered(s, \"b\", \"a\"), w = ordered(if(n == 1, \"c\", \"d\"), \"c\", \"d\") | "
    let notes = Ran(rows + stage).notes.filter { $0.contains("orders of the texts") }
    #expect(notes.count == 1)
    #expect(notes.first?.contains(told) == true)
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
