import Glibc
import Synchronization

/// Where a run's outcome waits for the main thread; it outlives a run that was abandoned.
private final class Outcome<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  let work: @Sendable () -> Value
  let doneEnd: Int32

  init(work: @Sendable @escaping () -> Value, doneEnd: Int32) {
    self.work = work
    self.doneEnd = doneEnd
  }

  func perform() {
    let result = work()
    value.withLock { $0 = result }
    // Closing is the message, and it cannot be lost.
    close(doneEnd)
  }

  func take() -> Value? { value.withLock { $0 } }
}

/// Runs work on a thread of its own with an 8 MB stack while this thread, the main one, answers keys and signals.
///
/// - Parameters:
///   - work: what to run; it should look at a cancellation flag that `onInterrupt` raises.
///   - interval: milliseconds between calls of `onTick`.
///   - patience: milliseconds that the work may take to stop after Ctrl-C; nobody waits longer for a prompt.
///   - onInterrupt: called at Ctrl-C, on this thread.
///   - onTick: called with the time since the start, on this thread, for painting progress.
/// - Returns: the work's value; nil when the work did not end within `patience` after Ctrl-C, or before a second
///   Ctrl-C: the thread is then left to end by itself, and its value is dropped.
package func runInterruptibly<Value: Sendable>(
  interval: Int = 50,
  patience: Int = 30,
  _ work: @Sendable @escaping () -> Value,
  onInterrupt: () -> Void = {},
  onTick: (_ elapsed: Duration) -> Void = { _ in }
) -> Value? {
  var ends: [Int32] = [-1, -1]
  guard pipe(&ends) == 0 else { return work() }
  defer { close(ends[0]) }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  let outcome = Outcome(work: work, doneEnd: ends[1])
  guard startThread(outcome.perform) else {
    close(ends[1])
    return work()
  }
  func wait() -> Bool { waitInterruptibly(doneEnd: ends[0], interval, patience, onInterrupt, onTick) }
  let isDone = isatty(STDIN_FILENO) == 1 ? TerminalMode.withKeys(signals: true, wait) : wait()
  return isDone ? outcome.take() : nil
}

/// False when the run was abandoned.
private func waitInterruptibly(
  doneEnd: Int32, _ interval: Int, _ patience: Int, _ onInterrupt: () -> Void, _ onTick: (Duration) -> Void
) -> Bool {
  let clock = ContinuousClock()
  let start = clock.now
  var lastTick = start
  var lastInterrupt: ContinuousClock.Instant?
  while true {
    var waiting = [
      pollfd(fd: doneEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: Signals.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    poll(&waiting, 2, Int32(clamping: lastInterrupt == nil ? interval : min(interval, 5)))
    if waiting[0].revents != 0 { return true }
    if let last = lastInterrupt, clock.now - last >= .milliseconds(patience) { return false }
    for number in Signals.drain() {
      switch number {
      case SIGINT:
        if lastInterrupt != nil { return false }
        lastInterrupt = clock.now
        onInterrupt()
      case SIGTSTP: TerminalMode.stop()
      case SIGTERM, SIGHUP: Signals.die(of: number)
      default: break
      }
    }
    let now = clock.now
    if now - lastTick >= .milliseconds(interval) {
      lastTick = now
      onTick(now - start)
    }
  }
}

private final class ThreadBody {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}

/// Starts a detached thread that takes no signals, so that they all reach the main thread.
func startThread(_ body: @Sendable @escaping () -> Void) -> Bool {
  // Allocated rather than initialised: another C module's headers claim the type's initialiser.
  let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
  defer { attributes.deallocate() }
  guard pthread_attr_init(attributes) == 0 else { return false }
  defer { pthread_attr_destroy(attributes) }
  // Room for the longest chain of operators that the parser lets through; pages count only once touched.
  pthread_attr_setstacksize(attributes, DeepStack.size)
  pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
  var all = sigset_t()
  var before = sigset_t()
  sigfillset(&all)
  // A mapped file that was cut short is told of by the thread that looks at it: blocked, the signal would kill.
  sigdelset(&all, SIGBUS)
  pthread_sigmask(SIG_SETMASK, &all, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
  let argument = Unmanaged.passRetained(ThreadBody(body))
  var thread = pthread_t()
  let status = pthread_create(
    &thread, attributes,
    { pointer in
      if let pointer { Unmanaged<ThreadBody>.fromOpaque(pointer).takeRetainedValue().body() }
      return nil
    }, argument.toOpaque())
  if status != 0 { argument.release() }
  return status == 0
}
