import Columns
import Planning

/// What the calls of an aggregate that nobody wrote come to: for each the groups in which it gives a number.
struct TallyCounts {
  private var tallies: [(call: GroupCall, position: Int, count: Int)] = []
  private let number: Int64
  /// The groups that were looked at.
  private(set) var groups = 0

  /// - Parameters:
  ///   - number: what a tally gives for a group that is counted.
  ///   - isWanted: which tallies are looked at.
  init(_ node: Plan.Aggregate, of number: Int64, where isWanted: (GroupCall) -> Bool) {
    self.number = number
    var position = node.keys.count
    for call in node.calls {
      if call.tally != nil, isWanted(call) { tallies.append((call, position, 0)) }
      position += call.types.count
    }
  }

  /// Each tally and its groups, in the order of the calls.
  var counts: [(call: GroupCall, count: Int)] { tallies.map { ($0.call, $0.count) } }

  /// Counts in some groups.
  mutating func add(_ table: Table) {
    if tallies.isEmpty { return }
    groups += table.rowCount
    for segment in table.segments {
      for index in tallies.indices {
        let results = segment.columns[tallies[index].position]
        tallies[index].count += (0..<segment.count).count { results.value($0).integer == number }
      }
    }
  }
}
