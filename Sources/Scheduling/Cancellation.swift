import Synchronization

/// Thrown when the person who asked no longer wants the answer.
package struct Cancelled: Error, Sendable {
  package init() {}
}

/// A flag that one thread raises and all work looks at.
package final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  package init() {}

  package func cancel() { flag.store(true, ordering: .relaxed) }
  package func reset() { flag.store(false, ordering: .relaxed) }
  package var isCancelled: Bool { flag.load(ordering: .relaxed) }

  /// Throws `Cancelled` when the flag is up.
  package func check() throws(Cancelled) {
    if isCancelled { throw Cancelled() }
  }
}
