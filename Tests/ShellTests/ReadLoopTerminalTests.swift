import Glibc
import TestSupport
import Testing

/// The real program on a pseudo-terminal, with the built-in hospital.
func shell(
  _ arguments: [String] = ["demo"], home folder: String? = nil, columns: Int = 100, rows: Int = 40,
  _ environment: [String: String] = [:]
) throws -> TerminalSession {
  var variables = environment
  variables["HOME"] = try folder ?? home("")
  let session = try TerminalSession(
    TerminalSession.builtProgram("rounds"), arguments, environment: variables, columns: columns, rows: rows)
  try session.wait("the prompt", seconds: 30) { $0.line($0.cursorRow).hasPrefix("rounds>") }
  return session
}

extension TerminalSession {
  func waitForFreshPrompt(seconds: Int = 30) throws {
    try wait("an empty prompt", seconds: seconds) {
      $0.line($0.cursorRow).hasPrefix("rounds>") && $0.cursorColumn == 8
    }
  }

  /// Types a statement and waits until it has run and the next can be typed.
  func say(_ statement: String, seconds: Int = 30) throws {
    let start = output.count
    send(statement + "\r")
    // Each prompt begins by asking for pastes to be bracketed.
    let sign = Array("\u{1B}[?2004h".utf8)
    try wait("the prompt behind \(statement)", seconds: seconds) { screen in
      guard screen.line(screen.cursorRow).hasPrefix("rounds>"), screen.cursorColumn == 8 else { return false }
      let new = output[start...]
      return new.indices.contains { new[$0...].starts(with: sign) }
    }
  }

  /// Ctrl-D leaves only at an empty prompt: a key that comes before it is there would be lost.
  func leave() throws -> Int32 {
    try waitForFreshPrompt()
    send("\u{04}")
    return try waitForEnd()
  }
}

@Suite struct ReadLoopTerminalTests {
  @Test func pipelineOverTwoLinesWithCompletionTableAndChart() throws {
    let session = try shell()
    #expect(session.screen.line(0).hasPrefix("Rounds: "))
    #expect(session.screen.line(1).contains("quit"))
    session.send("encounters |\r")
    try session.wait("a second line") { $0.cursorRow == 3 && $0.line(3).hasSuffix("…") }
    session.send("aggregate visits = count() by departm\t\u{1B}")
    try session.wait("completed") { $0.line(3).hasSuffix("by department") }
    session.send("\u{05} | chart bar visits by department\r")
    try session.waitForFreshPrompt()
    let text = session.screen.everything
    // As `encounters | count by department` counts.
    #expect(text.contains("12,283"))
    #expect(text.contains("13 rows × 2 columns"))
    #expect(text.contains("█"))
    #expect(session.screen.line(session.screen.cursorRow).hasSuffix("13 rows"))
    #expect(try session.leave() == 0)
    #expect(session.screen.unknown == [])
  }

  @Test func keysTypedWhileAStatementRunsWaitForThePrompt() throws {
    let session = try shell()
    session.send("table n = sequence(1, 700000) | derive t = text(n) | show 30\r")
    try session.wait(for: "Ctrl-C stops")
    session.send("xyz")
    try session.wait("the keys at the prompt") { $0.line($0.cursorRow).hasPrefix("rounds> xyz") }
    #expect(session.screen.everything.split(separator: "xyz", omittingEmptySubsequences: false).count == 2)
    session.send("\u{03}")
    #expect(try session.leave() == 0)
  }

  @Test func commandsOfOtherShellsAreTold() throws {
    let session = try shell()
    try session.say("\\dt")
    #expect(session.screen.text.contains("write tables"))
    try session.say(".schema staff")
    #expect(session.screen.text.contains("write describe staff"))
    session.send(":q\r")
    #expect(try session.waitForEnd() == 0)
  }

  @Test func theThemeChangesThePromptAndWordsOfTheShellTellNoTime() throws {
    let session = try shell()
    try session.say("departments | count")
    #expect(session.screen.line(session.screen.cursorRow).hasSuffix("1 row"))
    try session.say("set theme = light")
    #expect(session.screen.style(of: "rounds>") != "0;1;36")
    try session.say("history nothing of this")
    #expect(session.screen.line(session.screen.cursorRow) == "rounds>")
    #expect(try session.leave() == 0)
  }

  @Test func controlCStopsAQueryAndNothingElse() throws {
    let session = try shell()
    session.send("table a = sequence(1, 3000000, 1) | join (table b = 1..3000) on a > b | count\r")
    try session.wait(for: "Ctrl-C stops", seconds: 30)
    session.send("\u{03}")
    try session.wait(for: "Stopped after", seconds: 30)
    try session.waitForFreshPrompt()
    #expect(!session.screen.text.contains("Ctrl-C stops"))
    session.send("say \"still here\"\r")
    try session.wait("the next statement's answer") {
      $0.text.split(separator: "\n").contains("still here")
    }
    try session.waitForFreshPrompt()
    session.send("half a line")
    try session.wait("the half line") { $0.line($0.cursorRow).contains("half a line") }
    session.send("\u{03}")
    try session.wait(for: "half a line^C")
    try session.waitForFreshPrompt()
    session.send("encounters | filter nothing_such == 1\r")
    try session.wait(for: "input:1:21: error:")
    try session.waitForFreshPrompt()
    #expect(try session.leave() == 0)
  }

  @Test func historyPersistsAndIsShown() throws {
    let folder = try home("")
    let first = try shell(home: folder)
    first.send("say \"remembered\"\r")
    try first.waitForFreshPrompt()
    try first.wait(for: "remembered")
    first.send(" say \"left out\"\r")
    try first.waitForFreshPrompt()
    #expect(try first.leave() == 0)
    #expect(access("\(folder)/.local/state/rounds/history", R_OK) == 0)

    let second = try shell(home: folder)
    second.send("\u{1B}[A")
    try second.wait("the statement before") { $0.line($0.cursorRow).contains("say \"remembered\"") }
    second.send("\u{15}history rememb\r")
    try second.wait("the list") { $0.text.contains("1  say \"remembered\"") }
    #expect(!second.screen.text.contains("left out"))
    second.send("quit\r")
    #expect(try second.waitForEnd() == 0)
  }

  @Test func aPasteOfThreeLinesIsOneUnit() throws {
    let session = try shell()
    session.send("\u{1B}[200~encounters\n| filter site == site\n| count\u{1B}[201~")
    try session.wait("three lines") { $0.line($0.cursorRow).hasSuffix("| count") && $0.cursorRow == 4 }
    session.send("\r")
    try session.waitForFreshPrompt()
    #expect(session.screen.text.contains("1 row × 1 column"))
    #expect(session.screen.text.components("1 row × 1 column") == 1)
  }

  @Test func noColour() throws {
    let session = try shell(["demo"], ["NO_COLOR": "1"])
    session.send("assert 1 == 2\r")
    try session.wait(for: "error:")
    try session.waitForFreshPrompt()
    session.send("encounters | count by site | chart bar n by site\r")
    try session.wait(for: "█")
    try session.waitForFreshPrompt()
    #expect(!String(decoding: session.output, as: UTF8.self).contains("\u{1B}[0"))
  }

  @Test func withoutTheHospitalAndWithAnInitialisation() throws {
    let folder = try home("")
    mkdir("\(folder)/.config", 0o700)
    mkdir("\(folder)/.config/rounds", 0o700)
    let file = fopen("\(folder)/.config/rounds/init.rounds", "w")
    fputs("let answer = 42\n", file)
    fclose(file)
    let session = try shell([], home: folder)
    #expect(session.screen.line(0).contains("no table is loaded"))
    session.send("say answer\r")
    try session.wait("the value") { $0.text.split(separator: "\n").contains("42") }
    session.send("encounters\r")
    try session.wait(for: "or start with `rounds demo`")
    session.send("exit\r")
    #expect(try session.waitForEnd() == 0)
  }

  @Test func allRowsGoThroughThePager() throws {
    let session = try shell(rows: 20)
    session.send("encounters | select encounter_id, site | show all\r")
    try session.wait("the pager") { $0.isAlternate && $0.line(0).contains("encounter_id") }
    session.send("G")
    try session.wait("the end under the header") {
      $0.line(19).contains("(end)") && $0.line(0).contains("site")
    }
    session.send("q")
    try session.wait("the screen") { !$0.isAlternate }
    try session.waitForFreshPrompt()
    #expect(try session.leave() == 0)
  }

  @Test func aPlainTerminal() throws {
    let session = try shell(["demo"], ["TERM": "dumb"])
    session.send("say \"plain\"\r")
    // What is typed before the next prompt may be dropped: the terminal's mode changes there.
    try session.wait("the answer and a prompt", seconds: 30) { screen in
      let lines = screen.text.split(separator: "\n")
      return lines.contains("plain") && lines.last?.hasPrefix("rounds>") == true
    }
    session.send("\u{04}")
    #expect(try session.waitForEnd() == 0)
    #expect(!session.output.contains(0x1B))
  }
}
