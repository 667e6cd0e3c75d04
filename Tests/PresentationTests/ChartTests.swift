import Columns
import Diagnostics
import Planning
import Testing

@testable import Presentation

/// Days of the firsts of the months of 2025.
private let months: [Value] = (1...12).map { .date(Calendar.days(year: 2025, month: $0, day: 1) ?? 0) }

func drawn(
  _ specification: ChartSpecification, _ table: Table, _ style: ChartStyle = ChartStyle()
) throws -> [String] {
  try ChartRenderer.render(specification, table, style: style).lines
}

@Suite struct BarTests {
  private let data = table(
    ("department", texts("Emergency", "Surgery", "Ward 3", "Lab")),
    ("visits", [.int(4000), .int(1000), .int(125), .missing]))

  @Test func barsCarryTheirValues() throws {
    let lines = try drawn(ChartSpecification(kind: "bar", y: [1], x: 0), data, ChartStyle(width: 50))
    #expect(
      lines == [
        "visits by department",
        "Emergency │█████████████████████████████████ 4,000",
        "Surgery   │████████▎ 1,000",
        "Ward 3    │█ 125",
        "Lab       │missing",
        "○ 1 of 4 points could not be drawn: visits is",
        "  missing",
      ])
  }

  @Test func labelsThatBeginAlikeStayApart() throws {
    let long = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    let data = table(
      ("k", texts(long + " first", long + " second", long + " first", "b" + long)), ("n", ints(1, 2, 3, 4)))
    for width in [20, 30, 40, 80] {
      let lines = try drawn(ChartSpecification(kind: "bar", y: [1], x: 0), data, ChartStyle(width: width))
      let labels = lines.compactMap { $0.contains("│") ? $0.prefix { $0 != "│" } : nil }
      #expect(labels.count == 4 && Set(labels).count == 3 && labels[0] == labels[2], "\(lines)")
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "\(lines)")
    }
    // What differs stands in the middle, or nowhere within reach.
    for texts in [
      ["xxxxxxxxxxAyyyyyyyyyy", "xxxxxxxxxxByyyyyyyyyy"], ["患者患者患者患者一患者患者患者", "患者患者患者患者二患者患者患者"],
    ] {
      for width in 3...14 {
        let labels = Fitting.shortenApart(texts, width, "…")
        #expect(labels[0] != labels[1] && labels.allSatisfy { DisplayWidth.of($0) <= width }, "\(labels)")
      }
    }
    #expect(Fitting.shortenApart(["abcdef", "ab", "abcdef"], 4, "…") == ["abc…", "ab", "abc…"])
  }

  @Test func barsOfTheLargestNumbers() throws {
    let data = table(
      ("k", texts("a", "b", "c", "d")), ("v", [.float(1.7e308), .float(-1.7e308), .float(8.5e307), .missing]))
    let lines = try drawn(ChartSpecification(kind: "bar", y: [1], x: 0), data, ChartStyle(width: 60))
    func marks(_ row: Int) -> Int { lines[row].count { $0 == "█" } }
    #expect(marks(1) > 10 && abs(marks(1) - marks(2)) <= 1 && abs(marks(3) * 2 - marks(1)) <= 1, "\(lines)")
    #expect(lines[1].hasSuffix("1.7e+308") && lines[4].contains("missing"))
    #expect(lines.last == "○ 1 of 4 points could not be drawn: v is missing")
    let (svg, _) = try ChartRenderer.renderSVG(ChartSpecification(kind: "bar", y: [1], x: 0), data)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  /// No kind breaks, runs over the width or says something untrue of extremes.
  @Test(arguments: ["bar", "line", "area", "scatter", "stacked", "box", "histogram", "sparkline", "heatmap"])
  func extremes(_ kind: String) throws {
    let sets: [[Value]] = [
      [.float(1.7e308), .float(-1.7e308), .float(1e308), .float(3e307)],
      [.float(-5), .float(-1), .float(-3), .float(-2)],
      [.float(7), .float(7), .float(7), .float(7)], [.missing, .missing, .missing, .missing],
      [.float(.infinity), .float(-.infinity), .float(1), .float(2)],
      [.float(.leastNonzeroMagnitude), .float(0), .float(-.leastNonzeroMagnitude), .float(1e-300)],
      [.int(.max), .int(.min), .int(0), .int(1)],
      [.float(4e307), .float(-4e307), .float(4e307), .float(-4e307)],
    ]
    for values in sets {
      let data = table(("k", texts("a", "b", "c", "d")), ("v", values), ("g", texts("x", "x", "y", "y")))
      for rows in [data, data.prefix(1), data.prefix(0)] {
        for width in [40, 80] {
          var specification = ChartSpecification(kind: kind, y: [1], x: 0)
          if kind == "heatmap" { specification.split = 2 }
          if kind == "histogram" || kind == "box" { specification.x = nil }
          let lines: [String]
          do {
            lines = try drawn(specification, rows, ChartStyle(width: width))
          } catch {
            // Only stacking refuses: negative parts, and sums beyond what can be drawn.
            #expect(kind == "stacked", "\(kind) \(values) \(error)")
            continue
          }
          let text = lines.joined(separator: "\n")
          #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "\(kind) \(values)\n\(text)")
          #expect(!text.lowercased().contains("nan") && !text.contains("inf"), "\(kind)\n\(text)")
          if rows.rowCount == 4, values[0] == .float(1.7e308), kind != "bar" {
            #expect(
              text.contains("3 of 4 points could not be drawn: v is") && text.contains("too large to draw"),
              "\(text)")
          }
          let (svg, _) = try ChartRenderer.renderSVG(specification, rows)
          #expect(!svg.contains("nan") && !svg.contains("\"inf"), "\(kind) \(values)")
        }
      }
    }
  }

  @Test func barsOfOneLabelAreTold() throws {
    let data = table(
      ("ward", texts("A", "A", "B")), ("n", ints(3, 2, 5)), ("site", texts("North", "South", "North")))
    func notes(_ data: Table, split: Int? = nil) throws -> [String] {
      try ChartRenderer.render(ChartSpecification(kind: "bar", y: [1], x: 0, split: split), data).notes.map(
        \.message)
    }
    #expect(
      try notes(data) == [
        "values of `ward` stand before several bars: add split site, or aggregate by ward alone"
      ])
    #expect(try notes(data, split: 2) == [])
    #expect(
      try notes(table(("ward", texts("A", "A")), ("n", ints(3, 2)))) == [
        "values of `ward` stand before several bars: aggregate by ward alone"
      ])
  }

  @Test func plainASCII() throws {
    let lines = try drawn(
      ChartSpecification(kind: "bar", y: [1], x: 0), data.prefix(2), ChartStyle(width: 30, ascii: true))
    #expect(lines == ["visits by department", "Emergency |############# 4,000", "Surgery   |### 1,000"])
  }

  @Test func negativeValuesGoToTheLeftOfZero() throws {
    let lines = try drawn(
      ChartSpecification(kind: "bar", y: [1], x: 0),
      table(("k", texts("a", "b", "c")), ("n", ints(-5, 10, 0))), ChartStyle(width: 24))
    #expect(
      lines == [
        "n by k", "a │██████│            -5", "b │      ████████████ 10", "c │      │             0",
      ])
  }

  @Test func splitBarsHaveTheirOwnFill() throws {
    let lines = try drawn(
      ChartSpecification(kind: "bar", y: [2], x: 0, split: 1),
      table(
        ("ward", texts("A", "A", "B")), ("sex", texts("f", "m", "f")), ("n", ints(10, 5, 2))),
      ChartStyle(width: 24))
    #expect(
      lines == [
        "n by ward, split by sex", "A │██████████████████ 10", "  │░░░░░░░░░ 5", "B │████ 2",
        "  │none", "█ f   ░ m",
      ])
  }

  @Test func orderedTextKeepsItsOrder() throws {
    let ordered = Column.text(codes: [2, 0, 1], of: ["low", "mid", "high"], ordered: true)
    let data = Table([
      (name: "band", column: ordered), (name: "g", column: Column(texts("x", "x", "x"))),
      (name: "n", column: Column(ints(1, 2, 3))),
    ])
    let lines = try drawn(ChartSpecification(kind: "bar", y: [2], x: 0, split: 1), data)
    #expect(lines[1...3].map { String($0.prefix(4)) } == ["low ", "mid ", "high"])
  }

  @Test func tooManyCategoriesAreCounted() throws {
    let many = table(("k", (0..<80).map { .text("k\($0)") }), ("n", (0..<80).map { .int($0) }))
    let (lines, notes) = try ChartRenderer.render(ChartSpecification(kind: "bar", y: [1], x: 0), many)
    #expect(lines.count == 52)
    #expect(notes.map(\.message) == ["the first 50 of 80 values of k are drawn; 30 are not"])
    #expect(notes.first?.count == 30 && notes.first?.total == 80)
  }

  @Test func severalRowsForOneBarAreRefused() {
    let twice = table(("k", texts("a", "a")), ("g", texts("x", "x")), ("n", ints(1, 2)))
    #expect(throws: Diagnostic.self) {
      try ChartRenderer.render(ChartSpecification(kind: "bar", y: [2], x: 0, split: 1), twice)
    }
    #expect(throws: Diagnostic.self) {
      try ChartRenderer.render(ChartSpecification(kind: "heatmap", y: [2], x: 0, split: 1), twice)
    }
  }

  @Test func monthsWithoutARowAreTold() throws {
    func notes(_ days: [(Int, Int)], _ kind: String = "line") throws -> [String] {
      let dates = days.map { Value.date(Columns.Calendar.days(year: $0.0, month: $0.1, day: 1) ?? 0) }
      let data = table(("m", dates), ("n", days.indices.map { .int(Int64($0)) }))
      return try ChartRenderer.render(ChartSpecification(kind: kind, y: [1], x: 0), data).notes.map(\.message)
    }
    let months = [(2025, 1), (2025, 2), (2025, 6), (2025, 7), (2025, 8)]
    #expect(try notes(months) == ["3 of 8 months of m have no row: no line is drawn there"])
    #expect(try notes(months, "bar") == ["3 of 8 months of m have no row: no bar is drawn there"])
    #expect(try notes(months, "sparkline") == ["3 of 8 months of m have no row: a blank stands there"])
    #expect(try notes(months, "scatter") == [])
    #expect(
      try notes([(2025, 7), (2025, 12)]) == [
        "4 of 6 months of m have no row: the line goes straight over them"
      ])
    #expect(try notes([(2025, 7), (2025, 8)]) == [])
    #expect(try notes([(2025, 1), (2025, 4), (2025, 7)]) == [])
    #expect(
      try notes([(2020, 1), (2025, 4), (2031, 7)]) == [
        "44 of 47 quarters of m have no row: the line goes straight over them"
      ])
  }

  /// Each line for itself: a month in which others have a row is a gap of this one.
  @Test func linesBreakWhereTheyHaveNoRow() throws {
    let data = table(
      ("m", [1, 2, 3, 1, 3].map { Value.date(Columns.Calendar.days(year: 2025, month: $0, day: 1) ?? 0) }),
      ("g", texts("a", "a", "a", "b", "b")), ("n", ints(1, 2, 3, 3, 1)))
    let chart = try ChartRenderer.render(ChartSpecification(kind: "line", y: [2], x: 0, split: 1), data)
    #expect(
      chart.notes.map(\.message) == [
        "of 3 months of m, b has no row in 1: no line is drawn there",
        "the axis of n does not begin at 0, so that differences look large: `from 0` draws the whole height",
      ])
    // Between the two points of b, which have a marker each, there is only the line of a.
    func dots(_ lines: [String]) -> Int { lines.joined().count { ("\u{2801}"..."\u{28FF}").contains($0) } }
    let alone = table(("m", (0..<3).map { data.column(0).value($0) }), ("n", ints(1, 2, 3)))
    let line = try drawn(ChartSpecification(kind: "line", y: [1], x: 0), alone)
    #expect(dots(chart.lines) <= dots(line) && dots(line) > 20)
    let sparks = try ChartRenderer.render(ChartSpecification(kind: "sparkline", y: [2], x: 0, split: 1), data)
    #expect(
      sparks.lines.contains { $0.hasPrefix("a  ▁▅█") } && sparks.lines.contains { $0.hasPrefix("b  █ ▁") })
    #expect(sparks.notes.map(\.message) == ["of 3 months of m, b has no row in 1: a blank stands there"])
  }

  @Test func numbersHoursAndBinsWithoutARowAreTold() throws {
    func notes(_ values: [Value], _ kind: String = "bar") throws -> [String] {
      let data = table(("x", values), ("n", values.indices.map { .int(Int64($0)) }))
      return try ChartRenderer.render(ChartSpecification(kind: kind, y: [1], x: 0), data).notes.map(\.message)
    }
    #expect(try notes(ints(1, 2, 3, 5)) == ["1 of 5 values of x have no row: no bar is drawn there"])
    #expect(try notes(ints(1, 2, 3, 5), "line") == ["1 of 5 values of x have no row: no line is drawn there"])
    #expect(try notes(ints(5, 10, 40)) == [])
    #expect(try notes(ints(1, 2, Int64.max)) == [])
    let hour = Columns.Calendar.microsecondsPerHour
    let hours = [5, 6, 8].map { Value.datetime($0 * hour, offset: nil) }
    #expect(try notes(hours) == ["1 of 4 hours of x have no row: no bar is drawn there"])
    #expect(
      try notes(texts("0-<1", "1-<2", "4-<5")) == [
        "no row is in 1 range between the bins of x: no bar is drawn there"
      ])
    #expect(try notes(texts("0-<1", "1-<2")) == [])
    #expect(try notes(texts("a", "b")) == [])
  }

  @Test func aLonePointIsSeen() throws {
    let data = table(("x", ints(1, 2, 3, 4, 5)), ("n", [.int(5), .missing, .int(9), .missing, .int(2)]))
    let lines = try drawn(ChartSpecification(kind: "line", y: [1], x: 0), data)
    #expect(lines.joined().count { $0 == "●" } == 3)
  }

  @Test func aHistogramNamesItsFirstBarAndCountsItself() throws {
    // 2023-01-04, a week apart each.
    let data = table(
      ("d", (0..<104).map { .date(19_361 + 7 * $0) }), ("g", (0..<104).map { .int(Int64($0 % 2)) }))
    let lines = try drawn(ChartSpecification(kind: "histogram", y: [0]), data)
    let bars = lines.filter { $0.hasPrefix("20") }
    #expect(bars.first?.hasPrefix("2023-01") == true && !lines.contains { $0.contains("before") }, "\(lines)")
    #expect(bars.compactMap { Int($0.split(separator: " ").last ?? "") }.reduce(0, +) == 104)
    #expect(throws: Diagnostic.self) { try drawn(ChartSpecification(kind: "histogram", y: [0], x: 1), data) }
  }

  @Test func ticksOfATinyRangeDiffer() throws {
    let data = table(("x", ints(1, 2)), ("n", floats(1.000_000_01, 1.000_000_02)))
    let lines = try drawn(ChartSpecification(kind: "line", y: [1], x: 0), data)
    let labels = lines.compactMap { line in
      line.contains("┤") ? line.prefix { $0 != "┤" }.filter { $0 != " " } : nil
    }
    #expect(labels.count > 1 && Set(labels).count == labels.count)
  }

  @Test func barsOfDurationsTellTheirUnit() throws {
    let data = table(("k", texts("a")), ("d", [.duration(3 * 86_400_000_000)]))
    #expect(try drawn(ChartSpecification(kind: "bar", y: [1], x: 0), data)[0] == "d (days) by k")
  }

  @Test func longLabelsAreShortened() throws {
    let lines = try drawn(
      ChartSpecification(kind: "bar", y: [1], x: 0),
      table(("k", texts("a very long name of a department", "東京病院の救急外来")), ("n", ints(1, 2))),
      ChartStyle(width: 30))
    #expect(lines[1].hasPrefix("a very lo… │"))
    #expect(lines[2].hasPrefix("東京病院…  │"))
  }
}

@Suite struct PlotTests {
  @Test func aRisingLine() throws {
    let lines = try drawn(
      ChartSpecification(kind: "line", y: [1], x: 0, height: 5),
      table(("x", ints(0, 1, 2, 3, 4, 5)), ("y", ints(0, 1, 2, 3, 4, 5))), ChartStyle(width: 24, ascii: true))
    #expect(
      lines == [
        "y by x",
        "y",
        "5 +                 ..*",
        "  |             ..*.",
        "  |      ..*..*.",
        "  |  ..*.",
        "0 +*.",
        "  ++------------------+",
        "   0                  5",
        "            x",
      ])
  }

  @Test func monthsAreTicks() throws {
    let data = table(("month", months), ("n", (1...12).map { .int($0 * 100) }))
    let lines = try drawn(ChartSpecification(y: [1], x: 0), data)
    #expect(lines[0] == "n by month")
    #expect(lines.contains { $0.contains("2025-01") && $0.contains("2025-07") })
    #expect(lines.contains { $0.hasPrefix("1,500 ┤") })
  }

  @Test func missingPointsLeaveAGapAndAreCounted() throws {
    let whole = table(("x", ints(0, 1, 2, 3, 4)), ("y", ints(1, 1, 1, 1, 1)))
    let holed = table(("x", ints(0, 1, 2, 3, 4)), ("y", [.int(1), .int(1), .missing, .int(1), .int(1)]))
    let specification = ChartSpecification(kind: "line", y: [1], x: 0)
    func dots(_ lines: [String]) -> Int {
      lines.joined().unicodeScalars.count { (0x2801...0x28FF).contains($0.value) }
    }
    let (lines, notes) = try ChartRenderer.render(specification, holed)
    #expect(dots(lines) < dots(try drawn(specification, whole)) * 3 / 4)
    #expect(notes.map(\.message) == ["1 of 5 points could not be drawn: y is missing"])
    #expect(lines.last == "○ 1 of 5 points could not be drawn: y is missing")
  }

  @Test func seriesDifferByMarker() throws {
    let data = table(
      ("x", ints(1, 2, 1, 2)), ("y", ints(1, 2, 3, 4)), ("g", texts("a", "a", "b", "b")))
    let lines = try drawn(ChartSpecification(kind: "line", y: [1], x: 0, split: 2), data)
    #expect(lines.contains("● a   ▲ b"))
    #expect(
      lines.filter { $0 != "● a   ▲ b" }.joined().contains("●") && lines.dropLast().joined().contains("▲"))
  }

  @Test func kindsAreGuessed() throws {
    let data = table(("d", months), ("t", months.map { _ in .text("x") }), ("a", months.map { _ in .int(1) }))
    func kind(_ y: [Int], _ x: Int?) throws -> String {
      try ChartRenderer.kindName(ChartSpecification(y: y, x: x), data)
    }
    #expect(try kind([2], 0) == "line")
    #expect(try kind([2], 1) == "bar")
    #expect(try kind([2], 2) == "scatter")
    #expect(try kind([2], nil) == "histogram")
    #expect(throws: Diagnostic.self) { try ChartRenderer.kindName(ChartSpecification(kind: "pie"), data) }
  }
}

@Suite struct ScaleTests {
  @Test func ticksAreRound() {
    func ticks(_ values: [Double], _ measure: Measure = .number, zero: Bool = false) -> [String] {
      Axis(name: "", values: values, measure: measure, ticks: 6, zero: zero).ticks.map(\.label)
    }
    #expect(ticks([0, 97]) == ["0", "20", "40", "60", "80", "100"])
    #expect(ticks([0.1, 0.32]) == ["0.10", "0.15", "0.20", "0.25", "0.30", "0.35"])
    #expect(ticks([-3, 4]) == ["-4", "-2", "0", "2", "4"])
    #expect(ticks([2019, 2024], .name) == ["2019", "2020", "2021", "2022", "2023", "2024"])
    #expect(ticks([1, 2], .whole) == ["1", "2"])
    #expect(ticks([5, 9], zero: true) == ["0", "2", "4", "6", "8", "10"])
    #expect(!ticks([7, 7]).isEmpty && !ticks([0, 0]).isEmpty && !ticks([]).isEmpty)
    #expect(ticks([-4e307, 4e307]).count > 1)
  }

  @Test func timesHaveCalendarTicks() {
    func ticks(_ from: (Int, Int, Int), _ to: (Int, Int, Int)) -> [String] {
      let ends = [from, to].map { Double(Calendar.days(year: $0.0, month: $0.1, day: $0.2) ?? 0) }
      return Axis(name: "", values: ends, measure: .date, ticks: 6).ticks.map(\.label)
    }
    #expect(
      ticks((2023, 1, 1), (2025, 12, 31)) == [
        "2023-01", "2023-07", "2024-01", "2024-07", "2025-01", "2025-07",
      ])
    #expect(ticks((2025, 3, 1), (2025, 6, 30)) == ["2025-03", "2025-04", "2025-05", "2025-06"])
    #expect(ticks((2000, 5, 1), (2025, 6, 30)) == ["2005", "2010", "2015", "2020", "2025"])
    #expect(
      ticks((2025, 3, 3), (2025, 3, 7)) == [
        "2025-03-03", "2025-03-04", "2025-03-05", "2025-03-06", "2025-03-07",
      ])
  }
}

@Suite struct OtherChartTests {
  @Test func histogramCountsEveryKnownValue() throws {
    let values: [Value] = (0..<100).map { .int(Int64($0)) } + [.missing]
    let (lines, notes) = try ChartRenderer.render(
      ChartSpecification(kind: "histogram", y: [0]), table(("age", values)), style: ChartStyle(width: 40))
    #expect(lines[1].hasPrefix("0-19  │") && lines[1].hasSuffix(" 20"))
    #expect(lines.count == 8)
    #expect(notes.map(\.message) == ["1 of 101 points could not be drawn: age is missing"])
  }

  @Test func boxShowsFiveNumbersAndOutliers() throws {
    let lines = try drawn(
      ChartSpecification(kind: "box", y: [1], x: 0),
      table(("g", Array(repeating: .text("a"), count: 10)), ("v", ints(1, 2, 3, 4, 5, 6, 7, 8, 9, 50))),
      ChartStyle(width: 60, ascii: true))
    // The axis runs from 0 to 50 over 40 columns; 1.5 box lengths above the box end at 14.5: 50 is an
    // outlier.
    #expect(lines[1].hasPrefix("a | |-=#==|" + String(repeating: " ", count: 31) + "o "))
    #expect(lines[1].hasSuffix("median 5.5, n 10"))
  }

  @Test func heatmapShowsShadeAndNumber() throws {
    let lines = try drawn(
      ChartSpecification(kind: "heatmap", y: [2], x: 0, split: 1),
      table(
        ("x", texts("p", "q", "p")), ("g", texts("a", "a", "b")), ("n", ints(0, 100, 50))),
      ChartStyle(width: 60))
    #expect(lines[1...3] == ["g      p      q", "a      0 ██ 100", "b ▒▒▒ 50      ·"])
    #expect(lines[4...5] == ["n:     from 0  ░░ from 20  ▒▒ from 40  ▓▓ from 60", "  ██ from 80"])
  }

  @Test func stackedShowsTotals() throws {
    let lines = try drawn(
      ChartSpecification(kind: "stacked", y: [2], x: 0, split: 1),
      table(("w", texts("A", "A", "B")), ("s", texts("f", "m", "m")), ("n", ints(10, 10, 5))),
      ChartStyle(width: 28))
    #expect(lines[1] == "A │███████████░░░░░░░░░░░ 20")
    #expect(lines[2] == "B │░░░░░░ 5")
    #expect(lines.last == "█ f   ░ m")
    #expect(throws: Diagnostic.self) {
      try ChartRenderer.render(
        ChartSpecification(kind: "stacked", y: [1], x: 0), table(("w", texts("A")), ("n", ints(-1))))
    }
  }

  @Test func sparkline() throws {
    let lines = try drawn(
      ChartSpecification(kind: "sparkline", y: [1], x: 0),
      table(("x", ints(3, 1, 2, 4)), ("n", [.int(8), .int(1), .missing, .int(4)])))
    #expect(lines[1] == "n  ▁ █▄  min 1, max 8, last 4")
  }

  static let kinds = ChartTable.kinds.map(\.name)

  @Test(arguments: kinds)
  func hardDataNeverBreaksAKind(_ kind: String) throws {
    let nothing: [Value] = [.missing, .missing]
    let sets: [[Value]] = [
      [], [.int(7)], [.int(3), .int(3)], nothing, [.float(4e307), .float(-4e307)], [.float(1e308)],
      [.int(.max), .int(.min)], [.float(.infinity), .float(1)], [.float(1e-300), .float(0)],
      [.float(4e307), .float(4e307)],
      [.float(.leastNonzeroMagnitude), .float(0)],
      [.int(0), .int(0)],
      [.float(1e-9), .float(1e12), .missing],
    ]
    for values in sets {
      for x in [months, (0..<12).map { .text("very long name \($0) 東京病院の救急外来") }, (0..<12).map { .int($0) }] {
        let rows = values.count
        let data = Table([
          (name: "x", column: Column(Array(x.prefix(rows)), type: x[0].type)),
          (name: "g", column: Column((0..<rows).map { .text("g\($0)") }, type: .text)),
          (
            name: "y",
            column: Column(values, type: values.reduce(.int) { DataType.common($0, $1.type) ?? $0 })
          ),
        ])
        let split = kind == "heatmap" ? 1 : nil
        let specification = ChartSpecification(
          kind: kind, y: [2], x: kind == "histogram" ? nil : 0, split: split)
        for width in [20, 40, 80, 200] {
          for style in [ChartStyle(width: width), ChartStyle(width: width, color: true, ascii: true)] {
            // Only negative values in a stack are refused.
            guard let lines = try? drawn(specification, data, style) else {
              #expect(kind == "stacked")
              continue
            }
            for line in lines {
              #expect(DisplayWidth.of(uncolored(line)) <= width, "\(line)")
              if style.ascii, x[0].type != .text {
                #expect(line.utf8.allSatisfy { $0 < 0x80 }, "\(line)")
              }
            }
          }
        }
        if let picture = try? ChartRenderer.renderSVG(specification, data) {
          #expect(isWellFormed(picture.text), "\(picture.text)")
          #expect(!picture.text.contains("nan") && !picture.text.contains("inf"))
        }
      }
    }
  }

  @Test(arguments: kinds)
  func picturesAreWellFormed(_ kind: String) throws {
    let data = table(
      ("x", texts("a & <b>", "c\"d")), ("g", texts("1", "2\u{1B}")), ("n", ints(1, 2)))
    let specification = ChartSpecification(
      kind: kind, y: [2], x: ["histogram", "box"].contains(kind) ? nil : 0,
      split: ["sparkline", "histogram"].contains(kind) ? nil : 1, title: "A < B")
    let picture = try ChartRenderer.renderSVG(specification, data)
    #expect(isWellFormed(picture.text), "\(picture.text)")
    #expect(picture.text.contains("<title>A &lt; B</title>"))
  }

  @Test func namesAreUniqueAndExamplesNameTheirKind() {
    #expect(Set(ChartTable.kinds.map(\.name)).count == ChartTable.kinds.count)
    for row in ChartTable.kinds { #expect(row.example.hasPrefix("chart \(row.name) ")) }
  }
}

/// Whether every tag is closed in order and no bare sign stands in the text: enough of XML for these files.
private func isWellFormed(_ text: String) -> Bool {
  var open: [String] = []
  var rest = Substring(text)
  while let start = rest.firstIndex(of: "<") {
    let before = rest[..<start]
    if before.contains(">") || before.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" }) {
      return false
    }
    guard let end = rest[start...].firstIndex(of: ">") else { return false }
    let tag = rest[rest.index(after: start)..<end]
    rest = rest[rest.index(after: end)...]
    if tag.contains("<") { return false }
    if tag.hasPrefix("?") || tag.hasSuffix("/") { continue }
    if tag.hasPrefix("/") {
      guard open.popLast() == String(tag.dropFirst()) else { return false }
    } else {
      open.append(String(tag.prefix { $0 != " " }))
    }
  }
  return open.isEmpty
}
