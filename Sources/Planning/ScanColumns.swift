import Synchronization

/// The columns of the scan under way.
package final class ScanColumns: Sendable {
  private let columns = Mutex<[Int]>([])
  package init() {}
  /// Keeps the columns that `begin` was told.
  package func set(_ wanted: [Int]) { columns.withLock { $0 = wanted } }
  /// Those kept last, in the order in which `read` must give them.
  package func get() -> [Int] { columns.withLock { $0 } }
}
