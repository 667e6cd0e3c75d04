import Columns
import Diagnostics
import Language
import Planning
import Sessions
import Testing

/// Every example of every row with one of its tokens deleted, doubled or swapped with the next: checked, and run where
/// nothing is wrong with it. It must come to an answer or to a reason whose place lies in the text.
@Suite struct ExampleMutationTests {
  static let examples: [String] = {
    let functions = Catalogue.rounds.functions.flatMap(\.examples).map(\.input)
    let verbs = Catalogue.rounds.verbs.flatMap(\.examples).map(\.input)
    return (functions + verbs).map { $0.hasPrefix("table") ? $0 : "table [{one: 1}] | select r = \($0)" }
  }()

  static func mutations(of text: String) -> [String] {
    let source = SourceText(text)
    let pieces = Lexer.tokens(of: source).dropLast().map {
      source[SourceRange($0.leading.lower, $0.range.upper)]
    }
    return pieces.indices.flatMap { index -> [String] in
      var deleted = pieces
      deleted.remove(at: index)
      var doubled = pieces
      doubled.insert(pieces[index], at: index)
      var swapped = pieces
      if index + 1 < pieces.count { swapped.swapAt(index, index + 1) }
      return [deleted.joined(), doubled.joined(), swapped.joined()]
    }
  }

  @Test(arguments: 0..<8)
  func everyExampleSurvives(part: Int) {
    let sweep = SweepSession("let t = table [{a: 1}]")
    for (index, example) in Self.examples.enumerated() where index % 8 == part {
      for mutation in Self.mutations(of: example) {
        let fault = SweepSession.fault(sweep.ask(mutation), of: mutation)
        // A statement that shows nothing gives no table.
        #expect(fault == nil || fault == "neither an answer nor a reason", "\(mutation)")
      }
    }
  }
}
