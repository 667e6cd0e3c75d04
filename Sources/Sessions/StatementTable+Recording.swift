import Columns
import Diagnostics
import Execution
import Glibc
import Language
import Planning
import Synchronization

/// A line of the history, as `history | …` shows it.
package struct HistoryLine: Sendable {
  /// The statement as it was typed.
  package var text: String
  /// Local time, microseconds since 1970-01-01T00:00; nil where it is not known.
  package var time: Int64?

  package init(_ text: String, time: Int64?) {
    self.text = text
    self.time = time
  }
}

/// Statements that keep what was asked.
extension StatementRow {
  static let record = StatementRow(
    "record",
    "writes a transcript from here on, with results, and a script without them beside it; a line that begins with a space is left out",
    forms: ["record \"visit.md\" [replace]", "record off"], isShellWord: true,
    check: { statement, _, source in
      if statement.words(in: source).isEmpty { return [] }
      if let fault = statement.fileFault(source, "such as record \"visit.md\"") { return [fault] }
      return []
    },
    run: { statement, session, source in
      let (path, mayReplace) = statement.file(in: source)
      switch path {
      case "":
        session.tell(
          .message(
            session.recorder.map { "recording to \($0.document); `record off` ends it" }
              ?? "nothing is recorded; record \"visit.md\" begins"))
      case "off": session.endRecording()
      default: try session.beginRecording(path, mayReplace: mayReplace, from: source.name)
      }
    })

  static let save = StatementRow(
    "save", "keeps the statements of this run that worked, as a script",
    forms: ["save script \"x.rounds\" [replace]"], isShellWord: true,
    check: { statement, _, source in
      guard statement.head.groups.first?.bareWord?.text.lowercased() == "script" else {
        return [
          Diagnostic(
            "save", "`save` stands behind a table", at: statement.range,
            help: [
              "such as last | save \"out.csv\"", "save script \"x.rounds\" keeps the statements of this run",
            ])
        ]
      }
      return statement.fileFault(source, "such as save script \"x.rounds\"").map { [$0] } ?? []
    },
    run: { statement, session, source in
      let (path, mayReplace) = statement.file(in: source)
      let (kept, left) = session.replayable
      var text = session.scriptText(kept)
      do {
        try session.writeFile(path, mayReplace) { emit in try text.withUTF8 { try emit($0.span) } }
      } catch var fault as FormatFault {
        // The advice of `save` is about tables.
        fault.help = fault.help.map { $0.replacing("save \"", with: "save script \"") }
        throw fault
      }
      let told =
        left == 0
        ? ""
        : "; \(counted(left, "statement")) left out: what \(left == 1 ? "it needs" : "they need") is not there any more"
      session.tell(.message("saved \(counted(kept.count, "statement")) to \(path)\(told)"))
    })

  static let history = StatementRow(
    "history", "shows what was typed; a table of it where stages follow",
    forms: ["history", "history text", "history | filter statement like \"%count%\" | take -10"],
    isShellWord: true,
    check: { statement, checker, _ in
      if checker.session.history != nil, statement.stages.isEmpty { return [] }
      return [Diagnostic("history", "only the shell keeps a history", at: statement.range)]
    },
    run: { _, session, _ in
      guard let lines = session.history else { return }
      session.tell(.table(HistoryTable.table(lines), notes: [], hasTotals: false, rows: nil))
    })
}

extension Statement {
  /// What stands behind the first word, as it is written.
  fileprivate func words(in source: SourceText) -> String {
    let start = head.word?.range.upper ?? range.lower
    return source[SourceRange(start, max(range.upper, start))].trimmingBlanks
  }

  /// The file of `record FILE [replace]` and `save script FILE [replace]`, with or without quotes.
  fileprivate func file(in source: SourceText) -> (path: String, mayReplace: Bool) {
    var text = words(in: source)
    if text.lowercased().hasPrefix("script") { text = String(text.dropFirst(6)).trimmingBlanks }
    var mayReplace = false
    if text.hasSuffix(" replace") {
      mayReplace = true
      text = String(text.dropLast(8)).trimmingBlanks
    }
    return (text.trimmingQuotes, mayReplace)
  }

  fileprivate func fileFault(_ source: SourceText, _ example: String) -> Diagnostic? {
    let path = file(in: source).path
    if !path.isEmpty, stages.isEmpty, !path.contains("\"") { return nil }
    return Diagnostic("file-wanted", "a file name in quotes belongs here", at: range, help: [example])
  }
}

extension Session {
  /// - Parameter origin: the text that says `record`: a script must not be written over by its own recording.
  func beginRecording(_ path: String, mayReplace: Bool, from origin: String) throws {
    let script = Recorder.scriptPath(path)
    for file in [path, script] where Paths.isSame(file, origin) {
      throw FormatFault(
        file: path, "the recording would be written over \(origin), which runs now",
        help: ["a recording writes a script beside the document: take another name"])
    }
    // Neither is touched before it is known that both may be written.
    if !mayReplace, let fault = Self.occupied(path, script) { throw fault }
    endRecording()
    let day = ValueText.plain(.datetime(now / 60_000_000 * 60_000_000, offset: nil)).prefix(10)
    let isNew = !Paths.exists(Paths.expandingHome(path))
    var head = TranscriptText.head(self, document: path, day: String(day))
    try writeFile(path, true) { emit in try head.withUTF8 { try emit($0.span) } }
    do {
      var head = TranscriptText.scriptHead(self, document: path, day: String(day))
      try writeFile(script, true) { emit in try head.withUTF8 { try emit($0.span) } }
    } catch {
      if isNew { unlink(Paths.expandingHome(path)) }
      throw error
    }
    let recorder = Recorder(document: path) { try FileAccess.append($0, $1) }
    // What was said before may be needed by what comes.
    for statement in foundation {
      var entry = RecordedStatement(text: statement.text)
      entry.isSetup = true
      entry.sources = sources(statement.files)
      try recorder.write(entry, [], isForScript: true)
    }
    self.recorder = recorder
    redoFloor = redoStates.count
    let earlier =
      recorder.statements == 0
      ? ""
      : "; it begins with \(counted(recorder.statements, "earlier statement")), which what follows may need"
    tell(.message("recording to \(path) and \(recorder.script); `record off` ends it\(earlier)"))
  }

  /// The fault where the transcript or its script would be written over, with a name that is free.
  private static func occupied(_ path: String, _ script: String) -> FormatFault? {
    func exists(_ file: String) -> Bool { Paths.exists(Paths.expandingHome(file)) }
    guard exists(path) || exists(script) else { return nil }
    let base = path.hasSuffix(".md") ? String(path.dropLast(3)) : path
    let free = (2...999).lazy.map { "\(base)-\($0).md" }.first {
      !exists($0) && !exists(Recorder.scriptPath($0))
    }
    let other = "take another name: record \"\(free ?? "other.md")\""
    if exists(path) {
      return FormatFault(
        file: path, "this file exists already",
        help: ["add `replace` to write over it and \(script): record \"\(path)\" replace", other])
    }
    return FormatFault(
      file: script, "this file exists already, and the recording writes its script there",
      help: [other, "`replace` would write over the script that \(script) holds: record \"\(path)\" replace"])
  }

  /// Ends a recording, so that its document says how many statements it holds.
  package func closeRecording() {
    recorder?.close()
    recorder = nil
    redoFloor = 0
  }

  func endRecording() {
    guard let recorder else { return }
    closeRecording()
    tell(
      .message(
        "recorded \(counted(recorder.statements, "statement")) in \(recorder.document) and \(recorder.script)"
      ))
  }

  /// Statements as a script.
  func scriptText(_ kept: [WorkedStatement]) -> String {
    let demo = options.hospitalScale == nil ? "" : "# Runs on the built-in hospital: rounds run --demo FILE\n"
    return "#!/usr/bin/env rounds\n" + demo + "\n"
      + kept.map { Self.mayRunAgain($0.text) + "\n" }.joined(separator: "\n")
  }

  /// A statement whose files may be there when it runs again: `save "x.csv"` says `replace` in a script.
  private static func mayRunAgain(_ text: String) -> String {
    let stages = Parser.parse(SourceText(text, name: "statement")).statements.flatMap(\.stages)
    var bytes = Array(text.utf8)
    for stage in stages.reversed() where stage.word?.text.lowercased() == "save" {
      let says = stage.groups.contains { $0.bareWord?.text.lowercased() == "replace" }
      if says || stage.range.upper > bytes.count { continue }
      bytes.insert(contentsOf: " replace".utf8, at: stage.range.upper)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The names that statements see: those that were given, and `history` where there is one.
  var bindingsWithHistory: [String: Binding] {
    guard let history, bindings["history"] == nil else { return bindings }
    var all = bindings
    all["history"] = .table(HistoryTable(history))
    return all
  }
}

/// The history as a table, made when it is read.
final class HistoryTable: TableSource {
  private let lines: [HistoryLine]
  private let made = Mutex<MemorySource?>(nil)
  let name = "history"
  let schema = Schema([Field("number", .int), Field("time", .datetime), Field("statement", .text)])

  init(_ lines: [HistoryLine]) { self.lines = lines }

  static func table(_ lines: [HistoryLine]) -> Table {
    Table([
      ("number", Column(lines.indices.map { .int(Int64($0 + 1)) }, type: .int)),
      ("time", Column(lines.map { $0.time.map { .datetime($0, offset: nil) } ?? .missing }, type: .datetime)),
      ("statement", Column(lines.map { .text($0.text) }, type: .text)),
    ])
  }

  private var memory: MemorySource {
    made.withLock { made in
      if let made { return made }
      let source = MemorySource(Self.table(lines), name: name)
      made = source
      return source
    }
  }

  var knownRowCount: Int? { lines.count }
  var tableInMemory: Table? { memory.table }
  func scan(columns: [Int], environment: ScanEnvironment) throws -> any TableScan {
    memory.scan(columns: columns, environment: environment)
  }
}
