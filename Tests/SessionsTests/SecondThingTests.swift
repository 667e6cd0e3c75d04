import Diagnostics
import Sessions
import TestSupport
import Testing

/// What an analyst met in an hour: things behind a comma that were passed over, and words that turned an answer round.
@Suite struct SecondThingTests {
  /// `desc` means the largest first everywhere, `asc` and `-` behind `top` the smallest.
  @Test(arguments: [
    ("top 2 x", ["3", "2"]), ("top 2 x desc", ["3", "2"]), ("top 2 x asc", ["1", "2"]),
    ("top 2 -x", ["1", "2"]),
    ("top 1 g desc, x asc", ["2"]), ("top 1 g, x", ["3"]),
  ]) func topHasOneDirection(_ stage: String, _ values: [String]) {
    let ran = Ran(
      "table [{g: 1, x: 1}, {g: 2, x: 3}, {g: 2, x: 2}, {g: 0, x: missing}] | \(stage) | select x")
    #expect(ran.cells == values, "\(ran.messages)")
  }

  @Test(arguments: [
    "assert 1 < 2, 2 < 3", "table a = 1..3 | assert a > 0, a < 9", "table a = 1..3 | skip 1, 2",
    "table a = 1..3 | sample 1, 2", "table a = 1..3 | show 1, 2",
    "table a = 1..3 | save \"a.csv\", \"b.csv\"",
    "table a = 1..3 | fill a with 1, 2", "let a = 1, b = 2", "param a = 1, b = 2", "def f(x) = x, y",
    "table [{t: \"a\", s: \"b\"}] | split t, s on \";\"", "table [{t: \"a\"}] | split t on \";\", \",\"",
    "table [{a: 1, b: 1, c: 1}] | pivot rows a columns b, c values count()",
    "table [{a: 1, b: 1, c: 1}] | pivot rows a columns b in [1], c in [1] values count()",
  ]) func aSecondThingIsNotPassedOver(_ text: String) {
    let ran = Ran(text)
    #expect(ran.status == .failed && ran.faults.map(\.code) == ["one-item"], "\(ran.messages)")
  }

  @Test func clausesThatDoNothingAreRefused() {
    for stage in [
      "derive b = a + 1 sort -a", "derive b = a by a", "filter a > 1 sort a", "filter a > 1 by a",
    ] {
      #expect(Ran("table a = 1..3 | \(stage)").faults.map(\.code) == ["idle-clause"], "\(stage)")
    }
    for stage in [
      "derive b = lag(a) + 1, c = a sort -a", "derive b = sum(a) by a", "filter a > mean(a) by a",
    ] {
      #expect(Ran("table a = 1..3 | \(stage)").status == .done, "\(stage)")
    }
  }

  @Test func pivotTellsMissingFromNotListed() {
    let rows = "table [{k: 1, c: \"y\"}, {k: 1, c: \"n\"}, {k: 1, c: missing}, {k: 2, c: missing}] | "
    let told = Ran(rows + "pivot rows k columns c in [\"y\"] values count()").notes.joined()
    #expect(told.contains("3 of 4 rows are in no column of the pivot"), "\(told)")
    #expect(told.contains("not in the list there, and missing in 2 of them"), "\(told)")
  }

  @Test func countSaysWhereItStandsBesideAnN() {
    let ran = Ran("table [{n: 1}, {n: 1}] | count by n")
    #expect(ran.header == ["n", "n_2", "percent"])
    #expect(ran.notes.contains("the rows are counted in `n_2`: `n` is what they are counted by"))
  }

  /// A fault of types says what the reader saw in the file: it knows the order of the days' parts.
  @Test func faultsOfTypesSayWhatTheReaderSaw() throws {
    let folder = try DuckDB.temporaryFolder()
    defer { _ = DuckDB.output(of: "rm -r '\(folder)'") }
    try TextFile.write("id;dob;a\n1;5/29/1970;1,5\n2;2/3/1980;2,5\n", to: folder + "/x.csv")
    let days = "`types = {dob: date(\"%m/%d/%Y\")}` reads them"
    for (stage, expected) in [
      ("derive y = year(dob)", days), ("filter id > 0 | sort dob | derive z = dob > 2000-01-01", days),
      ("aggregate m = mean(a)", "`with decimal = \",\"` reads them as numbers"),
      ("select b = a | aggregate m = mean(b)", "`with decimal = \",\"` reads them as numbers"),
    ] {
      let help = Ran("\"\(folder)/x.csv\" | \(stage)").faults.flatMap(\.help)
      #expect(help.contains { $0.hasPrefix("when the file was read: ") && $0.contains(expected) }, "\(help)")
    }
  }
}
