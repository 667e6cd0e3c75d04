import Synchronization

/// Thrown when the person who asked no longer wants the answer.
package struct Cancelled: Error, Sendable {
  package init() {}
}

/// A flag that one thread raises and all work looks at.
package final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  package init() {}

  /// Raises the flag; work stops at its next look.
  package func cancel() { flag.store(true, ordering: .relaxed) }
  /// Lowers the flag, for the next piece of work.
  package func reset() { flag.store(false, ordering: .relaxed) }
  /// Whether the flag is up.
  package var isCancelled: Bool { flag.load(ordering: .relaxed) }

  /// Throws `Cancelled` when the flag is up.
  package func check() throws(Cancelled) {
    if isCancelled { throw Cancelled() }
  }
}
