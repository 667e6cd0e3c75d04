/// The least or the greatest text of each group: by the text's own order where it has one, otherwise by scalars.
final class TextExtremeState: AggregateState {
  private var pool = TextPool.empty
  /// The code of each group's text; `none` while there is none.
  private var codes = MutableBuffer<UInt32>(capacity: 1)
  private let greatest: Bool
  private(set) var skipped = 0
  private let none = UInt32.max

  init(greatest: Bool) { self.greatest = greatest }

  private func grow(_ groupCount: Int) {
    while codes.count < groupCount { codes.append(none) }
  }

  /// Makes `other`'s codes and those here codes of one pool; returns how the other's become such.
  private func join(_ other: TextPool) -> CodeMap {
    if other === pool { return .same }
    if pool.count == 0 {
      pool = other
      return .same
    }
    let (united, maps) = TextPool.united([pool, other])
    pool = united
    for group in 0..<codes.count where codes[group] != none {
      codes[group] = maps[0](Buffer([codes[group]]))[0]
    }
    return maps[1]
  }

  func update(
    _ arguments: [Datum], rows: Int, groups: Buffer<UInt32>?, groupCount: Int, selection: Bitmap?
  ) throws(KernelFault) {
    grow(groupCount)
    guard let column = arguments.first?.column(rows: rows) else { return }
    let taken = AggregateRows([column], rows: rows, groups: groups, selection: selection)
    skipped += taken.skipped
    guard taken.count > 0, case .text(let own, let otherPool) = column.storage else { return }
    let map = join(otherPool)
    let chosen = taken.rows.map { own.take($0, hasMissing: false).widened } ?? own.widened
    take(map(chosen), taken.takenGroups)
  }

  private func take(_ values: Buffer<UInt32>, _ groups: Buffer<UInt32>) {
    let ranks = pool.ranks
    let order = ranks.span
    let source = values.span
    let targets = groups.span
    var best = codes.mutableSpan
    for row in 0..<source.count {
      let code = source[row]
      let group = Int(targets[row])
      let known = best[group]
      if known == none {
        best[group] = code
      } else {
        let (new, old) = (order[Int(code)], order[Int(known)])
        if greatest ? new > old : new < old { best[group] = code }
      }
    }
  }

  func merge(_ other: any AggregateState, map: Buffer<UInt32>, groupCount: Int) throws(KernelFault) {
    grow(groupCount)
    guard let other = other as? TextExtremeState else { return }
    skipped += other.skipped
    var values = MutableBuffer<UInt32>(capacity: other.codes.count)
    var groups = MutableBuffer<UInt32>(capacity: other.codes.count)
    for group in 0..<min(other.codes.count, map.count) where other.codes[group] != none {
      values.append(other.codes[group])
      groups.append(map[group])
    }
    if values.count == 0 { return }
    let codeMap = join(other.pool)
    take(codeMap(values.freeze()), groups.freeze())
  }

  func finish(groupCount: Int) throws(KernelFault) -> [Column] {
    grow(groupCount)
    var validity = MutableBitmap(repeating: false, count: groupCount)
    var result = MutableBuffer<UInt32>(repeating: 0, count: groupCount)
    for group in 0..<groupCount where codes[group] != none {
      validity.set(group)
      result[group] = codes[group]
    }
    return [.text(.u32(result.freeze()), pool, validity: validity.freezeValidity())]
  }
}
