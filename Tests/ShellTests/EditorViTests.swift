import TestSupport
import Testing

@testable import Shell

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

  /// The keys that `help keys` lists of vi's command mode, each tried on a line.
  @Test(arguments: [
    ("0lx", "ac (de fgh) x-y z"), ("0hx", "bc (de fgh) x-y z"), ("0 x", "ac (de fgh) x-y z"),
    ("0wx", "abc de fgh) x-y z"), ("$bx", "abc (de fgh) x- z"), ("0ex", "ab (de fgh) x-y z"),
    ("0WWx", "abc (de gh) x-y z"), ("$BBx", "abc (de gh) x-y z"), ("0EEx", "abc (d fgh) x-y z"),
    ("$^x", "bc (de fgh) x-y z"), ("0$x", "abc (de fgh) x-y"), ("0fdx", "abc (e fgh) x-y z"),
    ("0tdx", "abc de fgh) x-y z"), ("$Fdx", "abc (e fgh) x-y z"), ("$Tdx", "abc (d fgh) x-y z"),
    ("0w%x", "abc (de fgh x-y z"), ("$IQ", "Qabc (de fgh) x-y z"), ("0aQ", "aQbc (de fgh) x-y z"),
    ("0AQ", "abc (de fgh) x-y zQ"), ("$X", "abc (de fgh) x-yz"), ("0dw", "(de fgh) x-y z"), ("dd", ""),
    ("0cwQ", "Q (de fgh) x-y z"), ("ccQ", "Q"), ("0wD", "abc"), ("0wCQ", "abc Q"),
    ("0sQ", "Qbc (de fgh) x-y z"),
    ("SQ", "Q"), ("0rQ", "Qbc (de fgh) x-y z"), ("0RQQ", "QQc (de fgh) x-y z"), ("0~", "Abc (de fgh) x-y z"),
    ("0dw.", "de fgh) x-y z"), ("0yw$p", "abc (de fgh) x-y zabc"), ("0yw$P", "abc (de fgh) x-y abc z"),
    ("4|x", "abc(de fgh) x-y z"), ("0fd;x", "abc (e fgh) x-y z"),
  ])
  func commandKeys(_ keys: String, _ left: String) throws {
    let session = try editor(["HOME": try home("bind -v\n")])
    session.send("abc (de fgh) x-y z")
    try session.wait(line: "probe> abc (de fgh) x-y z", column: 25)
    session.send("\u{1B}")
    try session.wait("command mode") { $0.cursorColumn == 24 }
    session.send(keys)
    try session.wait("what \(keys) leaves") { $0.text == (left.isEmpty ? "probe>" : "probe> " + left) }
  }

  @Test func theKeysOfTheCommandModeAreListed() {
    let listed = KeyBindings.listing(vi: true)
    for keys in ["k", "u", "d, c, y", "h, l, Space", "/, ?, n, N"] {
      #expect(
        listed.contains { $0.keys == keys || $0.keys.split(separator: ", ").contains(keys[...]) }, "\(keys)")
    }
    #expect(!KeyBindings.listing(vi: false).contains { $0.keys.contains("d, c, y") })
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
