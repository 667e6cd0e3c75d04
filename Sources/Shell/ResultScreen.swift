import Columns
import Diagnostics
import Planning
import Presentation
import Sessions

/// Shows outcomes on the shell's terminal.
struct ResultScreen {
  /// More rows than anybody scrolls through; files take all.
  private static let pagerRows = 50_000

  private let session: Session
  private let request: RunRequest
  private let isRich = TerminalKind.detect() == .rich

  init(_ session: Session, _ request: RunRequest) {
    self.session = session
    self.request = request
  }

  private var hasColor: Bool { isRich && (request.color ?? true) && Console.wantsColor }

  /// Columns to draw in: what `set width` says, then the command line, then the terminal.
  private var width: Int { session.chosenWidth ?? request.width ?? TerminalSize.current().columns }

  /// Shows one outcome; false when Ctrl-C cut it short.
  func write(_ outcome: Outcome) -> Bool {
    switch outcome {
    case .table(let table, let notes, let hasTotals, let rows):
      return write(table, request.isQuiet ? [] : notes, hasTotals, rows)
    case .step(let line, let table, let notes, let hasTotals):
      return put([session.words(visible(line))])
        && (table.map { write($0, request.isQuiet ? [] : notes, hasTotals, ResultWriter.stepRows) } ?? true)
    case .chart(let chart, let table): return chart.file != nil || write(chart, table)
    case .notes(let notes): return request.isQuiet || put(NoteLines.render(notes, style: style(rows: nil)))
    case .text(let text):
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return put(lines.flatMap { WordWrap.hanging(session.words(visible(String($0))), width) })
    case .message(let text):
      return request.isQuiet || put(WordWrap.hanging(session.words(visible(text)), width))
    }
  }

  func fail(_ diagnostics: [Diagnostic]) {
    let color = Console.errorsHaveColor && request.color != false
    Console.error(
      DiagnosticRenderer(color: color, columns: TerminalSize.current().columns, ascii: session.isOn("ascii"))
        .render(diagnostics))
  }

  private func style(rows: Int?) -> TableStyle {
    OutputStyle.table(session, width: width, rows: rows, color: hasColor)
  }

  private func put(_ lines: [String]) -> Bool {
    lines.isEmpty || TerminalMode.writeInterruptibly(lines.joined(separator: "\n") + "\n")
  }

  /// No more rows than leave the header on a small screen.
  private var screenRows: Int {
    isRich ? min(Session.usualRowLimit, max(5, TerminalSize.current().rows - 9)) : session.rowLimit
  }

  private func write(_ table: Table, _ notes: [Note], _ hasTotals: Bool, _ rows: Int?) -> Bool {
    // `show 100`, or `set rows` for all results.
    let asked = rows ?? (session.rowLimit == Session.usualRowLimit ? nil : session.rowLimit)
    var style = style(rows: asked ?? screenRows)
    style.markTotalRow = hasTotals
    // Only who asked for more rows than usual gets a pager, and only when the screen cannot hold them, or all columns.
    if isRich, let asked,
      min(asked, table.rowCount) + 4 > TerminalSize.current().rows || hidesColumns(table, rows, style)
    {
      if !page(table, notes, style) { return false }
      style.maxRows = min(asked, screenRows)
    }
    return put(TableRenderer(style: style).rendered(table, notes: notes).lines)
  }

  /// `show all` means the columns too. Asked only of as many rows as the screen holds.
  private func hidesColumns(_ table: Table, _ rows: Int?, _ style: TableStyle) -> Bool {
    rows == .max && !TableRenderer(style: style).rendered(table, notes: []).hiddenColumns.isEmpty
  }

  /// All columns at their full width: the pager scrolls both ways. False when Ctrl-C came while it was drawn.
  private func page(_ table: Table, _ notes: [Note], _ style: TableStyle) -> Bool {
    var style = style
    style.width = nil
    style.maxRows = min(style.maxRows ?? .max, Self.pagerRows)
    let wanted = style
    guard let drawn = Abandonable.run({ TableRenderer(style: wanted).rendered(table) }) else { return false }
    style.width = width
    let tail = drawn.footer + NoteLines.render(notes, style: style)
    let frozen = drawn.places.count > 1 ? drawn.places[1].start : 0
    Pager.show(
      drawn.header + drawn.body + tail, headerLines: drawn.header.count, tailLines: tail.count,
      otherLines: drawn.body.count - (table.rowCount - drawn.hiddenRows), frozenColumns: frozen,
      command: environmentValue("PAGER"))
    return true
  }

  private func write(_ chart: ChartSpecification, _ table: Table) -> Bool {
    do {
      let style = ChartStyle(
        width: width, color: hasColor, ascii: session.isOn("ascii"), theme: session.theme)
      return put(try ChartRenderer.render(chart, table, style: style).lines)
    } catch {
      fail([error])
      return true
    }
  }

  /// What the editor's keys do.
  func show(_ editorKeys: [(keys: String, summary: String)]) {
    let keys = editorKeys + Pager.keys
    let gap = min(24, keys.map { DisplayWidth.of($0.keys) }.max() ?? 0) + 2
    _ = put(
      keys.flatMap { entry in
        let own = DisplayWidth.of(entry.keys)
        if own + 2 > gap, !entry.summary.isEmpty {
          let blank = String(repeating: " ", count: gap + 2)
          return ["  " + entry.keys] + WordWrap.hanging(blank + entry.summary, width)
        }
        let blank = entry.summary.isEmpty ? "" : String(repeating: " ", count: gap - own)
        return WordWrap.hanging(session.words("  " + entry.keys + blank + entry.summary), width)
      })
  }

  // MARK: History

  /// The newest entries that hold a text, oldest first.
  func show(_ history: History, _ sought: String) {
    let wanted = sought.lowercased()
    let found = history.entries.enumerated().filter {
      wanted.isEmpty || $0.element.masked.lowercased().contains(wanted)
    }
    let shown = found.suffix(max(1, session.rowLimit))
    var lines: [String] = []
    for (index, entry) in shown {
      let number = String(index + 1)
      let margin = String(repeating: " ", count: max(1, 6 - number.count)) + number + "  "
      let rows = entry.masked.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
        WordWrap.lines(visible(String($0)), max(20, width - margin.count), indent: 2)
      }
      let blank = String(repeating: " ", count: margin.count)
      lines.append(margin + rows.joined(separator: "\n" + blank))
    }
    let older = found.count - shown.count
    if older > 0 { lines.insert(session.words("… \(counted(older, "older entry", "older entries"))"), at: 0) }
    if found.isEmpty { lines = ["nothing in the history\(wanted.isEmpty ? "" : " holds this text")"] }
    _ = put(lines)
  }
}
