import Columns
import Diagnostics
import Planning
import Sessions
import Testing

/// Every example of every verb and function, run by the whole program: what `help` shows is what a person gets.
@Suite struct ExamplesTests {
  private static let rows: [(name: String, examples: [Example])] =
    Catalogue.rounds.verbs.map { ($0.name, $0.examples) }
    + Catalogue.rounds.functions.map { ($0.name, $0.examples) }

  @Test(arguments: rows.map(\.name)) func everyExampleGivesWhatItSays(_ name: String) throws {
    for example in Self.rows.filter({ $0.name == name }).flatMap(\.examples) {
      let isPipeline = example.input.hasPrefix("table ")
      let text = isPipeline ? example.input : "table [{nothing: 1}] | select result = (\(example.input))"
      let session = Session(options: Session.Options(threads: 1, now: 0))
      var told: Table?
      var faults: [String] = []
      session.tell = { if case .table(let table, _, _, _) = $0 { told = table } }
      let status = session.run(SourceText(text, name: name)) { faults += $0.map(\.message) }
      #expect(status == .done, "\(example.input): \(faults)")
      guard let table = told else { continue }
      let cells = table.rowCount == 0 ? [] : table.row(0)
      #expect(table.rowCount == 1 && !cells.isEmpty, "\(example.input) gives \(table.rowCount) rows")
      let result = cells.map { $0.isMissing ? "missing" : ValueText.plain($0) }.joined(separator: ",")
      #expect(result == example.result, "\(example.input)")
    }
  }

  @Test func onlyEffectsHaveNoExample() {
    for verb in Catalogue.rounds.verbs where verb.examples.isEmpty {
      // What these do is no cell: a picture, a file, a stop.
      #expect(["join", "pivot", "chart", "show", "save", "assert"].contains(verb.name), "\(verb.name)")
    }
  }
}
