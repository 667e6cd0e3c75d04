import Synchronization

/// The columns of the scan under way.
package final class ScanColumns: Sendable {
  private let columns = Mutex<[Int]>([])
  package init() {}
  package func set(_ wanted: [Int]) { columns.withLock { $0 = wanted } }
  package func get() -> [Int] { columns.withLock { $0 } }
}
