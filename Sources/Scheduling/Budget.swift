import Synchronization

/// Thrown when a query wants more memory than it was given.
package struct BudgetExceeded: Error, Sendable {
  /// What the memory was wanted for, such as `sorting 5,000,000 rows`.
  package let purpose: String
  package let wanted: Int
  package let limit: Int
}

/// The memory that a query may hold, in bytes; operators reserve before they build.
package final class Budget: Sendable {
  package let limit: Int
  private let used = Atomic<Int>(0)

  package init(limit: Int = .max) { self.limit = limit }

  package var reserved: Int { used.load(ordering: .relaxed) }

  /// Reserves bytes, or throws and reserves nothing.
  package func reserve(_ bytes: Int, for purpose: @autoclosure () -> String) throws(BudgetExceeded) {
    let (now, overflow) = used.add(bytes, ordering: .relaxed).newValue.addingReportingOverflow(0)
    if overflow || now > limit {
      used.subtract(bytes, ordering: .relaxed)
      throw BudgetExceeded(purpose: purpose(), wanted: bytes, limit: limit)
    }
  }

  package func release(_ bytes: Int) { used.subtract(bytes, ordering: .relaxed) }
}
