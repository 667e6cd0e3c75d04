import Shell
import TestSupport
import Testing

@Suite struct LayoutTests {
  private func layout(_ text: String, cursor: Int? = nil, columns: Int = 10) -> Layout {
    let scalars = Array(text.unicodeScalars)
    return Layout(
      scalars, cursor: cursor ?? scalars.count, columns: columns, promptWidth: 2, continuationWidth: 2)
  }

  @Test func wrapping() {
    #expect(layout("12345678").rows.count == 2)
    #expect(layout("12345678").cursorRow == 1)
    #expect(layout("12345678", cursor: 0).rows.count == 1)
    #expect(layout("1234567").cursorColumn == 9)
    #expect(layout("").cursorColumn == 2)
  }

  @Test func aWideCharacterIsNeverCutInTwo() {
    let wide = layout("1234567日x")
    #expect(wide.rows.map(\.width) == [9, 3])
    #expect(wide.rows[1].lead == .none)
  }

  @Test func lines() {
    let two = layout("a\n\nb", cursor: 2)
    #expect(two.rows.map(\.lead) == [.prompt, .continuation, .continuation])
    #expect((two.cursorRow, two.cursorColumn) == (1, 2))
  }

  /// The short cut for common characters must agree with the width of the text as a whole (UAX 11, UAX 29).
  @Test(arguments: [
    ("Ünïcode", 7), ("Ελλάδα ж", 8), ("かなカナ", 8), ("漢字漢", 6), ("한국어", 6), ("か\u{3099}", 2),
    ("각\u{11A8}", 2), ("a\u{300}", 1), ("日\u{FE0F}日", 4),
  ])
  func commonBlocksAreWhatTheyAreTogether(text: String, width: Int) {
    let scalars = Array(text.unicodeScalars)
    let row = layout(text, columns: 80).rows[0]
    #expect(row.width - 2 == width)
    #expect(row.range == 0..<scalars.count)
  }

  @Test func everyCharacterIsInExactlyOneRow() {
    let text = "from 患者 👩‍👩‍👧e\u{301}\n\u{1B}x\u{202E}\tabc 🇨🇭 ✈️ end"
    for columns in 8...40 {
      let scalars = Array(text.unicodeScalars)
      let rows = layout(text, columns: columns).rows
      let shown = rows.flatMap { Array(scalars[$0.range]) }
      #expect(shown == scalars.filter { $0 != "\n" })
      #expect(rows.allSatisfy { $0.width <= columns })
    }
  }
}

@Suite struct RendererTests {
  /// Shows frames one after the other on a virtual screen.
  private struct Show {
    var screen: TerminalScreen
    var renderer = Renderer()
    var frame: Frame?
    var size: TerminalSize

    init(_ columns: Int = 40, _ rows: Int = 10) {
      screen = TerminalScreen(columns: columns, rows: rows)
      size = TerminalSize(columns: columns, rows: rows)
    }

    mutating func show(_ view: EditorView) {
      let next = renderer.frame(view, size: size, top: frame?.top ?? 0)
      screen.feed(Painter.paint(from: frame, to: next))
      frame = next
    }
  }

  private func view(_ text: String, cursor: Int? = nil) -> EditorView {
    var view = EditorView()
    view.buffer = EditBuffer(Array(text.unicodeScalars), cursor: cursor)
    view.prompt = Prompt("> ")
    return view
  }

  @Test func coloursAndSuggestion() {
    var show = Show()
    var from = view("from enc")
    from.spans = [HighlightSpan(0..<4, TextStyle(foreground: 4, bold: true))]
    from.suggestion = Array("ounters\n| count".unicodeScalars)
    show.show(from)
    #expect(show.screen.text == "> from encounters\n… | count")
    #expect(show.screen.style(of: "from") == "1;34")
    #expect(show.screen.style(of: "enc") == "")
    #expect(show.screen.style(of: "ounters") == "90")
    #expect((show.screen.cursorRow, show.screen.cursorColumn) == (0, 10))
    // The suggestion goes, and its row with it.
    show.show(view("from x"))
    #expect(show.screen.text == "> from x")
  }

  @Test func withoutColourThereIsNoSuggestion() {
    var show = Show()
    show.renderer.isColoured = false
    var from = view("from")
    from.spans = [HighlightSpan(0..<4, TextStyle(foreground: 4))]
    from.suggestion = Array(" x".unicodeScalars)
    show.show(from)
    #expect(show.screen.text == "> from")
    #expect(show.screen.style(of: "from") == "")
  }

  @Test func controlCharactersAreShownNeverSent() {
    var show = Show()
    let evil = view("a\u{1B}[2Jb\u{7}\u{9B}31m\u{202E}c")
    show.show(evil)
    #expect(show.screen.text == "> a^[[2Jb^G\\u{9B}31m\\u{202E}c")
    #expect(show.screen.unknown == [])
    #expect(show.screen.cursorColumn == "> a^[[2Jb^G\\u{9B}31m\\u{202E}c".count)
  }

  @Test func wideAndCombiningCharacters() {
    var show = Show()
    show.show(view("a 👩‍👩‍👧 ✈️ e\u{301} 日本|"))
    #expect(show.screen.line(0) == "> a 👩‍👩‍👧 ✈️ e\u{301} 日本|")
    // 2 + "a " 2 + 2 + 1 + 2 + 1 + 1 + 1 + 4 + 1
    #expect(show.screen.cursorColumn == 17)
  }

  @Test func aStatementTallerThanTheScreen() {
    var show = Show(20, 5)
    let text = (0..<12).map { "line \($0)" }.joined(separator: "\n")
    show.show(view(text))
    #expect(show.screen.line(4) == "… line 11")
    show.show(view(text, cursor: 0))
    #expect(show.screen.line(0) == "> line 0")
    #expect(show.screen.cursorRow == 0)
    #expect(show.screen.scrolled == [])
  }

  @Test func theMenuHasNoBlankRowsAndMarksTheSelection() {
    var show = Show()
    var completing = view("enc")
    let candidates = ["encounters", "encode"].map { CompletionCandidate($0, detail: "a detail") }
    var menu = Menu(
      list: CompletionList(replacing: 0..<3, candidates: candidates), original: completing.buffer)
    menu.move(by: 1)
    completing.menu = menu
    completing.hint = "a hint"
    show.show(completing)
    #expect(show.screen.text == "> enc\na hint\n  encounters  a detail\n  encode      a detail")
    #expect(show.screen.style(of: "encounters") == "7")
    #expect(show.screen.cursorRow == 0)
    show.show(view("enc"))
    #expect(show.screen.text == "> enc")
  }

  @Test(arguments: 2...12) func everythingFitsOnAnyScreen(rows: Int) {
    for columns in [8, 20, 80] {
      var show = Show(columns, rows)
      var full = view((0..<20).map { "line \($0)" }.joined(separator: "\n"), cursor: 60)
      let candidates = (0..<30).map { CompletionCandidate("candidate\($0)", detail: "detail of it") }
      full.menu = Menu(list: CompletionList(replacing: 0..<1, candidates: candidates), original: full.buffer)
      full.hint = "hint"
      show.show(full)
      #expect(show.frame?.rows.count ?? 0 <= rows)
      #expect(show.screen.scrolled == [])
      #expect(show.screen.cursorRow == show.frame?.cursorRow)
      #expect(show.frame?.rows.allSatisfy { $0.width <= columns } == true)
    }
  }

  @Test func theRightPromptGivesWay() {
    var show = Show(30)
    var short = view("ab")
    short.prompt.right = "12 ms, 3 rows"
    show.show(short)
    #expect(show.screen.line(0) == "> ab            12 ms, 3 rows")
    short.buffer = EditBuffer("abcdefghijklmno")
    show.show(short)
    #expect(show.screen.line(0) == "> abcdefghijklmno")
  }

  @Test func searchPutsTheCursorInItsLine() {
    var show = Show()
    var searching = view("from encounters", cursor: 5)
    searching.search = EditorView.SearchLine(label: "search (1/2): ", query: ["e", "n"], match: 5..<7)
    show.show(searching)
    #expect(show.screen.line(1) == "search (1/2): en")
    #expect((show.screen.cursorRow, show.screen.cursorColumn) == (1, 16))
    #expect(show.screen.style(of: "en") == "1;4")
  }

  @Test func asciiOnly() {
    var show = Show(20)
    show.renderer.isASCII = true
    var long = view("a\nb")
    long.prompt = Prompt("❯ ", right: "12 ms · 3 rows, and more")
    long.hint = "a hint that does not fit here"
    show.show(long)
    #expect(show.screen.text == "> a\n... b\na hint that does n~")
  }

  @Test func underlines() {
    var show = Show()
    var wrong = view("where agee > 3")
    wrong.diagnoses = [EditorDiagnosis(6..<10, "no column agee")]
    show.show(wrong)
    #expect(show.screen.style(of: "agee") == "4")
  }

  /// Whatever was there before, the screen shows the same as if the frame were painted alone.
  @Test func differencesPaintTheWhole() {
    let texts = [
      "", "a", "from x\n| y", "日本\n日", String(repeating: "w", count: 90), "x\n\n\n\n\n\n\n\n\n\n\nz",
      "from z",
    ]
    for first in texts {
      for second in texts {
        var show = Show(20, 8)
        show.show(view(first))
        show.show(view(second))
        var alone = Show(20, 8)
        alone.show(view(second))
        let shown = show.frame?.rows.count ?? 0
        #expect(
          (0..<shown).allSatisfy { row in
            show.screen.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(row).first
              == alone.screen.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(row)
              .first
          })
        #expect(show.screen.cursorColumn == alone.screen.cursorColumn)
      }
    }
  }
}
