import Dispatch
import Columns
import Planning
import Sessions
import Synchronization

/// A question that is given up when it takes too long, at Ctrl-C, or when somebody no longer wants to know.
enum TimedLookup {
  private final class Answer: Sendable {
    let table = Mutex<Table?>(nil)
    let isDone = DispatchSemaphore(value: 0)
  }

  /// - Parameters:
  ///   - milliseconds: how long it may take.
  ///   - isUnwanted: asked every few milliseconds.
  static func rows(
    of plan: Plan, _ session: Session, milliseconds: Int, isUnwanted: () -> Bool = { false }
  ) -> Table? {
    let lookup = Session.Lookup()
    let answer = Answer()
    let isStarted = startThread {
      let table = session.rows(of: plan, lookup)
      answer.table.withLock { $0 = table }
      answer.isDone.signal()
    }
    guard isStarted else { return nil }
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while answer.isDone.wait(timeout: .now() + .milliseconds(4)) == .timedOut {
      if ContinuousClock.now < deadline, !Signals.isWaiting, !isUnwanted() { continue }
      lookup.cancel()
      // A thread that does not stop at once is left to end by itself; it changes nothing.
      if answer.isDone.wait(timeout: .now() + .milliseconds(20)) == .timedOut { return nil }
      break
    }
    return answer.table.withLock { $0 }
  }
}

/// Work without end in sight that changes nothing, such as drawing many rows: Ctrl-C leaves it behind at once.
enum Abandonable {
  private final class Answer<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
    let isDone = DispatchSemaphore(value: 0)
  }

  /// Nil at Ctrl-C, which is taken.
  static func run<Value: Sendable>(_ work: @Sendable @escaping () -> Value) -> Value? {
    let answer = Answer<Value>()
    let isStarted = startThread {
      let value = work()
      answer.value.withLock { $0 = value }
      answer.isDone.signal()
    }
    guard isStarted else { return work() }
    while answer.isDone.wait(timeout: .now() + .milliseconds(10)) == .timedOut {
      if Signals.takeInterrupt() { return nil }
    }
    return answer.value.withLock { $0 }
  }
}
