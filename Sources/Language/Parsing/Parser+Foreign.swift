import Diagnostics

/// What people bring from other languages, met where it would otherwise be a riddle.
extension Parser {
  /// The beginnings of statements of other languages. Nil when the statement is one of ours, or may be read on
  /// as one after the fault is told.
  mutating func foreignHead() -> Stage? {
    let start = position
    let whole = range(ofTokens: start, to: limit)
    if isNext(.assign) {
      if let spelled = FrameCall.pipeline(in: self, from: position + 1) {
        return skipped(telling: SyntaxMessages.tableFirst(spelled, at: whole))
      }
      if (position..<limit).contains(where: isCellAddress) {
        return skipped(telling: SyntaxMessages.cellAddress(at: whole))
      }
      report(SyntaxMessages.leadingEquals(at: current.range))
      advance()
      return nil
    }
    if let chain = methodChain() {
      return skipped(telling: SyntaxMessages.methodsOfTable([chain], at: whole))
    }
    if let spelled = FrameBrackets.pipeline(in: self, from: position) {
      return skipped(telling: SyntaxMessages.frameBrackets(spelled, at: whole))
    }
    if let spelled = FrameBrackets.column(in: self, from: position) {
      return skipped(telling: SyntaxMessages.newColumn(spelled, at: whole))
    }
    if let spelled = FrameCall.pipeline(in: self, from: position) {
      return skipped(telling: SyntaxMessages.tableFirst(spelled, at: whole))
    }
    if let sign = foreignComment() {
      return skipped(telling: SyntaxMessages.foreignComment(text(sign), at: sign), fails: true)
    }
    if isNext(.question) {
      return skipped(telling: SyntaxMessages.questionHelp(words(start + 1, limit), at: whole), fails: true)
    }
    if isNext(.plus), start > 0 { fail(SyntaxMessages.lineBeginsWithOperator("+", at: current.range)) }
    if let query = isWord("select", at: position) ? queryParts() : namedQueries() {
      let word = Name(text(current), at: current.range)
      return skipped(telling: SyntaxMessages.queryStatement(query, at: whole), word: word)
    }
    if let command = CommandCall.translation(in: self, from: position) {
      return skipped(telling: SyntaxMessages.command(command.stages, at: whole))
    }
    if isPlainQuestion() {
      return skipped(telling: SyntaxMessages.plainWords(words(start, limit), at: whole), fails: true)
    }
    if isWord("from", at: position), peek().kind == .name || peek().kind == .quotedName {
      report(
        SyntaxMessages.leadingFrom(
          text(peek()), at: SourceRange(current.range.lower, peek().range.lower)))
      advance()
      return nil
    }
    if current.kind == .name, peek().symbol == .less, peek(2).symbol == .minus, !peek(2).isPrecededByBlank,
      peek().isPrecededByBlank, peek(3).isPrecededByBlank
    {
      let name = Name(text(current), at: current.range)
      report(
        SyntaxMessages.assignmentArrow(
          name.text, at: SourceRange(current.range.lower, peek(2).range.upper)))
      position += 3
      let value = expression()
      let assigned = range(from: name.range.lower)
      return Stage(
        word: nil,
        groups: [Group(items: [Item(names: [name], value: value, range: assigned)], range: assigned)],
        range: assigned)
    }
    return nil
  }

  /// Tells what is wrong with the statement: the rest of it is a stage that says nothing.
  private mutating func skipped(telling diagnostic: Diagnostic, fails: Bool = false, word: Name? = nil)
    -> Stage
  {
    if fails { fail(diagnostic) } else { report(diagnostic) }
    let whole = range(ofTokens: position, to: limit)
    position = limit
    return Stage(word: word, groups: [], range: whole)
  }

  /// `B2`, `AA100`
  private func isCellAddress(at index: Int) -> Bool {
    guard token(at: index).kind == .name else { return false }
    let name = text(token(at: index))
    let letters = name.prefix { $0.isASCII && $0.isUppercase }
    let digits = name.dropFirst(letters.count)
    let isNumber = !digits.isEmpty && digits.allSatisfy { ("0"..."9").contains($0) }
    return (1...3).contains(letters.count) && isNumber
  }

  /// A statement that is a chain of a data frame's methods, with or without a name for its result.
  private func methodChain() -> String? {
    var start = position
    if isWord("let", at: start) { start += 1 }
    if token(at: start).kind == .name, token(at: start + 1).symbol == .assign {
      return MethodChain.pipeline(in: self, from: start + 2).map { "let \(text(token(at: start))) = \($0)" }
    }
    return start > position ? nil : MethodChain.pipeline(in: self, from: start)
  }

  private static let asking: Set<String> = [
    "what", "what's", "whats", "how", "which", "who", "when", "where", "whose", "why", "can", "could",
    "please",
    "does", "did", "is", "are", "i", "give", "tell", "find", "compare", "calculate", "compute",
  ]

  /// `what is the mortality rate`: words alone, of which the first one asks.
  private func isPlainQuestion() -> Bool {
    let first = text(current).lowercased()
    let asks =
      Self.asking.contains(first)
      || first == "show" && ["me", "us"].contains { isWord($0, at: position + 1) }
    guard asks, limit - position > 2 else { return false }
    return (position..<limit).allSatisfy { index in
      switch tokens[index].kind {
      case .name, .word, .int: true
      case .symbol(.question): index == limit - 1
      default: false
      }
    }
  }

  /// `--`, `//` or `/*` at the beginning of a statement.
  func foreignComment() -> SourceRange? {
    if isNext(.floorDivide) { return current.range }
    guard !peek().isPrecededByBlank else { return nil }
    let isDash = isNext(.minus) && peek().symbol == .minus
    let isStar = isNext(.divide) && (peek().symbol == .times || peek().symbol == .powerPython)
    return isDash || isStar ? current.range.union(peek().range) : nil
  }

  /// `df[df.x > 1]` as a whole statement: rows chosen as data frames do it.
  mutating func checkFrameIndex(_ head: Stage) {
    guard head.word == nil, head.groups.count == 1, head.groups[0].items.count == 1,
      case let item = head.groups[0].items[0], item.names.isEmpty,
      case .index(let base, let selector) = item.value.kind, case .name(let frame) = base.kind
    else { return }
    if case .text(let column) = selector.kind {
      report(SyntaxMessages.frameColumn(frame.text, column, at: item.value.range))
      return
    }
    guard selector.level < .additive else { return }
    let prefix = frame.text + "."
    var isFrame = false
    selector.forEachDescendant { part in
      if case .name(let name) = part.kind, name.text.hasPrefix(prefix) { isFrame = true }
    }
    if !isFrame { return }
    var condition = text(selector.range)
    while let place = condition.firstRange(of: prefix) { condition.removeSubrange(place) }
    report(SyntaxMessages.frameFilter(frame.text, condition, at: item.value.range))
  }

  // MARK: - Words before texts

  /// `date '2026-01-01'`, `interval '3 days'`, `r"…"`: a word that other languages put before a text.
  func foreignPrefix(_ name: Name) -> (diagnostic: Diagnostic, skipsName: Bool)? {
    let token = current
    let whole = name.range.union(token.range)
    let value = LiteralValue.text(token, in: source).value
    if isDateWord(name.text), LiteralValue.dateInText(value) != nil {
      let spelling = value.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "T")
      return (SyntaxMessages.quotedDate(name.text, spelling, at: whole), true)
    }
    if name.text.lowercased() == "interval" { return (SyntaxMessages.interval(at: whole), true) }
    if name.range.upper == token.range.lower {
      return (SyntaxMessages.textPrefix(name.text, text(token), at: whole), true)
    }
    return nil
  }

  func isForeignPrefix(at index: Int) -> Bool {
    guard token(at: index).kind == .name, token(at: index + 1).kind == .text else { return false }
    let word = text(token(at: index))
    return isDateWord(word) || word.lowercased() == "interval"
  }

  private func isDateWord(_ word: String) -> Bool {
    ["date", "timestamp", "datetime", "timestamptz"].contains(word.lowercased())
  }
}

extension String {
  /// The place of a text in this one.
  fileprivate func firstRange(of part: String) -> Range<String.Index>? { ranges(of: part).first }
}
