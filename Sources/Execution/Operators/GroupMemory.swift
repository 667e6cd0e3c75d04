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
    _ runners: [GroupCallRunner], keys: [Column], groups: Int, rows: Int, _ executor: Executor
  ) throws {
    var bytes = 0
    for key in keys {
      bytes += Int(Double(Executor.rowBytes(key)) * Double(groups) / Double(max(1, key.count)))
    }
    for runner in runners { bytes += runner.stateBytes(groups: groups, rows: rows) }
    try executor.placed(origin) { () throws(BudgetExceeded) in
      try memory.grow(bytes, for: "its groups and their values")
    }
  }
}

extension GroupCallRunner {
  /// Functions whose state is a few numbers a group; the others keep the values of the rows.
  private static let small: Set<String> = [
    "count", "sum", "mean", "stddev", "variance", "skew", "min", "max", "range", "first", "last", "any",
    "all",
    "percent", "correlation", "slope",
  ]

  var keepsValues: Bool { !GroupCallRunner.small.contains(call.function.name) }

  /// Bytes of a state of so many groups that has seen so many rows.
  func stateBytes(groups: Int, rows: Int) -> Int {
    let cells = groups.saturating(times: 32)
    return keepsValues ? cells.saturating(plus: rows.saturating(times: 16)) : cells
  }
}
