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
    let below = rows[(place + 1)...].prefix(Self.layoutRows)
    // One cell alone in the first line, and names that are no values below.
    if width > 2, filled(rows[0]) == 1, areNames(header, above: below) { return rows[place].start }
    guard header.allSatisfy({ $0.kind(decimal: dialect.decimal) == .text }) else { return nil }
    let hasValues = header.indices.contains { column in
      let type = below.reduce(DataType.missing) { type, row in
        column < row.cells.count
          ? CellKind.widened(type, by: row.cells[column].kind(decimal: dialect.decimal)) : type
      }
      return type.isNumber || type.isTime
    }
    return hasValues ? rows[place].start : nil
  }

  /// Whether a row may hold names: texts, or years, each once, and none that stands again in a row below.
  private func areNames(_ cells: ArraySlice<CSVSample.Cell>, above rows: ArraySlice<CSVSample.Row>) -> Bool {
    guard !rows.isEmpty, Set(cells.map(\.text)).count == cells.count, !cells.contains(where: \.text.isEmpty)
    else { return false }
    return cells.indices.allSatisfy { column in
      let cell = cells[column]
      switch cell.kind(decimal: dialect.decimal) {
      case .text: break
      case .int:
        guard let year = Int(cell.string), (1900...2100).contains(year) else { return false }
      default: return false
      }
      return !rows.contains { column < $0.cells.count && $0.cells[column].text == cell.text }
    }
  }
}
