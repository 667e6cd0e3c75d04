/// A style for a part of the text; the range counts unicode scalars.
package struct HighlightSpan: Equatable, Sendable {
  package var range: Range<Int>
  package var style: TextStyle

  package init(_ range: Range<Int>, _ style: TextStyle) {
    self.range = range
    self.style = style
  }
}

/// Something wrong in the text; the range counts unicode scalars.
package struct EditorDiagnosis: Equatable, Sendable {
  package var range: Range<Int>
  /// One line, in plain words.
  package var message: String

  package init(_ range: Range<Int>, _ message: String) {
    self.range = range
    self.message = message
  }
}

/// What stands before and beside the input.
package struct Prompt: Equatable, Sendable {
  /// Before the first line.
  package var text: String
  /// Before every other line.
  package var continuation: String
  /// Shown at the right edge of the first row while there is room, and gone when the statement runs.
  package var right: String

  package init(_ text: String, continuation: String = "… ", right: String = "") {
    self.text = text
    self.continuation = continuation
    self.right = right
  }
}

/// How reading a statement ended.
package enum ReadResult: Equatable, Sendable {
  case statement(String)
  /// Ctrl-C: the line was cleared.
  case interrupted
  /// Ctrl-D on an empty line, or the terminal is gone.
  case endOfInput
}

/// What a candidate names.
package enum CandidateKind: Sendable, Equatable {
  case verb, column, function, table, file, setting, option, value, word
}

/// Something that the text may go on with.
package struct CompletionCandidate: Equatable, Sendable {
  /// What is put into the statement.
  package var text: String
  /// One line that says what it is: a signature, a type, a count.
  package var detail: String
  package var kind: CandidateKind

  package init(_ text: String, detail: String = "", kind: CandidateKind = .word) {
    self.text = text
    self.detail = detail
    self.kind = kind
  }
}

/// The candidates for a cursor, and what they replace.
package struct CompletionList: Equatable, Sendable {
  /// The scalars of the text that a candidate replaces.
  package var replacing: Range<Int>
  /// In the order in which they are shown.
  package var candidates: [CompletionCandidate]

  package init(replacing: Range<Int>, candidates: [CompletionCandidate]) {
    self.replacing = replacing
    self.candidates = candidates
  }

  /// No candidates.
  package static let none = CompletionList(replacing: 0..<0, candidates: [])
}

/// The looks of everything that the editor itself draws.
package struct EditorTheme: Equatable, Sendable {
  package var prompt = TextStyle(foreground: 6, bold: true)
  package var continuation = TextStyle(foreground: 8)
  package var right = TextStyle(foreground: 8)
  package var suggestion = TextStyle(foreground: 8)
  package var hint = TextStyle(foreground: 8)
  package var preview = TextStyle.plain
  package var wrong = TextStyle(foreground: 3)
  package var menuText = TextStyle(foreground: 6)
  package var menuDetail = TextStyle(foreground: 8)
  package var menuSelected = TextStyle(reverse: true)
  package var match = TextStyle(bold: true, underline: true)

  package init() {}
}

/// What the editor is to be like; fixed when it is made.
package struct EditorConfiguration {
  /// How statements are read.
  package var kind: TerminalKind
  /// Without colour (NO_COLOR) there is no grey suggestion either: it could not be told from input.
  package var isColoured: Bool
  /// Draw with ASCII only.
  package var isASCII: Bool
  package var theme = EditorTheme()
  /// The name under which `~/.editrc` may address the program.
  package var programName = "rounds"
  /// The user's key bindings; nil reads none.
  package var bindingsFile: String?
  /// Where the history is kept; nil for memory only.
  package var historyFile: String?
  /// Hides what must not reach the disk or a suggestion; the identity where nothing must.
  package var masker: (String) -> String = { $0 }

  package init(
    kind: TerminalKind = .detect(), coloured: Bool = EditorConfiguration.environmentWantsColour,
    ascii: Bool = false, bindingsFile: String? = EditorConfiguration.environmentBindingsFile,
    historyFile: String? = nil
  ) {
    self.kind = kind
    isColoured = coloured
    if !coloured { theme.menuSelected = .plain }
    isASCII = ascii
    self.bindingsFile = bindingsFile
    self.historyFile = historyFile
  }

  /// False where NO_COLOR is set and not empty.
  package static var environmentWantsColour: Bool { (environmentValue("NO_COLOR") ?? "").isEmpty }

  /// `$EDITRC`, else `~/.editrc`.
  package static var environmentBindingsFile: String? {
    if let file = environmentValue("EDITRC"), !file.isEmpty { return file }
    return environmentValue("HOME").map { "\($0)/.editrc" }
  }
}
