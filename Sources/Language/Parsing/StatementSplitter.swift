import Diagnostics

/// Finds where statements end and which brackets belong together, before anything is parsed: so one unclosed
/// bracket spoils one statement and not the rest of the text.
struct StatementSplitter {
  let tokens: [Token]
  /// For an opening bracket the index of the one that closes it, -1 for those without.
  private(set) var match: [Int]
  private(set) var diagnostics: [Diagnostic] = []
  private var isIgnored: [Bool]
  private var reported: Set<SourceRange> = []

  init(tokens: [Token]) {
    self.tokens = tokens
    match = Array(repeating: -1, count: tokens.count)
    isIgnored = Array(repeating: false, count: tokens.count)
  }

  /// The index behind the last token of the statement that begins at `start`; a `;` there is not part of it.
  mutating func end(ofStatementAt start: Int) -> Int {
    let (end, unclosed) = scan(from: start)
    if unclosed.isEmpty { return end }
    for open in unclosed { ignore(open) }
    return scan(from: start).end
  }

  private mutating func ignore(_ open: Int) {
    guard !isIgnored[open] else { return }
    isIgnored[open] = true
    guard let symbol = tokens[open].symbol else { return }
    report(SyntaxMessages.unclosedBracket(symbol, at: tokens[open].range))
  }

  private mutating func report(_ diagnostic: Diagnostic) {
    if let range = diagnostic.range, reported.insert(range).inserted { diagnostics.append(diagnostic) }
  }

  private mutating func scan(from start: Int) -> (end: Int, unclosed: [Int]) {
    var open: [Int] = []
    for index in start..<max(start, tokens.count - 1) {
      let token = tokens[index]
      if index > start, token.isPrecededByNewline, begins(index, statement: start, isOpen: !open.isEmpty) {
        return (index, open)
      }
      guard let symbol = token.symbol else { continue }
      if symbol == .semicolon, open.isEmpty || !closesOnLine(index, depth: open.count) {
        return (index, open)
      }
      if symbol.isOpening, !isIgnored[index] { open.append(index) }
      if symbol.isClosing { close(symbol, at: index, &open) }
    }
    return (tokens.count - 1, open)
  }

  /// True when the first token of a line begins a new statement.
  private func begins(_ index: Int, statement start: Int, isOpen: Bool) -> Bool {
    let token = tokens[index]
    if let symbol = token.symbol, symbol.isPipe { return false }
    let isDeeper = token.indentation > tokens[start].indentation
    if isOpen {
      // An open bracket carries the statement on; only an empty line with a new beginning behind it says that
      // the bracket was forgotten.
      return token.isPrecededByEmptyLine && !isDeeper && token.symbol?.isClosing != true
    }
    if token.isPrecededByEmptyLine { return true }
    return !tokens[index - 1].continuesLine && !isDeeper
  }

  /// `IF(a; b; c)`: the semicolons of some spreadsheets stand in brackets that close on the same line.
  private func closesOnLine(_ index: Int, depth: Int) -> Bool {
    var depth = depth
    for next in (index + 1)..<max(index + 1, tokens.count - 1) {
      if tokens[next].isPrecededByNewline { return false }
      guard let symbol = tokens[next].symbol else { continue }
      if symbol.isOpening { depth += 1 }
      if symbol.isClosing { depth -= 1 }
      if depth <= 0 { return true }
    }
    return false
  }

  private mutating func close(_ symbol: Symbol, at index: Int, _ open: inout [Int]) {
    guard let last = open.last else {
      report(SyntaxMessages.strayBracket(symbol, at: tokens[index].range))
      return
    }
    guard let partner = open.lastIndex(where: { tokens[$0].symbol?.closing == symbol }) else {
      if let opening = tokens[last].symbol {
        report(
          SyntaxMessages.wrongBracket(
            symbol, at: tokens[index].range, opening: opening, at: tokens[last].range))
      }
      match[last] = index
      open.removeLast()
      return
    }
    for forgotten in open[(partner + 1)...] { ignore(forgotten) }
    match[open[partner]] = index
    open.removeSubrange(partner...)
  }
}
