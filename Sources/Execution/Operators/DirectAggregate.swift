import Columns
import Diagnostics
import Planning
import Scheduling

/// Aggregation of rows in memory by keys that have few values: a table for all of them takes the place of looking up the
/// groups of every segment, and of putting these together.
///
/// The segments are divided into shares, whose number depends on the keys alone; the rows of a share go into one state,
/// and the states of shares are merged in order: every number of workers gives the same floats. Other ways of
/// aggregating take the rows in other portions: their floats may differ in the last bits.
extension Executor {
  /// So many rows a number at least: most numbers are groups then, and the tables small beside the rows.
  private static let rowsPerNumber = 16
  /// So few numbers are always worth a table.
  private static let leastNumbers = 64
  /// Tables of more numbers do not stay in the cache beside each other, and are held for fewer shares.
  private static let fewNumbers = 4_096
  private static let shares = (few: 32, many: 8)

  /// What a share of the segments came to.
  private struct Share: @unchecked Sendable {
    // The states are handed from the worker that made them to the one that merges them.
    var states: [any AggregateState]
    /// Whether a row has each number.
    var seen: Buffer<UInt8>
    var rows: Int
  }

  /// The groups' keys and results; nil where the keys or the functions are of another kind.
  func aggregateDirectly(
    _ node: Plan.Aggregate, _ input: SegmentStream, _ keys: EvaluatorList, _ runners: [GroupCallRunner],
    _ report: OperatorReport
  ) throws -> Table? {
    let empty = try runners.map { try $0.makeState() }
    guard !node.keys.isEmpty, !node.totals, input.count > 0, empty.allSatisfy(\.takesSegments),
      let domain = try domain(of: node)
    else { return nil }
    let count = min(input.count, domain.size <= Self.fewNumbers ? Self.shares.few : Self.shares.many)
    let memory = Reservation(context.budget)
    defer { memory.release() }
    // The tables of all shares; where memory does not hold them, segments that find their groups may need less.
    let bytes = empty.reduce(domain.size) { $0.saturating(plus: $1.stateBytes(groups: domain.size, rows: 0)) }
    guard (try? memory.grow(bytes.saturating(times: count), for: "its groups and their values")) != nil else {
      return nil
    }
    let shares = try context.workers.map(count) { share in
      let segments = input.count * share / count..<input.count * (share + 1) / count
      let states = try runners.map { try $0.makeState() }
      return try self.share(segments, of: input, domain, keys, runners, states)
    }
    let used = Self.used(shares.map(\.seen))
    let results = try context.workers.map(runners.count) { position in
      try merged(shares, position, runners[position], used, domain.size) { number in
        Executor.name(ofGroup: 0, domain.keys(Buffer([UInt32(truncatingIfNeeded: number)])), node)
      }
    }
    report.add(rowsIn: shares.reduce(0) { $0 + $1.rows }, rowsOut: used.count)
    return try ordered(domain.keys(used), results.flatMap { $0 }, count: used.count, node)
  }

  private func share(
    _ segments: Range<Int>, of input: SegmentStream, _ domain: KeyDomain, _ keys: EvaluatorList,
    _ runners: [GroupCallRunner], _ states: [any AggregateState]
  ) throws -> Share {
    var seen = MutableBuffer<UInt8>(repeating: 0, count: domain.size)
    var rows = 0
    for index in segments {
      try context.workers.cancellation.check()
      context.progress.advance()
      let segment = try input.read(index)
      if segment.count == 0 { continue }
      let numbers = domain.numbers(try keys.columns(segment), rows: segment.count)
      Self.mark(numbers, &seen)
      var shared = SharedValues()
      for (runner, state) in zip(runners, states) {
        try runner.update(state, segment, groups: numbers, groupCount: domain.size, &shared)
      }
      rows += segment.count
    }
    return Share(states: states, seen: seen.freeze(), rows: rows)
  }

  private static func mark(_ numbers: Buffer<UInt32>, _ seen: inout MutableBuffer<UInt8>) {
    var target = seen.mutableSpan
    let span = numbers.span
    for row in 0..<span.count { target[Int(span[row])] = 1 }
  }

  private static func used(_ seen: [Buffer<UInt8>]) -> Buffer<UInt32> {
    var numbers = MutableBuffer<UInt32>(capacity: 1_024)
    for number in 0..<(seen.first?.count ?? 0) where seen.contains(where: { $0[number] != 0 }) {
      numbers.append(UInt32(truncatingIfNeeded: number))
    }
    return numbers.freeze()
  }

  private func merged(
    _ shares: [Share], _ position: Int, _ runner: GroupCallRunner, _ used: Buffer<UInt32>, _ size: Int,
    group: @escaping (Int) -> String
  ) throws -> [Column] {
    for share in shares { runner.addSkipped(share.states[position].skipped) }
    return try runner.placed(group: group) {
      guard let whole = shares.first?.states[position] else { return [] }
      let map = Buffer<UInt32>.ascending(size)
      for share in shares.dropFirst() { try whole.merge(share.states[position], map: map, groupCount: size) }
      return try whole.finish(groupCount: size).map { $0.take(used, hasMissing: false) }
    }
  }

  /// The values that the keys may have, where all are columns of a table in memory.
  private func domain(of node: Plan.Aggregate) throws -> KeyDomain? {
    var columns: [[Column]] = []
    var rows = 0
    for key in node.keys {
      guard case .column(let index, _) = key.kind, let (table, column) = node.input.columnInMemory(index)
      else { return nil }
      rows = table.rowCount
      columns.append(table.segments.map { $0.columns[column] })
    }
    // How many rows a filter keeps is not known.
    let limit =
      node.input.hasFilter ? min(Self.fewNumbers, rows / Self.rowsPerNumber) : rows / Self.rowsPerNumber
    return try KeyDomain(columns, limit: max(Self.leastNumbers, limit), by: context.workers)
  }
}

extension Plan {
  /// Whether a filter stands between the rows and their table.
  fileprivate var hasFilter: Bool {
    switch self {
    case .filter: true
    case .scan(let node): node.filter != nil
    case .project(let node): node.input.hasFilter
    default: false
    }
  }

  /// The table in memory that a column comes from as it is, and its place there.
  fileprivate func columnInMemory(_ index: Int) -> (table: Table, column: Int)? {
    switch self {
    case .scan(let node): node.source.tableInMemory.map { ($0, node.columns[index]) }
    case .filter(let node): node.input.columnInMemory(index)
    case .project(let node):
      if case .column(let own, _) = node.items[index].kind { node.input.columnInMemory(own) } else { nil }
    default: nil
    }
  }
}
