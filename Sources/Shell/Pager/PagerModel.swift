import Diagnostics

/// What the pager shows and how keys change it. Pure.
package struct PagerModel {
  /// What a key led to.
  package enum Step: Sendable { case stay, leave, stop }

  private let lines: [String]
  private let headerLines: Int
  private let tailLines: Int
  private let otherLines: Int
  private let frozenColumns: Int
  private let isColoured: Bool
  private let fullWidth: Int
  /// The columns of the table as ranges of the screen's, read off the line below its header; empty for other lines.
  private let columns: [Range<Int>]
  private let cutMark: String
  package var size: TerminalSize { didSet { clamp() } }

  /// The first line below the header, and the first column after the frozen ones.
  package private(set) var top = 0
  /// In columns of the screen.
  package private(set) var left = 0
  private var query: PagerQuery?
  private var typed: String?
  private var message: String?

  /// - Parameters:
  ///   - lines: finished lines, with colour sequences and without line ends.
  ///   - headerLines: how many of them stay at the top.
  ///   - tailLines: how many at the end are no rows: they are not counted, and do not scroll sideways.
  ///   - otherLines: how many before these are no rows either, but belong to the table: the line above a total.
  ///   - frozenColumns: how many columns stay at the left.
  package init(
    _ lines: [String], headerLines: Int, tailLines: Int = 0, otherLines: Int = 0, frozenColumns: Int,
    coloured: Bool,
    size: TerminalSize
  ) {
    self.lines = lines
    self.headerLines = max(0, min(headerLines, lines.count))
    self.tailLines = max(0, min(tailLines, lines.count - self.headerLines))
    self.otherLines = max(0, min(otherLines, lines.count - self.headerLines - self.tailLines))
    self.frozenColumns = max(0, frozenColumns)
    isColoured = coloured
    self.size = size
    fullWidth = lines.prefix(2_000).reduce(0) { max($0, StyledLine($1).width) }
    let rule = self.headerLines > 0 ? StyledLine(lines[self.headerLines - 1]) : nil
    let runs = rule?.runs ?? []
    columns = runs.contains { $0.lowerBound >= frozenColumns } ? runs : []
    cutMark = rule?.cells.contains { $0.text == "─" } ?? true ? "…" : "~"
  }

  // MARK: Geometry

  private var header: Int { min(headerLines, max(0, size.rows - 2)) }
  private var bodyRows: Int { max(1, size.rows - 1 - header) }
  private var bodyCount: Int { lines.count - headerLines }
  private var frozen: Int { frozenColumns < size.columns * 2 / 3 ? frozenColumns : 0 }
  private var lastTop: Int { max(0, bodyCount - bodyRows) }
  /// Where the moving columns begin, counted behind the frozen ones.
  private var stops: [Int] { [0] + columns.map { $0.lowerBound - frozen }.filter { $0 > 0 } }
  private var visibleWidth: Int { max(1, size.columns - frozen) }
  private var lastLeft: Int {
    let end = fullWidth - frozen
    let whole = columns.isEmpty ? nil : stops.first { end - $0 <= visibleWidth }
    return whole ?? max(0, end - visibleWidth)
  }

  /// Whole columns to the right or left; through one that is wider than the screen in steps of half a screen.
  private mutating func move(_ step: Int) {
    guard !columns.isEmpty else {
      left += 8 * step
      return
    }
    let half = max(1, visibleWidth / 2)
    if step > 0 {
      let next = stops.first { $0 > left } ?? left + half
      left = next - left > visibleWidth ? left + half : next
    } else {
      let before = stops.last { $0 < left } ?? 0
      left = left - before > visibleWidth ? left - half : before
    }
  }

  private mutating func clamp() {
    top = max(0, min(top, lastTop))
    left = max(0, min(left, lastLeft))
  }

  // MARK: Keys

  /// Does what a key asks for; `leave` where it ends the pager.
  package mutating func press(_ event: InputEvent) -> Step {
    if typed != nil {
      type(event)
      return .stay
    }
    message = nil
    switch event {
    case .character("\u{1A}"): return .stop
    case .character("q"), .character("Q"), .character("\u{03}"), .character("\u{1B}"): return .leave
    case .character("j"), .character("\n"), .key(.down, _, _): top += 1
    case .character("k"), .key(.up, _, _): top -= 1
    case .character(" "), .character("f"), .key(.pageDown, _, _): top += bodyRows
    case .character("b"), .key(.pageUp, _, _): top -= bodyRows
    case .character("d"): top += bodyRows / 2
    case .character("u"): top -= bodyRows / 2
    case .character("g"), .character("<"), .key(.home, _, _): top = 0
    case .character("G"), .character(">"), .key(.end, _, _): top = lastTop
    case .character("l"), .key(.right, _, _): move(1)
    case .character("h"), .key(.left, _, _): move(-1)
    case .character("0"), .character("^"): left = 0
    case .character("$"): left = lastLeft
    case .character("/"): typed = ""
    case .character("n"): find(step: 1)
    case .character("N"): find(step: -1)
    default: message = "q leaves, arrows and space move, / searches, n and N go on"
    }
    clamp()
    return .stay
  }

  private mutating func type(_ event: InputEvent) {
    switch event {
    case .character("\n"):
      if let typed, !typed.isEmpty { query = PagerQuery(typed) }
      typed = nil
      find(step: 1, from: top)
    case .character("\u{1B}"), .character("\u{03}"): typed = nil
    case .character("\u{7F}"), .character("\u{08}"):
      if typed?.popLast() == nil { typed = nil }
    case .character(let scalar) where scalar.value >= 0x20: typed?.unicodeScalars.append(scalar)
    case .paste(let text): typed?.unicodeScalars.append(contentsOf: text.filter { $0.value >= 0x20 })
    default: break
    }
  }

  /// Goes to the next line with the text; where there is none, says so and stays.
  private mutating func find(step: Int, from start: Int? = nil) {
    guard let query else {
      message = "nothing searched for yet: / searches"
      return
    }
    var index = start ?? (found.map { $0 + step } ?? top)
    while (0..<bodyCount).contains(index) {
      let line = lines[headerLines + index]
      if query.mayMatch(line), let place = StyledLine(line).columns(of: query).first {
        found = index
        if index < top || index >= top + bodyRows { top = index }
        show(place)
        clamp()
        return
      }
      index += step
    }
    message = step > 0 ? "not found below" : "not found above"
  }

  /// The line found last.
  private var found: Int?

  private mutating func show(_ columns: Range<Int>) {
    guard columns.lowerBound >= frozen else { return }
    if columns.lowerBound < frozen + left || columns.upperBound > left + size.columns {
      let place = columns.lowerBound - frozen
      left = self.columns.isEmpty ? max(0, place - 4) : stops.last { $0 <= place } ?? 0
      // Within a column that is wider than the screen.
      if columns.upperBound - frozen - left > visibleWidth { left = max(0, place - 4) }
    }
  }

  // MARK: Painting

  /// The rows of the screen; the last one says where we are.
  package func rows() -> [String] {
    let visibleHeader = (headerLines - header)..<headerLines
    let first = headerLines + top
    let body = first..<min(first + bodyRows, lines.count)
    var rows = (Array(visibleHeader) + Array(body)).map { row($0) }
    while rows.count < size.rows - 1 { rows.append("") }
    if size.rows > 1 { rows.append(status()) }
    return rows
  }

  private func row(_ index: Int) -> String {
    let line = StyledLine(lines[index])
    let marked = index >= headerLines ? query.map(line.columns) ?? [] : []
    if index >= lines.count - tailLines {
      return line.slice(0..<size.columns, marked: marked, coloured: isColoured)
    }
    let moving = (frozen + left)..<max(frozen + left, left + size.columns)
    // Header and rule are cut with the rows.
    let marks = index < headerLines ? nil : cuts(moving)
    return line.slice(0..<frozen, marked: marked, coloured: isColoured)
      + line.slice(moving, marked: marked, coloured: isColoured, cut: marks)
  }

  /// The columns that the edges of the screen go through.
  private func cuts(_ moving: Range<Int>) -> StyledLine.Cuts? {
    func cut(at edge: Int) -> Range<Int>? { columns.first { $0.lowerBound < edge && edge < $0.upperBound } }
    return columns.isEmpty
      ? nil
      : StyledLine.Cuts(left: cut(at: moving.lowerBound), right: cut(at: moving.upperBound), mark: cutMark)
  }

  private func status() -> String {
    let text = typed.map { "/" + $0 } ?? message ?? place
    return "\u{1B}[7m"
      + StyledLine(text).slice(0..<(size.columns - 1), marked: [], coloured: false, cut: nil) + "\u{1B}[0m"
  }

  /// Which rows and columns are seen: as much of it as there is room for.
  private var place: String {
    let count = bodyCount - tailLines - otherLines
    let last = min(bodyCount, top + bodyRows)
    let rows =
      "rows \(grouped(count == 0 ? 0 : min(top + 1, count)))-\(grouped(min(last, count))) of \(grouped(count))"
    var across = ""
    if fullWidth > size.columns {
      let edge = left + size.columns
      let seen = columns.indices.filter {
        columns[$0].lowerBound >= left + frozen && columns[$0].upperBound <= edge
      }
      if let first = seen.first, let last = seen.last {
        across =
          first == last
          ? ", column \(first + 1) of \(columns.count)"
          : ", columns \(first + 1)-\(last + 1) of \(columns.count)"
      } else {
        across = ", characters \(left + frozen + 1)-\(min(fullWidth, edge)) of \(fullWidth)"
      }
    }
    let end = last == bodyCount ? " (end)" : ""
    let texts = [rows + across + end + ", q leaves", rows + across + end, rows + end, rows]
    return texts.first { $0.count < size.columns } ?? rows
  }

  /// The bytes that paint the whole screen.
  package func paint() -> [UInt8] {
    var text = "\u{1B}[?2026h\u{1B}[?25l\u{1B}[H"
    for (index, row) in rows().enumerated() {
      if index > 0 { text += "\r\n" }
      text += row
      if row.isEmpty { text += "\u{1B}[K" }
    }
    return Array((text + "\u{1B}[?2026l").utf8)
  }
}
