import Glibc
import Sessions
import Synchronization

/// Signals as bytes in a pipe: handlers only write there, the main thread reads and acts.
package enum Signals {
  private static let readEnd = Atomic<Int32>(-1)
  private static let writeEnd = Atomic<Int32>(-1)

  /// The signals that the shell answers itself.
  private static let answered = [SIGINT, SIGWINCH, SIGTSTP, SIGTERM, SIGHUP]

  /// The descriptor that becomes readable when a signal has come; -1 before `install`.
  package static var descriptor: Int32 { readEnd.load(ordering: .relaxed) }

  /// Installs the handlers, once. Reads are interrupted by them (no SA_RESTART), as libedit expects.
  package static func install() {
    guard descriptor < 0 else { return }
    var pair: [Int32] = [-1, -1]
    guard pipe(&pair) == 0 else { return }
    for end in pair {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    readEnd.store(pair[0], ordering: .relaxed)
    writeEnd.store(pair[1], ordering: .relaxed)
    for number in answered { answer(number) }
    var ignored = sigaction()
    ignored.__sigaction_handler.sa_handler = SIG_IGN
    sigaction(SIGPIPE, &ignored, nil)
  }

  private static func answer(_ number: Int32) {
    var action = sigaction()
    sigemptyset(&action.sa_mask)
    action.__sigaction_handler.sa_handler = { number in Signals.note(number) }
    sigaction(number, &action, nil)
  }

  /// Stops the process as Ctrl-Z does, and returns when it goes on.
  ///
  /// The signal's own action is used, not SIGSTOP: where no shell could continue the process, it does nothing.
  package static func stop() {
    signal(SIGTSTP, SIG_DFL)
    raise(SIGTSTP)
    answer(SIGTSTP)
  }

  /// Runs on whichever thread was interrupted: only async-signal-safe calls here.
  private static func note(_ number: Int32) {
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = Glibc.write(writeEnd.load(ordering: .relaxed), &byte, 1)
    errno = saved
  }

  /// Signals that were read while something else was looked for.
  private static let kept = Mutex<[Int32]>([])

  /// Whether Ctrl-C was pressed since the last call; other signals are kept for `drain`.
  package static func takeInterrupt() -> Bool {
    let numbers = drain()
    kept.withLock { $0 = numbers.filter { $0 != SIGINT } }
    return numbers.contains(SIGINT)
  }

  /// Whether a signal waits to be answered; it is left where it is.
  package static var isWaiting: Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return descriptor >= 0 && poll(&waiting, 1, 0) > 0
  }

  /// The signals that came since the last call, oldest first.
  package static func drain() -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 64)
    var numbers = kept.withLock { kept in
      defer { kept = [] }
      return kept
    }
    guard descriptor >= 0 else { return numbers }
    while true {
      let count = read(descriptor, &bytes, bytes.count)
      if count <= 0 { return numbers }
      numbers.append(contentsOf: bytes.prefix(count).map(Int32.init))
    }
  }

  /// Ends the process as the signal would have without a handler, so that the parent sees the reason.
  package static func die(of number: Int32) {
    UnfinishedFiles.unlinkAll()
    HandedOverMemory.handOver()
    signal(number, SIG_DFL)
    raise(number)
  }
}
