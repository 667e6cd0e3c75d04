import Diagnostics

/// A virtual terminal: what a program's bytes would show. For tests.
package struct TerminalScreen: Sendable {
  package struct Cell: Equatable, Sendable {
    package var text = " "
    /// The parameters of the colour sequences in force, such as `1;34`; empty for plain text.
    package var style = ""
    /// The second half of a wide character.
    package var isContinuation = false
  }

  package private(set) var columns: Int
  package private(set) var rows: Int
  package private(set) var cursorRow = 0
  package private(set) var cursorColumn = 0
  package private(set) var isCursorVisible = true
  /// Rows that scrolled off the top.
  package private(set) var scrolled: [String] = []
  package private(set) var isAlternate = false
  package private(set) var isBracketedPaste = false
  /// Escape sequences that this terminal does not know.
  package private(set) var unknown: [String] = []

  private var grid: [[Cell]]
  private var savedGrid: [[Cell]] = []
  private var savedCursor = (0, 0)
  private var style = ""
  private var wrapsNext = false
  private var pending: [UInt8] = []

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    grid = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
  }

  // MARK: Looking

  /// A row's text without the blanks at its end.
  package func line(_ row: Int) -> String {
    guard grid.indices.contains(row) else { return "" }
    var text = grid[row].filter { !$0.isContinuation }.map(\.text).joined()
    while text.last == " " { text.removeLast() }
    return text
  }

  /// All rows down to the last that is not blank.
  package var text: String {
    var lines = (0..<rows).map(line)
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  /// The scroll-back and the screen.
  package var everything: String { (scrolled + [text]).joined(separator: "\n") }

  package func cell(_ row: Int, _ column: Int) -> Cell {
    grid.indices.contains(row) && grid[row].indices.contains(column) ? grid[row][column] : Cell()
  }

  /// The style of the first place where a text stands on the screen; nil where it does not.
  package func style(of text: String) -> String? {
    for row in grid {
      let cells = row.indices.filter { !row[$0].isContinuation }
      let line = cells.map { row[$0].text }.joined()
      guard let range = line.firstRange(of: text) else { continue }
      let offset = line.distance(from: line.startIndex, to: range.lowerBound)
      return offset < cells.count ? row[cells[offset]].style : nil
    }
    return nil
  }

  // MARK: Changing

  /// Changes the size as a terminal without reflow does: rows are cut, the cursor's row stays visible.
  package mutating func resize(columns: Int, rows: Int) {
    while grid.count > rows, cursorRow > 0, cursorRow >= rows {
      scrolled.append(line(0))
      grid.removeFirst()
      cursorRow -= 1
    }
    grid = (0..<rows).map { index in
      let old = grid.indices.contains(index) ? grid[index] : []
      return (0..<columns).map { old.indices.contains($0) ? old[$0] : Cell() }
    }
    (self.columns, self.rows) = (columns, rows)
    cursorRow = min(cursorRow, rows - 1)
    cursorColumn = min(cursorColumn, columns - 1)
    wrapsNext = false
  }

  package mutating func feed(_ bytes: some Sequence<UInt8>) {
    pending.append(contentsOf: bytes)
    var index = 0
    while index < pending.count, let length = take(at: index) { index += length }
    pending.removeFirst(index)
  }

  /// Handles one character or sequence; nil when its end has not come.
  private mutating func take(at index: Int) -> Int? {
    let byte = pending[index]
    switch byte {
    case 0x1B: return takeEscape(at: index)
    case 0x0A: lineFeed()
    case 0x0D: (cursorColumn, wrapsNext) = (0, false)
    case 0x08: (cursorColumn, wrapsNext) = (max(0, cursorColumn - 1), false)
    case 0x09: cursorColumn = min(columns - 1, (cursorColumn / 8 + 1) * 8)
    case 0x00..<0x20: break
    default:
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      guard index + length <= pending.count else { return nil }
      let text = String(decoding: pending[index..<(index + length)], as: UTF8.self)
      for scalar in text.unicodeScalars { put(scalar) }
      return length
    }
    return 1
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    if joinsPrevious(scalar) { return }
    let width = DisplayWidth.of(scalar)
    if wrapsNext || cursorColumn + width > columns {
      cursorColumn = 0
      lineFeed()
    }
    grid[cursorRow][cursorColumn] = Cell(text: String(scalar), style: style)
    if width == 2, cursorColumn + 1 < columns {
      grid[cursorRow][cursorColumn + 1] = Cell(text: "", style: style, isContinuation: true)
    }
    wrapsNext = cursorColumn + width >= columns
    cursorColumn = min(columns - 1, cursorColumn + width)
  }

  /// Whether a scalar becomes a part of the character before it; emoji sequences do, as in modern terminals.
  private mutating func joinsPrevious(_ scalar: Unicode.Scalar) -> Bool {
    var column = wrapsNext ? cursorColumn : cursorColumn - 1
    guard column >= 0 else { return DisplayWidth.of(scalar) == 0 }
    if grid[cursorRow][column].isContinuation { column = max(0, column - 1) }
    let joined = grid[cursorRow][column].text + String(scalar)
    guard joined.count == 1, grid[cursorRow][column].text != " " || DisplayWidth.of(scalar) == 0 else {
      return false
    }
    let before = DisplayWidth.of(grid[cursorRow][column].text)
    grid[cursorRow][column].text = joined
    if DisplayWidth.of(joined) > before, !wrapsNext, cursorColumn < columns {
      grid[cursorRow][cursorColumn] = Cell(text: "", style: style, isContinuation: true)
      wrapsNext = cursorColumn + 1 >= columns
      cursorColumn = min(columns - 1, cursorColumn + 1)
    }
    return true
  }

  private mutating func lineFeed() {
    wrapsNext = false
    if cursorRow + 1 < rows {
      cursorRow += 1
    } else {
      if !isAlternate { scrolled.append(line(0)) }
      grid.removeFirst()
      grid.append(Array(repeating: Cell(), count: columns))
    }
  }

  private mutating func takeEscape(at index: Int) -> Int? {
    guard index + 1 < pending.count else { return nil }
    switch pending[index + 1] {
    case UInt8(ascii: "["): return takeControl(at: index)
    case UInt8(ascii: "7"): savedCursor = (cursorRow, cursorColumn)
    case UInt8(ascii: "8"): (cursorRow, cursorColumn) = savedCursor
    default: unknown.append("ESC \(Character(Unicode.Scalar(pending[index + 1])))")
    }
    return 2
  }

  private mutating func takeControl(at index: Int) -> Int? {
    guard let end = pending[(index + 2)...].firstIndex(where: { (0x40...0x7E).contains($0) }) else {
      return nil
    }
    let parameters = String(decoding: pending[(index + 2)..<end], as: UTF8.self)
    let final = Character(Unicode.Scalar(pending[end]))
    let numbers = parameters.split(separator: ";").map { Int($0) ?? 0 }
    let count = max(1, numbers.first ?? 1)
    if final != "m" { wrapsNext = false }
    switch final {
    case "A": cursorRow = max(0, cursorRow - count)
    case "B": cursorRow = min(rows - 1, cursorRow + count)
    case "C": cursorColumn = min(columns - 1, cursorColumn + count)
    case "D": cursorColumn = max(0, cursorColumn - count)
    case "G": cursorColumn = min(columns - 1, count - 1)
    case "H":
      cursorRow = min(rows - 1, count - 1)
      cursorColumn = min(columns - 1, max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
    case "J": eraseDisplay(numbers.first ?? 0)
    case "K": eraseLine(numbers.first ?? 0)
    case "m": setStyle(numbers)
    case "h", "l": setMode(parameters, on: final == "h")
    default: unknown.append(parameters + String(final))
    }
    return end + 1 - index
  }

  private mutating func setStyle(_ numbers: [Int]) {
    var kept = style.isEmpty ? [] : [style]
    for number in numbers.isEmpty ? [0] : numbers {
      if number == 0 { kept = [] } else { kept.append(String(number)) }
    }
    style = kept.joined(separator: ";")
  }

  private mutating func setMode(_ parameters: String, on: Bool) {
    switch parameters {
    case "?25": isCursorVisible = on
    case "?2004": isBracketedPaste = on
    case "?2026": break
    case "?1049":
      if on { (savedGrid, savedCursor) = (grid, (cursorRow, cursorColumn)) }
      let blank = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
      grid = on || savedGrid.count != rows ? blank : savedGrid
      if !on { (cursorRow, cursorColumn) = savedCursor }
      isAlternate = on
    default: unknown.append(parameters + (on ? "h" : "l"))
    }
  }

  private mutating func eraseDisplay(_ mode: Int) {
    if mode == 2 {
      grid = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
      return
    }
    eraseLine(0)
    for row in (cursorRow + 1)..<max(rows, cursorRow + 1) {
      grid[row] = Array(repeating: Cell(), count: columns)
    }
  }

  private mutating func eraseLine(_ mode: Int) {
    let start = mode == 2 ? 0 : cursorColumn
    for column in start..<columns { grid[cursorRow][column] = Cell() }
  }
}
