import Diagnostics

/// What is said when a complete expression is followed by something that cannot follow it.
extension Parser {
  /// The fault at this place, nil when it has been told already.
  func unexpected() -> Diagnostic? {
    let token = position < limit ? tokens[position] : tokens[min(position, tokens.count - 1)]
    let range = position < limit ? token.range : endOfPrevious
    switch token.kind {
    case .symbol(let symbol):
      if let fault = unexpected(symbol, at: range) { return fault }
      if symbol.isClosing { return nil }
    case .word(let word) where word == .asc || word == .desc:
      return SyntaxMessages.directionMisplaced(word.rawValue, at: range)
    case .word(.else):
      let isInBraces = (0..<min(position, tokens.count)).contains {
        tokens[$0].symbol == .openBrace && match[$0] > position
      }
      return isInBraces
        ? SyntaxMessages.elseWithoutComma(at: range) : SyntaxMessages.elseMisplaced(at: range)
    case .unknown: return SyntaxMessages.unknownCharacter(text(token), at: range)
    default: break
    }
    guard position > 0 else { return SyntaxMessages.unexpected(describe(position), at: range) }
    let before = tokens[position - 1]
    if before.kind == .percent, token.isLiteral || token.kind == .name, inBrackets {
      // Where it touches the sign it has been told already.
      if !token.isPrecededByBlank { return nil }
      let number = String(text(before).dropLast())
      return SyntaxMessages.percentOrRemainder(number, text(token), at: before.range.union(token.range))
    }
    if before.kind == .date, token.kind == .int, self.token(at: position + 1).symbol == .colon {
      let end = self.token(at: position + 2).range.upper
      return SyntaxMessages.blankInDatetime(
        text(before), text(SourceRange(token.range.lower, end)), at: SourceRange(before.range.lower, end))
    }
    if inBrackets, token.kind == .name, let fault = foreignInBrackets(before) { return fault }
    if inBrackets {
      return SyntaxMessages.operatorMissing(
        text(before), describe(position), name: nameWithBlanks(), at: range)
    }
    return SyntaxMessages.unexpected(describe(position), at: range)
  }

  /// `Unit No` of `[Unit No]`, where names stand alone between the brackets; nil for anything else.
  private func nameWithBlanks() -> String? {
    var (first, last) = (position - 1, position)
    while first > 0, token(at: first - 1).kind == .name { first -= 1 }
    while isNamePart(last + 1) { last += 1 }
    let opening = first > 0 ? tokens[first - 1].symbol : nil
    guard token(at: first).kind == .name, (first...last).allSatisfy(isNamePart), last + 1 < tokens.count,
      [.openBracket, .openParenthesis].contains(opening), tokens[last + 1].symbol == opening?.closing
    else { return nil }
    return text(SourceRange(tokens[first].range.lower, tokens[last].range.upper))
  }

  /// A name, or a sign of an abbreviation: the point of `Unit No.`.
  private func isNamePart(_ index: Int) -> Bool {
    token(at: index).kind == .name || token(at: index).symbol == .dot && !token(at: index).isPrecededByBlank
  }

  /// `Unit No.`: names up to a point that closes an abbreviation, behind the verb or a word of a clause.
  private func nameWithPoint() -> String? {
    guard position > 0, !current.isPrecededByBlank, tokens[position - 1].kind == .name else { return nil }
    let clauses = ["by", "sort", "on", "as", "with", "and", "or", "not"]
    var first = position - 1
    while first > 1, tokens[first - 1].kind == .name, tokens[first - 2].symbol?.isPipe != true,
      !clauses.contains(text(tokens[first - 1]).lowercased())
    { first -= 1 }
    return text(SourceRange(tokens[first].range.lower, current.range.upper))
  }

  /// `count(distinct x)`, `cast(x as date)`: a word of SQL between two operands in brackets.
  private func foreignInBrackets(_ before: Token) -> Diagnostic? {
    if before.kind == .name, text(before).lowercased() == "distinct" {
      return SyntaxMessages.distinctArgument(text(current), at: before.range.union(current.range))
    }
    if isWord("from", at: position), position > 2, tokens[position - 2].symbol == .openParenthesis,
      ["extract", "date_part"].contains(text(tokens[position - 3]).lowercased())
    {
      return SyntaxMessages.extractFrom(
        text(before).lowercased(), peek().kind == .name ? text(peek()) : "x",
        at: tokens[position - 3].range.union(current.range))
    }
    guard isWord("as", at: position), peek().kind == .name, position > 0 else { return nil }
    return SyntaxMessages.cast(text(before), text(peek()), at: before.range.union(peek().range))
  }

  /// The number behind a sign of money, with groups of thousands taken together: `10,000.50`.
  func amount() -> (text: String, range: SourceRange) {
    var end = position + 1
    while token(at: end + 1).symbol == .comma, [.int, .float].contains(token(at: end + 2).kind),
      token(at: end + 2).range.lower == token(at: end).range.upper + 1
    { end += 2 }
    let range = SourceRange(peek().range.lower, token(at: end).range.upper)
    return (text(range).filter { $0 != "," }, range)
  }

  private func unexpected(_ symbol: Symbol, at range: SourceRange) -> Diagnostic? {
    switch symbol {
    case .question:
      // `ICU? == "Y"`
      let before = position > 0 ? tokens[position - 1] : nil
      let name = before.flatMap { $0.kind == .name && $0.range.upper == range.lower ? text($0) + "?" : nil }
      return SyntaxMessages.ternary(name: name, at: range)
    case .arrow, .fatArrow:
      let before = token(at: position - 1)
      let areNames = !inBrackets && before.kind == .name && peek().kind == .name
      return SyntaxMessages.arrowOutsideBraces(areNames ? (text(before), text(peek())) : nil, at: range)
    case .pipe, .pipeNative, .pipeR: return SyntaxMessages.pipeInArguments(at: range)
    case .dollar where [.int, .float].contains(peek().kind):
      return SyntaxMessages.moneySign(amount().text, at: range.union(amount().range))
    case .dollar: return SyntaxMessages.dollar("", at: range)
    case .dot:
      if inBrackets, let name = nameWithBlanks() { return SyntaxMessages.pointInName(name, at: range) }
      return nameWithPoint().map { SyntaxMessages.pointInName($0, at: range) }
    case .assignWalrus: return SyntaxMessages.walrus(at: range)
    case .colon:
      if position > 0, peek().symbol == .colon, peek(2).kind == .name {
        let before = tokens[position - 1].range
        // `lubridate::year(admitted)`
        var call: String?
        if peek(3).symbol == .openParenthesis {
          var end = position + 3
          var depth = 0
          while end < limit {
            if token(at: end).symbol == .openParenthesis { depth += 1 }
            if token(at: end).symbol == .closeParenthesis { depth -= 1 }
            if depth == 0 { break }
            end += 1
          }
          call = text(SourceRange(peek(2).range.lower, token(at: end).range.upper))
        }
        return SyntaxMessages.cast(
          text(before), text(peek(2)), call: call, at: before.union(peek(2).range))
      }
      if position > 1, tokens[position - 1].kind == .int, tokens[position - 2].kind == .date {
        let end = token(at: position + 1).range.upper
        let date = tokens[position - 2].range
        return SyntaxMessages.blankInDatetime(
          text(date), text(SourceRange(tokens[position - 1].range.lower, end)),
          at: SourceRange(date.lower, end))
      }
      return SyntaxMessages.colonMisplaced(at: range)
    default: return nil
    }
  }

  /// A token as messages call it.
  func describe(_ index: Int) -> String {
    guard index >= 0, index < tokens.count - 1 else { return "the end of the text" }
    let token = tokens[index]
    if index >= limit, token.isPrecededByNewline, token.symbol?.isClosing != true {
      return "the end of the line"
    }
    switch token.kind {
    case .text, .interpolation: return "the text \(shortened(token))"
    case .int, .float, .percent, .duration, .malformedNumber: return "the number \(shortened(token))"
    case .date, .datetime: return "the date \(shortened(token))"
    case .end: return "the end of the text"
    default: return "`\(shortened(token))`"
    }
  }

  private func shortened(_ token: Token) -> String {
    let spelling = text(token)
    return spelling.count > 40 ? spelling.prefix(39) + "…" : spelling
  }
}
