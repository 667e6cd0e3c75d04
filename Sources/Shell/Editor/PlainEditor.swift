import CLibedit
import Glibc

/// The editor for terminals without escape sequences: libedit draws one line at a time, without colour.
final class PlainEditor {
  private let handle: OpaquePointer
  private let list: OpaquePointer?
  private var promptText: UnsafeMutablePointer<CChar>?
  private var fedHistoryVersion = -1

  init?(_ configuration: EditorConfiguration) {
    guard
      let handle = el_init_fd(
        configuration.programName, rounds_stdin(), rounds_stdout(), rounds_stderr(), 0, 1, 2)
    else { return nil }
    self.handle = handle
    list = history_init()
    _ = rounds_el_set_int(handle, EL_SIGNAL, 0)
    _ = rounds_el_set_string(handle, EL_EDITOR, "emacs")
    _ = rounds_el_set_data(handle, Unmanaged.passUnretained(self).toOpaque())
    _ = rounds_el_set_prompt(handle) { editor in
      guard let editor, let data = rounds_el_data(editor) else { return nil }
      return Unmanaged<PlainEditor>.fromOpaque(data).takeUnretainedValue().promptText
    }
    if let list {
      _ = rounds_history_set_size(list, Int32(History.defaultLimit))
      _ = rounds_el_set_history(handle, list)
    }
    if let file = configuration.bindingsFile { el_source(handle, file) }
  }

  deinit {
    el_end(handle)
    if let list { history_end(list) }
    free(promptText)
  }

  /// Reads lines until they make a complete statement.
  func readStatement(prompt: Prompt, history: History, isComplete: (String) -> Bool) -> ReadResult {
    feed(history)
    var statement = ""
    setPrompt(prompt.text)
    while true {
      // libedit shows its prompt before it takes keys one by one: a Ctrl-D in between would be lost.
      _ = rounds_el_set_int(handle, EL_PREP_TERM, 1)
      var count: Int32 = 0
      guard let line = el_wgets(handle, &count), count > 0 else {
        switch answerSignals() {
        case .interrupted:
          print("")
          return .interrupted
        case .resumed: continue
        case .none:
          print("")
          return statement.isEmpty ? .endOfInput : .statement(statement)
        }
      }
      let scalars = UnsafeBufferPointer(start: line, count: Int(count)).map {
        Unicode.Scalar(UInt32(bitPattern: $0)) ?? "\u{FFFD}"
      }
      statement += EditBuffer(scalars).string
      if statement.hasSuffix("\n") { statement.removeLast() }
      if isComplete(statement) { return .statement(statement) }
      statement += "\n"
      setPrompt(prompt.continuation)
    }
  }

  private enum Answer { case none, resumed, interrupted }

  private func answerSignals() -> Answer {
    var answer = Answer.none
    for number in Signals.drain() {
      switch number {
      case SIGINT: return .interrupted
      case SIGTERM, SIGHUP: Signals.die(of: number)
      case SIGTSTP:
        Signals.stop()
        answer = .resumed
      case SIGWINCH:
        el_resize(handle)
        answer = .resumed
      default: break
      }
    }
    return answer
  }

  private func setPrompt(_ text: String) {
    free(promptText)
    promptText = strdup(text)
  }

  private func feed(_ history: History) {
    guard let list, fedHistoryVersion != history.version else { return }
    fedHistoryVersion = history.version
    _ = rounds_history_clear(list)
    // libedit would show a line break as it is, so statements of one line only.
    for entry in history.entries where !entry.text.contains("\n") {
      _ = rounds_history_enter(list, entry.text)
    }
  }
}
