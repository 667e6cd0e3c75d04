import TestSupport
import Testing

/// One walk through everything, on each size of screen, with the keys of emacs and of vi.
@Suite struct EditorSmokeTests {
  static let screens = [(80, 24), (40, 10), (200, 60)].flatMap { size in
    [("bind -e\n", size.0, size.1), ("bind -v\n", size.0, size.1)]
  }

  @Test(arguments: screens) func everything(bindings: String, columns: Int, rows: Int) throws {
    let session = try editor(columns: columns, rows: rows, ["HOME": try home(bindings)])
    try session.run(["from 患者"])

    // Coloured input, wrapped, of wide characters; the cursor is where the text ends.
    session.send("from 日本 👩‍👩‍👧 e\u{301} 🇨🇭" + String(repeating: "日", count: columns / 2))
    let end = 7 + 5 + 5 + 3 + 2 + 2 + columns / 2 * 2
    try session.wait("wrapped") { $0.line(2).hasPrefix("probe> from 日本 👩‍👩‍👧 e\u{301} 🇨🇭") && $0.cursorRow == 3 }
    // Before a wide character that does not fit, a column stays empty.
    let column = session.screen.cursorColumn
    #expect(column == end - columns || column == end - columns + 1)
    #expect(session.screen.cell(2, 7).style == "1;34")
    session.send("\u{03}")
    try session.wait(for: "interrupted")
    try session.waitForPrompt()

    // The suggestion, then the statement before.
    session.send("from ")
    try session.wait("a suggestion") { $0.cell($0.cursorRow, 12).style == "90" && $0.cursorColumn == 12 }
    session.send("\u{1B}[C\r")
    try session.wait("run again") { $0.everything.components("got: from 患者") == 2 && $0.cursorColumn == 7 }
    session.send("\u{1B}[A")
    try session.wait("the statement before") { $0.line($0.cursorRow).hasPrefix("probe> from 患者") }
    session.send("\u{15}")

    // Completion, and a second line.
    session.send("enc\t\t\t\r")
    try session.wait("completed") {
      $0.line($0.cursorRow).hasPrefix("probe> encounter_id") && !$0.text.contains("encode")
    }
    session.send(" |\r")
    try session.wait("a second line") { $0.line($0.cursorRow) == "…" }
    session.send("日本\r")
    try session.wait(for: #"got: encounter_id |\n日本"#)
    try session.waitForPrompt()

    // Search.
    session.send("\u{12}患")
    try session.wait(for: "search (1/1): 患")
    session.send("\r")
    try session.wait("found") { $0.line($0.cursorRow).hasPrefix("probe> from 患者") }
    session.send("\r")
    try session.wait("run a third time") {
      $0.everything.components("got: from 患者") == 3 && $0.cursorColumn == 7
    }

    session.send("\u{04}")
    #expect(try session.waitForEnd() == 0)
    #expect(session.screen.unknown == [])
  }
}
