import Diagnostics

/// Writes a text in the canonical layout.
///
/// A statement that fits is one line if it was one; otherwise every stage begins a line. Comments stay where
/// they were, at most one empty line stays between statements. A statement with a fault, or with a comment in
/// the middle of an expression, stays as it is written.
package struct Printer {
  let source: SourceText
  let rules: FormatRules
  let tokens: [Token]
  var comments = CommentList()

  /// The canonical text of a script. Formatting the result again changes nothing, and it means the same.
  package static func format(_ script: Script, rules: FormatRules = FormatRules()) -> String {
    // A measure of the script's own that is called as a function is elsewhere stays what it is.
    let rules = rules.leaving(script.measureNames)
    var text = once(script, rules)
    // A layout may put on several lines what was on one, which the next pass respects: go on until it rests.
    for _ in 0..<4 {
      let again = once(Parser.parse(SourceText(text, name: script.source.name)), rules)
      if again == text { return text }
      text = again
    }
    return script.source.text
  }

  private static func once(_ script: Script, _ rules: FormatRules) -> String {
    var printer = Printer(script.source, rules)
    return printer.text(of: script)
  }

  private init(_ source: SourceText, _ rules: FormatRules) {
    self.source = source
    self.rules = rules
    tokens = Lexer.tokens(of: source)
  }

  private mutating func text(of script: Script) -> String {
    let faults = script.diagnostics.filter { $0.severity == .error }.compactMap(\.range)
    var lines = Lines()
    var end = 0
    for statement in script.statements {
      gap(from: end, to: statement.range.lower, &lines)
      if statement.continuesLast { lines.separate() }
      let isFaulty = faults.contains {
        $0.lower >= statement.range.lower && $0.lower <= statement.range.upper
      }
      lines.add((isFaulty ? nil : printed(statement)) ?? source[statement.range])
      end = statement.range.upper
    }
    gap(from: end, to: source.bytes.count, &lines)
    return lines.text
  }

  /// The comments and empty lines between two statements.
  private func gap(from lower: Int, to upper: Int, _ lines: inout Lines) {
    for token in tokens[firstToken(from: lower)...] {
      if token.leading.upper > upper { break }
      if token.leading.lower < lower { continue }
      for piece in Lexer.trivia(before: token, in: source) {
        switch piece.kind {
        case .lineEnd: lines.newlines += 1
        case .comment: lines.add(comment: commentText(piece.range))
        case .blank, .oddBlank: break
        }
      }
    }
  }

  /// The index of the first token that begins at a place or behind it, found by halving.
  func firstToken(from place: Int) -> Int {
    var low = 0
    var high = tokens.count
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle].range.lower < place { low = middle + 1 } else { high = middle }
    }
    return min(low, tokens.count - 1)
  }

  /// The tokens that stand in a range.
  func tokensInside(_ range: SourceRange) -> ArraySlice<Token> {
    let first = firstToken(from: range.lower)
    var end = first
    while end < tokens.count - 1, tokens[end].range.upper <= range.upper { end += 1 }
    return tokens[first..<end]
  }

  func commentText(_ range: SourceRange) -> String {
    var text = source[range]
    while text.last == " " || text.last == "\t" || text.last == "\r" { text.removeLast() }
    return text
  }

  /// A statement in the canonical layout, nil when it has none that keeps everything in it.
  private mutating func printed(_ statement: Statement) -> String? {
    comments = CommentList(tokens: tokensInside(statement.range), of: source)
    let rewritten = Rewriter(rules: rules).rewritten(statement)
    let isBroken = source[statement.range].utf8.contains(UInt8(ascii: "\n"))
    let layout = pipeline(rewritten, isBroken: isBroken)
    guard comments.areAllPrinted else { return nil }
    var text = layout.rendered(width: rules.width)
    if !isBroken, !text.utf8.contains(UInt8(ascii: "\n")), DisplayWidth.of(text) > rules.width {
      text = pipeline(rewritten, isBroken: true).rendered(width: rules.width)
    }
    // Nothing may change its meaning by being laid out anew.
    let again = Parser.parse(SourceText(text))
    guard again.statements.count == 1, again.statements[0].outline == rewritten.outline,
      !again.diagnostics.contains(where: { $0.severity == .error })
    else { return nil }
    return text
  }

  // MARK: - Statements and stages

  /// Stages on lines of their own, or all on one line.
  mutating func pipeline(_ statement: Statement, isBroken: Bool) -> Layout {
    var parts: [Layout] = []
    var end = statement.range.lower
    if !statement.continuesLast {
      parts.append(stage(statement.head))
      end = max(end, statement.head.range.upper)
    }
    for stage in statement.stages {
      parts += commentsBetween(end, stage.range.lower)
      if !parts.isEmpty { parts.append(isBroken ? .hardLine : .line) }
      parts.append(.text("| "))
      parts.append(.nest(2, self.stage(stage)))
      end = stage.range.upper
    }
    parts += commentsBetween(end, statement.range.upper)
    return .group(.concat(parts))
  }

  /// The word and its groups. Several named items that do not fit on one line have a line each, and so has each
  /// clause behind them; other items are broken where they must.
  mutating func stage(_ stage: Stage) -> Layout {
    // A nil stands for a place where the line may be broken.
    var parts: [Layout?] = []
    var end = stage.range.lower
    if let word = stage.word {
      parts.append(.text(word.text))
      end = word.range.upper
    }
    for (index, group) in stage.groups.enumerated() {
      let isNamed = group.items.count > 1 && group.items.contains { !$0.names.isEmpty }
      for (place, item) in group.items.enumerated() {
        if place > 0 { parts.append(.text(",")) }
        let comments = commentsBetween(end, item.range.lower)
        parts += comments.map { .nest(2, $0) }
        let isBehindClauseWord = place == 0 && index > 0 && stage.groups[index - 1].bareWord != nil
        if !parts.isEmpty {
          let isGlued = comments.isEmpty && (isBehindClauseWord || (index == 0 && place == 0))
          parts.append(isGlued ? .space : place == 0 || isNamed ? nil : .nest(2, .fillLine))
        }
        parts.append(self.item(item))
        end = item.range.upper
      }
    }
    let isNamedList = stage.groups.contains { group in
      group.items.count > 1 && group.items.contains { !$0.names.isEmpty }
    }
    // What ends a line anyway (a comment, a case over several lines) is laid out as its author did.
    let isListed = isNamedList && !parts.contains { $0?.isForced ?? false }
    let whole = Layout.concat(parts.map { $0 ?? .nest(2, isListed ? .line : .fillLine) })
    return isListed ? .group(whole) : whole
  }

  private mutating func item(_ item: Item) -> Layout {
    var head = ""
    if item.isTuple {
      head = "(" + item.names.map(spelling).joined(separator: ", ") + ") = "
    } else if let name = item.names.first {
      head = spelling(name)
      if let parameters = item.parameters {
        head += "(" + parameters.map(spelling).joined(separator: ", ") + ")"
      }
      if let type = item.type { head += ": " + spelling(type) }
      if item.isRequired { return .text(head) }
      head += " = "
    }
    var parts = [Layout.text(head), expression(item.value)]
    switch item.direction {
    case .ascending: parts.append(.text(" asc"))
    case .descending: parts.append(.text(" desc"))
    case nil: break
    }
    return .concat(parts)
  }

  func spelling(_ name: Name) -> String { name.isQuoted ? "`\(name.text)`" : name.text }

  // MARK: - Comments

  /// The comments between two places: those on the line of the first hang on it, the others have lines of their
  /// own. The layout ends where a line end must follow.
  mutating func commentsBetween(_ lower: Int, _ upper: Int) -> [Layout] {
    var parts: [Layout] = []
    for comment in comments.take(from: lower, to: upper) {
      if comment.isTrailing, parts.isEmpty {
        parts.append(.comment(commentText(comment.range)))
      } else {
        parts.append(.hardLine)
        parts.append(.text(commentText(comment.range)))
        parts.append(.comment(""))
      }
    }
    return parts
  }
}

extension Script {
  /// The names that `def` gives, in lower case.
  fileprivate var measureNames: Set<String> {
    Set(
      statements.filter { $0.head.word?.text.lowercased() == "def" }
        .compactMap { $0.head.groups.first?.items.first?.names.first?.text.lowercased() })
  }
}

/// The comments of a statement, and which of them have found their place.
struct CommentList {
  struct Comment {
    var range: SourceRange
    /// On the line of the token before it.
    var isTrailing: Bool
    var isPrinted = false
  }
  private var comments: [Comment] = []

  init() {}

  /// The comments behind the first of these tokens.
  init(tokens: ArraySlice<Token>, of source: SourceText) {
    for token in tokens.dropFirst() where !token.leading.isEmpty {
      var isTrailing = true
      for piece in Lexer.trivia(before: token, in: source) {
        if piece.kind == .lineEnd { isTrailing = false }
        if piece.kind == .comment { comments.append(Comment(range: piece.range, isTrailing: isTrailing)) }
      }
    }
  }

  var areAllPrinted: Bool { comments.allSatisfy(\.isPrinted) }

  mutating func take(from lower: Int, to upper: Int) -> [Comment] {
    var result: [Comment] = []
    for index in comments.indices
    where comments[index].range.lower >= lower && comments[index].range.upper <= upper
      && !comments[index].isPrinted
    {
      comments[index].isPrinted = true
      result.append(comments[index])
    }
    return result
  }
}

/// The lines of a formatted text as they come together.
private struct Lines {
  private var lines: [String] = []
  var newlines = 0

  mutating func add(_ text: String) {
    if newlines > 1, !lines.isEmpty { lines.append("") }
    lines.append(text)
    newlines = 0
  }

  mutating func add(comment: String) {
    if newlines == 0, let last = lines.last {
      lines[lines.count - 1] = last + "  " + comment
    } else {
      add(comment)
    }
    newlines = 0
  }

  /// A statement that begins with `|` needs a `;` before it, so as not to go on from the one above.
  mutating func separate() {
    guard let last = lines.lastIndex(where: { !$0.isEmpty && !$0.hasPrefix("#") }) else { return }
    lines[last] += ";"
  }

  var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }
}
