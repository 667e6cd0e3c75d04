import Columns
import Testing
import TestSupport

/// Rounds and DuckDB, asked the same of real tables.
@Suite struct ComparisonTests {
  static let canRun = DuckDB.isThere && DuckDB.dataFolder != nil

  @Test(
    .enabled(if: canRun, "skipped: python3 has no duckdb, or ../shared/data is not there"))
  func realTablesAnswerAsInDuckDB() throws {
    let folder = try #require(DuckDB.dataFolder)
    let answers = try DuckDB.answers(
      Comparison.all.map {
        filled($0.sql) { "read_csv('\($0)', header=true, nullstr=['NA',''], sample_size=-1)" }
      },
      in: folder)
    for (comparison, answer) in zip(Comparison.all, answers) {
      guard case .rows(let rows) = answer else {
        Issue.record("\(comparison.name): DuckDB says \(answer)")
        continue
      }
      let text = filled(comparison.rounds) { "\"\(folder)/\($0)\"" }
      do {
        let difference = DuckDB.difference(try Answering(text).table, rows)
        #expect(difference == nil, "\(comparison.name)")
      } catch {
        Issue.record("\(comparison.name): \(error)")
      }
    }
  }

  /// A text with `{folder/name}` as the source that `make` gives for the path of the file.
  private func filled(_ text: String, _ make: (String) -> String) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      let inside = rest[rest.index(after: open)...]
      if let close = inside.firstIndex(of: "}"), inside[..<close].contains("/"),
        inside[..<close].allSatisfy({ $0.isLetter || $0.isNumber || "._/".contains($0) })
      {
        let name = inside[..<close]
        result += make((name.hasPrefix("hospital/") ? "" : "tables/") + name + ".csv")
        rest = inside[inside.index(after: close)...]
      } else {
        result.append("{")
        rest = inside
      }
    }
    return result + rest
  }
}
