import Columns
import Diagnostics
import Planning

/// Groups in which `first` or `last` takes the value of one of several rows with equal sort keys: which of them stands at
/// the edge is the order of the table there, and the others have another value.
struct EdgeTies {
  private let hasKeys: Bool
  private var tied: TallyCounts

  init(_ node: Plan.Aggregate) {
    hasKeys = !node.keys.isEmpty
    tied = TallyCounts(node, of: 1) { if case .edgeTies = $0.tally { true } else { false } }
  }

  /// Counts and tells of a whole table of groups.
  static func tell(of table: Table, _ node: Plan.Aggregate, _ context: QueryContext) {
    var ties = EdgeTies(node)
    ties.add(table)
    ties.tell(context)
  }

  /// Counts some groups.
  mutating func add(_ table: Table) { tied.add(table) }

  /// Tells of each call once: in a pivot it stands in many columns.
  func tell(_ context: QueryContext) {
    var told: [String: (call: GroupCall, count: Int, all: Int)] = [:]
    // Two results may be made of one call, or of two that are alike.
    var seen: Set<[String]> = []
    for (call, count) in tied.counts where seen.insert([call.text, call.pivotColumn ?? ""]).inserted {
      let before = told[call.text] ?? (call, 0, 0)
      told[call.text] = (before.call, before.count + count, before.all + tied.groups)
    }
    for (_, found) in told.sorted(by: { $0.value.call.range.lower < $1.value.call.range.lower }) {
      Self.tell(found.call, found.count, of: found.all, hasGroups: hasKeys, context)
    }
  }

  static func tell(_ call: GroupCall, _ count: Int, of all: Int, hasGroups: Bool, _ context: QueryContext) {
    if count == 0 { return }
    let edge = call.tally == .edgeTies(isLast: true) ? "last" : "first"
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
