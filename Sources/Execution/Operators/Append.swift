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
    noteAppend(node)
    let lists = try TextLists(node, inputs)
    let times = TimeOffsets(node.schema)
    let rounded = RoundedInts(node.schema)
    context.note { times.notes(at: node.origin) + rounded.notes(at: node.origin) }
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
      return Segment(columns: columns, count: segment.count)
    }
  }

  private func noteAppend(_ node: Plan.Append) {
    var notes: [Note] = []
    for (index, map) in node.maps.enumerated() {
      let absent = zip(map, node.schema.names).filter { $0.0 == nil }.map { "`\($0.1)`" }
      if !absent.isEmpty {
        notes.append(
          Note(
            .structural,
            "\(index == 0 ? "the first table has" : "table \(index + 1) has") no \(absent.joined(separator: ", ")): missing there",
            at: node.origin.range))
      }
    }
    let made = notes
    context.note { made }
  }
}

/// The order that the texts of each appended column have together. A comparison further on looks at one segment, and a
/// sort at all: both must know the same order.
private struct TextLists: Sendable {
  /// For each column the texts that its order lists; nil for a column of which no part has an order.
  private let lists: [Int: (list: [String]?, state: CallState)]
  /// The first segment of each input, which had to be looked at.
  private let firsts: [Segment?]

  init(_ node: Plan.Append, _ inputs: [SegmentStream]) throws {
    let texts = node.schema.fields.indices.filter { node.schema[$0].type == .text }
    firsts = try inputs.map { texts.isEmpty || $0.count == 0 ? nil : try $0.read(0) }
    var lists: [Int: (list: [String]?, state: CallState)] = [:]
    for column in texts {
      let pools = zip(firsts, node.maps).compactMap { first, map in
        first.flatMap { segment in map[column].flatMap { segment.columns[$0].pool } }
      }
      if pools.contains(where: \.isOrdered) { lists[column] = (TextPool.commonList(pools), CallState()) }
    }
    self.lists = lists
  }

  func first(of input: Int, _ inputs: [SegmentStream]) throws -> Segment {
    try firsts[input] ?? inputs[input].read(0)
  }

  func ordered(_ column: Column, _ number: Int) -> Column {
    guard let (list, state) = lists[number] else { return column }
    return column.ordered(as: list, state)
  }
}

/// Whole numbers of too many digits for the floats that they stand among.
private final class RoundedInts: Sendable {
  private let schema: Schema
  private let counts = Mutex<[Int: Int]>([:])

  init(_ schema: Schema) { self.schema = schema }

  func saw(_ column: Column, _ number: Int) {
    guard schema[number].type == .float else { return }
    let rounded = column.roundedAsFloats
    if rounded > 0 { counts.withLock { $0[number, default: 0] += rounded } }
  }

  func notes(at origin: StageOrigin) -> [Note] {
    counts.withLock { $0 }.sorted { $0.key < $1.key }.map { number, count in
      Note(
        .fact,
        "\(counted(count, "whole number")) of `\(schema[number].name)` \(count == 1 ? "is" : "are") rounded: among floats one keeps about 16 digits",
        count: count, subject: schema[number].name, at: origin.range)
    }
  }
}

/// Whether times with an offset meet times without one, which are then taken as UTC.
final class TimeOffsets: Sendable {
  private struct Seen {
    var with = 0
    var without = 0
  }

  private let names: [String]
  private let seen: Mutex<[Int: Seen]>

  /// - Parameter schema: of the columns that are looked at.
  init(_ schema: Schema) {
    names = schema.names
    seen = Mutex([:])
  }

  func saw(_ column: Column, _ number: Int) {
    guard case .datetime(_, let offsets) = column.storage else { return }
    let known = column.count - column.missingCount
    seen.withLock {
      if offsets == nil {
        $0[number, default: Seen()].without += known
      } else {
        $0[number, default: Seen()].with += known
      }
    }
  }

  func notes(at origin: StageOrigin) -> [Note] {
    let seen = seen.withLock { $0 }
    return seen.sorted { $0.key < $1.key }.compactMap { number, seen in
      guard seen.with > 0, seen.without > 0 else { return nil }
      return Note(
        .fact,
        "\(counted(seen.without, "time")) of `\(names[number])` \(seen.without == 1 ? "has" : "have") no offset, others do: taken as UTC",
        count: seen.without, total: seen.with + seen.without, subject: names[number], at: origin.range)
    }
  }
}
