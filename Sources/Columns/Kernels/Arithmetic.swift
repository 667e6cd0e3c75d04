import Glibc

/// `+ - * / // % ^` and the unary minus on numbers, durations and times.
extension Kernels {
  /// The name under which results that do not exist (`sqrt(-1)`, `ln(0)`) or lie beyond the largest float are
  /// counted in a `CallState`.
  package static let undefined = "undefined or too large, became missing"

  // MARK: The rows' kernels

  /// Numbers, durations, or a time and a duration, of which a datetime comes; missing where a side is.
  ///
  /// Throws where an int or a duration does not fit 64 bits, or a time lies outside the years 1 to 9999. A
  /// float that is too large is missing and counted as `undefined`.
  package static func add(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try arithmetic(arguments, rows) { (left, right, rows) throws(KernelFault) in
      if left.type.isTime { return try shifted(left, by: right, sign: 1, rows) }
      if right.type.isTime { return try shifted(right, by: left, sign: 1, rows) }
      return try ring(left, right, rows, state, "+", { $0.addingReportingOverflow($1) }, { $0 + $1 })
    }
  }

  /// Numbers, durations, a time less a duration, or the duration between two times; throws as `add` does.
  package static func subtract(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try arithmetic(arguments, rows) { (left, right, rows) throws(KernelFault) in
      if right.type.isTime { return try distance(left, right, rows, state) }
      if left.type.isTime { return try shifted(left, by: right, sign: -1, rows) }
      return try ring(left, right, rows, state, "-", { $0.subtractingReportingOverflow($1) }, { $0 - $1 })
    }
  }

  /// Numbers, or a duration and a number, rounded to microseconds; throws as `add` does.
  package static func multiply(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try arithmetic(arguments, rows) { (left, right, rows) throws(KernelFault) in
      if left.type == .duration || right.type == .duration { return try scaled(left, right, rows) }
      return try ring(left, right, rows, state, "*", { $0.multipliedReportingOverflow(by: $1) }, { $0 * $1 })
    }
  }

  /// A float, of a duration and a number a duration; missing and counted where the divisor is zero.
  package static func divide(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try arithmetic(arguments, rows) { (left, right, rows) throws(KernelFault) in
      let (divisor, known) = divisor(left, right, rows, state)
      let quotients = combine(left.doubles, divisor, rows) { $0 / $1 }
      if left.type == .duration, right.type != .duration {
        return try durations(quotients, known, rows)
      }
      return floats(quotients, known, state)
    }
  }

  /// The quotient rounded down, not towards zero; missing and counted where the divisor is zero.
  package static func floorDivide(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try arithmetic(arguments, rows) { (left, right, rows) throws(KernelFault) in
      let (divisor, known) = divisor(left, right, rows, state)
      if left.type == .float || right.type == .float {
        return floats(combine(left.doubles, divisor, rows, floorQuotient), known, state)
      }
      let quotients = try checked(left.integers, right.integers, rows, known, "//", unit: left.type) { x, y in
        // Zero divisors are missing already.
        let (quotient, overflow) = x.dividedReportingOverflow(by: y == 0 ? 1 : y)
        let isInexact = y != 0 && !overflow && quotient &* y != x
        return (isInexact && (x < 0) != (y < 0) ? quotient - 1 : quotient, overflow)
      }
      return .int(quotients, validity: known)
    }
  }

  /// What is left of x when y is taken off as often as it goes, with the sign of y.
  private static func flooredRest(_ x: Double, _ y: Double) -> Double {
    let rest = fmod(x, y)
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
  }

  /// How often y goes into x, so that with what is left over it makes x again: the double nearest to 1 / 0.1 is 10,
  /// though ten times the double that stands for 0.1 are more than 1.
  private static func floorQuotient(_ x: Double, _ y: Double) -> Double {
    let quotient = x / y
    guard quotient.isFinite, y.isFinite else { return quotient.rounded(.down) }
    return ((x - flooredRest(x, y)) / y).rounded()
  }

  /// What `//` leaves over, with the sign of the divisor; missing and counted where that is zero.
  package static func remainder(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try arithmetic(arguments, rows) { (left, right, rows) throws(KernelFault) in
      let (divisor, known) = divisor(left, right, rows, state)
      if left.type == .float || right.type == .float {
        return floats(combine(left.doubles, divisor, rows, flooredRest), known, state)
      }
      let rests: Buffer<Int64> = combine(left.integers, right.integers, rows) { x, y in
        if y == 0 || y == -1 { return 0 }
        let rest = x % y
        return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
      }
      return left.type == .duration ? .duration(rests, validity: known) : .int(rests, validity: known)
    }
  }

  /// Always a float; what is no finite number is missing and counted as `undefined`.
  package static func power(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try arithmetic(arguments, rows) { (left, right, rows) throws(KernelFault) in
      let known = validity(of: [left, right], rows: rows)
      return floats(combine(left.doubles, right.doubles, rows) { pow($0, $1) }, known, state)
    }
  }

  /// Of the same type; throws for the least int, which has no partner.
  package static func negate(
    _ arguments: [Datum], _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Datum {
    try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      let argument = arguments[0]
      let known = validity(of: arguments, rows: rows)
      if argument.type == .float {
        return .float(map(argument.column(rows: rows).floatValues) { -$0 }, validity: known)
      }
      let values = try checked(.constant(0), argument.integers, rows, known, "-", unit: argument.type) {
        $0.subtractingReportingOverflow($1)
      }
      return argument.type == .duration ? .duration(values, validity: known) : .int(values, validity: known)
    }
  }

  /// The type of a sum, difference, product, quotient or rest; nil where the two do not go together.
  package static func arithmeticType(_ symbol: String, _ left: DataType, _ right: DataType) -> DataType? {
    let isSum = symbol == "+" || symbol == "-"
    switch (left, right) {
    case (.missing, .missing): return .missing
    // A column without any value may as well be a time as a duration: what comes of it has no type either.
    case (.missing, .duration) where isSum: return .missing
    case (.duration, .missing) where symbol == "+" || symbol == "/": return .missing
    case (.date, .missing) where symbol == "-", (.datetime, .missing) where symbol == "-": return .missing
    case (.missing, .int), (.missing, .float):
      return symbol == "*" || symbol == "/" ? .missing : arithmeticType(symbol, right, right)
    case (.int, .missing), (.float, .missing):
      return symbol == "*" ? .missing : arithmeticType(symbol, left, left)
    case (.missing, .duration) where symbol == "*", (.duration, .missing) where symbol == "*":
      return .duration
    case (.missing, let other):
      // A time is subtracted from a time; everything else stands beside its like or a duration.
      let partner: DataType = other.isTime ? (symbol == "-" ? other : .duration) : other
      return arithmeticType(symbol, partner, other)
    case (let other, .missing): return arithmeticType(symbol, other, other.isTime ? .duration : other)
    case (.int, .int): return symbol == "/" || symbol == "^" ? .float : .int
    case (.int, .float), (.float, .int), (.float, .float): return .float
    case (.duration, .duration):
      switch symbol {
      case "+", "-", "%": return .duration
      case "/": return .float
      case "//": return .int
      default: return nil
      }
    case (.duration, .int), (.duration, .float): return symbol == "*" || symbol == "/" ? .duration : nil
    case (.int, .duration), (.float, .duration): return symbol == "*" ? .duration : nil
    case (.date, .duration), (.datetime, .duration): return isSum ? .datetime : nil
    case (.duration, .date), (.duration, .datetime): return symbol == "+" ? .datetime : nil
    case (.date, .date), (.date, .datetime), (.datetime, .date), (.datetime, .datetime):
      return symbol == "-" ? .duration : nil
    default: return nil
    }
  }

  // MARK: Loops

  private static func arithmetic(
    _ arguments: [Datum], _ rows: Int,
    _ body: (_ left: Datum, _ right: Datum, _ rows: Int) throws(KernelFault) -> Column
  ) throws(KernelFault) -> Datum {
    try folding(arguments, rows) { (arguments, rows) throws(KernelFault) in
      try body(arguments[0], arguments[1], rows)
    }
  }

  /// Int or float or duration: the operations that stay in their type.
  @inline(__always)
  private static func ring(
    _ left: Datum, _ right: Datum, _ rows: Int, _ state: CallState, _ symbol: String,
    _ integers: (Int64, Int64) -> (partialValue: Int64, overflow: Bool), _ doubles: (Double, Double) -> Double
  ) throws(KernelFault) -> Column {
    let known = validity(of: [left, right], rows: rows)
    if left.type == .float || right.type == .float {
      return floats(combine(left.doubles, right.doubles, rows, doubles), known, state)
    }
    let isDuration = left.type == .duration || right.type == .duration
    let values = try checked(
      left.integers, right.integers, rows, known, symbol, unit: isDuration ? .duration : .int, integers)
    return isDuration ? .duration(values, validity: known) : .int(values, validity: known)
  }

  /// Int results; the first known row that does not fit is a fault.
  @inline(__always)
  private static func checked(
    _ left: Operand<Int64>, _ right: Operand<Int64>, _ rows: Int, _ known: Bitmap?, _ symbol: String,
    unit: DataType, _ body: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) throws(KernelFault) -> Buffer<Int64> {
    var overflows: UInt64 = 0
    let values = combine(left, right, rows) { x, y in
      let (value, overflow) = body(x, y)
      overflows |= overflow ? 1 : 0
      return value
    }
    if overflows == 0 { return values }
    for row in 0..<rows where known?[row] ?? true {
      if body(left[row], right[row]).overflow {
        throw overflow(symbol, left[row], right[row], row, unit)
      }
    }
    return values
  }

  private static func overflow(
    _ symbol: String, _ left: Int64, _ right: Int64, _ row: Int, _ type: DataType
  ) -> KernelFault {
    if type != .int { return KernelFault("the duration does not fit (about 292,000 years)", row: row) }
    return KernelFault(
      "\(left) \(symbol) \(right) does not fit a whole number (64 bits)", row: row,
      help: ["float(…) around one side reaches further, rounded to about 15 digits"])
  }

  /// Floats with what is no finite number made missing and counted.
  static func floats(_ values: Buffer<Double>, _ known: Bitmap?, _ state: CallState) -> Column {
    let span = values.span
    var odd: UInt64 = 0
    for row in 0..<span.count { odd |= span[row].isFinite ? 0 : 1 }
    if odd == 0 { return .float(values, validity: known) }
    let bad = bits(values) { !$0.isFinite }
    state.add(undefined, Kernels.known(bad, known))
    return .float(values, validity: validity(known, without: bad))
  }

  /// The divisor as doubles and the rows in which the division exists; counts the zeros.
  private static func divisor(
    _ left: Datum, _ right: Datum, _ rows: Int, _ state: CallState
  ) -> (values: Operand<Double>, known: Bitmap?) {
    let known = validity(of: [left, right], rows: rows)
    let divisor = right.doubles
    switch divisor {
    case .constant(let value):
      if value != 0 || isAllMissing([right]) { return (divisor, known) }
      state.addDivisions(byZero: known?.ones ?? rows)
      return (divisor, Bitmap(repeating: false, count: rows))
    case .values(let values):
      let zeros = bits(values) { $0 == 0 }
      let count = Kernels.known(zeros, known)
      if count == 0 { return (divisor, known) }
      state.addDivisions(byZero: count)
      return (divisor, validity(known, without: zeros))
    }
  }

  /// A duration times a number, or a number times a duration.
  private static func scaled(_ left: Datum, _ right: Datum, _ rows: Int) throws(KernelFault) -> Column {
    let known = validity(of: [left, right], rows: rows)
    if left.type == .float || right.type == .float {
      return try durations(combine(left.doubles, right.doubles, rows) { $0 * $1 }, known, rows)
    }
    let values = try checked(left.integers, right.integers, rows, known, "*", unit: .duration) {
      $0.multipliedReportingOverflow(by: $1)
    }
    return .duration(values, validity: known)
  }

  /// Durations of so many microseconds, rounded.
  private static func durations(
    _ values: Buffer<Double>, _ known: Bitmap?, _ rows: Int
  ) throws(KernelFault) -> Column {
    let bad = bits(values) { !($0.magnitude < 9.2e18) }
    if known.map({ $0.and(bad) })?.ones ?? bad.ones > 0 {
      let row = (0..<rows).first { bad[$0] && known?[$0] ?? true }
      throw overflow("*", 0, 0, row ?? 0, .duration)
    }
    let rounded: Buffer<Int64> = map(values) { $0.magnitude < 9.2e18 ? Int64($0.rounded()) : 0 }
    return .duration(rounded, validity: known)
  }

  /// A date or datetime some time later (or earlier): a datetime that keeps the offset as written.
  private static func shifted(
    _ time: Datum, by duration: Datum, sign: Int64, _ rows: Int
  ) throws(KernelFault) -> Column {
    let known = validity(of: [time, duration], rows: rows)
    let instants = time.type == .date ? time.localMicroseconds : time.integers
    let symbol = sign > 0 ? "+" : "-"
    let values = try checked(instants, duration.integers, rows, known, symbol, unit: .datetime) {
      sign > 0 ? $0.addingReportingOverflow($1) : $0.subtractingReportingOverflow($1)
    }
    let offsets = offsets(of: time, rows)
    try requireCalendar(values, known, offsets)
    return .datetime(values, offsets: offsets, validity: known)
  }

  /// The offsets that the results made of this datetime keep.
  static func offsets(of time: Datum, _ rows: Int) -> Buffer<Int16>? {
    switch time {
    case .column(let column): column.writtenOffsets
    case .constant(.datetime(_, let offset?), _): Buffer(repeating: offset, count: rows)
    case .constant: nil
    }
  }

  /// Instants must stay within the years 1 to 9999 on the clock as written.
  static func requireCalendar(
    _ instants: Buffer<Int64>, _ known: Bitmap?, _ offsets: Buffer<Int16>?
  ) throws(KernelFault) {
    let values = Column.datetime(instants, offsets: offsets).localMicroseconds
    let calendar = Calendar.instants
    let bad = bits(values) { $0 < calendar.lowerBound || $0 >= calendar.upperBound }
    if Kernels.known(bad, known) == 0 { return }
    let row = (0..<values.count).first { bad[$0] && known?[$0] ?? true }
    throw KernelFault("the time lies outside the years 1 to 9999", row: row)
  }

  /// The time between two times. A date beside a datetime is the midnight of that day on the same clock.
  private static func distance(
    _ left: Datum, _ right: Datum, _ rows: Int, _ state: CallState
  ) throws(KernelFault) -> Column {
    let known = validity(of: [left, right], rows: rows)
    let bothInstants = left.type == .datetime && right.type == .datetime
    if bothInstants { noteOffsets(left, right, rows, state) }
    let values = try checked(
      bothInstants ? left.integers : left.localMicroseconds,
      bothInstants ? right.integers : right.localMicroseconds, rows, known, "-", unit: .duration
    ) { $0.subtractingReportingOverflow($1) }
    return .duration(values, validity: known)
  }
}
