import Glibc
import TestSupport
import Testing

/// What people ask of shells for data most often, each as somebody would try it; the rest stands in the other files.
@Suite struct AskTests {
  private func run(_ line: String, in folder: String) throws -> String {
    let session = try TerminalSession(
      "/bin/sh", ["-c", "cd \(folder); \(line)\necho '<end>'"], environment: ["HOME": folder], columns: 200,
      rows: 60)
    try session.wait(for: "<end>", seconds: 60)
    return session.screen.text
  }

  private var program: String {
    let program = TerminalSession.builtProgram("rounds")
    return program.hasPrefix("/") ? program : "$OLDPWD/\(program)"
  }

  @Test func upBringsTheWholeStatementAndItIsSuggestedWhole() throws {
    let session = try shell()
    session.send("departments |\rcount by site\r")
    try session.waitForFreshPrompt()
    session.send("\u{1B}[A")
    try session.wait("both lines") { screen in
      screen.line(screen.cursorRow - 1).hasPrefix("rounds> departments |")
        && screen.line(screen.cursorRow).hasSuffix("count by site")
    }
    session.send("\u{03}")
    try session.waitForFreshPrompt()
    session.send("departm")
    try session.wait("the suggestion over two lines") { screen in
      screen.line(screen.cursorRow).hasPrefix("rounds> departments |")
        && screen.line(screen.cursorRow + 1).hasSuffix("count by site")
    }
    session.send("\u{05}")
    try session.wait("taken") { $0.line($0.cursorRow).hasSuffix("count by site") && $0.cursorColumn > 10 }
  }

  @Test func aLineThatBeginsWithABarGoesOnFromTheLastResult() throws {
    let session = try shell()
    try session.say("departments | take 3")
    try session.say("| count")
    try session.say("last | derive twice = n * 2")
    let text = session.screen.everything
    #expect(text.contains("3 rows × ") && text.contains("twice") && text.contains("6"))
    #expect(try session.leave() == 0)
  }

  @Test func nothingIsAskedOfTheTerminal() throws {
    let session = try shell()
    try session.say("departments | take 1")
    #expect(try session.leave() == 0)
    let output = String(decoding: session.output, as: UTF8.self)
    // The colour of the background, the kind of terminal, the place of the cursor.
    for query in ["\u{1B}]", "\u{1B}[c", "\u{1B}[0c", "\u{1B}[>", "\u{1B}[5n", "\u{1B}[6n", "\u{1B}P"] {
      #expect(!output.contains(query), "\(query.debugDescription)")
    }
  }

  @Test func filesGetEverything() throws {
    let folder = try home("")
    let text = try run(
      "\(program) demo -q --width 40 -e 'encounters | save \"e.csv\"'; wc -l < e.csv; "
        + "head -1 e.csv | tr ',' '\\n' | wc -l; \(program) demo -q --format csv -e 'encounters' | cmp - e.csv && echo same",
      in: folder)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.contains("same"))
    let numbers = lines.compactMap { Int($0) }
    #expect(numbers.contains { $0 > 20_000 } && numbers.contains(17))
  }

  @Test func aReplayIsTheSameWithSettingsSamplesAndAnyThreads() throws {
    let folder = try home("")
    let text = try run(
      """
      \(program) demo --threads 2 -q -e 'record "x.md"' -e 'set rows = 3' -e 'encounters | sample 5 | select encounter_id' \\
        -e 'let old = (encounters | filter age > 90)' -e 'old | count by department' -e 'record off'
      \(program) verify --threads 1 x.md; echo "rc $?"
      """, in: folder)
    #expect(text.contains("rc 0"), "\(text)")
  }

  @Test func statementsOfFilesAreNotInTheHistory() throws {
    let folder = try home("")
    let file = fopen("\(folder)/x.rounds", "w")
    fputs("let hidden_in_file = 1\n", file)
    fclose(file)
    let session = try shell(home: folder)
    try session.say("include \"\(folder)/x.rounds\"")
    try session.say("say hidden_in_file")
    session.send("history hidden\r")
    try session.waitForFreshPrompt()
    let text = session.screen.everything
    #expect(text.contains("say hidden_in_file") && !text.contains("let hidden_in_file"))
  }

  @Test func quittingHelpAndTheLastResultAreFound() throws {
    let session = try shell()
    #expect(session.screen.line(0).contains("help") || session.screen.line(1).contains("help"))
    #expect(session.screen.line(0).contains("quit") || session.screen.line(1).contains("quit"))
    try session.say("help")
    #expect(session.screen.everything.contains("help keys"))
    session.send("quit\r")
    #expect(try session.waitForEnd() == 0)
  }
}
