import Columns
import Diagnostics

/// A table as lines, in the pieces that a pager keeps apart: it holds the header while the body scrolls.
package struct RenderedTable: Sendable {
  /// A column that is shown, and where it stands in a line, in terminal columns.
  package struct Place: Sendable, Equatable {
    package var name: String
    package var start: Int
    package var width: Int
  }

  /// The names and the rule below them; empty where one row is shown as a list, or no row at all.
  package var header: [String]
  /// A line a row, with the rule above a total and a line for rows that are hidden.
  package var body: [String]
  /// What is hidden, the size, the marks that occur.
  package var footer: [String]
  /// The notes below the footer, in lines.
  package var notes: [String]
  /// The columns that are shown, from the left; empty where a single row is shown as a list.
  package var places: [Place]
  /// How many rows are not in the body.
  package var hiddenRows: Int
  /// Names of columns that do not fit.
  package var hiddenColumns: [String]
  /// True where text was shortened to fit.
  package var isShortened: Bool

  /// All lines from top to bottom, without their ends.
  package var lines: [String] { header + body + footer + notes }
}

/// Draws tables for people.
package struct TableRenderer: Sendable {
  package var style: TableStyle

  package init(style: TableStyle = TableStyle()) { self.style = style }

  /// The table with its footer and notes, each line ended.
  package func render(_ table: Table, notes: [Note] = []) -> String {
    rendered(table, notes: notes).lines.map { $0 + "\n" }.joined()
  }

  /// The same in pieces.
  package func rendered(_ table: Table, notes: [Note] = []) -> RenderedTable {
    var body: [String] = []
    var result = drawn(table, notes: notes) { _ in
    } row: {
      body.append($0)
    }
    result.body = body
    return result
  }

  /// The same line by line, without ends: a large table is never there as text.
  package func write<Failure: Error>(
    _ table: Table, notes: [Note] = [], to put: (String) throws(Failure) -> Void
  ) throws(Failure) {
    let result = try drawn(table, notes: notes) { (header) throws(Failure) in
      for line in header { try put(line) }
    } row: { (line) throws(Failure) in
      try put(line)
    }
    for line in result.footer + result.notes { try put(line) }
  }

  /// Hands over the header, then the lines of the body one by one; the result has all but the body.
  private func drawn<Failure: Error>(
    _ table: Table, notes: [Note], header: ([String]) throws(Failure) -> Void,
    row put: (String) throws(Failure) -> Void
  ) throws(Failure) -> RenderedTable {
    let rows = table.rowCount
    if style.maxRows == 0 {
      var result = RenderedTable(
        header: [], body: [], footer: [], notes: NoteLines.render(notes.filter { !$0.isTold }, style: style),
        places: [],
        hiddenRows: rows, hiddenColumns: [], isShortened: false)
      result.footer = footer(table, rows, result, anyMissing: false)
      return result
    }
    let (shown, hasTotal) = shownRows(table, rows)
    let layout = TableLayout(shown, hasTotal: hasTotal, style: style)
    var result: RenderedTable
    if rows == 1, table.columnCount > 1, style.width != nil, !layout.hidden.isEmpty || layout.isShortened {
      result = record(table)
      for line in result.body { try put(line) }
    } else {
      result = grid(layout, hidden: rows - shown.rowCount)
      try header(result.header)
      try body(layout, rows: shown.rowCount, hidden: rows - shown.rowCount, hasTotal: hasTotal, put)
    }
    let hasMark = layout.columns.contains { $0.missing > 0 }
    result.footer = footer(table, rows, result, anyMissing: hasMark || (rows == 1 && anyMissing(shown)))
    result.notes = NoteLines.render(notes.filter { !$0.isTold }, style: style)
    return result
  }

  /// The rows that are shown, and whether the last of them is a total.
  private func shownRows(_ table: Table, _ rows: Int) -> (shown: Table, hasTotal: Bool) {
    let hasTotal = style.markTotalRow && rows > 0
    guard let limit = style.maxRows, rows > limit + (hasTotal ? 1 : 0) else { return (table, hasTotal) }
    var shown = table.prefix(limit)
    if hasTotal, let last = table.segments.last(where: { $0.count > 0 }) {
      shown.segments.append(last.slice(last.count - 1..<last.count))
    }
    return (shown, hasTotal)
  }

  private func anyMissing(_ table: Table) -> Bool {
    table.segments.contains { segment in segment.columns.contains { $0.missingCount > 0 } }
  }

  // MARK: Rows below each other

  private func body<Failure: Error>(
    _ layout: TableLayout, rows: Int, hidden: Int, hasTotal: Bool, _ put: (String) throws(Failure) -> Void
  ) throws(Failure) {
    let columns = layout.columns
    let more = !layout.hidden.isEmpty
    for row in 0..<rows {
      let isTotal = hasTotal && row == rows - 1
      if isTotal {
        if hidden > 0 { try put(style.paint.dim(moreRows(hidden))) }
        // Where nothing is left above it, the rule of the header is its own.
        if row > 0 { try put(style.paint.dim(line(rules(columns), more ? style.rule : nil))) }
      }
      let cells = columns.map { column in
        let (own, isKnown) = column.cell(row)
        let text = cell(own, column)
        if !isKnown { return style.paint.dim(text) }
        return isTotal ? style.paint.bold(text) : text
      }
      try put(line(cells, more ? style.ellipsis : nil))
    }
    if hidden > 0, !hasTotal { try put(style.paint.dim(moreRows(hidden))) }
  }

  private func rules(_ columns: [LaidColumn]) -> [String] {
    columns.map { String(repeating: style.rule, count: $0.width) }
  }

  /// What stands above the rows.
  private func grid(_ layout: TableLayout, hidden: Int) -> RenderedTable {
    let columns = layout.columns
    let more = !layout.hidden.isEmpty
    let names = columns.map { cell($0.name, $0) }
    var start = 0
    let places = columns.map { column in
      defer { start += column.width + TableLayout.gap }
      return RenderedTable.Place(name: column.name, start: start, width: column.width)
    }
    let header =
      columns.isEmpty
      ? []
      : [
        line(names.map(style.paint.bold), more ? style.ellipsis : nil),
        style.paint.dim(line(rules(columns), more ? style.rule : nil)),
      ]
    return RenderedTable(
      header: header, body: [], footer: [], notes: [], places: places, hiddenRows: hidden,
      hiddenColumns: layout.hidden, isShortened: layout.isShortened)
  }

  private func moreRows(_ hidden: Int) -> String {
    let way = style.width == nil ? "" : " (| show all)"
    let text = "\(style.ellipsis) \(grouped(hidden)) more \(hidden == 1 ? "row" : "rows")\(way)"
    return style.width.map { Fitting.shorten(text, $0, style.ellipsis) } ?? text
  }

  private func cell(_ text: String, _ column: LaidColumn) -> String {
    Fitting.fit(text, column.width, column.alignment, style.ellipsis)
  }

  private func line(_ cells: [String], _ more: String?) -> String {
    var line = cells.joined(separator: Fitting.blanks(TableLayout.gap))
    if let more { line += Fitting.blanks(TableLayout.gap) + more }
    let blanks = line.utf8.reversed().prefix { $0 == 0x20 }.count
    if blanks > 0 { line.removeLast(blanks) }
    return line
  }

  // MARK: One row as a list of its columns

  private func record(_ table: Table) -> RenderedTable {
    let names = table.schema.names.map(visible)
    let width = style.width ?? Int.max
    let widest = names.reduce(0) { max($0, DisplayWidth.of($1)) }
    let left = max(1, min(widest, width / 2 - TableLayout.gap))
    let right = max(1, width - left - TableLayout.gap)
    var body: [String] = []
    for (index, value) in table.row(0).enumerated() {
      let column = table.column(index)
      let format = CellFormat(column, name: table.schema[index].name, missingMark: style.missingMark)
      let name = Fitting.pad(Fitting.shorten(names[index], left, style.ellipsis), left, .left)
      for (number, part) in WordWrap.lines(format.text(value), right).enumerated() {
        let head = number == 0 ? style.paint.bold(name) : Fitting.blanks(left)
        let text = value.isMissing ? style.paint.dim(part) : part
        body.append(head + Fitting.blanks(TableLayout.gap) + text)
      }
    }
    return RenderedTable(
      header: [], body: body, footer: [], notes: [], places: [], hiddenRows: 0, hiddenColumns: [],
      isShortened: widest > left)
  }

  // MARK: Below the table

  private func footer(_ table: Table, _ rows: Int, _ result: RenderedTable, anyMissing: Bool) -> [String] {
    var size = "\(counted(rows, "row")) \(style.times) \(counted(table.columnCount, "column"))"
    if anyMissing { size += "   \(style.missingMark) missing" }
    if result.isShortened { size += "   \(style.ellipsis) shortened" }
    var texts = [size]
    if !result.hiddenColumns.isEmpty {
      let names = result.hiddenColumns.joined(separator: ", ")
      let fit = result.hiddenColumns.count == 1 ? "does not fit and is" : "do not fit and are"
      texts.append("\(counted(result.hiddenColumns.count, "column")) \(fit) hidden: \(names)")
    }
    return texts.flatMap { text in style.width.map { WordWrap.lines(text, $0, indent: 2) } ?? [text] }
      .map(style.paint.dim)
  }
}
