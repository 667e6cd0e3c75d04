import Columns
import Diagnostics
import Glibc
import Planning
import Sessions
import Testing

/// Scripts are checked whole before they run: tables and files that only the run makes must not be missed.
@Suite struct PromisedTableTests {
  private func ran(_ text: String) -> (status: Sessions.ExitStatus, faults: [String], rows: [[String]]) {
    let session = Session(options: Session.Options(threads: 2, now: 1_790_000_000_000_000))
    var rows: [[String]] = []
    session.tell = { outcome in
      guard case .table(let table, _, _, _) = outcome else { return }
      rows = (0..<table.rowCount).map { row in
        table.row(row).map { $0.isMissing ? "missing" : ValueText.plain($0) }
      }
    }
    var faults: [String] = []
    let status = session.run(SourceText(text)) { faults += $0.map(\.message) }
    return (status, faults, rows)
  }

  private static let pivot =
    "let w = (table [{w: \"a\", s: \"F\"}, {w: \"b\", s: \"M\"}] | pivot rows w columns s values count())\n"

  @Test(arguments: [
    ("w | filter F > 0", [["a", "1", "0"]]),
    ("table [{w: \"b\"}] | join w on w", [["b", "0", "1"]]),
    ("table [{w: \"b\"}, {w: \"c\"}] | filter w in w.w", [["b"]]),
    ("let v = w | filter M > 0\nv | select w", [["b"]]),
  ]) func aPivotUnderANameIsThere(_ text: String, _ rows: [[String]]) {
    let result = ran(Self.pivot + text)
    #expect(result.faults == [])
    #expect(result.rows == rows)
  }

  /// A parameter that has no value yet, or a wrong one, is known by its type: what uses it is no second fault.
  @Test(arguments: [
    ("param n = 3\ntable [{a: 1}] | take n", "n", "x"),
    ("param n: int\ntable [{a: 1}] | take n * 2 | skip n", "n", "1.5"),
    ("param w = [\"A\"]\ntable x = w | filter x == \"B\" | count", "w", "\"A"),
    ("param w = 9.5\ntable [{a: 1}] | chart bar a width w", "w", "wide"),
  ]) func aWrongParameterIsOneFault(_ text: String, _ name: String, _ value: String) {
    #expect(Ran(text, set: [name: value]).faults.count == 1)
  }

  @Test func whatIsWrongWithItIsToldWhenItRuns() {
    let result = ran(Self.pivot + "w | filter absent > 0")
    #expect(result.status == .failed)
    #expect(result.faults.first?.contains("absent") == true)
  }

  @Test func aFileThatTheScriptWritesFirstCanBeRead() throws {
    var template = Array("/tmp/rounds-promised-XXXXXX".utf8CString)
    #expect(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      unlink(folder + "/a.csv")
      unlink(folder + "/p.csv")
      rmdir(folder)
    }
    let known = ran(
      "table [{x: 1}, {x: 2}] | save \"\(folder)/a.csv\"\nload \"\(folder)/a.csv\"\na | filter x > 1")
    #expect(known.faults == [])
    #expect(known.rows == [["2"]])
    // The columns of this one are those of the run, and not of a file that lay there before.
    let later = ran(Self.pivot + "w | save \"\(folder)/p.csv\"\n\"\(folder)/p.csv\" | filter M > 0")
    #expect(later.faults == [])
    #expect(later.rows == [["b", "0", "1"]])
    let wrong = ran("table [{x: 1}] | save \"\(folder)/b.csv\"\n\"\(folder)/b.csv\" | filter y > 1")
    #expect(wrong.faults.first?.contains("`y`") == true)
  }

  @Test func aFileThatIsNotThereIsToldOnce() {
    let result = ran("load \"/nowhere/a.csv\"\na | filter x > 1\na | fliter x > 1")
    #expect(result.faults.count == 2)
    #expect(result.faults.last?.contains("fliter") == true)
  }
}
