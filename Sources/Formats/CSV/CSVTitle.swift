import Columns

/// Titles above the header, as reports have them.
extension CSVLayout {
  /// Where a row begins that names all columns, each with a text, where those above fill half of them at most and those
  /// below hold numbers or days; nil where there is none.
  func headerBelow(_ rows: [CSVSample.Row]) -> Int? {
    func filled(_ row: CSVSample.Row) -> Int { row.cells.count { !$0.text.isEmpty } }
    let width = rows.prefix(20).map(filled).max() ?? 0
    guard width > 1, let place = rows.prefix(20).firstIndex(where: { filled($0) == width }), place > 0,
      rows[..<place].allSatisfy({ filled($0) * 2 <= width })
    else { return nil }
    let header = rows[place].cells.prefix(width)
    guard header.allSatisfy({ $0.kind(decimal: dialect.decimal) == .text }) else { return nil }
    let below = rows[(place + 1)...].prefix(Self.layoutRows)
    let hasValues = header.indices.contains { column in
      let type = below.reduce(DataType.missing) { type, row in
        column < row.cells.count
          ? CellKind.widened(type, by: row.cells[column].kind(decimal: dialect.decimal)) : type
      }
      return type.isNumber || type.isTime
    }
    return hasValues ? rows[place].start : nil
  }
}
