import Glibc
import TestSupport
import Testing

/// The editor in the real program on a real pseudo-terminal.
func editor(
  columns: Int = 80, rows: Int = 24, _ environment: [String: String] = [:]
) throws -> TerminalSession {
  let session = try TerminalSession(
    TerminalSession.builtProgram("rounds"), ["--editor-probe"], environment: environment, columns: columns,
    rows: rows)
  try session.wait(for: "probe>")
  return session
}

/// A folder with an `.editrc`.
func home(_ bindings: String) throws -> String {
  let folder = try TemporaryFolder.make("rounds-home")
  guard let file = fopen("\(folder)/.editrc", "w") else {
    throw TerminalSession.Failure(description: "no folder")
  }
  fputs(bindings, file)
  fclose(file)
  return folder
}

extension TerminalSession {
  /// Waits until the cursor's row shows a text and the cursor is in a column.
  func wait(line: String, column: Int) throws {
    try wait("\(line) with the cursor at \(column)") {
      $0.line($0.cursorRow) == line && $0.cursorColumn == column
    }
  }

  /// Runs statements one after the other.
  func run(_ statements: [String]) throws {
    for statement in statements {
      send(statement + "\r")
      try wait(for: "got: \(statement)")
      try waitForPrompt()
    }
  }

  func waitForPrompt() throws {
    try wait("an empty prompt") { $0.line($0.cursorRow).hasPrefix("probe>") && $0.cursorColumn == 7 }
  }
}

private let sizes = [(80, 24), (40, 10), (200, 60)]

@Suite struct EditorTerminalTests {
  @Test(arguments: sizes) func typingColourAndRunning(columns: Int, rows: Int) throws {
    let session = try editor(columns: columns, rows: rows)
    session.send("from encounters")
    try session.wait(line: "probe> from encounters", column: 22)
    #expect(session.screen.style(of: "from") == "1;34")
    #expect(session.screen.style(of: "encounters") == "")
    #expect(session.screen.style(of: "probe>") == "1;36")
    session.send("\r")
    try session.wait(for: "got: from encounters")
    #expect(session.screen.unknown == [])
  }

  @Test func enterRunsOnlyWhatIsComplete() throws {
    let session = try editor()
    session.send("from x |\r")
    try session.wait(line: "…", column: 2)
    session.send("round(1\r")
    try session.wait("a third line") { $0.cursorRow == 2 && $0.cursorColumn == 2 }
    session.send("2)\r")
    try session.wait(for: #"got: from x |\nround(1\n2)"#)
  }

  @Test func altEnterAlwaysBreaks() throws {
    let session = try editor()
    session.send("a\u{1B}\rb")
    try session.wait(line: "… b", column: 3)
    session.send("\r")
    try session.wait(for: #"got: a\nb"#)
  }

  @Test func upAndDownGoByLineThenByStatementAndKeepTheDraft() throws {
    let session = try editor()
    try session.run(["first", "second"])
    session.send("one\u{1B}\rtwo")
    try session.wait(line: "… two", column: 5)
    session.send("\u{1B}[A")
    try session.wait("the line above") {
      $0.line($0.cursorRow).hasPrefix("probe> one") && $0.cursorColumn == 10
    }
    session.send("\u{1B}[A")
    try session.wait("the statement before") { $0.line($0.cursorRow).hasPrefix("probe> second") }
    session.send("\u{1B}[A")
    try session.wait("the one before") { $0.line($0.cursorRow).hasPrefix("probe> first") }
    session.send("\u{1B}[B")
    try session.wait("the newer one") { $0.line($0.cursorRow).hasPrefix("probe> second") }
    session.send("\u{1B}[B")
    try session.wait("the draft") { $0.text.contains("probe> one") && $0.text.contains("… two") }
    session.send("\r")
    try session.wait(for: #"got: one\ntwo"#)
  }

  @Test func theSuggestionIsGreyAndTakenByKeys() throws {
    let session = try editor()
    try session.run(["from encounters where x"])
    session.send("from")
    try session.wait("the suggestion") {
      $0.text.contains("probe> from encounters where x") && $0.cursorColumn == 11
    }
    #expect(session.screen.cell(session.screen.cursorRow, 12).style == "90")
    // A word with Alt-Right, the rest with Right.
    session.send("\u{1B}[1;3C")
    try session.wait("one word taken") { $0.cursorColumn == 22 }
    #expect(session.screen.cell(session.screen.cursorRow, 13).style == "")
    #expect(session.screen.cell(session.screen.cursorRow, 23).style == "90")
    session.send("\u{1B}[C")
    try session.wait("all taken") { $0.cursorColumn == 30 }
    session.send("\u{15}from\u{06}\r")
    try session.wait("run again") { $0.text.components("got: from encounters where x") == 2 }
  }

  @Test func noColourMeansNoColourAndNoSuggestion() throws {
    let session = try editor(["NO_COLOR": "1"])
    try session.run(["from encounters"])
    session.send("from")
    try session.wait(line: "probe> from" + String(repeating: " ", count: 62) + "1 rows", column: 11)
    #expect(session.screen.style(of: "from") != "1;34")
    #expect(!String(decoding: session.output, as: UTF8.self).contains("[0;1;3"))
    #expect(!String(decoding: session.output, as: UTF8.self).contains(";90m"))
    session.send("\u{1B}[C\r")
    try session.wait("only what was typed") { $0.text.contains("\ngot: from\n") }
  }

  @Test func theRightPromptShowsTheLastResultAndGoesWhenTheStatementRuns() throws {
    let session = try editor()
    try session.run(["a"])
    #expect(session.screen.line(session.screen.cursorRow).hasSuffix(" 1 rows"))
    session.send("b\r")
    try session.wait(for: "2 rows")
    #expect(!session.screen.text.contains("1 rows"))
  }

  @Test func completionInsertsThePrefixThenOffersAMenu() throws {
    let session = try editor()
    session.send("from enc\t")
    try session.wait(line: "probe> from enco", column: 16)
    #expect(session.screen.text.contains("  encounters    table of 12 columns"))
    // Exactly the rows it needs, none reserved.
    #expect(session.screen.text.split(separator: "\n", omittingEmptySubsequences: false).count == 4)
    session.send("\t")
    try session.wait(line: "probe> from encounters", column: 22)
    session.send("\u{1B}[B")
    try session.wait(line: "probe> from encounter_id", column: 24)
    session.send("\u{1B}[Z")
    try session.wait(line: "probe> from encounters", column: 22)
    session.send("\r")
    try session.wait("the menu has gone") { !$0.text.contains("table of 12") }
    #expect(!session.screen.text.contains("got:"))
    session.send("\r")
    try session.wait(for: "got: from encounters")
  }

  @Test func escapeClosesTheMenuAndTakesTheChoiceBack() throws {
    let session = try editor()
    session.send("enc\t")
    try session.wait(for: "encode(text)")
    session.send("\t")
    try session.wait(line: "probe> encounters", column: 17)
    session.send("\u{1B}")
    try session.wait("as typed") { $0.text == "probe> enco" }
    session.send("d\t")
    try session.wait(line: "probe> encode", column: 13)
  }

  @Test func theMenuFollowsTyping() throws {
    let session = try editor()
    session.send("enc\t")
    try session.wait(for: "encounter_id")
    session.send("u")
    try session.wait("one is left") { $0.text.contains("encounters") && !$0.text.contains("encode(text)") }
  }

  @Test func searchFindsWholeStatementsInAnyScript() throws {
    let session = try editor()
    try session.run(["from 不安", "other"])
    session.send("a |\r")
    try session.wait("a second line") { $0.line($0.cursorRow) == "…" }
    session.send("b 患者\r")
    try session.wait(for: #"got: a |\nb 患者"#)
    try session.waitForPrompt()
    session.send("\u{12}患")
    try session.wait(for: "search (1/1): 患")
    #expect(session.screen.text.contains("… b 患者\nsearch"))
    session.send("\u{7F}不")
    try session.wait(for: "search (1/1): 不")
    session.send("\r")
    try session.wait("taken, not run") {
      $0.line($0.cursorRow).hasPrefix("probe> from 不安") && $0.cursorColumn == 16
    }
    #expect(session.screen.text.components("got: from 不安") == 1)
    session.send("\u{15}x\u{12}zzz")
    try session.wait(for: "search (none)")
    session.send("\u{07}")
    try session.wait("the draft again") {
      $0.line($0.cursorRow).hasPrefix("probe> x") && $0.cursorColumn == 8
    }
  }

  @Test func undoAndRedo() throws {
    let session = try editor()
    session.send("one two")
    try session.wait(line: "probe> one two", column: 14)
    session.send("\u{1F}")
    try session.wait(line: "probe> one", column: 11)
    session.send("\u{18}\u{15}")
    try session.wait(line: "probe>", column: 7)
    session.send("\u{1B}/")
    session.send("\u{1B}/")
    try session.wait(line: "probe> one two", column: 14)
  }

  @Test func theKillRing() throws {
    let session = try editor()
    session.send("one two three")
    session.send("\u{17}\u{17}")
    try session.wait(line: "probe> one", column: 11)
    session.send("\u{01}\u{0B}")
    try session.wait(line: "probe>", column: 7)
    session.send("\u{19}")
    try session.wait(line: "probe> one", column: 11)
    session.send("\u{1B}y")
    try session.wait(line: "probe> two three", column: 16)
  }

  @Test func aPasteIsOneUnit() throws {
    let session = try editor()
    #expect(session.screen.isBracketedPaste)
    session.send("\u{1B}[200~from x\r\ncount\tenc\n\u{1B}[201~")
    try session.wait("both lines") { $0.text.hasPrefix("probe> from x\n… count    enc") }
    #expect(!session.screen.text.contains("got:"))
    session.send("\u{1F}")
    try session.wait(line: "probe>", column: 7)
    session.send("\u{1B}/\r")
    try session.wait(for: #"got: from x\ncount\u{9}enc"#)
  }

  @Test func aPasteWithoutMarksIsOneUnit() throws {
    let session = try editor()
    session.send("from x\rcount\tenc\rmore")
    try session.wait("three lines") { $0.text == "probe> from x\n… count    enc\n… more" }
    session.send("\r")
    try session.wait(for: #"got: from x\ncount\u{9}enc\nmore"#)
  }

  /// What follows lines that came at once is not put behind the last of them.
  @Test func linesThatComeAtOnceEndWithALineEnd() throws {
    let session = try editor()
    session.send("one\rtwo\r")
    try session.wait("a third line") { $0.text == "probe> one\n… two\n…" }
    session.send("three\r")
    try session.wait(for: #"got: one\ntwo\nthree"#)
  }

  @Test func aLongPasteArrivesWhole() throws {
    let session = try editor()
    let lines = (0..<2_000).map { "line \($0) with some more text 日本" }
    session.send("\u{1B}[200~" + lines.joined(separator: "\n") + "\u{1B}[201~")
    try session.wait(for: "line 1999 with some more text 日本", seconds: 30)
    session.send("\u{15}\u{15}")
    try session.wait("the line above the one cut") { $0.line($0.cursorRow).contains("line 1998") }
  }

  @Test func wideAndCombiningCharactersMoveAsOne() throws {
    let session = try editor()
    session.send("a👩‍👩‍👧e\u{301}日")
    try session.wait(line: "probe> a👩‍👩‍👧e\u{301}日", column: 13)
    session.send("\u{1B}[D\u{1B}[D")
    try session.wait("two characters left") { $0.cursorColumn == 10 }
    session.send("\u{7F}")
    try session.wait(line: "probe> ae\u{301}日", column: 8)
    session.send("\u{1B}[3~\r")
    try session.wait(for: "got: a日")
  }

  @Test func controlCharactersInAPasteAreShown() throws {
    let session = try editor()
    session.send("\u{1B}[200~a\u{1B}cb\u{7}\u{1B}[201~")
    try session.wait(line: "probe> a^[cb^G", column: 14)
    session.send("\r")
    try session.wait(for: #"got: a\u{1b}cb\u{7}"#)
  }

  @Test func interruptClearsTheLineAndNeverEnds() throws {
    let session = try editor()
    for round in 0..<20 {
      session.send("line \(round)")
      try session.wait("typed \(round)") { $0.line($0.cursorRow).hasPrefix("probe> line \(round)") }
      session.send("\u{03}")
      try session.wait("a new prompt \(round)") {
        $0.everything.components("interrupted") == round + 1 && $0.cursorColumn == 7
      }
    }
    session.send("\u{04}")
    #expect(try session.waitForEnd() == 0)
    #expect(session.screen.text.hasSuffix("end"))
    #expect(!session.screen.isBracketedPaste)
  }

  @Test func controlDDeletesUnlessTheLineIsEmpty() throws {
    let session = try editor()
    session.send("ab\u{01}\u{04}")
    try session.wait(line: "probe> b", column: 7)
  }

  @Test func hintsAndUnderlines() throws {
    let session = try editor()
    session.send("round(")
    try session.wait(for: "round(number, digits)")
    #expect(session.screen.style(of: "round(number") == "90")
    session.send("\u{15}a wrong b")
    try session.wait("an underline") { $0.style(of: "wrong") == "4" }
    #expect(session.screen.line(1) == "no column wrong")
    // It stays while other text is typed.
    session.send("cd")
    try session.wait("typed") { $0.text.contains("wrong bcd") }
    #expect(session.screen.style(of: "wrong") == "4")
    session.send("\u{15}preview")
    try session.wait(for: "3 rows")
  }

  @Test func historyIsSharedAndMasked() throws {
    let path = try home("") + "/history"
    let one = try editor(["ROUNDS_PROBE_HISTORY": path])
    let two = try editor(["ROUNDS_PROBE_HISTORY": path])
    try one.run(["from one", "secret Jane", " hidden"])
    try two.run(["x"])
    two.send("\u{1B}[A\u{1B}[A")
    try two.wait("the other shell's") { $0.line($0.cursorRow).hasPrefix("probe> masked") }
    two.send("\u{1B}[A")
    try two.wait("the one before") { $0.line($0.cursorRow).hasPrefix("probe> from one") }
    try one.run(["y"])
    one.send("\u{1B}[A\u{1B}[A")
    try one.wait("the other's newer") { $0.line($0.cursorRow).hasPrefix("probe> x") }
    one.send("\u{1B}[A")
    try one.wait("whole here") { $0.line($0.cursorRow).hasPrefix("probe> secret Jane") }
  }
}

extension String {
  /// How often a text occurs.
  func components(_ text: String) -> Int { ranges(of: text).count }
}
