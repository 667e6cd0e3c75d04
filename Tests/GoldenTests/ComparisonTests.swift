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
        Comparison.filled($0.sql) { "read_csv('\($0)', header=true, nullstr=['NA',''], sample_size=-1)" }
      },
      in: folder)
    for (comparison, answer) in zip(Comparison.all, answers) {
      guard case .rows(let rows) = answer else {
        Issue.record("\(comparison.name): DuckDB says \(answer)")
        continue
      }
      let text = Comparison.filled(comparison.rounds) { "\"\(folder)/\($0)\"" }
      do {
        let difference = DuckDB.difference(try Answering(text).table, rows)
        #expect(difference == nil, "\(comparison.name)")
      } catch {
        Issue.record("\(comparison.name): \(error)")
      }
    }
  }
}

/// The data folder's questions, whose answers two other engines agree on.
@Suite struct QuestionTests {
  @Test(
    .enabled(if: DuckDB.dataFolder != nil, "skipped: ../shared/data is not there"),
    arguments: Comparison.questions.map(\.id))
  func answersAsExpected(_ id: String) throws {
    let folder = try #require(DuckDB.dataFolder)
    let rounds = try #require(Comparison.questions.first { $0.id == id }?.rounds)
    let lines = DuckDB.read(folder + "/questions.jsonl").split(separator: "\n")
    let question = try #require(try lines.map { try JSON($0) }.first { $0["id"] == .text(id) })
    let table = try Answering(Comparison.filled(rounds) { "\"\(folder)/\($0)\"" }).table
    #expect(table.schema.names == question["columns"].elements.map(\.string))
    let difference = DuckDB.difference(
      table, question["expected"].elements.map(\.elements), tolerance: question["tolerance"].number ?? 1e-6)
    #expect(difference == nil, "\(question["question"].string)")
  }

  @Test(.enabled(if: DuckDB.dataFolder != nil, "skipped: ../shared/data is not there"))
  func everyQuestionIsAnswered() throws {
    let folder = try #require(DuckDB.dataFolder)
    let lines = DuckDB.read(folder + "/questions.jsonl").split(separator: "\n")
    #expect(try lines.map { try JSON($0)["id"].string } == Comparison.questions.map(\.id))
  }
}

extension Comparison {
  /// A text with `{folder/name}` as the source that `make` gives for the path of the file.
  static func filled(_ text: String, _ make: (String) -> String) -> String {
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
