import Diagnostics

/// Statements, stages, groups and items.
extension Parser {
  mutating func statement(from start: Int, to end: Int) -> Statement {
    position = start
    limit = end
    inBrackets = false
    inBraceItem = false
    isPanicking = false
    isAbandoned = false
    depth = 0
    operators = 0
    unplacedRanges = []
    var result = pipeline()
    if position < limit, !isAbandoned { fail(unexpected()) }
    position = limit
    result.range = range(from: result.range.lower)
    checkFrameIndex(result.head)
    reportUnplacedRanges()
    return result
  }

  private mutating func reportUnplacedRanges() {
    for range in unplacedRanges.sorted(by: { $0.lower < $1.lower }) {
      report(SyntaxMessages.misplacedRange(text(range), at: range))
    }
    unplacedRanges = []
  }

  /// A source and its stages, as far as the limit.
  mutating func pipeline() -> Statement {
    let start = current.range.lower
    let continuesLast = current.symbol?.isPipe == true
    var head = Stage(word: nil, groups: [], range: SourceRange(start, start))
    if !continuesLast {
      head = foreignHead() ?? self.head()
      skipToStageEnd()
    }
    var stages: [Stage] = []
    while let symbol = current.symbol, symbol.isPipe {
      if symbol != .pipe { report(SyntaxMessages.foreignPipe(text(current), at: current.range)) }
      advance()
      guard countOperator() else { break }
      stages.append(stage())
      skipToStageEnd()
    }
    return Statement(
      head: head, stages: stages, range: range(from: start), continuesLast: continuesLast)
  }

  /// After a fault the next `|` is a place to begin anew.
  private mutating func skipToStageEnd() {
    if position < limit, current.symbol?.isPipe != true {
      fail(unexpected())
      skip { $0.symbol?.isPipe == true }
    }
    isPanicking = isAbandoned
  }

  private mutating func head() -> Stage {
    let start = current.range.lower
    var word: Name?
    if current.kind == .name,
      peek().kind == .end || peek().symbol?.isPipe == true || beginsGroup(at: position + 1)
    {
      word = Name(text(current), at: current.range)
      advance()
    }
    let groups = groups()
    return Stage(word: word, groups: groups, range: range(from: start))
  }

  private mutating func stage() -> Stage {
    let start = current.range.lower
    guard current.kind == .name else {
      fail(
        SyntaxMessages.verbExpected(current, text(current), isAtEnd: atEnd || current.symbol?.isPipe == true))
      return Stage(word: nil, groups: [], range: SourceRange(start, start))
    }
    let word = Name(text(current), at: current.range)
    if peek().symbol == .openParenthesis, !peek().isPrecededByBlank { return callStage(word) }
    if let sign = peek().symbol, sign.isComparison || sign == .assign || sign == .assignWalrus {
      let end = min(place { $0.symbol?.isPipe == true }, limit)
      fail(
        SyntaxMessages.conditionBehindPipe(
          text(SourceRange(start, tokens[max(position, end - 1)].range.upper)), at: word.range))
      return Stage(word: word, groups: [], range: word.range)
    }
    advance()
    let groups = groups()
    return Stage(word: word, groups: groups, range: range(from: start))
  }

  /// `filter(x > 3)`: a verb written like a function; read as if a blank stood in place of the brackets.
  private mutating func callStage(_ word: Name) -> Stage {
    let open = position + 1
    let close = partner(of: open)
    let isWhole = close.map { token(at: $0 + 1).kind == .end || token(at: $0 + 1).symbol?.isPipe == true }
    if let close, isWhole == true {
      let inner = text(SourceRange(tokens[open].range.upper, tokens[close].range.lower))
      report(
        SyntaxMessages.verbAsCall(
          word.text, arguments: inner, at: SourceRange(word.range.upper, tokens[close].range.upper)))
      if text(token(at: open + 1).range) == "where", token(at: open + 2).symbol == .colon {
        // `count(where: …)` is a call: what stands in its brackets is no part of the verb.
        position = close + 1
        return Stage(word: word, groups: [], range: range(from: word.range.lower))
      }
      position = open
      let enclosure = enterBrackets()
      inBrackets = false
      let groups = groups()
      leaveBrackets(enclosure)
      return Stage(word: word, groups: groups, range: range(from: word.range.lower))
    }
    report(SyntaxMessages.blankAfterVerb(word.text, at: SourceRange(word.range.upper, word.range.upper)))
    advance()
    let groups = groups()
    return Stage(word: word, groups: groups, range: range(from: word.range.lower))
  }

  // MARK: - Groups

  mutating func groups() -> [Group] {
    var groups: [Group] = []
    while !atEnd, current.symbol?.isPipe != true {
      let before = position
      // `count -- how many`, `count // how many`
      if isNext(.minus) && peek(2).isPrecededByBlank || groups.isEmpty && isNext(.floorDivide),
        let sign = foreignComment()
      {
        fail(SyntaxMessages.foreignComment(text(sign), at: sign))
        skip { $0.symbol?.isPipe == true }
        break
      }
      if let negated = negatedWord(behind: groups.last) {
        fail(negated)
        skip { $0.symbol?.isPipe == true }
        break
      }
      groups.append(group())
      if !isPanicking, !atEnd, current.symbol?.isPipe != true, !beginsGroup(at: position) {
        fail(unexpected())
      }
      if isPanicking { skip { $0.symbol?.isPipe == true } }
      if position == before { position += 1 }
    }
    return groups
  }

  /// `department !contains "med"`: a word of other languages that says whether, with its negation in front.
  private func negatedWord(behind group: Group?) -> Diagnostic? {
    guard isNext(.bang), peek().kind == .name || peek().word == .in || peek().word == .between, group != nil,
      !atEnd
    else { return nil }
    let word = text(peek()).lowercased()
    let functions = [
      "contains": "contains", "has": "contains", "contains_cs": "contains", "has_cs": "contains",
      "startswith": "starts_with", "hasprefix": "starts_with", "startswith_cs": "starts_with",
      "endswith": "ends_with", "hassuffix": "ends_with", "endswith_cs": "ends_with",
    ]
    let function = functions[word]
    if function == nil, word != "in", word != "between" { return nil }
    // What stands in front is a name, or a call.
    var first = position - 1
    if tokens[first].symbol?.isClosing == true,
      let open = (0..<first).last(where: { partner(of: $0) == first })
    {
      first = open > 0 && !tokens[open].isPrecededByBlank ? open - 1 : open
    }
    let left = SourceRange(tokens[first].range.lower, previousEnd)
    var end = position + 2
    if let close = partner(of: end) { end = close }
    // `!between 3 and 5`
    if word == "between", token(at: end + 1).word == .and { end += 2 }
    let isOpen = token(at: end).kind == .end || token(at: end).symbol?.isOpening == true
    let right = isOpen ? "…" : text(SourceRange(peek(2).range.lower, token(at: end).range.upper))
    let spelled =
      function.map { "not \($0)(\(text(left)), \(right))" } ?? "\(text(left)) not \(word) \(right)"
    return SyntaxMessages.negatedWord(spelled, at: SourceRange(current.range.lower, peek().range.upper))
  }

  /// True when the token at an index, behind a complete expression, begins a new group.
  func beginsGroup(at index: Int) -> Bool {
    let token = token(at: index)
    switch token.kind {
    case .name, .quotedName: return true
    case .word(.case), .word(.if): return true
    case .word(.not):
      switch self.token(at: index + 1).word {
      case .in, .between, .like, .missing, .null: return false
      default: return true
      }
    case .symbol(.openParenthesis), .symbol(.openBracket): return token.isPrecededByBlank
    case .symbol(.openBrace): return true
    case .symbol(.minus): return beginsNegative(at: index)
    case .symbol(.bang): return !self.token(at: index + 1).isPrecededByBlank
    default: return token.isLiteral
    }
  }

  /// Outside brackets a `-` with a blank before and none after stands before its operand alone.
  func beginsNegative(at index: Int) -> Bool {
    let next = token(at: index + 1)
    return !inBrackets && token(at: index).isPrecededByBlank && !next.isPrecededByBlank && next.kind != .end
  }

  private mutating func group() -> Group {
    let start = current.range.lower
    var items: [Item] = []
    while true {
      items.append(item())
      guard !isPanicking, isNext(.comma) else { break }
      if let fault = commaInNumber() { report(fault) }
      let comma = advance()
      if current.symbol?.isPipe == true { break }
      if atEnd {
        fail(SyntaxMessages.nothingAfterComma(at: comma.range))
        break
      }
    }
    return Group(items: items, range: range(from: start))
  }

  /// `1,000` and `1000,50` outside brackets are one number to their author; told at the first comma of it.
  func commaInNumber() -> Diagnostic? {
    guard touchesNumbers(position), !touchesNumbers(position - 2), token(at: position - 2).word != .in else {
      return nil
    }
    var end = position + 1
    var parts = [text(token(at: position - 1)), text(token(at: end))]
    while touchesNumbers(end + 1) {
      end += 2
      parts.append(text(token(at: end)))
    }
    guard let spelled = NumberSpelling.meant(parts) else { return nil }
    return SyntaxMessages.commaInNumber(
      spelled, at: token(at: position - 1).range.union(token(at: end).range))
  }

  /// `1,000` in brackets: commas without a blank may well separate numbers there, but no number begins with two zeros,
  /// and who writes blanks behind the other commas means one number.
  func commaInBrackets() -> Diagnostic? {
    guard touchesNumbers(position), let fault = commaInNumber(), fault.fix?.replacement.contains("_") == true
    else {
      return nil
    }
    let next = text(token(at: position + 1))
    return next.hasPrefix("0") || hasSpacedComma() ? fault : nil
  }

  /// Whether another comma of the same brackets has a blank behind it.
  private func hasSpacedComma() -> Bool {
    func isSpaced(_ index: Int) -> Bool {
      tokens[index].symbol == .comma && tokens[index + 1].isPrecededByBlank
    }
    var index = position - 1
    var depth = 0
    while index > 0 {
      if tokens[index].symbol?.isClosing == true { depth += 1 }
      if tokens[index].symbol?.isOpening == true {
        if depth == 0 { break }
        depth -= 1
      }
      if depth == 0, isSpaced(index) { return true }
      index -= 1
    }
    index = position + 1
    while index < limit, index + 1 < tokens.count {
      if let close = partner(of: index) { index = close } else if isSpaced(index) { return true }
      index += 1
    }
    return false
  }

  /// Whether a comma stands between numbers without any blank.
  private func touchesNumbers(_ index: Int) -> Bool {
    guard index > 0, index + 1 < limit, token(at: index).symbol == .comma else { return false }
    let after = token(at: index + 1)
    return [.int, .float].contains(token(at: index - 1).kind) && [.int, .float].contains(after.kind)
      && !token(at: index).isPrecededByBlank && !after.isPrecededByBlank
  }

  // MARK: - Items

  private mutating func item() -> Item {
    let start = current.range.lower
    var item = namedItem() ?? Item(value: expression(), range: current.range)
    acceptRange(item.value)
    if let word = current.word, word == .asc || word == .desc {
      advance()
      item.direction = word == .asc ? .ascending : .descending
    }
    item.range = range(from: start)
    return item
  }

  private mutating func namedItem() -> Item? {
    if isNext(.openParenthesis), let close = partner(of: position), isAssignment(at: close + 1),
      let names = names(between: position, and: close)
    {
      return tupleItem(names, close: close)
    }
    guard let name = nameHere() else { return nil }
    if isAssignment(at: position + 1) {
      position += 1
      takeAssignment()
      let value = expression()
      return compared(
        Item(names: [name], value: value, range: name.range), to: Expression(.name(name), at: name.range))
    }
    let open = position + 1
    if token(at: open).symbol == .openParenthesis, !token(at: open).isPrecededByBlank, current.word == nil,
      let close = partner(of: open), isAssignment(at: close + 1),
      let parameters = names(between: open, and: close)
    {
      position = close + 1
      let call = Expression(
        .call(name, parameters.map { .init(value: Expression(.name($0), at: $0.range)) }),
        at: name.range.union(tokens[close].range))
      takeAssignment()
      let value = expression()
      return compared(
        Item(names: [name], parameters: parameters, value: value, range: name.range), to: call)
    }
    // `admitted::date` is told of as a conversion.
    if peek().symbol == .colon, peek(2).symbol != .colon, !inBrackets { return typedItem(name) }
    return nil
  }

  private mutating func tupleItem(_ names: [Name], close: Int) -> Item {
    let range = current.range.union(tokens[close].range)
    position = close + 1
    takeAssignment()
    let value = expression()
    let item = Item(names: names, isTuple: true, value: value, range: range)
    guard names.count == 1 else { return item }
    return compared(item, to: Expression(.name(names[0]), at: range, isParenthesized: true))
  }

  /// `name: type = default`; or an option written with a colon.
  private mutating func typedItem(_ name: Name) -> Item {
    let colon = peek()
    let isParameter = text(token(at: position - 1)) == "param"
    position += 2
    if let type = nameHere(), current.word == nil {
      advance()
      if isAssignment(at: position) {
        takeAssignment()
        return Item(names: [name], type: type, value: expression(), range: name.range)
      }
      if isParameter {
        var item = Item(
          names: [name], type: type, value: Expression(.invalid, at: endOfPrevious), range: name.range)
        item.isRequired = true
        return item
      }
      // `derive y: charges / 100`, `select age:charges`
      if !Self.typeWords.contains(type.text.lowercased()),
        !["by", "sort", "on"].contains(name.text.lowercased())
      {
        let isRange = atEnd || isNext(.comma) || current.symbol?.isPipe == true
        position -= 1
        report(SyntaxMessages.colonOutsideBrackets(name.text, isRange ? type.text : nil, at: colon.range))
        return Item(names: [name], value: expression(), range: name.range)
      }
      fail(SyntaxMessages.defaultMissing(name.text, type: type.text, at: range(from: name.range.lower)))
      return Item(
        names: [name], type: type, value: Expression(.invalid, at: endOfPrevious), range: name.range)
    }
    report(SyntaxMessages.colonOutsideBrackets(name.text, at: colon.range))
    return Item(names: [name], value: expression(), range: name.range)
  }

  private static let typeWords: Set<String> = [
    "int", "integer", "float", "double", "number", "bool", "boolean", "text", "string", "date", "datetime",
    "duration",
    "list", "record", "percent",
  ]

  var endOfPrevious: SourceRange { SourceRange(previousEnd, previousEnd) }

  /// The name at this place; a reserved word counts, because a word before `=` is always a name.
  func nameHere() -> Name? { name(from: current) }

  func name(from token: Token) -> Name? {
    switch token.kind {
    case .name, .word: return Name(text(token), at: token.range)
    case .quotedName: return quotedName(token)
    default: return nil
    }
  }

  func quotedName(_ token: Token) -> Name {
    var inner = text(token).dropFirst()
    if token.isTerminated { inner = inner.dropLast() }
    return Name(String(inner), at: token.range, isQuoted: true)
  }

  private func isAssignment(at index: Int) -> Bool {
    switch token(at: index).symbol {
    case .assignWalrus: return true
    case .assign:
      // `=~` is a comparison of other languages.
      let next = token(at: index + 1)
      return next.symbol != .matches || next.isPrecededByBlank
    default: return false
    }
  }

  private mutating func takeAssignment() {
    if isNext(.assignWalrus) { report(SyntaxMessages.walrus(at: current.range)) }
    advance()
    // `x = =IF(…)`
    if isNext(.assign) {
      report(SyntaxMessages.leadingEquals(at: current.range))
      advance()
    }
  }

  /// The names in brackets that hold nothing else, separated by commas.
  private func names(between open: Int, and close: Int) -> [Name]? {
    var names: [Name] = []
    var index = open + 1
    while index < close {
      let token = tokens[index]
      guard token.kind == .name || token.kind == .quotedName, let name = name(from: token) else { return nil }
      names.append(name)
      index += 1
      if index < close {
        guard tokens[index].symbol == .comma else { return nil }
        index += 1
      }
    }
    return names
  }

  // MARK: - Conditions

  /// The item with its `=` also read as a comparison: `a = 3 and b` is `(a == 3) and b`.
  private func compared(_ item: Item, to left: Expression) -> Item {
    var item = item
    // The comparison takes what stands leftmost below `and` and `or`.
    var spine: [(BinaryOperator, right: Expression)] = []
    var leftmost = item.value
    while !leftmost.isParenthesized, case .binary(let op, let inner, let right) = leftmost.kind,
      op == .and || op == .or
    {
      spine.append((op, right))
      leftmost = inner
    }
    func equal(_ right: Expression) -> Expression {
      Expression(.binary(.equal, left, right), at: left.range.union(right.range))
    }
    var condition = equal(leftmost)
    if !leftmost.isParenthesized {
      if let operand = leftmost.comparedOperand {
        item.conditionFaults.append(
          SyntaxMessages.comparisonChain(
            text(left.range), text(operand.range), text(leftmost.range),
            at: left.range.union(leftmost.range)
          ).located(in: source))
        condition = Expression(
          .binary(.and, equal(operand), leftmost), at: left.range.union(leftmost.range))
      } else if case .unary(.not, _) = leftmost.kind {
        item.conditionFaults.append(
          SyntaxMessages.notNeedsBrackets(text(leftmost.range), at: leftmost.range).located(in: source))
      } else if case .range = leftmost.kind {
        item.conditionFaults.append(
          SyntaxMessages.misplacedRange(text(leftmost.range), at: leftmost.range).located(in: source))
        condition = Expression(
          .membership(left, in: leftmost, negated: false), at: left.range.union(leftmost.range))
      }
    }
    for (op, right) in spine.reversed() {
      condition = Expression(
        .binary(op, condition, right), at: condition.range.union(right.range))
    }
    item.condition = condition
    return item
  }
}

extension Expression {
  /// The left operand of a comparison, nil for anything else.
  var comparedOperand: Expression? {
    switch kind {
    case .binary(let op, let left, _) where op.level == .comparison: left
    case .between(let operand, _, _, _): operand
    case .membership(let operand, _, _): operand
    case .isMissing(let operand, _): operand
    default: nil
    }
  }
}
