extension Aggregates {
  /// The same function, but missing for groups without any row: such as the cells of a pivot that nothing falls into.
  package static func missingOverNoRows(_ kernel: @escaping AggregateKernel) -> AggregateKernel {
    { types, constants in PresenceState(kernel(types, constants)) }
  }
}

/// A state beside the number of rows of each group.
final class PresenceState: AggregateState {
  private let base: any AggregateState
  private let rows = CountState()

  init(_ base: any AggregateState) { self.base = base }

  var skipped: Int { base.skipped }
  var keepsValues: Bool { base.keepsValues }

  func update(
    _ arguments: [Datum], rows count: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    try base.update(arguments, rows: count, groups: groups, groupCount: groupCount, selection: selection)
    try rows.update([], rows: count, groups: groups, groupCount: groupCount, selection: selection)
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    guard let other = other as? PresenceState else { return }
    try base.merge(other.base, map: map, groupCount: groupCount)
    try rows.merge(other.rows, map: map, groupCount: groupCount)
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    let counts = try rows.finish(groupCount: groupCount)[0]
    var present = MutableBitmap(repeating: false, count: groupCount)
    for group in 0..<groupCount where (counts.value(group).integer ?? 0) > 0 { present.set(group) }
    let known = present.freeze()
    return try base.finish(groupCount: groupCount).map { column in
      Column(
        type: column.type, storage: column.storage, validity: column.validity.map { $0.and(known) } ?? known,
        count: column.count)
    }
  }
}
