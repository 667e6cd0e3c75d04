/// Comparisons of text: by code where the dictionaries allow it, by entry where one side is constant, by the bytes
/// of the row otherwise. Order is that of Unicode scalars, or the text's own where both sides are in it.
extension Kernels {
  static func textComparison(
    _ left: Datum, _ right: Datum, _ isEquality: Bool, _ rows: Int, _ state: CallState
  ) -> Bitmap {
    switch (left, right) {
    case (.column(let column), .constant(let value, _)):
      let text = value.string ?? ""
      if isEquality { return equalBits(column, text, state) }
      return orderBits(column, text, state) { $0 < 0 }
    case (.constant(let value, _), .column(let column)):
      let text = value.string ?? ""
      if isEquality { return equalBits(column, text, state) }
      return orderBits(column, text, state) { $0 > 0 }
    case (.column(let first), .column(let second)):
      return columnBits(first, second, isEquality, rows)
    case (.constant(let first, _), .constant(let second, _)):
      let bit = isEquality ? first == second : Value.precedes(first, second)
      return Bitmap(repeating: bit, count: rows)
    }
  }

  // MARK: Tests on entries

  /// One bit a row from a test on the entries of the pool, each tested once where it pays. The state remembers the
  /// outcome, so that a call may test one thing only.
  static func entryBits(
    _ column: Column, _ state: CallState,
    _ test: (_ pool: TextPool, _ entry: Int) throws(KernelFault) -> Bool
  ) throws(KernelFault) -> Bitmap {
    guard case .text(let codes, let pool) = column.storage else {
      return Bitmap(repeating: false, count: column.count)
    }
    if isTestedByRow(codes, pool) { return try rowBits(column, codes, pool, test) }
    let table = try state.remembered(for: pool) { () throws(KernelFault) -> Buffer<UInt8> in
      var table = MutableBuffer<UInt8>(count: pool.count)
      for entry in 0..<pool.count { table[entry] = try test(pool, entry) ? 1 : 0 }
      return table.freeze()
    }
    return lookUp(codes, table)
  }

  /// Rows are tested one by one where each has its own entry or where the pool is much larger than the batch.
  static func isTestedByRow(_ codes: TextCodes, _ pool: TextPool) -> Bool {
    if case .sequence = codes { return true }
    return pool.count > 4 * codes.count
  }

  private static func rowBits(
    _ column: Column, _ codes: TextCodes, _ pool: TextPool,
    _ test: (_ pool: TextPool, _ entry: Int) throws(KernelFault) -> Bool
  ) throws(KernelFault) -> Bitmap {
    var result = MutableBitmap(repeating: false, count: column.count)
    for row in 0..<column.count where column.isKnown(row) {
      if try test(pool, codes[row]) { result.set(row) }
    }
    return result.freeze()
  }

  private static func lookUp(_ codes: TextCodes, _ table: Buffer<UInt8>) -> Bitmap {
    if table.count == 0 { return Bitmap(repeating: false, count: codes.count) }
    let entries = table.span
    let count = entries.count
    // A missing row's code may lie outside the pool.
    switch codes {
    case .u8(let codes): return bits(codes) { entries[Int($0) < count ? Int($0) : 0] != 0 }
    case .u16(let codes): return bits(codes) { entries[Int($0) < count ? Int($0) : 0] != 0 }
    case .u32(let codes): return bits(codes) { entries[Int($0) < count ? Int($0) : 0] != 0 }
    case .sequence(let start, let count): return bits(rows: count) { entries[start &+ $0] != 0 }
    }
  }

  // MARK: With a constant

  private static func equalBits(_ column: Column, _ text: String, _ state: CallState) -> Bitmap {
    guard case .text(let codes, let pool) = column.storage else {
      return Bitmap(repeating: false, count: column.count)
    }
    countSpellings(like: text, in: column, state)
    let wanted = TextPool([text], isDistinct: true)
    if pool.isDistinct, !isTestedByRow(codes, pool) {
      let code = state.remembered(for: pool) { pool.entry(of: wanted) ?? -1 }
      if column.count > 0 { state.lookedFor(text, isFound: code >= 0, in: pool) }
      return code < 0 ? Bitmap(repeating: false, count: column.count) : codeBits(codes, code)
    }
    let bits = entryBitsWithoutFault(column, state) { pool, entry in
      pool.range(entry).count == wanted.bytes.count && TextPool.compare(pool, entry, wanted, 0) == 0
    }
    if column.count > 0 { state.lookedFor(text, isFound: bits.ones > 0, in: pool) }
    return bits
  }

  /// The rows that have an entry of their pool.
  static func codeBits(_ codes: TextCodes, _ code: Int) -> Bitmap {
    switch codes {
    case .u8(let codes):
      guard let code = UInt8(exactly: code) else { return Bitmap(repeating: false, count: codes.count) }
      return bits(codes) { $0 == code }
    case .u16(let codes):
      guard let code = UInt16(exactly: code) else { return Bitmap(repeating: false, count: codes.count) }
      return bits(codes) { $0 == code }
    case .u32(let codes):
      guard let code = UInt32(exactly: code) else { return Bitmap(repeating: false, count: codes.count) }
      return bits(codes) { $0 == code }
    case .sequence(let start, let count): return bits(rows: count) { start &+ $0 == code }
    }
  }

  private static func orderBits(
    _ column: Column, _ text: String, _ state: CallState, _ test: (Int) -> Bool
  ) -> Bitmap {
    let order = ConstantOrder(text, in: column.pool)
    if let pool = column.pool, order.isUnlisted, column.count > 0 {
      state.lookedFor(text, isFound: false, in: pool)
    }
    return entryBitsWithoutFault(column, state) { pool, entry in test(order.compare(pool, entry)) }
  }

  private static func entryBitsWithoutFault(
    _ column: Column, _ state: CallState, _ test: (TextPool, Int) -> Bool
  ) -> Bitmap {
    do {
      return try entryBits(column, state) { (pool, entry) throws(KernelFault) in test(pool, entry) }
    } catch {
      // The test cannot fail.
      return Bitmap(repeating: false, count: column.count)
    }
  }

  /// How entries of a pool stand to a constant.
  struct ConstantOrder {
    private let constant: TextPool
    /// The constant's place in the pool's own order, where it has one and the constant is in it: twice its position, and
    /// one less for a band that stands before the one at the position and does not occur.
    private let place: Int?

    init(_ text: String, in pool: TextPool?) {
      constant = TextPool([text], isDistinct: true)
      if let pool { place = Self.place(constant, text, pool) } else { place = nil }
      isUnlisted = place == nil && pool?.isOrdered == true
    }

    private static func place(_ constant: TextPool, _ text: String, _ pool: TextPool) -> Int? {
      guard let order = pool.ownOrder else { return nil }
      if let entry = pool.entry(of: constant), Int(order[entry]) < pool.listedCount {
        return Int(order[entry]) * 2
      }
      guard let own = BandEdges(text), pool.mayHold(own), let bands = pool.bands else { return nil }
      return bands.count { $0 < own } * 2 - 1
    }

    /// Whether the texts have an order of their own in which the constant does not stand.
    let isUnlisted: Bool

    /// Negative, zero or positive as the entry stands before, at or behind the constant.
    func compare(_ pool: TextPool, _ entry: Int) -> Int {
      if let order = pool.ownOrder {
        if let place { return Int(order[entry]) * 2 - place }
        // With a constant that the order does not list nothing is known; for a place in between it stands behind.
        if Int(order[entry]) < pool.listedCount { return -1 }
      }
      return TextPool.compare(pool, entry, constant, 0)
    }

    /// Whether the entry begins with the constant, which says nothing where texts have an order of their own.
    func begins(_ pool: TextPool, _ entry: Int) -> Bool {
      if pool.isOrdered { return false }
      let range = pool.range(entry)
      let (all, start) = (pool.bytes, constant.bytes)
      if range.count < start.count { return false }
      for offset in 0..<start.count where all[range.lowerBound + offset] != start[offset] { return false }
      return true
    }
  }

  // MARK: Two columns

  private static func columnBits(_ left: Column, _ right: Column, _ isEquality: Bool, _ rows: Int) -> Bitmap {
    guard case .text(let first, let a) = left.storage, case .text(let second, let b) = right.storage else {
      return Bitmap(repeating: false, count: rows)
    }
    if a === b, a.isDistinct {
      if isEquality { return bits(.values(first.widened), .values(second.widened), rows) { $0 == $1 } }
      let ranks = CodeMap.table(a.ranks)
      return bits(.values(ranks(first.widened)), .values(ranks(second.widened)), rows) { $0 < $1 }
    }
    let positions = isEquality || !(a.isOrdered || b.isOrdered) ? nil : sharedOrder(a, b)
    return bits(rows: rows) { row in
      guard left.isKnown(row), right.isKnown(row) else { return false }
      let (x, y) = (first[row], second[row])
      if isEquality { return a.range(x).count == b.range(y).count && TextPool.compare(a, x, b, y) == 0 }
      if let positions { return positions.left[x] < positions.right[y] }
      return TextPool.compare(a, x, b, y) < 0
    }
  }

  /// The positions of two pools' entries in the order that both have together; nil where they disagree about it.
  private static func sharedOrder(_ a: TextPool, _ b: TextPool) -> (left: [UInt32], right: [UInt32])? {
    let (pool, maps) = TextPool.united([a, b])
    guard let order = pool.ownOrder else { return nil }
    func positions(_ map: CodeMap, _ count: Int) -> [UInt32] {
      map(.ascending(count)).array.map { order[Int($0)] }
    }
    return (positions(maps[0], a.count), positions(maps[1], b.count))
  }
}

extension TextPool {
  /// The entry that equals the only entry of another pool.
  func entry(of wanted: TextPool) -> Int? {
    let size = wanted.bytes.count
    for entry in 0..<count where range(entry).count == size {
      if TextPool.compare(self, entry, wanted, 0) == 0 { return entry }
    }
    return nil
  }
}
