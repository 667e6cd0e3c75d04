import Columns
import Diagnostics
import Planning
import Sessions
import Testing

/// Every example in the help gives what it says.
@Suite struct ExampleTests {
  static let functions = Catalogue.rounds.functions.map(\.name)
  static let verbs = Catalogue.rounds.verbs.map(\.name)

  @Test(arguments: functions)
  func examplesOfAFunction(_ name: String) throws {
    for example in Catalogue.rounds.functions.filter({ $0.name == name }).flatMap(\.examples) {
      #expect(result(example.input) == example.result, "\(example.input)")
    }
  }

  @Test(arguments: verbs)
  func examplesOfAVerb(_ name: String) throws {
    for example in Catalogue.rounds.verbs.filter({ $0.name == name }).flatMap(\.examples) {
      #expect(result(example.input) == example.result, "\(example.input)")
    }
  }

  /// The first cell of a result (all of them, between blanks, where there are more), or what is wrong.
  private func result(_ input: String) -> String {
    let session = Session(options: Session.Options(threads: 1, now: 1_790_000_000_000_000))
    var cells: [String] = []
    session.tell = { outcome in
      guard case .table(let table, _, _, _) = outcome else { return }
      for row in 0..<table.rowCount {
        cells += table.row(row).map { $0.isMissing ? "missing" : ValueText.plain($0) }
      }
    }
    var faults: [String] = []
    let status = session.run(SourceText(input)) { faults += $0.map(\.message) }
    return status == .done ? cells.joined(separator: " ") : "\(status): \(faults.joined(separator: "; "))"
  }
}
