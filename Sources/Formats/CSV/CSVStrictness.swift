import Columns
import Planning

/// What `strict` refuses of cells, beside rows that are not laid out as the others.
extension CSVSource {
  /// The first cell of the sample that makes text of a column of numbers or days: what `strict` refuses, unless the
  /// column holds codes.
  static func oddText(
    _ layout: CSVLayout, _ name: String, _ forced: [Int: TypeRequest]
  ) -> FormatFault? {
    let found = layout.columns.indices.compactMap { column -> (line: Int, fault: FormatFault)? in
      let guess = layout.columns[column]
      guard forced[column] == nil, let most = guess.nearly, let first = guess.firstOdd else { return nil }
      if case .codes = layout.textReasons[column] { return nil }
      return (first.line, refused(first.cell, layout.names[column], most, name, line: first.line))
    }
    return found.min { ($0.line == 0 ? .max : $0.line) < ($1.line == 0 ? .max : $1.line) }?.fault
  }

  static func refused(
    _ cell: String, _ column: String, _ most: String, _ file: String, line: Int
  ) -> FormatFault {
    FormatFault(
      file: file, line: line > 0 ? line : nil, "`\(column)`: \"\(cell)\" stands among \(most)",
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
