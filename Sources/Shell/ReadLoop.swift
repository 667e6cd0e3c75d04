import Diagnostics
import Glibc
import Language
import Planning
import Presentation
import Sessions

/// The shell: reads a statement, runs it while Ctrl-C is watched, shows what comes of it, and reads the next.
///
/// It ends by `quit`, `exit` or Ctrl-D; no fault and no Ctrl-C ends it. For the main thread.
final class ReadLoop {
  private var session: Session
  private let request: RunRequest
  private let editor: LineEditor
  private let assistant: Assistant
  private var right = ""
  private var hasToldOfHistory = false

  init(_ session: Session, _ request: RunRequest) {
    self.session = session
    self.request = request
    var configuration = EditorConfiguration(
      coloured: (request.color ?? true) && EditorConfiguration.environmentWantsColour,
      ascii: session.isOn("ascii"), historyFile: ShellFiles.history())
    configuration.masker = IdentifierMask.masked
    editor = LineEditor(configuration)
    assistant = Assistant(session)
    drawAsSet()
  }

  /// Runs until the user leaves; the exit code.
  func run() -> Int32 {
    if !request.isQuiet {
      TerminalMode.write(session.words(Greeting.text(session, completes: TerminalKind.detect() == .rich)))
    }
    session.history = []
    runInitialisation()
    if let first = request.firstStatement { run(SourceText(first, name: "start")) }
    if session.wantsToLeave { return 0 }
    assistant.attach(to: editor)
    defer { session.closeRecording() }
    while true {
      let prompt = Prompt(
        "rounds> ", continuation: session.isOn("ascii") ? "   ...> " : "      … ", right: right)
      switch editor.readStatement(prompt: prompt) {
      case .statement(let text):
        // What is typed ahead waits for the next prompt, and is not echoed into what is shown meanwhile.
        if !TerminalMode.withKeys(signals: true, { handle(text) }) { return 0 }
      case .interrupted: right = ""
      case .endOfInput: return 0
      }
    }
  }

  private func runInitialisation() {
    guard let file = ShellFiles.initialisation() else { return }
    do {
      run(SourceText(try FileAccess.script(FileAccess.read(file), name: file), name: file))
    } catch {
      Console.error("rounds: \(visible(file)) cannot be read")
    }
    right = ""
  }

  /// Runs one input; false when it says to leave.
  private func handle(_ text: String) -> Bool {
    guard Parser.completeness(of: text) != .blank else { return true }
    editor.history.remember(text)
    if editor.history.isFileBroken, !hasToldOfHistory {
      hasToldOfHistory = true
      Console.error("the history cannot be written to \(editor.configuration.historyFile ?? "its file")")
    }
    let word = ShellWord(text)
    // The time at the right is that of the statement before.
    if word != nil { right = "" }
    switch word {
    case .quit: return false
    case .history(let sought): ResultScreen(session, request).show(editor.history, sought)
    case .keys: ResultScreen(session, request).show(KeyBindings.listing(vi: editor.isVi))
    case .meant(let word): Console.error("commands are plain words here: write \(word)")
    case nil:
      // What a leading space keeps out of the history is in no transcript and no saved script either.
      session.isLeftOut = text.hasPrefix(" ")
      defer { session.isLeftOut = false }
      if text.lowercased().contains("history") { session.history = historyLines }
      let asked = Help.withQuotedTopic(text, session.catalogue)
      if !run(SourceText(asked, name: "input")) { editor.history.leaveUnsuggested(text) }
    }
    // `say 1; quit`, or a script that is included, leaves too.
    return !session.wantsToLeave
  }

  /// `set theme` and `set ascii` hold from the next prompt on.
  private func drawAsSet() {
    editor.use(session.theme == .light ? .light : EditorTheme(), ascii: session.isOn("ascii"))
  }

  /// What was typed, as it is on disk: a table may stand on a projector.
  private var historyLines: [HistoryLine] {
    editor.history.entries.map {
      HistoryLine($0.masked, time: $0.time == 0 ? nil : Machine.local(seconds: $0.time))
    }
  }

  /// Runs an input; false when it failed.
  @discardableResult
  private func run(_ source: SourceText) -> Bool {
    let run = StatementRun(session, request)
    let ending = run.perform(source)
    if let next = ending.successor { session = next }
    drawAsSet()
    assistant.session = session
    assistant.forget()
    let rows = ending.rows.map { " · " + counted($0, "row") } ?? ""
    let time = durationText(ending.elapsed) + rows
    right = session.words((session.recorder == nil ? "" : "recording · ") + time)
    if session.isOn("timing") { TerminalMode.write(session.words(time) + "\n") }
    return !ending.failed
  }
}

/// A line that the shell itself answers.
enum ShellWord: Equatable {
  case quit
  /// With the text that the entries must hold.
  case history(String)
  /// `help keys`
  case keys
  /// A command of another program's shell (`\dt`, `:help`), and what does so here.
  case meant(String)

  static let words = [
    ("quit", "leaves; so does Ctrl-D"), ("exit", "leaves; so does Ctrl-D"),
    ("history", "shows what was typed; history text shows what holds the text; history | … is a table"),
  ]

  init?(_ text: String) {
    var view = text[...]
    while let last = view.last, last.isWhitespace || last == ";" { view.removeLast() }
    while let first = view.first, first.isWhitespace { view.removeFirst() }
    let end = view.firstIndex { $0.isWhitespace } ?? view.endIndex
    var rest = view[end...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    switch view[..<end].lowercased() {
    case "quit" where rest.isEmpty, "exit" where rest.isEmpty, "q" where rest.isEmpty,
      "quit()" where rest.isEmpty, "exit()" where rest.isEmpty, ":q" where rest.isEmpty,
      ":quit" where rest.isEmpty, "\\q" where rest.isEmpty, ".quit" where rest.isEmpty,
      ".exit" where rest.isEmpty:
      self = .quit
    case "\\d" where rest.isEmpty, "\\dt", "\\l", "\\dt+", ":tables", ".tables": self = .meant("tables")
    case "\\d", "\\d+", ".schema":
      self = .meant("describe \(rest.isEmpty ? "T" : String(rest))")
    case "\\?", "\\h", ":help", ":h", ".help": self = .meant("help")
    case "\\i", ".read", ":load": self = .meant("include \"file.rounds\"")
    case "\\copy", ".output", ".once": self = .meant("encounters | save \"out.csv\"")
    case "\\timing", ".timer": self = .meant("set timing = on")
    case "\\s", ".history": self = .meant("history")
    case "\\pset", "\\x", ".mode", ".headers", ".show": self = .meant("set, which lists what can be set")
    case "help" where rest.lowercased() == "keys": self = .keys
    case "history" where !rest.contains("|"): self = .history(String(rest))
    default: return nil
    }
  }
}

/// What the shell says first.
enum Greeting {
  /// - Parameter completes: whether Tab does, as on a terminal that can show a menu.
  static func text(_ session: Session, completes: Bool) -> String {
    let tables = session.environment(runs: false).tableNames
    let loaded: String
    if session.options.hospitalScale != nil {
      loaded = "a made-up hospital of \(tables.count) tables is loaded; `tables` lists them"
    } else if tables.isEmpty {
      loaded = "no table is loaded; load \"file.csv\" reads one, `files` lists what is here"
    } else {
      loaded = "\(counted(tables.count, "table")) loaded; `tables` lists them"
    }
    let first = WordWrap.lines("Rounds: \(loaded).", TerminalSize.current().columns)
    let last = WordWrap.lines(
      "`help` shows how to ask,\(completes ? " Tab completes," : "") `quit` or Ctrl-D leaves.",
      TerminalSize.current().columns)
    return (first + last).joined(separator: "\n") + "\n"
  }
}

/// A time for people, of two or three digits.
func durationText(_ duration: Duration) -> String {
  let (seconds, attoseconds) = duration.components
  let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
  switch milliseconds {
  case ..<1: return "under 1 ms"
  case ..<1000: return "\(milliseconds) ms"
  case ..<60_000: return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
  default: return "\(milliseconds / 60_000) min \(milliseconds / 1000 % 60) s"
  }
}
