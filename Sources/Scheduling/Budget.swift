import Synchronization

/// Thrown when a query wants more memory than it was given.
package struct BudgetExceeded: Error, Sendable {
  /// What the memory was wanted for, such as `the order of 5,000,000 rows`.
  package let purpose: String
  /// The bytes that were asked for.
  package let wanted: Int
  /// The bytes that were held for other things at that moment.
  package let held: Int
  /// The bytes that the query may hold in all.
  package let limit: Int

  package init(purpose: String, wanted: Int, held: Int, limit: Int) {
    self.purpose = purpose
    self.wanted = wanted
    self.held = held
    self.limit = limit
  }
}

/// The memory that a query may hold, in bytes; operators reserve before they build.
package final class Budget: Sendable {
  /// The bytes that may be held in all; 0 or more, `Int.max` for no limit.
  package let limit: Int
  private let used: Atomic<Int>

  /// - Parameter held: bytes that are in use before the query begins, such as tables under names.
  package init(limit: Int = .max, held: Int = 0) {
    self.limit = max(0, limit)
    used = Atomic(max(0, held))
  }

  /// The bytes in use now.
  package var reserved: Int { used.load(ordering: .relaxed) }

  /// The bytes that can still be had.
  package var available: Int { max(0, limit - reserved) }

  /// Reserves bytes, or throws and reserves nothing. Negative sizes count as none.
  package func reserve(_ bytes: Int, for purpose: @autoclosure () -> String) throws(BudgetExceeded) {
    let bytes = max(0, bytes)
    var before = reserved
    while true {
      if bytes > limit - min(before, limit) {
        throw BudgetExceeded(purpose: purpose(), wanted: bytes, held: before, limit: limit)
      }
      let (done, now) = used.compareExchange(
        expected: before, desired: before + bytes, ordering: .relaxed)
      if done { return }
      before = now
    }
  }

  /// Gives back bytes that were reserved; negative sizes count as none. Nothing checks that so many were.
  package func release(_ bytes: Int) { used.subtract(max(0, bytes), ordering: .relaxed) }
}

/// Memory that something holds: given back when it says so, or when the last reference goes.
package final class Reservation: Sendable {
  private let budget: Budget
  private let bytes = Atomic<Int>(0)

  /// An empty reservation.
  package init(_ budget: Budget) { self.budget = budget }

  /// The bytes held.
  package var count: Int { bytes.load(ordering: .relaxed) }

  /// Reserves more, or throws and leaves what is held as it is.
  package func grow(_ more: Int, for purpose: @autoclosure () -> String) throws(BudgetExceeded) {
    try budget.reserve(more, for: purpose())
    bytes.add(max(0, more), ordering: .relaxed)
  }

  /// Gives everything back; may be called again.
  package func release() { budget.release(bytes.exchange(0, ordering: .relaxed)) }

  deinit { release() }
}
