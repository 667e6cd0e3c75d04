import Diagnostics

/// `{ }`: records, the branches of `case`, and blocks.
extension Parser {
  mutating func braces() -> Expression {
    let start = current.range.lower
    let outer = inCase
    inCase = false
    let items = blockItems()
    inCase = outer
    let whole = range(from: start)
    var fields: [Expression.Field] = []
    for item in items {
      guard case .field(let field) = item else { return Expression(.block(items), at: whole) }
      fields.append(field)
    }
    return Expression(.record(fields), at: whole)
  }

  /// The items between the braces that begin here, separated by commas or line ends.
  private mutating func blockItems() -> [Expression.BlockItem] {
    let enclosure = enterBrackets()
    var items: [Expression.BlockItem] = []
    // Items of one line end where the first of them does: it is not looked for again for each.
    var line: (base: Int, end: Int)?
    while nextElement() {
      let outer = limit
      let base = tokens[position].isPrecededByNewline ? tokens[position].indentation : Int.max
      if let line, line.base == base, line.end > position {
        limit = line.end
      } else {
        limit = itemEnd(from: position, base)
        line = (base, limit)
      }
      let before = position
      if let item = blockItem() { items.append(item) }
      if !isPanicking, !atEnd, !isNext(.comma), !isNext(.semicolon) { fail(unexpected()) }
      if !atEnd, !isNext(.comma), !isNext(.semicolon) {
        skip { $0.symbol == .comma || $0.symbol == .semicolon }
      }
      limit = isAbandoned ? limit : outer
      isPanicking = isAbandoned
      if isNext(.comma) || isNext(.semicolon) { advance() }
      if position == before { position += 1 }
      if isAbandoned { break }
    }
    leaveBrackets(enclosure)
    return items
  }

  /// Where the line of an item ends: at a line end, unless the line goes on as a statement's would.
  ///
  /// - Parameter base: the indentation up to which a line is another item.
  private func itemEnd(from start: Int, _ base: Int) -> Int {
    var index = start
    while index < limit {
      if index > start, tokens[index].isPrecededByNewline, !tokens[index - 1].continuesLine,
        tokens[index].indentation <= base, !onlyContinues(tokens[index])
      {
        return index
      }
      index = partner(of: index).map { $0 + 1 } ?? index + 1
    }
    return limit
  }

  /// Signs that cannot begin an item.
  private func onlyContinues(_ token: Token) -> Bool {
    switch token.kind {
    case .symbol(let symbol):
      switch symbol {
      case .openParenthesis, .openBracket, .openBrace, .minus, .plus, .bang, .comma: false
      default: symbol.continuesLine
      }
    case .word(let word): word.isOperator && word != .not && peek().symbol != .colon
    default: false
    }
  }

  private mutating func blockItem() -> Expression.BlockItem? {
    if peek().symbol == .colon, let name = fieldName() {
      position += 2
      return .field(.init(name: name, value: expression()))
    }
    if current.word == .else, !isNameByAssignment(position) {
      advance()
      if !takeArrow() {
        fail(SyntaxMessages.arrowExpected(describe(position), behindElse: true, at: current.range))
      }
      return .otherwise(expression())
    }
    let outer = (inBrackets, inBraceItem)
    defer { (inBrackets, inBraceItem) = outer }
    if isBlockWord() {
      inBrackets = false
      let word = Name(text(current), at: current.range)
      advance()
      let groups = groups()
      return .stage(Stage(word: word, groups: groups, range: range(from: word.range.lower)))
    }
    inBraceItem = true
    let condition = expression()
    if inCase { acceptRange(condition) }
    if !takeArrow(), !isPanicking {
      fail(SyntaxMessages.arrowExpected(describe(position), behindElse: false, at: placeHere))
      return .branch(.init(condition: condition, value: invalid()))
    }
    return .branch(.init(condition: condition, value: isPanicking ? invalid() : expression()))
  }

  private var placeHere: SourceRange { position < limit ? tokens[position].range : endOfPrevious }

  /// The name before a colon; a text is taken for one, as JSON writes it.
  private func fieldName() -> Name? {
    if current.kind == .text {
      let value = LiteralValue.text(current, in: source).value
      return Name(value, at: current.range, isQuoted: true)
    }
    return nameHere()
  }

  /// A plain name that is the whole item or that a group follows.
  private mutating func isBlockWord() -> Bool {
    guard current.kind == .name else { return false }
    let next = peek()
    if next.kind == .end || next.symbol == .comma { return !inCase }
    inBrackets = false
    defer { inBrackets = true }
    return !inCase && beginsGroup(at: position + 1)
  }

  private mutating func takeArrow() -> Bool {
    if isNext(.fatArrow) {
      report(SyntaxMessages.foreignOperator("=>", "->", at: current.range))
    } else if !isNext(.arrow) {
      return false
    }
    advance()
    return true
  }

  // MARK: - case

  /// `case(a, x, b, y, z)`: conditions and values by turns, and what is else.
  private func choiceOfCall() -> String? {
    guard isNext(.openParenthesis), !current.isPrecededByBlank, let close = partner(of: position) else {
      return nil
    }
    let parts = pieces(position + 1..<close).map { words($0.lowerBound, $0.upperBound) }
    guard parts.count > 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    var branches = stride(from: 0, to: parts.count - 1, by: 2).map { "\(parts[$0]) -> \(parts[$0 + 1])" }
    if parts.count % 2 == 1 { branches.append("else -> \(parts[parts.count - 1])") }
    return "case { \(branches.joined(separator: ", ")) }"
  }

  /// `case { … }`, `case x { … }`
  mutating func choice() -> Expression {
    let start = current.range.lower
    let word = advance()
    if isWord("when", at: position) { return queryCase(start, subject: nil) }
    if let meant = choiceOfCall() {
      let whole = SourceRange(word.range.lower, tokens[partner(of: position) ?? position].range.upper)
      report(SyntaxMessages.caseNeedsBraces(meant, at: whole))
      position = (partner(of: position) ?? position) + 1
      return Expression(.invalid, at: whole)
    }
    var subject: Expression?
    if !isNext(.openBrace) {
      if atEnd || !(current.isLiteral || beginsOperand) {
        fail(SyntaxMessages.caseNeedsBraces(at: word.range))
        return Expression(.invalid, at: word.range)
      }
      subject = expression()
      if isWord("when", at: position) { return queryCase(start, subject: subject) }
    }
    guard isNext(.openBrace) else {
      fail(SyntaxMessages.caseNeedsBraces(at: word.range))
      return Expression(.invalid, at: range(from: start))
    }
    let outer = inCase
    inCase = true
    let items = blockItems()
    inCase = outer
    return assembled(items, subject: subject, at: range(from: start))
  }

  private var beginsOperand: Bool {
    switch current.kind {
    case .name, .quotedName, .symbol(.openParenthesis), .symbol(.openBracket), .symbol(.minus), .word(.if):
      true
    default: false
    }
  }

  private mutating func assembled(
    _ items: [Expression.BlockItem], subject: Expression?, at whole: SourceRange
  ) -> Expression {
    var branches: [Expression.Branch] = []
    var otherwise: Expression?
    for (index, item) in items.enumerated() {
      switch item {
      case .branch(let branch): branches.append(branch)
      case .otherwise(let value):
        if index < items.count - 1 || otherwise != nil { report(SyntaxMessages.elseNotLast(at: value.range)) }
        otherwise = value
      case .field(let field):
        let colon = SourceRange(field.name.range.upper, field.value.range.lower)
        report(SyntaxMessages.colonInCase(text(field.name.range), at: colon))
        branches.append(
          .init(condition: Expression(.name(field.name), at: field.name.range), value: field.value))
      case .stage(let stage): report(SyntaxMessages.arrowExpected(nil, behindElse: false, at: stage.range))
      }
    }
    if items.isEmpty, !isPanicking { report(SyntaxMessages.emptyCase(at: whole)) }
    return Expression(.choice(subject: subject, branches, otherwise: otherwise), at: whole)
  }

  /// `case when … then … else … end`: told with the spelling that is ours, and read.
  private mutating func queryCase(_ start: Int, subject: Expression?) -> Expression {
    var branches: [Expression.Branch] = []
    var otherwise: Expression?
    while isWord("when", at: position), !isPanicking {
      advance()
      let condition = expression()
      guard isWord("then", at: position) else { break }
      advance()
      branches.append(.init(condition: condition, value: expression()))
    }
    if current.word == .else {
      advance()
      otherwise = expression()
    }
    let isWhole = isWord("end", at: position) && !isPanicking
    if isWhole { advance() }
    let whole = range(from: start)
    var parts = branches.map { text($0.condition.range) + " -> " + text($0.value.range) }
    if let otherwise { parts.append("else -> " + text(otherwise.range)) }
    let head = subject.map { text($0.range) + " " } ?? ""
    let diagnostic = SyntaxMessages.queryCase(
      "case \(head){ \(parts.joined(separator: ", ")) }", isWhole: isWhole, at: whole)
    if isWhole { report(diagnostic) } else { fail(diagnostic) }
    return Expression(.choice(subject: subject, branches, otherwise: otherwise), at: whole)
  }
}
