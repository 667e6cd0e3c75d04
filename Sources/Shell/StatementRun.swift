import Columns
import Diagnostics
import Glibc
import Sessions
import Synchronization

/// What the worker has to tell, until the main thread takes it.
private final class Mailbox: Sendable {
  enum Letter: Sendable {
    case outcome(Outcome)
    case faults([Diagnostic])
  }

  private let letters = Mutex<[Letter]>([])

  func put(_ letter: Letter) { letters.withLock { $0.append(letter) } }

  func take() -> [Letter] {
    letters.withLock { letters in
      defer { letters = [] }
      return letters
    }
  }
}

/// One run of one input: the worker computes, the main thread writes and watches for Ctrl-C.
final class StatementRun {
  struct Ending {
    var elapsed: Duration
    /// Rows of the last table shown.
    var rows: Int?
    /// Whether it was refused or failed.
    var failed = false
    /// The session to go on with where the worker had to be left behind.
    var successor: Session?
  }

  private let session: Session
  private let request: RunRequest
  private let screen: ResultScreen
  private let mailbox = Mailbox()
  private var line = ProgressLine()
  private var rows: Int?
  private var isCut = false

  init(_ session: Session, _ request: RunRequest) {
    self.session = session
    self.request = request
    screen = ResultScreen(session, request)
  }

  func perform(_ source: SourceText) -> Ending {
    let clock = ContinuousClock()
    let start = clock.now
    let before = session.snapshot
    session.prepareRun()
    let (session, mailbox) = (session, mailbox)
    session.tell = { mailbox.put(.outcome($0)) }
    var isStopping = false
    let status = runInterruptibly(
      { session.run(source) { mailbox.put(.faults($0)) } },
      onInterrupt: {
        isStopping = true
        session.interrupt()
      },
      onTick: { elapsed in
        if !isStopping { line.show(elapsed, session.progressState, ascii: session.isOn("ascii")) }
      })
    let elapsed = clock.now - start
    line.clear()
    guard let status else {
      Console.error(
        "Stopped after \(durationText(elapsed)). What it would have made or named is dropped.")
      return Ending(elapsed: elapsed, successor: session.successor(from: before))
    }
    session.tell = { _ in }
    for letter in mailbox.take() where !isCut { write(letter) }
    if status == .interrupted { Console.error("Stopped after \(durationText(elapsed)).") }
    if isCut { Console.error("The output was cut short.") }
    return Ending(elapsed: elapsed, rows: rows, failed: status == .failed)
  }

  private func write(_ letter: Mailbox.Letter) {
    switch letter {
    case .outcome(let outcome):
      if case .table(let table, _, _, _) = outcome { rows = table.rowCount }
      isCut = !screen.write(outcome)
    case .faults(let diagnostics): screen.fail(diagnostics)
    }
  }
}

/// The line that says how far a long query is; gone when the query is through.
struct ProgressLine {
  private var shown = ""
  private let isPossible = TerminalKind.detect() == .rich

  mutating func show(_ elapsed: Duration, _ state: (done: Int, total: Int), ascii: Bool) {
    if elapsed < .milliseconds(500) { return }
    let share = state.total > 1 ? " · \(min(100, state.done * 100 / state.total)) % of this stage" : ""
    show(PlainSigns.written("running \(durationText(elapsed))\(share) · Ctrl-C stops", ascii: ascii))
  }

  mutating func show(_ text: String) {
    guard isPossible, text != shown else { return }
    shown = text
    let width = TerminalSize.current().columns - 1
    TerminalMode.write("\r" + String(text.prefix(width)) + "\u{1B}[K")
  }

  mutating func clear() {
    if !shown.isEmpty { TerminalMode.write("\r\u{1B}[K") }
    shown = ""
  }
}
