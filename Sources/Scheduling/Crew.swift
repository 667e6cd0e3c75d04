/// Who does the pieces of a task, whose results come back in order: the workers of a query, which may be told to stop,
/// or the calling thread alone, which never fails.
package protocol Crew: Sendable {
  associatedtype Failure: Error

  func pieces<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Result
  ) throws(Failure) -> [Result]
}

/// The calling thread.
package struct Alone: Crew {
  package init() {}

  package func pieces<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    (0..<count).map { body($0) }
  }
}

extension Workers: Crew {
  package func pieces<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Result
  ) throws -> [Result] {
    try map(count) { index in body(index) }
  }
}
