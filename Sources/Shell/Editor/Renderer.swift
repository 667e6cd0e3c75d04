import Diagnostics

/// Everything that is on the screen while a statement is edited.
package struct EditorView {
  package var buffer = EditBuffer()
  package var prompt = Prompt("> ")
  /// Styles of parts of the text.
  package var spans: [HighlightSpan] = []
  /// What is underlined as wrong.
  package var diagnoses: [EditorDiagnosis] = []
  /// What stands in grey behind the text and is not part of it.
  package var suggestion: [Unicode.Scalar] = []
  /// The open list of candidates; nil when none is open.
  package var menu: Menu?
  /// The line under the input.
  package var hint: String?
  /// Rows below everything else, such as a preview of the result.
  package var footer: [String] = []
  /// The footer belongs to an earlier text; it is shown faintly until the new one comes, so that nothing jumps.
  package var isFooterStale = false
  /// The line of an incremental search; nil when none is under way.
  package var search: SearchLine?
  /// The statement is about to run: the whole of it and nothing else, without a viewport.
  package var isFinal = false

  /// What is searched for, and where it was found.
  package struct SearchLine: Equatable, Sendable {
    package var label: String
    package var query: [Unicode.Scalar]
    /// Where the query is in the buffer, in unicode scalars; nil where it is not.
    package var match: Range<Int>?

    package init(label: String, query: [Unicode.Scalar], match: Range<Int>?) {
      self.label = label
      self.query = query
      self.match = match
    }
  }

  package init() {}
}

/// Rows of finished bytes, and where the cursor is among them.
package struct Frame: Equatable, Sendable {
  /// A row as it goes to the terminal.
  package struct Row: Equatable, Sendable {
    /// Text and escape sequences, without a line end.
    package var bytes: [UInt8] = []
    /// The columns that the row takes.
    package var width = 0
  }

  package var rows: [Row] = [Row()]
  /// The row of the cursor, from 0 at the top of the frame.
  package var cursorRow = 0
  /// The column of the cursor, from 0.
  package var cursorColumn = 0
  /// The columns of the screen that the frame was made for.
  package var columns = 80
  /// The first row of the statement that is shown; more than 0 when it is taller than the screen.
  package var top = 0
}

/// Makes frames of views. Pure: the same view and size give the same frame.
package struct Renderer: Sendable {
  package var theme = EditorTheme()
  package var isColoured = true
  package var isASCII = false

  package init(theme: EditorTheme = EditorTheme(), coloured: Bool = true, ascii: Bool = false) {
    self.theme = theme
    isColoured = coloured
    isASCII = ascii
  }

  static let menuRows = 10

  /// - Parameter top: the first row shown before, kept where the cursor allows it.
  package func frame(_ view: EditorView, size: TerminalSize, top: Int = 0) -> Frame {
    let columns = size.columns
    let prompt = fit(view.prompt.text, columns - 4)
    let continuation = fit(view.prompt.continuation, columns - 4)
    let suggestion = isColoured && !view.isFinal ? view.suggestion : []
    let text = view.buffer.text + suggestion
    let continuationWidth = DisplayWidth.of(continuation)
    let layout = Layout(
      text, cursor: view.buffer.cursor, columns: columns, promptWidth: DisplayWidth.of(prompt),
      continuationWidth: continuationWidth)
    let below = view.isFinal ? Below() : below(view, size, inputRows: layout.rows.count)

    let height = view.isFinal ? layout.rows.count : max(1, size.rows - below.rows.count)
    let shown = window(layout, height: height, top: top)
    var frame = Frame(rows: [], columns: columns, top: shown.lowerBound)
    let styles = styles(view, count: text.count)
    for index in shown {
      let row = layout.rows[index]
      var line = LineBuilder(isColoured: isColoured)
      switch row.lead {
      case .prompt: line.append(prompt, theme.prompt)
      case .continuation: line.append(continuation, theme.continuation, width: continuationWidth)
      case .none: break
      }
      line.append(text, row.range, styles)
      if index == 0, !view.isFinal {
        appendRight(plain(view.prompt.right), to: &line, columns: columns, used: row.width)
      }
      frame.rows.append(line.finish())
    }
    frame.cursorRow = layout.cursorRow - shown.lowerBound
    frame.cursorColumn = layout.cursorColumn
    if let column = below.cursorColumn {
      (frame.cursorRow, frame.cursorColumn) = (frame.rows.count, min(column, columns - 1))
    }
    frame.rows.append(contentsOf: below.rows)
    return frame
  }

  /// The rows of the statement that fit, the cursor's among them.
  private func window(_ layout: Layout, height: Int, top: Int) -> Range<Int> {
    let count = layout.rows.count
    guard count > height else { return 0..<count }
    var first = max(0, min(top, count - height))
    first = min(first, layout.cursorRow)
    first = max(first, layout.cursorRow - height + 1)
    return first..<(first + height)
  }

  /// The style of each scalar: highlighting, then underlines and the search match over it.
  private func styles(_ view: EditorView, count: Int) -> [TextStyle] {
    var styles = [TextStyle](repeating: .plain, count: count)
    let typed = 0..<view.buffer.text.count
    for span in view.spans {
      for index in span.range.clamped(to: typed) { styles[index] = span.style }
    }
    for diagnosis in view.diagnoses {
      for index in diagnosis.range.clamped(to: typed) { styles[index].isUnderlined = true }
    }
    if let match = view.search?.match {
      for index in match.clamped(to: typed) { styles[index] = theme.match }
    }
    for index in typed.upperBound..<count { styles[index] = theme.suggestion }
    return styles
  }

  private func appendRight(_ text: String, to line: inout LineBuilder, columns: Int, used: Int) {
    let width = DisplayWidth.of(text)
    guard !text.isEmpty, used + 2 + width < columns else { return }
    line.append(String(repeating: " ", count: columns - 1 - width - used), .plain)
    line.append(text, theme.right)
  }

  // MARK: Below the input

  private struct Below {
    var rows: [Frame.Row] = []
    var cursorColumn: Int?
  }

  /// The search line, the hint, the menu and the footer, as far as they fit; never an empty row.
  private func below(_ view: EditorView, _ size: TerminalSize, inputRows: Int) -> Below {
    var below = Below()
    // A statement that fills the screen still leaves a third of it to what is below.
    let room = max(size.rows / 3, size.rows - inputRows)
    let limit = min(room, size.rows - 1)
    guard limit > 0 else { return below }
    if let search = view.search {
      var line = LineBuilder(isColoured: isColoured)
      let label = fit(search.label, max(4, size.columns / 2))
      line.append(label, theme.hint)
      let query = tail(search.query, size.columns - DisplayWidth.of(label) - 1)
      line.append(query, .plain)
      below.cursorColumn = line.width
      below.rows.append(line.finish())
    } else if let hint = view.hint {
      below.rows.append(
        single(hint, view.diagnoses.contains { $0.message == hint } ? theme.wrong : theme.hint, size))
    }
    if var menu = view.menu {
      below.rows.append(contentsOf: rows(&menu, size, limit: limit - below.rows.count))
    } else {
      for text in view.footer.prefix(limit - below.rows.count) {
        below.rows.append(single(text, view.isFooterStale ? theme.hint : theme.preview, size))
      }
    }
    return below
  }

  private func single(_ text: String, _ style: TextStyle, _ size: TerminalSize) -> Frame.Row {
    var line = LineBuilder(isColoured: isColoured)
    line.append(fit(text, size.columns - 1), style)
    return line.finish()
  }

  private func rows(_ menu: inout Menu, _ size: TerminalSize, limit: Int) -> [Frame.Row] {
    let candidates = menu.list.candidates
    var height = min(limit, Self.menuRows)
    guard height > 0 else { return [] }
    let isCut = candidates.count > height
    if isCut, height > 1 { height -= 1 }
    let shown = menu.window(rows: height)
    let widest = candidates[shown].reduce(0) { max($0, DisplayWidth.of(visible($1.text))) }
    let textWidth = min(widest, max(4, size.columns * 2 / 3))
    var rows: [Frame.Row] = []
    for index in shown {
      let isSelected = index == menu.selection
      var line = LineBuilder(isColoured: isColoured)
      let text = fit(visible(candidates[index].text), textWidth)
      let padding = String(repeating: " ", count: max(0, textWidth - DisplayWidth.of(text)))
      // Without colour a sign marks the choice: nobody may have asked for reversed text either.
      let mark = isSelected && !isColoured ? "> " : "  "
      line.append(mark + text + padding, isSelected ? theme.menuSelected : theme.menuText)
      let room = size.columns - line.width - 3
      if room > 3, !candidates[index].detail.isEmpty {
        line.append("  ", isSelected ? theme.menuSelected : .plain)
        line.append(fit(candidates[index].detail, room), isSelected ? theme.menuSelected : theme.menuDetail)
      }
      rows.append(line.finish())
    }
    if isCut, limit > rows.count {
      let place = menu.selection.map { "\($0 + 1) of \(candidates.count)" }
      rows.append(
        single("  " + (place ?? "\(candidates.count - shown.count) more"), theme.menuDetail, size))
    }
    return rows
  }

  /// The editor's own signs in ASCII, where that is asked for.
  private func plain(_ text: String) -> String { PlainSigns.written(text, ascii: isASCII) }

  /// Text made visible and cut to a width, with an ellipsis where it was cut.
  func fit(_ text: String, _ width: Int) -> String {
    let text = plain(visible(text))
    if DisplayWidth.of(text) <= width { return text }
    let mark = isASCII ? "~" : "…"
    var result = ""
    var used = 1
    for character in text {
      used += DisplayWidth.of(character)
      if used > width { break }
      result.append(character)
    }
    return width > 0 ? result + mark : ""
  }

  /// The last part of a text that fits.
  private func tail(_ text: [Unicode.Scalar], _ width: Int) -> String {
    var text = visible(EditBuffer(text).string)
    while DisplayWidth.of(text) > max(0, width) { text.removeFirst() }
    return text
  }
}

/// Builds one row: changes of style only where the style changes.
struct LineBuilder {
  let isColoured: Bool
  private var row = Frame.Row()
  private var style = TextStyle.plain

  init(isColoured: Bool) { self.isColoured = isColoured }

  var width: Int { row.width }

  mutating func append(_ text: String, _ style: TextStyle) {
    append(text, style, width: DisplayWidth.of(text))
  }

  /// - Parameter width: the columns of the text, where they are known.
  mutating func append(_ text: String, _ style: TextStyle, width: Int) {
    guard !text.isEmpty else { return }
    use(style)
    row.bytes.append(contentsOf: text.utf8)
    row.width += width
  }

  mutating func append(_ text: [Unicode.Scalar], _ range: Range<Int>, _ styles: [TextStyle]) {
    var index = range.lowerBound
    while index < range.upperBound {
      use(styles[index])
      let (end, width) = Layout.character(text, at: index)
      if end == index + 1, (0x20...0x7E).contains(text[index].value) {
        row.bytes.append(UInt8(truncatingIfNeeded: text[index].value))
      } else if end == index + 1, Layout.isSimple(text[index]), let units = UTF8.encode(text[index]) {
        row.bytes.append(contentsOf: units)
      } else {
        row.bytes.append(contentsOf: Layout.drawn(text[index..<end]).utf8)
      }
      row.width += width
      index = end
    }
  }

  private mutating func use(_ wanted: TextStyle) {
    let wanted = isColoured ? wanted : wanted.withoutColour
    guard wanted != style else { return }
    wanted.appendSequence(to: &row.bytes)
    style = wanted
  }

  mutating func finish() -> Frame.Row {
    use(.plain)
    return row
  }
}
