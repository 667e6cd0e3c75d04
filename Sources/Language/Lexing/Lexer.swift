import Diagnostics

/// Cuts a text into tokens. It never fails: what it cannot read is a token of the kind `.unknown`, and what is
/// wrong inside a literal (an impossible date, a number too large) the parser says when it takes its value.
package struct Lexer {
  let bytes: [UInt8]
  let upper: Int
  var index: Int
  /// Up to here an f"…" is read as plain text, because one before it on the line leaves a brace open: each line
  /// is then searched for the brace once and not once for every quote.
  var plainUntil = 0
  private var tokens: [Token] = []
  private var indentation = 0

  /// The tokens of a whole text; the last is `.end`.
  package static func tokens(of source: SourceText) -> [Token] {
    tokens(of: source, in: SourceRange(0, source.bytes.count))
  }

  /// The tokens of a part of a text, with ranges in the whole.
  package static func tokens(of source: SourceText, in range: SourceRange) -> [Token] {
    let lower = min(max(0, range.lower), source.bytes.count)
    var lexer = Lexer(
      bytes: source.bytes, index: lower, upper: min(max(lower, range.upper), source.bytes.count))
    return lexer.run()
  }

  /// What stands before a token, piece by piece.
  package static func trivia(before token: Token, in source: SourceText) -> [Trivia] {
    var lexer = Lexer(bytes: source.bytes, index: token.leading.lower, upper: token.leading.upper)
    var result: [Trivia] = []
    while let piece = lexer.nextTrivia() { result.append(piece) }
    return result
  }

  private init(bytes: [UInt8], index: Int, upper: Int) {
    self.bytes = bytes
    self.index = index
    self.upper = upper
  }

  private mutating func run() -> [Token] {
    var isFirst = true
    while true {
      let start = index
      var newlines = 0
      var emptyLine = false
      var holdsComment = false
      var lineStart: Int? = isFirst ? start : nil
      while let piece = nextTrivia() {
        switch piece.kind {
        case .lineEnd:
          // A line end that closes a line without a comment, after another line end, closes an empty line.
          if newlines > 0, !holdsComment { emptyLine = true }
          newlines += 1
          holdsComment = false
          lineStart = index
        case .comment: holdsComment = true
        case .blank, .oddBlank: break
        }
      }
      if let lineStart { indentation = columns(from: lineStart, to: index) }
      let leading = SourceRange(start, index)
      let tokenStart = index
      let (kind, isTerminated) = index < upper ? nextToken() : (.end, true)
      if index == tokenStart, kind != .end { index += 1 }
      tokens.append(
        Token(
          kind, at: SourceRange(tokenStart, index), leading: leading,
          isPrecededByNewline: newlines > 0, isPrecededByEmptyLine: emptyLine,
          indentation: indentation, isTerminated: isTerminated))
      if kind == .end { return tokens }
      isFirst = false
    }
  }

  /// The width of the blanks that begin a line; a tab goes to the next multiple of eight.
  private func columns(from lower: Int, to upper: Int) -> Int {
    var width = 0
    for byte in bytes[lower..<upper] {
      if byte == UInt8(ascii: "\t") { width += 8 - width % 8 } else { width += 1 }
    }
    return width
  }

  // MARK: - Characters

  func byte(_ offset: Int = 0) -> UInt8? {
    let place = index + offset
    return place < upper ? bytes[place] : nil
  }

  func byte(at place: Int) -> UInt8? { place < upper ? bytes[place] : nil }

  /// The scalar at a place and the bytes it takes; the text is known to be UTF-8.
  func scalar(at place: Int) -> (Unicode.Scalar, length: Int)? {
    guard let first = byte(at: place) else { return nil }
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard place + length <= upper else { return ("\u{FFFD}", upper - place) }
    var value = UInt32(first) & (length == 4 ? 0x07 : length == 3 ? 0x0F : 0x1F)
    for offset in 1..<length { value = value << 6 | UInt32(bytes[place + offset] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }

  func isDigit(at place: Int) -> Bool {
    guard let byte = byte(at: place) else { return false }
    return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// The length of a letter, digit or `_` at a place, 0 when there is none.
  func nameCharacter(at place: Int) -> Int {
    guard let (scalar, length) = scalar(at: place) else { return 0 }
    if scalar.isASCII {
      let byte = UInt8(truncatingIfNeeded: scalar.value)
      let isLetter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
      return isLetter || byte == UInt8(ascii: "_") || isDigit(at: place) ? 1 : 0
    }
    return scalar.properties.isXIDContinue ? length : 0
  }

  // MARK: - Trivia

  private mutating func nextTrivia() -> Trivia? {
    let start = index
    guard let first = byte() else { return nil }
    switch first {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
      while let next = byte(), next == 0x20 || next == 0x09 || next == 0x0D { index += 1 }
      return Trivia(kind: .blank, range: SourceRange(start, index))
    case UInt8(ascii: "\n"):
      index += 1
      return Trivia(kind: .lineEnd, range: SourceRange(start, index))
    case UInt8(ascii: "#"):
      while let next = byte(), next != UInt8(ascii: "\n") { index += 1 }
      if index > start, bytes[index - 1] == UInt8(ascii: "\r") { index -= 1 }
      return Trivia(kind: .comment, range: SourceRange(start, index))
    case 0x80...:
      guard let (scalar, length) = scalar(at: index), Self.isOddBlank(scalar) else { return nil }
      index += length
      return Trivia(kind: .oddBlank, range: SourceRange(start, index))
    default: return nil
    }
  }

  private static func isOddBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x85, 0xA0, 0x1680, 0x2000...0x200B, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF: true
    default: false
    }
  }

  // MARK: - Tokens

  private mutating func nextToken() -> (Token.Kind, isTerminated: Bool) {
    guard let first = byte() else { return (.end, true) }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return (number(), true)
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      return (.text, text(closing: first))
    case UInt8(ascii: "`"): return (.quotedName, quotedName())
    case UInt8(ascii: "."):
      if isDigit(at: index + 1), !followsOperand() { return (number(), true) }
    case UInt8(ascii: "f"):
      if let quote = byte(1), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
        index += 1
        return (.interpolation, interpolation(closing: quote))
      }
    default: break
    }
    if nameCharacter(at: index) > 0 { return (name(), true) }
    if let isTerminated = typographicText() { return (.text, isTerminated) }
    if let symbol = symbol() { return (.symbol(symbol), true) }
    unknown()
    return (.unknown, true)
  }

  /// True when the token before touches this place and may end an expression: `x[0].5` is no number.
  private func followsOperand() -> Bool {
    guard let last = tokens.last, last.range.upper == index else { return false }
    switch last.kind {
    case .name, .quotedName, .symbol(.closeBracket), .symbol(.closeParenthesis): return true
    default: return false
    }
  }

  private mutating func name() -> Token.Kind {
    let start = index
    var hasDot = false
    while true {
      let length = nameCharacter(at: index)
      if length > 0 {
        index += length
      } else if byte() == UInt8(ascii: "."), nameCharacter(at: index + 1) > 0 {
        hasDot = true
        index += 1
      } else {
        break
      }
    }
    guard !hasDot, index - start <= 7 else { return .name }
    return ReservedWord(bytes[start..<index]).map(Token.Kind.word) ?? .name
  }

  private mutating func symbol() -> Symbol? {
    guard let first = byte(), first < 0x80 else { return nil }
    // Nearly all signs are one character behind which no other sign stands.
    if let next = byte(1), Self.single[Int(next)] != nil || next == UInt8(ascii: "i") {
      for length in stride(from: min(4, upper - index), through: 2, by: -1) {
        if let symbol = Self.symbols[Array(bytes[index..<index + length])] {
          index += length
          return symbol
        }
      }
    }
    guard let symbol = Self.single[Int(first)] else { return nil }
    index += 1
    return symbol
  }

  private static let single: [Symbol?] = {
    var table = [Symbol?](repeating: nil, count: 256)
    for symbol in Symbol.allCases where symbol.rawValue.utf8.count == 1 {
      if let byte = symbol.rawValue.utf8.first { table[Int(byte)] = symbol }
    }
    return table
  }()

  private static let symbols: [[UInt8]: Symbol] = Dictionary(
    uniqueKeysWithValues: Symbol.allCases.map { (Array($0.rawValue.utf8), $0) })

  private mutating func unknown() {
    while index < upper, let (scalar, length) = scalar(at: index) {
      let isPlain = scalar.isASCII && scalar.value > 0x20 && scalar != "\\" && scalar.value != 0x7F
      if isPlain || scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" { return }
      if !scalar.isASCII, nameCharacter(at: index) > 0 || Self.isOddBlank(scalar) || Self.isQuote(scalar) {
        return
      }
      index += length
    }
  }

  static func isQuote(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x2018 && scalar.value <= 0x201F
  }
}
