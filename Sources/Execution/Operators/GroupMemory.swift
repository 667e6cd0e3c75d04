import Columns
import Planning
import Scheduling

/// What the groups of all segments hold: keys, and for each function a state a group or the values of the rows.
struct GroupMemory: Sendable {
  private let memory: Reservation
  private let origin: StageOrigin

  init(_ memory: Reservation, _ origin: StageOrigin) {
    self.memory = memory
    self.origin = origin
  }

  /// Reserves what one segment's groups hold.
  func grow(
    _ states: [any AggregateState], keys: [Column], groups: Int, rows: Int, _ executor: Executor
  ) throws {
    var bytes = 0
    for key in keys {
      bytes += Int(Double(Executor.rowBytes(key)) * Double(groups) / Double(max(1, key.count)))
    }
    for state in states { bytes += state.stateBytes(groups: groups, rows: rows) }
    try executor.placed(origin) { () throws(BudgetExceeded) in
      try memory.grow(bytes, for: "its groups and their values")
    }
  }
}

extension AggregateState {
  /// Bytes of a state of so many groups that has seen so many rows.
  func stateBytes(groups: Int, rows: Int) -> Int {
    let cells = groups.saturating(times: 32)
    return keepsValues ? cells.saturating(plus: rows.saturating(times: 16)) : cells
  }
}
