import Shell
import Testing

@Suite struct EditBufferTests {
  private func buffer(_ text: String, _ cursor: Int) -> EditBuffer {
    EditBuffer(Array(text.unicodeScalars), cursor: cursor)
  }

  @Test func charactersAreGraphemeClusters() {
    // e + U+0301, a family joined by ZWJ, a flag: 2, 5 and 2 scalars.
    let text = buffer("e\u{301}👩‍👩‍👧🇨🇭", 0)
    #expect(text.characterEnd(0) == 2)
    #expect(text.characterEnd(2) == 7)
    #expect(text.characterEnd(7) == 9)
    #expect(text.characterStart(9) == 7)
    #expect(text.characterStart(7) == 2)
    #expect(text.characterStart(2) == 0)
    #expect(text.characterStart(0) == 0)
    #expect(text.characterEnd(9) == 9)
  }

  @Test func words() {
    let text = buffer("los_days >= 3.5 日本語", 0)
    #expect(text.wordEnd(0) == 8)
    #expect(text.wordEnd(8) == 13)
    #expect(text.wordStart(19) == 16)
    #expect(text.blankWordStart(15) == 12)
  }

  @Test func linesUpAndDown() {
    let text = buffer("from encounters\n| x\n| count", 12)
    #expect(text.movedVertically(by: 1, column: 12)?.cursor == 19)
    #expect(text.movedVertically(by: -1, column: 12) == nil)
    #expect(buffer("a\nbc", 3).movedVertically(by: 1, column: 1) == nil)
    #expect(buffer("a\nbc", 4).movedVertically(by: -1, column: 2)?.cursor == 1)
  }

  @Test func rangesOutsideAreClamped() {
    #expect(buffer("abc", 3).replacing(2..<9, with: ["x"]) == buffer("abx", 3))
    #expect(buffer("abc", 99).cursor == 3)
  }
}

@Suite struct UndoTests {
  @Test func typedLettersJoinIntoWords() {
    var stack = UndoStack()
    var text = ""
    for character in "from encounters" {
      text.append(character)
      stack.note(EditBuffer(text))
    }
    #expect(stack.undo()?.string == "from ")
    #expect(stack.undo()?.string == "")
    #expect(stack.undo() == nil)
    #expect(stack.redo()?.string == "from ")
    #expect(stack.redo()?.string == "from encounters")
    #expect(stack.redo() == nil)
  }

  @Test func aPasteIsOneStepAndANewChangeForgetsRedo() {
    var stack = UndoStack()
    stack.note(EditBuffer("a"))
    stack.note(EditBuffer("a pasted text"))
    #expect(stack.undo()?.string == "a")
    stack.note(EditBuffer("ab"))
    #expect(stack.redo() == nil)
    #expect(stack.undo()?.string == "a")
  }

  @Test func movingTheCursorEndsAWord() {
    var stack = UndoStack()
    stack.note(EditBuffer("a"))
    stack.note(EditBuffer(["a"], cursor: 0))
    stack.note(EditBuffer(["b", "a"], cursor: 1))
    #expect(stack.undo()?.string == "a")
    #expect(stack.undo()?.string == "")
  }
}

@Suite struct KillRingTests {
  @Test func cutsJoinAndRotate() {
    var ring = KillRing()
    #expect(ring.yank() == nil)
    #expect(ring.rotate() == nil)
    ring.keep(["a"], joining: .none)
    ring.keep(["b"], joining: .after)
    ring.keep(["0"], joining: .before)
    ring.keep(["z"], joining: .none)
    #expect(ring.yank() == ["z"])
    #expect(ring.rotate() == ["0", "a", "b"])
    #expect(ring.rotate() == ["z"])
  }
}

@Suite struct MenuTests {
  private let list = CompletionList(
    replacing: 5..<8, candidates: ["encounters", "encounter_id", "encode"].map { CompletionCandidate($0) })

  @Test func commonPrefix() {
    let buffer = EditBuffer("from enc")
    #expect(Menu.commonPrefix(list, in: buffer) == Array("enco".unicodeScalars))
    let typed = CompletionList(replacing: 5..<9, candidates: list.candidates)
    #expect(Menu.commonPrefix(typed, in: EditBuffer("from enco")) == nil)
  }

  @Test func theOnlyCandidateReplacesWhatDiffers() {
    let only = CompletionList(replacing: 0..<2, candidates: [CompletionCandidate("ICU")])
    #expect(Menu.commonPrefix(only, in: EditBuffer("ic")) == Array("ICU".unicodeScalars))
    #expect(Menu.commonPrefix(.none, in: EditBuffer("")) == nil)
  }

  @Test func selectionGoesRound() {
    var menu = Menu(list: list, original: EditBuffer("from enc"))
    #expect(menu.buffer.string == "from enc")
    menu.move(by: -1)
    #expect(menu.buffer.string == "from encode")
    menu.move(by: 1)
    #expect(menu.buffer.string == "from encounters")
    menu.move(by: 3)
    #expect(menu.selection == 0)
    #expect(menu.window(rows: 2) == 0..<2)
    menu.move(by: 2)
    #expect(menu.window(rows: 2) == 1..<3)
    #expect(menu.window(rows: 9) == 0..<3)
  }
}

@Suite struct HistorySearchTests {
  private let entries = [
    "from 患者\n| count", "from encounters\n| where los > 3", "from Encounters", "let x = 1",
  ]

  @Test func wholeStatementsNewestFirst() {
    var search = HistorySearch(entries: entries, original: EditBuffer(""))
    #expect(search.found == "let x = 1")
    search.type(Array("enc".unicodeScalars))
    #expect(search.found == "from Encounters")
    #expect(search.count.of == 2)
    search.move(by: 1)
    #expect(search.found == "from encounters\n| where los > 3")
    search.move(by: 1)
    #expect(search.count.shown == 2)
    search.move(by: -1)
    #expect(search.found == "from Encounters")
  }

  @Test func capitalsAreExact() {
    let search = HistorySearch(entries: entries, original: EditBuffer(""), query: Array("Enc".unicodeScalars))
    #expect(search.count.of == 1)
    #expect(search.foundRange == 5..<8)
  }

  // U+4E0D ends in the byte 0x0D, which a look-up by the low byte takes for Enter.
  @Test func anyScript() {
    var search = HistorySearch(entries: entries + ["不 = 1"], original: EditBuffer(""))
    search.type(["患"])
    #expect(search.found == "from 患者\n| count")
    #expect(search.foundRange == 5..<6)
    search.erase()
    search.type(["不"])
    #expect(search.found == "不 = 1")
    search.type(["!"])
    #expect(search.found == nil)
    #expect(search.count.shown == 0)
  }
}
