/// `case`, `if`, `??`, `nullif`, `least`, `greatest`: which argument a row takes.
extension Kernels {
  /// The value of the first condition that is not false; missing where that condition is missing.
  /// Rows in which all conditions are false take `otherwise`, or are missing without it.
  ///
  /// Where all values are literal texts the result carries their order, that of `otherwise` last. Counts the rows
  /// without a value: whose condition is missing, and, without `otherwise`, whose conditions are all false.
  ///
  /// - Parameter counted: the rows that are counted; nil for all.
  package static func choose(
    conditions: [Datum], values: [Datum], otherwise: Datum?, rows: Int, of counted: Bitmap? = nil,
    type: DataType, state: CallState = CallState()
  ) -> Datum {
    var parts = values
    if let otherwise { parts.append(otherwise) }
    let all = conditions + parts
    let isConstant = all.allSatisfy { $0.constant != nil }
    let size = isConstant ? 1 : rows
    var choice = MutableBuffer<UInt32>(
      repeating: otherwise == nil ? missingRow : UInt32(values.count), count: size)
    var open = Bitmap(repeating: true, count: size)
    var unknown = 0
    // A constant stands for all rows.
    func count(_ bits: Bitmap) -> Int {
      if isConstant { return bits.ones * (counted?.ones ?? rows) }
      return counted.map { bits.and($0).ones } ?? bits.ones
    }
    for (index, condition) in conditions.enumerated() {
      let truth = Truth(condition, size)
      for row in 0..<size where open[row] && !truth.no[row] {
        choice[row] = truth.yes[row] ? UInt32(index) : missingRow
      }
      unknown += count(open.subtracting(truth.yes.or(truth.no)))
      open = open.and(truth.no)
    }
    state.add(unknownCondition, unknown)
    if otherwise == nil { state.add(noBranch, count(open)) }
    let column = select(parts, by: choice.freeze(), type: type, state: state)
    return isConstant ? .constant(column.value(0), type) : .column(column)
  }

  /// What `choose` counts.
  package static let unknownCondition = "conditions not known"
  /// Rows in which no condition held and that no `else` takes.
  package static let noBranch = "no condition true"

  /// The first argument that is not missing.
  package static func coalesce(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    let type = arguments.reduce(DataType.missing) { DataType.common($0, $1.type) ?? $0 }
    if case .column(let first) = arguments[0], first.type == type, first.missingCount == 0 {
      return arguments[0]
    }
    return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      var choice = MutableBuffer<UInt32>(repeating: missingRow, count: rows)
      for (index, argument) in arguments.enumerated().reversed() {
        let known = validity(of: [argument], rows: rows)
        for row in 0..<rows where known?[row] ?? true { choice[row] = UInt32(index) }
      }
      return select(arguments, by: choice.freeze(), type: type, state: state)
    }
  }

  /// The function behind `fill … with`, and what it counts.
  package static let filling = "filled"
  /// Rows whose first argument was missing and whose result is not.
  package static let filledCount = "missing values filled"

  /// The first argument, with the second where it is missing; the rows that were filled are counted.
  package static func filled(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    let result = try coalesce(arguments, rows, state)
    _ = try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let before = arguments[0].column(rows: rows)
      let after = result.column(rows: rows)
      state.add(filledCount, before.missingCount - after.missingCount)
      return before
    }
    return result
  }

  /// Missing where both arguments are equal, otherwise the first.
  package static func nullIf(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let same = Truth(try compare(.equal, arguments, rows, state), rows)
      let column = arguments[0].column(rows: rows)
      let known = validity(of: [arguments[0]], rows: rows)
      return column.with(validity: validity(known, without: same.yes))
    }
  }

  /// The smallest (or largest) of the arguments in each row; missing ones are left out.
  package static func extreme(
    _ arguments: [Datum], _ rows: Int, _ state: CallState, largest: Bool
  ) throws(KernelFault) -> Datum {
    let type = arguments.reduce(DataType.missing) { DataType.common($0, $1.type) ?? $0 }
    // A date among datetimes is its midnight here: as it compares, by the day, it would equal any moment of its day.
    let widened = type == .datetime ? arguments.map { $0.widened(to: type) } : arguments
    return try folding(widened, rows) { (arguments, rows) throws(KernelFault) in
      var best = arguments[0].column(rows: rows)
      for argument in arguments.dropFirst() {
        // A memory of its own: one state remembers one comparison of a pool.
        let pair = [argument, Datum.column(best)]
        let wins: Bitmap
        if let placed = placedFirst(argument.column(rows: rows), best, largest: largest) {
          wins = placed
        } else {
          wins = Truth(try compare(largest ? .greater : .less, pair, rows, CallState()), rows).yes
        }
        let absent = (validity(of: [.column(best)], rows: rows) ?? Bitmap(repeating: true, count: rows))
          .inverted
        let takes = wins.or(absent)
        let choice: Buffer<UInt32> = Buffer((0..<rows).map { takes[$0] ? 0 : 1 })
        best = select(pair, by: choice, type: type, state: CallState())
      }
      if type == .float { countRounded(arguments, in: best, state) }
      // Rows in which nothing is known are missing themselves: nothing was left out there.
      let missing = arguments.reduce(0) { $0 + $1.column(rows: rows).missingCount }
      state.add("missing values left out", missing - best.missingCount * arguments.count)
      return best.type == type
        ? best : select([.column(best)], by: Buffer(repeating: 0, count: rows), type: type, state: state)
    }
  }

  /// Counts the rows of a result that hold a whole number of an argument as another float.
  static func countRounded(_ arguments: [Datum], in result: Column, _ state: CallState) {
    guard result.type == .float, arguments.contains(where: \.roundsAsFloats) else { return }
    let floats = result.floatValues
    state.add(
      rounding,
      (0..<result.count).count { row in
        result.isKnown(row)
          && arguments.contains {
            $0.isRounded(row) && $0.value(row).widened(to: .float) == .float(floats[row])
          }
      })
  }

  /// Of texts with an order of their own, the rows in which the first of two stands further on in a sort, or further
  /// up: what the order does not list has its place there and none in a comparison. Nil for others.
  private static func placedFirst(_ one: Column, _ other: Column, largest: Bool) -> Bitmap? {
    guard one.pool?.isOrdered == true || other.pool?.isOrdered == true else { return nil }
    let both = Column.concatenated([one.asBands(beside: other), other.asBands(beside: one)], type: .text)
    // Orders that contradict each other say nothing.
    guard case .text(let codes, let pool) = both.storage, pool.isOrdered else { return nil }
    let places = CodeMap.table(pool.ranks)(codes.widened)
    let rows = one.count
    return bits(rows: rows) { row in
      guard both.isKnown(row), both.isKnown(rows + row) else { return false }
      return largest ? places[row] > places[rows + row] : places[row] < places[rows + row]
    }
  }

  // MARK: Putting together

  /// What is counted of whole numbers that stand among floats.
  package static let rounding = "whole numbers rounded: among floats one keeps about 16 digits"

  /// Row `i` of the part that `choice[i]` names; `missingRow` makes a missing row.
  static func select(
    _ parts: [Datum], by choice: Buffer<UInt32>, type: DataType, state: CallState
  ) -> Column {
    let rows = choice.count
    if type == .text, let column = selectText(parts, by: choice, state) { return column }
    if type == .float {
      for (index, part) in parts.enumerated() where part.roundsAsFloats {
        state.add(rounding, choice.array.indices.count { choice[$0] == UInt32(index) && part.isRounded($0) })
      }
    }
    var bases: [(base: UInt32, step: UInt32)] = []
    var columns: [Column] = []
    var base: UInt32 = 0
    for part in parts {
      let column: Column
      switch part {
      case .constant(let value, _): column = .repeating(value, count: 1, type: type)
      case .column(let own): column = own.widened(to: type)
      }
      bases.append((base, part.constant == nil ? 1 : 0))
      base += UInt32(column.count)
      columns.append(column)
    }
    if type == .text, let fault = TextPool.orderFault(columns.compactMap(\.pool)) { state.add(fault, 1) }
    var indices = MutableBuffer<UInt32>(count: rows)
    for row in 0..<rows {
      let part = choice[row]
      indices[row] =
        part == missingRow ? missingRow : bases[Int(part)].base + bases[Int(part)].step * UInt32(row)
    }
    return Column.concatenated(columns, type: type).take(indices.freeze())
  }

  /// Texts of which at most one varies keep a dictionary that is made once: that of the column with the literals behind.
  private static func selectText(
    _ parts: [Datum], by choice: Buffer<UInt32>, _ state: CallState
  ) -> Column? {
    var varying: Column?
    for case .column(let column) in parts {
      if case .missing = column.storage { continue }
      if varying != nil { return nil }
      varying = column
    }
    let literals = parts.compactMap { $0.constant?.string }
    let source = varying?.pool ?? .empty
    if varying != nil, !source.isDistinct { return nil }
    // Nothing but literals is a list in an order; a column that has no value in these rows is a column all the same.
    let isOrdered = parts.allSatisfy { $0.constant != nil }
    let pool = state.remembered(for: source) { source.extended(by: literals, isOrdered: isOrdered) }
    var places: [ExactText: UInt32] = [:]
    for (position, text) in literals.map(ExactText.init).enumerated() where places[text] == nil {
      places[text] = UInt32(pool.literals[position])
    }
    let literalCodes = parts.map { part in
      part.constant?.string.flatMap { places[ExactText($0)] } ?? missingRow
    }
    var codes = MutableBuffer<UInt32>(count: choice.count)
    var validity = MutableBitmap(repeating: false, count: choice.count)
    for row in 0..<choice.count {
      codes[row] = 0
      let index = choice[row]
      if index == missingRow { continue }
      switch parts[Int(index)] {
      case .constant:
        let code = literalCodes[Int(index)]
        if code == missingRow { continue }
        codes[row] = code
      case .column(let column):
        guard column.isKnown(row), case .text(let own, _) = column.storage else { continue }
        codes[row] = UInt32(own[row])
      }
      validity.set(row)
    }
    return .text(.u32(codes.freeze()), pool.pool, validity: validity.freezeValidity())
  }
}

/// A pool with literals behind its own texts, and the entry of each literal.
struct ExtendedPool: Sendable {
  let pool: TextPool
  let literals: [Int]
}

extension TextPool {
  /// This pool with further texts. With `isOrdered` the order lists them, behind those that it lists already; an
  /// order of the pool's own stays as it is. Must be distinct.
  func extended(by texts: [String], isOrdered: Bool) -> ExtendedPool {
    var interner = TextInterner(capacity: count + texts.count)
    _ = interner.codes(of: self)
    // A text that comes twice (two branches, or a branch and `else`) stands where it comes last.
    let codes = texts.map { Int(interner.code(of: $0)) }
    let made = interner.freeze()
    guard isOrdered || self.isOrdered else { return ExtendedPool(pool: made, literals: codes) }
    var listed = self.isOrdered || count == 0 ? self.listed : Array(0..<count)
    if isOrdered { for code in codes where !listed.contains(code) { listed.append(code) } }
    return ExtendedPool(pool: made.ordered(listing: listed), literals: codes)
  }
}
