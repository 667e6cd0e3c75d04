import Synchronization

/// What an aggregate function remembers of the rows seen so far, for every group of one segment, and then of all.
///
/// One state belongs to one segment and one thread. States of segments are merged in row order into the first one,
/// so that the result does not depend on the number of workers. Groups are numbered from 0.
package protocol AggregateState: AnyObject {
  /// Takes in rows. `groups[i]` is row `i`'s group; nil when all rows are of group 0. `groupCount` is the number of
  /// groups known now. `selection` holds the rows that count (`where:`); nil for all. Missing arguments are
  /// left out and counted in `skipped`.
  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault)

  /// Takes in another state of the same kind, whose group `i` is group `map[i]` here; several of its groups may be one
  /// here, their rows behind each other.
  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault)

  /// One value a group; further results (an interval's ends) as further columns.
  func finish(groupCount: Int) throws(KernelFault) -> [Column]

  /// The values of a row over all groups, of a state that took all rows in as one group.
  func finishTotal() throws(KernelFault) -> [Column]

  /// Rows left out because an argument was missing.
  var skipped: Int { get }

  /// Whether the values of all rows are held until the end, and not only a few numbers a group.
  var keepsValues: Bool { get }

  /// Bytes of texts that it has copied: beyond what a group takes, and what the rows hold anyway.
  var copiedBytes: Int { get }

  /// Whether `update` takes one segment after the other, whose groups are numbered alike, for little more than the rows
  /// cost.
  var takesSegments: Bool { get }
}

extension AggregateState {
  package func finishTotal() throws(KernelFault) -> [Column] { try finish(groupCount: 1) }
  package var keepsValues: Bool { false }
  package var takesSegments: Bool { false }
  package var copiedBytes: Int { 0 }
}

/// An aggregate function: makes the state for argument types and the values of its constant arguments (position by
/// parameter; the others are `.missing`).
package typealias AggregateKernel =
  @Sendable (_ types: [DataType], _ constants: [Value]) -> any AggregateState

/// What a window function works on: rows already in partition and sort order.
package struct WindowInput: Sendable {
  /// The arguments in that order.
  package var arguments: [Datum]
  /// The number of rows, of all partitions.
  package var rows: Int
  /// Where each partition begins, ascending, ending with `rows`.
  package var partitions: [Int]
  /// True at rows that differ from the row before in the sort keys (or begin a partition); for the rank family.
  package var newPeers: Bitmap?
  /// The first sort key in that order, for functions that go by its values (`7d`): worked out for those that ask.
  package var orderKey: Column? { makeOrderKey() }
  private let makeOrderKey: @Sendable () -> Column?
  /// Whether the first sort key runs downwards; false without a sort.
  package var orderDescending: Bool
  /// How many rows a function has put into different groups although their values are equal, of those that do so.
  package let parted = PartedRows()

  package init(
    arguments: [Datum], rows: Int, partitions: [Int], newPeers: Bitmap?,
    orderKey: @escaping @Sendable @autoclosure () -> Column?, orderDescending: Bool = false
  ) {
    self.arguments = arguments
    self.rows = rows
    self.partitions = partitions
    self.newPeers = newPeers
    makeOrderKey = orderKey
    self.orderDescending = orderDescending
  }
}

/// A number of rows that a function over rows has to tell of, beside its values.
package final class PartedRows: Sendable {
  private let number = Mutex(0)

  /// Rows so far.
  package var count: Int { number.withLock { $0 } }
  func add(_ rows: Int) { number.withLock { $0 += rows } }
}

/// A window function: one value for each row, in the order of the input, and the rows left out as missing.
package struct WindowKernel: Sendable {
  /// Needs a `sort` (the rank family).
  package var needsOrder: Bool
  /// Gives as many rows as came in, in their order.
  package var run: @Sendable (WindowInput) throws(KernelFault) -> (column: Column, skipped: Int)

  package init(
    needsOrder: Bool,
    run: @escaping @Sendable (WindowInput) throws(KernelFault) -> (column: Column, skipped: Int)
  ) {
    self.needsOrder = needsOrder
    self.run = run
  }
}
