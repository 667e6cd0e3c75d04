import Columns
import Planning

/// What `strict` refuses of cells, beside rows that are not laid out as the others.
extension CSVSource {
  /// The first cell of the sample that makes text of a column of numbers or days: what `strict` refuses, unless the
  /// column holds codes.
  static func oddText(
    _ layout: CSVLayout, _ bytes: ByteSource, _ forced: [Int: TypeRequest]
  ) throws(FormatFault) -> FormatFault? {
    let found = layout.columns.indices.compactMap {
      column -> (column: Int, first: ShownCell, most: String)? in
      let guess = layout.columns[column]
      guard forced[column] == nil, let most = guess.nearly, let first = guess.firstOdd else { return nil }
      if case .codes = layout.textReasons[column] { return nil }
      return (column, first, most)
    }
    guard let (column, first, most) = found.min(by: { $0.first.offset < $1.first.offset }) else { return nil }
    let line =
      first.line > 0 ? first.line : try CSVSource.lineEnds(bytes, 0..<first.offset, layout.dialect) + 1
    return refused(first.cell, layout.names[column], most, bytes.name, line: line)
  }

  static func refused(
    _ cell: String, _ column: String, _ most: String, _ file: String, line: Int
  ) -> FormatFault {
    FormatFault(
      file: file, line: line, "`\(column)`: \"\(cell)\" stands among \(most)",
      help: ["`missing` names texts that stand for missing, `types` says that the column is text"])
  }

  /// Whether a cell behind the sample makes text of other values and is no code.
  static func isOdd(_ widening: Widening) -> Bool {
    guard widening.to == .text, widening.from != .missing else { return false }
    return
      !(widening.from.isNumber
      && [.leadingZero, .exponent, .long].contains(NumberShape(widening.cell)))
  }
}
