import Columns
import Diagnostics
import Glibc
import Planning
import Sessions
import TestSupport
import Testing

/// What is nearly something else: names that differ in case, columns that are numbers, texts that are columns' names.
@Suite struct MeantTests {
  private static let wards = "let w = (table [{Ward: \"A\", Stay: 1}, {Ward: \"B\", Stay: 2}])\n"

  @Test func aParameterWrittenExactlyIsMeantBesideALikeColumn() {
    let result = Ran(
      "param ward = \"B\"\n" + Self.wards + "w | filter Ward == ward | select Stay", set: ["ward": "A"])
    #expect(result.rows == [["1"]])
    #expect(result.notes == ["`ward` here is the let or param; the column is `Ward`"])
    // The column's own spelling hides the parameter, as ever.
    let hidden = Ran("param Ward = \"A\"\n" + Self.wards + "w | filter Ward == \"B\" | select Stay")
    #expect(hidden.rows == [["2"]])
  }

  @Test func aNumberThatIsAColumnIsTold() {
    let result = Ran(
      "table [{`2024`: 4, `2025`: 5}] | derive d = 2025 - 2024, e = `2025` - `2024` | select d, e")
    #expect(result.rows == [["1", "1"]])
    #expect(
      result.notes.contains(
        "2025 here is the number; the column of that name is written `2025`, in backticks"))
    #expect(Ran("table [{y: 2025}] | filter y == 2025").notes.isEmpty)
  }

  @Test(arguments: [
    "filter \"Ward\" == \"A\"", "filter \"Ward\" in [\"A\"]", "filter \"Ward\" like \"A%\"",
    "filter \"Ward\" between \"A\" and \"B\"", "aggregate n = count(where: \"Ward\" == \"A\")",
    "aggregate p = percent(\"Ward\" == \"A\")", "derive x = if(\"Ward\" == \"A\", 1, 0)",
  ])
  func aColumnInQuotesIsNoColumn(_ stage: String) {
    let result = Ran(Self.wards + "w | " + stage)
    #expect(result.faults.first?.code == "quoted-column")
  }

  /// A text that is only like a column's name is a text.
  @Test func otherConstantsAreCompared() {
    #expect(Ran(Self.wards + "w | filter \"ward\" == \"A\" | count").faults.isEmpty)
    #expect(Ran(Self.wards + "w | filter Ward == \"Ward\" | count").faults.isEmpty)
  }
}

/// Counts that are told whatever way they came about.
@Suite struct CountedTests {
  @Test func aPivotTellsOfUnknownConditions() {
    let rows =
      "table [{w: \"a\", s: \"F\", x: 1}, {w: \"a\", s: \"M\", x: missing}, {w: \"b\", s: missing, x: missing}]"
    let result = Ran(rows + " | pivot rows w columns s values n = count(where: x > 0)")
    #expect(result.rows == [["a", "1", "0", "0"], ["b", "0", "0", "0"]])
    #expect(
      result.notes == [
        "count(where: x > 0) for `M`: the condition is not known for 1 row where `x` is missing",
        "count(where: x > 0) for `missing`: the condition is not known for 1 row where `x` is missing",
      ])
    #expect(Ran(rows + " | pivot rows w columns s values n = count()").notes.isEmpty)
  }

  private static let sides =
    "let a = (table [{k: 1}, {k: 2}, {k: 2}])\nlet b = (table [{k: 2, v: 1}, {k: 2, v: 2}])\n"

  /// Both ways give 4 rows of the 2 that match; a range is there to find several.
  @Test(arguments: [("b on k", true), ("b on a.k <= b.k and a.k >= b.k", false)])
  func whatAJoinMultipliesIsTold(_ join: String, _ isTold: Bool) {
    let result = Ran(Self.sides + "a | join \(join)")
    #expect(result.rows.count == 4)
    #expect(
      result.notes.contains("2 rows matched more than one row of `b`: the result has 2 rows more") == isTold)
  }

  @Test func equallyNearRowsAreTold() {
    let text = """
      let l = (table [{t: 1}, {t: 5}])
      let r = (table [{s: 1, v: "first"}, {s: 1, v: "second"}, {s: 4, v: "third"}])
      l | join asof r on s <= t | select v
      """
    let result = Ran(text)
    #expect(result.rows == [["second"], ["third"]])
    #expect(result.notes == ["1 row had several equally near rows in `r`: the last of these was taken"])
  }

  @Test func theSameCountAtSeveralPlacesIsSaidOfEach() {
    let result = Ran("table [{a: 1, b: 0}, {a: 0, b: 0}] | derive c = a / b, d = b / b")
    #expect(
      result.notesTold.saidOnce.map(\.message) == ["2 divisions by zero became missing, at each of 2 places"])
    let twice = Ran("table [{a: 1, b: 0}] | filter a / b > 1 or a / b < 0 | derive c = a")
    #expect(twice.notesTold.filter { $0.kind == .division }.count <= 2)
  }

  /// 31 March 2024 is a Sunday; DuckDB's time_bucket gives the same Mondays.
  @Test func weeksBeginOnMonday() {
    let result = Ran(
      "say bin(2024-03-31T01:30, 1w)\nsay bin(2024-03-31T01:30, 7d)\nsay bin(2024-04-01T00:00, 1w)\nsay bin(1969-12-30T10:00, 1w)"
    )
    #expect(
      result.cells == [
        "2024-03-25T00:00:00", "2024-03-25T00:00:00", "2024-04-01T00:00:00", "1969-12-29T00:00:00",
      ])
    #expect(Ran("say bin(2024-03-31T01:30, 1d)").cells == ["2024-03-31T00:00:00"])
  }
}

/// A total is there to be seen: it is no row of the table under a name.
@Suite struct TotalUnderANameTests {
  private static let named = """
    let t = table [{w: "a", n: 3}, {w: "b", n: 4}] | aggregate n = sum(n) by w with totals

    """

  @Test func aTotalIsNotCountedAgain() {
    #expect(Ran(Self.named + "t | aggregate sum(n)").rows == [["7"]])
    #expect(Ran(Self.named + "t | join (table [{w: \"a\"}]) on w | select n").rows == [["3"]])
    #expect(Ran(Self.named + "table [{n: 7}] | filter n in t.n").rows == [])
    #expect(Ran(Self.named + "table [{w: \"c\", n: 1}] | append t | aggregate sum(n)").rows == [["8"]])
  }

  @Test func itIsShownAndSaved() throws {
    // What shows and writes it puts its mark into the total's key.
    let shown = [["a", "3"], ["b", "4"], ["missing", "7"]]
    #expect(Ran(Self.named + "t").rows == shown)
    #expect(Ran(Self.named + "let u = t\nu | show 5").rows.suffix(3) == shown[...])
    #expect(Ran(Self.named + "let u = t\nu | aggregate sum(n)").rows == [["7"]])
    let last = Ran(
      "table [{w: \"a\", n: 3}, {w: \"b\", n: 4}] | aggregate n = sum(n) by w with totals\nlast\nlast | count"
    )
    #expect(last.rows == shown + shown + [["2"]])
    let folder = try TemporaryFolder.make("rounds-total")
    let saved = Ran(Self.named + "t | save \"\(folder)/t.csv\"\n\"\(folder)/t.csv\" | count")
    #expect(saved.rows == [["3"]])
  }
}

/// The name of a file may have values in it.
@Suite struct WrittenPathTests {
  private let folder: String

  init() throws { folder = try TemporaryFolder.make("rounds-paths") }

  @Test func valuesStandInNames() {
    let script = """
      param day = 2026-01-05
      table [{a: 1}, {a: 2}] | save f"\(folder)/day-{day}.csv"
      load f"\(folder)/day-{day}.csv" as d
      d | count
      f"\(folder)/day-{day}.csv" | aggregate sum(a)
      let file = f"\(folder)/day-{day}.csv"
      load file as e
      d | join f"\(folder)/day-{day}.csv" on a | count
      """
    #expect(Ran(script).rows == [["2"], ["3"], ["2"]])
    let other = Ran(script, set: ["day": "2026-02-01"])
    #expect(other.messages == [] && other.rows == [["2"], ["3"], ["2"]])
    #expect(access("\(folder)/day-2026-02-01.csv", F_OK) == 0)
  }

  @Test func whatIsMissingOrNoPathIsTold() {
    #expect(
      Ran("let day = date(missing)\ntable [{a: 1}] | save f\"{day}.csv\"").faults.first?.code
        == "file-missing")
    #expect(Ran("load file").faults.first?.code == "file-wanted")
    #expect(Ran("table [{a: 1}] | save out.csv").faults.first?.code == "file-wanted")
    #expect(Ran("table [{a: 1}] | save f\"{nosuch}.csv\"").messages.first?.contains("nosuch") == true)
  }

  @Test func aLinkThatLeadsNowhereYetStaysALink() throws {
    symlink("later.csv", "\(folder)/link.csv")
    _ = Ran("table [{a: 1}] | save \"\(folder)/link.csv\"")
    var info = stat()
    #expect(lstat("\(folder)/link.csv", &info) == 0 && info.st_mode & S_IFMT == S_IFLNK)
    #expect(access("\(folder)/later.csv", F_OK) == 0)
  }

  @Test(.enabled(if: getuid() != 0)) func aProtectedFileStays() throws {
    _ = Ran("table [{a: 1}] | save \"\(folder)/kept.csv\"")
    chmod("\(folder)/kept.csv", 0o444)
    let result = Ran("table [{a: 2}] | save \"\(folder)/kept.csv\" replace")
    #expect(result.messages.first?.contains("protected against writing") == true)
    #expect(Ran("\"\(folder)/kept.csv\"").rows == [["1"]])
  }
}

/// A session that goes on after a query was left behind is the same session.
@Suite struct SuccessorTests {
  @Test func theHospitalGoesOn() {
    let session = Session(options: Session.Options(threads: 1, now: 0, hospitalScale: 1))
    let next = session.successor(from: session.snapshot)
    #expect(next.options.hospitalScale == 1)
    var texts: [String] = []
    next.tell = { if case .text(let text) = $0 { texts.append(text) } }
    #expect(next.run(SourceText("help patients")) { _ in } == .done)
    #expect(texts.joined().contains("postal code"))
  }
}
