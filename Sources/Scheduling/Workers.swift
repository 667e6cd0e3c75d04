import Dispatch
import Synchronization

/// The threads that share a job. Work is divided by the data, never by their number, so every number of
/// workers gives the same bits.
package struct Workers: Sendable {
  /// How many threads at most work at once, the calling one among them; at least 1.
  package let count: Int
  /// Looked at before each index of a job: when it is raised, the job throws `Cancelled`.
  package let cancellation: Cancellation

  /// - Parameter count: threads to share jobs among; less than 1 counts as 1.
  package init(count: Int, cancellation: Cancellation = Cancellation()) {
    self.count = max(1, count)
    self.cancellation = cancellation
  }

  /// Calls `body` once for each index below `tasks`, in parallel, each worker taking the next index.
  ///
  /// Results come back in index order. When bodies throw, the error of the lowest index that threw is
  /// thrown: indices are handed out in order, so it is the same whatever the number of workers.
  package func map<Result: Sendable>(
    _ tasks: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    if tasks <= 1 || count == 1 {
      var results: [Result] = []
      results.reserveCapacity(tasks)
      for index in 0..<tasks {
        try cancellation.check()
        results.append(try body(index))
      }
      return results
    }
    let next = Atomic<Int>(0)
    let failed = Atomic<Bool>(false)
    let outcomes = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: tasks))
    DispatchQueue.concurrentPerform(iterations: min(count, tasks)) { _ in
      while !failed.load(ordering: .relaxed) {
        let index = next.add(1, ordering: .relaxed).oldValue
        if index >= tasks { return }
        let outcome = Swift.Result {
          try cancellation.check()
          return try body(index)
        }
        if case .failure = outcome { failed.store(true, ordering: .relaxed) }
        outcomes.withLock { $0[index] = outcome }
      }
    }
    var results: [Result] = []
    results.reserveCapacity(tasks)
    for case let outcome? in outcomes.withLock({ $0 }) { results.append(try outcome.get()) }
    return results
  }

  /// Calls `body` once for each index below `tasks`, in parallel.
  package func forEach(_ tasks: Int, _ body: @Sendable (Int) throws -> Void) throws {
    _ = try map(tasks) { index in try body(index) }
  }
}
