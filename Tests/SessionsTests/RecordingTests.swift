import Columns
import Diagnostics
import Glibc
import Planning
import Sessions
import TestSupport
import Testing

/// `record`, `rounds verify`, `save script`.
@Suite struct RecordingTests {
  private let folder: String
  private let session: Session

  init() throws {
    folder = try TemporaryFolder.make("rounds-record")
    session = Session(options: Session.Options(threads: 1, now: 1_790_000_000_000_000))
    try write("d.csv", "dept,n\nICU,3\nED,5\nÜberwachung 日本,7\n")
  }

  private func write(_ name: String, _ text: String) throws {
    var text = text
    try FileAccess.write("\(folder)/\(name)", true) { emit in try text.withUTF8 { try emit($0.span) } }
  }

  private func read(_ name: String) throws -> String {
    String(decoding: try FileAccess.read("\(folder)/\(name)"), as: UTF8.self)
  }

  /// Runs statements one by one as the shell does; the messages that came.
  @discardableResult
  private func run(_ statements: String...) -> [String] {
    var told: [String] = []
    session.tell = { outcome in
      switch outcome {
      case .message(let text), .text(let text): told.append(text)
      case .table(let table, _, _, _): told.append("\(table.rowCount) rows")
      default: break
      }
    }
    for statement in statements {
      _ = session.run(SourceText(statement, name: "input")) { told += $0.map { "error: \($0.message)" } }
    }
    return told
  }

  private func differences() throws -> [String] {
    try Verification.run("\(folder)/visit.md", threads: 2).differences
  }

  private func record() {
    run(
      "let limit = 4", "load \"\(folder)/d.csv\"", "d | count", "record \"\(folder)/visit.md\"",
      "# Which are large?\nd | filter n > limit", "d | filter nosuch == 1",
      "\"\(folder)/d.csv\" | aggregate total = sum(n)", "undo", "say \"said\"", "record off",
      "say \"not this\"")
  }

  /// A statement that was taken out of the file, in the middle or at the end, and an answer that was put in.
  @Test func whatWasTakenOutOrPutInIsTold() throws {
    record()
    let text = try read("visit.md")
    #expect(try differences() == [])
    let cut = try #require(text.firstRange(of: "```rounds\nundo"))
    let said = try #require(text.firstRange(of: "```rounds\nsay"))
    try write("visit.md", String(text[..<cut.lowerBound] + text[said.lowerBound...]))
    #expect(
      try differences().contains { $0.contains("1 statement before this one is not in the file any more") })
    let end = try #require(text.firstRange(of: "<!-- rounds: end"))
    try write("visit.md", String(text[..<said.lowerBound] + text[end.lowerBound...]))
    #expect(
      try differences().contains {
        $0.contains("the last statement is not in the file any more")
          || $0.contains("the last 1 statement is not in the file any more")
      })
    try write("visit.md", text + "| Lakeview | 99999 |\n")
    #expect(try differences().contains { $0.hasSuffix("what stands here was not recorded") })
    try write("visit.md", text + "A remark of the reader.\n")
    #expect(try differences() == [])
  }

  /// What was undone before belongs to no transcript: `redo` does not reach it until the recording ends.
  @Test func redoStaysWithinTheRecording() throws {
    let told = run(
      "let a = 1", "undo", "record \"\(folder)/visit.md\"", "redo", "let b = 2", "undo", "redo",
      "say f\"{b}\"",
      "record off")
    #expect(told.contains("nothing to redo") && told.contains("2"))
    #expect(try differences() == [])
    #expect(
      run("let c = 1", "undo", "record \"\(folder)/other.md\"", "record off", "redo").contains(
        "done again: let c"))
  }

  @Test func theTranscriptHasAnswersAndTheScriptNone() throws {
    record()
    let document = try read("visit.md")
    #expect(document.contains("```rounds\n# Which are large?\nd | filter n > limit\n```"))
    #expect(document.contains("| Überwachung 日本 | 7 |"))
    #expect(document.contains("2 rows × 2 columns."))
    #expect(document.contains("error: ") && document.contains("nosuch"))
    #expect(!document.contains("not this"))
    let script = try read("visit.rounds")
    #expect(script.hasPrefix("#!/usr/bin/env rounds\n"))
    #expect(!script.contains("nosuch") && !script.contains("| 7 |") && !script.contains("not this"))
    // It runs by itself: what came before the recording is in it. 3 + 5 + 7.
    let fresh = Session(options: Session.Options(threads: 1, now: 0))
    var totals: [Value] = []
    fresh.tell = { outcome in
      if case .table(let table, _, _, _) = outcome, table.schema.names == ["total"] {
        totals.append(table.column(0).value(0))
      }
    }
    #expect(fresh.run(SourceText(script, name: "visit.rounds")) { _ in } == .done)
    #expect(totals == [.int(15)])
  }

  @Test func anUnchangedTranscriptVerifies() throws {
    record()
    #expect(try differences() == [])
    #expect(try Verification.run("\(folder)/visit.md", threads: 1).statements == 5)
  }

  /// How long a query takes is no answer.
  @Test func timesAreNotCompared() throws {
    run(
      "record \"\(folder)/visit.md\"", "explain analyze \"\(folder)/d.csv\" | sort n | take 1", "record off")
    #expect(try differences() == [])
  }

  @Test func changedDataIsTold() throws {
    record()
    try write("d.csv", "dept,n\nICU,3\nED,5\nÜberwachung 日本,8\n")
    let found = try differences()
    #expect(found.contains { $0.contains("data:") && $0.contains("d.csv has changed") })
    #expect(found.contains { $0.contains("the result differs") && $0.contains("filter n > limit") })
    #expect(!found.contains { $0.contains("said") })
  }

  @Test func aFileThatIsGoneIsTold() throws {
    record()
    unlink("\(folder)/d.csv")
    let found = try differences()
    #expect(found.contains { $0.contains("cannot be read any more") })
    #expect(found.contains { $0.contains("fails now") })
  }

  @Test func anotherVersionIsTold() throws {
    record()
    let text = try read("visit.md").replacing("version=\"\(Version.text)\"", with: "version=\"rounds 0.1\"")
    try write("visit.md", text)
    #expect(try differences() == ["version: recorded by rounds 0.1, and this is \(Version.text)"])
  }

  @Test func aChangedStatementOrResultIsTold() throws {
    record()
    try write("visit.md", try read("visit.md").replacing("say \"said\"\n```", with: "say \"else\"\n```"))
    let found = try differences()
    #expect(found.count == 1 && found[0].contains("the result differs: say \"else\""))
  }

  @Test func aFigureChangedInTheDocumentIsTold() throws {
    record()
    let text = try read("visit.md")
    #expect(text.contains("said"))
    try write("visit.md", text.replacing("```text\nsaid\n```", with: "```text\nfalse\n```"))
    let found = try differences()
    #expect(found.count == 1 && found[0].contains("the answer was changed in the file after it was recorded"))
  }

  @Test func verifyingWritesNoFile() throws {
    run("record \"\(folder)/visit.md\"", "table [{a: 1}] | save \"\(folder)/out.csv\"", "record off")
    unlink("\(folder)/out.csv")
    #expect(try differences() == [])
    #expect(access("\(folder)/out.csv", F_OK) != 0)
  }

  @Test func nothingIsWrittenOver() throws {
    record()
    let before = try read("visit.md")
    #expect(run("record \"\(folder)/visit.md\"").contains { $0.contains("exists already") })
    #expect(try read("visit.md") == before)
    #expect(run("record \"\(folder)/visit.md\" replace").contains { $0.hasPrefix("recording to") })
  }

  @Test func aSavedScriptIsNotWrittenOverByARecording() throws {
    run("say 1", "save script \"\(folder)/board.rounds\"")
    let script = try read("board.rounds")
    var help: [String] = []
    _ = session.run(SourceText("save script \"\(folder)/board.rounds\"", name: "input")) {
      help = $0.flatMap(\.help)
    }
    #expect(help == ["add `replace` to write over it: save script \"\(folder)/board.rounds\" replace"])
    _ = session.run(SourceText("record \"\(folder)/board.md\"", name: "input")) { help = $0.flatMap(\.help) }
    #expect(help.first == "take another name: record \"\(folder)/board-2.md\"")
    #expect(help.contains { $0.contains("would write over the script") })
    #expect(try read("board.rounds") == script)
    #expect(access("\(folder)/board.md", F_OK) != 0)
    // A script that cannot be written leaves no transcript behind.
    mkdir("\(folder)/room.rounds", 0o755)
    #expect(!run("record \"\(folder)/room.md\" replace").contains { $0.hasPrefix("recording to") })
    #expect(access("\(folder)/room.md", F_OK) != 0)
  }

  @Test func anythingElseIsNoTranscript() throws {
    try write("visit.md", "# Hello\n```rounds\nsay 1\n```\n")
    #expect(throws: FormatFault.self) { try Verification.run("\(folder)/visit.md", threads: 1) }
  }

  @Test func saveScriptKeepsWhatWorked() throws {
    run("say 1", "say nosuch", "help filter", "let x = 2", "save script \"\(folder)/x.rounds\"")
    #expect(try read("x.rounds") == "#!/usr/bin/env rounds\n\nsay 1\n\nlet x = 2\n")
    #expect(run("save script \"\(folder)/x.rounds\"").contains { $0.contains("exists already") })
    #expect(run("save \"\(folder)/y.csv\"").contains { $0.contains("stands behind a table") })
    // Its files are there when it runs again.
    run("table [{n: 1}] | save \"\(folder)/n.csv\" | count", "save script \"\(folder)/z.rounds\"")
    #expect(try read("z.rounds").contains("save \"\(folder)/n.csv\" replace | count\n"))
    #expect(!run("include \"\(folder)/z.rounds\"").contains { $0.contains("exists already") })
  }

  /// What was taken back before the recording is not there when it runs again either.
  @Test func aRecordingBeginsWithWhatHolds() throws {
    run("let a = 1", "let b = 2", "say b", "undo", "undo", "redo", "steps on", "set rows = 7", "undo")
    run("explain table [{n: 1}]", "table [{n: a}, {n: 5}]")
    run("record \"\(folder)/visit.md\"", "| count", "say a", "undo", "record off")
    #expect(
      try read("visit.rounds").split(separator: "\n").filter { !$0.hasPrefix("#") }
        == ["let a = 1", "steps on", "table [{n: a}, {n: 5}]", "| count", "say a", "undo"])
    #expect(try differences() == [])
  }

  /// A result that goes on from another is had again with that one, and one that cannot be had again is left out.
  @Test func aRecordingBeginsWithWhatTheLastResultComesFrom() throws {
    let first = "table [{n: 1}, {n: 5}]"
    run("say 1", first, "| filter n > 2", "let a = 3", "last | derive m = n")
    run("record \"\(folder)/visit.md\"", "| select m", "record off")
    #expect(
      try read("visit.rounds").split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
        == [first, "| filter n > 2", "let a = 3", "last | derive m = n", "| select m"])
    #expect(try differences() == [])
    run("table [{n: a}]", "undo", "record \"\(folder)/visit.md\" replace", "say 2", "record off")
    #expect(
      try read("visit.rounds").split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init) == [
        "say 2"
      ])
    #expect(try differences() == [])
  }

  @Test func whatWasSetIsSetAgain() throws {
    var options = Session.Options(threads: 1, now: 0)
    options.parameters = ["n": "7", "who": "Ward = \"A\""]
    let session = Session(options: options)
    let script = """
      param n = 5
      param who = "x"
      record "\(folder)/set.md"
      say n + 1
      say who
      record off
      """
    #expect(session.run(SourceText(script, name: "set.rounds")) { _ in } == .done)
    #expect(try read("set.md").contains("8") && read("set.md").contains("Ward = \"A\""))
    #expect(try Verification.run("\(folder)/set.md", threads: 1).differences == [])
  }

  @Test func aRecordingDoesNotWriteOverItsOwnScript() throws {
    let script = "record \"\(folder)/own.md\" replace\nsay 1\n"
    try write("own.rounds", script)
    var faults: [Diagnostic] = []
    _ = session.run(SourceText(script, name: "\(folder)/own.rounds")) { faults = $0 }
    #expect(faults.first?.message.contains("which runs now") == true)
    #expect(try read("own.rounds") == script)
    #expect(access("\(folder)/own.md", F_OK) != 0)
  }

  @Test func aSavedScriptLeavesOutWhatWasUndone() throws {
    run("let a = 1", "let b = 2", "let c = 3", "undo", "undo", "redo", "explain table [{a: 1}]", "say b")
    run("save script \"\(folder)/x.rounds\"")
    #expect(try read("x.rounds") == "#!/usr/bin/env rounds\n\nlet a = 1\n\nlet b = 2\n\nsay b\n")
  }

  /// Statements that need what was taken back, or that was typed behind a space, would fail in a script.
  @Test func aSavedScriptWorksFromItsFirstLineOn() throws {
    run("let a = 1", "let b = a + 1", "say b", "say a", "undo", "say a * 10")
    let said = run("save script \"\(folder)/x.rounds\"")
    #expect(said.contains { $0.contains("1 statement left out") })
    #expect(try read("x.rounds") == "#!/usr/bin/env rounds\n\nlet a = 1\n\nsay a\n\nsay a * 10\n")
    #expect(
      Session(options: Session.Options(threads: 1, now: 0)).run(SourceText(try read("x.rounds"))) { _ in }
        == .done)
  }

  /// What was answered with a meaning that a name has no longer is left out, and what goes on from that result too.
  @Test func aSavedScriptHasTheAnswersOfItsNames() throws {
    run("let t = (table [{n: 1}])", "let t = (table [{n: 2}])", "t | derive m = n", "undo")
    run("| count", "t | derive m = n + 1", "| select m")
    run("save script \"\(folder)/x.rounds\"")
    #expect(
      try read("x.rounds")
        == "#!/usr/bin/env rounds\n\nlet t = (table [{n: 1}])\n\nt | derive m = n + 1\n\n| select m\n")
  }

  @Test func undoSaysWhatItTookBack() {
    #expect(run("set rows = 9, theme = light", "undo") == ["undone: set rows, theme"])
    #expect(run("steps on", "undo") == ["undone: steps on"])
    #expect(!session.isOn("steps"))
  }

  @Test func whyTellsOfEveryFault() {
    let said = run("nosuch | filter a > 1 | agregate n = count()", "why").joined(separator: "\n")
    #expect(said.contains("there is no table `nosuch`\n"))
    #expect(said.contains("there is no verb `agregate`\n"))
    #expect(said.split(separator: "\n").count { $0.contains("there is no verb `agregate`") } == 2)
  }

  @Test func aRecordingTellsHowItBegins() {
    #expect(
      run("let a = 1", "let b = 2", "record \"\(folder)/late.md\"").joined()
        .contains("it begins with 2 earlier statements, which what follows may need"))
  }

  /// The example of FIPS 180-4 and its neighbours around the length of a block.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func digestsAreSHA256(_ text: String, _ expected: String) { #expect(Digest.of(text) == expected) }

  @Test func aMillionLetters() {
    #expect(
      Digest.of(String(repeating: "a", count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func redoGivesStatementsBackWhereTheyStood() throws {
    run("load \"\(folder)/d.csv\"", "d | filter n > 3", "| count", "undo", "redo")
    #expect(run("save script \"\(folder)/s.rounds\"").last?.hasPrefix("saved 3 statements") == true)
    let script = try read("s.rounds")
    #expect(script.hasSuffix("d | filter n > 3\n\n| count\n"))
  }

  /// A file that another program has made meanwhile is not replaced.
  @Test func aSaveNeverTakesThePlaceOfWhatCameMeanwhile() throws {
    let path = folder + "/late.csv"
    #expect(throws: (any Error).self) {
      try FileAccess.write(path, false) { emit in
        try write("late.csv", "precious\n")
        let bytes: [UInt8] = Array("mine\n".utf8)
        try emit(bytes.span)
      }
    }
    #expect(try read("late.csv") == "precious\n")
    #expect(Paths.names(in: folder).filter { $0.hasPrefix("late.csv") } == ["late.csv"])
  }
}

/// `history | …`, `try`, `learn`.
@Suite struct ShellStatementTests {
  private func told(_ session: Session, _ text: String) -> [String] {
    var told: [String] = []
    session.tell = { outcome in
      switch outcome {
      case .message(let text), .text(let text): told.append(text)
      case .step(let text, _, _, _): told.append(text)
      case .table(let table, _, _, _):
        for row in 0..<table.rowCount {
          told.append(table.row(row).map(ValueText.plain).joined(separator: "|"))
        }
      default: break
      }
    }
    _ = session.run(SourceText(text, name: "input")) { told += $0.map { "error: \($0.message)" } }
    return told
  }

  private func session(hospital: Int? = nil) -> Session {
    Session(options: Session.Options(threads: 1, now: 0, hospitalScale: hospital))
  }

  @Test func historyIsATable() {
    let session = session()
    #expect(told(session, "history | take 1").contains { $0.hasPrefix("error:") })
    session.history = [
      HistoryLine("encounters | count", time: 1_700_000_000_000_000), HistoryLine("say 1", time: nil),
    ]
    #expect(
      told(session, "history | filter statement like \"%count%\" | select number, statement") == [
        "1|encounters | count"
      ])
    #expect(told(session, "history | filter time is missing | select number") == ["2"])
    // A table of that name is the user's own.
    _ = told(session, "let history = table [{a: 5}]")
    #expect(told(session, "history | take 1") == ["5"])
  }

  @Test func tryRunsAnExampleOfTheLastHelp() {
    let session = session()
    #expect(told(session, "try 1")[0].contains("no example"))
    let help = told(session, "help filter")[0]
    #expect(help.contains("  1  table ") && help.contains("  2  table "))
    // The examples of filter count one row each.
    #expect(told(session, "try 2").last == "1")
    #expect(told(session, "try 99")[0].hasPrefix("error: the last help showed"))
    _ = told(session, "help length")
    #expect(told(session, "try 1").last == "6")
  }

  @Test func everyStepOfEveryLessonRuns() {
    let session = session(hospital: 1)
    let list = told(session, "learn")[0]
    let names = list.split(separator: "\n").dropFirst().compactMap {
      $0.split(separator: " ").first.map(String.init)
    }
    #expect(names == (1...12).map(String.init))
    for name in names {
      let all = told(session, Tour.statements(name))
      #expect(!all.contains { $0.hasPrefix("error:") }, "\(name): \(all)")
      #expect(all.contains { $0.contains("step 1 of") })
      #expect(told(session, "next").last?.contains("`learn` lists") == true)
    }
    #expect(told(session, "next")[0].hasPrefix("This was the last lesson"))
    // The step behind the last of a lesson begins the next lesson.
    _ = told(session, Tour.statements("1"))
    _ = told(session, "next")
    #expect(told(session, "next")[0].contains("step 1 of"))
    #expect(told(session, "next; back; back")[0].contains("step 2 of"))
    _ = told(session, "learn charts; learn rows; next")
    #expect(told(session, "back")[0].contains("step 1 of"))
    #expect(told(self.session(), "learn 2")[0].contains("not loaded"))
  }

  @Test func stepsTellTheResultOnce() {
    let session = session()
    let lines = told(session, "set steps = on; table [{a: 1}, {a: 2}, {a: 3}] | filter a > 1")
    #expect(lines == ["step 0 source: 3 rows × 1 column", "step 1 filter: 3 → 2 rows × 1 column", "2", "3"])
  }
}
