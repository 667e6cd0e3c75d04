import Columns
import Diagnostics
import Planning

/// A column of a table on its way to the screen. Of a large table its cells become texts when they are drawn, so that
/// they are never all there.
struct LaidColumn: Sendable {
  var name: String
  private let format: CellFormat
  /// The column's pieces, and the row that each begins with.
  private let pieces: [(first: Int, column: Column)]
  /// The cells as texts, where they are few: they have been made to see how wide they are.
  private var texts: [String] = []
  private static let mostTexts = 65_536
  /// Marks that stand in place of a cell, by row.
  private var marks: [Int: String] = [:]
  /// Cells without a value or a mark.
  private(set) var missing: Int
  var alignment: Fitting.Alignment { format.alignment }
  /// Terminal columns that it takes when nothing is cut.
  var natural: Int
  /// Terminal columns below which it is of no use.
  var floor: Int
  /// Terminal columns that it gets.
  var width: Int

  init(_ table: Table, _ index: Int, _ style: TableStyle) {
    format = CellFormat(
      table.column(index), name: table.schema[index].name, missingMark: style.missingMark, ascii: style.ascii)
    var pieces: [(first: Int, column: Column)] = []
    var (rows, data, missing) = (0, 1, 0)
    let keeps = table.rowCount <= Self.mostTexts
    for segment in table.segments where segment.count > 0 {
      let column = segment.columns[index]
      pieces.append((rows, column))
      rows += segment.count
      missing += column.missingCount
      for row in 0..<segment.count {
        let text = format.text(column.value(row))
        data = max(data, DisplayWidth.of(text))
        if keeps { texts.append(text) }
      }
    }
    (self.pieces, self.missing) = (pieces, missing)
    name = TableLayout.heading(table.schema[index].name)
    natural = max(data, DisplayWidth.of(name))
    width = natural
    switch table.schema[index].type {
    case .text, .list, .record: floor = min(natural, TableLayout.textFloor)
    default: floor = max(data, min(DisplayWidth.of(name), TableLayout.nameFloor))
    }
  }

  /// What stands in the cell of a row, and whether that is a value or a mark.
  func cell(_ row: Int) -> (text: String, isKnown: Bool) {
    if let mark = marks[row] { return (mark, true) }
    var (low, high) = (0, pieces.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if pieces[middle].first <= row { low = middle } else { high = middle - 1 }
    }
    guard high >= 0 else { return ("", false) }
    let (first, column) = pieces[low]
    let text = texts.isEmpty ? format.text(column.value(row - first)) : texts[row]
    return (text, column.isKnown(row - first))
  }

  /// Puts a mark into the cell of a row that has no value.
  mutating func mark(_ text: String, row: Int) {
    marks[row] = text
    missing -= 1
    natural = max(natural, DisplayWidth.of(text))
    floor = max(floor, min(natural, DisplayWidth.of(text)))
    width = natural
  }
}

/// Which columns fit a window, and how wide each is.
struct TableLayout: Sendable {
  /// Between columns.
  static let gap = 2
  /// A text column is not made narrower than this before columns are left out.
  fileprivate static let textFloor = 8
  /// Texts of the first column are not cut shorter than this, on a window that is wide enough.
  private static let firstFloor = 24
  /// The name of a number column is not cut shorter than this.
  fileprivate static let nameFloor = 6

  var columns: [LaidColumn]
  var hidden: [String]

  /// Lays out the shown rows of a table: first cuts the widest texts down to a floor, then leaves out columns
  /// from the right.
  /// - Parameter hasTotal: whether the last row is a total, to be marked in its first key.
  init(_ shown: Table, hasTotal: Bool = false, style: TableStyle) {
    var columns = shown.schema.fields.indices.map { LaidColumn(shown, $0, style) }
    if hasTotal, shown.rowCount > 0, columns.first?.cell(shown.rowCount - 1).isKnown == false {
      columns[0].mark(WrittenResult.totalMark, row: shown.rowCount - 1)
    }
    guard let width = style.width else {
      self.columns = columns
      hidden = []
      return
    }
    // The first column says what a row is about: the others make room first.
    if let first = columns.first, shown.schema[0].type == .text {
      columns[0].floor = max(first.floor, min(first.natural, TableLayout.firstFloor, width / 3))
    }
    // No more columns than the window has places can be shown.
    let most = min(columns.count, max(1, width))
    var shownFirst = Array(columns[..<most])
    TableLayout.tellApart(&shownFirst)
    columns.replaceSubrange(..<most, with: shownFirst)
    let kept = TableLayout.keep(columns, width)
    hidden = columns[kept...].map(\.name)
    let room = width - (hidden.isEmpty ? 0 : TableLayout.gap + 1)
    self.columns = TableLayout.fitted(Array(columns[..<kept]), room)
  }

  /// True when text was cut to make the columns fit.
  var isShortened: Bool { columns.contains { $0.width < $0.natural } }

  /// A name of blanks alone, which would be no heading at all, stands in quotes.
  static func heading(_ name: String) -> String {
    !name.isEmpty && name.allSatisfy(\.isWhitespace) ? "\"\(visible(name))\"" : visible(name)
  }

  /// Names that begin alike are cut no shorter than to where they differ.
  private static func tellApart(_ columns: inout [LaidColumn]) {
    let names = columns.map(\.name)
    for (index, name) in names.enumerated() {
      let whole = DisplayWidth.of(name)
      for other in names where other != name {
        let common = String(zip(name, other).prefix { $0 == $1 }.map(\.0))
        // The letter that differs, and the mark of the cut.
        let wanted = min(whole, DisplayWidth.of(common) + 2)
        if !common.isEmpty, wanted > columns[index].floor, DisplayWidth.of(common) + 1 >= columns[index].floor
        {
          columns[index].floor = min(columns[index].natural, wanted)
        }
      }
    }
  }

  /// How many columns from the left fit with each at its floor.
  private static func keep(_ columns: [LaidColumn], _ width: Int) -> Int {
    let all = columns.reduce(0) { $0 + $1.floor } + gap * max(0, columns.count - 1)
    if all <= width { return columns.count }
    var used = 0
    for (index, column) in columns.enumerated() {
      let next = used + column.floor + gap
      // The mark of the hidden ones takes one column more.
      if next + 1 > width { return max(1, index) }
      used = next
    }
    return columns.count
  }

  /// Widths cut to the highest common level at which the columns fit.
  private static func fitted(_ columns: [LaidColumn], _ width: Int) -> [LaidColumn] {
    let room = width - gap * max(0, columns.count - 1)
    func total(_ level: Int) -> Int { columns.reduce(0) { $0 + max($1.floor, min($1.natural, level)) } }
    var level = columns.reduce(0) { max($0, $1.natural) }
    if total(level) > room {
      var low = 0
      while low < level {
        let middle = (low + level + 1) / 2
        if total(middle) <= room { low = middle } else { level = middle - 1 }
      }
    }
    var spare = room - total(level)
    return columns.map { column in
      var column = column
      column.width = max(column.floor, min(column.natural, level))
      // What the level leaves over goes to the leftmost cut columns, one each.
      if spare > 0, column.width < column.natural {
        column.width += 1
        spare -= 1
      }
      column.width = min(column.width, max(1, room))
      return column
    }
  }
}
