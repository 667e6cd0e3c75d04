import Columns

/// What a cell by itself looks like.
enum CellKind: Sendable, Equatable {
  /// The empty cell, or an unquoted `NA`.
  case missing
  /// A mark such as `N/A` or `-`, which means missing only where all other cells are numbers, dates or booleans.
  case mark
  case int
  case float
  /// A number with an exponent and no decimal sign: `4E-06` is a code unless the column shows a decimal sign.
  case exponent
  case bool
  case date
  case datetime
  case text

  /// The kind of a cell whose quotes are taken off. Blanks around a number, a date or a boolean do not count.
  static func of(_ cell: UnsafeBufferPointer<UInt8>, isQuoted: Bool, decimal: UInt8) -> CellKind {
    let trimmed = trimmed(cell)
    guard let base = trimmed.baseAddress, trimmed.count > 0 else {
      // A quoted empty cell in a text column is empty text: `TextDecoder` knows.
      return .missing
    }
    if !isQuoted, Marks.isNA(cell) { return .missing }
    let count = trimmed.count
    if CellDecoder.int(base, count) != nil { return .int }
    if CellDecoder.float(base, count, decimal: decimal) != nil {
      let hasExponent = trimmed.contains { $0 | 0x20 == UInt8(ascii: "e") }
      return hasExponent && !trimmed.contains(decimal) ? .exponent : .float
    }
    if CellDecoder.date(base, count) != nil { return .date }
    if CellDecoder.datetime(base, count) != nil { return .datetime }
    if CellDecoder.bool(base, count) != nil { return .bool }
    if Marks.isMark(trimmed) { return .mark }
    return .text
  }

  /// The kind of a text whose quotes are taken off, `NA` as any other.
  static func of(_ text: [UInt8], decimal: UInt8) -> CellKind {
    text.withUnsafeBufferPointer { of($0, isQuoted: true, decimal: decimal) }
  }

  static func trimmed(_ cell: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var lower = 0
    var upper = cell.count
    while lower < upper, cell[lower] == 32 || cell[lower] == 9 { lower += 1 }
    while upper > lower, cell[upper - 1] == 32 || cell[upper - 1] == 9 { upper -= 1 }
    return UnsafeBufferPointer(rebasing: cell[lower..<upper])
  }

  /// The type that a column of such cells has; missing for marks, which decide nothing.
  var type: DataType {
    switch self {
    case .missing, .mark: .missing
    case .int: .int
    case .float, .exponent: .float
    case .bool: .bool
    case .date: .date
    case .datetime: .datetime
    case .text: .text
    }
  }

  /// The type of a column of one type when a cell of this kind stands in it. An exponent without a decimal sign is
  /// a number only where others have shown one.
  static func widened(_ type: DataType, by kind: CellKind) -> DataType {
    if kind == .exponent, type != .float { return .text }
    return DataType.common(type, kind.type) ?? .text
  }
}

/// The texts that stand for missing without being told.
enum Marks {
  static let soft: [String] = ["N/A", "n/a", "#N/A", "NULL", "None", "nan", "NaN", "-", "."]
  private static let softBytes: [[UInt8]] = soft.map { Array($0.utf8) }

  static func isNA(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    cell.count == 2 && cell[0] == UInt8(ascii: "N") && cell[1] == UInt8(ascii: "A")
  }

  static func isMark(_ cell: [UInt8]) -> Bool { cell.withUnsafeBufferPointer { isMark($0) } }

  static func isMark(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    cell.count <= 4 && softBytes.contains { $0.elementsEqual(cell) }
  }
}
