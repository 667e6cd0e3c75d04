/// `== != < <= > >=`
package enum Comparison: Sendable, CaseIterable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

  /// Every comparison is `==` or `<`, perhaps with the sides exchanged and perhaps turned round.
  fileprivate var plan: (isEquality: Bool, isSwapped: Bool, isNegated: Bool) {
    switch self {
    case .equal: (true, false, false)
    case .notEqual: (true, false, true)
    case .less: (false, false, false)
    case .greaterOrEqual: (false, false, true)
    case .greater: (false, true, false)
    case .lessOrEqual: (false, true, true)
    }
  }
}

extension Kernels {
  /// Whether both are the same; missing where a side is.
  package static func equal(_ a: [Datum], _ rows: Int, _ state: CallState) throws(KernelFault) -> Datum {
    try compare(.equal, a, rows, state)
  }
  /// Whether they differ; missing where a side is, and not true there.
  package static func notEqual(_ a: [Datum], _ rows: Int, _ state: CallState) throws(KernelFault) -> Datum {
    try compare(.notEqual, a, rows, state)
  }
  /// Whether the first comes before the second; missing where a side is.
  ///
  /// Of texts with an order of their own (bands) missing where a side does not stand in it; so for all four.
  package static func less(_ a: [Datum], _ rows: Int, _ state: CallState) throws(KernelFault) -> Datum {
    try compare(.less, a, rows, state)
  }
  /// Whether the first comes before the second or is the same; missing where a side is.
  package static func lessOrEqual(_ a: [Datum], _ rows: Int, _ state: CallState) throws(KernelFault) -> Datum
  {
    try compare(.lessOrEqual, a, rows, state)
  }
  /// Whether the first comes behind the second; missing where a side is.
  package static func greater(_ a: [Datum], _ rows: Int, _ state: CallState) throws(KernelFault) -> Datum {
    try compare(.greater, a, rows, state)
  }
  /// Whether the first comes behind the second or is the same; missing where a side is.
  package static func greaterOrEqual(
    _ a: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try compare(.greaterOrEqual, a, rows, state)
  }

  /// Whether values of these types compare; lists and records only for equality.
  package static func areComparable(_ left: DataType, _ right: DataType, forEquality: Bool) -> Bool {
    guard let common = DataType.common(left, right) else { return false }
    return forEquality || common.isOrderable
  }

  /// One comparison of two arguments, row by row; missing where a side is.
  package static func compare(
    _ comparison: Comparison, _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return allMissing(arguments, rows, .bool) }
    return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let plan = comparison.plan
      let left = arguments[plan.isSwapped ? 1 : 0]
      let right = arguments[plan.isSwapped ? 0 : 1]
      let bits = try comparisonBits(left, right, plan.isEquality, rows, state)
      var known = validity(of: arguments, rows: rows)
      if !plan.isEquality, let listed = listedRows(left, right, rows) {
        known = known.map { $0.and(listed) } ?? listed
      }
      return .bool(plan.isNegated ? bits.inverted : bits, validity: known)
    }
  }

  /// The rows of two texts of which one has an order of its own, and both stand in it: the others are neither more nor
  /// less. Nil where there is none of these.
  static func listedRows(_ left: Datum, _ right: Datum, _ rows: Int) -> Bitmap? {
    switch (left, right) {
    case (.column(let column), .constant(let value, _)), (.constant(let value, _), .column(let column)):
      guard let pool = column.pool, pool.isOrdered, let text = value.string else { return nil }
      return ConstantOrder(text, in: pool).isUnlisted
        ? Bitmap(repeating: false, count: rows) : listedRows(column)
    case (.column(let first), .column(let second)):
      guard case .text(let ours, let a) = first.storage, case .text(let theirs, let b) = second.storage,
        a.isOrdered || b.isOrdered
      else { return nil }
      if a === b { return both(listedRows(first), listedRows(second)) }
      let (pool, maps) = TextPool.united([a, b])
      // Orders that contradict each other say nothing.
      guard pool.isOrdered else { return Bitmap(repeating: false, count: rows) }
      let one = Column.text(.u32(maps[0](ours.widened)), pool, validity: first.validity)
      let other = Column.text(.u32(maps[1](theirs.widened)), pool, validity: second.validity)
      return both(listedRows(one), listedRows(other))
    case (.constant, .constant): return nil
    }
  }

  private static func both(_ one: Bitmap?, _ other: Bitmap?) -> Bitmap? {
    guard let one else { return other }
    return other.map { one.and($0) } ?? one
  }

  /// Of texts with an order of their own: the rows whose texts stand in it. Nil where all do.
  static func listedRows(_ column: Column) -> Bitmap? {
    guard case .text(let codes, let pool) = column.storage, let order = pool.ownOrder,
      pool.listedCount < pool.count
    else { return nil }
    let listed = UInt32(truncatingIfNeeded: pool.listedCount)
    return bits(CodeMap.table(order)(codes.widened)) { $0 < listed }
  }

  private static func comparisonBits(
    _ left: Datum, _ right: Datum, _ isEquality: Bool, _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Bitmap {
    switch (left.type, right.type) {
    case (.int, .int): return integerBits(left, right, isEquality, rows)
    case (.float, .int), (.int, .float):
      if left.roundsAsFloats || right.roundsAsFloats { return exactBits(left, right, isEquality, rows) }
      return pairBits(left.doubles, right.doubles, isEquality, rows)
    case (.float, .float): return pairBits(left.doubles, right.doubles, isEquality, rows)
    case (.text, .text): return textComparison(left, right, isEquality, rows, state)
    case (.date, .date), (.date, .datetime), (.datetime, .date):
      return pairBits(left.calendarDays, right.calendarDays, isEquality, rows)
    case (.datetime, .datetime):
      noteOffsets(left, right, rows, state)
      return pairBits(left.integers, right.integers, isEquality, rows)
    case (.duration, .duration):
      return pairBits(left.integers, right.integers, isEquality, rows)
    case (.bool, .bool):
      let (a, b) = (left.column(rows: rows).boolValues, right.column(rows: rows).boolValues)
      return isEquality ? a.and(b).or(a.or(b).inverted) : b.subtracting(a)
    default:
      let common = DataType.common(left.type, right.type) ?? left.type
      return bits(rows: rows) { row in
        let a = left.value(row).widened(to: common)
        let b = right.value(row).widened(to: common)
        return isEquality ? a == b : Value.precedes(a, b)
      }
    }
  }

  /// What is counted where only one of two times has an offset.
  package static let withoutOffset =
    "times have no offset, beside times that have one: taken as UTC"

  /// Counts the rows in which a time with an offset meets one without.
  static func noteOffsets(_ left: Datum, _ right: Datum, _ rows: Int, _ state: CallState) {
    guard mixesOffsets(left, right, rows) else { return }
    state.add(withoutOffset, validity(of: [left, right], rows: rows)?.ones ?? rows)
  }

  /// Whether one of two times has an offset, and the other has none.
  static func mixesOffsets(_ left: Datum, _ right: Datum, _ rows: Int) -> Bool {
    left.type == .datetime && right.type == .datetime
      && (offsets(of: left, rows) != nil) != (offsets(of: right, rows) != nil)
  }

  /// A whole number and a float as the numbers that they are: of more than 53 bits the float of it is another one.
  private static func exactBits(_ left: Datum, _ right: Datum, _ isEquality: Bool, _ rows: Int) -> Bitmap {
    bits(rows: rows) { row in
      let order: Int
      switch (left.value(row), right.value(row)) {
      case (.int(let whole), .float(let number)): order = compare(whole, number)
      case (.float(let number), .int(let whole)): order = -compare(whole, number)
      default: return false
      }
      return isEquality ? order == 0 : order < 0
    }
  }

  /// Negative, zero or positive as a whole number is less than a float, equal to it, or more.
  static func compare(_ whole: Int64, _ number: Double) -> Int {
    if number >= 0x1p63 || number.isNaN { return -1 }
    if number < -0x1p63 { return 1 }
    let part = Int64(number)
    if part != whole { return whole < part ? -1 : 1 }
    let rest = number - Double(part)
    return rest > 0 ? -1 : rest < 0 ? 1 : 0
  }

  @inline(__always)
  private static func pairBits<Element: Comparable & BitwiseCopyable>(
    _ left: Operand<Element>, _ right: Operand<Element>, _ isEquality: Bool, _ rows: Int
  ) -> Bitmap {
    isEquality ? bits(left, right, rows) { $0 == $1 } : bits(left, right, rows) { $0 < $1 }
  }

  /// Ints in the width in which they lie where both sides have it.
  private static func integerBits(
    _ left: Datum, _ right: Datum, _ isEquality: Bool, _ rows: Int
  ) -> Bitmap {
    switch (left, right) {
    case (.column(let column), .constant(.int(let value), _)):
      return constantBits(column, value, isEquality, constantIsLeft: false)
    case (.constant(.int(let value), _), .column(let column)):
      return constantBits(column, value, isEquality, constantIsLeft: true)
    case (.column(let first), .column(let second)):
      switch (first.storage, second.storage) {
      case (.int8(let a), .int8(let b)): return pairBits(.values(a), .values(b), isEquality, rows)
      case (.int16(let a), .int16(let b)): return pairBits(.values(a), .values(b), isEquality, rows)
      case (.int32(let a), .int32(let b)): return pairBits(.values(a), .values(b), isEquality, rows)
      default: return pairBits(left.integers, right.integers, isEquality, rows)
      }
    default: return pairBits(left.integers, right.integers, isEquality, rows)
    }
  }

  private static func constantBits(
    _ column: Column, _ value: Int64, _ isEquality: Bool, constantIsLeft: Bool
  ) -> Bitmap {
    switch column.storage {
    case .int8(let values): narrowBits(values, value, isEquality, constantIsLeft)
    case .int16(let values): narrowBits(values, value, isEquality, constantIsLeft)
    case .int32(let values): narrowBits(values, value, isEquality, constantIsLeft)
    default: narrowBits(column.int64Values, value, isEquality, constantIsLeft)
    }
  }

  @inline(__always)
  private static func narrowBits<Element: FixedWidthInteger & BitwiseCopyable>(
    _ values: Buffer<Element>, _ value: Int64, _ isEquality: Bool, _ constantIsLeft: Bool
  ) -> Bitmap {
    guard let constant = Element(exactly: value) else {
      // Beyond everything that the width holds: the answer is the same in all rows.
      return Bitmap(repeating: !isEquality && (value > 0) != constantIsLeft, count: values.count)
    }
    if isEquality { return bits(values) { $0 == constant } }
    return constantIsLeft ? bits(values) { constant < $0 } : bits(values) { $0 < constant }
  }
}
