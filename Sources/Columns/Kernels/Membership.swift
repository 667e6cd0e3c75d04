/// `in` and `between`.
extension Kernels {
  /// `x in list`: missing where `x` is; missing elements of the list are ignored.
  package static func isMember(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing([arguments[0]]) { return allMissing(arguments, rows, .bool) }
    // As a column a list has elements of one type: a date beside a datetime would be its midnight, and not the day.
    if case .constant(let value, _) = arguments[0], case .constant(.list(let all), _) = arguments[1] {
      return .constant(.bool(all.contains { isEqual(value, $0) }), .bool)
    }
    return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let known = validity(of: arguments, rows: rows)
      guard case .constant(.list(let all), _) = arguments[1] else {
        return .bool(memberBits(arguments[0], ofEach: arguments[1], rows, known), validity: known)
      }
      let values = all.filter { !$0.isMissing }
      return .bool(try memberBits(arguments[0], values, rows, state), validity: known)
    }
  }

  /// The list differs from row to row.
  /// Lists of more texts are not looked through for their spelling.
  private static let mostSpellings = 50

  private static func memberBits(
    _ element: Datum, ofEach list: Datum, _ rows: Int, _ known: Bitmap?
  ) -> Bitmap {
    bits(rows: rows) { row in
      guard known?[row] ?? true, case .list(let values) = list.value(row) else { return false }
      let value = element.value(row)
      return values.contains { isEqual(value, $0) }
    }
  }

  /// Equality across int and float, date and datetime (by the day as written).
  static func isEqual(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.int, .float), (.float, .int): left.number == right.number
    case (.datetime(let a, _), .datetime(let b, _)): a == b
    case (.date(let days), .datetime(let instant, let offset)),
      (.datetime(let instant, let offset), .date(let days)):
      Calendar.days(
        ofMicroseconds: instant &+ Int64(offset ?? 0) &* Calendar.microsecondsPerMinute) == days
    default: left == right && !left.isMissing
    }
  }

  private static func memberBits(
    _ element: Datum, _ values: [Value], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Bitmap {
    guard case .column(let column) = element else {
      let value = element.value(0)
      return Bitmap(repeating: values.contains { isEqual(value, $0) }, count: rows)
    }
    if column.type == .text {
      let wanted = Set(values.compactMap(\.string).map(ExactText.init))
      var met: Set<ExactText> = []
      var isTested = false
      let bits = try entryBits(column, state) { (pool, entry) throws(KernelFault) in
        isTested = true
        let text = ExactText(pool[entry])
        guard wanted.contains(text) else { return false }
        met.insert(text)
        return true
      }
      if isTested, let pool = column.pool {
        for text in wanted { state.lookedFor(text.text, isFound: met.contains(text), in: pool) }
      }
      // Of several texts that are spelt alike the first is told of; of long lists none.
      var plain: Set<String> = []
      let texts = wanted.count <= mostSpellings ? wanted.sorted().map(\.text) : []
      for text in texts
      where plain.insert(Spelling.plain(text)).inserted {
        countSpellings(like: text, in: column, but: wanted, state)
      }
      return bits
    }
    if values.count <= 8 { return try anyEqual(element, values, rows, state) }
    switch column.type {
    case .int where values.allSatisfy({ $0.integer != nil }):
      let set = Set(values.compactMap(\.integer))
      return bits(column.int64Values) { set.contains($0) }
    case .int, .float:
      let set = Set(values.compactMap(\.number))
      return bits(column.floatValues) { set.contains($0) }
    case .date where values.allSatisfy({ $0.type == .date }):
      let set = Set(values.compactMap { value in if case .date(let days) = value { days } else { nil } })
      return bits(column.dayValues) { set.contains($0) }
    default: return try anyEqual(element, values, rows, state)
    }
  }

  private static func anyEqual(
    _ element: Datum, _ values: [Value], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Bitmap {
    var result = Bitmap(repeating: false, count: rows)
    for value in values {
      let one = try compare(.equal, [element, .constant(value, value.type)], rows, state)
      result = result.or(one.column(rows: rows).boolValues)
    }
    return result
  }

  /// `x between low and high`, both ends included; an upper end of text holds whatever begins with it.
  package static func isBetween(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing([arguments[0]]) { return allMissing(arguments, rows, .bool) }
    if arguments[0].type == .text { return try isTextBetween(arguments, rows, state) }
    let above = try compare(.greaterOrEqual, [arguments[0], arguments[1]], rows, state)
    // A row whose time has no offset is counted once.
    let isTold = mixesOffsets(arguments[0], arguments[1], rows)
    let below = try compare(
      .lessOrEqual, [arguments[0], arguments[2]], rows, isTold ? CallState() : state)
    return try and([above, below], rows, state)
  }

  private static func isTextBetween(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if case .column(let column) = arguments[0], let low = arguments[1].constant?.string,
      let high = arguments[2].constant?.string
    {
      let lower = ConstantOrder(low, in: column.pool)
      let upper = ConstantOrder(high, in: column.pool)
      let bits = try entryBits(column, state) { (pool, entry) throws(KernelFault) in
        lower.compare(pool, entry) >= 0 && (upper.compare(pool, entry) <= 0 || upper.begins(pool, entry))
      }
      var known = validity(of: arguments, rows: rows)
      for end in arguments.dropFirst() {
        guard let listed = listedRows(arguments[0], end, rows) else { continue }
        known = known.map { $0.and(listed) } ?? listed
      }
      return .column(.bool(bits, validity: known))
    }
    let above = try compare(.greaterOrEqual, [arguments[0], arguments[1]], rows, state)
    // Another comparison of the same pool needs a memory of its own.
    let below = try compare(.lessOrEqual, [arguments[0], arguments[2]], rows, CallState())
    let begins = try folding([arguments[0], arguments[2]], rows) { (pair, rows) throws(KernelFault) in
      let known = validity(of: pair, rows: rows)
      let bits = bits(rows: rows) { row in
        guard let text = pair[0].value(row).string, let start = pair[1].value(row).string else {
          return false
        }
        return text.utf8.starts(with: start.utf8)
      }
      return .bool(bits, validity: known)
    }
    return try and([above, try or([below, begins], rows, state)], rows, state)
  }
}
