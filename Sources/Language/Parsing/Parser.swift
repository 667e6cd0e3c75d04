import Diagnostics

/// Turns a text into statements. It knows the shape of statements, stages, groups and expressions and no verb,
/// clause or function by name. It reads on after a fault, so that all faults of a text are told at once: a
/// fault in brackets ends at their closing bracket, a fault in a stage at the next `|`.
package struct Parser {
  static let deepestNesting = 256
  static let longestChain = 10_000

  let source: SourceText
  let tokens: [Token]
  /// For an opening bracket the index of its closing one, otherwise -1.
  var match: [Int]
  var position = 0
  /// Tokens from here on are out of sight: they belong to what encloses the piece being read.
  var limit: Int
  var diagnostics: [Diagnostic] = []
  /// Inside brackets `-` is always an operator, and no groups begin.
  var inBrackets = false
  /// In an item of `{ }`, where `->` may follow.
  var inBraceItem = false
  /// In the braces of a `case`, where a lone name is no word of a block.
  var inCase = false
  /// A fault has been told and what follows has not been found again: no further ones until it is.
  var isPanicking = false
  /// The statement went over a limit: nothing more is said about it.
  var isAbandoned = false
  var depth = 0
  var operators = 0
  /// Ranges (`a..b`) that nobody has claimed: they stand where none may.
  var unplacedRanges: Set<SourceRange> = []
  /// For a range in brackets its place without them.
  var parenthesizedRange: [SourceRange: SourceRange] = [:]
  let subQueries = SubQueries()

  /// Parses a whole text; the faults are in `diagnostics` of the result, in the order of the text.
  package static func parse(_ source: SourceText) -> Script {
    let tokens = Lexer.tokens(of: source)
    var splitter = StatementSplitter(tokens: tokens)
    var places: [(start: Int, end: Int)] = []
    var emptyStatements: [Diagnostic] = []
    var start = 0
    while start < tokens.count - 1 {
      if tokens[start].symbol == .semicolon {
        emptyStatements.append(SyntaxMessages.emptyStatement(at: tokens[start].range))
        start += 1
        continue
      }
      var end = max(start + 1, splitter.end(ofStatementAt: start))
      // `with a as (select …)` stands before a query.
      let isNamed =
        isQueryWord(["with"], tokens, start, source) && start + 3 < tokens.count
        && isQueryWord(["as"], tokens, start + 2, source) && tokens[start + 3].symbol == .openParenthesis
      if isNamed || isQueryWord(["select"], tokens, start, source) {
        // The clauses of a query of SQL stand at the beginnings of their lines; another query behind it is its own.
        while end < tokens.count - 1, !tokens[end].isPrecededByEmptyLine, tokens[end].symbol != .semicolon,
          isQueryWord(queryClauses, tokens, end, source)
            || isQueryWord(["select"], tokens, end, source)
              && (isQueryWord(queryJoints, tokens, end - 1, source)
                || isNamed && tokens[end - 1].symbol == .closeParenthesis)
        {
          end = max(end + 1, splitter.end(ofStatementAt: end))
        }
      }
      places.append((start, end))
      start = end
      if tokens[start].symbol == .semicolon { start += 1 }
    }
    var parser = Parser(source: source, tokens: tokens, match: splitter.match)
    parser.diagnostics = emptyStatements
    let statements = places.map { parser.statement(from: $0.start, to: $0.end) }
    var faults = parser.diagnostics + splitter.diagnostics
    faults += OddBlanks.diagnostics(of: tokens, in: source)
    faults = faults.enumerated().sorted {
      ($0.element.range?.lower ?? 0, $0.offset) < ($1.element.range?.lower ?? 0, $1.offset)
    }.map { $0.element }
    // Thousands of faults of a file that is no script are no help, and each shows its line.
    if faults.count > mostFaults {
      let last = faults[mostFaults]
      faults.removeSubrange(mostFaults...)
      faults.append(SyntaxMessages.tooManyFaults(at: last.range ?? SourceRange(0, 0)))
    }
    return Script(source: source, statements: statements, diagnostics: faults.map { $0.located(in: source) })
  }

  static let mostFaults = 100

  private static let queryClauses: Set<String> = [
    "from", "where", "group", "having", "order", "limit", "offset", "fetch", "join", "left", "right", "inner",
    "full", "outer", "cross", "on", "and", "or", "union", "intersect", "except", "minus", "qualify", "window",
  ]

  /// What stands between two queries that are one.
  private static let queryJoints: Set<String> = ["union", "all", "intersect", "except", "minus", "distinct"]

  /// Whether one of these words stands at a place, and is no name that a pipe or its value follows.
  private static func isQueryWord(
    _ words: Set<String>, _ tokens: [Token], _ place: Int, _ source: SourceText
  ) -> Bool {
    switch tokens[place].kind {
    case .name, .word: break
    default: return false
    }
    let next = place + 1 < tokens.count ? tokens[place + 1].symbol : nil
    if next?.isPipe == true || next == .assign { return false }
    return words.contains(source[tokens[place].range].lowercased())
  }

  init(source: SourceText, tokens: [Token], match: [Int]) {
    self.source = source
    self.tokens = tokens
    self.match = match
    limit = max(0, tokens.count - 1)
  }

  // MARK: - Where we are

  /// The token to be read next; `.end` where the piece being read ends.
  var current: Token { token(at: position) }

  func token(at index: Int) -> Token {
    if index >= 0, index < limit { return tokens[index] }
    return Token(.end, at: endRange, leading: SourceRange(endRange.lower, endRange.lower))
  }

  func peek(_ offset: Int = 1) -> Token { token(at: position + offset) }

  var atEnd: Bool { position >= limit }

  /// The empty place behind the last token that may be read.
  var endRange: SourceRange {
    let place = limit > 0 && limit <= tokens.count ? tokens[limit - 1].range.upper : 0
    return SourceRange(place, place)
  }

  /// Where the token before ends.
  var previousEnd: Int { position > 0 && position <= tokens.count ? tokens[position - 1].range.upper : 0 }

  func text(_ token: Token) -> String { source[token.range] }
  func text(_ range: SourceRange) -> String { source[range] }

  /// The place from a beginning to what was read last.
  func range(from lower: Int) -> SourceRange { SourceRange(lower, max(lower, previousEnd)) }

  @discardableResult
  mutating func advance() -> Token {
    let token = current
    if position < limit { position += 1 }
    return token
  }

  func isNext(_ symbol: Symbol) -> Bool { current.symbol == symbol }

  /// The index of the closing bracket of the opening one at an index, if it has one in sight.
  func partner(of index: Int) -> Int? {
    guard index < match.count, match[index] > index, match[index] < limit else { return nil }
    return match[index]
  }

  /// What stands between the commas of some tokens, without those in brackets; a piece may be empty.
  func pieces(_ range: Range<Int>) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var (start, place) = (range.lowerBound, range.lowerBound)
    while place < range.upperBound {
      if tokens[place].symbol == .comma {
        pieces.append(start..<place)
        start = place + 1
      }
      place = partner(of: place).map { $0 + 1 } ?? place + 1
    }
    return pieces + [start..<max(start, range.upperBound)]
  }

  /// True when the token at an index is a name of some other language's word, whatever its case.
  func isWord(_ word: String, at index: Int) -> Bool {
    let token = token(at: index)
    switch token.kind {
    case .name, .word: break
    default: return false
    }
    return token.range.upper - token.range.lower == word.utf8.count && text(token).lowercased() == word
  }

  // MARK: - Faults

  /// Tells a fault that is certain and does not disturb what follows.
  mutating func report(_ diagnostic: Diagnostic) {
    if !isAbandoned { diagnostics.append(diagnostic) }
  }

  /// Tells a fault after which the parser does not know where it stands.
  mutating func fail(_ diagnostic: Diagnostic?) {
    if !isPanicking, let diagnostic { report(diagnostic) }
    isPanicking = true
  }

  /// Gives the statement up.
  mutating func abandon(_ diagnostic: Diagnostic) {
    report(diagnostic)
    isAbandoned = true
    isPanicking = true
    position = limit
  }

  /// Counts one more level of nesting; false when there are too many.
  mutating func descend() -> Bool {
    depth += 1
    if depth <= Self.deepestNesting { return true }
    abandon(SyntaxMessages.tooDeep(limit: Self.deepestNesting, at: current.range))
    return false
  }

  /// Counts one more operator of a statement; false when there are too many.
  mutating func countOperator() -> Bool {
    operators += 1
    if operators <= Self.longestChain { return true }
    abandon(SyntaxMessages.tooManyOperators(limit: Self.longestChain, at: current.range))
    return false
  }

  /// Moves to the next token outside brackets for which the condition holds, or to the limit.
  mutating func skip(to isTarget: (Token) -> Bool) { position = place(of: isTarget) }

  /// The place of the next token outside brackets for which the condition holds, or the limit.
  func place(of isTarget: (Token) -> Bool) -> Int {
    var place = position
    while place < limit, !isTarget(tokens[place]) { place = partner(of: place).map { $0 + 1 } ?? place + 1 }
    return place
  }

  // MARK: - Brackets

  struct Enclosure {
    var close: Int?
    var limit: Int
    var inBrackets: Bool
    var inBraceItem: Bool
  }

  /// Steps over an opening bracket; what is in sight ends before its closing one.
  mutating func enterBrackets() -> Enclosure {
    let close = partner(of: position)
    let enclosure = Enclosure(
      close: close, limit: limit, inBrackets: inBrackets, inBraceItem: inBraceItem)
    position += 1
    if let close { limit = close }
    inBrackets = true
    inBraceItem = false
    return enclosure
  }

  /// Steps behind the closing bracket. What was not read before it is a fault unless one was told already.
  mutating func leaveBrackets(_ enclosure: Enclosure) {
    if position < limit { fail(unexpected()) }
    position = limit
    limit = enclosure.limit
    inBrackets = enclosure.inBrackets
    inBraceItem = enclosure.inBraceItem
    if let close = enclosure.close {
      position = close + 1
      isPanicking = isAbandoned
    } else {
      // Told by the splitter; nothing behind an unclosed bracket can be trusted.
      isPanicking = true
    }
  }
}

/// Blanks that look like blanks and are none to most programs.
enum OddBlanks {
  static func diagnostics(of tokens: [Token], in source: SourceText) -> [Diagnostic] {
    var result: [Diagnostic] = []
    for token in tokens where token.isPrecededByBlank {
      let leading = source.bytes[token.leading.lower..<token.leading.upper]
      if leading.allSatisfy({ $0 < 0x80 }) { continue }
      for piece in Lexer.trivia(before: token, in: source) where piece.kind == .oddBlank {
        // The byte order mark at the beginning of a file is customary.
        if piece.range.lower == 0, source[piece.range] == "\u{FEFF}" { continue }
        let scalar = source[piece.range].unicodeScalars.first ?? " "
        result.append(SyntaxMessages.oddBlank(scalar, at: piece.range))
      }
    }
    return result
  }
}
