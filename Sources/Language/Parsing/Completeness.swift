import Diagnostics

/// Whether a text can be run as it stands, or its author is still writing.
package enum Completeness: Sendable, Equatable {
  /// Nothing but blanks and comments.
  case blank
  /// A bracket is open, or the text ends in `|`, a comma or an operator.
  case incomplete
  case complete
}

extension Parser {
  /// What the Enter key is to do with a text. An empty last line ends a statement whatever stands before it.
  package static func completeness(of text: String) -> Completeness {
    let source = SourceText(text)
    let tokens = Lexer.tokens(of: source)
    guard let end = tokens.last, tokens.count > 1 else { return .blank }
    let lines = Lexer.trivia(before: end, in: source).filter { $0.kind == .lineEnd }
    if lines.count >= 2 { return .complete }
    var open: [Symbol] = []
    for token in tokens {
      guard let symbol = token.symbol else { continue }
      if symbol.isOpening { open.append(symbol) }
      if symbol.isClosing, let last = open.last, last.closing == symbol { open.removeLast() }
    }
    if !open.isEmpty { return .incomplete }
    return tokens[tokens.count - 2].continuesLine ? .incomplete : .complete
  }

  /// True unless the text is blank or waits for more.
  package static func isComplete(_ text: String) -> Bool { completeness(of: text) == .complete }
}
