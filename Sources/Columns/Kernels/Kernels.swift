/// What functions and operators do to whole columns. A kernel takes its arguments as `Datum`s, so that a constant
/// is never spelled out; arguments that are all constant give a constant.
package enum Kernels {}

/// An argument of a typed loop: values in a row, or one for all rows.
enum Operand<Element: BitwiseCopyable> {
  case values(Buffer<Element>)
  case constant(Element)

  subscript(row: Int) -> Element {
    switch self {
    case .values(let values): values[row]
    case .constant(let value): value
    }
  }
}

extension Kernels {
  /// Runs a kernel once on one row when all arguments are constant, otherwise on the batch.
  static func folding(
    _ arguments: [Datum], _ rows: Int,
    _ body: (_ arguments: [Datum], _ rows: Int) throws(KernelFault) -> Column
  ) throws(KernelFault) -> Datum {
    guard arguments.allSatisfy({ $0.constant != nil }) else { return .column(try body(arguments, rows)) }
    do throws(KernelFault) {
      let column = try body(arguments.map { .column($0.column(rows: 1)) }, 1)
      return .constant(column.value(0), column.type)
    } catch {
      // One row that stands for all: no row is to blame.
      throw KernelFault(error.message, help: error.help)
    }
  }

  /// Whether one of the arguments is missing in every row.
  static func isAllMissing(_ arguments: [Datum]) -> Bool {
    arguments.contains { argument in
      switch argument {
      case .constant(let value, _): value.isMissing
      case .column(let column): if case .missing = column.storage { true } else { false }
      }
    }
  }

  /// Missing in every row, as a constant when all arguments are.
  static func allMissing(_ arguments: [Datum], _ rows: Int, _ type: DataType) -> Datum {
    if arguments.allSatisfy({ $0.constant != nil }) { return .constant(.missing, type) }
    return .column(.missing(count: rows, type: type))
  }

  /// Rows in which every argument is known; nil when that is all of them.
  static func validity(of arguments: [Datum], rows: Int) -> Bitmap? {
    var result: Bitmap?
    for argument in arguments {
      switch argument {
      case .constant(let value, _):
        if value.isMissing { return Bitmap(repeating: false, count: rows) }
      case .column(let column):
        if case .missing = column.storage { return Bitmap(repeating: false, count: rows) }
        guard let known = column.validity else { continue }
        result = result.map { $0.and(known) } ?? known
      }
    }
    return result
  }

  /// The same without the rows of `bad`; nil stays nil when there are none.
  static func validity(_ validity: Bitmap?, without bad: Bitmap) -> Bitmap? {
    if let validity { return validity.subtracting(bad) }
    return bad.ones == 0 ? nil : bad.inverted
  }

  /// Known rows among those of `bits`.
  static func known(_ bits: Bitmap, _ validity: Bitmap?) -> Int {
    validity.map { $0.and(bits).ones } ?? bits.ones
  }

  /// One result a row from two operands.
  @inline(__always)
  static func combine<A, B, Result: BitwiseCopyable>(
    _ left: Operand<A>, _ right: Operand<B>, _ rows: Int, _ body: (A, B) -> Result
  ) -> Buffer<Result> {
    var result = MutableBuffer<Result>(count: rows)
    var target = result.mutableSpan
    switch (left, right) {
    case (.values(let first), .values(let second)):
      let x = first.span
      let y = second.span
      for row in 0..<rows { target[row] = body(x[row], y[row]) }
    case (.values(let first), .constant(let y)):
      let x = first.span
      for row in 0..<rows { target[row] = body(x[row], y) }
    case (.constant(let x), .values(let second)):
      let y = second.span
      for row in 0..<rows { target[row] = body(x, y[row]) }
    case (.constant(let x), .constant(let y)):
      let value = body(x, y)
      for row in 0..<rows { target[row] = value }
    }
    return result.freeze()
  }

  /// One result a row from one buffer.
  @inline(__always)
  static func map<A, Result: BitwiseCopyable>(_ values: Buffer<A>, _ body: (A) -> Result) -> Buffer<Result> {
    var result = MutableBuffer<Result>(count: values.count)
    var target = result.mutableSpan
    let source = values.span
    for row in 0..<source.count { target[row] = body(source[row]) }
    return result.freeze()
  }

  /// One bit a row, 64 rows a word, without branches.
  @inline(__always)
  static func bits<A>(_ values: Buffer<A>, _ test: (A) -> Bool) -> Bitmap {
    let source = values.span
    return bits(rows: source.count) { row in test(source[row]) }
  }

  /// One bit a row of two operands.
  @inline(__always)
  static func bits<A, B>(
    _ left: Operand<A>, _ right: Operand<B>, _ rows: Int, _ test: (A, B) -> Bool
  ) -> Bitmap {
    switch (left, right) {
    case (.values(let first), .values(let second)):
      let x = first.span
      let y = second.span
      return bits(rows: rows) { row in test(x[row], y[row]) }
    case (.values(let first), .constant(let y)):
      let x = first.span
      return bits(rows: rows) { row in test(x[row], y) }
    case (.constant(let x), .values(let second)):
      let y = second.span
      return bits(rows: rows) { row in test(x, y[row]) }
    case (.constant(let x), .constant(let y)):
      return Bitmap(repeating: test(x, y), count: rows)
    }
  }

  @inline(__always)
  static func bits(rows: Int, _ test: (Int) -> Bool) -> Bitmap {
    var result = MutableBuffer<UInt64>(count: (rows + 63) >> 6)
    var target = result.mutableSpan
    let full = rows >> 6
    for wordIndex in 0..<full {
      let base = wordIndex << 6
      var word: UInt64 = 0
      for bit in 0..<64 { word |= (test(base &+ bit) ? 1 : 0) << UInt64(truncatingIfNeeded: bit) }
      target[wordIndex] = word
    }
    if rows & 63 > 0 {
      var word: UInt64 = 0
      for row in full << 6..<rows { word |= (test(row) ? 1 : 0) << UInt64(row & 63) }
      target[full] = word
    }
    return Bitmap(words: result.freeze(), count: rows)
  }
}

extension Datum {
  /// Ints, durations and datetimes as 64-bit numbers, days of a date as they are.
  var integers: Operand<Int64> {
    switch self {
    case .column(let column): return .values(column.int64Values)
    case .constant(let value, _):
      switch value {
      case .int(let number), .duration(let number), .datetime(let number, _): return .constant(number)
      case .date(let days): return .constant(Int64(days))
      default: return .constant(0)
      }
    }
  }

  /// Numbers and durations as doubles.
  var doubles: Operand<Double> {
    switch self {
    case .column(let column): return .values(column.floatValues)
    case .constant(.duration(let value), _): return .constant(Double(value))
    case .constant(let value, _): return .constant(value.number ?? 0)
    }
  }

  /// Whether it holds whole numbers that no float is.
  var roundsAsFloats: Bool {
    switch self {
    case .column(let column): column.roundedAsFloats > 0
    case .constant: isRounded(0)
    }
  }

  /// Whether a row is a whole number that no float is.
  func isRounded(_ row: Int) -> Bool {
    guard case .int(let whole) = value(row), whole.magnitude > 1 << 53 else { return false }
    return Int64(exactly: Double(whole)) != whole
  }

  /// Days since 1970-01-01 of a date, or of the calendar day that a datetime has as written.
  var calendarDays: Operand<Int32> {
    switch self {
    case .column(let column): return .values(column.calendarDays)
    case .constant(.date(let days), _): return .constant(days)
    case .constant(.datetime(let instant, let offset), _):
      let local = instant &+ Int64(offset ?? 0) &* Calendar.microsecondsPerMinute
      return .constant(Calendar.days(ofMicroseconds: local))
    case .constant: return .constant(0)
    }
  }

  /// Microseconds since 1970-01-01T00:00 on the clock as written; a date is its midnight.
  var localMicroseconds: Operand<Int64> {
    switch self {
    case .column(let column): return .values(column.localMicroseconds)
    case .constant(.date(let days), _): return .constant(Int64(days) &* Calendar.microsecondsPerDay)
    case .constant(.datetime(let instant, let offset), _):
      return .constant(instant &+ Int64(offset ?? 0) &* Calendar.microsecondsPerMinute)
    case .constant: return .constant(0)
    }
  }
}

extension Column {
  /// Days since 1970-01-01 of dates, or of the calendar days that datetimes have as written.
  var calendarDays: Buffer<Int32> {
    switch storage {
    case .date(let values): values
    case .datetime: Kernels.map(localMicroseconds) { Calendar.days(ofMicroseconds: $0) }
    default: Buffer(repeating: 0, count: count)
    }
  }

  /// Microseconds since 1970-01-01T00:00 on the clock as written; a date is its midnight.
  var localMicroseconds: Buffer<Int64> {
    switch storage {
    case .date(let values): return Kernels.map(values) { Int64($0) &* Calendar.microsecondsPerDay }
    case .datetime(let values, nil): return values
    case .datetime(let values, let offsets?):
      return Kernels.combine(.values(values), .values(offsets), count) {
        $0 &+ Int64($1) &* Calendar.microsecondsPerMinute
      }
    default: return Buffer(repeating: 0, count: count)
    }
  }

  /// The offsets of a datetime column as written in the data.
  var writtenOffsets: Buffer<Int16>? {
    if case .datetime(_, let offsets) = storage { offsets } else { nil }
  }
}
