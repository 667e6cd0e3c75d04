import Synchronization

/// How far a long job is: units done of all units, for whoever watches it.
package final class Progress: Sendable {
  private let done = Atomic<Int>(0)
  private let total = Atomic<Int>(0)

  package init() {}

  /// Starts a job of so many units, with none of them done; an earlier job's numbers are gone.
  package func begin(total units: Int) {
    done.store(0, ordering: .relaxed)
    total.store(units, ordering: .relaxed)
  }
  /// Adds units that are done, from any thread.
  package func advance(by units: Int = 1) { done.add(units, ordering: .relaxed) }

  /// Units done and all units; both 0 before a job begins.
  package var state: (done: Int, total: Int) {
    (done.load(ordering: .relaxed), total.load(ordering: .relaxed))
  }
}
