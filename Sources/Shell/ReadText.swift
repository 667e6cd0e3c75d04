import Diagnostics
import Language

/// A text and its tokens.
struct ReadText {
  let source: SourceText
  let tokens: [Token]

  init(_ text: String) {
    source = SourceText(text)
    tokens = Lexer.tokens(of: source)
  }
}

/// Remembers the text that was read last: at a key the colours and the signature are asked about the same one.
final class LastReadText {
  private var last: (text: String, read: ReadText)?

  func read(_ text: String) -> ReadText {
    if let last, last.text == text { return last.read }
    let read = ReadText(text)
    last = (text, read)
    return read
  }
}
