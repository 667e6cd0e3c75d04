import Diagnostics

/// How text is cut into the rows of a terminal.
package struct Layout: Equatable, Sendable {
  /// What stands before a row's text.
  package enum Lead: Equatable, Sendable { case prompt, continuation, none }

  /// A row of the screen.
  package struct Row: Equatable, Sendable {
    /// The scalars shown in the row, without its line break.
    package var range: Range<Int>
    /// What stands before its text.
    package var lead: Lead
    /// The column after the last character.
    package var width: Int
  }

  /// From top to bottom; at least one.
  package private(set) var rows: [Row] = []
  /// The row of the cursor, from 0.
  package private(set) var cursorRow = 0
  /// The column of the cursor, from 0, what stands before the text included.
  package private(set) var cursorColumn = 0

  /// The columns that a tab takes.
  static let tabWidth = 4

  /// - Parameters:
  ///   - promptWidth: columns before the first line.
  ///   - continuationWidth: columns before every other line; wrapped rows begin in column 0.
  package init(
    _ text: [Unicode.Scalar], cursor: Int, columns: Int, promptWidth: Int, continuationWidth: Int
  ) {
    var row = Row(range: 0..<0, lead: .prompt, width: promptWidth)
    var isPlaced = false
    var index = 0
    func close(_ row: Row, at end: Int) -> Row {
      Row(range: row.range.lowerBound..<end, lead: row.lead, width: row.width)
    }
    while index < text.count {
      if text[index] == "\n" {
        if !isPlaced, cursor <= index {
          (cursorRow, cursorColumn, isPlaced) = (rows.count, min(row.width, columns - 1), true)
        }
        rows.append(close(row, at: index))
        index += 1
        row = Row(range: index..<index, lead: .continuation, width: continuationWidth)
        continue
      }
      let (end, width) = Self.character(text, at: index)
      if row.width + width > columns {
        rows.append(close(row, at: index))
        row = Row(range: index..<index, lead: .none, width: 0)
      }
      if !isPlaced, cursor < end {
        (cursorRow, cursorColumn, isPlaced) = (rows.count, row.width, true)
      }
      row.width += width
      index = end
    }
    if !isPlaced {
      if row.width >= columns {
        rows.append(close(row, at: index))
        row = Row(range: index..<index, lead: .none, width: 0)
      }
      (cursorRow, cursorColumn) = (rows.count, row.width)
    }
    rows.append(close(row, at: index))
  }

  /// The end of the character at an index, and the columns it takes as it is drawn.
  static func character(_ text: [Unicode.Scalar], at index: Int) -> (end: Int, width: Int) {
    let scalar = text[index]
    let next = index + 1
    if scalar.value < 0x300, next >= text.count || text[next].value < 0x300 {
      if (0x20...0x7E).contains(scalar.value) { return (next, 1) }
      return (next, scalar == "\t" ? tabWidth : DisplayWidth.of(scalar) == 4 ? 6 : DisplayWidth.of(scalar))
    }
    if isSimple(scalar), next >= text.count || isSimple(text[next]) {
      return (next, scalar.value >= 0x3041 ? 2 : 1)
    }
    let end = EditBuffer(text, cursor: index).characterEnd(index)
    let drawn = drawn(text[index..<end])
    return (end, DisplayWidth.of(drawn))
  }

  /// Whether a scalar is a character by itself, whatever simple scalar stands beside it, and is written as it is.
  ///
  /// Only the common blocks: Latin, Greek, Cyrillic, kana, Han and Hangul syllables.
  static func isSimple(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x2FF, 0x370...0x482, 0x48A...0x52F: true
    case 0x3041...0x3096, 0x30A1...0x30FA, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3: true
    default: false
    }
  }

  /// A character as it is written to the terminal: control characters made visible, tabs as blanks.
  static func drawn(_ character: ArraySlice<Unicode.Scalar>) -> String {
    if character.first == "\t" { return String(repeating: " ", count: tabWidth) }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: character)
    return visible(String(view))
  }
}
