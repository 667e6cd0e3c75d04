import TestSupport
import Testing

@Suite struct EditorViTests {
  @Test func changesUndoAndRedo() throws {
    let session = try editor(["HOME": try home("bind -v\n")])
    session.send("select abc def")
    try session.wait(line: "probe> select abc def", column: 21)
    // A lone ESC is the key; b and cw are libedit's.
    session.send("\u{1B}")
    try session.wait("command mode") { $0.cursorColumn == 20 }
    session.send("bcwxyz\u{1B}")
    try session.wait(line: "probe> select abc xyz", column: 20)
    session.send("u")
    try session.wait("undone") { $0.text == "probe> select abc def" }
    session.send("\u{12}")
    try session.wait("redone") { $0.text == "probe> select abc xyz" }
    session.send("\r")
    try session.wait(for: "got: select abc xyz")
  }

  @Test func historyKeysAndSearch() throws {
    let session = try editor(["HOME": try home("bind -v\n")])
    try session.run(["first statement", "second statement"])
    session.send("\u{1B}")
    session.send("kk")
    try session.wait("two back") { $0.line($0.cursorRow).hasPrefix("probe> first statement") }
    session.send("j")
    try session.wait("one forth") { $0.line($0.cursorRow).hasPrefix("probe> second statement") }
    session.send("/first\r")
    try session.wait("found by libedit") { $0.line($0.cursorRow).hasPrefix("probe> first statement") }
  }

  @Test func arrowsDoNotLeaveInsertMode() throws {
    let session = try editor(["HOME": try home("bind -v\n")])
    session.send("ac\u{1B}[Db")
    try session.wait(line: "probe> abc", column: 9)
    session.send("\u{1B}[F\u{1B}\rd\r")
    try session.wait(for: #"got: abc\nd"#)
  }

  @Test func interruptInANestedSearch() throws {
    let session = try editor(["HOME": try home("bind -v\n")])
    try session.run(["first"])
    session.send("\u{1B}")
    session.send("/fi")
    try session.wait(for: "/fi")
    session.send("\u{03}")
    try session.wait(for: "interrupted")
    try session.run(["second"])
  }

  @Test func theUsersBindingsWin() throws {
    let bindings =
      "bind -v\nbind \"^T\" rounds-undo\nrounds:bind \"^[[5~\" rounds-line-start\nother:bind \"^A\" ed-tty-sigint\n"
    let session = try editor(["HOME": try home(bindings)])
    session.send("one two\u{1B}[5~")
    try session.wait(line: "probe> one two", column: 7)
    session.send("\u{05}\u{14}")
    try session.wait(line: "probe>", column: 7)
    // A bound sequence must not make ESC wait.
    session.send("ab\u{1B}")
    try session.wait("command mode") { $0.cursorColumn == 8 }
  }

  @Test func emacsBindingsOfTheUser() throws {
    let session = try editor(["HOME": try home("bind ^T rounds-kill-to-start\nbind ^K ed-transpose-chars\n")])
    session.send("ab\u{0B}")
    try session.wait(line: "probe> ba", column: 9)
    session.send("\u{14}")
    try session.wait(line: "probe>", column: 7)
  }
}
