import Diagnostics
import TestSupport
import Testing

@testable import Language

/// Every text with each of its tokens deleted, doubled, or swapped with the next: the parser must come to an end,
/// and the tokens must still be the whole text.
@Suite struct MutationTests {
  private func tokensGiveBack(_ text: String) -> Bool {
    let source = SourceText(text)
    var bytes: [UInt8] = []
    for token in Lexer.tokens(of: source) {
      guard token.leading.upper == token.range.lower else { return false }
      bytes += source.bytes[token.leading.lower..<token.leading.upper]
      bytes += source.bytes[token.range.lower..<token.range.upper]
    }
    return bytes == source.bytes
  }

  static func mutations(of text: String) -> [String] {
    let source = SourceText(text)
    let tokens = Lexer.tokens(of: source).dropLast()
    let pieces = tokens.map { source[SourceRange($0.leading.lower, $0.range.upper)] }
    var result: [String] = []
    for index in pieces.indices {
      var deleted = pieces
      deleted.remove(at: index)
      var doubled = pieces
      doubled.insert(pieces[index], at: index)
      result += [deleted.joined(), doubled.joined()]
      if index + 1 < pieces.count {
        var swapped = pieces
        swapped.swapAt(index, index + 1)
        result.append(swapped.joined())
      }
    }
    return result
  }

  /// What is wrong with how a text is read and written anew; nil when nothing is.
  private func fault(_ text: String) -> String? {
    if !tokensGiveBack(text) { return "the tokens do not give the text back" }
    let script = Parser.parse(SourceText(text))
    for diagnostic in script.diagnostics {
      guard !diagnostic.message.isEmpty, let range = diagnostic.range, range.lower <= range.upper,
        range.upper <= text.utf8.count
      else { return "the place of \(diagnostic)" }
    }
    if !script.diagnostics.isEmpty { return nil }
    let formatted = Printer.format(script)
    let again = Parser.parse(SourceText(formatted))
    if let fault = again.diagnostics.first { return "formatted as \(formatted): \(fault.message)" }
    if Printer.format(again) != formatted { return "formatted again it is another: \(formatted)" }
    return nil
  }

  @Test(arguments: corpus)
  func survives(text: String) {
    #expect(codes(text) == [])
    for mutation in Self.mutations(of: text) { #expect(fault(mutation) == nil, "\(mutation)") }
  }

  /// The texts between quotes in this module's tests that are well-formed.
  private static func texts() throws -> [String] {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    var found: Set<String> = []
    for name in ["StatementTests", "ExpressionTests", "PrinterTests", "FaultTests"] {
      let source = DuckDB.read("/\(folder)/\(name).swift")
      for line in source.split(separator: "\n") {
        let plain = String(line).replacing("\\\"", with: "\u{1}")
        let quoted = plain.split(separator: "\"", omittingEmptySubsequences: false)
        for (index, piece) in quoted.enumerated() where index % 2 == 1 && piece.utf8.count > 3 {
          let text = String(piece).replacing("\u{1}", with: "\"").replacing("\\n", with: "\n")
          found.insert(text.replacing("\\\\", with: "\\"))
        }
      }
    }
    try #require(found.count > 200)
    return found.filter { codes($0).isEmpty }.sorted()
  }

  @Test func everyTestsTextSurvives() throws {
    for text in try Self.texts() {
      #expect(fault(text) == nil, "\(text)")
      for mutation in Self.mutations(of: text) { #expect(fault(mutation) == nil, "\(mutation)") }
    }
  }

  @Test func everyPrefixSurvives() {
    for text in corpus {
      let scalars = Array(text.unicodeScalars)
      for count in 0..<scalars.count {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[..<count])
        let prefix = String(view)
        #expect(tokensGiveBack(prefix))
        _ = Parser.parse(SourceText(prefix))
      }
    }
  }

  /// Texts of tokens thrown together, the same in every run.
  @Test func randomTextsSurvive() {
    let pool =
      corpus.flatMap { text -> [String] in
        let source = SourceText(text)
        return Lexer.tokens(of: source).map { source[$0.range] }
      } + Symbol.allCases.map(\.rawValue) + [
        "\n", "\n\n", "\n  ", " ", "# x\n", "f\"{", "\"", "`", "“", "\\", "\u{A0}", "1.", "2026-1",
      ]
    var state: UInt64 = 42
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: (state >> 33) % UInt64(bound))
    }
    for _ in 0..<1500 {
      var text = ""
      for _ in 0..<next(20) { text += pool[next(pool.count)] + (next(3) == 0 ? "" : " ") }
      #expect(tokensGiveBack(text))
      let formatted = Printer.format(Parser.parse(SourceText(text)))
      #expect(Printer.format(Parser.parse(SourceText(formatted))) == formatted)
    }
  }

  @Test func openBracesInTextsAreSearchedOnce() {
    let text = "x " + String(repeating: "f\"{", count: 20_000)
    #expect(tokensGiveBack(text))
    #expect(!codes(text).isEmpty)
  }
}
