import Dispatch
import Columns
import Planning
import Sessions
import Synchronization

/// A question that is given up when it takes too long, at Ctrl-C, or when somebody no longer wants to know.
enum TimedLookup {
  /// - Parameters:
  ///   - milliseconds: how long it may take.
  ///   - isUnwanted: asked every few milliseconds.
  static func rows(
    of plan: Plan, _ session: Session, milliseconds: Int, isUnwanted: () -> Bool = { false }
  ) -> Table? {
    let lookup = Session.Lookup()
    guard let answer = Answer({ session.rows(of: plan, lookup) }) else { return nil }
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while !answer.isThere(within: 4) {
      if ContinuousClock.now < deadline, !Signals.isWaiting, !isUnwanted() { continue }
      lookup.cancel()
      // A thread that does not stop at once is left to end by itself; it changes nothing.
      if !answer.isThere(within: 20) { return nil }
      break
    }
    return answer.value ?? nil
  }
}

/// Work without end in sight that changes nothing, such as drawing many rows: Ctrl-C leaves it behind at once.
enum Abandonable {
  /// Nil at Ctrl-C, which is taken.
  static func run<Value: Sendable>(_ work: @Sendable @escaping () -> Value) -> Value? {
    guard let answer = Answer(work) else { return work() }
    while !answer.isThere(within: 10) {
      if Signals.takeInterrupt() { return nil }
    }
    return answer.value
  }
}

/// What a thread of its own works out, for whoever may stop waiting for it.
private final class Answer<Value: Sendable>: Sendable {
  private let found = Mutex<Value?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  /// Nil where no thread can be started.
  init?(_ work: @Sendable @escaping () -> Value) {
    let isStarted = startThread { [self] in
      let value = work()
      found.withLock { $0 = value }
      isDone.signal()
    }
    if !isStarted { return nil }
  }

  var value: Value? { found.withLock { $0 } }

  /// Waits so many milliseconds at the most.
  func isThere(within milliseconds: Int) -> Bool {
    isDone.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
  }
}
