import Glibc

/// A loop around the editor alone, for tests of the editor on a pseudo-terminal: it echoes each statement.
///
/// Statements are complete when their brackets are closed and no line ends in `|`. `ROUNDS_PROBE_HISTORY` names a
/// history file; `:sleep` waits to be interrupted; `:page` shows a table in the pager; `quit` ends.
/// - Returns: the exit code.
package func runEditorProbe() -> Int32 {
  var configuration = EditorConfiguration(historyFile: environmentValue("ROUNDS_PROBE_HISTORY"))
  configuration.masker = { $0.contains("secret") ? "masked" : $0 }
  let editor = LineEditor(configuration)
  EditorProbe.configure(editor)
  var count = 0
  while true {
    let right = count > 0 ? "\(count) rows" : ""
    switch editor.readStatement(prompt: Prompt("probe> ", right: right)) {
    case .statement("quit"): return 0
    case .statement(let text):
      count += 1
      editor.history.remember(text)
      EditorProbe.run(text)
    case .interrupted: TerminalMode.write("interrupted\r\n")
    case .endOfInput:
      TerminalMode.write("end\r\n")
      return 0
    }
  }
}

private enum EditorProbe {
  static let words = [
    ("encounters", "table of 12 columns", CandidateKind.table), ("encounter_id", "int", .column),
    ("encode", "encode(text)", .function), ("department", "text", .column), ("日本", "text", .column),
  ]

  static func configure(_ editor: LineEditor) {
    editor.isComplete = { text in
      var depth = 0
      for character in text { depth += "([{".contains(character) ? 1 : ")]}".contains(character) ? -1 : 0 }
      return depth <= 0 && text.last { $0 != " " } != "|"
    }
    editor.highlight = { text in
      let scalars = Array(text.unicodeScalars)
      return [("from", UInt8(4)), ("where", UInt8(5))].flatMap { word, colour in
        ranges(of: Array(word.unicodeScalars), in: scalars).map {
          HighlightSpan($0, TextStyle(foreground: colour, bold: true))
        }
      }
    }
    editor.complete = { text, cursor in
      let buffer = EditBuffer(Array(text.unicodeScalars), cursor: cursor)
      let start = buffer.wordStart(cursor)
      guard start < cursor || cursor == 0 else { return .none }
      let typed = EditBuffer(Array(buffer.text[start..<cursor])).string
      let candidates = words.filter { $0.0.hasPrefix(typed) }.map {
        CompletionCandidate($0.0, detail: $0.1, kind: $0.2)
      }
      return CompletionList(replacing: start..<cursor, candidates: candidates)
    }
    editor.hint = { text, _ in text.hasSuffix("round(") ? "round(number, digits)" : nil }
    editor.diagnose = { text in
      ranges(of: Array("wrong".unicodeScalars), in: Array(text.unicodeScalars)).map {
        EditorDiagnosis($0, "no column wrong")
      }
    }
    editor.preview = { text, _ in text.hasSuffix("preview") ? ["3 rows"] : [] }
  }

  private static func ranges(of word: [Unicode.Scalar], in text: [Unicode.Scalar]) -> [Range<Int>] {
    guard text.count >= word.count else { return [] }
    return (0...(text.count - word.count)).filter { text[$0..<($0 + word.count)].elementsEqual(word) }
      .map { $0..<($0 + word.count) }
  }

  static func run(_ text: String) {
    switch text {
    case ":sleep": sleep()
    case ":page":
      let rows = (1...200).map { "row \($0)   " + (1...40).map { "c\($0) " }.joined() + "end\($0)" }
      Pager.show(["name    columns", "────────"] + rows, headerLines: 2, frozenColumns: 8)
    default:
      let escaped = text.unicodeScalars.map { $0 == "\n" ? "\\n" : $0 == "\\" ? "\\\\" : visible($0) }
      TerminalMode.write("got: \(escaped.joined())\r\n")
    }
  }

  private static func visible(_ scalar: Unicode.Scalar) -> String {
    scalar.value < 0x20 ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
  }

  private static func sleep() {
    let outcome = runInterruptibly(
      {
        Glibc.sleep(5)
        return 1
      }, onInterrupt: { TerminalMode.write("stopping\r\n") })
    TerminalMode.write(outcome == nil ? "abandoned\r\n" : "finished\r\n")
  }
}
