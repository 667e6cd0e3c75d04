import Diagnostics
import Sessions
import TestSupport
import Testing

/// What the readers of files say of texts that are more, or less, than they seem.
@Suite struct ToldOfTextsTests {
  private let folder: String

  init() throws { folder = try TemporaryFolder.make("rounds-texts") }

  private func notes(_ text: String, _ stage: String = "count", name: String = "t.csv") throws -> [String] {
    let path = folder + "/" + name
    try TextFile.write(text, to: path)
    return Ran("\"\(path)\" | \(stage)").notes
  }

  @Test func codesThatAreOneNumberAreTold() throws {
    let said =
      "`icd` has 250.0 and 250.00, which are one number: if these are codes, `types = {icd: text}` keeps them apart"
    #expect(try notes("icd\n250.00\n250.0\n250.10\n401.9\n", "aggregate count_distinct(icd)").contains(said))
    // Measured values are written like that, too.
    #expect(try notes("k\n5.10\n5.1\n4.2\n", "aggregate count_distinct(k)") == [])
  }

  @Test func aColumnOfNothingButMarksIsTold() throws {
    #expect(
      try notes("x,y\nNULL,1\nNULL,2\n", "select x, y").contains {
        $0.hasPrefix("kept as text though it may stand for missing: `x` \"NULL\"")
      })
  }

  @Test func theOtherDaysTellWhichComesFirst() throws {
    let told = try notes("d\n1/2/25\n12/31/24\n11/30/24\n7/4/1999\n", "select d")
    #expect(
      told == [
        "`d` is text: its days are written in several ways (\"1/2/25\", \"7/4/1999\"): date(d, \"%m/%d/%y\") ?? date(d, \"%m/%d/%Y\") reads them; of \"7/4/1999\" and the like the order is taken from the others, the month first"
      ])
  }

  @Test func timesOfBothKindsAreToldWhereTextsBecomeTimes() {
    let run = Ran(
      "table [{t: \"2025-03-30 02:30\"}, {t: \"2025-03-30T02:30:00+02:00\"}] | derive a = datetime(t)")
    #expect(run.notes == ["datetime(…): 1 time has no offset, others do: taken as UTC"])
    #expect(Ran("table [{t: \"2025-03-30 02:30\"}] | derive a = datetime(t)").notes == [])
  }

  @Test func theCommonestTextsThatDidNotConvertAreCountedInFull() throws {
    // More different ones than a few thousand, and the commonest last.
    let rows = (0..<30_000).map { "j\($0)" } + Array(repeating: "unknown", count: 500)
    let told = try notes("x\n" + rows.joined(separator: "\n") + "\n", "aggregate count(int(x))")
    #expect(told.contains { $0.contains(": \"unknown\" 500, \"j0\" 1, \"j1\" 1, …") }, "\(told)")
    let many = (0..<120_000).map { "j\($0)" }
    #expect(
      try notes("x\n" + many.joined(separator: "\n") + "\n", "aggregate count(int(x))").contains {
        $0.contains("too many different texts to name some")
      })
  }

  @Test func theFileThatMakesAColumnTextIsNamed() throws {
    for (name, text) in [("m1.csv", "los\n3\n"), ("m2.csv", "los\nn/a\n"), ("m3.csv", "los\nfive\n")] {
      try TextFile.write(text, to: "\(folder)/\(name)")
    }
    let told = Ran("\"\(folder)/m*.csv\" | select los").notes
    #expect(told.contains { $0.hasPrefix("`los` is text: int in m1.csv, text in m3.csv") }, "\(told)")
  }

  @Test func anEmptyFileIsCalledSo() throws {
    try TextFile.write("", to: folder + "/none.csv")
    let run = Ran("load \"\(folder)/none.csv\" with types = {adm: datetime}")
    #expect(
      run.messages.first?.hasSuffix("none.csv is empty: it has no column `adm`, which `types` names") == true)
  }

  @Test func aCheckPrintsNoRows() {
    let run = Ran("table [{a: 1}, {a: 2}] | assert a > 0")
    #expect(run.status == .done)
    #expect(run.rows == [])
  }

  @Test func aPageHoldsTheChartsOfItsPipeline() throws {
    let path = folder + "/c.html"
    _ = Ran("table [{w: \"a\", n: 1}, {w: \"b\", n: 2}] | chart bar n by w | save \"\(path)\"")
    let page = String(decoding: try FileAccess.read(path), as: UTF8.self)
    #expect(page.contains("<svg") && page.contains("<table>"))
  }
}
