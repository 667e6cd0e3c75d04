import Columns
import Diagnostics
import Planning
import Synchronization

/// One table behind the other.
extension Executor {
  func append(_ node: Plan.Append) throws -> SegmentStream {
    let inputs = try node.inputs.map { try stream($0) }
    var places: [(input: Int, segment: Int)] = []
    for (input, stream) in inputs.enumerated() {
      for segment in 0..<stream.count { places.append((input, segment)) }
    }
    let order = places
    let rows = Mutex([Int](repeating: 0, count: inputs.count))
    noteAppend(node) { rows.withLock { $0 } }
    let lists = try TextLists(node, inputs)
    context.note { lists.notes(node) }
    let times = TimeOffsets(node.schema)
    let rounded = RoundedInts(node.schema)
    context.note { times.notes(at: node.origin.range) + rounded.notes(at: node.origin.range) }
    return SegmentStream(schema: node.schema, count: order.count) { index in
      let place = order[index]
      let segment =
        place.segment == 0
        ? try lists.first(of: place.input, inputs) : try inputs[place.input].read(place.segment)
      let columns = zip(node.maps[place.input], node.schema.fields).enumerated().map { number, pair in
        let (position, field) = pair
        guard let position else { return Column.missing(count: segment.count, type: field.type) }
        times.saw(segment.columns[position], number)
        rounded.saw(segment.columns[position], number)
        return lists.ordered(segment.columns[position].widened(to: field.type), number)
      }
      rows.withLock { $0[place.input] += segment.count }
      return Segment(columns: columns, count: segment.count)
    }
  }

  /// - Parameter rows: how many rows each table had.
  private func noteAppend(_ node: Plan.Append, rows: @escaping @Sendable () -> [Int]) {
    let report = context.report("append", node.origin)
    context.note {
      var lacking: [String: Int] = [:]
      var notes: [Note] = []
      for (index, (map, rows)) in zip(node.maps, rows()).enumerated() {
        let absent = zip(map, node.schema.names).filter { $0.0 == nil }.map(\.1)
        if absent.isEmpty { continue }
        for name in absent { lacking[name, default: 0] += rows }
        let names = Spelling.few(absent.map { "`\($0)`" })
        notes.append(
          Note(.structural, "\(node.told(index)) has no \(names): missing there", at: node.origin.range))
      }
      report.did(.lacking(lacking))
      return notes
    }
  }
}

/// The order that the texts of each appended column have together. A comparison further on looks at one segment, and a
/// sort at all: both must know the same order.
private struct TextLists: Sendable {
  /// For each column the texts that its order lists; nil for a column of which no part has an order.
  private let lists: [Int: (list: TextPool.CommonList?, state: CallState)]
  /// The first segment of each input, which had to be looked at.
  private let firsts: [Segment?]

  init(_ node: Plan.Append, _ inputs: [SegmentStream]) throws {
    let texts = node.schema.fields.indices.filter { node.schema[$0].type == .text }
    firsts = try inputs.map { texts.isEmpty || $0.count == 0 ? nil : try $0.read(0) }
    var lists: [Int: (list: TextPool.CommonList?, state: CallState)] = [:]
    for column in texts {
      let pools = zip(firsts, node.maps).compactMap { first, map in
        first.flatMap { segment in map[column].flatMap { segment.columns[$0].pool } }
      }
      if pools.contains(where: \.isOrdered) { lists[column] = (TextPool.commonList(pools), CallState()) }
    }
    self.lists = lists
  }

  /// Columns of which the tables have orders that no one order agrees with, or more than one does.
  func notes(_ node: Plan.Append) -> [Note] {
    lists.keys.sorted().compactMap { column in
      let name = node.schema[column].name
      let list = lists[column]?.list
      if let list, list.open.isEmpty { return nil }
      let what =
        list.map { list in
          let pair = list.open.map { "\"\(visible($0))\"" }.joined(separator: " or ")
          return "the tables' orders of `\(name)` do not say whether \(pair) comes first: by letters here"
        } ?? "the tables order `\(name)` in different ways: together it goes by its letters"
      return Note(
        .fact, "\(what); ordered(\(CheckMessages.quoted(name)), …) says how", subject: name,
        at: node.origin.range)
    }
  }

  func first(of input: Int, _ inputs: [SegmentStream]) throws -> Segment {
    try firsts[input] ?? inputs[input].read(0)
  }

  func ordered(_ column: Column, _ number: Int) -> Column {
    guard let (list, state) = lists[number] else { return column }
    return column.ordered(as: list?.texts, state)
  }
}
