import Columns
import Diagnostics
import Planning
import Sessions
import TestSupport
import Testing

/// Statements that must be refused rather than mean something that nobody wrote.
@Suite struct RefusalTests {
  private static let ab = "table [{a: 1, b: \"x\"}, {a: 2, b: \"y\"}]"

  @Test(arguments: [
    ("join (table [{a: 1}]) on", "a column is missing behind `on` (keys or a condition)"),
    ("aggregate n = count() by a by b", "`by` stands twice in `aggregate`"),
    ("count by", "a column is missing behind `by` (the groups)"),
    (
      "aggregate n = count() with",
      "totals is missing behind `with` (`with totals` adds a last row over all rows)"
    ),
    ("top -1 a", "`top` wants a number of rows, not -1"),
    ("filter a > missing", "nothing is larger or smaller than missing, so this is never true"),
    ("chart bar max(a) by b", "a chart draws columns, and `max` is worked out in a stage before"),
  ]) func isRefused(_ stage: String, _ message: String) {
    let result = Ran(Self.ab + " | " + stage)
    #expect(result.status == .failed)
    #expect(result.faults.map(\.message) == [message])
    #expect(result.faults.allSatisfy { !$0.help.isEmpty })
  }

  /// Files of other programs are no delimited text, however their bytes could be cut into lines.
  @Test(.enabled(if: DuckDB.dataFolder != nil, "skipped: ../shared/data is not there"))
  func filesOfOtherProgramsAreRefused() throws {
    let data = try #require(DuckDB.dataFolder)
    let kinds: Set<String> = [
      "dta", "sas7bcat", "sas7bdat", "sav", "xpt", "json", "parquet", "xlsx", "db", "sqlite",
    ]
    var seen: Set<String> = []
    for folder in ["stat", "json", "parquet", "excel", "sqlite"] {
      for path in files(under: data + "/" + folder) {
        guard let ending = path.split(separator: ".").last.map(String.init), kinds.contains(ending),
          try !FileAccess.read(path).isEmpty
        else { continue }
        let result = Ran("\"\(path)\" | take 1")
        if ending == "json", result.status == .done { continue }
        seen.insert(ending)
        #expect(result.status == .failed, "\(path) was read: \(result.cells.prefix(4))")
      }
    }
    #expect(seen.isSuperset(of: ["dta", "sas7bdat", "sav", "xpt", "json", "parquet"]))
  }

  private func files(under folder: String) -> [String] {
    Paths.names(in: folder).flatMap { name -> [String] in
      let path = folder + "/" + name
      return Paths.isFolder(path) ? files(under: path) : [path]
    }
  }

  @Test func aColumnNamedMissingIsWrittenInBackticks() {
    let result = Ran("table [{a: 1}, {a: missing}] | describe | filter missing > 0")
    #expect(result.faults.flatMap(\.help) == ["the column is written in backticks: `missing`"])
    #expect(Ran("table [{a: 1}, {a: missing}] | describe | filter `missing` > 0 | count").cells == ["1"])
  }
}

/// Numbers and days at the ends of their ranges.
@Suite struct ExtremeTests {
  @Test func floatsThatOverflowAreMissingAndCounted() {
    let result = Ran("table [{a: 1e308}] | derive b = a * 10, c = a + a, d = -a - a, e = a / 1e-10 | drop a")
    #expect(result.cells == ["missing", "missing", "missing", "missing"])
    #expect(result.notesTold.filter { $0.kind == .converted }.map(\.count) == [1, 1, 1, 1])
  }

  @Test(arguments: ["aggregate s = sum(a)", "aggregate s = mean(a)", "derive s = running_sum(a) sort a"])
  func sumsBeyondTheLargestFloatAreErrors(_ stage: String) {
    let result = Ran("table [{a: 1e308}, {a: 1e308}] | " + stage)
    #expect(result.status == .failed)
    #expect(result.faults.first?.message.contains("larger than the largest number") == true)
  }

  /// A mark for "for ever" must not stop the query.
  @Test func theLastWeekEndsOutsideTheCalendar() {
    let last = Ran("table [{d: 9999-12-31}] | derive e = end_of(d, week) | select e")
    #expect(last.cells == ["missing"])
    #expect(last.notesTold.map(\.count) == [1])
    #expect(Ran("say f\"{end_of(9999-12-26, week)}\"").cells == ["9999-12-26"])
    #expect(Ran("say f\"{end_of(9999-12-31, year)}\"").cells == ["9999-12-31"])
  }

  /// Figures from Python's `decimal` on the shortest text of the number.
  @Test(arguments: [
    ("1.5:.17", "1.50000000000000000"), ("2.675:.2", "2.68"), ("-0.0:.2", "0.00"),
    ("0.1:.20", "0.10000000000000000000"), ("5:.2", "5.00"), ("123456789.5:,.1", "123,456,789.5"),
    ("9007199254740993:.1", "9007199254740993.0"), ("-0.001:.2", "0.00"),
  ]) func fixedDecimals(_ input: String, _ text: String) {
    #expect(Ran("say f\"{\(input)}\"").cells == [text])
  }

  @Test func aMissingFigureLeavesTheSentence() {
    #expect(Ran("say f\"rate {missing}\"").cells == ["rate missing"])
    #expect(Ran("table [{a: missing}] | derive b = f\"x {a}\" | drop a").cells == ["missing"])
  }
}

/// Statements as long as the language lets them be.
@Suite struct LongStatementTests {
  @Test func aChainOfOperatorsIsEvaluatedOnSmallStacks() {
    let sum = Array(repeating: "a", count: 400).joined(separator: " + ")
    #expect(Ran("table [{a: 1}, {a: 2}] | derive b = \(sum) | select b").cells == ["400", "800"])
  }

  @Test func tooManyStagesAreAnError() {
    let result = Ran("table [{a: 1}]" + String(repeating: " | take 1", count: 10_001))
    #expect(result.faults.map(\.message) == ["a statement holds more than 10,000 operators"])
  }
}
