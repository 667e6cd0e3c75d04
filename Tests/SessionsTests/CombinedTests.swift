import Columns
import Diagnostics
import Planning
import Sessions
import TestSupport
import Testing

/// Several files as one table: what differs between them is told, and `strict` refuses it.
@Suite struct CombinedTests {
  /// What a text says and gives in a folder of files.
  private func ran(
    _ text: (_ folder: String) -> String, _ files: [(name: String, text: String)]
  ) throws -> (rows: [[String]], names: [String], notes: [String], faults: [String]) {
    let folder = try TemporaryFolder.make("rounds-combined")
    for file in files { try TextFile.write(file.text, to: "\(folder)/\(file.name)") }
    let session = Session(options: Session.Options(threads: 2, now: 1_790_000_000_000_000))
    var (rows, names, notes, faults): ([[String]], [String], [String], [String]) = ([], [], [], [])
    session.tell = { outcome in
      switch outcome {
      case .table(let table, let said, _, _):
        names = table.schema.names
        notes += said.map(\.message)
        rows = (0..<table.rowCount).map {
          table.row($0).map { $0.isMissing ? "missing" : ValueText.plain($0) }
        }
      case .notes(let said): notes += said.map(\.message)
      default: break
      }
    }
    _ = session.run(SourceText(text(folder))) { faults += $0.map { $0.message + " " + $0.help.joined() } }
    return (
      rows, names, notes.map { $0.replacing(folder + "/", with: "") },
      faults.map { $0.replacing(folder + "/", with: "") }
    )
  }

  private let months = [
    (name: "m1.csv", text: "Ward,x\nA,1.50\nB,\n"), (name: "m2.csv", text: "ward,x\nC,abc\n"),
  ]

  @Test func namesThatDifferByCaseAreOneColumn() throws {
    let result = try ran({ "load \"\($0)/m*.csv\" as t\nt" }, months)
    #expect(result.names == ["Ward", "x"])
    #expect(result.notes.contains { $0.contains("m2.csv: `ward` is taken for `Ward`") })
    // A file that has both names keeps both.
    let both = try ran(
      { "\"\($0)/m*.csv\" | select everything()" },
      [(name: "m1.csv", text: "Ward\nA\n"), (name: "m2.csv", text: "ward,Ward\nb,B\n")])
    #expect(both.faults.isEmpty ? both.names == ["Ward", "ward"] : true)
  }

  @Test func cellsOfClashingTypesStayAsWritten() throws {
    let result = try ran({ "load \"\($0)/m*.csv\" as t\nt" }, months)
    #expect(result.rows == [["A", "1.50"], ["B", "missing"], ["C", "abc"]])
    #expect(
      result.notes.contains {
        $0.contains("`x` is text: float in m1.csv, text in m2.csv (line 2 holds \"abc\")")
      })
  }

  @Test func notesNameTheirFile() throws {
    let result = try ran({ "load \"\($0)/m*.csv\" as t" }, months)
    #expect(result.notes.contains("m1.csv: read as missing: `x` 1 empty"))
    let many = (1...40).map { (name: "f\($0).csv", text: "a,b\n1,\n") }
    let same = try ran({ "load \"\($0)/f*.csv\" as t" }, many)
    #expect(same.notes.contains { $0.contains("and 37 more: read as missing: `b` 1 empty") })
    let different = (1...40).map { number in
      (name: "f\(number).csv", text: "a,b\n" + String(repeating: "1,\n", count: number))
    }
    let cut = try ran({ "load \"\($0)/f*.csv\" as t" }, different)
    #expect(cut.notes.contains { $0.hasPrefix("16 further notes on single files") })
  }

  @Test func aColumnMayTellTheFile() throws {
    let named = try ran({ "load \"\($0)/m*.csv\" as t with filename = source\nt | count by source" }, months)
    #expect(named.rows.map { $0[0] } == ["m1.csv", "m2.csv"])
    let plain = try ran({ "load \"\($0)/m*.csv\" as t with filename = true\nt" }, months)
    #expect(plain.names == ["Ward", "x", "file"])
    let off = try ran({ "load \"\($0)/m*.csv\" as t with filename = false\nt" }, months)
    #expect(off.names == ["Ward", "x"])
    for wrong in ["3", "\"\"", "[\"a\"]", "ward"] {
      let result = try ran({ "load \"\($0)/m*.csv\" as t with filename = \(wrong)" }, months)
      #expect(result.faults.count == 1 && result.faults[0].contains("`filename`"), "\(wrong)")
    }
  }

  @Test func strictRefusesDifferences() throws {
    func fault(_ first: String, _ second: String, _ more: String = "") throws -> String {
      let files = [(name: "m1.csv", text: first), (name: "m2.csv", text: second)]
      return try ran({ "load \"\($0)/m*.csv\" as t with strict = true\(more)" }, files).faults.joined()
    }
    let one = "a,b\n1,2\n"
    #expect(try fault(one, one).isEmpty)
    #expect(try fault(one, "a,b\n1,2.5\n").isEmpty)
    #expect(try fault(one, "a\n1\n").contains("m2.csv, line 1: there is no column `b`, which m1.csv has"))
    #expect(try fault(one, "a,b,c\n1,2,3\n").contains("m1.csv, line 1: there is no column `c`"))
    #expect(try fault(one, "A,b\n1,2\n").contains("m2.csv, line 1: the column `A` is called `a` in m1.csv"))
    #expect(
      try fault(one, "a,b\n1,2\n1,x\n").contains("m2.csv, line 3: `b` is text here and int in m1.csv: \"x\""))
    #expect(
      try fault(one, "a,b\n1,2\n1,3\n1,x\n").contains("m2.csv, line 4: `b`: \"x\" stands among numbers"))
    #expect(
      try fault(one, "a,b\n1,2\n1,x\n", ", types = {b: int}").contains("m2.csv, line 3: `b`: \"x\" is no int")
    )
  }

  @Test func arrowFilesRefuseOptions() throws {
    let text = { (folder: String) in
      "load \"\(folder)/x.arrow\" with missing = [\"N/A\"]"
    }
    #expect(
      try ran(text, [(name: "x.arrow", text: "")]).faults.joined().contains(
        "Arrow files have no option `missing`"))
  }
}
