import Columns
import Diagnostics
import Sessions
import TestSupport
import Testing

/// Measures that call measures, and files that a text writes and then reads.
@Suite struct MeasureTests {
  private func cells(_ text: String) -> [String] {
    let session = Session(options: Session.Options(threads: 1, now: 1_790_000_000_000_000))
    var cells: [String] = []
    session.tell = { outcome in
      guard case .table(let table, _, _, _) = outcome else { return }
      for row in 0..<table.rowCount { cells += table.row(row).map { ValueText.plain($0) } }
    }
    let status = session.run(SourceText(text)) { faults in cells += faults.map(\.message) }
    return status == .done ? cells : ["failed"] + cells
  }

  /// The argument of the inner one is that of the outer, and so the caller's column, whatever else has its name.
  @Test func aMeasurePassesItsParameterOn() {
    let defs = "def g(y) = y + 1\ndef f(x) = g(x) * 2\ndef h(a) = f(a) + g(a)\n"
    #expect(cells(defs + "table [{a: 1}] | derive b = f(a), c = h(a) | select b, c") == ["4", "6"])
    #expect(
      cells(defs + "let a = 50\ntable [{a: 1}] | derive b = f(a), c = g(a) | select b, c") == ["4", "2"])
    #expect(cells(defs + "table [{x: 1, y: 10}] | derive b = f(y), c = f(x) | select b, c") == ["22", "4"])
    #expect(cells(defs + "table [{a: 1}] | derive b = f(f(a)) | select b") == ["10"])
    let rates = "def rt(n, d) = 100 * sum(n) / sum(d)\ndef rt2(a, b) = round(rt(a, b), 1)\n"
    #expect(cells(rates + "table [{u: 1, v: 3}] | aggregate q = rt2(u, v)") == ["33.3"])
  }

  @Test func aFileThatWasReplacedIsReadAnew() throws {
    let folder = try TemporaryFolder.make("rounds-measures")
    let file = folder + "/x.csv"
    try DuckDB.write("a\n1\n2\n3\n", to: file)
    let text = """
      "\(file)" | filter a > 1 | save "\(file)" replace
      "\(file)" | filter a > 2 | save "\(file)" replace
      "\(file)" | aggregate s = sum(a)
      """
    #expect(cells(text) == ["3"])
    #expect(DuckDB.read(file) == "a\n3\n")
  }

  @Test func aPivotTellsWhatItsListLeavesOut() {
    let session = Session(options: Session.Options(threads: 1, now: 1_790_000_000_000_000))
    var told: [String] = []
    session.tell = { if case .table(_, let notes, _, _) = $0 { told += notes.map(\.message) } }
    let table = "table [{r: 1, c: \"a\", v: 5}, {r: 1, c: \"b\", v: 7}, {r: 1, c: missing, v: 9}]"
    _ = session.run(SourceText(table + " | pivot rows r columns c in [\"a\"] values sum(v)")) { _ in }
    #expect(
      told == [
        "2 of 3 rows are in no column of the pivot: `c` is not in the list there, and missing in 1 of them"
      ])
    told = []
    _ = session.run(
      SourceText(table + " | filter c == \"a\" | pivot rows r columns c in [\"a\"] values sum(v)")
    ) { _ in }
    #expect(!told.contains { $0.contains("pivot") })
  }

  @Test func nothingRepeatedIsNothing() {
    #expect(
      cells("table [{a: 1}] | derive s = length(repeat(\"\", 9223372036854775807)) | select s") == ["0"])
  }
}
