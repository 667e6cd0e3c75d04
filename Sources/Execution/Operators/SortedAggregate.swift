import Columns
import Diagnostics
import Planning
import Scheduling

/// Rows with the values of a stage's keys.
struct KeyedSegment: Sendable {
  var rows: Segment
  var keys: [Column]
}

/// Aggregation where nearly every row of a segment is a group of its own: states a segment would be as many as the
/// rows, to be merged at random places on one thread. The rows are sorted by their keys instead, and runs of whole
/// groups worked on in parallel, each a walk through memory in order.
///
/// A group's rows of one segment go into one state, and the states of segments are merged in order, as without
/// sorting: floats are the same to the last bit.
extension Executor {
  /// Fewer segments are merged as fast.
  private static let leastSegments = 8
  /// Segments of fewer rows tell too little of the others.
  private static let leastRows = 4_096
  /// Rows that a worker takes at a time.
  private static let taskRows = 65_536

  /// How many segments show whether sorting is better.
  static func firstSegments(of input: SegmentStream) -> Int { input.count < leastSegments ? 0 : 2 }

  /// Whether more than three rows in four begin a group.
  static func areMostlyGroups(_ segments: [KeyedSegment]) -> Bool {
    !segments.isEmpty
      && segments.allSatisfy { segment in
        let rows = segment.rows.count
        guard rows >= leastRows, !segment.keys.isEmpty else { return false }
        return Grouper.group(segment.keys, rows: rows).count * 4 > rows * 3
      }
  }

  /// What a segment's keys and calls come to.
  private struct Inputs: Sendable {
    var count: Int
    var keys: [Column]
    var calls: [CallInput]

    var bytes: Int {
      let arguments = calls.flatMap(\.data).map { datum in
        if case .column(let column) = datum { Executor.rowBytes(column) } else { 0 }
      }
      return keys.reduce(arguments.reduce(0, +)) { $0 + Executor.rowBytes($1) }
    }
  }

  func aggregateSorted(
    _ node: Plan.Aggregate, _ firsts: [KeyedSegment], _ input: SegmentStream, _ keys: EvaluatorList,
    _ runners: [GroupCallRunner], _ report: OperatorReport
  ) throws -> SegmentStream {
    let memory = Reservation(context.budget)
    defer { memory.release() }
    let held = GroupMemory(memory, node.origin, held: input.table)
    let inputs = try context.workers.map(input.count) { index in
      context.progress.advance()
      let first = index < firsts.count ? firsts[index] : nil
      let segment = try first?.rows ?? input.read(index)
      let own = try evaluated(segment, first?.keys ?? keys.columns(segment), runners)
      try placed(node.origin) { () throws(BudgetExceeded) in
        try memory.grow(own.bytes, for: "its groups and their values")
      }
      try held.grow(textsOf: own.keys + own.calls.flatMap(\.texts), self)
      return own
    }
    let rows = inputs.reduce(0) { $0 + $1.count }
    let width = runners.reduce(0) { $0 + 1 + $1.call.arguments.count }
    let texts = inputs.map { $0.calls.flatMap(\.texts) }
    let working = try reserve(
      Executor.keyBytes(node.keys.count, rows: rows).saturating(plus: rows.saturating(times: width * 16))
        .saturating(plus: Executor.dictionaryBytes(inputs.map(\.keys), count: node.keys.count))
        .saturating(plus: Executor.dictionaryBytes(texts, count: texts.map(\.count).min() ?? 0)),
      for: "\(counted(rows, "row")) in the order of their groups", node.origin)
    defer { working.release() }
    let keyColumns = try context.workers.map(node.keys.count) { position in
      Column.concatenated(inputs.map { $0.keys[position] }, type: node.keys[position].type)
    }
    let groups = try Grouper.ordered(keyColumns, rows: rows, by: context.workers)
    let places = RowPlaces(inputs.map(\.count))
    let whole = try context.workers.map(runners.count) { position in
      Executor.joined(inputs, position, runners[position].call)
    }
    let parts = groups.parts(rows: Executor.taskRows)
    let results = try context.workers.map(parts.count) { part in
      try finished(groups, parts[part], places, whole, runners) { group in
        Executor.name(ofGroup: Int(groups.order[Int(groups.starts[group])]), keyColumns, node)
      }
    }
    var made = MemoryUse()
    for column in results.joined() { made.addTexts(of: column) }
    let result = try reserve(
      groups.count.saturating(times: 8 * node.schema.count).saturating(plus: made.bytes.saturating(times: 2)),
      for: "\(counted(groups.count, "group"))",
      node.origin)
    let firstRows = groups.order.permuted(by: groups.starts.slice(0..<groups.count))
    let keyCount = node.keys.count
    let columns = try context.workers.map(node.schema.count) { position in
      let type = node.schema[position].type
      if position < keyCount { return keyColumns[position].take(firstRows).widened(to: type) }
      let made = results.map { $0[position - keyCount] }
      return Column.concatenated(made, type: made.first?.type ?? type).widened(to: type)
    }
    report.add(rowsIn: rows, rowsOut: groups.count)
    note(node, keys, runners)
    let table = Table(schema: node.schema, columns: columns, count: groups.count)
    PivotCells.tell(of: table, node, report, context)
    EdgeTies.tell(of: table, node, context)
    noteAbsent(table, node, report)
    return SegmentStream(table, memory: [result])
  }

  private func evaluated(
    _ segment: Segment, _ keys: [Column], _ runners: [GroupCallRunner]
  ) throws -> Inputs {
    var shared = SharedValues()
    let calls = try runners.map { try $0.input(segment, &shared) }
    return Inputs(count: segment.count, keys: keys, calls: calls)
  }

  /// What a call takes in, all segments in one piece.
  private static func joined(_ inputs: [Inputs], _ position: Int, _ call: GroupCall) -> CallInput {
    let data = call.arguments.enumerated().map { index, argument -> Datum in
      if let constant = argument.constant { return .constant(constant, argument.type) }
      let parts = inputs.map { $0.calls[position].data[index].column(rows: $0.count) }
      return .column(.concatenated(parts, type: argument.type))
    }
    let selections = inputs.map { $0.calls[position].selection }
    if selections.allSatisfy({ $0 == nil }) { return CallInput(data: data) }
    let parts = zip(inputs, selections).map { $1 ?? Bitmap(repeating: true, count: $0.count) }
    return CallInput(
      data: data, selection: .concatenated(parts, count: inputs.reduce(0) { $0 + $1.count }))
  }

  /// The results of some groups.
  private func finished(
    _ groups: SortedGrouping, _ part: Range<Int>, _ places: RowPlaces, _ whole: [CallInput],
    _ runners: [GroupCallRunner], name: @escaping (Int) -> String
  ) throws -> [Column] {
    let rows = groups.order.slice(
      Int(groups.starts[part.lowerBound])..<Int(groups.starts[part.upperBound]))
    let portions = places.portions(rows, groups.starts.slice(part.lowerBound..<part.upperBound + 1))
    return try zip(runners, whole).flatMap { runner, whole -> [Column] in
      let input = CallInput(
        data: whole.data.map { datum in
          if case .column(let column) = datum { .column(column.take(rows)) } else { datum }
        },
        selection: whole.selection?.take(rows))
      let state = try runner.makeState()
      try runner.feed(
        state, input, rows: rows.count, groups: portions.ids, groupCount: portions.groups.count)
      runner.addSkipped(state.skipped)
      return try runner.placed(group: { name(part.lowerBound + $0) }) {
        let merged = try runner.makeState()
        try merged.merge(state, map: portions.groups, groupCount: part.count)
        return try merged.finish(groupCount: part.count)
      }
    }
  }
}

/// Which rows of several segments behind each other lie in the same one.
private struct RowPlaces: Sendable {
  /// Where each segment ends.
  private let ends: Buffer<UInt32>
  /// The segment of the first of each 4,096 rows.
  private let segments: Buffer<UInt32>

  init(_ counts: [Int]) {
    var ends: [UInt32] = []
    var segments: [UInt32] = []
    var end = 0
    for (number, count) in counts.enumerated() {
      end += count
      ends.append(UInt32(truncatingIfNeeded: end))
      while segments.count << 12 < end { segments.append(UInt32(truncatingIfNeeded: number)) }
    }
    self.ends = Buffer(ends)
    self.segments = Buffer(segments)
  }

  /// The end of the segment in which a row lies.
  @inline(__always)
  private static func end(_ row: UInt32, _ ends: Span<UInt32>, _ segments: Span<UInt32>) -> UInt32 {
    var segment = Int(segments[Int(row >> 12)])
    while ends[segment] <= row { segment &+= 1 }
    return ends[segment]
  }

  /// Numbers what the rows of each group are in each segment: the number of each row, and the group of each number,
  /// counted from the first.
  ///
  /// - Parameter starts: where each group begins, and the end; the first belongs to the first of the rows.
  func portions(
    _ rows: Buffer<UInt32>, _ starts: Buffer<UInt32>
  ) -> (ids: Buffer<UInt32>, groups: Buffer<UInt32>) {
    let (rows, starts, ends, segments) = (rows.span, starts.span, ends.span, segments.span)
    var ids = MutableBuffer<UInt32>(count: rows.count)
    var target = ids.mutableSpan
    var groups = MutableBuffer<UInt32>(count: rows.count)
    var owners = groups.mutableSpan
    var count = 0
    let first = starts[0]
    for group in 0..<starts.count &- 1 {
      var end: UInt32 = 0
      for place in Int(starts[group] &- first)..<Int(starts[group &+ 1] &- first) {
        let row = rows[place]
        if row >= end {
          owners[count] = UInt32(truncatingIfNeeded: group)
          count &+= 1
          end = Self.end(row, ends, segments)
        }
        target[place] = UInt32(truncatingIfNeeded: count &- 1)
      }
    }
    return (ids.freeze(), groups.freeze().slice(0..<count))
  }
}
