import Glibc
import TestSupport
import Testing

/// Words and settings of the shell in the real program on a pseudo-terminal.
@Suite struct ShellFeatureTests {
  private func write(_ path: String, _ text: String) {
    let file = fopen(path, "w")
    fputs(text, file)
    fclose(file)
  }

  private func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }

  @Test func recordVerifyAndScript() throws {
    let folder = try home("")
    let session = try shell(home: folder)
    try session.say("record \"\(folder)/visit.md\"")
    #expect(session.screen.text.contains("recording to"))
    try session.say("encounters | count by site")
    #expect(session.screen.line(session.screen.cursorRow).contains("recording"))
    try session.say("encounters | aggregate n = count() by class | chart bar n by class")
    #expect(try session.leave() == 0)
    #expect(read("\(folder)/visit.md").contains("| Riverside |"))
    let verify = try TerminalSession(
      TerminalSession.builtProgram("rounds"), ["verify", "\(folder)/visit.md"], columns: 200)
    #expect(try verify.waitForEnd(seconds: 60) == 0)
    #expect(verify.screen.text.contains("all as recorded"))
    write("\(folder)/visit.md", read("\(folder)/visit.md").replacing("count by site", with: "count by class"))
    let changed = try TerminalSession(
      TerminalSession.builtProgram("rounds"), ["verify", "\(folder)/visit.md"], columns: 200)
    #expect(try changed.waitForEnd(seconds: 60) == 1)
    #expect(changed.screen.text.contains("the result differs"))
    let run = try TerminalSession(
      TerminalSession.builtProgram("rounds"), ["run", "--demo", "\(folder)/visit.rounds"], columns: 100)
    #expect(try run.waitForEnd(seconds: 60) == 0)
    #expect(run.screen.text.contains("Lakeview"))
  }

  @Test func historyIsATableAndHidesIdentifiers() throws {
    let folder = try home("")
    let session = try shell(home: folder)
    try session.say("patients | filter patient_id == 500017 | count")
    // Up still has it whole in the shell that ran it.
    session.send("\u{1B}[A")
    try session.wait("the statement") { $0.line($0.cursorRow).contains("500017") }
    session.send("\u{03}")
    try session.waitForFreshPrompt()
    try session.say("history | filter statement like \"patients%\" | take 1")
    #expect(session.screen.text.contains("patient_id == \"***\""))
    #expect(try session.leave() == 0)
    let kept = read("\(folder)/.local/state/rounds/history")
    #expect(kept.contains("***") && !kept.contains("500017"))
    // Another shell neither has it nor suggests the mark.
    let other = try shell(home: folder)
    other.send("patients | filter pat")
    try other.wait("typed") { $0.line($0.cursorRow).contains("filter pat") }
    #expect(!other.screen.text.contains("***"))
  }

  @Test func valuesOfIdentifiersAreNotOffered() throws {
    let session = try shell()
    session.send("encounters | filter patient_id == \t")
    try session.wait("the line") { $0.line($0.cursorRow).contains("patient_id ==") }
    session.send("\u{03}")
    try session.waitForFreshPrompt()
    session.send("encounters | filter site == \t")
    try session.wait("values of a site") { $0.text.contains("\"Riverside\"    12,854") }
  }

  @Test func previewShowsRowsWhileTyping() throws {
    let session = try shell()
    session.send("encounters | count by site")
    try session.wait("the statement") { $0.cursorColumn == 34 }
    // Off by default: nothing but the statement, when the keys have long rested.
    usleep(600_000)
    #expect(!session.screen.text.contains("Lakeview"))
    session.send("\u{03}")
    try session.waitForFreshPrompt()
    try session.say("set preview = on")
    session.send("encounters | count by site")
    try session.wait("the preview") { $0.text.contains("8,155") && $0.text.contains("2 rows × 3 columns") }
    let row = session.screen.cursorRow
    // It follows the text, and an unfinished stage keeps what the finished ones give.
    session.send(" | take 1 | filter ")
    try session.wait("the shorter preview") { $0.text.contains("1 row × 3 columns") }
    #expect(session.screen.cursorRow == row)
    session.send("\u{03}")
    try session.waitForFreshPrompt()
    #expect(session.screen.unknown == [])
  }

  @Test func learnStepsThroughALesson() throws {
    let session = try TerminalSession(
      TerminalSession.builtProgram("rounds"), ["learn", "2"], environment: ["HOME": try home("")],
      columns: 120, rows: 40)
    try session.wait(for: "step 1 of 2", seconds: 30)
    try session.waitForFreshPrompt()
    session.send("next\r")
    try session.wait(for: "step 2 of 2")
    try session.waitForFreshPrompt()
    session.send("back\r")
    try session.wait("the first step again") { $0.everything.components("step 1 of 2") == 2 }
    try session.waitForFreshPrompt()
    #expect(try session.leave() == 0)
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionScripts(_ name: String) throws {
    let session = try TerminalSession(
      "/bin/sh",
      ["-c", "\(TerminalSession.builtProgram("rounds")) completions \(name) | grep -c rounds; echo end"])
    try session.wait(for: "end")
    #expect(Int(session.screen.line(0)) ?? 0 > 3)
  }

  @Test func theUsersPagerTakesTheRows() throws {
    let folder = try home("")
    write("\(folder)/pager", "#!/bin/sh\nwc -l\n")
    chmod("\(folder)/pager", 0o755)
    let session = try shell(home: folder, rows: 20, ["PAGER": "\(folder)/pager"])
    try session.say("encounters | take 100 | select encounter_id | show all")
    // Name, rule, 100 rows, and the line of the size.
    #expect(session.screen.everything.split(separator: "\n").contains("103"))
  }

  @Test func theWidthForAProjectorAndASCII() throws {
    let session = try shell(columns: 200)
    try session.say("set width = 40, ascii = on")
    session.send("encounters | take 2\r")
    try session.wait(for: "2 rows x 17 columns")
    try session.waitForFreshPrompt()
    let rows = (0..<session.screen.cursorRow).map { session.screen.line($0) }
    let result = rows.drop { !$0.hasPrefix("rounds> encounters") }.dropFirst()
    #expect(!result.isEmpty && result.allSatisfy { $0.count <= 40 && $0.utf8.allSatisfy { $0 < 0x80 } })
  }

  @Test func withoutColourTheMenuHasASign() throws {
    let session = try shell(["demo"], ["NO_COLOR": "1"])
    session.send("encounters | filter site == \t\t")
    try session.wait("the first value chosen") { $0.text.contains("> \"Riverside\"") }
    #expect(!String(decoding: session.output, as: UTF8.self).contains("\u{1B}[0"))
  }

  @Test func scriptsBeginWithTheProgramsName() throws {
    let folder = try home("")
    write("\(folder)/hello", "#!/usr/bin/env rounds\nparam who = \"world\"\nsay f\"hello {who}\"\n")
    chmod("\(folder)/hello", 0o755)
    let program = TerminalSession.builtProgram("rounds")
    let place = program.hasPrefix("/") ? program : "$PWD/\(program)"
    let session = try TerminalSession(
      "/bin/sh", ["-c", "PATH=\"$(dirname \(place)):$PATH\" \(folder)/hello Ward; echo rc $?"])
    try session.wait(for: "rc 0")
    #expect(session.screen.text.contains("hello Ward"))
  }

  @Test(arguments: [
    (["ROUNDS_THREADS": "0"], "ROUNDS_THREADS wants"), (["ROUNDS_MEMORY": "lots"], "ROUNDS_MEMORY wants"),
    (["ROUNDS_WIDTH": "5"], "ROUNDS_WIDTH wants"),
  ])
  func variablesAreChecked(_ variables: [String: String], _ message: String) throws {
    let session = try TerminalSession(
      TerminalSession.builtProgram("rounds"), ["-e", "say 1"], environment: variables)
    #expect(try session.waitForEnd() == 2)
    #expect(session.screen.text.contains(message))
  }

  @Test func variablesNameTheHistoryAndTheInitialisation() throws {
    let folder = try home("")
    write("\(folder)/begin.rounds", "let answer = 41 + 1\n")
    let session = try shell(
      [], home: folder, ["ROUNDS_HISTORY": "\(folder)/mine", "ROUNDS_INIT": "\(folder)/begin.rounds"])
    try session.say("say answer")
    #expect(session.screen.text.split(separator: "\n").contains("42"))
    #expect(try session.leave() == 0)
    #expect(read("\(folder)/mine").contains("say answer"))
  }

  @Test func stepsOffATerminalTellTheResultOnce() throws {
    let program = TerminalSession.builtProgram("rounds")
    let session = try TerminalSession(
      "/bin/sh",
      [
        "-c",
        "\(program) demo --steps --format csv -e 'encounters | filter age > 100 | select age, site' 2>/dev/null | head -3; echo end",
      ])
    try session.wait(for: "end", seconds: 30)
    #expect(session.screen.line(0) == "age,site")
    #expect(!session.screen.text.contains("encounter_id"))
  }
}

/// The shell itself at the sizes of a small window, a terminal and a wide one, with wide characters and emoji, under
/// both sets of keys.
@Suite struct ShellSizeTests {
  private static let cases = [(80, 24), (40, 10), (200, 60)].flatMap { size in
    ["", "rounds:bind -v\n"].map { (size.0, size.1, $0) }
  }

  @Test(arguments: cases) func wideCharactersAtEverySize(columns: Int, rows: Int, bindings: String) throws {
    let session = try shell(home: try home(bindings), columns: columns, rows: rows)
    let table = "let t = table [{病棟: \"内科\", n: 2}, {病棟: \"👩‍⚕️ Ü\", n: 30}, {病棟: \"e\u{301}\", n: 4}]"
    try session.say(table)
    try session.say("t | sort -n | count")
    try session.say("t | sort -n")
    #expect(session.screen.text.contains("3 rows × 2 columns"))
    // Numbers end in one column whatever stands before them.
    let lines = (0..<session.screen.cursorRow).map { session.screen.line($0) }
    for text in ["内科", "👩‍⚕️ Ü", "e\u{301}"] { #expect(lines.contains { $0.contains(text) }) }
    // A value by its first letters, chosen from the menu, then the cursor in the middle and a letter put there.
    session.send("t | filter 病棟 == \"内\t")
    try session.wait("the value") { $0.line($0.cursorRow).contains("\"内科\"") && $0.cursorColumn >= 6 }
    try session.say("\u{1B}[Hx\u{7F}")
    #expect(session.screen.text.contains("1 row × 2 columns"))
    // The statement from before, by Up.
    try session.say("\u{1B}[A\u{1B}[A")
    #expect(try session.leave() == 0)
    #expect(session.screen.unknown == [])
  }
}
