import Diagnostics

/// The values of literals.
extension Parser {
  mutating func literal() -> Expression {
    let token = current
    switch token.kind {
    case .int: return taken(token, integer(token))
    case .float: return taken(token, float(token))
    case .percent: return taken(token, percent(token))
    case .date, .datetime:
      switch LiteralValue.moment(text(token)) {
      case .success(let kind): return taken(token, kind)
      case .failure(let fault):
        report(fault.diagnostic(token.range))
        return taken(token, .invalid)
      }
    case .duration: return duration()
    case .malformedNumber:
      report(malformed(token))
      return taken(token, .invalid)
    case .text: return textLiteral(token)
    case .interpolation: return interpolation(token)
    default: return invalid()
    }
  }

  private mutating func taken(_ token: Token, _ kind: Expression.Kind) -> Expression {
    advance()
    return Expression(kind, at: token.range)
  }

  private func plainDigits(_ token: Token) -> String { text(token).filter { $0 != "_" } }

  private mutating func integer(_ token: Token) -> Expression.Kind {
    if let fault = partialDate(token) { report(fault) }
    if let value = Int64(plainDigits(token)) { return .int(value) }
    report(SyntaxMessages.integerTooLarge(at: token.range))
    return .invalid
  }

  /// `2026-10` is a month to its author and 2016 to arithmetic: neither is guessed.
  private func partialDate(_ token: Token) -> Diagnostic? {
    guard token.range.upper - token.range.lower == 4, let year = Int(text(token)),
      (1900...2100).contains(year)
    else { return nil }
    let dash = peek()
    let month = peek(2)
    guard dash.symbol == .minus, !dash.isPrecededByBlank, month.kind == .int, !month.isPrecededByBlank,
      month.range.upper - month.range.lower == 2, let number = Int(text(month)), (1...12).contains(number)
    else { return nil }
    return SyntaxMessages.partialDate(text(token), text(month), at: token.range.union(month.range))
  }

  private mutating func float(_ token: Token) -> Expression.Kind {
    var digits = plainDigits(token)
    if digits.hasPrefix(".") { digits = "0" + digits }
    if let value = Double(digits), value.isFinite { return .float(value) }
    report(SyntaxMessages.numberTooLarge(at: token.range))
    return .invalid
  }

  private mutating func percent(_ token: Token) -> Expression.Kind {
    if let fault = touchedPercent(token) { report(fault) }
    var digits = String(plainDigits(token).dropLast())
    if digits.hasPrefix(".") { digits = "0" + digits }
    if let value = Double(digits), value.isFinite { return .percent(value / 100) }
    report(SyntaxMessages.numberTooLarge(at: token.range))
    return .invalid
  }

  /// `7%3` and `7%-3`: a remainder to its author, for whom the sign touches both sides.
  private func touchedPercent(_ token: Token) -> Diagnostic? {
    var last = peek()
    guard !last.isPrecededByBlank else { return nil }
    var divisor = ""
    if last.symbol == .minus {
      last = peek(2)
      divisor = "-"
      guard !last.isPrecededByBlank else { return nil }
    }
    switch last.kind {
    case .int, .float, .name, .quotedName: break
    default: return nil
    }
    return SyntaxMessages.percentOrRemainder(
      String(text(token).dropLast()), divisor + text(last), at: token.range.union(last.range))
  }

  /// `30d 4h 15min`: adjacent parts are one literal, from the larger unit to the smaller.
  private mutating func duration() -> Expression {
    let start = current.range.lower
    var total: Int64 = 0
    var last = Int64.max
    var isValid = true
    while current.kind == .duration {
      let token = advance()
      guard let (part, unit) = LiteralValue.durationPart(plainDigits(token)) else {
        report(SyntaxMessages.durationTooLong(at: token.range))
        isValid = false
        continue
      }
      if unit.length >= last, isValid {
        report(SyntaxMessages.durationOrder(at: SourceRange(start, token.range.upper)))
        isValid = false
      }
      last = unit.length
      let (sum, overflow) = total.addingReportingOverflow(part)
      if overflow, isValid {
        report(SyntaxMessages.durationTooLong(at: SourceRange(start, token.range.upper)))
        isValid = false
      }
      total = sum
    }
    return Expression(isValid ? .duration(total) : .invalid, at: range(from: start))
  }

  private func malformed(_ token: Token) -> Diagnostic {
    let spelling = text(token)
    let number = String(spelling.prefix { $0.isNumber || $0 == "." || $0 == "_" || $0 == "-" })
    let unit = String(spelling.dropFirst(number.count))
    if let fault = SyntaxMessages.unknownUnit(number, unit, at: token.range) { return fault }
    return SyntaxMessages.nameBeginsWithDigit(spelling, at: token.range)
  }

  // MARK: - Text

  private mutating func textLiteral(_ token: Token) -> Expression {
    var (value, fault) = LiteralValue.text(token, in: source)
    if let fault { report(fault) }
    advance()
    // 'it''s'
    while current.kind == .text, !current.isPrecededByBlank, !isAbandoned {
      value += text(current).prefix(1) + LiteralValue.text(current, in: source).value
      advance()
    }
    let whole = range(from: token.range.lower)
    if whole != token.range, fault == nil { report(SyntaxMessages.doubledQuote(value, at: whole)) }
    return Expression(.text(value), at: whole)
  }

  /// `f"…{expression:format}…"`; `{{` and `}}` stand for the braces themselves.
  private mutating func interpolation(_ token: Token) -> Expression {
    guard token.isTerminated else {
      report(SyntaxMessages.unclosedText("f\"", at: token.range))
      return taken(token, .invalid)
    }
    var parts: [Expression.InterpolationPart] = []
    var literal: [UInt8] = []
    let end = token.range.upper - 1
    var index = token.range.lower + 2
    func flush(_ parts: inout [Expression.InterpolationPart]) {
      if !literal.isEmpty { parts.append(.text(LiteralValue.unescaped(literal))) }
      literal = []
    }
    while index < end {
      let byte = source.bytes[index]
      let next = index + 1 < end ? source.bytes[index + 1] : 0
      if byte == UInt8(ascii: "{"), next != byte {
        flush(&parts)
        index = interpolated(from: index, to: end, &parts)
      } else if byte == UInt8(ascii: "{") || (byte == UInt8(ascii: "}") && next == byte) {
        literal.append(byte)
        index += 2
      } else if byte == UInt8(ascii: "}") {
        report(SyntaxMessages.strayBraceInText(at: SourceRange(index, index + 1)))
        index += 1
      } else if byte == UInt8(ascii: "\\"), index + 1 < end {
        literal += [byte, next]
        index += 2
        if next == UInt8(ascii: "u"), index < end, source.bytes[index] == UInt8(ascii: "{") {
          while index < end, source.bytes[index] != UInt8(ascii: "}") {
            literal.append(source.bytes[index])
            index += 1
          }
          if index < end { literal.append(UInt8(ascii: "}")) }
          index += 1
        }
      } else {
        literal.append(byte)
        index += 1
      }
    }
    flush(&parts)
    return taken(token, .interpolation(parts))
  }

  /// One `{…}`; the result is where the text goes on.
  private mutating func interpolated(
    from open: Int, to end: Int, _ parts: inout [Expression.InterpolationPart]
  ) -> Int {
    guard let close = LiteralValue.closingBrace(source.bytes, from: open, to: end) else {
      report(SyntaxMessages.unclosedBraceInText(at: SourceRange(open, open + 1)))
      return end
    }
    let tokens = Lexer.tokens(of: source, in: SourceRange(open + 1, close))
    var splitter = StatementSplitter(tokens: tokens)
    _ = splitter.end(ofStatementAt: 0)
    var inner = Parser(source: source, tokens: tokens, match: splitter.match)
    inner.diagnostics = splitter.diagnostics
    inner.depth = depth
    inner.operators = operators
    inner.inBrackets = true
    if inner.atEnd {
      report(SyntaxMessages.emptyBraceInText(at: SourceRange(open, close + 1)))
      return close + 1
    }
    guard inner.descend() else {
      isAbandoned = true
      diagnostics += inner.diagnostics
      return close + 1
    }
    let value = inner.expression()
    var format: String?
    if inner.isNext(.colon) {
      format = text(SourceRange(inner.current.range.upper, close))
    } else if !inner.atEnd {
      inner.fail(inner.unexpected())
    }
    operators = inner.operators
    if !isAbandoned { diagnostics += inner.diagnostics }
    isAbandoned = isAbandoned || inner.isAbandoned
    parts.append(.value(value, format: format))
    return close + 1
  }
}
