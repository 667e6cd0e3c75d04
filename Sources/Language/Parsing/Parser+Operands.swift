import Diagnostics

/// Operands: literals, names, calls, paths, brackets.
extension Parser {
  /// A place that could not be read.
  func invalid() -> Expression { Expression(.invalid, at: endOfPrevious) }

  /// True for a reserved word that a `=` follows: then it is a name. So is `case == 1`, which nothing else means.
  func isNameByAssignment(_ index: Int) -> Bool {
    guard let word = token(at: index).word, let next = token(at: index + 1).symbol else { return false }
    if next == .assign { return true }
    switch word {
    case .case, .else, .asc, .desc: return next == .equal || next == .notEqual || next == .notEqualSQL
    default: return false
    }
  }

  /// An operand and the paths that touch it: `x[0].code`.
  mutating func postfix() -> Expression {
    var base = operand()
    while !isAbandoned, !isPanicking {
      let next = current
      guard !next.isPrecededByBlank, !peek().isPrecededByBlank || next.symbol == .openBracket else { break }
      if next.symbol == .openBracket {
        guard countOperator() else { break }
        base = index(of: base)
      } else if next.symbol == .dot, let name = name(from: peek()) {
        guard countOperator() else { break }
        position += 2
        base = field(name, of: base)
      } else if next.symbol == .dollar, let name = name(from: peek()) {
        report(SyntaxMessages.dollar(name.text, at: base.range.union(name.range)))
        position += 2
        base = field(name, of: base)
      } else {
        break
      }
    }
    return base
  }

  private mutating func index(of base: Expression) -> Expression {
    let enclosure = enterBrackets()
    var selector = invalid()
    if atEnd {
      fail(SyntaxMessages.emptyIndex(at: SourceRange(base.range.upper, current.range.upper)))
    } else {
      selector = expression()
      if isNext(.comma), !isPanicking {
        fail(SyntaxMessages.indexWithComma(text(base.range), at: current.range))
      } else if isNext(.colon), !isPanicking {
        fail(SyntaxMessages.sliceWithColon(at: current.range))
      }
      if isPanicking { position = limit }
    }
    leaveBrackets(enclosure)
    return Expression(.index(base, selector), at: range(from: base.range.lower))
  }

  private mutating func field(_ name: Name, of base: Expression) -> Expression {
    if isNext(.openParenthesis), !current.isPrecededByBlank { return methodCall(name, on: base) }
    if name.isQuoted || !name.text.contains(".") {
      return Expression(.field(base, name), at: base.range.union(name.range))
    }
    var result = base
    var lower = name.range.lower
    for part in name.text.split(separator: ".", omittingEmptySubsequences: false) {
      let place = SourceRange(lower, lower + part.utf8.count)
      guard countOperator() else { return result }
      result = Expression(.field(result, Name(String(part), at: place)), at: result.range.union(place))
      lower = place.upper + 1
    }
    return result
  }

  /// `x[0].mean()`: told, and read as `mean(x[0])`.
  private mutating func methodCall(_ name: Name, on base: Expression) -> Expression {
    let arguments = arguments()
    report(SyntaxMessages.methodCall(name.text, text(base.range), at: name.range))
    return Expression(.call(name, [.init(value: base)] + arguments), at: range(from: base.range.lower))
  }

  private mutating func operand() -> Expression {
    let token = current
    switch token.kind {
    case .name: return nameOrCall(Name(text(token), at: token.range))
    case .quotedName:
      if !token.isTerminated { report(SyntaxMessages.unclosedName(at: token.range)) }
      if token.isTerminated, token.range.upper - token.range.lower == 2 {
        report(SyntaxMessages.emptyName(at: token.range))
      }
      return nameOrCall(quotedName(token))
    case .word(let word): return reserved(word)
    case .int, .float, .percent, .date, .datetime, .duration, .malformedNumber, .text, .interpolation:
      return literal()
    case .symbol(let symbol): return bracketOrFault(symbol)
    case .unknown:
      fail(SyntaxMessages.unknownCharacter(text(token), at: token.range))
      advance()
      return invalid()
    case .end: return missingOperand()
    }
  }

  private mutating func missingOperand() -> Expression {
    if current.symbol == .dollar, [.int, .float].contains(peek().kind) {
      fail(SyntaxMessages.moneySign(amount().text, at: current.range.union(amount().range)))
      return invalid()
    }
    if current.symbol == .at, peek().kind == .name {
      let sign = current.range
      report(SyntaxMessages.atSign(text(peek()), at: sign))
      advance()
      return operand()
    }
    fail(
      SyntaxMessages.expressionExpected(
        describe(position), behind: behind, beginsLine: current.isPrecededByNewline, at: placeOfMissing))
    return invalid()
  }

  /// What the expression that is missing should have followed, for the message.
  private var behind: String? {
    guard position > 0 else { return nil }
    let before = tokens[position - 1]
    return before.continuesLine && before.symbol?.isOpening != true ? text(before) : nil
  }

  /// The token that stands where an expression should, or the empty place behind the last one.
  private var placeOfMissing: SourceRange {
    if position < limit { return tokens[position].range }
    return endOfPrevious
  }

  private mutating func nameOrCall(_ name: Name) -> Expression {
    advance()
    if isNext(.openParenthesis), !current.isPrecededByBlank {
      if let meant = caseWhen(name, open: position), let close = partner(of: position) {
        report(SyntaxMessages.caseWhenCall(name.text, meant.spelled, at: meant.range))
        position = close + 1
        return Expression(.invalid, at: meant.range)
      }
      let arguments = arguments()
      return Expression(.call(name, arguments), at: range(from: name.range.lower))
    }
    if current.kind == .text, current.isPrecededByBlank || tokens[position].range.lower == name.range.upper,
      let fault = foreignPrefix(name)
    {
      report(fault.diagnostic)
      if fault.skipsName { return operandBehindPrefix() }
    }
    if inBrackets, isNext(.openParenthesis), partner(of: position) != nil, !isPanicking {
      report(
        SyntaxMessages.blankBeforeCall(name.text, at: SourceRange(name.range.upper, current.range.lower)))
      let arguments = arguments()
      return Expression(.call(name, arguments), at: range(from: name.range.lower))
    }
    return Expression(.name(name), at: name.range)
  }

  private mutating func operandBehindPrefix() -> Expression {
    let token = current
    if let kind = LiteralValue.dateInText(LiteralValue.text(token, in: source).value) {
      advance()
      return Expression(kind, at: token.range)
    }
    return literal()
  }

  private mutating func reserved(_ word: ReservedWord) -> Expression {
    let token = current
    if isNameByAssignment(position) {
      advance()
      return Expression(.name(Name(text(token), at: token.range)), at: token.range)
    }
    switch word {
    case .true, .false:
      advance()
      return Expression(.bool(word == .true), at: token.range)
    case .missing, .null:
      if peek().symbol == .openParenthesis, !peek().isPrecededByBlank, let close = partner(of: position + 1) {
        return missingCall(close)
      }
      advance()
      return Expression(.missing, at: token.range)
    case .case: return choice()
    case .if: return conditional()
    case .not: return operators(atLeast: .not)
    case .and, .or:
      if peek().symbol == .openParenthesis,
        position == 0 || !tokens[position - 1].continuesLine || partner(of: position + 1) != nil
      {
        return spreadsheetCall(word)
      }
    case .asc, .desc:
      if let close = partner(of: position + 1), peek().symbol == .openParenthesis {
        return directionCall(close)
      }
    default: break
    }
    fail(
      SyntaxMessages.reservedWord(
        text(token), isFirst: token.isPrecededByNewline || position == 0, at: token.range))
    if !word.isOperator { advance() }
    return invalid()
  }

  /// `desc(age)`: told, and read as its key.
  private mutating func directionCall(_ close: Int) -> Expression {
    let word = advance()
    let open = current.range
    let whole = word.range.union(tokens[close].range)
    report(
      SyntaxMessages.directionCall(
        text(word), text(SourceRange(open.upper, tokens[close].range.lower)), at: whole))
    return arguments().first?.value ?? invalid()
  }

  /// `missing(age)`: told, and read as `age is missing`.
  private mutating func missingCall(_ close: Int) -> Expression {
    let whole = current.range.union(tokens[close].range)
    advance()
    let inner = text(SourceRange(current.range.upper, tokens[close].range.lower))
    report(SyntaxMessages.missingCall(inner, at: whole))
    guard let value = arguments().first?.value else { return Expression(.invalid, at: whole) }
    return Expression(.isMissing(value, negated: false), at: whole, isParenthesized: true)
  }

  /// `case_when(a > 1 ~ "x", TRUE ~ "y")` with braces and arrows; nil for other calls.
  private func caseWhen(_ name: Name, open: Int) -> (spelled: String, range: SourceRange)? {
    guard name.text.lowercased() == "case_when", let close = partner(of: open), close > open + 1 else {
      return nil
    }
    var spelled = ""
    var end = tokens[open].range.upper
    var index = open + 1
    while index < close {
      let token = tokens[index]
      spelled += text(SourceRange(end, token.range.lower))
      let next = tokens[index + 1]
      if token.symbol == .matches {
        spelled += "->"
      } else if next.symbol == .matches, token.word == .true || text(token) == ".default" {
        spelled += "else"
      } else if token.symbol?.isOpening == true, let last = partner(of: index) {
        spelled += text(SourceRange(token.range.lower, tokens[last].range.upper))
        index = last
      } else {
        spelled += text(token)
      }
      end = tokens[index].range.upper
      index += 1
    }
    return ("case { \(spelled) }", name.range.union(tokens[close].range))
  }

  private mutating func bracketOrFault(_ symbol: Symbol) -> Expression {
    let token = current
    switch symbol {
    case .openParenthesis: return parentheses(behindIn: false)
    case .openBracket: return list()
    case .openBrace: return braces()
    case .assign:
      report(SyntaxMessages.leadingEquals(at: token.range))
      advance()
      if descend() {
        defer { depth -= 1 }
        return isNext(.assign) ? missingOperand() : unary()
      }
      return invalid()
    case .dot where !peek().isPrecededByBlank && (peek().kind == .name || peek().kind == .quotedName):
      report(SyntaxMessages.leadingDot(text(peek()), at: token.range))
      advance()
      return operand()
    case .minus, .plus, .bang: return unary()
    case .times where !inBrackets && (position + 1 >= limit || [.comma, .pipe].contains(peek().symbol)):
      report(SyntaxMessages.starColumns(at: token.range))
      advance()
      return Expression(.invalid, at: token.range)
    case .times where !inBrackets && ["except", "exclude", "except_"].contains(text(peek()).lowercased()):
      // `select * except (charges)`
      var end = position + 2
      while end < limit, self.token(at: end).symbol?.isPipe != true { end += 1 }
      let names = text(SourceRange(peek().range.upper, self.token(at: end - 1).range.upper))
      report(
        SyntaxMessages.starColumns(
          but: names.split { "() ".contains($0) }.joined(separator: " "), at: token.range.union(peek().range))
      )
      position = end
      return Expression(.invalid, at: token.range)
    default: return missingOperand()
    }
  }

  // MARK: - Lists and parentheses

  private mutating func list() -> Expression {
    let start = current.range.lower
    let enclosure = enterBrackets()
    var elements: [Expression] = []
    while nextElement() {
      let element = expression()
      acceptRange(element)
      elements.append(element)
      endElement()
    }
    leaveBrackets(enclosure)
    return Expression(.list(elements), at: range(from: start))
  }

  /// True when an element follows in brackets; tells commas without one.
  mutating func nextElement() -> Bool {
    while isNext(.comma) {
      fail(SyntaxMessages.nothingBeforeComma(at: current.range))
      isPanicking = isAbandoned
      advance()
    }
    return !atEnd
  }

  /// Steps over the comma behind an element; looks for the next one after a fault.
  mutating func endElement() {
    if !isPanicking, isNext(.semicolon) { report(SyntaxMessages.semicolonInBrackets(at: current.range)) }
    if !isPanicking, let fault = commaInBrackets() { report(fault) }
    if !isPanicking, !atEnd, !isNext(.comma), !isNext(.semicolon) { fail(unexpected()) }
    if !atEnd, !isNext(.comma), !isNext(.semicolon) {
      skip { $0.symbol == .comma || $0.symbol == .semicolon }
    }
    if limit < tokens.count - 1, tokens[limit].symbol?.isClosing == true { isPanicking = isAbandoned }
    advance()
  }

  /// `(expression)`, `(pipeline)`, and behind `in` also `("a", "b")`.
  mutating func parentheses(behindIn: Bool) -> Expression {
    let start = current.range.lower
    if holdsPipeline(position) {
      let enclosure = enterBrackets()
      inBrackets = false
      guard descend() else { return invalid() }
      let inner = pipeline()
      depth -= 1
      leaveBrackets(enclosure)
      return Expression(.pipeline(inner), at: range(from: start), isParenthesized: true)
    }
    let open = position
    let enclosure = enterBrackets()
    var elements: [Expression] = []
    while nextElement() {
      elements.append(expression())
      if behindIn, let last = elements.last { acceptRange(last) }
      endElement()
    }
    let hasComma = position > open + 1 && tokens[position - 1].symbol == .comma
    leaveBrackets(enclosure)
    let whole = range(from: start)
    if elements.count == 1, !hasComma, !(behindIn && elements[0].isLiteral) {
      var inner = elements[0]
      if case .range = inner.kind { parenthesizedRange[whole] = inner.range }
      inner.range = whole
      inner.isParenthesized = true
      return inner
    }
    if elements.isEmpty, partner(of: open) != nil {
      report(SyntaxMessages.emptyParentheses(at: whole))
      return Expression(.invalid, at: whole)
    }
    if !behindIn, let close = partner(of: open), elements.count > 1 {
      report(
        SyntaxMessages.listInParentheses(text(SourceRange(start + 1, tokens[close].range.lower)), at: whole))
      return Expression(.list(elements), at: whole)
    }
    return Expression(.tuple(elements), at: whole)
  }

  /// True when the content of a `(` goes on after its first expression with a word or `|`. Only the tokens are
  /// looked at, each once, so that nested brackets cost nothing more.
  private func holdsPipeline(_ open: Int) -> Bool {
    let end = partner(of: open) ?? limit
    var index = open + 1
    var afterOperand = false
    var openCase = false
    while index < end {
      let token = tokens[index]
      switch token.kind {
      case .symbol(let symbol):
        if symbol.isPipe { return index > open + 1 }
        if symbol == .comma || symbol == .colon || symbol == .arrow || symbol == .semicolon { return false }
        if symbol.isOpening {
          let touches = !token.isPrecededByBlank
          if afterOperand, symbol == .openBrace, openCase {
            openCase = false
          } else if afterOperand, !touches || symbol == .openBrace {
            return symbol != .openParenthesis && index == open + 2 && tokens[open + 1].kind == .name
              && endsPiece(behind: index, before: end)
          }
          guard match[index] > index, match[index] < end else { return false }
          index = match[index]
          afterOperand = true
        } else {
          afterOperand = false
        }
      case .word(.case):
        if afterOperand { return false }
        openCase = true
      case .word(.if): afterOperand = false
      case .word(let word):
        if afterOperand, !word.isOperator { return false }
        afterOperand = word.isLiteral
      case .name, .quotedName:
        if afterOperand {
          return !(openCase && isWord("when", at: index)) && !isForeignPrefix(at: index)
        }
        if openCase, isWord("when", at: index) { return false }
        afterOperand = true
      case .text, .interpolation:
        if afterOperand {
          return index == open + 2 && tokens[open + 1].kind == .name && !isForeignPrefix(at: open + 1)
        }
        afterOperand = true
      case .duration:
        if afterOperand, tokens[index - 1].kind != .duration { return false }
        afterOperand = true
      case .int, .float, .percent, .date, .datetime, .malformedNumber:
        if afterOperand { return false }
        afterOperand = true
      case .unknown, .end: return false
      }
      index += 1
    }
    return false
  }

  /// True when nothing, a name or a `|` follows the bracket that opens at an index.
  private func endsPiece(behind open: Int, before end: Int) -> Bool {
    guard match[open] > open, match[open] < end else { return false }
    let next = match[open] + 1
    return next >= end || tokens[next].kind == .name || tokens[next].symbol?.isPipe == true
  }

  // MARK: - Calls

  /// The arguments in the brackets that begin here.
  mutating func arguments() -> [Expression.Argument] {
    let enclosure = enterBrackets()
    var arguments: [Expression.Argument] = []
    if isNext(.times), position + 1 >= limit {
      report(SyntaxMessages.starArgument(at: current.range))
      advance()
    }
    while nextElement() {
      var name: Name?
      if let here = nameHere(), peek().symbol == .colon {
        name = here
        position += 2
      } else if let here = nameHere(), peek().symbol == .assignWalrus {
        report(SyntaxMessages.walrusArgument(at: peek().range))
        name = here
        position += 2
      } else if let here = nameHere(), here.text.lowercased() == "where", peek().symbol == .assign {
        report(SyntaxMessages.argumentEquals(here.text, at: here.range.union(peek().range)))
        name = here
        position += 2
      }
      let value = expression()
      arguments.append(.init(name: name, value: value))
      if !isPanicking, current.symbol?.isPipe == true {
        fail(SyntaxMessages.pipeInArguments(at: current.range))
      }
      endElement()
    }
    leaveBrackets(enclosure)
    return arguments
  }

  private mutating func conditional() -> Expression {
    let word = advance()
    guard isNext(.openParenthesis) else {
      // `keep if age > 65`: what stands right behind the stage's word keeps rows.
      let place = position - 1
      let isStage =
        token(at: place - 1).kind == .name && (place < 2 || token(at: place - 2).symbol?.isPipe == true)
      fail(SyntaxMessages.ifNeedsBrackets(keepsRows: isStage, at: word.range))
      return Expression(.invalid, at: word.range)
    }
    let arguments = arguments()
    return Expression(.call(Name("if", at: word.range), arguments), at: range(from: word.range.lower))
  }

  /// `AND(a, b)` as spreadsheets write it: told, and read as `a and b`.
  private mutating func spreadsheetCall(_ word: ReservedWord) -> Expression {
    let start = current.range.lower
    let spelling = text(advance())
    let arguments = arguments()
    let whole = range(from: start)
    report(
      SyntaxMessages.spreadsheetCall(
        spelling, word.rawValue, arguments.map { text($0.value.range) }, at: whole))
    guard var result = arguments.first?.value else { return Expression(.invalid, at: whole) }
    for argument in arguments.dropFirst() {
      guard countOperator() else { return result }
      result = Expression(.binary(word == .and ? .and : .or, result, argument.value), at: whole)
    }
    result.range = whole
    result.isParenthesized = true
    return result
  }
}
