import Diagnostics
import Synchronization

/// An argument or a result of a kernel: a column, or one value that stands for every row.
package enum Datum: Sendable {
  case column(Column)
  case constant(Value, DataType)

  /// The type of every row.
  package var type: DataType {
    switch self {
    case .column(let column): column.type
    case .constant(_, let type): type
    }
  }

  /// The rows spelled out.
  package func column(rows: Int) -> Column {
    switch self {
    case .column(let column): column
    case .constant(let value, let type): .repeating(value, count: rows, type: type)
    }
  }

  /// The same as a type that holds it without loss.
  func widened(to type: DataType) -> Datum {
    switch self {
    case .column(let column): .column(column.widened(to: type))
    case .constant(let value, _): .constant(value.widened(to: type), type)
    }
  }

  /// The value that stands for every row, if there is one.
  package var constant: Value? {
    if case .constant(let value, _) = self { value } else { nil }
  }

  /// One row's value (results and rare paths).
  package func value(_ row: Int) -> Value {
    switch self {
    case .column(let column): column.value(row)
    case .constant(let value, _): value
    }
  }
}

/// A value that has no answer: the row where it happened and why, for the operator to place in the user's text.
package struct KernelFault: Error, Sendable {
  /// The row of the batch, where one row is to blame; of a function over groups the group.
  package var row: Int?
  /// What is wrong, in plain words.
  package var message: String
  /// What to do about it, a sentence each.
  package var help: [String]
  /// It ends the whole batch, whichever rows want the value: there is no memory, or nobody waits any more.
  package private(set) var endsAll = false

  /// Nobody waits for the values any more: whoever catches it asks the query's own flag.
  static let stopped: KernelFault = ending("stopped")

  static func ending(_ message: String, help: [String] = []) -> KernelFault {
    var fault = KernelFault(message, help: help)
    fault.endsAll = true
    return fault
  }

  package init(_ message: String, row: Int? = nil, help: [String] = []) {
    self.message = message
    self.row = row
    self.help = help
  }
}

/// What one call in a query remembers and reports while it works through batches: counts for notes, and results
/// worth keeping between batches (a dictionary already translated). Counts add up, so that the order of
/// batches does not matter.
package final class CallState: Sendable {
  private struct State {
    var divisions = 0
    var unconverted = 0
    var unconvertedTexts: [ExactText: Int] = [:]
    /// There are more different ones than are counted: which are the commonest would depend on who came first.
    var hasManyUnconverted = false
    var counts: [String: Int] = [:]
    /// Times that were read with an offset and without one.
    var times = (with: 0, without: 0)
    /// Whether each constant text was found; the entries of the pools that lack one, and whether these are too many.
    var lookedFor: [ExactText: Bool] = [:]
    var seenPools: Set<ObjectIdentifier> = []
    var entries: Set<ExactText> = []
    var hasManyEntries = false
    /// The entries of a pool that are spelt like a constant text, and how many rows have each text that is.
    var alike: [ExactText: [ObjectIdentifier: (source: TextPool, entries: [Int])]] = [:]
    var spelt: [ExactText: [ExactText: Int]] = [:]
    /// A pool had too many entries to be looked through: nothing can be said of spellings then.
    var hasUnseenSpellings = false
    var pools: [ObjectIdentifier: (source: TextPool, result: any Sendable)] = [:]

    /// Different texts that are counted each.
    private static let mostUnconverted = 100_000

    mutating func addUnconverted(_ text: ExactText, _ rows: Int) {
      if hasManyUnconverted { return }
      unconvertedTexts[text, default: 0] += rows
      if unconvertedTexts.count > Self.mostUnconverted { forgetUnconverted() }
    }

    mutating func forgetUnconverted() {
      hasManyUnconverted = true
      unconvertedTexts = [:]
    }
  }

  private let state = Mutex(State())
  /// The bytes that the query can still have, for functions that make much of little.
  package let room: @Sendable () -> Int

  /// Whether nobody waits for the values any more.
  package let isStopped: @Sendable () -> Bool

  package init(
    room: @escaping @Sendable () -> Int = { .max }, isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.room, self.isStopped) = (room, isStopped)
  }

  /// Throws where nobody waits for the values any more: asked before each value that may take long.
  func checkStop() throws(KernelFault) {
    if isStopped() { throw .stopped }
  }

  /// What a value of a list takes while the list is made.
  private static let valueBytes = 32

  /// Throws where so many values of lists do not fit in the memory of the query.
  package func checkRoom(forValues count: Int, bytesEach: Int = CallState.valueBytes) throws(KernelFault) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: bytesEach)
    guard overflow || bytes > room() else { return }
    throw .ending(
      "lists of \(grouped(count)) values need more memory than the query can still have",
      help: ["give it more with --memory, or make shorter lists"])
  }

  /// Throws where texts of so many bytes do not fit in the memory of the query, once as they are made and once as they
  /// are kept.
  package func checkRoom(forTextBytes bytes: Int) throws(KernelFault) {
    if bytes <= room() / 2 { return }
    throw .ending(
      "texts of \(grouped(bytes)) bytes need more memory than the query can still have",
      help: ["give it more with --memory, or make shorter texts"])
  }

  /// Adds rows whose divisor was zero.
  package func addDivisions(byZero count: Int) {
    if count > 0 { state.withLock { $0.divisions += count } }
  }

  /// A text that did not convert, with the number of rows that have it.
  package func addUnconverted(_ text: String, rows: Int = 1) {
    state.withLock { state in
      state.unconverted += rows
      state.addUnconverted(ExactText(text), rows)
    }
  }

  /// Times that were read with an offset, and without one.
  func addTimes(with: Int = 0, without: Int = 0) {
    state.withLock { state in
      state.times.with += with
      state.times.without += without
    }
  }
  /// The datetimes that were read with an offset, and those that were read without one.
  package var times: (with: Int, without: Int) { state.withLock { $0.times } }

  /// A count under a name that the function's row knows how to tell.
  package func add(_ name: String, _ count: Int) {
    if count > 0 { state.withLock { $0.counts[name, default: 0] += count } }
  }

  /// Notes whether a pool has a constant text that the call compares with.
  func lookedFor(_ text: String, isFound: Bool, in pool: TextPool) {
    let text = ExactText(text)
    state.withLock { state in
      if state.lookedFor[text] == nil, state.lookedFor.count >= 100 { return }
      state.lookedFor[text] = isFound || state.lookedFor[text] ?? false
      if isFound || state.hasManyEntries || !state.seenPools.insert(ObjectIdentifier(pool)).inserted {
        return
      }
      if pool.isDistinct, pool.count <= 2000 {
        for entry in 0..<pool.count { state.entries.insert(ExactText(pool[entry])) }
      }
      // What is near is worth saying among few: those of all pools, so that their order does not matter.
      if !pool.isDistinct || pool.count > 2000 || state.entries.count > 5000 {
        state.hasManyEntries = true
        state.entries = []
      }
    }
  }

  /// The entries of a pool that are spelt like a constant text; of few constants.
  func alike(_ text: String, in pool: TextPool) -> [Int] {
    if pool.count > TextPool.spellingLimit {
      state.withLock { $0.hasUnseenSpellings = true }
      return []
    }
    let key = ObjectIdentifier(pool)
    let exact = ExactText(text)
    let (known, isFull) = state.withLock { ($0.alike[exact]?[key]?.entries, $0.alike.count >= 100) }
    if let known { return known }
    if isFull { return [] }
    let entries = pool.entries(speltLike: text)
    state.withLock { $0.alike[exact, default: [:]][key] = (pool, entries) }
    return entries
  }

  /// Notes that rows have a text that is spelt like a constant one.
  func spelt(_ text: String, _ own: String, _ rows: Int) {
    if rows == 0 { return }
    state.withLock { $0.spelt[ExactText(text), default: [:]][ExactText(own), default: 0] += rows }
  }

  /// For each constant text, in their order, the texts that are spelt like it with their rows.
  package var spellings: [(text: String, others: [(text: String, rows: Int)])] {
    let (spelt, isIncomplete) = state.withLock { ($0.spelt, $0.hasUnseenSpellings) }
    if isIncomplete { return [] }
    return spelt.sorted { $0.key < $1.key }.map { text, others in
      (text.text, others.sorted { $0.key < $1.key }.map { (text: $0.key.text, rows: $0.value) })
    }
  }

  /// The constant texts that no row had, in their order, with what is near to them: one text, or all of a few.
  package var notFound: [(text: String, near: [String])] {
    let state = state.withLock { $0 }
    let entries = state.entries.sorted().map(\.text)
    // A text that a dictionary has while the few rows of a call have not is known, and no hint is due.
    let unknown = state.lookedFor.filter { !$0.value && !state.entries.contains($0.key) }
    return unknown.keys.sorted().map { text in
      let nearest = Suggestion.nearest(to: text.text, among: entries).map { [$0] }
      return (text.text, nearest ?? (entries.count <= 5 ? entries : []))
    }
  }

  /// What another call counted, so many times over.
  package func add(_ other: CallState, times: Int) {
    let counted = other.state.withLock { $0 }
    if counted.divisions == 0, counted.unconverted == 0, counted.counts.isEmpty, counted.times == (0, 0) {
      return
    }
    state.withLock { state in
      state.divisions += counted.divisions * times
      state.times.with += counted.times.with * times
      state.times.without += counted.times.without * times
      state.unconverted += counted.unconverted * times
      for (text, count) in counted.unconvertedTexts {
        state.addUnconverted(text, count * times)
      }
      if counted.hasManyUnconverted { state.forgetUnconverted() }
      for (name, count) in counted.counts { state.counts[name, default: 0] += count * times }
    }
  }

  /// Rows whose divisor was zero.
  package var divisions: Int { state.withLock { $0.divisions } }
  /// Rows whose value did not convert, as `addUnconverted` was told.
  package var unconverted: Int { state.withLock { $0.unconverted } }
  /// How many different texts did not convert, as far as they are counted.
  package var differentUnconverted: Int { state.withLock { $0.unconvertedTexts.count } }
  /// What `add` counted, by its names.
  package var counts: [String: Int] { state.withLock { $0.counts } }

  /// The texts that did not convert most often, most first; none where there are too many different ones to count.
  package func commonestUnconverted(_ limit: Int = 3) -> [(text: String, count: Int)] {
    let texts = state.withLock { $0.unconvertedTexts }
    return texts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit).map {
      ($0.key.text, $0.value)
    }
  }

  /// The result for a pool, computed once for all batches that share the pool.
  package func remembered<Result: Sendable, Failure: Error>(
    for pool: TextPool, _ make: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let key = ObjectIdentifier(pool)
    if let known = state.withLock({ $0.pools[key]?.result }) as? Result { return known }
    let made = try make()
    // Two workers may both have made it: the first stays, so that all rows share one pool.
    let kept = state.withLock { state in
      if let known = state.pools[key] { return known.result }
      state.pools[key] = (pool, made)
      return made
    }
    return kept as? Result ?? made
  }
}

/// A function on whole columns: arguments, the number of rows, the call's memory.
package typealias VectorKernel =
  @Sendable (_ arguments: [Datum], _ rows: Int, _ state: CallState) throws(KernelFault) -> Datum

/// A function on one row's values; the caller has dealt with missing arguments where the function's rule says so.
package typealias RowKernel =
  @Sendable (_ arguments: [Value], _ state: CallState) throws(KernelFault) -> Value
