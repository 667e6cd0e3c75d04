import Glibc
import TestSupport
import Testing

/// The program as scripts and pipes use it.
@Suite struct CommandTests {
  /// Runs a line of a POSIX shell in which `rounds` is the program; what it wrote.
  private func run(_ line: String) throws -> String {
    let program = TerminalSession.builtProgram("rounds")
    let place = program.hasPrefix("/") ? program : "$PWD/\(program)"
    let session = try TerminalSession(
      "/bin/sh", ["-c", "PATH=\"$(dirname \(place)):$PATH\"; \(line)\necho '<end>'"],
      environment: ["HOME": try home("")], columns: 200, rows: 60)
    try session.wait(for: "<end>", seconds: 60)
    return session.screen.text
  }

  @Test(arguments: [
    ("rounds -e 'say 1'", "0"), ("rounds -e 'nosuch | count'", "1"),
    ("rounds -e 'assert 1 == 2'", "3"), ("rounds --nosuch", "2"), ("echo 'load \"gone.csv\"' | rounds", "1"),
    ("rounds /nonexistent/x.rounds", "2"), ("rounds verify /nonexistent/x.md", "2"),
    ("rounds completions tcsh", "2"),
  ])
  func exitCodes(_ line: String, _ code: String) throws {
    // The line's own code, before the echo of the end.
    let found = try run("\(line) >/dev/null 2>&1; echo \"code $?.\"")
    #expect(found.contains("code \(code)."))
  }

  @Test func aScriptStopsAtItsFirstError() throws {
    let text = try run("rounds -e 'say \"one\"\nassert false\nsay \"two\"' 2>/dev/null")
    #expect(text.contains("one") && !text.contains("two"))
  }

  @Test func anUnknownColumnIsAnErrorWithASuggestion() throws {
    let text = try run("rounds demo -e 'encounters | filter agee > 60'")
    #expect(text.contains("error:") && text.contains("did you mean age?") && !text.contains("encounter_id"))
  }

  @Test func badHintsAreLeftOut() throws {
    let text = try run("rounds demo -e 'encounters | filter qqqqqqqqqq > 60' 2>&1")
    #expect(text.contains("error:") && !text.contains("did you mean"))
  }

  @Test func slipsOfTheCommandLineAreGuessed() throws {
    #expect(try run("rounds dmeo 2>&1").contains("did you mean the command `rounds demo`?"))
    #expect(try run("rounds --format cvs -e 'say 1' 2>&1").contains("did you mean csv?"))
    #expect(try run("rounds --set x=3 -e 'say 1' 2>&1; echo rc $?").contains("declares the parameter x"))
    #expect(
      try run("rounds --set x=3 -e 'param x: int = 1' -e 'say x' 2>&1; echo rc $?").hasPrefix("3\nrc 0"))
  }

  /// A cell that breaks `strict` is told with its line, its column and its text.
  @Test func strictNamesTheCell() throws {
    let folder = try home("")
    let file = fopen("\(folder)/bad.csv", "w")
    fputs("id,age\n1,20\n2,abc\n", file)
    fclose(file)
    let text = try run(
      "rounds -e '\"\(folder)/bad.csv\" with types = {age: int}, strict = true' 2>&1; echo rc $?")
    #expect(text.contains("line 3: `age`: \"abc\" is no int") && text.contains("rc 1"))
  }

  @Test func undoAndRedoStepOverValues() throws {
    let text = try run(
      "rounds -e 'let x = 1' -e 'let x = 2' -e undo -e 'say x' -e redo -e 'say x' -e 'set rows = 7' -e undo -e 'say x'"
    )
    #expect(text.split(separator: "\n").filter { $0.count == 1 } == ["1", "2", "2"])
  }

  @Test func theKeysAreListedAndALineIsLeftOut() throws {
    let folder = try home("")
    let session = try shell(home: folder)
    try session.say("help keys")
    #expect(session.screen.text.contains("search through earlier statements"))
    try session.say(" say \"secret Jane\"")
    try session.say("say \"open\"")
    try session.say("save script \"\(folder)/s.rounds\"")
    #expect(try session.leave() == 0)
    let script = try run("cat \(folder)/s.rounds")
    #expect(script.contains("say \"open\"") && !script.contains("Jane"))
  }

  @Test func onlyDataOffATerminal() throws {
    let line = "rounds demo --format csv -e 'encounters | filter los_hours > 100 | count' 2>/dev/null | od -c"
    let text = try run(line)
    #expect(!text.contains("033") && !text.contains("\\r"))
    // The program's own table, without colour and without a terminal's width.
    let plain = try run("rounds demo -e 'encounters | take 1' 2>&1 | cat | od -c | grep -c 033")
    #expect(plain.hasPrefix("0\n"))
  }

  @Test func theWidthThatIsSetHoldsForScriptsToo() throws {
    func longest(_ width: Int) throws -> Int {
      let text = try run(
        "rounds demo -q -e 'set width = \(width)' -e 'encounters | take 3' | LC_ALL=C.UTF-8 wc -L")
      return Int(text.prefix { $0.isNumber }) ?? 0
    }
    #expect((20...44).contains(try longest(44)))
    #expect(try longest(0) > 100)
  }

  @Test func parametersComeFromTheCommandLine() throws {
    let folder = try home("")
    let script = "\(folder)/p.rounds"
    let file = fopen(script, "w")
    fputs("param n: int = 1\nsay f\"n is {n}\"\n", file)
    fclose(file)
    #expect(try run("rounds run \(script) --set n=7").contains("n is 7"))
    #expect(try run("rounds \(script) 8").contains("n is 8"))
    #expect(try run("rounds run \(script) --set m=7 2>&1").contains("no parameter m"))
    #expect(try run("rounds run \(script) --set n=x 2>&1").contains("n is int"))
  }

  @Test func aScriptIsCheckedWithoutRunning() throws {
    let folder = try home("")
    let script = "\(folder)/c.rounds"
    let file = fopen(script, "w")
    fputs("say \"ran\"\nencounters | filter agee > 1\nencounters | take \"x\"\n", file)
    fclose(file)
    let text = try run("rounds check --demo \(script) 2>&1")
    #expect(!text.contains("\nran\n") && text.contains("c.rounds:2:") && text.contains("c.rounds:3:"))
    let json = try run("rounds check --demo --format json \(script) 2>&1")
    #expect(json.contains("\"line\": 2") && json.contains("\"code\""))
  }

  /// A table where a script stands is told of, and `fmt` keeps its hands off.
  @Test func dataIsNoScript() throws {
    let folder = try home("")
    let file = fopen("\(folder)/d.csv", "w")
    fputs("a,b\n1,2\n", file)
    fclose(file)
    for command in ["", "run ", "check ", "fmt "] {
      let text = try run("rounds \(command)\(folder)/d.csv 2>&1; cat \(folder)/d.csv")
      #expect(text.contains("this is data") && text.contains("d.csv\" | describe'"), "\(text)")
      #expect(text.contains("\na,b\n1,2"), "\(text)")
    }
  }

  @Test func whatFailsOnEveryDataIsFoundWithoutIt() throws {
    let folder = try home("")
    let script = "\(folder)/c.rounds"
    func check(_ text: String) throws -> String {
      let file = fopen(script, "w")
      fputs(text, file)
      fclose(file)
      return try run("rounds check --demo \(script) 2>&1; echo status $?")
    }
    for stage in [
      "filter payer ~ \"(\"", "aggregate p = percentile(los_hours, 200)", "derive b = bin(los_hours, 0)",
      "derive q = quantile_group(los_hours, 0)", "derive m = rolling_mean(los_hours, 7d)",
      "derive b = bands(age, 65, 18)", "derive b = bands(age, 18, labels: [\"child\"])",
      "derive e = extract(payer, \"(\")", "derive e = extract(payer, \"a\", 2)",
      "aggregate n = count() by site | derive b = bands(n, 65, 18)",
    ] {
      let text = try check("encounters | filter age > 3 | \(stage) | take 1\n")
      #expect(text.contains("c.rounds:1:") && text.contains("status 1"), "\(stage)")
    }
    // What only a run knows may be right.
    let unknown = "param p = 90\nencounters | aggregate a = percentile(los_hours, p) by site | top 1 a\n"
    #expect(try check(unknown).contains("status 0"))
    let cut =
      "param cut = 65\nlet above = cut + 10\nencounters | derive b = bands(age, cut, above) | count by b\n"
    #expect(try check(cut).contains("status 0"))
    // That there is such a value keeps nothing else from being found.
    let both = cut + "encounters | filter age > cut | derive b = bands(age, 65, 18) | count by b\n"
    #expect(try check(both).contains("c.rounds:4:"))
  }
}

/// Ctrl-C wherever the program is busy.
@Suite struct InterruptTests {
  private func bigFile() throws -> String {
    let path = "\(try home(""))/big.csv"
    let file = fopen(path, "w")
    fputs("id,name,note\n", file)
    for row in 0..<300_000 { fputs("\(row),ward \(row % 97),\(row * 7919 % 10007)\n", file) }
    fclose(file)
    return path
  }

  @Test func loadingIsStopped() throws {
    let path = try bigFile()
    let session = try shell()
    session.send("load \"\(path)\" as big\r")
    usleep(400_000)
    session.send("\u{03}")
    try session.wait("stopped, or loaded before that", seconds: 30) {
      $0.text.contains("Stopped after") || $0.text.contains("big: 300,000 rows")
    }
    try session.waitForFreshPrompt()
    session.send("say \"still here\"\r")
    try session.wait("its answer", seconds: 30) { $0.text.contains("\nstill here") }
    #expect(try session.leave() == 0)
  }

  /// Without a pager, on a terminal that knows no escape sequences.
  @Test func printingIsStopped() throws {
    let session = try shell(rows: 20, ["TERM": "dumb"])
    func isReady(_ screen: TerminalScreen) -> Bool {
      screen.text.split(separator: "\n").last?.hasPrefix("rounds>") == true
    }
    session.send("set rows = 1000000\r")
    try session.wait("a prompt", seconds: 60) { $0.text.contains("1000000") && isReady($0) }
    session.send("encounters | select encounter_id, admitted, department\r")
    try session.wait("some rows", seconds: 60) { $0.text.contains("Emergency") && $0.text.contains("2023") }
    session.send("\u{03}")
    try session.wait("a prompt", seconds: 60, until: isReady)
    session.send("quit\r")
    #expect(try session.waitForEnd() == 0)
    // Of 21,009 rows most were not written.
    #expect(session.output.count < 500_000)
    #expect(String(decoding: session.output, as: UTF8.self).contains("The output was cut short."))
  }

  @Test func columnsThatDoNotFitAreReachedInThePager() throws {
    let session = try shell()
    session.send("encounters | take 3 | show all\r")
    try session.wait("the pager") { $0.isAlternate && $0.line(0).contains("encounter_id") }
    #expect(!session.screen.text.contains("triage"))
    for _ in 0..<20 { session.send("\u{1B}[C") }
    try session.wait("the columns further right") { $0.line(0).contains("triage") }
    #expect(session.screen.line(0).contains("encounter_id"))
    session.send("q")
    try session.wait("the screen") { !$0.isAlternate }
    try session.waitForFreshPrompt()
    #expect(session.screen.text.contains("do not fit"))
    #expect(try session.leave() == 0)
  }

  @Test func proseBreaksBetweenWords() throws {
    let session = try shell(columns: 50)
    let words = ["median", "interquartile", "ward", "readmission", "of", "department"]
    let text = (0..<5).map { _ in words.joined(separator: " ") }.joined(separator: " ")
    try session.say("let t = \"\(text)\"")
    try session.say("say t")
    let lines = session.screen.text.split(separator: "\n").map(String.init)
    let first = try #require(lines.lastIndex { $0.hasSuffix("say t") })
    let told = lines[(first + 1)...].prefix { !$0.hasPrefix("rounds>") }
    #expect(told.count >= 5)
    let shown = told.flatMap { $0.split(separator: " ").map(String.init) }
    #expect(shown.count == 30 && shown.allSatisfy(words.contains))
    try session.say("encounters | filter agee > 60")
    #expect(session.screen.text.contains("there is no column `agee`"))
    #expect(try session.leave() == 0)
  }

  /// More rows for all results are looked at in the pager, and leave a screen of them behind.
  @Test func moreRowsThanTheScreenGoThroughThePager() throws {
    let session = try shell(rows: 20)
    try session.say("set rows = 100")
    session.send("encounters | select encounter_id, department\r")
    try session.wait("the pager") { $0.isAlternate && $0.line(0).contains("encounter_id") }
    session.send("q")
    try session.wait("the screen") { !$0.isAlternate }
    try session.waitForFreshPrompt()
    #expect(session.screen.text.contains("encounter_id"))
    try session.say("encounters | count by department")
    #expect(!session.screen.isAlternate && session.screen.text.contains("department"))
    #expect(try session.leave() == 0)
  }

  @Test func aStageThatCannotStopIsLeftBehind() throws {
    let session = try shell()
    session.send("table a = sequence(1, 3000000, 1) | join (table b = 1..3000) on a > b | count\r")
    try session.wait(for: "Ctrl-C stops", seconds: 30)
    session.send("\u{03}")
    try session.wait("a prompt", seconds: 5) {
      $0.text.contains("Stopped after")
        && $0.line($0.cursorRow).hasPrefix("rounds>") && $0.cursorColumn == 8
    }
    try session.say("say \"still here\"")
    #expect(session.screen.text.contains("still here"))
    #expect(try session.leave() == 0)
  }

  @Test func aSmallResultNeedsNoPager() throws {
    let session = try shell()
    try session.say("encounters | select encounter_id, site | take 3 | show all")
    #expect(!session.screen.isAlternate && session.screen.text.contains("3 rows"))
    #expect(!String(decoding: session.output, as: UTF8.self).contains("?1049h"))
  }
}
