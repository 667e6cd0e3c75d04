import Glibc
import TestSupport
import Testing

/// Each thing the shell offers, in the real program, on a small window, a terminal and a wide one, under the keys of
/// emacs and of vi, over data with CJK, combining marks, emoji and a control character.
@Suite struct ShellEverywhereTests {
  struct Place: Sendable, CustomTestStringConvertible {
    var columns: Int
    var rows: Int
    var isVi: Bool
    var testDescription: String { "\(columns)×\(rows) \(isVi ? "vi" : "emacs")" }
  }

  static let places = [(80, 24), (40, 10), (200, 60)].flatMap { size in
    [false, true].map { Place(columns: size.0, rows: size.1, isVi: $0) }
  }

  /// Two wards with a wide name, one with an emoji, a tab in a name, and a stay that is not known.
  private static let wards = """
    病棟,患者,日数
    内科,山田 👩‍⚕️,3
    外科,Zoë e\u{301},12
    内科,鈴木,
    🏥 ICU,a\tb,40

    """

  private func begin(
    _ place: Place, _ environment: [String: String] = [:]
  ) throws -> (TerminalSession, folder: String) {
    let folder = try home(place.isVi ? "rounds:bind -v\n" : "rounds:bind -e\n")
    let file = fopen("\(folder)/w.csv", "w")
    fputs(Self.wards, file)
    fclose(file)
    let session = try shell(home: folder, columns: place.columns, rows: place.rows, environment)
    try session.say("load \"\(folder)/w.csv\" as w")
    return (session, folder)
  }

  private func leave(_ session: TerminalSession) throws {
    #expect(try session.leave() == 0)
    #expect(session.screen.unknown == [])
  }

  private func interrupt(_ session: TerminalSession) throws {
    session.send("\u{03}")
    try session.waitForFreshPrompt()
  }

  /// Whether this and nothing else stands behind the prompt, but for what is at the right edge.
  private func typed(_ screen: TerminalScreen, _ text: String) -> Bool {
    let line = screen.line(screen.cursorRow)
    let prompt = text.isEmpty ? "rounds>" : "rounds> " + text
    let rest = line.dropFirst(prompt.count)
    return line.hasPrefix(prompt) && (rest.isEmpty || rest.hasPrefix("  "))
  }

  private func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }

  @Test(arguments: places) func completionKnowsThePlace(_ place: Place) throws {
    let (session, _) = try begin(place)
    // Real values with their counts, of the rows that the stages before let through.
    session.send("w | filter 日数 > 5 | filter 病棟 == \t")
    try session.wait("the values left") {
      $0.text.contains("\"外科\"    1") && $0.text.contains("\"🏥 ICU\"  1") && !$0.text.contains("\"内科\"")
    }
    try interrupt(session)
    // The column that the stage before made.
    session.send("w | derive doubled = 日数 * 2 | sort doub\t")
    try session.wait("the column") { $0.text.contains("sort doubled") }
    try interrupt(session)
    // A verb, a function with its signature, then the hint for the argument at the cursor.
    session.send("w | aggr\t")
    try session.wait("the verb") { $0.line($0.cursorRow).contains("w | aggregate") }
    try interrupt(session)
    session.send("w | derive y = roun\t")
    try session.wait("the function") { $0.line($0.cursorRow).contains("round(") }
    session.send("日数, ")
    try session.wait(for: "n: a whole number")
    try interrupt(session)
    // Nothing in a comment.
    session.send("w # fil\t")
    try session.wait("the comment") { $0.line($0.cursorRow).hasSuffix("w # fil") }
    #expect(session.screen.line(session.screen.cursorRow + 1) == "")
    try interrupt(session)
    try leave(session)
  }

  @Test(arguments: places) func faultsAreUnderlinedWhileTyping(_ place: Place) throws {
    let (session, _) = try begin(place)
    session.send("w | filter 日 > 5")
    try session.wait("the line below") { $0.text.contains("there is no column `日`") }
    #expect(session.screen.cell(session.screen.cursorRow, 19).style == "4")
    // Enter is not held back: the error stands there with its place, and `why` says more.
    session.send("\r")
    try session.waitForFreshPrompt()
    #expect(session.screen.everything.contains("columns here: 病棟, 患者, 日数"))
    try session.say("why")
    #expect(session.screen.everything.components("A stage sees the columns") == 1)
    try leave(session)
  }

  @Test(arguments: places) func previewFollowsTheText(_ place: Place) throws {
    let (session, _) = try begin(place)
    try session.say("set preview = on")
    session.send("w | filter 日数 > 5")
    try session.wait("the preview") { $0.text.contains("2 rows × 3 columns") }
    session.send(" | take 1 ")
    try session.wait("the shorter one") { $0.text.contains("1 row × 3 columns") }
    try interrupt(session)
    try leave(session)
  }

  @Test(arguments: places) func resultsFitAndThePagerHasTheRest(_ place: Place) throws {
    let (session, _) = try begin(place)
    try session.say("w | sort -日数")
    let shown = session.screen.everything.split(separator: "\n").suffix(8)
    #expect(shown.contains { $0.contains("a^Ib") })
    // Numbers end in one column, whatever stands before them.
    for (text, number) in [("ICU", "40"), ("Zoë e\u{301}", "12"), ("👩‍⚕️", " 3")] {
      #expect(shown.contains { $0.contains(text) && $0.hasSuffix(number) }, "\(text)")
    }
    try session.say("last | count")
    #expect(session.screen.everything.contains("1 row × 1 column"))
    session.send("encounters | take 300 | show all\r")
    try session.wait("the first page") { $0.isAlternate && $0.text.contains("of 300") }
    #expect(session.screen.line(0).hasPrefix("encounter_id"))
    session.send(" ")
    try session.wait("the next page") { $0.line(2).contains("\(1_000_001 + place.rows - 3)") }
    // To the right the first column stays.
    session.send("lll")
    try session.wait("scrolled to the right") {
      $0.line(0).hasPrefix("encounter_id") && $0.text.contains(place.columns == 200 ? "columns" : "columns ")
    }
    session.send("/1000170\r")
    try session.wait("found") { $0.style(of: "1000170") == "7" }
    session.resize(columns: place.columns + 10, rows: place.rows + 2)
    try session.wait("painted anew") { $0.line(place.rows + 1).hasPrefix("rows") }
    session.send("q")
    try session.wait("the prompt") { !$0.isAlternate && $0.line($0.cursorRow).hasPrefix("rounds>") }
    try leave(session)
  }

  @Test(arguments: places) func helpIsFoundAndTried(_ place: Place) throws {
    let (session, _) = try begin(place)
    try session.say("help sort")
    #expect(session.screen.everything.contains("also written: order, arrange"))
    try session.say("try 1")
    #expect(session.screen.everything.contains("1 row × 1 column"))
    try session.say("help median")
    #expect(session.screen.everything.contains("median(x"))
    try session.say("help \"how do I group by a column\"")
    #expect(session.screen.everything.contains("aggregate"))
    try session.say("quti")
    #expect(session.screen.everything.contains("quit"))
    try leave(session)
  }

  @Test(arguments: places) func whatWasTypedIsKept(_ place: Place) throws {
    let (session, folder) = try begin(place)
    try session.say("record \"\(folder)/visit.md\"")
    try session.say("w | count by 病棟")
    try session.say("record off")
    try session.say(" say \"not kept\"")
    try session.say("history | filter statement like \"%count by%\" | count")
    try session.say("save script \"\(folder)/x.rounds\"")
    try leave(session)
    #expect(read("\(folder)/visit.md").contains("| 🏥 ICU | 1 |"))
    let script = read("\(folder)/x.rounds")
    #expect(script.contains("w | count by 病棟") && !script.contains("not kept"))
    #expect(!read("\(folder)/.local/state/rounds/history").contains("not kept"))
    let verify = try TerminalSession(
      TerminalSession.builtProgram("rounds"), ["verify", "\(folder)/visit.md"], columns: place.columns,
      rows: place.rows)
    #expect(try verify.waitForEnd(seconds: 60) == 0)
    #expect(verify.screen.everything.replacing("\n", with: " ").contains("all as recorded"))
  }

  @Test(arguments: places) func dataIsTakenBackAndDoneAgain(_ place: Place) throws {
    let (session, _) = try begin(place)
    try session.say("let 限度 = 5")
    try session.say("set rows = 2")
    try session.say("undo")
    #expect(session.screen.text.contains("undone: set rows"))
    try session.say("undo")
    #expect(session.screen.text.contains("undone: let 限度"))
    try session.say("undo")
    #expect(session.screen.text.contains("undone: load w"))
    try session.say("w | count")
    #expect(session.screen.everything.contains("there is no table `w`"))
    try session.say("redo")
    try session.say("redo")
    try session.say("w | filter 日数 > 限度 | count")
    #expect(session.screen.text.contains("1 row × 1 column"))
    try leave(session)
  }

  @Test(arguments: places) func everythingStops(_ place: Place) throws {
    let (session, _) = try begin(place)
    session.send("table a = sequence(1, 3000000, 1) | join (table b = 1..3000) on a > b | count\r")
    try session.wait(for: "Ctrl-C stops")
    session.send("\u{03}")
    try session.wait(for: "Stopped after")
    try session.waitForFreshPrompt()
    session.send("w | half a line")
    try session.wait("typed") { $0.text.contains("half a line") }
    try interrupt(session)
    try session.say("w | count")
    #expect(session.screen.text.contains("1 row × 1 column"))
    try leave(session)
  }

  @Test(arguments: places) func statementsAreEditedWhole(_ place: Place) throws {
    let (session, _) = try begin(place)
    // An unfinished line goes on; Up goes to the line above, and a paste is one unit.
    session.send("w |\rsort -日数")
    try session.wait("two lines") { $0.line($0.cursorRow).hasSuffix("sort -日数") }
    session.send("\u{1B}[A")
    let line = session.screen.cursorRow
    try session.wait("the line above") { $0.cursorRow == line - 1 }
    session.send("\u{1B}[B\r")
    try session.waitForFreshPrompt()
    session.send("\u{1B}[200~w\n| filter 病棟 ==\t\"内科\"\n| count\u{1B}[201~")
    try session.wait("the paste") { $0.line($0.cursorRow).hasSuffix("| count") }
    session.send("\r")
    try session.waitForFreshPrompt()
    #expect(session.screen.text.contains("1 row × 1 column"))
    // Both come back whole, and a search finds them by a word of any script.
    session.send("\u{1B}[A")
    try session.wait("the pasted one") { $0.line($0.cursorRow).hasSuffix("| count") }
    try interrupt(session)
    session.send("\u{12}内科")
    try session.wait(for: "内科")
    session.send("\r")
    try session.wait("found") { $0.line($0.cursorRow).hasSuffix("| count") }
    try interrupt(session)
    try leave(session)
  }

  /// More lines than the screen has: a part is seen, and the whole is run.
  @Test(arguments: places) func aTallStatementIsSeenThroughAWindow(_ place: Place) throws {
    let (session, _) = try begin(place)
    let stages = (1...(place.rows + 5)).map { "| derive c\($0) = 日数 + \($0)" }.joined(separator: "\n")
    session.send("\u{1B}[200~w\n\(stages)\n| select c\(place.rows + 5)\u{1B}[201~")
    try session.wait("the end") { $0.line($0.cursorRow).hasSuffix("| select c\(place.rows + 5)") }
    session.send("\r")
    try session.waitForFreshPrompt()
    #expect(session.screen.text.contains("4 rows × 1 column"))
    try leave(session)
  }

  /// What was cut is put back, cuts before it too, and what was typed is taken back.
  @Test(arguments: places) func cutsComeBackAndTextIsTakenBack(_ place: Place) throws {
    let (session, _) = try begin(place)
    func shows(_ text: String) throws { try session.wait("`\(text)`") { typed($0, text) } }
    session.send("w | sort 日数")
    try shows("w | sort 日数")
    if place.isVi {
      session.send("\u{1B}")
      try session.wait("command mode") { $0.cursorColumn == 19 }
      session.send("bdw")
      try shows("w | sort")
      session.send("0P")
      try shows("日数w | sort")
      session.send("u")
      try shows("w | sort")
      session.send("u")
      try shows("w | sort 日数")
      session.send("\u{12}")
      try shows("w | sort")
      session.send("dd")
      try shows("")
      session.send("P")
      try shows("w | sort")
      session.send("A病棟")
    } else {
      session.send("\u{17}\u{01}\u{0B}")
      try shows("")
      session.send("\u{19}")
      try shows("w | sort")
      // The cut before it, in its place.
      session.send("\u{1B}y")
      try shows("日数")
      session.send("\u{1F}\u{1F}")
      try shows("")
      session.send("\u{1F}")
      try shows("w | sort")
      session.send("\u{1F}")
      try shows("w | sort 日数")
      session.send("\u{1B}/")
      try shows("w | sort")
      session.send("\u{05}病棟")
    }
    try shows("w | sort 病棟")
    session.send("\r")
    try session.waitForFreshPrompt()
    #expect(session.screen.text.contains("4 rows × 3 columns"))
    try leave(session)
  }

  /// Ctrl-Z gives the terminal to the shell outside; `fg` comes back to the half line.
  @Test(arguments: places) func itIsPutAsideAndComesBack(_ place: Place) throws {
    let folder = try home(place.isVi ? "rounds:bind -v\n" : "rounds:bind -e\n")
    let session = try TerminalSession(
      "/bin/bash", ["--norc", "--noprofile", "-i"], environment: ["PS1": "sh$ ", "HOME": folder],
      columns: place.columns, rows: place.rows)
    try session.wait(for: "sh$")
    let program = TerminalSession.builtProgram("rounds")
    session.send("rounds() { \(program.hasPrefix("/") ? program : "$PWD/\(program)") \"$@\"; }; clear\r")
    try session.wait("a clear screen") { $0.text == "sh$" }
    session.send("rounds demo\r")
    try session.wait("the prompt") { typed($0, "") }
    session.send("departments | co")
    try session.wait("half a line") { typed($0, "departments | co") }
    session.send("\u{1A}")
    try session.wait("the outer shell") {
      $0.everything.contains("Stopped") && $0.line($0.cursorRow).hasPrefix("sh$")
    }
    session.send("fg\r")
    try session.wait("painted again") { typed($0, "departments | co") }
    session.send("unt\r")
    try session.waitForFreshPrompt()
    #expect(session.screen.text.contains("1 row × 1 column"))
    session.send("quit\r")
    try session.wait("the outer shell") { $0.line($0.cursorRow).hasPrefix("sh$") }
    session.send("exit 7\r")
    #expect(try session.waitForEnd() == 7)
    #expect(session.screen.unknown == [])
  }

  @Test(arguments: places) func theRightPromptTellsOfTheLastResult(_ place: Place) throws {
    let (session, _) = try begin(place)
    try session.say("w | filter 日数 > 5")
    let prompt = session.screen.line(session.screen.cursorRow)
    #expect(prompt.hasSuffix(" ms · 2 rows") || prompt.hasSuffix(" s · 2 rows"), "\(prompt)")
    #expect(session.screen.cell(session.screen.cursorRow, place.columns - 2).style == "90")
    // It gives way to a statement that comes near, and is back behind it.
    session.send("w | derive long = 日数 * 2 " + String(repeating: "+ 日数 ", count: place.columns / 8))
    try session.wait("only the statement") { !$0.line($0.cursorRow).hasSuffix("rows") }
    #expect(!session.screen.line(session.screen.cursorRow - 1).hasSuffix("rows"))
    try interrupt(session)
    try session.say("w | filter 日数 > 20")
    #expect(session.screen.line(session.screen.cursorRow).hasSuffix("· 1 row"))
    // Where a statement ran nothing stays of it.
    #expect(!session.screen.text.contains("· 2 rows"))
    try leave(session)
  }

  @Test(arguments: places) func aLightThemeAndPlainASCII(_ place: Place) throws {
    let (session, folder) = try begin(place)
    let dark = session.screen.style(of: "rounds>")
    try session.say("set theme = light")
    session.send("w | take 1")
    try session.wait("typed") { typed($0, "w | take 1") }
    let row = session.screen.cursorRow
    #expect(session.screen.cell(row, 0).style == "1;38;5;25" && dark != "1;38;5;25")
    #expect(session.screen.cell(row, 12).style == "1;38;5;25", "the verb")
    try interrupt(session)
    try session.say("set ascii = on")
    session.send("encounters | count by class\r")
    try session.wait(for: "rows x 3 columns")
    try session.waitForFreshPrompt()
    session.send("encounters | count by class | chart bar n by class\r")
    try session.wait(for: "####")
    try session.waitForFreshPrompt()
    // Errors and what is told of a load are in it too.
    try session.say("encounters | filter clas == 3")
    try session.say("load \"\(folder)/w.csv\" as w2")
    let shown = session.screen.everything.split(separator: "\n").drop { !$0.hasPrefix("rounds> encounters") }
      .filter { !$0.contains("日数") }
    #expect(shown.count > 8)
    for line in shown { #expect(line.utf8.allSatisfy { $0 < 0x80 }, "\(line)") }
    try leave(session)
  }

  @Test(arguments: places) func withoutColour(_ place: Place) throws {
    let (session, _) = try begin(place, ["NO_COLOR": "1"])
    session.send("w | filter 病棟 == \t\t")
    try session.wait("the first value chosen, with a sign") { $0.text.contains("> \"内科\"") }
    try interrupt(session)
    try session.say("w | filter 日 > 5")
    try session.say("w | count by 病棟 | chart bar n by 病棟")
    #expect(session.screen.everything.contains("█"))
    session.send("encounters | take 300 | show all\r")
    try session.wait("the pager") { $0.isAlternate && $0.text.contains("of 300") }
    session.send("q")
    try session.wait("the prompt") { !$0.isAlternate && $0.line($0.cursorRow).hasPrefix("rounds>") }
    try leave(session)
    // Reverse video for the lines that the pager marks, and no style of another kind.
    let sent = String(decoding: session.output, as: UTF8.self).split(separator: "\u{1B}[").dropFirst()
    #expect(sent.count > 20)
    for code in sent where code.first(where: { !$0.isNumber && $0 != ";" }) == "m" {
      #expect(code.hasPrefix("7m") || code.hasPrefix("0m"), "\(code.prefix(12))")
    }
  }
}
