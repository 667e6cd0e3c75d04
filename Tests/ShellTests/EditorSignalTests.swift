import Glibc
import TestSupport
import Testing

@Suite struct EditorSignalTests {
  @Test func resizeWhileEditing() throws {
    let session = try editor(columns: 70)
    session.send(String(repeating: "abc", count: 40))
    try session.wait("typed") { $0.cursorRow == 1 && $0.cursorColumn == 57 }
    session.resize(columns: 110, rows: 24)
    try session.wait("wider") { $0.cursorRow == 1 && $0.cursorColumn == 17 }
    #expect(session.screen.line(0).count == 110)
    session.send("\r")
    try session.wait(for: "got: abcabc")
  }

  @Test func aStatementTallerThanTheScreenIsSeenThroughAWindowAndStaysWhole() throws {
    let session = try editor(columns: 40, rows: 6)
    let lines = (0..<15).map { "line \($0)" }
    session.send("\u{1B}[200~" + lines.joined(separator: "\n") + "\u{1B}[201~")
    try session.wait(line: "… line 14", column: 9)
    #expect(session.screen.line(0) == "… line 9")
    for _ in 0..<14 { session.send("\u{1B}[A") }
    try session.wait("the first line") { $0.line(0) == "probe> line 0" && $0.cursorRow == 0 }
    session.send("\r")
    try session.wait(for: #"line 14"#)
    try session.waitForPrompt()
    // In the scroll-back each line stands once.
    for line in lines.dropFirst() { #expect(session.screen.everything.components("… \(line)\n") == 1) }
  }

  @Test func workThatDoesNotStopIsLeftBehindAtOnce() throws {
    let session = try editor()
    session.send(":sleep\r")
    try session.wait("running") { $0.cursorRow == 1 }
    session.send("\u{03}")
    try session.wait(for: "abandoned", seconds: 3)
    try session.run(["still here"])
  }

  @Test func typeAheadDuringAQueryIsKept() throws {
    let session = try editor()
    session.send(":sleep\r")
    try session.wait("running") { $0.cursorRow == 1 }
    session.send("one\rtwo\r")
    try session.wait(for: "got: two", seconds: 15)
    #expect(session.screen.text.contains("got: one\n"))
  }

  @Test func terminationGivesTheTerminalBack() throws {
    let session = try editor()
    session.send("half")
    try session.wait(for: "half")
    kill(session.process, SIGTERM)
    #expect(try session.waitForEnd() == 128 + SIGTERM)
    #expect(!session.screen.isBracketedPaste)
    #expect(session.screen.isCursorVisible)
  }

  @Test func stopAndContinue() throws {
    let session = try TerminalSession(
      "/bin/bash", ["--norc", "--noprofile", "-i"], environment: ["PS1": "sh$ "], columns: 60)
    try session.wait(for: "sh$")
    session.send("\(TerminalSession.builtProgram("rounds")) --editor-probe\r")
    try session.wait(for: "probe>")
    session.send("half a")
    try session.wait(for: "probe> half a")
    session.send("\u{1A}")
    try session.wait("the outer shell") {
      $0.text.contains("Stopped") && $0.line($0.cursorRow).hasPrefix("sh$")
    }
    session.send("fg\r")
    try session.wait("painted again") { $0.line($0.cursorRow) == "probe> half a" }
    session.send(" line\r")
    try session.wait(for: "got: half a line")
  }

  /// Nothing could ever continue it there.
  @Test func stoppingWithoutAnOuterShellDoesNotHang() throws {
    let session = try editor()
    session.send("half")
    try session.wait(for: "half")
    session.send("\u{1A}")
    try session.wait("painted again") { $0.text.components("half") == 2 }
    session.send(" line\r")
    try session.wait(for: "got: half line")
  }

  @Test func thePagerScrollsSearchesResizesAndLeavesNoTrace() throws {
    let session = try editor(columns: 50, rows: 10)
    session.send(":page\r")
    try session.wait(for: "rows 1-7 of 200")
    #expect(session.screen.isAlternate)
    session.send(" l")
    try session.wait("scrolled both ways") {
      $0.text.contains("rows 8-14") && $0.line(2).hasPrefix("row 8   ")
    }
    #expect(session.screen.line(0).hasPrefix("name"))
    session.send("/END150\r")
    try session.wait(for: "not found")
    session.send("/end150\r")
    try session.wait(for: "end150")
    #expect(session.screen.style(of: "end150") == "7")
    session.resize(columns: 60, rows: 14)
    try session.wait("repainted") { $0.line(13).hasPrefix("rows") }
    session.send("q")
    try session.wait("the prompt") { !$0.isAlternate && $0.line($0.cursorRow).hasPrefix("probe>") }
    session.send("quit\r")
    #expect(try session.waitForEnd() == 0)
  }

  @Test func aDumbTerminalGetsNoEscapeSequences() throws {
    let session = try editor(["TERM": "dumb"])
    session.send("from x |\r")
    try session.wait(for: "…")
    session.send("count\r")
    try session.wait("the statement and a prompt", seconds: 30) { screen in
      screen.text.contains(#"got: from x |\ncount"#)
        && screen.text.split(separator: "\n").last?.hasPrefix("probe>") == true
    }
    session.send("x\u{03}")
    try session.wait(for: "interrupted")
    #expect(!session.output.contains(0x1B))
    session.send("\u{04}")
    #expect(try session.waitForEnd() == 0)
  }

  @Test func aLocaleThatIsNotThereIsNoTrouble() throws {
    for locale in ["C", "xx_YY.UTF-8"] {
      let session = try editor(["LC_ALL": locale])
      session.send("日本\r")
      try session.wait(for: "got: 日本")
    }
  }
}
