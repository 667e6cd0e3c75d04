import Diagnostics
import Language
import Sessions

/// What is wrong in a statement that is still being written: only what its author cannot be about to mend.
package struct LiveCheck {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// The faults with their places in unicode scalars; those at the end of the text are still being written.
  package func diagnose(_ text: String) -> [EditorDiagnosis] {
    if ShellWord(text) != nil || Parser.completeness(of: text) == .blank { return [] }
    if Help.withQuotedTopic(text, session.catalogue) != text { return [] }
    let isComplete = Parser.isComplete(text)
    let written = Array(text.utf8)
    let checked = Self.finished(text)
    let source = SourceText(checked + Self.closers(checked))
    let (faults, _) = session.check(Parser.parse(source))
    let offsets = ScalarOffsets(written)
    let end = written.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? 0
    let isResting = isComplete && end < written.count
    return faults.compactMap { fault in
      guard let range = fault.range, range.lower < min(end, checked.utf8.count), fault.source === source
      else { return nil }
      if range.upper >= end, !isResting || Self.isUnfinished(fault) { return nil }
      let help = fault.help.first.map { ": " + $0 } ?? ""
      return EditorDiagnosis(
        offsets.range(SourceRange(range.lower, min(range.upper, written.count))),
        visible(fault.message + help))
    }
  }

  /// The text without the stage that is not written yet: its fault would hide those of the stages before.
  private static func finished(_ text: String) -> String {
    let source = SourceText(text)
    let tokens = Lexer.tokens(of: source).dropLast()
    guard let last = tokens.last, last.continuesLine,
      let pipe = tokens.last(where: { $0.symbol?.isPipe == true })
    else { return text }
    return source[SourceRange(0, pipe.range.lower)]
  }

  private static func isUnfinished(_ fault: Diagnostic) -> Bool {
    ["incomplete", "expression-expected", "unclosed-text", "unclosed-name", "verb-expected", "file-wanted"]
      .contains(fault.code)
  }

  /// The brackets that are still open, closed: otherwise one of them would spoil all that stands in it.
  static func closers(_ text: String) -> String {
    var open: [Symbol] = []
    for token in Lexer.tokens(of: SourceText(text)) {
      guard let symbol = token.symbol else { continue }
      if let closing = symbol.closing { open.append(closing) }
      if symbol.isClosing, open.last == symbol { open.removeLast() }
    }
    return open.reversed().map(\.rawValue).joined()
  }
}
