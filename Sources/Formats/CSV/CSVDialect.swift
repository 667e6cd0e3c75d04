/// How a delimited text is laid out.
struct CSVDialect: Sendable, Equatable {
  var delimiter = UInt8(ascii: ",")
  /// Nil when quotes mean nothing.
  var quote: UInt8? = UInt8(ascii: "\"")
  /// Line feed, or carriage return in files that have no line feeds. A carriage return before a line feed
  /// belongs to the line's end.
  var lineEnd = UInt8(ascii: "\n")
  /// Lines that begin with it are left out.
  var comment: UInt8?
  var decimal = UInt8(ascii: ".")

  static let carriageReturn = UInt8(ascii: "\r")
  static let lineFeed = UInt8(ascii: "\n")
}

/// What was unusual about a row.
struct RowFlags: OptionSet, Sendable {
  let rawValue: UInt8
  /// Text stands between a closing quote and the next delimiter.
  static let textAfterQuote = RowFlags(rawValue: 1)
  /// A quote was opened and never closed: it was taken as a plain character.
  static let unclosedQuote = RowFlags(rawValue: 2)
  /// The line is empty.
  static let blank = RowFlags(rawValue: 4)
  static let comment = RowFlags(rawValue: 8)
}
