import Columns
import Diagnostics
import Language
import Planning
import Presentation
import Scheduling
import Synchronization

/// The name and version of the program.
package enum Version {
  package static let text = "rounds 1.0"
}

/// A statement that worked, with the files that it read.
struct WorkedStatement: Sendable {
  var text: String
  var files: [String]
  /// It may give names without a step for `undo`: a parameter, or an included file of such.
  var declares = false
  /// How many steps of `undo` take it back.
  var changes = 0
  /// A saved script holds it: it is neither `undo` nor a look around.
  var isKept = true
  /// It used what `undo` took back, and would answer otherwise now.
  var isOutdated = false
}

/// What `undo` has taken back from the statements that worked.
struct TakenBack: Sendable {
  /// Where the statement stood; itself where it was taken out, and not only one of its changes.
  var place: Int
  var statement: WorkedStatement?
  /// Those that are outdated by it.
  var outdated: [Int] = []
}

/// One statement as a transcript keeps it.
package struct RecordedStatement: Sendable {
  /// A file that the statement read.
  package struct Source: Sendable, Equatable {
    package var path: String
    /// The size of the file.
    package var bytes: Int
    /// SHA-256 of the file, in hexadecimal.
    package var digest: String
  }

  /// As it was typed.
  package var text: String
  /// Its place among the statements of a transcript, from 1; nil where none is written.
  package var number: Int?
  /// It ran before the recording began: only what it makes is needed.
  package var isSetup = false
  /// How the program would have ended with it.
  package var status = ExitStatus.done
  /// Rows of the last table; nil where there was none.
  package var rows: Int?
  /// SHA-256 of all that was answered, and of what was noted of it.
  package var result = ""
  package var notes = ""
  /// SHA-256 of the lines that stand behind the statement in the file now, and of those that were written.
  package var shown = ""
  package var recordedAsShown: String?
  package var sources: [Source] = []
}

/// Writes a transcript: a Markdown document with the answers, and a script of the statements that worked.
///
/// Both grow with every statement, so that nothing is lost when the program is killed.
package final class Recorder: Sendable {
  /// Rows of a table that the document shows; the digest is of all.
  static let shownRows = 50

  /// The path of the Markdown document.
  package let document: String
  /// The path of the script beside it.
  package let script: String
  private let isClosed = Mutex(false)
  private let count: Mutex<Int>
  /// Nil only measures: nothing is written.
  private let append: (@Sendable (String, String) throws -> Void)?
  private let done: @Sendable (RecordedStatement) -> Void

  init(document: String, count: Int = 0, append: @escaping @Sendable (String, String) throws -> Void) {
    self.document = document
    script = Self.scriptPath(document)
    self.count = Mutex(count)
    self.append = append
    done = { _ in }
  }

  /// Writes nothing and hands over what it would have written of each statement.
  init(done: @escaping @Sendable (RecordedStatement) -> Void) {
    document = ""
    script = ""
    count = Mutex(0)
    append = nil
    self.done = done
  }

  /// `visit.md` has `visit.rounds` beside it.
  package static func scriptPath(_ document: String) -> String {
    (document.hasSuffix(".md") ? String(document.dropLast(3)) : document) + ".rounds"
  }

  /// How many statements were written so far.
  package var statements: Int { count.withLock { $0 } }

  /// The same recording for a session that goes on; a query that was left behind writes nothing any more.
  func handedOn() -> Recorder {
    isClosed.withLock { $0 = true }
    guard let append else { return self }
    return Recorder(document: document, count: statements, append: append)
  }

  /// Writes how many statements there were. A disk that is full now was full for the last statement, too, which said so.
  func close() {
    let wasClosed = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return isClosed
    }
    if let append, !wasClosed { try? append(document, TranscriptText.end(statements)) }
  }

  /// Writes one statement and its answers. Throws `FormatFault` where the file cannot be written.
  func write(_ statement: RecordedStatement, _ answers: [String], isForScript: Bool) throws {
    if isClosed.withLock({ $0 }) { return }
    done(statement)
    guard let append else { return }
    let number = count.withLock { count in
      count += 1
      return count
    }
    try append(document, TranscriptText.entry(statement, answers, number: number))
    if isForScript { try append(script, statement.text + "\n\n") }
  }
}

/// What a statement answered, collected while it is told.
final class Answers {
  private(set) var lines: [String] = []
  private(set) var rows: Int?
  private var digest = Digest()
  private var notes = Digest()
  private let session: Session

  init(_ session: Session) { self.session = session }

  var digests: (result: String, notes: String) { (digest.finish(), notes.finish()) }

  func add(_ outcome: Outcome) {
    switch outcome {
    case .table(let table, let told, _, let shown): add(table, told, shown)
    case .step(let line, _, _, _):
      digest.add("step \(line)\n")
      lines += [MarkdownDocument.escaped(line), ""]
    case .chart(let chart, let table):
      // The table is what was drawn; the drawing itself may be made better one day.
      digest.add("chart \(chart.kind ?? "")\n")
      measure(table)
      if chart.file == nil, let drawn = try? ChartRenderer.render(chart, table, style: ChartStyle(width: 80))
      {
        lines += TranscriptText.fenced(drawn.lines.joined(separator: "\n"))
      }
    case .notes(let told): add(told)
    case .text(let text):
      digest.add("text \(text)\n")
      lines += TranscriptText.fenced(text)
    case .message(let text):
      digest.add("message \(text)\n")
      lines += [MarkdownDocument.escaped(text), ""]
    }
  }

  func add(_ faults: [Diagnostic]) {
    for fault in faults { digest.add("error \(fault.code) \(fault.message)\n") }
    lines += TranscriptText.fenced(faults.map { "error: \($0.message)" }.joined(separator: "\n"))
  }

  private func add(_ table: Table, _ told: [Note], _ shown: Int?) {
    rows = table.rowCount
    measure(table)
    let limit = min(shown ?? Recorder.shownRows, Recorder.shownRows)
    lines += MarkdownDocument.lines(table.rowCount > limit ? table.prefix(limit) : table)
    let size = "\(counted(table.rowCount, "row")) × \(counted(table.columnCount, "column"))"
    lines += ["", table.rowCount > limit ? "The first \(grouped(limit)) of \(size)." : "\(size).", ""]
    add(told)
  }

  private func add(_ told: [Note]) {
    for note in told where !note.isOfKept {
      notes.add("\(note.kind.rawValue) \(note.message)\n")
      lines += ["> \(MarkdownDocument.escaped(note.message))", ""]
    }
  }

  private func measure(_ table: Table) {
    for field in table.schema.fields { digest.add("\(field.name)\u{0}\(field.type.name)\u{0}") }
    guard let format = session.catalogue.outputs.first(where: { $0.name == "ndjson" }) else { return }
    try? format.write([WrittenResult(table)]) { digest.add($0) }
  }
}

extension Session {
  /// Runs a statement, and writes it down where a recording is on.
  func runAndRecord(_ statement: Statement, _ script: Script, _ run: (Statement) -> ExitStatus) -> ExitStatus
  {
    _ = opening.takeUsedFiles()
    let row = StatementTable.row(for: statement, environment(runs: false))
    let text = script.text(of: statement)
    // What was typed is nobody's data, and another run has another history.
    let isHistory = statement.head.word?.text.lowercased() == "history" && bindings["history"] == nil
    let recorder = row?.name == "record" || isHistory || isLeftOut ? nil : recorder
    let answers = Answers(self)
    let told = tell
    if recorder != nil {
      tell = { outcome in
        told(outcome)
        answers.add(outcome)
      }
    }
    let before = changes
    let status = run(statement)
    tell = told
    let files = opening.takeUsedFiles()
    let isForScript = status == .done && !isHistory && (row.map { $0.isScriptWord } ?? true)
    if isForScript, !isLeftOut {
      let isKept = row.map { !$0.isShellWord && !["explain", "tables", "steps"].contains($0.name) } ?? true
      worked.append(
        WorkedStatement(
          text: text, files: files, declares: row?.name == "param" || row?.name == "include",
          changes: changes - before, isKept: isKept))
    }
    guard let recorder, !wantsToLeave else { return status }
    if status == .failed || status == .assertion { answers.add(lastDiagnostics) }
    record(text, status, answers, files, isForScript, recorder)
    return status
  }

  /// Writes down a text that was refused before any of it ran.
  func record(refused text: String, _ faults: [Diagnostic]) {
    guard let recorder, !isLeftOut else { return }
    let answers = Answers(self)
    answers.add(faults)
    record(text.trimmingBlanks, .failed, answers, [], false, recorder)
  }

  private func record(
    _ text: String, _ status: ExitStatus, _ answers: Answers, _ files: [String], _ isForScript: Bool,
    _ recorder: Recorder
  ) {
    var entry = RecordedStatement(text: text)
    entry.status = status
    entry.rows = answers.rows
    (entry.result, entry.notes) = answers.digests
    entry.sources = sources(files)
    do {
      try recorder.write(entry, answers.lines, isForScript: isForScript)
    } catch {
      self.recorder = nil
      tell(.message("the recording has ended: \(Faults.diagnostic(error, at: nil).message)"))
    }
  }

  /// Length and digest of files; one that cannot be read has none.
  func sources(_ files: [String]) -> [RecordedStatement.Source] {
    files.map { path in
      let known = try? FileAccess.digest(path) { try cancellation.check() }
      return RecordedStatement.Source(path: path, bytes: known?.bytes ?? 0, digest: known?.digest ?? "none")
    }
  }
}

extension Script {
  /// The text of a statement; of the only one, with the comments around it.
  func text(of statement: Statement) -> String {
    (statements.count == 1 ? source.text : source[statement.range]).trimmingBlanks
  }
}

extension StatementRow {
  /// Whether a saved script keeps it. `undo` and `redo` change what comes after them.
  var isScriptWord: Bool { !isShellWord || name == "undo" || name == "redo" }
}
