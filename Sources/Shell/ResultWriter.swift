import Columns
import Diagnostics
import Glibc
import Language
import Planning
import Presentation
import Sessions

/// Writes outcomes to standard output or a file, and what is said of them to standard error where the output is for
/// programs.
final class ResultWriter {
  /// Rows that `steps on` shows of each stage.
  static let stepRows = 3

  private let request: RunRequest
  private let format: OutputFormat?
  private let session: Session
  private var collected: [UInt8] = []
  /// Results of a format that makes one document of them all.
  private var results: [WrittenResult] = []
  private var broken = false
  private var hasLostOutput = false
  /// Tables written one behind the other in a format whose files hold one.
  private var written = 0
  private let isTerminal = isatty(STDOUT_FILENO) != 0

  init(_ request: RunRequest, format: OutputFormat?, session: Session) {
    self.request = request
    self.format = format
    self.session = session
  }

  /// The format where the output is results alone, one document or data: what is said besides goes to standard error.
  private var resultsOnly: OutputFormat? { format?.name == "table" ? nil : format }
  private var hasColor: Bool {
    isTerminal && request.output == nil && (request.color ?? Console.wantsColor)
      && environmentValue("TERM") != "dumb"
  }

  func write(_ outcome: Outcome) {
    switch outcome {
    case .table(let table, let notes, let hasTotals, let rows): write(table, notes, hasTotals, rows)
    case .step(let line, let table, let notes, let hasTotals):
      if resultsOnly != nil { return say(session.words(visible(line))) }
      put(session.words(visible(line)) + "\n")
      if let table { write(table, notes, hasTotals, Self.stepRows) }
    case .chart(let chart, let table):
      if chart.file != nil { return }
      guard let format = resultsOnly else { return write(chart, table) }
      if format.holdsPictures { return draw(chart, table) }
      if !format.isMachine, !request.isQuiet {
        say("\(format.name) holds tables, not this chart: chart … to \"x.svg\" draws it into a file")
      }
    case .notes(let notes):
      if request.isQuiet { return }
      let lines = NoteLines.render(notes, style: style(rows: nil))
      if lines.isEmpty { return }
      say(lines.joined(separator: "\n"))
    case .text(let text):
      guard let format = resultsOnly, !format.isMachine else { return say(session.words(visibleLines(text))) }
      // A document for people has it between its results.
      let said = WrittenResult(texts: [text])
      if format.isOneDocument { results.append(said) } else { write([said], format) }
    case .message(let text):
      if !request.isQuiet { say(session.words(visible(text))) }
    }
  }

  /// Puts a chart among the results of a document.
  private func draw(_ chart: ChartSpecification, _ table: Table) {
    do {
      let drawn = try ChartRenderer.renderSVG(chart, table)
      results.append(WrittenResult(picture: drawn.text))
    } catch {
      fail([Faults.diagnostic(error, at: nil)])
      broken = true
    }
  }

  /// Puts a text among the results, or on standard error where the output is for them alone.
  private func say(_ text: String) {
    if resultsOnly != nil { Console.error(text) } else { put(text + "\n") }
  }

  private func write(_ table: Table, _ notes: [Note], _ hasTotals: Bool, _ rows: Int?) {
    if let format = resultsOnly {
      var notes = notes + format.losses(table)
      if format.isMachine, hasTotals, table.rowCount > 1, let key = table.schema.fields.first {
        let change = key.type == .text ? "" : ", and `\(key.name)` is text in all rows for its mark"
        notes.append(Note(.fact, "the last row stands for all rows together\(change)"))
      }
      if format.holdsPictures, rows == 0 {
        // The rows themselves are drawn.
        let size = "\(counted(table.rowCount, "row")) × \(counted(table.columnCount, "column"))"
        results.append(WrittenResult(texts: [size], notes: request.isQuiet ? [] : notes))
        return
      }
      let result = WrittenResult(
        table, notes: request.isQuiet ? [] : notes, hasTotals: hasTotals, workers: session.workers)
      if format.isOneDocument { results.append(result) } else { write([result], format) }
      written += 1
      if written == 2, format.isMachine, !format.isOneDocument, !request.isQuiet {
        Console.error(
          "several results stand one behind the other in this \(format.name): who reads it must know where the next begins; `save` writes each into a file of its own"
        )
      }
      if !request.isQuiet, !format.holdsNotes {
        let lines = NoteLines.render(notes, style: TableStyle(notes: style(rows: nil).notes))
        if !lines.isEmpty { Console.error(lines.joined(separator: "\n")) }
      }
      return
    }
    var style = style(rows: rows)
    style.markTotalRow = hasTotals
    do throws(OutputLost) {
      try TableRenderer(style: style).write(table, notes: request.isQuiet ? [] : notes) {
        (line) throws(OutputLost) in
        collected += Array(line.utf8)
        collected.append(0x0A)
        try flushInBetween()
      }
    } catch {}
    if request.output == nil { flush() }
  }

  /// Nobody reads the output any more, and the rest of a result need not be made.
  private struct OutputLost: Error {}

  /// Writes what there is of a large result, which need not be there as a whole.
  private func flushInBetween() throws(OutputLost) {
    guard request.output == nil, collected.count > 1 << 20 else { return }
    flush()
    if hasLostOutput { throw OutputLost() }
  }

  private func write(_ results: [WrittenResult], _ format: OutputFormat) {
    do {
      try format.write(results) { span in
        FileAccess.append(span, to: &collected)
        // What goes to a terminal is made harmless as a whole.
        if !isTerminal { try flushInBetween() }
      }
    } catch is OutputLost {
    } catch {
      fail([Faults.diagnostic(error, at: nil)])
      broken = true
    }
    if request.output == nil {
      if isTerminal { collected = Self.harmless(collected) }
      flush()
    }
  }

  /// Data on its way to a terminal: what would steer it is made visible, and the tabs between cells stay.
  private static func harmless(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x09 }) { return bytes }
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    let shown = lines.map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map { visible(String($0)) }
        .joined(separator: "\t")
    }
    return Array(shown.joined(separator: "\n").utf8)
  }

  private func write(_ chart: ChartSpecification, _ table: Table) {
    let width = chosenWidth ?? (isTerminal ? TerminalSize.current().columns : 80)
    do {
      let drawn = try ChartRenderer.render(
        chart, table,
        style: ChartStyle(width: width, color: hasColor, ascii: session.isOn("ascii"), theme: session.theme))
      put(drawn.lines.joined(separator: "\n") + "\n")
    } catch {
      fail([Faults.diagnostic(error, at: nil)])
      broken = true
    }
  }

  /// What `set width` says, then the command line.
  private var chosenWidth: Int? { session.chosenWidth ?? request.width }

  private func style(rows: Int?) -> TableStyle {
    OutputStyle.table(
      session,
      width: chosenWidth ?? (isTerminal && request.output == nil ? TerminalSize.current().columns : nil),
      rows: rows ?? (isTerminal && request.output == nil ? session.rowLimit : nil), color: hasColor)
  }

  func fail(_ diagnostics: [Diagnostic]) {
    Console.error(
      DiagnosticRenderer(
        color: Console.errorsHaveColor && request.color != false, ascii: session.isOn("ascii")
      ).render(diagnostics))
  }

  private func put(_ text: String) {
    collected += Array(text.utf8)
    if request.output == nil { flush() }
  }

  private func flush() {
    if !hasLostOutput, !TerminalMode.write(collected, to: STDOUT_FILENO) {
      let number = errno
      hasLostOutput = true
      broken = true
      // Whoever reads has seen enough: `| head`.
      if number == EPIPE { return collected.removeAll() }
      let reason = FileAccess.reason(number)
      fail([
        Diagnostic(
          "output", "the results cannot be written to standard output: \(reason)",
          help: ["nothing that follows is written"])
      ])
    }
    collected.removeAll(keepingCapacity: true)
  }

  /// Writes what waits for the end: the one document of all results, and the output file.
  func finish(_ status: ExitStatus) -> ExitStatus {
    if let format, format.isOneDocument, status == .done || !results.isEmpty { write(results, format) }
    let status = broken && status == .done ? .failed : status
    guard let path = request.output else { return status }
    // What a run that failed has made is no result: the file of the run before stays.
    guard status == .done else { return status }
    do {
      let bytes = Buffer(collected)
      try FileAccess.write(path, true) { emit in try emit(bytes.span) }
    } catch {
      fail([Faults.diagnostic(error, at: nil)])
      return .failed
    }
    return status
  }
}

/// Text that a person sees: control characters made visible, line ends kept.
func visibleLines(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }.joined(
    separator: "\n")
}

/// The session's settings as styles.
enum OutputStyle {
  static func table(_ session: Session, width: Int?, rows: Int?, color: Bool) -> TableStyle {
    TableStyle(
      width: width, maxRows: rows, color: color, ascii: session.isOn("ascii"), theme: session.theme,
      notes: session.notesMode)
  }
}

extension Session {
  /// The columns of the screen where `set width` gives them.
  var chosenWidth: Int? {
    if case .int(let columns)? = settings["width"], columns > 0 { Int(columns) } else { nil }
  }

  /// What Rounds says, in ASCII where `set ascii = on` asks for it.
  func words(_ text: String) -> String { PlainSigns.written(text, ascii: isOn("ascii")) }

  var theme: Theme { settings["theme"] == .text("light") ? .light : .dark }

  var notesMode: NotesMode {
    if case .text(let text)? = settings["notes"], let mode = NotesMode(rawValue: text) { mode } else { .full }
  }

  static let usualRowLimit: Int = {
    let setting = Catalogue.rounds.settings.first { $0.name == "rows" }
    if case .int(let rows)? = setting?.defaultValue { return Int(rows) } else { return .max }
  }()

  /// Rows that a result shows on a terminal.
  var rowLimit: Int {
    if case .int(let rows)? = settings["rows"] { Int(rows) } else { Self.usualRowLimit }
  }
}

/// Diagnostics for editors.
enum DiagnosticJSON {
  static func text(_ diagnostics: [Diagnostic]) -> String {
    "[" + diagnostics.map(one).joined(separator: ",\n ") + "]"
  }

  private static func one(_ diagnostic: Diagnostic) -> String {
    var fields: [String] = []
    if let source = diagnostic.source { fields.append("\"file\": \(quoted(source.name))") }
    if let source = diagnostic.source, let range = diagnostic.range {
      let start = source.position(of: range.lower)
      let end = source.position(of: range.upper)
      fields.append(
        "\"line\": \(start.line), \"column\": \(start.column), \"endLine\": \(end.line), \"endColumn\": \(end.column), \"start\": \(range.lower), \"end\": \(range.upper)"
      )
    }
    fields.append(
      "\"severity\": \(quoted(diagnostic.severity.rawValue)), \"code\": \(quoted(diagnostic.code))")
    fields.append("\"message\": \(quoted(diagnostic.message))")
    fields.append("\"help\": [\(diagnostic.help.map(quoted).joined(separator: ", "))]")
    if let fix = diagnostic.fix {
      fields.append(
        "\"fix\": {\"start\": \(fix.range.lower), \"end\": \(fix.range.upper), \"replacement\": \(quoted(fix.replacement))}"
      )
    }
    return "{" + fields.joined(separator: ", ") + "}"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default:
        if scalar.value < 0x20 {
          let hex = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

/// The parameters of a script, for `rounds run FILE --help`.
enum ScriptHelp {
  /// Names in the order of the script and of the files that it includes.
  static func parameterNames(_ source: SourceText, _ session: Session) -> [String] {
    items(source, session).compactMap { $0.item.names.first?.text }
  }

  private static func items(_ source: SourceText, _ session: Session) -> [(item: Item, help: String?)] {
    session.statements(of: source).compactMap { statement in
      guard statement.head.word?.text == "param", let item = statement.head.groups.first?.items.first else {
        return nil
      }
      var help: String?
      if let text = statement.head.groups.dropFirst().first?.items.first,
        case .text(let given) = text.value.kind
      {
        help = given
      }
      return (item, help)
    }
  }

  static func text(_ source: SourceText, _ session: Session) -> String {
    let parameters = items(source, session)
    var lines = ["usage: rounds run \(visible(source.name)) [--set name=value …]", ""]
    // The comment at the top of a script says what it is for.
    for line in source.text.split(separator: "\n", omittingEmptySubsequences: false).prefix(20) {
      guard line.hasPrefix("#") else { break }
      if !line.hasPrefix("#!") { lines.append(String(line.drop { $0 == "#" || $0 == " " })) }
    }
    if parameters.isEmpty { return (lines + ["no parameters"]).joined(separator: "\n") }
    lines += ["", "parameters:"]
    for (item, help) in parameters {
      let name = item.names.first?.text ?? ""
      let type = (item.type?.text ?? typeName(item.value)).map { ": \($0)" } ?? ""
      // A list has its type from its values and declares none: how it is given says it all.
      var given = ""
      if case .list(let values) = item.value.kind, item.type == nil {
        let words = values.map { value in
          if case .text(let text) = value.kind { text } else { ExpressionText.of(value) }
        }
        given = "    a list: --set \(name)=\(words.isEmpty ? "a,b" : words.joined(separator: ","))"
      }
      lines.append(
        "  \(name)\(given.isEmpty ? type : "")\(item.isRequired ? "    required" : " = " + ExpressionText.of(item.value))\(given)"
          + (help.map { "    \($0)" } ?? ""))
    }
    return lines.joined(separator: "\n")
  }

  /// The type of a default that is written out.
  private static func typeName(_ value: Expression) -> String? {
    switch value.kind {
    case .int: "int"
    case .float, .percent: "float"
    case .bool: "bool"
    case .text: "text"
    case .date: "date"
    case .datetime: "datetime"
    case .duration: "duration"
    default: nil
    }
  }
}
