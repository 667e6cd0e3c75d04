import Diagnostics
import Testing

/// How a fault is shown: the line it is in, and a mark under its place, on screens of any width.
@Suite struct DiagnosticRendererTests {
  private func lines(_ text: String, _ word: String, columns: Int?) -> [String] {
    let source = SourceText(text, name: "query")
    guard let found = text.range(of: word) else { return [] }
    let lower = text.utf8.distance(from: text.startIndex, to: found.lowerBound)
    let fault = Diagnostic(
      "test", "wrong", at: SourceRange(lower, lower + word.utf8.count), help: ["write it right"]
    ).located(in: source)
    return DiagnosticRenderer(columns: columns).render(fault).split(separator: "\n").map(String.init)
  }

  /// What stands above the marks, column by column.
  private func marked(_ lines: [String]) -> String {
    var above: [Character] = []
    for character in lines[1] {
      above.append(character)
      // The second column of a wide character holds nothing of its own.
      for _ in 1..<max(1, DisplayWidth.of(character)) { above.append("\u{0}") }
    }
    let places = lines[2].enumerated().filter { $0.element == "^" }.map(\.offset)
    return String(places.compactMap { above.indices.contains($0) ? above[$0] : nil }.filter { $0 != "\u{0}" })
  }

  @Test func theWholeLineIsShownWhereNobodySaysHowWide() {
    let shown = lines("encounters | filter aeg > 3", "aeg", columns: nil)
    #expect(
      shown == [
        "query:1:21: error: wrong", "  1 | encounters | filter aeg > 3", "    |                     ^^^",
        "  help: write it right",
      ])
  }

  @Test(arguments: [40, 60, 80, 200]) func theMarkStandsUnderItsWordInAPartOfALongLine(_ columns: Int) {
    let words = (10..<90).map { "w\($0)" }
    let text = words.joined(separator: " ")
    for word in words {
      let shown = lines(text, word, columns: columns)
      #expect(shown[1].count <= columns)
      #expect(marked(shown) == word)
    }
  }

  @Test func wideCharactersTakeTwoColumns() {
    let words = (10..<60).map { "病院\($0)" }
    let text = words.joined(separator: " ")
    for word in words {
      let shown = lines(text, word, columns: 50)
      #expect(shown[1].reduce(0) { $0 + DisplayWidth.of($1) } <= 50)
      #expect(marked(shown) == word)
    }
  }

  @Test func controlCharactersOfALineAreMadeVisible() {
    let shown = lines("say \"\u{1B}[31m\" wrong", "wrong", columns: nil)
    #expect(!shown.joined().contains("\u{1B}"))
    #expect(marked(shown) == "wrong")
  }
}

extension String {
  /// Where another text begins and ends in this one; nil where it does not occur.
  fileprivate func range(of other: String) -> Range<String.Index>? {
    indices.first { self[$0...].hasPrefix(other) }.map { $0..<index($0, offsetBy: other.count) }
  }
}

@Suite struct WordWrapTests {
  @Test func controlCharactersOfANameAreMadeVisible() {
    let source = SourceText("a b", name: "s\u{1B}[33m.rounds")
    let fault = Diagnostic("test", "wrong", at: SourceRange(2, 3)).located(in: source)
    #expect(DiagnosticRenderer().render(fault).hasPrefix("s^[[33m.rounds:1:3: error: wrong"))
  }

  @Test func blanksInFrontStay() {
    #expect(WordWrap.lines("  one two three", 9) == ["  one two", "three"])
    #expect(WordWrap.lines("one two three", 9, indent: 2) == ["one two", "  three"])
  }

  @Test func furtherLinesStandBelowTheText() {
    #expect(WordWrap.hanging("  name  what it does here", 18) == ["  name  what it", "        does here"])
    #expect(WordWrap.hanging("  name  short", 18) == ["  name  short"])
  }

  @Test func aWordWiderThanTheScreenIsCut() {
    #expect(WordWrap.lines("a abcdefgh", 4) == ["a", "abcd", "efgh"])
    #expect(WordWrap.lines("患者患者", 5) == ["患者", "患者"])
  }
}

@Suite struct LooseNameTests {
  @Test func aNameIsFoldedToWhatItIsFoldedTo() {
    let names = [
      "", "a", "A", "a1", "A_1", "a 1", "a.1", "A.1!", "a-1", "ab", "ä", "Ä", "a\u{308}", "é1", "É 1", "@a",
      "[a]", "a`", "{", "1",
      "١", "K", "\u{212A}", "los_hours", "LOS hours", "Los.Hours", "患者", "患者 ",
    ]
    for name in names {
      for other in names {
        let folded = Suggestion.folded(other)
        #expect(
          Suggestion.isFolded(name, to: folded) == (Suggestion.folded(name) == folded), "\(name), \(other)")
      }
    }
  }
}
