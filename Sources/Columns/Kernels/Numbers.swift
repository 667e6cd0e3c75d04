import Glibc

extension Kernels {
  /// A kernel of one number that gives a float; results that do not exist are missing and counted.
  package static func float(_ body: @escaping @Sendable (Double) -> Double) -> VectorKernel {
    { (arguments, rows, state) throws(KernelFault) in
      if isAllMissing(arguments) { return allMissing(arguments, rows, .float) }
      return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
        let column = arguments[0].column(rows: rows)
        return floats(map(column.floatValues) { body($0) }, column.validity, state)
      }
    }
  }

  /// A kernel of one number that leaves ints as they are and rounds floats to whole numbers (still floats).
  package static func whole(_ rule: FloatingPointRoundingRule) -> VectorKernel {
    { (arguments, rows, _) throws(KernelFault) in
      if isAllMissing(arguments) || arguments[0].type == .int { return arguments[0] }
      return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
        let column = arguments[0].column(rows: rows)
        return .float(map(column.floatValues) { $0.rounded(rule) }, validity: column.validity)
      }
    }
  }

  /// The value without its sign, of the same type; throws for the least int, which has no partner.
  package static func absolute(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return arguments[0] }
    return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      if column.type == .float {
        return .float(map(column.floatValues) { abs($0) }, validity: column.validity)
      }
      let values = column.int64Values
      let tooLarge = bits(values) { $0 == Int64.min }
      if known(tooLarge, column.validity) > 0 {
        throw KernelFault(
          "abs(\(Int64.min)) does not fit a whole number (64 bits)", row: (0..<rows).first { tooLarge[$0] })
      }
      let result = map(values) { $0 == Int64.min ? 0 : abs($0) }
      return column.type == .duration
        ? .duration(result, validity: column.validity) : .int(result, validity: column.validity)
    }
  }

  /// -1, 0 or 1 as an int.
  package static func sign(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return allMissing(arguments, rows, .int) }
    return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      let result: Buffer<Int64> =
        column.type == .float
        ? map(column.floatValues) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 } : map(column.int64Values) { $0.signum() }
      return .int(result, validity: column.validity)
    }
  }

  /// `round(x, n)`: half away from zero as the number is written in decimal; negative `n` rounds before the point.
  package static func round(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    if isAllMissing(arguments) { return allMissing(arguments, rows, arguments[0].type) }
    return try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let column = arguments[0].column(rows: rows)
      let known = validity(of: arguments, rows: rows)
      let places = arguments.count > 1 ? arguments[1].integers : .constant(0)
      if column.type == .int {
        let values = column.int64Values
        var result = MutableBuffer<Int64>(count: rows)
        for row in 0..<rows {
          // Whatever lies under a missing value is not rounded.
          if let known, !known[row] {
            result[row] = 0
            continue
          }
          guard let rounded = rounded(values[row], places[row]) else {
            throw KernelFault("the rounded number does not fit a whole number (64 bits)", row: row)
          }
          result[row] = rounded
        }
        return .int(result.freeze(), validity: known)
      }
      if case .constant(0) = places {
        return .float(map(column.floatValues) { $0.rounded(.toNearestOrAwayFromZero) }, validity: known)
      }
      return .float(combine(.values(column.floatValues), places, rows) { rounded($0, $1) }, validity: known)
    }
  }

  /// Half away from zero at a decimal place. The tie is judged on the shortest decimal text of the number, so that
  /// `2.675` rounds to `2.68` though the nearest double lies just below.
  static func rounded(_ value: Double, _ places: Int64) -> Double {
    if !value.isFinite || places > 17 { return value }
    if places < -308 { return 0 }
    if places < 0 {
      return byDigits(value, Int(places))
    }
    let scale = pow(10, Double(places))
    let scaled = value * scale
    // Multiplying may have moved the number over a tie, and beyond 2^52 it has no fraction left: the digits tell.
    let below = scaled.magnitude.rounded(.down)
    if scaled.magnitude >= 4_503_599_627_370_496 || abs(scaled.magnitude - below - 0.5) <= 4 * scaled.ulp {
      return byDigits(value, Int(places))
    }
    return scaled.rounded(.toNearestOrAwayFromZero) / scale
  }

  /// Half away from zero at any decimal place.
  static func rounded(_ value: Double, toDecimal places: Int) -> Double {
    places <= 17 ? rounded(value, Int64(places)) : byDigits(value, places)
  }

  private static func byDigits(_ value: Double, _ places: Int) -> Double {
    var digits = DecimalDigits(value.magnitude)
    digits.round(places: places)
    return value < 0 ? -digits.value : digits.value
  }

  static func rounded(_ value: Int64, _ places: Int64) -> Int64? {
    if places >= 0 { return value }
    // The nearest multiple of 10^19 is 0, or beyond every whole number.
    if places == -19 { return value.magnitude < 5_000_000_000_000_000_000 ? 0 : nil }
    if places < -19 { return 0 }
    var scale: Int64 = 1
    for _ in 0..<(-places) { scale *= 10 }
    let rest = value % scale
    let base = value - rest
    if rest.magnitude < UInt64(scale / 2) { return base }
    let (result, overflow) = base.addingReportingOverflow(value < 0 ? -scale : scale)
    return overflow ? nil : result
  }

  /// The smallest of the arguments in each row, missing ones left out.
  package static func least(_ a: [Datum], _ rows: Int, _ state: CallState) throws(KernelFault) -> Datum {
    try extreme(a, rows, state, largest: false)
  }

  /// The largest of the arguments in each row, missing ones left out.
  package static func greatest(_ a: [Datum], _ rows: Int, _ state: CallState) throws(KernelFault) -> Datum {
    try extreme(a, rows, state, largest: true)
  }

  /// `clamp(x, low, high)`: missing where one of the three is.
  package static func clamp(_ a: [Datum], _ rows: Int, _ state: CallState) throws(KernelFault) -> Datum {
    let type = a.reduce(DataType.missing) { DataType.common($0, $1.type) ?? $0 }
    if isAllMissing(a) { return allMissing(a, rows, type) }
    // What is missing makes the whole missing: the comparisons by themselves have nothing to tell.
    let raised = try extreme([a[0], a[1]], rows, CallState(), largest: true)
    let cut = try extreme([raised, a[2]], rows, CallState(), largest: false)
    return try folding(a + [cut], rows) { (all, rows) throws(KernelFault) in
      let result = all[3].column(rows: rows).widened(to: type)
        .with(validity: validity(of: Array(all[0..<3]), rows: rows))
      countRounded(Array(all[0..<3]), in: result, state)
      return result
    }
  }
}
