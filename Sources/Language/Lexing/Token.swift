import Diagnostics

/// The smallest piece of a text that means something, with the blanks and comments that stand before it.
///
/// The tokens of a text, each with its trivia, are the whole text: joining `leading` and `range` of all of
/// them gives every byte back. The last token is always `.end`, whose trivia is what follows the last word.
package struct Token: Sendable, Equatable {
  /// What a token is.
  package enum Kind: Sendable, Equatable {
    /// A name, with its dots in it.
    case name
    /// A name in backticks.
    case quotedName
    case word(ReservedWord)
    case int
    case float
    /// `12%`
    case percent
    /// Anything that is shaped like a date; whether the day exists is for the parser to say.
    case date
    case datetime
    /// `30d`: one part of a duration; adjacent parts are one literal.
    case duration
    /// Digits that run into letters that are no unit: `2nd`, `30m`.
    case malformedNumber
    case text
    /// `f"…"` as a whole.
    case interpolation
    case symbol(Symbol)
    /// Characters that mean nothing outside quotes.
    case unknown
    case end
  }

  package var kind: Kind
  /// The bytes of the token itself, without what stands before it.
  package var range: SourceRange
  /// Blanks, line ends and comments between the token before and this one.
  package var leading: SourceRange
  /// True where a line end stands before it; the first line of a text has none.
  package var isPrecededByNewline: Bool
  /// True when an empty line stands before it (lines that hold only a comment are not empty).
  package var isPrecededByEmptyLine: Bool
  /// The columns of blank at the beginning of the line that the token stands on.
  package var indentation: Int
  /// False for a text or a name in backticks whose closing mark is missing.
  package var isTerminated: Bool

  package init(
    _ kind: Kind, at range: SourceRange, leading: SourceRange, isPrecededByNewline: Bool = false,
    isPrecededByEmptyLine: Bool = false, indentation: Int = 0, isTerminated: Bool = true
  ) {
    self.kind = kind
    self.range = range
    self.leading = leading
    self.isPrecededByNewline = isPrecededByNewline
    self.isPrecededByEmptyLine = isPrecededByEmptyLine
    self.indentation = indentation
    self.isTerminated = isTerminated
  }

  /// True when a blank, a comment or a line end stands before it; otherwise it touches the token before.
  package var isPrecededByBlank: Bool { !leading.isEmpty }

  /// The sign; nil for other tokens.
  package var symbol: Symbol? {
    if case .symbol(let symbol) = kind { return symbol }
    return nil
  }

  /// The reserved word; nil for other tokens, names among them.
  package var word: ReservedWord? {
    if case .word(let word) = kind { return word }
    return nil
  }

  /// A number, date, duration or text.
  package var isLiteral: Bool {
    switch kind {
    case .int, .float, .percent, .date, .datetime, .duration, .malformedNumber, .text, .interpolation:
      true
    case .word(let word): word.isLiteral
    case .name, .quotedName, .symbol, .unknown, .end: false
    }
  }

  /// True when a line that ends with it goes on below: `|`, a comma or an operator.
  package var continuesLine: Bool {
    switch kind {
    case .symbol(let symbol): symbol.continuesLine
    case .word(let word): word.isOperator
    default: false
    }
  }
}

/// The words that are never names unless a `=` or `:` follows or backticks stand around them.
package enum ReservedWord: String, Sendable, CaseIterable {
  case and, or, not, `in`, between, like, `is`
  case `true`, `false`, missing, null
  case `case`, `if`, `else`, asc, desc

  /// Each spelling in lower case and in capitals, by its packed bytes; `NA` only in capitals.
  private static let bySpelling: [UInt64: ReservedWord] = {
    var words: [UInt64: ReservedWord] = [:]
    for word in allCases {
      for spelling in [word.rawValue, word.rawValue.uppercased()] {
        if let key = packed(spelling.utf8) { words[key] = word }
      }
    }
    if let key = packed("NA".utf8) { words[key] = .missing }
    return words
  }()

  /// The bytes of a short word in one number; nil for those that are too long to be reserved.
  private static func packed(_ spelling: some Collection<UInt8>) -> UInt64? {
    guard spelling.count <= 8 else { return nil }
    return spelling.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Reserved in lower case and in capitals; `NA` only so.
  package init?(spelling: String) { self.init(spelling.utf8) }

  /// Every name of a text is asked about at every key: in bytes it takes no string.
  init?(_ spelling: some Collection<UInt8>) {
    guard let key = Self.packed(spelling), let word = Self.bySpelling[key] else { return nil }
    self = word
  }

  /// A word that is a value.
  package var isLiteral: Bool {
    switch self {
    case .true, .false, .missing, .null: true
    default: false
    }
  }

  /// A word that stands between values, or in front of one.
  package var isOperator: Bool {
    switch self {
    case .and, .or, .not, .in, .between, .like, .is: true
    default: false
    }
  }
}

/// Signs, longest first where one begins another. Those of other languages are known so that they can be explained.
package enum Symbol: String, Sendable, CaseIterable {
  // Of other languages.
  case pipeR = "%>%"
  case inR = "%in%"
  case floorDivideR = "%/%"
  case strictEqual = "==="
  case strictNotEqual = "!=="
  case ellipsis = "..."
  case pipeNative = "|>"
  case andC = "&&"
  case orC = "||"
  case fatArrow = "=>"
  case equalLess = "=<"
  case powerPython = "**"
  case remainderR = "%%"
  case assignWalrus = ":="

  // Our own of two characters.
  case equal = "=="
  case notEqual = "!="
  case notEqualSQL = "<>"
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case notMatches = "!~"
  case otherwise = "??"
  case floorDivide = "//"
  case range = ".."
  case arrow = "->"

  // Of one character.
  case pipe = "|"
  case comma = ","
  case semicolon = ";"
  case openParenthesis = "("
  case closeParenthesis = ")"
  case openBracket = "["
  case closeBracket = "]"
  case openBrace = "{"
  case closeBrace = "}"
  case assign = "="
  case less = "<"
  case greater = ">"
  case matches = "~"
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divide = "/"
  case percent = "%"
  case power = "^"
  case colon = ":"
  case dot = "."
  case bang = "!"
  case ampersand = "&"
  case question = "?"
  case dollar = "$"
  case at = "@"

  /// A sign that leads from stage to stage, those of other languages among them.
  package var isPipe: Bool { self == .pipe || self == .pipeR || self == .pipeNative }

  /// A sign that compares two values.
  package var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .notEqualSQL, .lessOrEqual, .greaterOrEqual, .less, .greater, .matches,
      .notMatches,
      .strictEqual, .strictNotEqual:
      true
    default: false
    }
  }

  /// One of `(`, `[` and `{`.
  package var isOpening: Bool { self == .openParenthesis || self == .openBracket || self == .openBrace }
  /// One of `)`, `]` and `}`.
  package var isClosing: Bool { self == .closeParenthesis || self == .closeBracket || self == .closeBrace }

  /// The bracket that closes this one.
  package var closing: Symbol? {
    switch self {
    case .openParenthesis: .closeParenthesis
    case .openBracket: .closeBracket
    case .openBrace: .closeBrace
    default: nil
    }
  }

  /// A line that ends with it goes on in the next one.
  package var continuesLine: Bool {
    switch self {
    case .semicolon, .dot, .question, .dollar, .at, .closeParenthesis, .closeBracket, .closeBrace: false
    default: true
    }
  }
}

/// A piece of what stands between two tokens.
package struct Trivia: Sendable, Equatable {
  /// What a piece is.
  package enum Kind: Sendable, Equatable {
    case blank
    /// A blank that is no plain blank or tab: a non-breaking space, a zero-width space.
    case oddBlank
    case lineEnd
    /// From `#` to the end of the line, without it.
    case comment
  }
  package var kind: Kind
  package var range: SourceRange
}
