import Diagnostics
import Language
import Planning
import Sessions

/// What helps while a statement is typed: colours, completion, the signature, the live check.
final class Assistant {
  var session: Session { didSet { completer.session = session } }
  private let completer: Completer
  private let lastText = LastReadText()

  init(_ session: Session) {
    self.session = session
    completer = Completer(session)
  }

  /// What was looked up is no longer sure: a statement has run.
  func forget() { completer.forget() }

  func attach(to editor: LineEditor) {
    // A line of blanks is complete: Enter gives a new prompt.
    editor.isComplete = { [unowned self] text in
      Parser.completeness(of: Help.withQuotedTopic(text, session.catalogue)) != .incomplete
    }
    if editor.configuration.isColoured { editor.highlight = { [unowned self] in highlight($0) } }
    editor.complete = { [unowned self] text, cursor in completer.complete(text, cursor) }
    editor.hint = { [unowned self] text, cursor in hint(text, cursor) }
    editor.diagnose = { [unowned self] text in LiveCheck(session).diagnose(text) }
    editor.preview = { [unowned self] text, isKeyWaiting in Preview(session).rows(text, isKeyWaiting) }
    let usual = editor.suggestion
    editor.suggestion = { [unowned self] text in session.isOn("suggestions") ? usual(text) : nil }
  }

  private func highlight(_ text: String) -> [HighlightSpan] {
    // Few words need to be looked up among the tables.
    let highlighter = Highlighter(session.catalogue, session.theme) { [session] in
      session.environment(runs: false).table($0) != nil
    }
    return highlighter.spans(lastText.read(text))
  }

  private func hint(_ text: String, _ cursor: Int) -> String? {
    let signatures = SignatureHint(session.catalogue)
    // Most keys are typed at the end, where the whole text has been read for its colours.
    let isAtEnd = cursor >= text.utf8.count || cursor >= text.unicodeScalars.count
    guard !text.isEmpty, isAtEnd else { return signatures.hint(text, cursor) }
    return signatures.hint(CursorPlace(upToCursor: lastText.read(text)))
  }
}

/// Places in a text counted in UTF-8 bytes and in unicode scalars.
struct ScalarOffsets {
  /// Nil where each byte is a scalar.
  private let offsets: [Int]?
  private let byteCount: Int

  init(_ bytes: [UInt8]) {
    byteCount = bytes.count
    if bytes.allSatisfy({ $0 < 0x80 }) {
      offsets = nil
      return
    }
    var offsets: [Int] = []
    offsets.reserveCapacity(bytes.count + 1)
    var count = 0
    for byte in bytes {
      // A byte inside a scalar counts as its end, so that ranges never cut one.
      if byte & 0xC0 != 0x80 { count += 1 }
      offsets.append(byte & 0xC0 != 0x80 ? count - 1 : count)
    }
    offsets.append(count)
    self.offsets = offsets
  }

  func range(_ range: SourceRange) -> Range<Int> {
    let lower = min(max(0, range.lower), byteCount)
    let upper = min(max(lower, range.upper), byteCount)
    guard let offsets else { return lower..<upper }
    return offsets[lower]..<offsets[upper]
  }
}
