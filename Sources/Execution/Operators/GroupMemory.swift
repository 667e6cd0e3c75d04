import Columns
import Planning
import Scheduling
import Synchronization

/// What the groups of all segments hold: keys, and for each function a state a group or the values of the rows.
///
/// Texts lie in the dictionaries of the segments, which live as long as a group's key or state points into them: each
/// counts once, and not at all where it belongs to rows that are held anyway.
final class GroupMemory: Sendable {
  private let memory: Reservation
  private let origin: StageOrigin
  private let texts: Mutex<MemoryUse>
  /// Bytes of the texts of the rows in memory.
  private let ofRows: Int

  /// - Parameter held: the rows that lie in memory, with a reservation of their own.
  init(_ memory: Reservation, _ origin: StageOrigin, held: Table? = nil) {
    self.memory = memory
    self.origin = origin
    var use = MemoryUse()
    for segment in held?.segments ?? [] {
      for column in segment.columns { use.addTexts(of: column) }
    }
    ofRows = use.bytes
    texts = Mutex(use)
  }

  /// Bytes of the texts that groups and states hold, beyond those of rows in memory.
  var textBytes: Int { texts.withLock { $0.bytes } - ofRows }

  /// Reserves the texts that states have copied.
  func grow(copiedBy states: [any AggregateState], _ executor: Executor) throws {
    let bytes = states.reduce(0) { $0 + $1.copiedBytes }
    if bytes == 0 { return }
    try executor.placed(origin) { () throws(BudgetExceeded) in
      try memory.grow(bytes, for: "the texts of its groups")
    }
  }

  /// Reserves the texts that columns point to.
  func grow(textsOf columns: [Column], _ executor: Executor) throws {
    let more = texts.withLock { texts in
      let before = texts.bytes
      for column in columns { texts.addTexts(of: column) }
      return texts.bytes - before
    }
    if more == 0 { return }
    try executor.placed(origin) { () throws(BudgetExceeded) in
      try memory.grow(more, for: "the texts of its groups")
    }
  }

  /// Reserves what one segment's groups hold.
  func grow(
    _ states: [any AggregateState], keys: [Column], groups: Int, rows: Int, _ executor: Executor
  ) throws {
    var bytes = 0
    for key in keys {
      bytes += Int(Double(Executor.rowBytes(key)) * Double(groups) / Double(max(1, key.count)))
    }
    try grow(textsOf: keys, executor)
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
