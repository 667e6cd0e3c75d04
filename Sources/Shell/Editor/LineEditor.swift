import CLibedit
import Glibc

/// Reads statements from a terminal.
///
/// libedit keeps the buffer and runs the key maps; before each key it asks `readCode` for, the screen is painted
/// from its buffer by the pure `Renderer`. For the main thread only, one editor per process.
package final class LineEditor {
  /// Whether a text can run; Enter breaks the line where it cannot.
  package var isComplete: (_ text: String) -> Bool = { _ in true }
  /// The styles of parts of the text.
  package var highlight: (_ text: String) -> [HighlightSpan] = { _ in [] }
  /// The candidates for a cursor, counted in unicode scalars.
  package var complete: (_ text: String, _ cursor: Int) -> CompletionList = { _, _ in .none }
  /// The whole statement that the text may be meant to become; it must begin with the text.
  package var suggestion: (_ text: String) -> String?
  /// A line under the input, such as the signature of the function around the cursor.
  package var hint: (_ text: String, _ cursor: Int) -> String? = { _, _ in nil }
  /// What is wrong in the text; asked when the keys rest.
  package var diagnose: (_ text: String) -> [EditorDiagnosis] = { _ in [] }
  /// Rows to show under the input when the keys rest longer; should give up when `isKeyWaiting` says so.
  package var preview: (_ text: String, _ isKeyWaiting: () -> Bool) -> [String] = { _, _ in [] }

  package let configuration: EditorConfiguration
  package let history: History

  private(set) var renderer: Renderer
  var engine: Engine?
  private var plain: PlainEditor?

  // One statement's state.
  var prompt = Prompt("> ")
  var buffer = EditBuffer()
  var outcome: ReadResult?
  var undo = UndoStack()
  var walk = HistoryWalk([])
  var menu: Menu?
  var menuFollows = false
  var search: HistorySearch?
  var goalColumn: Int?
  var yanked: Range<Int>?
  var joinsKills = false
  var insertsNext = false
  var diagnoses: [EditorDiagnosis] = []
  var footer: [String] = []
  var isFooterStale = false
  var idleStage = 0
  var cache = DelegateCache()

  // Kept from statement to statement.
  var kills = KillRing()
  var decoder = InputDecoder()
  /// Where what the terminal sends is read to.
  var input = [UInt8](repeating: 0, count: 1 << 16)
  var events: [InputEvent] = []
  var codes: [Int32] = []
  var waiting: WaitingAction?
  var isTypeAhead = true
  var frame: Frame?
  var size = TerminalSize(columns: 80, rows: 24)
  private var fedHistoryVersion = -1

  /// An action that the code 0x80 runs.
  enum WaitingAction {
    case command(EditorCommand)
    case insert([Unicode.Scalar])
    case set(EditBuffer)
  }

  /// What the delegates said last, so that they are asked only when the text or cursor has changed.
  struct DelegateCache {
    var text: [Unicode.Scalar]?
    var string = ""
    var spans: [HighlightSpan] = []
    var suggestion: [Unicode.Scalar] = []
    var hintCursor = -1
    var hint: String?
  }

  package init(_ configuration: EditorConfiguration) {
    self.configuration = configuration
    let history = History(path: configuration.historyFile, masker: configuration.masker)
    self.history = history
    suggestion = { history.suggestion(for: $0) }
    renderer = Renderer(
      theme: configuration.theme, coloured: configuration.isColoured, ascii: configuration.isASCII)
    TerminalMode.prepareLocale()
    Signals.install()
    switch configuration.kind {
    case .rich:
      engine = Engine(name: configuration.programName)
      engine?.bindKeys(userFile: configuration.bindingsFile)
      if let engine {
        _ = rounds_el_set_data(engine.handle, Unmanaged.passUnretained(self).toOpaque())
        _ = rounds_el_set_reader(engine.handle) { editor, code in LineEditor.read(editor, code) }
      }
    case .plain: plain = PlainEditor(configuration)
    case .batch: break
    }
  }

  /// Draws in other colours, and with other signs, from the next prompt on.
  package func use(_ theme: EditorTheme, ascii: Bool) {
    var theme = theme
    // Without colour the prompt is plain too; what marks a choice or a fault stays.
    if !configuration.isColoured { (theme.prompt, theme.menuSelected) = (.plain, .plain) }
    renderer = Renderer(theme: theme, coloured: configuration.isColoured, ascii: ascii)
  }

  /// Whether the user's bindings chose vi.
  package var isVi: Bool { engine?.isVi ?? false }

  /// Reads one statement, which may have several lines.
  ///
  /// - Parameter initial: text that is there to begin with.
  package func readStatement(prompt: Prompt, initial: String = "") -> ReadResult {
    history.refresh()
    if let plain {
      return plain.readStatement(prompt: prompt, history: history, isComplete: isComplete)
    }
    guard let engine else { return .endOfInput }
    begin(prompt, initial: initial)
    if engine.isVi, fedHistoryVersion != history.version {
      fedHistoryVersion = history.version
      engine.setHistory(history.entries.map(\.text))
    }
    TerminalMode.write("\u{1B}[?2004h")
    var count: Int32 = 0
    let line = el_wgets(engine.handle, &count)
    TerminalMode.write("\u{1B}[?2004l")
    if let outcome { return outcome }
    guard let line, count > 0 else { return .endOfInput }
    return finish(line, count: Int(count))
  }

  private func begin(_ prompt: Prompt, initial: String) {
    self.prompt = prompt
    buffer = EditBuffer()
    outcome = nil
    undo = UndoStack(joinsReplacements: isVi)
    walk = HistoryWalk(history.entries.map(\.text))
    (menu, search, goalColumn, yanked) = (nil, nil, nil, nil)
    (menuFollows, joinsKills, insertsNext, isTypeAhead) = (false, false, false, true)
    (diagnoses, footer, idleStage, cache) = ([], [], 0, DelegateCache())
    (codes, waiting, frame) = ([], nil, nil)
    size = .current()
    if !initial.isEmpty { wait(for: .set(EditBuffer(initial))) }
  }

  /// A command of libedit's own has ended the line.
  private func finish(_ line: UnsafePointer<Int32>, count: Int) -> ReadResult {
    var text = UnsafeBufferPointer(start: line, count: count).map {
      Unicode.Scalar(UInt32(bitPattern: $0)) ?? "\u{FFFD}"
    }
    while text.last == "\n" { text.removeLast() }
    buffer = EditBuffer(text)
    leave()
    return .statement(buffer.string)
  }

  // MARK: Called by libedit

  static func editor(_ handle: OpaquePointer?) -> LineEditor? {
    guard let handle, let data = rounds_el_data(handle) else { return nil }
    return Unmanaged<LineEditor>.fromOpaque(data).takeUnretainedValue()
  }

  static func call(_ command: EditorCommand, _ handle: OpaquePointer?) -> UInt8 {
    editor(handle)?.perform(.command(command)) ?? UInt8(CC_ERROR)
  }

  static func callWaiting(_ handle: OpaquePointer?) -> UInt8 {
    guard let editor = editor(handle), let action = editor.waiting else { return UInt8(CC_NORM) }
    editor.waiting = nil
    return editor.perform(action)
  }

  /// One code for libedit: 1 when there is one, 0 at the end of input, -1 when the statement is over.
  static func read(_ handle: OpaquePointer?, _ code: UnsafeMutablePointer<Int32>?) -> Int32 {
    guard let editor = editor(handle), let code else { return -1 }
    guard let next = editor.readCode() else { return editor.outcome == .endOfInput ? 0 : -1 }
    code.pointee = next
    return 1
  }

  /// Has libedit run an action as if a key were bound to it.
  func wait(for action: WaitingAction) {
    waiting = action
    codes.append(KeyBindings.commandCode)
  }
}
