import Testing

/// What a report shows: charts in a page, rows behind a step, an honest axis.
@Suite struct ReportTests {
  private func output(_ command: String) throws -> String {
    let folder = try CommandFolder()
    defer { try? folder.remove() }
    return try folder.run(command)
  }

  private let counts = "table [{m: \"A\", n: 250}, {m: \"B\", n: 300}]"

  @Test func aPageHoldsTheChartsBetweenItsTables() throws {
    let page = try output("rounds --format html -e '\(counts) | chart bar n by m' -e 'table [{z: 1}]'")
    let table = try #require(page.firstRange(of: "<table>"))
    let chart = try #require(page.firstRange(of: "<svg"))
    let last = try #require(page.firstRange(of: ">z</th>"))
    #expect(table.lowerBound < chart.lowerBound && chart.lowerBound < last.lowerBound)
    #expect(page.contains("<figure>") && !page.contains("<?xml"))
    #expect(page.contains("</svg>\n</figure>") || page.contains("</svg></figure>"))
  }

  /// The rows behind a chart of many are drawn, and not written out besides.
  @Test func manyRowsBehindAChartAreOnlyCounted() throws {
    let chart = "table a = 1..200 | chart histogram a"
    let page = try output("rounds --format html -e '\(chart)'")
    #expect(page.contains("<svg") && page.contains("200 rows × 1 column") && !page.contains("<td"))
    let shown = try output("rounds -e '\(chart)'")
    #expect(shown.hasPrefix("200 rows × 1 column\n"))
    // A format for programs has the rows, and no chart.
    #expect(try output("rounds -q --format csv -e '\(chart)' | wc -l").hasSuffix("201\n"))
  }

  @Test func whereAnAxisBeginsIsToldAndCanBeAsked() throws {
    let line =
      "table [{d: 2026-01-01, n: 250}, {d: 2026-02-01, n: 300}, {d: 2026-03-01, n: 280}] | chart line n by d"
    let said = "the axis of n does not begin at 0"
    #expect(try output("rounds -e '\(line)'").contains(said))
    let whole = try output("rounds -e '\(line) from 0'")
    #expect(!whole.contains(said) && whole.contains("\n  0 ┤"))
    #expect(!(try output("rounds -e '\(line.replacing("line", with: "bar"))'").contains(said)))
    #expect(try output("rounds -e '\(line) from \"x\"'").contains("`from` wants a number"))
  }

  @Test func measuresOfDifferentSizeOnOneAxisAreTold() throws {
    let chart =
      "table [{s: \"A\", n: 8155, rate: 2.85}, {s: \"B\", n: 12854, rate: 3.4}] | chart bar n, rate by s"
    let said = try output("rounds -e '\(chart)'")
    #expect(said.contains("beside n nothing of rate can be read: chart it alone"))
    // Each column has decimals of its own.
    #expect(said.contains(" 8,155\n") && said.contains(" 2.85\n"))
    #expect(!(try output("rounds -e '\(counts) | chart bar n by m'").contains("can be read")))
  }

  @Test func aStepShowsTheColumnsThatItIsAbout() throws {
    let said = try output(
      "rounds demo --width 80 -e 'steps on' -e 'encounters | filter charges > 10000 | derive big = charges > 50000 | count by big'"
    )
    let heads = said.split(separator: "\n").filter { $0.hasPrefix("encounter_id") || $0.hasPrefix("encoun") }
    #expect(heads.count == 3)
    #expect(!heads[0].contains("charges"))
    #expect(heads[1].split(separator: " ").dropFirst().first == "charges")
    #expect(heads[2].split(separator: " ").dropFirst().prefix(2) == ["charges", "big"])
  }

  @Test func namesInTheFirstColumnAreKeptOnANarrowScreen() throws {
    let said = try output("rounds demo --width 80 -e 'describe encounters'")
    for name in ["encounter_id", "department_id", "department", "disposition"] {
      #expect(said.contains("\n\(name) "), "\(said)")
    }
  }

  @Test func anOutputWithoutItsFolderIsToldBeforeAnythingRuns() throws {
    let said = try output("rounds --output no/x.csv -e 'table [{a: 1}] | save \"y.csv\"'; echo $?; ls")
    #expect(said.contains("there is no folder no to write x.csv into"))
    #expect(said.contains("\n2\n") && !said.contains("y.csv\n"))
  }

  @Test func aTotalInAFormatForProgramsIsTold() throws {
    let said = try output(
      "rounds --format csv -e 'table [{y: 1, n: 2}, {y: 2, n: 3}] | aggregate s = sum(n) by y with totals'")
    #expect(
      said.contains("the last row stands for all rows together, and `y` is text in all rows for its mark"))
  }
}
