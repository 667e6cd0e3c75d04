import Columns
import Diagnostics

/// What quotes around a cell say, as the sample shows it.
///
/// Files differ in what they quote, and a quoted `2026-01-31` means a day in some and a text in others. What a file
/// quotes without need tells them apart.
enum QuoteStyle: Sendable {
  /// Every cell stands in quotes, names too: they say nothing.
  case all
  /// Texts stand in quotes that need none, and so may all that is no number: a number in quotes is a text.
  case texts
  /// Only what would be read as something else stands in quotes, as Rounds writes it: a number, a date, a boolean or
  /// a mark of missing in quotes is a text.
  case needed

  init(_ sample: CSVSample, _ dialect: CSVDialect, hasHeader: Bool) {
    let quotesAll = sample.rows.prefix(CSVLayout.layoutRows).allSatisfy { row in
      row.cells.allSatisfy { $0.isQuoted || $0.text.isEmpty }
    }
    let quotesMore = sample.rows.contains { row in
      row.cells.contains { $0.isQuoted && QuoteStyle.needsNone($0, dialect) }
    }
    // Without names all cells may be numbers, of which none shows a quote that it could do without.
    self = quotesAll && (quotesMore || !hasHeader) ? .all : quotesMore ? .texts : .needed
  }

  /// Whether a text would be read as the same text without its quotes.
  private static func needsNone(_ cell: CSVSample.Cell, _ dialect: CSVDialect) -> Bool {
    guard let first = cell.text.first, let last = cell.text.last else { return false }
    let special = Array(",;|\t\r\n#".utf8) + [dialect.delimiter] + (dialect.quote.map { [$0] } ?? [])
    return first != 32 && last != 32 && !cell.text.contains { special.contains($0) }
      && CellKind.of(cell.text, decimal: dialect.decimal) == .text && cell.text != Array("NA".utf8)
  }

  /// Whether quotes around values of a type make them texts.
  func makesText(_ type: DataType) -> Bool {
    switch self {
    case .all: false
    case .texts: type.isNumber
    case .needed: type != .text && type != .missing
    }
  }
}

/// The texts that stand for missing in a column.
struct MissingMarks: Sendable {
  /// Those given by hand.
  var given: [[UInt8]] = []
  /// Whether `NA` is one too, and `N/A`, `-` and others among numbers: not where an empty list was given.
  var isGuessed = true
}

extension CSVOptions {
  /// The marks of a column.
  func marks(of column: String) -> MissingMarks {
    let own = columnMissing.filter { Suggestion.folded($0.name) == Suggestion.folded(column) }.map(\.marks)
    let isNone = own.isEmpty ? missing?.isEmpty ?? false : own.allSatisfy(\.isEmpty)
    return MissingMarks(given: ((missing ?? []) + own.joined()).map { Array($0.utf8) }, isGuessed: !isNone)
  }
}
