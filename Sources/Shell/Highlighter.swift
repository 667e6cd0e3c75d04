import Diagnostics
import Language
import Planning
import Presentation
import Sessions

/// The colours of the input: verbs, statements, functions, literals and comments. What is not known stays plain.
package struct Highlighter {
  private let catalogue: Catalogue
  private let isTable: (String) -> Bool
  private let colours: InputColours

  package init(_ catalogue: Catalogue, _ theme: Theme, isTable: @escaping (String) -> Bool = { _ in false }) {
    self.catalogue = catalogue
    self.isTable = isTable
    colours = theme == .light ? .light : .dark
  }

  /// Styles for ranges of unicode scalars, in order.
  package func spans(_ text: String) -> [HighlightSpan] { spans(ReadText(text)) }

  func spans(_ text: ReadText) -> [HighlightSpan] {
    let (source, tokens) = (text.source, text.tokens)
    let offsets = ScalarOffsets(source.bytes)
    var walk = StatementWalk()
    var verbs: [Int: Verb] = [:]
    var result: [HighlightSpan] = []
    // Spans are wanted at every key: what stands before a token is looked at only where there is a comment at all.
    let mayHoldComments = source.bytes.contains(UInt8(ascii: "#"))
    for (index, token) in tokens.enumerated() {
      if mayHoldComments, token.isPrecededByBlank {
        for piece in Lexer.trivia(before: token, in: source) where piece.kind == .comment {
          result.append(HighlightSpan(offsets.range(piece.range), colours.comment))
        }
      }
      let place = walk.step(over: token)
      if place == .statementStart { verbs = [:] }
      if let style = style(token, place, source, tokens, index, &verbs, walk.depth) {
        result.append(HighlightSpan(offsets.range(token.range), style))
      }
    }
    return result
  }

  private func style(
    _ token: Token, _ place: StatementWalk.Place, _ source: SourceText, _ tokens: [Token], _ index: Int,
    _ verbs: inout [Int: Verb], _ depth: Int
  ) -> TextStyle? {
    switch token.kind {
    case .text, .interpolation: return token.isTerminated ? colours.text : colours.unclosed
    case .quotedName: return token.isTerminated ? nil : colours.unclosed
    case .int, .float, .percent, .date, .datetime, .duration: return colours.number
    case .word(let word): return word.isLiteral ? colours.number : colours.operator
    case .symbol(let symbol):
      if symbol.isPipe { verbs[depth] = nil }
      return symbol.isPipe ? colours.pipe : nil
    case .name: break
    case .malformedNumber, .unknown, .end: return nil
    }
    let word = source[token.range]
    if place == .stageStart {
      verbs[depth] = catalogue.verb(word)
      return verbs[depth] == nil ? nil : colours.verb
    }
    let next = index + 1 < tokens.count ? tokens[index + 1] : nil
    if let next, next.symbol == .openParenthesis, !next.isPrecededByBlank {
      return catalogue.function(word) == nil ? nil : colours.function
    }
    if place == .statementStart { return isStatement(word, next) ? colours.statement : nil }
    guard index > 0, !tokens[index - 1].continuesLine, let verb = verbs[depth], !verb.clauses.isEmpty else {
      return nil
    }
    let name = word.lowercased()
    return verb.clauses.contains { $0.word == name } ? colours.clause : nil
  }

  private func isStatement(_ word: String, _ next: Token?) -> Bool {
    let name = word.lowercased()
    let isKnown =
      StatementTable.rows.contains { $0.name == name || $0.aliases.contains(name) }
      || ShellWord.words.contains { $0.0 == name }
    let continues = next.map { $0.kind == .end || $0.symbol?.isPipe == true } ?? true
    return isKnown && !(continues && isTable(word))
  }
}

/// Follows statements, brackets and stages through a text's tokens.
struct StatementWalk {
  enum Place { case statementStart, stageStart, inside }

  private(set) var depth = 0
  private var last: Token?
  private var indentation = 0

  /// Where a token stands; to be asked for every token in turn.
  mutating func step(over token: Token) -> Place {
    defer { last = token }
    var place = Place.inside
    if let last {
      if last.symbol?.isPipe == true { place = .stageStart }
      if depth == 0, begins(token, after: last) { place = .statementStart }
    } else {
      place = .statementStart
    }
    if place == .statementStart { indentation = token.indentation }
    if let symbol = token.symbol {
      if symbol.isOpening { depth += 1 }
      if symbol.isClosing { depth = max(0, depth - 1) }
    }
    return place
  }

  /// By the rules of the parser: a line goes on below after `|`, a comma or an operator, and when it is deeper.
  private func begins(_ token: Token, after last: Token) -> Bool {
    if last.symbol == .semicolon { return true }
    guard token.isPrecededByNewline, token.symbol?.isPipe != true else { return false }
    return token.isPrecededByEmptyLine || (!last.continuesLine && token.indentation <= indentation)
  }
}

/// The styles of the parts of a statement.
struct InputColours {
  var verb: TextStyle
  var statement: TextStyle
  var clause: TextStyle
  var function: TextStyle
  var number: TextStyle
  var text: TextStyle
  var comment: TextStyle
  var `operator`: TextStyle
  var pipe: TextStyle
  var unclosed: TextStyle

  /// The hues of the charts, which people who confuse red and green can tell apart.
  static let dark = InputColours(
    verb: TextStyle(foreground: 74, bold: true), statement: TextStyle(foreground: 175, bold: true),
    clause: TextStyle(foreground: 74), function: TextStyle(foreground: 117),
    number: TextStyle(foreground: 214), text: TextStyle(foreground: 36), comment: TextStyle(foreground: 245),
    operator: TextStyle(foreground: 175), pipe: TextStyle(bold: true), unclosed: TextStyle(foreground: 167))
  static let light = InputColours(
    verb: TextStyle(foreground: 25, bold: true), statement: TextStyle(foreground: 132, bold: true),
    clause: TextStyle(foreground: 25), function: TextStyle(foreground: 31),
    number: TextStyle(foreground: 166), text: TextStyle(foreground: 29), comment: TextStyle(foreground: 243),
    operator: TextStyle(foreground: 132), pipe: TextStyle(bold: true), unclosed: TextStyle(foreground: 124))
}

extension EditorTheme {
  /// For dark letters on a light screen.
  static var light: EditorTheme {
    var theme = EditorTheme()
    theme.prompt = TextStyle(foreground: 25, bold: true)
    theme.menuText = TextStyle(foreground: 25)
    theme.wrong = TextStyle(foreground: 124)
    for path in [\EditorTheme.continuation, \.right, \.suggestion, \.hint, \.menuDetail] {
      theme[keyPath: path] = TextStyle(foreground: 244)
    }
    return theme
  }
}
