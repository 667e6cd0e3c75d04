import Columns
import Diagnostics
import Planning

/// Groups in which `first` or `last` takes the value of one of several rows with equal sort keys: which of them stands at
/// the edge is the order of the table there, and the others have another value.
struct EdgeTies {
  private let tallies: [(call: GroupCall, position: Int)]
  private let hasKeys: Bool
  private var tied: [Int]
  private var groups = 0

  init(_ node: Plan.Aggregate) {
    var position = node.keys.count
    var tallies: [(call: GroupCall, position: Int)] = []
    for call in node.calls {
      if call.tally == .edgeTies { tallies.append((call, position)) }
      position += call.types.count
    }
    self.tallies = tallies
    tied = Array(repeating: 0, count: tallies.count)
    hasKeys = !node.keys.isEmpty
  }

  /// Counts and tells of a whole table of groups.
  static func tell(of table: Table, _ node: Plan.Aggregate, _ context: QueryContext) {
    var ties = EdgeTies(node)
    ties.add(table)
    ties.tell(node, context)
  }

  /// Counts some groups.
  mutating func add(_ table: Table) {
    if tallies.isEmpty { return }
    groups += table.rowCount
    for segment in table.segments {
      for (index, tally) in tallies.enumerated() {
        let flags = segment.columns[tally.position]
        tied[index] += (0..<segment.count).count { flags.value($0).integer == 1 }
      }
    }
  }

  /// Tells of each call once: in a pivot it stands in many columns.
  func tell(_ node: Plan.Aggregate, _ context: QueryContext) {
    var told: [String: (call: GroupCall, count: Int, all: Int)] = [:]
    // Two results may be made of one call, or of two that are alike.
    var seen: Set<[String]> = []
    for (tally, count) in zip(tallies, tied)
    where seen.insert([tally.call.text, tally.call.pivotColumn ?? ""]).inserted {
      let before = told[tally.call.text] ?? (tally.call, 0, 0)
      told[tally.call.text] = (before.call, before.count + count, before.all + groups)
    }
    for (_, found) in told.sorted(by: { $0.value.call.range.lower < $1.value.call.range.lower }) {
      Self.tell(found.call, found.count, of: found.all, hasGroups: hasKeys, context)
    }
  }

  static func tell(_ call: GroupCall, _ count: Int, of all: Int, hasGroups: Bool, _ context: QueryContext) {
    if count == 0 { return }
    let edge = call.function.name == "last_ties" ? "last" : "first"
    let place =
      hasGroups
      ? "in \(grouped(count)) of \(counted(all, call.pivotColumn == nil ? "group" : "cell")) s" : "s"
    let note = Note(
      .tie,
      "\(call.text): \(place)everal \(edge) rows have equal sort keys and different values, and one of them was taken in the order of the table; a further sort key settles it",
      count: count, total: all, at: call.range)
    context.note { [note] }
  }
}
