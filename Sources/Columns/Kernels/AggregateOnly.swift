extension Aggregates {
  /// The one known value of a group, however many rows have it; where there are different ones, a fault.
  package static func only(_ types: [DataType], _ constants: [Value]) -> any AggregateState {
    OnlyState(Aggregates.min(types, constants), Aggregates.max(types, constants))
  }
}

/// The least and the greatest value, which must be the same.
private final class OnlyState: AggregateState {
  private let least: any AggregateState
  private let greatest: any AggregateState

  init(_ least: any AggregateState, _ greatest: any AggregateState) {
    (self.least, self.greatest) = (least, greatest)
  }

  var skipped: Int { least.skipped }
  var copiedBytes: Int { least.copiedBytes + greatest.copiedBytes }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    for state in [least, greatest] {
      try state.update(arguments, rows: rows, groups: groups, groupCount: groupCount, selection: selection)
    }
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    guard let other = other as? OnlyState else { return }
    try least.merge(other.least, map: map, groupCount: groupCount)
    try greatest.merge(other.greatest, map: map, groupCount: groupCount)
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    let lower = try least.finish(groupCount: groupCount)
    let upper = try greatest.finish(groupCount: groupCount)
    guard let from = lower.first, let to = upper.first else { return lower }
    for group in 0..<groupCount where from.isKnown(group) {
      let (one, other) = (from.value(group), to.value(group))
      if one != other {
        throw KernelFault(
          "a group has several values where one is wanted: \(ValueText.plain(one)) and \(ValueText.plain(other))",
          row: group, help: ["say which: first(x), last(x), min(x), max(x) …"])
      }
    }
    return lower
  }

  /// The groups of a table need not agree: the total is then missing.
  func finishTotal() throws(KernelFault) -> [Column] {
    let lower = try least.finish(groupCount: 1)
    guard let from = lower.first, let to = try greatest.finish(groupCount: 1).first else { return lower }
    return from.value(0) == to.value(0) ? lower : [.missing(count: 1, type: from.type)]
  }
}
